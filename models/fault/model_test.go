package fault

import (
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// status is what a plan has made of one node, by the engine's rules.
type status struct{ down, paused bool }

func apply(nodes []status, a sim.Action) {
	switch a := a.(type) {
	case sim.Crash:
		nodes[a.Node] = status{down: true}
	case sim.Recover:
		if nodes[a.Node].down {
			nodes[a.Node] = status{}
		}
	case sim.Pause:
		if !nodes[a.Node].down {
			nodes[a.Node].paused = true
		}
	case sim.Resume:
		nodes[a.Node].paused = false
	}
}

// littered is a law of many short and overlapping outages of three nodes.
type littered struct{ n int }

func (l littered) Validate(int) error { return nil }
func (l littered) Outages(w Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) {
		r := w.Rand()
		for range l.n {
			node := sim.NodeID(r.IntN(w.Nodes))
			o := Outage{From: sim.Time(r.IntN(int(w.Until))), Action: sim.Crash{Node: node}}
			if r.Bool(0.5) {
				o.Action = sim.Pause{Node: node}
			}
			o.To = o.From + 1 + sim.Time(r.IntN(20))
			if !yield(o) {
				return
			}
		}
	}
}

// A node is down exactly while some crash holds it, and otherwise paused exactly while some pause does.
func TestOverlappingOutagesAddUp(t *testing.T) {
	const nodes, until = 3, 200
	for seed := range uint64(50) {
		law := littered{n: 30}
		m := Model{Laws: []Law{law}, Until: until}
		plan := draw(t, m, seed, nodes)
		r := sim.NewRand(seed, sim.ForStudy, forPlan)
		var outages []Outage
		for o := range law.Outages(windowFor(law, 1, r.Uint64(), Window{Nodes: nodes, Until: until})) {
			outages = append(outages, o)
		}
		require.Len(t, outages, 30)
		got := make([]status, nodes)
		for at := sim.Time(0); at <= until; at++ {
			for len(plan) > 0 && plan[0].Time == at {
				apply(got, plan[0].Action)
				plan = plan[1:]
			}
			want := make([]status, nodes)
			for _, o := range outages {
				if at >= o.From && at < o.To && at < until {
					if a, ok := o.Action.(sim.Crash); ok {
						want[a.Node].down = true
					} else {
						want[o.Action.(sim.Pause).Node].paused = true
					}
				}
			}
			for i := range want {
				want[i].paused = want[i].paused && !want[i].down
			}
			require.Equal(t, want, got, "seed %d at %d", seed, at)
		}
		require.Empty(t, plan)
	}
}

// At most F nodes are down or paused at once, the bound is reached, and it changes nothing that it need not.
func TestBudgetOfStoppedNodes(t *testing.T) {
	const nodes = 6
	most := func(maxDown int) (int, Plan) {
		m := Model{Laws: []Law{Renewal{Up: seconds(10), Down: seconds(5)}, Renewal{Kind: Pause, Up: seconds(10), Down: seconds(5)}}, Until: 1000 * sec, Budget: Budget{F: maxDown, Of: Stopped}}
		plan := draw(t, m, 1, nodes)
		state := make([]status, nodes)
		worst := 0
		for _, e := range plan {
			apply(state, e.Action)
			n := 0
			for _, s := range state {
				if s.down || s.paused {
					n++
				}
			}
			worst = max(worst, n)
		}
		require.NotContains(t, state, status{down: true})
		require.NotContains(t, state, status{paused: true})
		return worst, plan
	}
	free, all := most(0)
	require.Equal(t, nodes, free)
	for bound := 1; bound < nodes; bound++ {
		worst, _ := most(bound)
		require.Equal(t, bound, worst)
	}
	_, loose := most(nodes)
	require.Equal(t, all, loose)
}

// An outage that begins when another ends is not one too many, in whatever order they are listed.
func TestOutagesInTurnAreOneAtATime(t *testing.T) {
	laws := []Law{Once{At: 2 * sec, For: time.Second, Action: sim.Crash{Node: 1}}, Once{At: sec, For: time.Second, Action: sim.Crash{Node: 0}}}
	require.Equal(t, "1s crash n0\n2s recover n0\n2s crash n1\n3s recover n1\n",
		draw(t, Model{Laws: laws, Until: 9 * sec, Budget: Budget{F: 1}}, 1, 2).String())
}

func TestEverythingIsHealedAtUntil(t *testing.T) {
	forever := dist.Constant{Value: 1e18}
	soon := dist.Constant{Value: 1e9}
	m := Model{Until: 10 * sec, From: 2 * sec, Laws: []Law{
		Renewal{Nodes: []sim.NodeID{0}, Up: soon, Down: forever}, Renewal{Nodes: []sim.NodeID{1}, Kind: Pause, Up: soon, Down: forever},
		Partitions{Up: soon, Down: forever}, Once{At: 4 * sec, Action: sim.Crash{Node: 2}},
	}}
	plan := draw(t, m, 1, 4)
	require.Equal(t, 3*sec, plan[0].Time, "nothing fails before From")
	require.Len(t, plan, 8)
	for _, e := range plan[4:] {
		require.Equal(t, 10*sec, e.Time)
	}
}

