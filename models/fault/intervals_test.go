package fault

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// twoOfThree is up with a majority of three.
func twoOfThree(up []bool) bool { return count(up) >= 2 }

func count(up []bool) int {
	n := 0
	for _, u := range up {
		if u {
			n++
		}
	}
	return n
}

func TestOutagesOfASystem(t *testing.T) {
	v := Intervals{{0, sec, 3 * sec}, {1, 2 * sec, 5 * sec}, {0, 4 * sec, 6 * sec}, {2, 8 * sec, sim.Never}, {1, 9 * sec, 10 * sec}, {0, 10 * sec, 11 * sec}}
	require.NoError(t, v.Validate(3))
	require.Equal(t, Spans{{2 * sec, 3 * sec}, {4 * sec, 5 * sec}, {9 * sec, 11 * sec}}, v.Outages(3, 20*sec, twoOfThree), "one outage passes into the next without a gap")
	require.Equal(t, Spans{{2 * sec, 3 * sec}, {4 * sec, 4*sec + 1}}, v.Outages(3, 4*sec+1, twoOfThree), "an outage may be open")
	require.Equal(t, Spans{{0, 7}}, Intervals(nil).Outages(3, 7, func([]bool) bool { return false }))
	require.Empty(t, Intervals{{0, 1, 2}, {0, 2, 4}}.Outages(2, 9, func(up []bool) bool { return up[1] }))
	require.Equal(t, Spans{{0, 2}}, Intervals{{0, 0, 2}}.Outages(1, 9, func(up []bool) bool { return up[0] }), "down from the start")
	require.Equal(t, 4*time.Second, v.Down(0, 6*sec))
	require.Equal(t, time.Second, v.Down(2, 9*sec))
}

// Whether the system is down is what its predicate says at each moment.
func TestOutagesMomentByMoment(t *testing.T) {
	const nodes, until = 3, 100
	for seed := range uint64(200) {
		v := Intervals{}
		r := sim.NewRand(seed)
		for node := range sim.NodeID(nodes) {
			for at := sim.Time(r.IntN(20)); at < until; {
				to := at + 1 + sim.Time(r.IntN(20))
				v = append(v, Interval{node, at, to})
				at = to + sim.Time(r.IntN(20))
			}
		}
		v = v.inOrder()
		require.NoError(t, v.Validate(nodes))
		got := v.Outages(nodes, until, twoOfThree)
		for at := range sim.Time(until) {
			up := make([]bool, nodes)
			for i := range up {
				up[i] = !v.Of(sim.NodeID(i)).Contains(at)
			}
			require.Equal(t, !twoOfThree(up), got.Contains(at), "seed %d at %d", seed, at)
		}
	}
}

func TestIntervalsValidateReportsAllProblems(t *testing.T) {
	err := Intervals{{0, 5, 9}, {3, -1, 4}, {0, 8, 7}, {-1, 20, sim.Never}}.Validate(3)
	require.EqualError(t, err, "fault: Intervals[1].Node is n3, want n0 to n2\n"+
		"fault: Intervals[1].From is -1ns, want 0 or later\n"+
		"fault: Intervals[1].From is -1ns of n3, want no earlier than 5ns of n0 before it\n"+
		"fault: Intervals[2].To is 7ns, want later than From, 8ns\n"+
		"fault: Intervals[2].From is 8ns, want no earlier than the end of Intervals[0] of n0, 9ns\n"+
		"fault: Intervals[3].Node is n-1, want n0 to n2")
	require.EqualError(t, Intervals{{-1, 0, 1}}.Validate(0), "fault: Intervals[0].Node is n-1, want n0 or more")
	require.NoError(t, Intervals{{0, 1, 2}, {0, 2, 3}}.Validate(1), "one may begin as another ends")
}

func TestIntervalsOfAPlan(t *testing.T) {
	plan, err := ParsePlan(`1s crash n0
1s pause n1
2s crash n0
2s cut a {n2} | {n0 n1}
3s recover n0
3s crash n0 after effect 2
4s crash n0
4s recover n0
5s crash n1
5s resume n1
6s heal a
7s recover n1
8s crash n2`)
	require.NoError(t, err)
	require.Equal(t, Intervals{{0, sec, 3 * sec}, {0, 3 * sec, 4 * sec}, {1, 5 * sec, 7 * sec}, {2, 8 * sec, sim.Never}}, plan.Intervals(3, 9*sec))
	require.Equal(t, Intervals{{0, sec, 3 * sec}, {0, 3 * sec, 4 * sec}, {1, 5 * sec, sim.Never}}, plan.Intervals(3, 7*sec))
	require.Equal(t, Intervals{{0, sec, 4 * sec}, {1, sec, 7 * sec}, {2, 2 * sec, 6 * sec}, {2, 8 * sec, sim.Never}}, plan.Troubles(3, 9*sec, AnyTrouble))
	require.Equal(t, Intervals{{0, sec, 4 * sec}, {1, sec, 7 * sec}, {2, 8 * sec, sim.Never}}, plan.Troubles(3, 9*sec, Stopped))
}

// A pause that begins while a crash waits for a handler goes on if none came.
func TestTroublesOfAPauseBeforeACrashMidway(t *testing.T) {
	plan, err := ParsePlan("1s crash n0 after effect 1\n2s pause n0\n3s recover n0\n4s resume n0\n5s resume n0\n6s recover n9\n7s pause n9\n8s crash n9")
	require.NoError(t, err)
	require.Equal(t, Intervals{{0, sec, 4 * sec}}, plan.Troubles(1, 9*sec, Stopped))
}

// A heal ends all that has its name, and one without a name all.
func TestTroublesHealByName(t *testing.T) {
	plan, err := ParsePlan(`1s cut a {n0} | {n1 n2}
1s cut a {n1} -/> {n0 n2}
2s cut b {n0 n2} | {n1}
3s heal a
4s heal c
5s cut c {n0} | {n2}
6s heal`)
	require.NoError(t, err)
	require.Equal(t, Intervals{{0, sec, 3 * sec}, {1, sec, 6 * sec}, {0, 5 * sec, 6 * sec}}, plan.Troubles(3, 9*sec, AnyTrouble))
}

// What a plan does, as intervals, makes the same plan again.
func TestAPlansIntervalsReplayIt(t *testing.T) {
	m := Model{Laws: []Law{Renewal{Up: seconds(10), Down: seconds(3)}, Renewal{Kind: Stop, Nodes: []sim.NodeID{2}, Up: seconds(30)}}, Until: 100 * sec}
	for seed := range uint64(20) {
		plan := draw(t, m, seed, 3)
		again, err := ParseIntervals(plan.Intervals(3, sim.Never).CSV(), 3)
		require.NoError(t, err)
		require.Equal(t, plan, draw(t, Model{Laws: []Law{Trace{Intervals: again}}, Until: 101 * sec}, 99, 3))
	}
}

// The time down of a plan is the same counted by intervals as entry by entry.
func TestPlanDownIsTheTotalOfIntervals(t *testing.T) {
	plan := draw(t, Model{Laws: []Law{Renewal{Up: dist.Uniform{Lo: 0, Hi: 5e9}, Down: seconds(2)}}, Until: 50 * sec}, 3, 2)
	for node := range sim.NodeID(2) {
		require.Equal(t, plan.Down(node, 40*sec), plan.Intervals(2, 50*sec).Down(node, 40*sec))
	}
}
