package experiments

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// cutOff plays rounds that a crash or a partition at the wrong time keeps from being over in time.
const cutOff = `protocol: pingpong
nodes: 2
duration: 1s
params: {rounds: 30, retry: 50ms}
network: {latency: "uniform(1ms, 10ms)", loss: 0.05}
faults:
- {kind: crash, node: 1, up: exponential(mean=500ms), down: exponential(mean=20ms)}
- {kind: pause, node: 0, up: exponential(mean=300ms), down: exponential(mean=20ms)}
- {kind: partition, up: exponential(mean=2s), down: exponential(mean=500ms)}
`

func scenario(t testing.TB, yaml string, sets ...string) *Scenario {
	t.Helper()
	s, err := Read("a.yaml", []byte(yaml), sets...)
	require.NoError(t, err)
	return s
}

// A hunt counts what the runs come to one by one, whatever the number of workers.
func TestHuntCountsRuns(t *testing.T) {
	s := scenario(t, cutOff)
	var want []uint64 // seeds that fail
	events := uint64(0)
	for seed := uint64(1); seed <= 40; seed++ {
		p, err := s.Plan(seed)
		require.NoError(t, err)
		o := executed(t, p)
		events += o.Result.Events
		if failed(o.Verdict()) {
			want = append(want, seed)
		}
	}
	require.NotEmpty(t, want)
	require.Less(t, len(want), 40)
	for _, workers := range []int{1, 2, 7} {
		found, err := (&Hunt{Scenario: s, First: 1, Last: 40, KeepGoing: true, Workers: workers}).Run()
		require.NoError(t, err)
		require.Equal(t, 40, found.Total())
		require.Equal(t, len(want), found.Runs[sim.Liveness])
		require.Equal(t, events, found.Events)
		require.Equal(t, sim.Liveness, found.Verdict())
		var seeds []uint64
		for _, f := range found.Failures {
			seeds = append(seeds, f.Seed)
			require.Equal(t, "all rounds are played", f.First.Name)
		}
		require.Equal(t, want, seeds)

		first, err := (&Hunt{Scenario: s, First: 1, Last: 40, Workers: workers}).Run()
		require.NoError(t, err)
		require.Equal(t, want[0], first.Last, "it stops at the first that fails")
		require.Equal(t, int(want[0]), first.Total())
		require.Len(t, first.Failures, 1)
	}
}

func TestHuntReportsAndStops(t *testing.T) {
	s := scenario(t, cutOff, "faults=null")
	var progress []uint64
	h := &Hunt{Scenario: s, First: 5, Last: 1 << 60, Workers: 2, Progress: func(d *Hunted) { progress = append(progress, d.Last) }}
	left := 8
	h.More = func() bool { left--; return left >= 0 }
	found, err := h.Run()
	require.NoError(t, err)
	require.Equal(t, 9, found.Total(), "the first is always run")
	require.Equal(t, []uint64{5, 6, 7, 8, 9, 10, 11, 12, 13}, progress)
	require.Equal(t, sim.Pass, found.Verdict())
	require.Empty(t, found.Unseen())

	_, err = (&Hunt{Scenario: s, First: 2, Last: 1}).Run()
	require.ErrorContains(t, err, "seeds are 2 to 1, want")
	top, err := (&Hunt{Scenario: s, First: 1<<64 - 2, Last: 1<<64 - 1}).Run()
	require.NoError(t, err)
	require.Equal(t, 2, top.Total())

	deaf, err := (&Hunt{Scenario: scenario(t, chatter, "network={loss: 1}", "duration=100ms"), First: 1, Last: 3}).Run()
	require.NoError(t, err)
	require.Equal(t, []string{"a message arrived"}, deaf.Unseen())
	require.Equal(t, sim.Pass, deaf.Verdict())
}

// What is left of a failing run fails by the same check, and none of its faults can be spared.
func TestShrink(t *testing.T) {
	s := scenario(t, cutOff)
	found, err := (&Hunt{Scenario: s, First: 1, Last: 40, KeepGoing: true}).Run()
	require.NoError(t, err)
	for _, f := range found.Failures[:3] {
		shrunk, err := Shrink(s, f.Seed, f.First.Name, Execution{Record: true})
		require.NoError(t, err)
		require.Less(t, shrunk.Left, shrunk.Of)
		require.Equal(t, sim.Liveness, verdictNamed(t, shrunk.Outcome, f.First.Name).Verdict)

		left := outages(shrunk.Outcome.Plan.Faults)
		require.Len(t, left, shrunk.Left)
		for i := range left {
			p := shrunk.Outcome.Plan
			again, err := s.Plan(f.Seed)
			require.NoError(t, err)
			require.NoError(t, again.Without(p.without...))
			var lines []string
			for _, k := range left[i] {
				lines = append(lines, shrunk.Faults()[k])
			}
			require.NoError(t, again.Without(lines...))
			require.Equal(t, sim.Pass, executed(t, again).Result.Verdict, "it fails without %v too", lines)
		}

		r := shrunk.Outcome.Repro()
		again, err := r.Plan()
		require.NoError(t, err)
		require.Nil(t, r.Compare(executed(t, again)), "the repro repeats it")
		require.Contains(t, shrunk.Story(), fmt.Sprintf("seed %d: %d of %d faults are enough", f.Seed, shrunk.Left, shrunk.Of))

		var doc HuntSummary
		require.NoError(t, json.Unmarshal(found.Summary(shrunk, nil).JSON(), &doc))
		require.Equal(t, shrunk.Faults(), doc.Shrunk.Faults)
		require.Equal(t, 40, doc.Runs)
	}
}

// The search finds sets that fail together whatever they are: every one of them is needed.
func TestFewest(t *testing.T) {
	items := make([]int, 23)
	for i := range items {
		items[i] = i
	}
	for _, needed := range [][]int{nil, {0}, {22}, {11, 12}, {0, 22}, {3, 7, 19}, {1, 2, 3, 4, 5}, items} {
		runs := 0
		left := fewest(items, func(some []int) bool {
			runs++
			for _, n := range needed {
				if !slices.Contains(some, n) {
					return false
				}
			}
			return true
		})
		require.Equal(t, needed, left)
		require.Less(t, runs, 300)
	}
}

func TestOutages(t *testing.T) {
	p := planned(t, chatter+`faults:
- {kind: crash, at: 100ms, for: 1s, node: 2}
- {kind: partition, at: 150ms, for: 100ms, nodes: [0]}
- {kind: pause, at: 160ms, node: 1}
- {kind: crash, at: 1500ms, node: 2}
- {kind: resume, at: 1600ms, node: 1}
`)
	require.Equal(t, []outage{{0, 4}, {1, 3}, {2, 6}, {5}}, outages(p.Faults))
}
