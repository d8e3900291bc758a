package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/trace"
)

const rough = chatter + `network: {latency: "exponential(mean=20ms)", loss: 0.1, duplicate: 0.1}
clocks: {offset: "uniform(-5ms, 5ms)", drift: "uniform(-50ppm, 50ppm)"}
faults:
- {kind: crash, nodes: [1, 2], up: exponential(mean=500ms), down: exponential(mean=50ms)}
- {kind: partition, up: exponential(mean=500ms), down: exponential(mean=100ms)}
`

// Observing, recording and strict checking do not change a run, and a run is the same each time.
func TestExecuteIsDeterministic(t *testing.T) {
	var digests []uint64
	for _, x := range []Execution{{}, {}, {Record: true}, {Strict: true}, {Record: true, Strict: true}} {
		o, err := planned(t, rough).Execute(x)
		require.NoError(t, err)
		require.Equal(t, sim.Pass, o.Result.Verdict, "%v", o.Result.Err)
		digests = append(digests, o.Result.Digest)
	}
	for _, d := range digests {
		require.Equal(t, digests[0], d)
	}
	other, err := planned(t, rough).Scenario.Plan(2)
	require.NoError(t, err)
	require.NotEqual(t, digests[0], executed(t, other).Result.Digest)
}

func TestVerdictsOfBadRuns(t *testing.T) {
	pingpong := "protocol: pingpong\nnodes: 2\nduration: 1s\nnetwork: {loss: 1}\n"
	o := executed(t, planned(t, pingpong))
	require.Equal(t, sim.Liveness, o.Verdict())
	require.Equal(t, "0 of 10 rounds are over", verdictNamed(t, o, "all rounds are played").Detail)

	o = executed(t, planned(t, pingpong, "limits.events=3"))
	require.Equal(t, sim.LimitReached, o.Verdict())
	require.Regexp(t, `^3 events, at 200ms, event \d+$`, verdictNamed(t, o, "run").Detail)
}

// The trail of two runs that differ in one message parts where their traces do.
func TestTrailFindsTheFirstDifference(t *testing.T) {
	a := executed(t, planned(t, rough))
	for _, k := range []uint64{1, 5, 20} {
		p := planned(t, rough)
		p.Config.Drop = []sim.MessageName{{From: 0, To: 3, K: k}}
		b := executed(t, p)
		d := trace.Diverge(withoutDigest(a), withoutDigest(b))
		require.NotNil(t, d)
		first, last, ok := a.Trail.part(b.Trail)
		require.True(t, ok)
		require.LessOrEqual(t, first, d.Event)
		require.Equal(t, uint64(1), a.Trail.Every, "short runs are followed record by record")
		require.Equal(t, last, first)
		require.Equal(t, d.Event, first)
	}
	_, _, ok := a.Trail.part(executed(t, planned(t, rough)).Trail)
	require.False(t, ok)
}

func withoutDigest(o *Outcome) *trace.Trace {
	t := *o.Trace
	t.Header.Digest = ""
	return &t
}

func TestTrailArithmetic(t *testing.T) {
	long := func(n int, from int) Trail { // steps 1..n, changed from that record on
		o := newTrailObserver()
		for i := 1; i <= n; i++ {
			if uint64(i)%o.trail.Every != 0 {
				continue
			}
			step := uint16(i % 251)
			if from > 0 && i >= from {
				step += 1000
			}
			if o.trail.Steps = append(o.trail.Steps, step); len(o.trail.Steps) == trailSteps {
				o.trail.halve()
			}
		}
		o.trail.Records = uint64(n)
		return o.trail
	}
	a := long(100_000, 0)
	require.Equal(t, uint64(8), a.Every, "the least power of two with which fewer than 16384 steps are enough")
	require.Len(t, a.Steps, 100_000/8)
	first, last, ok := a.part(long(100_000, 77_777))
	require.True(t, ok)
	require.Equal(t, uint64(77_776/8*8+1), first)
	require.Equal(t, first+7, last)

	first, last, ok = a.part(long(40_000, 0)) // the other run ends early, and its trail is finer
	require.True(t, ok)
	require.Equal(t, uint64(40_001), first)
	require.GreaterOrEqual(t, last, first)

	steps, err := parseSteps(a.text())
	require.NoError(t, err)
	require.Equal(t, a.Steps, steps)
}

func TestAgree(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		m    Measure
		want Agreement
	}{
		{Measure{Value: 1, Low: 0, High: 2, Expected: 2}, Agrees},
		{Measure{Value: 1, Low: 0, High: 2, Expected: 2.1}, Differs},
		{Measure{Value: 1, Low: 0, High: 2, Expected: -0.1}, Differs},
		{Measure{Value: 1, Low: 0, High: 2, Expected: nan}, Unknown},
		{Measure{Value: 1, Low: nan, High: nan, Expected: 1}, Unknown},
		{Measure{Value: nan, Low: 0, High: 2, Expected: 1}, Unknown},
	} {
		require.Equal(t, c.want, Agree(c.m), "%+v", c.m)
	}
}