func TestModelValidateReportsAllProblems(t *testing.T) {
	_, err := Model{From: -1, Until: -2, Budget: Budget{F: -3}, Laws: []Law{
		nil,
		Renewal{Name: "a b", Kind: 99, Nodes: []sim.NodeID{7, 1, 1}, Effects: 2, Down: dist.Exponential{}},
		Partitions{Shapes: []Shape{Bridge, 8}},
		Flapping{From: []sim.NodeID{0}},
		WallSteps{Name: "a~2"},
		Renewal{Kind: Stop, Up: dist.Constant{}, Down: dist.Constant{}},
		Once{At: -1, For: -1},
		Once{Action: sim.Heal{}},
		Once{Action: sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1}}},
	}}.Draw(1, 2)
	for _, want := range []string{
		"fault: Model.From is -1ns, want 0 or later",
		"fault: Model.Until is -2ns, want later than From, -1ns",
		"fault: Budget.F is -3, want at least 1, or 0 for no bound",
		"fault: Model.Laws[0] is nil, want a law",
		`fault: Model.Laws[1]: fault: Renewal.Name is "a b", want a name`,
		"fault: Renewal.Kind is kind(99), want one of crash, stop,",
		"fault: Renewal.Nodes[0] is n7, want n0 to n1",
		"fault: Renewal.Nodes[2] is n1, which is there already",
		"fault: Renewal.Up is nil, want a distribution",
		"fault: Renewal.Down: dist: Exponential.Mean is 0",
		"fault: Renewal.Effects is 2, want 0 or more, and 0 unless Kind is midway",
		"fault: Partitions.Shapes[0] is bridge with 2 nodes, want at least 3",
		"fault: Partitions.Shapes[1] is shape(8), want halves,",
		"fault: Flapping.From has 1 nodes and To 0, want at least 1 each",
		`fault: WallSteps.Name is "a~2"`,
		"fault: WallSteps.Every is nil",
		"fault: Renewal.Down is 0, want nil: what stops is not repaired",
		"fault: Once.At is -1ns, want 0 or later",
		"fault: Once.For is -1ns, want more than 0, or 0 until everything is healed",
		"fault: Once.Action is nil, want an action",
		`fault: Once.Action is "heal", want what it would end`,
		"fault: Once.Action is a cut without a name",
	} {
		require.ErrorContains(t, err, want)
	}
	require.ErrorContains(t, Renewal{Kind: Mute}.Validate(1), "fault: Renewal.Kind is mute with 1 node, want at least 2")
	_, err = Model{Until: 1}.Draw(1, 0)
	require.EqualError(t, err, "fault: Model is for 0 nodes, want at least 1")
}

// A law in the wrong unit is an error, not an endless run: here a mean of 10 ns that was meant to be 10 s.
func TestTooManyOutagesAreAnError(t *testing.T) {
	if testing.Short() {
		t.Skip("draws a million outages")
	}
	_, err := Model{Laws: []Law{Renewal{Up: dist.Exponential{Mean: 10}, Down: dist.Exponential{Mean: 10}}}, Until: 3600 * sec}.Draw(1, 3)
	require.EqualError(t, err, "fault: Model.Laws draw more than 1048576 outages until 1h0m0s, want fewer: Laws[0] (crash) came last")
}

// rogue is a law that yields what it must not.
type rogue Outage

func (rogue) Validate(int) error { return nil }
func (r rogue) Outages(Window) iter.Seq[Outage] {
	return func(yield func(Outage) bool) { yield(Outage(r)) }
}

func TestOutagesOfForeignLawsAreChecked(t *testing.T) {
	for want, o := range map[string]Outage{
		"From is 5s, want 0s or later, before 5s": {From: 5 * sec, To: 6 * sec, Action: sim.Crash{}},
		"To is 1s, want later than From, 1s":      {From: sec, To: sec, Action: sim.Crash{}},
		"To is 0s, want later than From, 1s":      {From: sec, Action: sim.Crash{}},
		"Action is nil":                           {From: sec, To: sec},
		"Action.Node is n9, want n0 to n0":        {From: sec, To: 2 * sec, Action: sim.Crash{Node: 9}},
	} {
		_, err := Model{Laws: []Law{rogue(o)}, Until: 5 * sec}.Draw(1, 1)
		require.ErrorContains(t, err, "fault: Model.Laws[0] (law): fault: Outage."+want)
	}
}
