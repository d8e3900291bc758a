package measure_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/idle"
	"lightcone/sim"
	"lightcone/sim/measure"
)

const sec = sim.Time(time.Second)

// twoOfThree serves while two of three nodes work and reach each other.
func twoOfThree(v sim.View) bool {
	for id := range sim.NodeID(3) {
		if v.Works(id) && v.Reached(id, 3) >= 2 {
			return true
		}
	}
	return false
}

// run returns the report of three idle nodes under a schedule.
func run(t testing.TB, track *measure.Track, until sim.Time, plan ...sim.At) *measure.Report {
	t.Helper()
	cfg := sim.Config{Nodes: 3, New: idle.New, Until: until, Strict: true}
	if len(plan) > 0 {
		cfg.Faults = []sim.Fault{sim.Schedule(plan)}
	}
	track.Attach(&cfg)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	r := track.Report(w.Now())
	require.Equal(t, r.Length(), r.Up()+r.Down())
	return r
}

func at(t float64, a sim.Action) sim.At { return sim.At{Time: sim.Time(t * float64(sec)), Action: a} }

var (
	halves = sim.Cut{Name: "halves", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}
	apart  = sim.Cut{Name: "apart", From: []sim.NodeID{1}, To: []sim.NodeID{2}, OneWay: true}
)

// Two nodes of three are down for two seconds, and one of them for longer.
func Example() {
	track := &measure.Track{Serving: twoOfThree, Majority: 2}
	cfg := sim.Config{Nodes: 3, New: idle.New, Until: 10 * sec, Faults: []sim.Fault{sim.Schedule{
		{Time: 1 * sec, Action: sim.Crash{Node: 2}},
		{Time: 4 * sec, Action: sim.Crash{Node: 0}},
		{Time: 6 * sec, Action: sim.Recover{Node: 0}},
	}}}
	track.Attach(&cfg)
	w, err := sim.New(cfg)
	if err != nil {
		panic(err)
	}
	w.Run()
	r := track.Report(w.Now())
	for _, o := range r.Outages {
		fmt.Println(o.From, o.To, o.Blame, o.Parts[0].Term)
	}
	fmt.Println("unavailability", r.Unavailability(), "node 2 down for", r.Nodes[2].DownTime())
	// Output:
	// 4s 6s [crash n2 crash n0] quorum
	// unavailability 0.2 node 2 down for 9s
}

func spans(r *measure.Report) (list []measure.Span) {
	for _, o := range r.Outages {
		list = append(list, o.Span)
	}
	return list
}

func TestOutagesAreExact(t *testing.T) {
	r := run(t, measure.Serving(twoOfThree), 20*sec,
		at(1, sim.Crash{Node: 0}), at(2, sim.Pause{Node: 1}), at(2.000000001, sim.Resume{Node: 1}), // for a nanosecond
		at(5, sim.Crash{Node: 1}), at(5, sim.Recover{Node: 0}), // never at once: no time passes
		at(7, sim.Recover{Node: 1}), at(9, halves), at(10, apart), at(12, sim.Heal{Name: "halves"}), at(13, sim.Crash{Node: 0}))
	require.Equal(t, []measure.Span{{2 * sec, 2*sec + 1}, {10 * sec, 12 * sec}, {13 * sec, 20 * sec}}, spans(r))
	require.Equal(t, "[crash n0 pause n1]", fmt.Sprint(r.Outages[0].Blame))
	require.Equal(t, "[cut halves cut apart]", fmt.Sprint(r.Outages[1].Blame))
	require.Equal(t, "[cut apart crash n0]", fmt.Sprint(r.Outages[2].Blame))
	require.Equal(t, []string{"pause n1", "cut apart", "crash n0"}, []string{r.Outages[0].After, r.Outages[1].After, r.Outages[2].After})
	require.False(t, r.Outages[1].Open)
	require.True(t, r.Outages[2].Open, "censored, not dropped")
	up, down, open := r.Cycles()
	require.Equal(t, []time.Duration{2e9, 8e9 - 1, 1e9}, up)
	require.Equal(t, []time.Duration{1, 2e9, 7e9}, down)
	require.True(t, open)
	require.Equal(t, 3, r.Failures())
	require.Equal(t, r.Up()/3, r.MTTF())
	require.Equal(t, r.Down()/2, r.MTTR(), "two outages ended")
	require.Equal(t, 7*time.Second, r.Longest())
	require.Equal(t, 3*time.Second+1, r.DownIn(measure.Span{From: 2 * sec, To: 14 * sec}))
	require.Zero(t, r.DownIn(measure.Span{From: 3 * sec, To: 10 * sec}))
}

