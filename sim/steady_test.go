package sim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// steady is a process that does, for ever, what the engine does without allocation: words, timers that are reset,
// cancelled and set, notes of constants, random draws, peers.
type steady struct {
	timeout, other sim.Timer
}

func (p *steady) Init(env *sim.Env) {
	p.timeout = env.After(3*unit, "timeout")
	p.ReceiveWords(env, 0, sim.Words{})
}

func (p *steady) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (p *steady) ReceiveWords(env *sim.Env, _ sim.NodeID, w sim.Words) {
	env.Reset(p.timeout, unit*time.Duration(env.Rand().IntN(4)))
	env.Cancel(p.other)
	p.other = env.After(2*unit, "other")
	env.Note("constant")
	peers := env.Peers()
	env.SendWords(peers[env.Rand().IntN(len(peers))], sim.Words{A: w.A + 1})
}

func (p *steady) Timeout(env *sim.Env, tag any) {
	if tag == "timeout" {
		p.timeout = env.After(3*unit, tag)
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	for _, radix := range []bool{false, true} {
		w := newWorld(t, sim.Config{Nodes: 50, New: func(sim.NodeID) sim.Process { return &steady{} }, Network: lossy{max: 5, noise: true}})
		if radix {
			sim.UseRadix(w)
		}
		w.Steps(100_000)
		slots := sim.PendingSlots(w)
		require.Zero(t, testing.AllocsPerRun(20, func() { w.Steps(5_000) }), "radix heap: %v", radix)
		require.NoError(t, w.Err())
		require.Equal(t, slots, sim.PendingSlots(w), "as many events as messages and timers pend")
	}
}
