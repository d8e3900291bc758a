package protocols_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// silent is a process that does nothing.
type silent struct{}

func (silent) Init(*sim.Env)                             {}
func (silent) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (silent) Timeout(*sim.Env, any)                     {}

// built returns a protocol with its defaults as set changes them.
func built(t *testing.T, name string, nodes int, set func(params any)) protocols.Instance {
	t.Helper()
	e := find(t, name)
	params := e.Params()
	set(params)
	in, err := e.Build(params, nodes)
	require.NoError(t, err)
	return in
}

// valuesAt runs a world until a time and returns the values of its measures.
func valuesAt(t *testing.T, w *sim.World, in protocols.Instance, until time.Duration) map[string]float64 {
	t.Helper()
	require.NoError(t, w.RunUntil(sim.Time(until)))
	values := map[string]float64{}
	for _, m := range in.Measures(w.View()) {
		values[m.Name] = m.Value
	}
	return values
}

// Three clients in step, over hops of 10 ms, make 3 + 2 + 1 calls, half of them in vain, and are done after three times
// four hops. Before that it is not known how long it takes.
func TestMeasuresOfContention(t *testing.T) {
	in := built(t, "contention", 4, func(p any) { p.(*protocols.ContentionParams).Policy = "none" })
	w, err := sim.New(sim.Config{Nodes: 4, New: in.New, Network: sim.ConstantDelay(10 * time.Millisecond)})
	require.NoError(t, err)
	defer w.Close()
	early := valuesAt(t, w, in, 119*time.Millisecond)
	require.True(t, math.IsNaN(early["completion time"]))
	require.True(t, math.IsNaN(early["calls in vain"]))
	require.Equal(t, map[string]float64{"completion time": 120, "calls": 6, "calls per client": 2, "calls in vain": 0.5}, valuesAt(t, w, in, time.Second))
}

// Of four requests that come at once two are served for 10 ms each by two workers, one waits for that long and is served
// too, and one is refused.
func TestMeasuresOfOverload(t *testing.T) {
	in := built(t, "overload", 1, func(p any) {
		o := p.(*protocols.OverloadParams)
		o.Law, o.Workers, o.Queue = "constant", 2, 1
	})
	w, err := sim.New(sim.Config{Nodes: 2, Network: sim.ConstantDelay(0), New: func(id sim.NodeID) sim.Process {
		if id == 0 {
			return in.New(0)
		}
		return silent{}
	}})
	require.NoError(t, err)
	defer w.Close()
	require.NoError(t, w.RunUntil(0))
	for id := range uint64(4) {
		require.NoError(t, w.Inject(1, 0, kv.Request{ID: id + 1}))
	}
	require.Equal(t, map[string]float64{
		"requests": 4, "requests refused": 1, "requests thrown away": 0, "utilisation": 30. / 100 / 2, "queue length": 10. / 100,
		"wait for service": 10. / 3, "work in vain": 1,
	}, valuesAt(t, w, in, 100*time.Millisecond))
}

// One of two nodes tells the other in the first round, and is told in turn in the second; then both have lost interest.
func TestMeasuresOfGossip(t *testing.T) {
	in := built(t, "gossip", 2, func(p any) {
		g := p.(*protocols.GossipParams)
		g.Stop, g.Round = "blind-counter", time.Second
	})
	w, err := sim.New(sim.Config{Nodes: 2, New: in.New, Network: sim.ConstantDelay(10 * time.Millisecond)})
	require.NoError(t, err)
	defer w.Close()
	early := valuesAt(t, w, in, 9*time.Millisecond)
	require.True(t, math.IsNaN(early["rounds until all know"]))
	require.Equal(t, 0.5, early["residue"])
	require.Equal(t, map[string]float64{
		"rounds until all know": 1, "rounds until half know": 0, "messages": 1, "messages per node": 0.5, "rumour told per node": 0.5, "hops": 0.5, "residue": 0,
	}, valuesAt(t, w, in, 500*time.Millisecond))
	require.Equal(t, 2.0, valuesAt(t, w, in, time.Minute)["messages"], "the other tells once too")
}