func TestNodesUpAndDown(t *testing.T) {
	r := run(t, measure.Serving(twoOfThree), 10*sec, at(1, sim.Crash{Node: 0}), at(3, sim.Recover{Node: 0}), at(4, sim.Pause{Node: 1}),
		at(6, sim.Crash{Node: 1}), at(9, sim.Recover{Node: 1}), at(9.5, sim.Crash{Node: 2}))
	require.Equal(t, []measure.Span{{1 * sec, 3 * sec}}, r.Nodes[0].Down)
	require.Equal(t, []measure.Span{{4 * sec, 6 * sec}}, r.Nodes[1].Paused, "what is down is not paused")
	require.Equal(t, []measure.Span{{6 * sec, 9 * sec}}, r.Nodes[1].Down)
	require.Equal(t, 500*time.Millisecond, r.Nodes[2].DownTime(), "until the end")
}

func TestConditionsAreBlamed(t *testing.T) {
	r := run(t, &measure.Track{Serving: twoOfThree, Majority: 2}, 20*sec,
		at(1, sim.Slow{Name: "s", Node: 0, Factor: 10, Work: time.Millisecond}), at(1, sim.FullDisk{Node: 1}), at(1, sim.Disturb{Name: "d", Loss: .5}), at(1, sim.Rot{Node: 1}),
		at(2, sim.Crash{Node: 1}), at(3, sim.Crash{Node: 0}), at(4, sim.Recover{Node: 0}),
		at(5, sim.Heal{Name: "s"}), at(6, sim.Crash{Node: 0}), at(7, sim.Recover{Node: 0}),
		at(8, sim.Heal{}), at(9, sim.Slow{Node: 2, Factor: 2}), at(9, sim.Crash{Node: 0}))
	require.Equal(t, []measure.Span{{3 * sec, 4 * sec}, {6 * sec, 7 * sec}, {9 * sec, 20 * sec}}, spans(r))
	require.Equal(t, "[slow n0 by 10 with handlers of 1ms as s fill disk of n1 disturb all losing 0.5 as d crash n1 crash n0]", fmt.Sprint(r.Outages[0].Blame))
	require.Equal(t, "[fill disk of n1 disturb all losing 0.5 as d crash n1 crash n0]", fmt.Sprint(r.Outages[1].Blame), "the slowness is over")
	require.Equal(t, "[crash n1 slow n2 by 2 crash n0]", fmt.Sprint(r.Outages[2].Blame))
	require.Equal(t, measure.Quorum, r.Outages[2].Parts[0].Term, "two nodes did not go down at one instant: one is slow")
}

// What befalls other nodes than the service's is not its business.
func TestOthersAreNotLookedAt(t *testing.T) {
	first := func(v sim.View) bool { return v.Works(0) }
	r := run(t, &measure.Track{Serving: first, Servers: 2, Settled: true}, 10*sec, at(0, sim.Crash{Node: 2}), at(1, sim.Pause{Node: 1}), at(2, sim.Crash{Node: 0}), at(3, sim.Recover{Node: 2}),
		at(4, sim.Recover{Node: 0}), at(5, sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1}}), at(6, sim.Crash{Node: 0}))
	require.Zero(t, r.From)
	require.Len(t, r.Nodes, 2)
	require.Equal(t, []measure.Span{{2 * sec, 4 * sec}, {6 * sec, 10 * sec}}, spans(r))
	require.Equal(t, "[pause n1 crash n0]", fmt.Sprint(r.Outages[0].Blame))
	require.Equal(t, "[pause n1 cut crash n0]", fmt.Sprint(r.Outages[1].Blame))
}

