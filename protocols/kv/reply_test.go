package kv_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// echo is a server that answers every request at once.
type echo struct{}

func (echo) Init(*sim.Env)         {}
func (echo) Timeout(*sim.Env, any) {}
func (echo) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	env.Send(from, kv.Reply{ID: m.(kv.Request).ID})
}

// lossy loses a share of all messages and delivers the others after 10 ms.
type lossy float64

func (p lossy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(float64(p)) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	return append(dst, sim.Copy{Delay: 10 * ms})
}

// tail delivers a share of all replies after a second, and everything else after 5 ms.
type tail struct {
	share   float64
	servers sim.NodeID
}

func (n tail) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	if p.From < n.servers && r.Bool(n.share) {
		return append(dst, sim.Copy{Delay: time.Second})
	}
	return append(dst, sim.Copy{Delay: 5 * ms})
}

// trials is how often something random is tried: the intervals that are asked for widen with fewer.
func trials(n int) int {
	if testing.Short() {
		return n / 8
	}
	return n
}

// ask runs one client against servers that answer at once, and returns it.
func ask(t *testing.T, network sim.Network, cfg kv.ClientConfig) *kv.Client {
	t.Helper()
	require.NoError(t, cfg.Validate())
	w, err := sim.New(sim.Config{Seed: 1, Nodes: cfg.Servers + 1, Network: network, New: func(id sim.NodeID) sim.Process {
		if int(id) < cfg.Servers {
			return echo{}
		}
		return kv.NewClient(cfg)
	}})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return w.View().Process(sim.NodeID(cfg.Servers)).(*kv.Client)
}

// A reply comes if neither request nor reply is lost, q = (1-p)^2; the number of attempts until then is geometric: mean
// 1/q, variance (1-q)/q^2.
func TestAttemptsUntilAReply(t *testing.T) {
	for _, p := range []float64{0, 0.05, 0.2, 0.5} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			n := trials(20_000)
			c := ask(t, lossy(p), kv.ClientConfig{Servers: 3, Timeout: 25 * ms, Retry: kv.Fixed{}, Workload: kv.Plain{Ops: n, Keys: 1, Gets: 1}})
			require.Equal(t, n, c.Counts.OK)
			q := (1 - p) * (1 - p)
			require.InDelta(t, 1/q, float64(c.Counts.Attempts)/float64(n), 4*math.Sqrt((1-q)/(q*q)/float64(n)))
		})
	}
}

// A hedged read is slow only if both servers are: p^2 instead of p, for p more requests (Dean and Barroso, The Tail at
// Scale, CACM 56(2), 2013).
func TestHedgesCutTheTail(t *testing.T) {
	const p = 0.05
	n := trials(50_000)
	cfg := kv.ClientConfig{Servers: 3, Timeout: 10 * time.Second, Workload: kv.Plain{Ops: n, Keys: 1, Gets: 1}}
	slow := func(c *kv.Client) (share float64) {
		for _, d := range c.Latencies {
			if d >= time.Second {
				share += 1 / float64(n)
			}
		}
		return share
	}
	within := func(want, got float64) {
		t.Helper()
		require.InDelta(t, want, got, 4*math.Sqrt(want*(1-want)/float64(n)))
	}
	within(p, slow(ask(t, tail{p, 3}, cfg)))
	cfg.Hedge = 20 * ms
	c := ask(t, tail{p, 3}, cfg)
	within(p*p, slow(c))
	within(p, float64(c.Counts.Hedges)/float64(n))
}

// fan is a process that asks all others the same, again and again, and waits for all of them.
type fan struct {
	ops, done, slow int
	asked           sim.Local
	missing         int
}

func (f *fan) Init(env *sim.Env) { f.ask(env) }
func (f *fan) ask(env *sim.Env) {
	if f.done == f.ops {
		return
	}
	f.asked, f.missing = env.Now(), len(env.Peers())
	env.Broadcast(kv.Request{ID: uint64(f.done)})
}
func (f *fan) Timeout(*sim.Env, any) {}
func (f *fan) Receive(env *sim.Env, _ sim.NodeID, _ sim.Message) {
	if f.missing--; f.missing > 0 {
		return
	}
	f.done++
	if env.Now().Sub(f.asked) >= time.Second {
		f.slow++
	}
	f.ask(env)
}

// Who waits for a hundred servers, each of which is slow once in a hundred times, waits 1 - 0.99^100 = 63.4 % of the times
// (ibid.).
func TestFanOut(t *testing.T) {
	const servers = 100
	n := trials(4000)
	f := &fan{ops: n}
	w, err := sim.New(sim.Config{Seed: 1, Nodes: servers + 1, Network: tail{0.01, servers}, New: func(id sim.NodeID) sim.Process {
		if id < servers {
			return echo{}
		}
		return f
	}})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	want := 1 - math.Pow(0.99, servers)
	require.InDelta(t, 0.6340, want, 1e-4)
	require.Equal(t, n, f.done)
	require.InDelta(t, want, float64(f.slow)/float64(n), 4*math.Sqrt(want*(1-want)/float64(n)))
}

// One operation of a client from the question to the answer: three handlers.
func BenchmarkOperation(b *testing.B) {
	w, err := sim.New(sim.Config{Seed: 1, Nodes: 2, Network: sim.ConstantDelay(ms), New: func(id sim.NodeID) sim.Process {
		if id == 0 {
			return echo{}
		}
		return kv.NewClient(kv.ClientConfig{Servers: 1, Timeout: 25 * ms, Retry: kv.Fixed{}, Workload: kv.Plain{Keys: 10, Think: ms, Gets: 1, Puts: 1}})
	}})
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		w.Steps(3) // the operation is due, the server has it, the client has the answer
	}
}
