package fault

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// sick says who is in trouble after the entries of a plan, by going through all of them anew: slow and plain.
func sick(plan Plan, nodes int) map[sim.NodeID]bool {
	state := make([]status, nodes)
	armed := map[sim.NodeID]bool{}
	cuts := map[string][]sim.Cut{}
	for _, e := range plan {
		switch a := e.Action.(type) {
		case sim.CrashDuring:
			armed[a.Node] = true
		case sim.Recover:
			armed[a.Node] = false
		case sim.Cut:
			cuts[a.Name] = append(cuts[a.Name], a)
		case sim.Heal:
			delete(cuts, a.Name)
		}
		apply(state, e.Action)
	}
	ill := map[sim.NodeID]bool{}
	for i, s := range state {
		if id := sim.NodeID(i); s.down || s.paused || armed[id] {
			ill[id] = true
		}
	}
	for _, list := range cuts {
		for _, c := range list {
			side := c.From
			if len(c.To) < len(side) {
				side = c.To
			}
			for _, id := range side {
				ill[id] = true
			}
		}
	}
	return ill
}

// worst is the most that are in trouble at once.
func worst(plan Plan, nodes int) int {
	most := 0
	for i := range plan {
		most = max(most, len(sick(plan[:i+1], nodes)))
	}
	return most
}

func mixed(f int, settle time.Duration) Model {
	return Model{
		Laws: []Law{Mix{
			Kinds: []Share{{Kind: Crash, Weight: 3}, {Kind: Midway, Effects: 3}, {Kind: Pause}, {Kind: Isolate, Weight: 2}, {Kind: Mute}, {Kind: Deafen}},
			Up:    seconds(1), Down: dist.Uniform{Lo: 1e8, Hi: 4e9}, Group: 3, Swarm: true,
		}},
		From: sec, Until: 20 * sec, Budget: Budget{F: f, Settle: settle},
	}
}

// Over many seeds no plan exceeds the budget, nearly all of them use it up, and all is well at the stated time.
func TestAPlanKeepsWithinItsBudget(t *testing.T) {
	const nodes = 7
	seeds := size(3000)
	for f := 1; f <= 3; f++ {
		reached, kinds := 0, map[string]int{}
		for seed := range uint64(seeds / 3) {
			plan := draw(t, mixed(f, 0), seed, nodes)
			most := worst(plan, nodes)
			require.LessOrEqual(t, most, f, "seed %d:\n%v", seed, plan)
			if most == f {
				reached++
			}
			require.Empty(t, sick(plan, nodes), "seed %d: at the end", seed)
			require.Empty(t, Excused(plan, nodes, f, sim.Never))
			for _, e := range plan {
				require.LessOrEqual(t, e.Time, 20*sec)
				kinds[fmt.Sprintf("%T", e.Action)]++
			}
		}
		require.Greater(t, reached, seeds/3*9/10, "plans that reach %d", f)
		require.Len(t, kinds, 7, "crash, midway, pause, cut and what ends them")
	}
	free := 0
	for seed := range uint64(100) {
		free = max(free, worst(draw(t, mixed(0, 0), seed, nodes), nodes))
	}
	require.Greater(t, free, 3, "without a budget there would be more")
}

// Whatever lines are deleted, Within keeps the plan within the budget, and it changes nothing that was drawn so.
func TestAnEditedPlanKeepsWithinItsBudget(t *testing.T) {
	const nodes, f = 7, 2
	exceeded := 0
	for seed := range uint64(size(1000)) {
		m := mixed(f, 0)
		plan := draw(t, m, seed, nodes)
		require.Equal(t, plan, plan.Within(nodes, m.Budget))
		r := sim.NewRand(seed)
		edited := slices.DeleteFunc(slices.Clone(plan), func(sim.At) bool { return r.Bool(.3) })
		if worst(edited, nodes) > f {
			exceeded++
		}
		kept := edited.Within(nodes, m.Budget)
		require.LessOrEqual(t, worst(kept, nodes), f, "seed %d", seed)
		require.Equal(t, kept, kept.Within(nodes, m.Budget))
	}
	require.Positive(t, exceeded, "a recovery that is deleted leaves a node down")
}

// Deleting a beginning, or a beginning with its end, needs no repair.
func TestDeletingOutagesKeepsWithinTheBudget(t *testing.T) {
	const nodes, f = 7, 2
	for seed := range uint64(size(500)) {
		plan := draw(t, mixed(f, 0), seed, nodes)
		r := sim.NewRand(seed)
		edited := slices.DeleteFunc(slices.Clone(plan), func(e sim.At) bool { return Undo(e.Action) != nil && r.Bool(.3) })
		require.LessOrEqual(t, worst(edited, nodes), f, "seed %d", seed)
	}
}

