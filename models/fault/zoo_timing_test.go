package fault_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// standby is a primary, n0, and its backup, n1, which takes over when it has heard nothing for a while or, Sure, when the
// primary is known to have crashed.
type standby struct {
	Patience time.Duration
	Sure     bool
	serving  bool
	heard    sim.Local
}

const tick = 100 * time.Millisecond

func (p *standby) Clone() sim.Process { c := *p; return &c }
func (p *standby) Init(env *sim.Env) {
	p.serving = env.ID() == 0
	p.heard = env.Now()
	env.After(tick, nil)
}
func (p *standby) Timeout(env *sim.Env, _ any) {
	env.After(tick, nil)
	gone := env.Now().Sub(p.heard) > p.Patience
	if p.Sure {
		gone = env.Failed(0)
	}
	if env.ID() == 1 && gone {
		p.serving = true
	}
	if p.serving {
		env.Note("serve")
		env.Broadcast("alive")
	}
}
func (p *standby) Receive(env *sim.Env, _ sim.NodeID, _ sim.Message) { p.heard = env.Now() }

// onePrimary: n0 does not serve once n1 does.
func onePrimary(s *story) bool {
	taken := false
	for _, x := range s.notes {
		if x.Node == 0 && taken {
			return false
		}
		taken = taken || x.Node == 1
	}
	return true
}

// takesOver: n1 serves after the crash of n0.
func takesOver(s *story) bool { return onePrimary(s) && s.notes[len(s.notes)-1].Node == 1 }

const impatient = 500 * time.Millisecond

// Timing: a node, its clock's timers or its messages are late, and nothing is lost. Who takes late for dead has two
// primaries. Fail-stop: a detector that is never wrong, of a node that is slow, paused or cut off, and that knows of a crash.
func TestTimingAndFailStop(t *testing.T) {
	slow := sim.Slow{Name: "x", Node: 0, Factor: 10, Work: tick}
	for name, c := range map[string]struct {
		begin, end sim.Action
		patience   time.Duration // that allows for it; 0: none does
	}{
		"slow":        {slow, sim.Heal{Name: "x"}, 3 * time.Second},
		"pause":       {sim.Pause{Node: 0}, sim.Resume{Node: 0}, 3 * time.Second},
		"delay burst": {sim.Disturb{Name: "x", Delay: 900 * time.Millisecond}, sim.Heal{Name: "x"}, 3 * time.Second},
		"partition":   {sim.Cut{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1}}, sim.Heal{Name: "x"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			x := trial{nodes: 2, until: 5000, faults: sim.Schedule{when(1000, c.begin), when(3000, c.end)}, failStop: &sim.FailStop{Within: tick}, claim: onePrimary}
			x.breaks(t, &standby{Patience: impatient})
			if c.patience > 0 {
				s := x.survives(t, &standby{Patience: c.patience})
				require.Empty(t, s.some(sim.Drop, sim.Nobody), "late is not lost")
			}
			s := x.survives(t, &standby{Sure: true})
			require.Zero(t, len(s.some(sim.Note, 1)), "the detector is never wrong")
		})
	}
	crash := trial{nodes: 2, until: 5000, faults: sim.Schedule{when(1000, sim.Crash{Node: 0})}, failStop: &sim.FailStop{Within: tick}, claim: takesOver}
	s := crash.survives(t, &standby{Sure: true})
	require.GreaterOrEqual(t, s.some(sim.Note, 1)[0].Time, ms(1100), "it knows Within after the crash, not before")
	require.LessOrEqual(t, s.some(sim.Note, 1)[0].Time, ms(1200))
}

// lease is a server, n1, that grants a lease to one client at a time, n0 and later n2, with a number that grows, and takes
// their writes.
type lease struct {
	Fence  bool          // the server refuses a write with an older number than one it has seen
	Wall   bool          // it goes by the wall clock
	Margin time.Duration // by how much sooner the client lets go of it

	token, seen int
	until       sim.Local
}

