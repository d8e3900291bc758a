package workload_test

import (
	"flag"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/workload"
	"lightcone/sim"
)

var queueCustomers = flag.Int("workload.customers", 200_000, "how many customers the queues of TestQueues serve")

// queue is a station: so many servers, one line, first come, first served. Its customers arrive as a workload says,
// which it plays itself; unit is the mean service time.
type queue struct {
	work    workload.Workload
	service dist.Dist
	servers int
	clients int // of a closed loop; 0: an open one

	drawn, arrived uint64
	line           []sim.Local // the arrivals of those who wait
	busy           int
	waited         []time.Duration // in the line
	stayed         []time.Duration
	left           sim.Local // of the last customer
}

type (
	comes struct{}
	goes  struct{ since sim.Local }
)

func (q *queue) Init(env *sim.Env) {
	for range max(1, q.clients) {
		q.next(env)
	}
}

func (q *queue) next(env *sim.Env) {
	if ask, ok := q.work.Next(q.drawn, env.Rand()); ok {
		q.drawn++
		env.After(ask.Wait, comes{})
	}
}

func (q *queue) Receive(*sim.Env, sim.NodeID, sim.Message) {}

func (q *queue) Timeout(env *sim.Env, tag any) {
	switch tag := tag.(type) {
	case comes:
		q.arrived++
		q.line = append(q.line, env.Now())
		if q.work.Arrivals != nil {
			q.next(env)
		}
	case goes:
		q.busy--
		q.left = env.Now()
		q.stayed = append(q.stayed, env.Now().Sub(tag.since))
		if q.work.Arrivals == nil {
			q.next(env)
		}
	}
	for ; q.busy < q.servers && len(q.line) > 0; q.line = q.line[1:] {
		q.busy++
		q.waited = append(q.waited, env.Now().Sub(q.line[0]))
		env.After(dist.Duration(q.service, env.Rand()), goes{q.line[0]})
	}
}

// present counts the customers at a station, and integrates that over time.
type present struct {
	n    float64
	area float64 // in units x customers
	last sim.Time
}

func (p *present) Wants(k sim.Kind) bool { return k == sim.Timeout }
func (p *present) Observe(e *sim.Event) {
	p.area += p.n * e.Time.Sub(p.last).Seconds()
	p.last = e.Time
	if _, ok := e.Value.(comes); ok {
		p.n++
	} else {
		p.n--
	}
}

func serve(t *testing.T, q *queue) (*queue, *present) {
	t.Helper()
	p := &present{}
	w, err := sim.New(sim.Config{Seed: 1, Nodes: 1, New: func(sim.NodeID) sim.Process { return q }, Observers: []sim.Observer{p}})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.Empty(t, q.line)
	require.Zero(t, p.n)
	return q, p
}

// mean returns the mean of durations in seconds, and its standard error by the method of batch means, which minds that
// customers that follow each other wait alike.
func mean(x []time.Duration) (m, standardError float64) {
	const batches = 50
	size := len(x) / batches
	var sum, squares float64
	for b := range batches {
		batch := 0.0
		for _, d := range x[b*size : (b+1)*size] {
			batch += d.Seconds()
		}
		batch /= float64(size)
		sum, squares = sum+batch, squares+batch*batch
	}
	m = sum / batches
	return m, math.Sqrt((squares/batches - m*m) / (batches - 1))
}

const unit = float64(time.Second) // the mean service time

var exponential, fixed = dist.Exponential{Mean: unit}, dist.Constant{Value: unit}

// erlangC is the probability of having to wait in M/M/c under offered load a.
func erlangC(c int, a float64) float64 {
	term, sum := 1.0, 0.0 // a^k/k!
	for k := range c {
		sum += term
		term *= a / float64(k+1)
	}
	last := term * float64(c) / (float64(c) - a)
	return last / (sum + last)
}

// The open queues, by their formulas (Kleinrock, Queueing Systems I, 1975, sections 3.2, 3.5 and 5.5), and Little's law.
func TestQueues(t *testing.T) {
	for name, c := range map[string]struct {
		rate    float64 // of arrivals; service takes 1
		servers int
		service dist.Dist
		wait    float64 // E[Wq]
	}{
		"M/M/1": {0.8, 1, exponential, 0.8 / (1 - 0.8)},
		"M/M/3": {2.4, 3, exponential, erlangC(3, 2.4) / (3 - 2.4)},
		"M/D/1": {0.8, 1, fixed, 0.8 / (2 * (1 - 0.8))},
	} {
		t.Run(name, func(t *testing.T) {
			n := *queueCustomers
			if testing.Short() {
				n /= 8
			}
			work := workload.Workload{Arrivals: workload.Poisson(c.rate), Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Get: 1}, Ops: uint64(n)}
			q, p := serve(t, &queue{work: work, service: c.service, servers: c.servers})
			wait, se := mean(q.waited)
			t.Logf("Wq = %.4f +- %.4f, want %.4f", wait, se, c.wait)
			require.InDelta(t, c.wait, wait, 4*se)
			require.Less(t, se, 0.1*c.wait, "too few customers to say anything")
			stay, se := mean(q.stayed)
			require.InDelta(t, c.wait+1, stay, 4*se)
			little(t, q, p)
		})
	}
}

