package experiments

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// replay runs the trace's study, and repeats the run from its repro.
func replay(t *testing.T, seed uint64, sets ...string) (first, again *Outcome) {
	t.Helper()
	s, study, err := Open("trace-replay", sets...)
	require.NoError(t, err)
	p, err := s.Plan(seed)
	require.NoError(t, err)
	first, err = p.Execute(Execution{Study: study})
	require.NoError(t, err)
	r, err := ReadRepro("repro.json", first.Repro().JSON())
	require.NoError(t, err)
	q, err := r.Plan()
	require.NoError(t, err)
	again, err = q.Execute(Execution{Study: study})
	require.NoError(t, err)
	return first, again
}

// Three of five nodes are needed. By hand, from the trace: three are down for 1 ns from 6s, from 22.25s to 23.75s, from
// 30s to 30.5s, and from 59.25s to the end.
func TestATraceReplayedTwiceIsOneRun(t *testing.T) {
	down := time.Nanosecond + 1500*time.Millisecond + 500*time.Millisecond + 750*time.Millisecond
	for seed := range uint64(3) {
		first, again := replay(t, seed)
		require.Equal(t, sim.Pass, first.Verdict(), "%v", first.Verdicts)
		require.Equal(t, sim.Pass, verdictNamed(t, first, "availability is that of the trace").Verdict)
		require.Equal(t, first.Result.Digest, again.Result.Digest)
		require.Equal(t, down, first.Served.Down())
		require.Equal(t, time.Minute-down, first.Served.Up())
		require.Equal(t, float64(down)/float64(time.Minute), first.Served.Unavailability())
		require.Len(t, first.Served.Outages, 4)
	}
}

// A trace of any kind that stops a node, and any diagram.
func TestOtherDiagramsOfTheTrace(t *testing.T) {
	for _, works := range []string{"n0", "n3", "parallel(n0, n1)", "series(n0, n1, n2, n3, n4)", "kofn(2, n1, n2, n4)"} {
		for _, kind := range []string{"crash", "pause"} {
			first, _ := replay(t, 1, "availability.works="+works, "faults[0].kind="+kind)
			require.Equal(t, sim.Pass, verdictNamed(t, first, "availability is that of the trace").Verdict, works)
		}
	}
}

func TestTraceReplayRefuses(t *testing.T) {
	for set, want := range map[string]string{
		"faults=[]":                "want one, a crash or pause with a trace",
		"faults[0].kind=disk-full": "want one, a crash or pause with a trace",
		"availability=null":        "want works, no warm-up and no window",
		"availability.warm-up=1s":  "want works, no warm-up and no window",
	} {
		s, study, err := Open("trace-replay", set)
		require.NoError(t, err, set)
		p, err := s.Plan(1)
		require.NoError(t, err)
		_, err = study.Analyse(p)
		require.ErrorContains(t, err, want, set)
	}
}
