package overload_test

import (
	"flag"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/workload"
	"lightcone/protocols/kv"
	"lightcone/protocols/overload"
	"lightcone/sim"
)

var customers = flag.Int("overload.customers", 2000, "how many customers come in each of the 50 batches of TestQueues")

const ms = time.Millisecond

// gets is a workload of gets.
type gets struct{ workload.Workload }

func (g gets) Next(n uint64, r *sim.Rand) (kv.Ask, bool) {
	a, ok := g.Workload.Next(n, r)
	return kv.Ask{Wait: a.Wait, Open: a.Open, Kind: kv.Get, Key: "k"}, ok
}

// poisson asks so often in a second.
func poisson(rate float64) gets {
	return gets{workload.Workload{Arrivals: workload.Poisson(rate), Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Get: 1}}}
}

// config is a server on node 0, and clients.
func config(c overload.Config, clients int, client kv.ClientConfig, delay time.Duration) sim.Config {
	client.Servers = 1
	return sim.Config{
		Nodes: 1 + clients,
		New: func(id sim.NodeID) sim.Process {
			if id == 0 {
				return overload.New(c, kv.ServerConfig{Snapshot: 1000})
			}
			return kv.NewClient(client)
		},
		Network:    sim.ConstantDelay(delay),
		Properties: c.Properties(),
	}
}

// batches are means of one quantity over equal stretches of a run.
type batches []float64

func (b batches) mean() float64 {
	sum := 0.0
	for _, x := range b {
		sum += x
	}
	return sum / float64(len(b))
}

func (b batches) error() float64 {
	squares := 0.0
	for _, x := range b {
		squares += (x - b.mean()) * (x - b.mean())
	}
	n := float64(len(b))
	return math.Sqrt(squares / (n - 1) / n)
}

// The means of queues that are known in closed form, in units of the service time (Kleinrock 1975): M/M/c by Erlang's C, M/D/1
// by Pollaczek and Khinchine. Each is met within four standard errors, by batch means; and Little's law, that the number of
// those who wait is the rate at which they come times how long they wait, within what waits from one batch to the next.
func TestQueues(t *testing.T) {
	for _, c := range []struct {
		law     overload.Law
		workers int
		rate    float64 // in a service time
		wait    float64
	}{
		{overload.Exponential, 1, 0.8, 4},
		{overload.Exponential, 1, 0.5, 1},
		{overload.Exponential, 3, 2.4, 1.0787},
		{overload.Constant, 1, 0.8, 2},
		{overload.Constant, 1, 0.5, 0.5},
	} {
		t.Run(fmt.Sprintf("%s %d %v", c.law, c.workers, c.rate), func(t *testing.T) {
			const service = ms
			cfg := config(overload.Config{Service: service, Law: c.law, Workers: c.workers}, 1,
				kv.ClientConfig{Workload: poisson(c.rate * 1000), Timeout: time.Hour}, 0)
			cfg.Seed, cfg.Properties = 1, nil
			w, err := sim.New(cfg)
			require.NoError(t, err)
			server := func() overload.Counts { return w.View().Process(0).(*overload.Server).Counts }
			client := func() *kv.Client { return w.View().Process(1).(*kv.Client) }
			stretch := time.Duration(float64(*customers) / c.rate * float64(service))
			var wait, length, utilisation, tail batches
			last, latencies := overload.Counts{}, 0
			for i := range 51 {
				require.NoError(t, w.RunUntil(sim.Time(i+1)*sim.Time(stretch)))
				n := server()
				if i > 0 { // the first begins with an empty queue
					wait = append(wait, float64(n.Waited-last.Waited)/float64(service)/float64(n.Began-last.Began))
					length = append(length, float64(n.Area-last.Area)/float64(stretch))
					utilisation = append(utilisation, float64(n.Worked-last.Worked)/float64(stretch)/float64(c.workers))
					slow := 0
					for _, d := range client().Latencies[latencies:] {
						if d.Seconds()*1000 > 23.026 {
							slow++
						}
					}
					tail = append(tail, float64(slow)/float64(len(client().Latencies)-latencies))
				}
				last, latencies = n, len(client().Latencies)
			}
			t.Logf("wait %.4f ± %.4f, want %.4f; length %.4f ± %.4f; utilisation %.4f", wait.mean(), wait.error(), c.wait, length.mean(), length.error(), utilisation.mean())
			require.InDelta(t, c.wait, wait.mean(), 4*wait.error())
			require.InDelta(t, c.rate*c.wait, length.mean(), 4*length.error())
			require.InDelta(t, c.rate/float64(c.workers), utilisation.mean(), 4*utilisation.error())
			require.InEpsilon(t, c.rate*wait.mean(), length.mean(), 0.02, "Little's law")
			if c.wait == 4 {
				require.InDelta(t, 0.01, tail.mean(), 4*tail.error(), "the 99th percentile of M/M/1 is 23.026")
			}
		})
	}
}

// Service times of the exponential law: the distance to it (Kolmogorov's) is one that has probability 0.001 if they are.
func TestServiceTimes(t *testing.T) {
	require.Less(t, overload.DistanceToExponential(20_000), 1.95/math.Sqrt(20_000))
}