func TestWarmUpIsLeftOut(t *testing.T) {
	plan := []sim.At{at(0, sim.Crash{Node: 0}), at(0, sim.Crash{Node: 1}), at(5, sim.Recover{Node: 0}), at(6, sim.Recover{Node: 1}), at(8, sim.Crash{Node: 2}), at(9, sim.Crash{Node: 0})}
	r := run(t, &measure.Track{Serving: twoOfThree, From: 3 * sec}, 10*sec, plan...)
	require.Equal(t, []measure.Span{{3 * sec, 5 * sec}, {9 * sec, 10 * sec}}, spans(r))
	require.True(t, r.Outages[0].Begun)
	require.Equal(t, 1, r.Failures(), "an outage that had begun did not begin in the measurement")
	up, down, open := r.Cycles()
	require.Equal(t, []time.Duration{4e9}, up)
	require.Equal(t, []time.Duration{1e9}, down)
	require.True(t, open)

	r = run(t, &measure.Track{Serving: twoOfThree, From: 3 * sec, Settled: true}, 10*sec, plan...)
	require.Equal(t, measure.Span{From: 6 * sec, To: 10 * sec}, r.Span, "from when all are up")
	require.Equal(t, measure.Span{To: 6 * sec}, r.Transient)

	r = run(t, &measure.Track{Serving: func(sim.View) bool { return false }, Settled: true}, 10*sec)
	require.Zero(t, r.Length(), "it never settled")
	require.True(t, math.IsNaN(r.Unavailability()))
	require.Equal(t, time.Duration(-1), r.MTTF())
	require.Equal(t, time.Duration(-1), r.MTTR())
}

func TestTerms(t *testing.T) {
	// a service that takes its time to catch up is played by one that needs two nodes to have restarted equally often
	slow := func(v sim.View) bool { return twoOfThree(v) && v.Incarnation(0) == v.Incarnation(1) }
	r := run(t, &measure.Track{Serving: slow, Majority: 2}, 30*sec,
		at(1, sim.Crash{Node: 0}), at(2, sim.Crash{Node: 1}), // quorum from 2
		at(4, sim.Recover{Node: 0}), // two are up, and do not serve: catch-up from 4
		at(5, sim.Recover{Node: 1}), // serves from 5
		at(6, halves), at(7, apart), // partition from 7
		at(9, sim.Heal{}),                                      // serves from 9
		at(10, sim.Crash{Node: 0}), at(10, sim.Crash{Node: 1}), // correlation from 10
		at(12, sim.Recover{Node: 0}), at(14, sim.Recover{Node: 1}))
	require.Equal(t, map[measure.Term]time.Duration{measure.Quorum: 2e9, measure.CatchUp: 3e9, measure.Partition: 2e9, measure.Correlation: 2e9, measure.Failover: 0},
		terms(r))
}

func terms(r *measure.Report) map[measure.Term]time.Duration {
	m, sum := map[measure.Term]time.Duration{}, time.Duration(0)
	for _, term := range measure.Terms() {
		m[term] = r.Term(term)
		sum += m[term]
	}
	if sum != r.Down() {
		panic("an outage is not accounted in full")
	}
	return m
}

// A majority that is up and does not serve has to fail over after a fault, and to catch up after a repair.
func TestFailoverAndDisturbance(t *testing.T) {
	leader := func(v sim.View) bool { return v.Works(0) && twoOfThree(v) }
	r := run(t, &measure.Track{Serving: leader, Majority: 2}, 10*sec, at(1, sim.Crash{Node: 0}), at(3, sim.Recover{Node: 0}))
	require.Equal(t, 2*time.Second, terms(r)[measure.Failover])

	never := func(v sim.View) bool { return v.Incarnation(2) == 0 && twoOfThree(v) }
	r = run(t, &measure.Track{Serving: never, Majority: 2}, 10*sec, at(1, sim.Crash{Node: 2}), at(4, sim.Recover{Node: 2}))
	require.Equal(t, 6*time.Second, terms(r)[measure.CatchUp])
	require.Empty(t, r.Outages[0].Blame)
	require.Equal(t, "recover n2", r.Outages[0].After)
}

// A track follows the world that is made of its configuration, and not the forks of it.
func TestForksAreNotFollowed(t *testing.T) {
	track := measure.Serving(twoOfThree)
	cfg := sim.Config{Nodes: 3, New: idle.New, Until: 10 * sec}
	track.Attach(&cfg)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.RunUntil(sec))
	fork, err := w.Fork()
	require.NoError(t, err)
	require.NoError(t, fork.Act(sim.Crash{Node: 0}))
	require.NoError(t, fork.Act(sim.Crash{Node: 1}))
	require.NoError(t, w.RunUntil(10*sec))
	require.Zero(t, track.Report(w.Now()).Down())
}
