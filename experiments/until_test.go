package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

const electing = "nodes: 5\nduration: 1m\nnetwork: {latency: \"uniform(30ms, 40ms)\"}\nuntil: a leader is elected\n"

// A run ends when there is a leader, at the time at which one finds it by stepping through the world and looking.
func TestUntilALeaderIsElected(t *testing.T) {
	for _, protocol := range []string{"raft", "etcdraft"} {
		s, err := Read("a.yaml", []byte("protocol: "+protocol+"\n"+electing))
		require.NoError(t, err)
		for seed := uint64(1); seed <= 20; seed++ {
			want, _, err := firstElection(s, seed)
			require.NoError(t, err)
			p, err := s.Plan(seed)
			require.NoError(t, err)
			o, err := p.Execute(Execution{Lean: true})
			require.NoError(t, err)
			m := measureNamed(t, o, "time until a leader is elected")
			require.InDelta(t, want/1000, m.Value, 1e-12)
			require.Equal(t, "s", m.Unit)
			require.Equal(t, m.Value, float64(o.Result.Now)/1e9, "the run ends there")
			require.Equal(t, sim.Pass, verdictNamed(t, o, "a leader is elected").Verdict)
		}
	}
}

// A run in which it does not come true has no time until it: it is missing, not 0.
func TestUntilWhatDoesNotComeTrue(t *testing.T) {
	w := swept(t, "protocol: raft\n"+electing+"seeds: 40\nmeasure: [time until a leader is elected]\n", SweepOptions{Set: []string{"duration=260ms"}})
	c := w.Table.Cell(0, 0)
	require.Positive(t, c.Missing)
	require.Positive(t, c.N)
	require.Equal(t, 40, c.N+c.Missing)
	require.Less(t, c.Max, 0.26)
	require.Greater(t, c.Min, 0.15, "no timeout is shorter")
	_, failures := w.Runs()
	require.Zero(t, failures)
	for _, r := range w.Table.Rows {
		require.Equal(t, map[bool]string{true: "unseen", false: "pass"}[math.IsNaN(r.Values[0])], r.Verdict)
	}
}

// What ends a run early does not count against what would have come true later.
func TestUntilEndsWithoutBlame(t *testing.T) {
	s, err := Read("a.yaml", []byte("protocol: lamport-mutex\nnodes: 7\nuntil: two wait at once\n"))
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	o, err := p.Execute(Execution{})
	require.NoError(t, err)
	require.Equal(t, sim.Pass, verdictNamed(t, o, "two wait at once").Verdict)
	require.Equal(t, sim.Unseen, verdictNamed(t, o, "every request is granted").Verdict)
	require.False(t, failed(o.Verdict()))
}

// A server that is slow at first, and clients that wait for it: after the warm-up an operation takes exactly two messages
// of 5 ms and one attempt.
const transient = `protocol: kv
nodes: 1
duration: 20s
network: {latency: 5ms}
clients: {count: 2, timeout: 40ms, retry: {policy: fixed, base: 10ms}, workload: {think: 20ms}}
faults: [{kind: slow, node: 0, at: 0s, for: 2s, factor: 35, work: 1ms}]
`

func TestWarmUpRemovesATransient(t *testing.T) {
	names := []string{attemptsPerName, messagesName, medianName, tailName, availabilityName}
	values := func(sets ...string) (list []float64) {
		o, err := planned(t, transient, sets...).Execute(Execution{Lean: true})
		require.NoError(t, err)
		for _, name := range names {
			list = append(list, measureNamed(t, o, name).Value)
		}
		return append(list, measureNamed(t, o, askedName).Value)
	}
	with, without := values(), values("warm-up=3s")
	require.InDeltaSlice(t, []float64{1, 2, 10, 10, 1}, without[:5], 0.01, "the closed form; one operation may be under way at the end")
	require.InDelta(t, 2*17/0.030, without[5], 3, "one every 30 ms for each client, in 17 s")
	require.Greater(t, with[0], 1.02, "the transient is there")
	require.Greater(t, with[1], 2.02)
	_, err := Read("a.yaml", []byte(transient), "warm-up=20s")
	require.ErrorContains(t, err, `want less than the scenario's duration, 20s`)
}
