package sim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// slowing is a network, a disk and a clock whose every use makes the next slower: shared, it would tell.
type slowing struct{ used time.Duration }

func (c *slowing) next() time.Duration {
	c.used += time.Millisecond
	return c.used
}

func (c *slowing) Route(dst []sim.Copy, _ *sim.Packet, _ *sim.Rand) []sim.Copy {
	return append(dst, sim.Copy{Delay: c.next()})
}
func (c *slowing) Latency(sim.Time, sim.NodeID, string, any, *sim.Rand) time.Duration {
	return c.next()
}
func (c *slowing) Fate(sim.NodeID, string, any, *sim.Rand) sim.WriteFate { return sim.WriteGone }
func (c *slowing) CloneNetwork() sim.Network                             { d := *c; return &d }
func (c *slowing) CloneDisk() sim.Disk                                   { d := *c; return &d }

// persister persists and sends every 10 ms.
type persister struct{ n int }

func (w *persister) Init(env *sim.Env)                         { w.Timeout(env, nil) }
func (w *persister) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (w *persister) Clone() sim.Process                        { c := *w; return &c }
func (w *persister) Timeout(env *sim.Env, _ any) {
	w.n++
	env.Send(1-env.ID(), w.n)
	env.Persist("n", w.n)
	env.Send(1-env.ID(), -w.n)
	env.After(10*time.Millisecond, nil)
}

// One Config makes any number of worlds, and a world any number of forks: none sees what another did to a model.
func TestModelsWithStateAreCloned(t *testing.T) {
	cfg := sim.Config{
		Nodes: 2, Until: sim.Time(200 * time.Millisecond),
		New:     func(sim.NodeID) sim.Process { return &persister{} },
		Network: &slowing{}, Disk: &slowing{},
	}
	first := newWorld(t, cfg)
	require.NoError(t, first.RunUntil(sim.Time(50*time.Millisecond)))
	fork, err := first.Fork()
	require.NoError(t, err)
	want := first.Run().Digest
	require.Equal(t, want, fork.Run().Digest, "the fork")
	require.Equal(t, want, newWorld(t, cfg).Run().Digest, "a second world")
}