// A node that settles counts after its trouble.
func TestSettling(t *testing.T) {
	laws := []Law{
		Once{At: sec, For: time.Second, Action: sim.Crash{Node: 0}},
		Once{At: 2500 * sec / 1000, For: time.Second, Action: sim.Crash{Node: 1}},
		Once{At: 3 * sec, For: time.Second, Action: sim.Crash{Node: 2}},
	}
	m := Model{Laws: laws, Until: 9 * sec, Budget: Budget{F: 1, Settle: time.Second}}
	plan := draw(t, m, 1, 3)
	require.Equal(t, "1s crash n0\n2s recover n0\n3s crash n2\n4s recover n2\n", plan.String())
	require.Equal(t, plan, plan.Within(3, m.Budget))
	free := draw(t, Model{Laws: laws, Until: 9 * sec}, 1, 3)
	require.Equal(t, "1s crash n0\n2s recover n0\n3s crash n2\n3.5s recover n1\n4s recover n2\n", free.Within(3, m.Budget).String(), "what ends nothing stays")
	require.Equal(t, Spans{{2500 * sec / 1000, 4500 * sec / 1000}}, m.Budget.Excused(free, 3, 9*sec))
	require.Equal(t, Spans{{3 * sec, 3500 * sec / 1000}}, Excused(free, 3, 1, 9*sec))
	require.Empty(t, Budget{}.Excused(free, 3, 9*sec), "no bound excuses nothing")
	for seed := range uint64(size(100)) {
		m := mixed(2, 500*time.Millisecond)
		plan := draw(t, m, seed, 7)
		require.Empty(t, m.Budget.Excused(plan, 7, sim.Never), "seed %d", seed)
		require.Equal(t, plan, plan.Within(7, m.Budget))
	}
}

// A cut of more nodes than the budget has room for does not take place; one of the same nodes as are in trouble does.
func TestCutsInTheBudget(t *testing.T) {
	cut := func(name string, from ...sim.NodeID) sim.Action {
		return sim.Cut{Name: name, From: from, To: allBut(from, 5)}
	}
	laws := []Law{
		Once{At: sec, For: 9 * time.Second, Action: cut("one", 0)},
		Once{At: 2 * sec, For: time.Second, Action: cut("two", 1, 2)},
		Once{At: 3 * sec, For: time.Second, Action: sim.Pause{Node: 0}},
		Once{At: 4 * sec, For: time.Second, Action: cut("rest", 1, 2, 3, 4)},
		Once{At: 5 * sec, For: time.Second, Action: cut("other", 0, 1)},
		Once{At: 6 * sec, Action: sim.StepWall{Node: 4, By: time.Second}},
	}
	plan := draw(t, Model{Laws: laws, Until: 20 * sec, Budget: Budget{F: 2}}, 1, 5)
	require.Equal(t, `1s cut one {n0} | {n1 n2 n3 n4}
3s pause n0
4s resume n0
4s cut rest {n1 n2 n3 n4} | {n0}
5s heal rest
5s cut other {n0 n1} | {n2 n3 n4}
6s heal other
6s step wall clock of n4 by 1s
10s heal one
`, plan.String())
}

// A swarm leaves kinds out, each of them in about half of the plans, and never all.
func TestSwarm(t *testing.T) {
	var in tally
	for seed := range uint64(size(2000)) {
		m := Model{Laws: []Law{Mix{Kinds: []Share{{Kind: Crash}, {Kind: Pause}}, Up: dist.Constant{Value: 1e8}, Down: dist.Constant{Value: 1e7}, Swarm: true}}, Until: 4 * sec}
		has := map[bool]bool{}
		for _, e := range draw(t, m, seed, 3) {
			if _, pause := e.Action.(sim.Pause); pause || isCrash(e.Action) {
				has[pause] = true
			}
		}
		require.NotEmpty(t, has)
		in.add(indicator(has[true]))
	}
	in.near(t, .75, .05, "plans with pauses: half, and half of the rest, where it is the one that must be in")
}

func isCrash(a sim.Action) bool { _, ok := a.(sim.Crash); return ok }

// Kinds are drawn by weight, nodes alike, and cuts of each size as often.
func TestMixDrawsByWeight(t *testing.T) {
	l := Mix{Kinds: []Share{{Kind: Pause, Weight: 3}, {Kind: Isolate}}, Up: dist.Constant{Value: 1e6}, Down: dist.Constant{Value: 1}, Group: 2}
	var cuts, pairs, first tally
	for _, e := range draw(t, Model{Laws: []Law{l}, Until: sim.Time(size(4000)) * 1e6}, 1, 4) {
		switch a := e.Action.(type) {
		case sim.Cut:
			cuts.add(1)
			pairs.add(indicator(len(a.From) == 2))
		case sim.Pause:
			cuts.add(0)
			first.add(indicator(a.Node == 0))
		}
	}
	cuts.near(t, .25, .1, "cuts")
	pairs.near(t, .5, .1, "pairs")
	first.near(t, .25, .1, "of node 0")
}

func TestBudgetValidate(t *testing.T) {
	err := Model{Until: 1, Budget: Budget{F: -1, Of: 9, Settle: -1}}.Validate(1)
	for _, want := range []string{"fault: Budget.F is -1, want at least 1, or 0 for no bound", "fault: Budget.Of is 9, want any or stopped", "fault: Budget.Settle is -1ns, want 0 or more"} {
		require.ErrorContains(t, err, want)
	}
	for _, of := range []Trouble{AnyTrouble, Stopped} {
		got, ok := ParseTrouble(of.String())
		require.True(t, ok)
		require.Equal(t, of, got)
	}
	_, ok := ParseTrouble("much")
	require.False(t, ok)
	require.Equal(t, "trouble?", Trouble(7).String())
}
