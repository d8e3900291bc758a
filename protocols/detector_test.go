package protocols_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/sim"
)

func TestDetectorReportsEverything(t *testing.T) {
	p := &protocols.DetectorParams{Algorithm: "phi", Pairs: "none", DelayBound: 1, DriftBound: -1, StableFrom: 1}
	_, err := find(t, "detector").Build(p, 1)
	for _, want := range []string{
		"has 1 nodes, want at least 2", "Interval is 0s", `Pairs is "none"`, "Threshold is 0", `delay-bound is 1ns with algorithm "phi"`,
		"drift-bound is -1", "stable-from is 1ns, want algorithm growing",
	} {
		require.ErrorContains(t, err, want)
	}
}

// SWIM has a process and parameters of its own: of 10 nodes everybody suspects a crashed one after some periods.
func TestDetectorIsSwimToo(t *testing.T) {
	e := find(t, "detector")
	p := e.Params().(*protocols.DetectorParams)
	p.Algorithm, p.Pairs = "swim", "ring"
	_, err := e.Build(p, 3)
	require.ErrorContains(t, err, "SwimConfig.Timeout is 300ms, want more than 0s and less than Period, which is 100ms")
	require.ErrorContains(t, err, `pairs is "ring" with algorithm swim, want all`)

	p.Timeout, p.Pairs = 30*time.Millisecond, "all"
	in, err := e.Build(p, 10)
	require.NoError(t, err)
	watch := in.Watch()
	w, err := sim.New(sim.Config{Nodes: 10, New: in.New, Properties: in.Properties, Until: sim.Time(20 * time.Second), Observers: []sim.Observer{watch},
		Faults: []sim.Fault{sim.Schedule{{Time: sim.Time(time.Second), Action: sim.Crash{Node: 4}}}}})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	detection := watch.Measures(w.View())[0]
	require.Equal(t, 9, detection.N)
	require.InDelta(t, 0.95, detection.Value, 4*0.1*math.Sqrt(72)/3, "geometric in periods, of mean 9 and variance 72")
	require.Positive(t, in.Measures(w.View())[1].Value)
}

// late delays eight messages of a link by nothing, the next eight by 200 ms, and so on.
type late struct{}

func (late) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	return append(dst, sim.Copy{Delay: time.Duration(p.K/8%2) * 200 * time.Millisecond})
}

// With the bound that the network keeps the claims hold, with a timeout below it they fall, and a growing one is right in
// the end.
func TestDetectorClaims(t *testing.T) {
	for _, c := range []struct {
		algorithm string
		timeout   time.Duration
		want      sim.Verdict
	}{
		{"timeout", 300 * time.Millisecond, sim.Pass},
		{"timeout", 300*time.Millisecond - 1, sim.Violation},
		{"growing", 110 * time.Millisecond, sim.Pass},
	} {
		e := find(t, "detector")
		p := e.Params().(*protocols.DetectorParams)
		p.Algorithm, p.Timeout, p.DelayBound = c.algorithm, c.timeout, 200*time.Millisecond
		in, err := e.Build(p, 3)
		require.NoError(t, err)
		watch := in.Watch()
		w, err := sim.New(sim.Config{
			Nodes: 3, New: in.New, Properties: in.Properties, Network: late{}, Until: sim.Time(20 * time.Second), Observers: []sim.Observer{watch},
			Faults: []sim.Fault{sim.Schedule{
				{Time: sim.Time(5 * time.Second), Action: sim.Crash{Node: 1}}, {Time: sim.Time(8 * time.Second), Action: sim.Recover{Node: 1}},
			}},
		})
		require.NoError(t, err)
		require.Equal(t, c.want, w.Run().Verdict, c)
		if c.want != sim.Pass {
			continue
		}
		got := map[string]protocols.Measure{}
		for _, m := range watch.Measures(w.View()) {
			got[m.Name] = m
		}
		require.Equal(t, 2, got["detection time"].N)
		require.InDelta(t, 0.3, got["detection time"].Value, 0.2)
		if c.algorithm == "growing" { // 4 steps of 50 ms for each of 6 pairs, and again for n1, which forgets what it learned
			require.InDelta(t, 6*4+2*3, got["mistakes"].Value, 2)
			require.False(t, math.IsNaN(got["mistake duration"].Low))
		} else {
			require.Zero(t, got["mistakes"].Value)
		}
	}
}