// little checks that the mean number present is the rate of arrivals times the mean stay: exact, from an empty station
// to an empty station. Both sides are measured, one by the clock of the world, one customer by customer.
func little(t *testing.T, q *queue, p *present) {
	t.Helper()
	stays := 0.0
	for _, d := range q.stayed {
		stays += d.Seconds()
	}
	require.Len(t, q.stayed, int(q.arrived))
	require.InEpsilon(t, stays, p.area, 1e-9)
}

// The stay in M/M/1 is exponential with mean 1/(1-rho), so that one of a hundred stays longer than ln(100)/(1-rho) =
// 23.026 (Kleinrock, section 5.7).
func TestTailOfAQueue(t *testing.T) {
	n := *queueCustomers
	if testing.Short() {
		n /= 8
	}
	work := workload.Workload{Arrivals: workload.Poisson(0.8), Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Get: 1}, Ops: uint64(n)}
	q, _ := serve(t, &queue{work: work, service: exponential, servers: 1})
	limit := math.Log(100) / (1 - 0.8)
	require.InDelta(t, 23.026, limit, 0.001)
	longer := make([]time.Duration, len(q.stayed)) // 1 s if it is
	for i, d := range q.stayed {
		if d.Seconds() > limit {
			longer[i] = time.Second
		}
	}
	share, se := mean(longer)
	t.Logf("P(W > %.3f) = %.5f +- %.5f", limit, share, se)
	require.InDelta(t, 0.01, share, 4*se)
	require.Less(t, se, 0.005)
}

// A closed loop of n clients that think exponential times z on average (the machine repair model, Kleinrock, section
// 3.8) has throughput 1 - p0, p0 = 1/sum of n!/(n-k)! z^-k; and by the response time law clients stay n/X - z.
func TestClosedLoop(t *testing.T) {
	const clients, think = 10, 12.0
	n := *queueCustomers
	if testing.Short() {
		n /= 8
	}
	work := workload.Workload{Think: dist.Exponential{Mean: think * unit}, Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Get: 1}, Ops: uint64(n)}
	q, p := serve(t, &queue{work: work, service: exponential, servers: 1, clients: clients})
	term, sum := 1.0, 1.0
	for k := range clients {
		term *= float64(clients-k) / think
		sum += term
	}
	throughput := 1 - 1/sum
	require.InEpsilon(t, throughput, float64(n)/(float64(q.left)/1e9), 4/math.Sqrt(float64(n)))
	stay, se := mean(q.stayed)
	require.InDelta(t, clients/throughput-think, stay, 4*se)
	little(t, q, p)
}

// Bursts of the same rate wait longer. An interrupted Poisson process is a renewal process, so its queue is GI/M/1:
// E[Wq] = sigma/(1-sigma), where sigma = A(1-sigma) and A is the Laplace transform of a gap (Kleinrock, section 6.4).
func TestBurstsMakeQueues(t *testing.T) {
	bursts := workload.Bursts{Peak: 1.6, On: 5 * time.Second, Off: 5 * time.Second}
	require.Equal(t, 0.8, bursts.Rate())
	p, r1, r2 := hyperexponential(bursts)
	sigma := 0.0
	for range 10_000 {
		sigma = p*r1/(r1+1-sigma) + (1-p)*r2/(r2+1-sigma)
	}
	want := sigma / (1 - sigma)
	require.Greater(t, want, 2*4.0, "twice that of Poisson arrivals")

	n := *queueCustomers
	if testing.Short() {
		n /= 8
	}
	work := workload.Workload{Arrivals: bursts, Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Get: 1}, Ops: uint64(n)}
	q, present := serve(t, &queue{work: work, service: exponential, servers: 1})
	wait, se := mean(q.waited)
	t.Logf("Wq = %.4f +- %.4f, want %.4f", wait, se, want)
	require.InDelta(t, want, wait, 4*se)
	require.Less(t, se, 0.1*want)
	little(t, q, present)
}
