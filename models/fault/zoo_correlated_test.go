package fault_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/sim"
)

// prober is n0, which asks two replicas twice a second, and notes when neither has answered.
type prober struct {
	Replicas [2]sim.NodeID
	heard    bool
}

func (p *prober) Clone() sim.Process { c := *p; return &c }
func (p *prober) Init(env *sim.Env) {
	p.heard = true
	if env.ID() == 0 {
		env.After(500*time.Millisecond, nil)
	}
}
func (p *prober) Timeout(env *sim.Env, _ any) {
	env.After(500*time.Millisecond, nil)
	if !p.heard {
		env.Note("dark")
	}
	p.heard = false
	for _, r := range p.Replicas {
		env.Send(r, "ask")
	}
}
func (p *prober) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if m == "ask" {
		env.Send(from, "yes")
		return
	}
	p.heard = true
}

func neverDark(s *story) bool { return s.count("dark", 0, sim.Never) == 0 }

// Correlated: a shock takes all of a zone down at once. Two replicas in one zone are no better than one; in two zones, of
// which one fails at a time, they are.
func TestCorrelated(t *testing.T) {
	const until = 300_000 // ms
	model := fault.Model{Until: ms(until), Budget: fault.Budget{F: 2}, Laws: []fault.Law{fault.Tree{
		Places: []string{"a", "b", "b", "c"},
		Levels: []fault.Level{{Name: "zone", Up: dist.Uniform{Lo: 60e9, Hi: 140e9}, Down: dist.Uniform{Lo: 2e9, Hi: 3e9}}},
	}}}
	plan, err := model.Draw(1, 4)
	require.NoError(t, err)
	down := plan.Intervals(4, ms(until))
	require.NotEmpty(t, down.Of(1))
	require.Equal(t, down.Of(1), down.Of(2), "one zone, one fate")
	require.NotEqual(t, down.Of(1), down.Of(3))

	spread := down.Outages(4, ms(until), func(up []bool) bool { return up[1] || up[3] })
	require.Empty(t, spread, "no two zones at once")

	x := trial{nodes: 4, until: until, faults: plan.Schedule(), claim: neverDark}
	x.breaks(t, &prober{Replicas: [2]sim.NodeID{1, 2}})
	x.survives(t, &prober{Replicas: [2]sim.NodeID{1, 3}})
}
