//go:build unix

package consensus_test

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// writer is a client that puts one value after the other.
type writer struct {
	servers int
	asked   uint64
	at      sim.NodeID
}

func (c *writer) Init(env *sim.Env) { c.ask(env) }

func (c *writer) ask(env *sim.Env) {
	env.Send(c.at, kv.Request{ID: c.asked + 1, Op: kv.Op{Kind: kv.Put, Key: "key", Value: "value"}})
	env.After(time.Second, c.asked)
}

func (c *writer) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	switch r := m.(kv.Reply); {
	case r.ID != c.asked+1:
	case r.Status == kv.OK:
		c.asked++
		c.ask(env)
	case r.Leader >= 0 && r.Leader != c.at:
		c.at = r.Leader
		c.ask(env)
	}
}

func (c *writer) Timeout(env *sim.Env, tag any) {
	if tag.(uint64) == c.asked {
		c.at = (c.at + 1) % sim.NodeID(c.servers)
		c.ask(env)
	}
}

// steady is five servers and eight writers for ten seconds.
func steady(b *testing.B, im implementation, ps ...sim.Property) sim.Config {
	const servers = 5
	make := im.make(b, timing{servers: servers, min: 150 * ms, beat: 50 * ms, tick: 50 * ms})
	return sim.Config{Seed: 1, Nodes: servers + 8, Until: sim.Time(10 * time.Second), Network: uniform{ms, 2 * ms}, Properties: ps,
		New: func(id sim.NodeID) sim.Process {
			if id < servers {
				return make(id)
			}
			return &writer{servers: servers}
		}}
}

func benchmarkDelivered(b *testing.B, im implementation, ps ...sim.Property) {
	cfg := steady(b, im, ps...)
	count := &sent{servers: 5}
	counted := cfg
	counted.Observers = []sim.Observer{count}
	run := func(cfg sim.Config) {
		w, err := sim.New(cfg)
		require.NoError(b, err)
		require.NoError(b, w.Run().Err)
	}
	run(counted)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu := busy(b)
	for b.Loop() {
		run(cfg)
	}
	cpu = busy(b) - cpu
	runtime.ReadMemStats(&after)
	messages := float64(b.N) * float64(count.n)
	b.ReportMetric(float64(cpu.Nanoseconds())/messages, "cpu-ns/message")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/messages, "ns/message")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/messages, "allocs/message")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/messages, "B/message")
	b.ReportMetric(float64(count.n), "messages/run")
	b.ReportMetric(0, "ns/op")
}

// busy is the processor time of this process, which does not depend on what else the machine does.
func busy(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The cost of one message between servers, all told: sending, delivery, the handler, its share of timers and of clients.
func BenchmarkDelivered(b *testing.B) {
	for _, im := range implementations {
		b.Run(im.name, func(b *testing.B) { benchmarkDelivered(b, im) })
	}
}

// The same with all claims checked.
func BenchmarkJudged(b *testing.B) {
	for _, im := range implementations {
		b.Run(im.name, func(b *testing.B) { benchmarkDelivered(b, im, consensus.Properties(5)...) })
	}
}