const term = time.Second

type (
	grant struct{ Token int }
	save  struct{ Token int }
)

func (p *lease) Clone() sim.Process { c := *p; return &c }
func (p *lease) clock(env *sim.Env) sim.Local {
	if p.Wall {
		return env.Wall()
	}
	return env.Now()
}
func (p *lease) Init(env *sim.Env) {
	if env.ID() != 1 {
		env.After(time.Duration(env.ID())*150*time.Millisecond+tick, "acquire")
	}
}
func (p *lease) Timeout(env *sim.Env, tag any) {
	switch tag {
	case "acquire":
		if p.token > 0 {
			return
		}
		env.Send(1, "acquire")
		if env.ID() == 0 {
			env.After(term-p.Margin, "release")
			return
		}
		env.After(5*time.Millisecond, "acquire")
	case "write":
		env.Send(1, save{p.token})
	case "release":
		env.Note("release")
	}
}
func (p *lease) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case string:
		if now := p.clock(env); now >= p.until {
			p.token++
			p.until = now + sim.Local(term)
			env.Send(from, grant{p.token})
		}
	case grant:
		p.token = m.Token
		env.Note("acquire")
		env.After(500*time.Millisecond, "write") // it has made sure that it holds the lease, and works
	case save:
		if !p.Fence || m.Token >= p.seen {
			p.seen = m.Token
			env.Note(m)
		}
	}
}

// A pause keeps a node's state, and runs nothing. Who made sure before it, and writes after it, overwrites another's.
func TestPause(t *testing.T) {
	x := trial{nodes: 3, until: 4000, faults: sim.Schedule{when(300, sim.Pause{Node: 0}), when(3000, sim.Resume{Node: 0})},
		claim: func(s *story) bool {
			return s.count(save{2}, 0, ms(3000)) == 0 || s.count(save{1}, ms(3000), sim.Never) == 0
		}}
	x.breaks(t, &lease{})
	s := x.survives(t, &lease{Fence: true})
	require.Equal(t, 1, s.count(save{2}, 0, ms(3000)), "the other one has written")
	require.Len(t, s.some(sim.Init, 0), 1, "it has not restarted")
	for _, e := range s.some(sim.Timeout, 0) {
		require.False(t, e.Time > ms(300) && e.Time < ms(3000))
	}
}

// oneHolder: n0 has let go of the lease before n2 gets it.
func oneHolder(s *story) bool {
	held := true
	for _, x := range s.notes {
		if x.Node == 2 && x.What == "acquire" {
			return !held
		}
		held = held && x.What != "release"
	}
	return false
}

// A clock that drifts beyond the margin of a lease, or is stepped where it goes by the wall clock, makes two holders.
func TestDriftAndStep(t *testing.T) {
	drift := func(ppm int) trial {
		return trial{nodes: 3, until: 3000, faults: sim.Schedule{when(50, sim.Drift{Name: "x", Node: 0, PPM: -ppm})}, claim: oneHolder}
	}
	small, large := &lease{Margin: 20 * time.Millisecond}, &lease{Margin: 100 * time.Millisecond}
	drift(50_000).breaks(t, small)
	s := drift(50_000).survives(t, large)
	last := s.some(sim.Timeout, 0)[1]
	require.InDelta(t, float64(last.Local), .95*float64(last.Time)+.05*50e6, 100, "slower by 5 %% since 50 ms")
	drift(5_000).survives(t, small)

	step := trial{nodes: 3, until: 3000, faults: sim.Schedule{when(500, sim.StepWall{Node: 1, By: 2 * term})}, claim: oneHolder}
	step.breaks(t, &lease{Wall: true, Margin: 100 * time.Millisecond})
	s = step.survives(t, large)
	e := s.some(sim.Deliver, 1)
	require.InDelta(t, float64(2*term), float64(e[len(e)-1].Wall-e[len(e)-1].Local), 1, "the wall clock alone is stepped")
}
