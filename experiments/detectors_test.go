package experiments

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/detector"
	"lightcone/sim"
)

func detectorBenchOf(t *testing.T, sets ...string) *detectorBench {
	t.Helper()
	s, _, err := Open("detectors", append(sets, "faults=[]")...)
	require.NoError(t, err)
	b, err := fitsDetectors(s)
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	b.network = p.Config.Network
	return b
}

// The study's expectation is no echo of the run: with half a percent more loss in it than in the run it disagrees.
func TestDetectorsStudyCanFail(t *testing.T) {
	b := detectorBenchOf(t)
	sweep := b.sweeps()[0]
	point := func() detectorPoint {
		r := sim.NewRand(1, sim.ForStudy)
		pt, err := b.point(sweep, 0.8, &r)
		require.NoError(t, err)
		return pt
	}
	pt := point()
	for _, m := range []Measure{pt.detection, pt.recurrence, pt.mistake, pt.accurate} {
		require.Equal(t, Agrees, Agree(m), m)
	}
	b.link.Loss += 0.005
	require.Equal(t, Differs, Agree(point().recurrence))
}

func TestPerHour(t *testing.T) {
	m := perHour(Measure{Value: 1800, Low: 1200, High: 3600, N: 5})
	require.Equal(t, []float64{2, 1, 3}, []float64{m.Value, m.Low, m.High})
	require.True(t, math.IsNaN(perHour(Measure{Value: 10, Low: -5, High: 25}).High), "nobody knows how often at most")
}

// The claims of the timing models are judged: another timeout, and they fall.
func TestTimingModelsCanFail(t *testing.T) {
	rows, err := timingModels(1)
	require.NoError(t, err)
	for _, v := range timingVerdicts(rows) {
		require.Equal(t, sim.Pass, v.Verdict, v)
	}
	never := &rows[0]
	require.Equal(t, "never wrong", never.claim)
	never.suspicions = append(never.suspicions, sim.Time(time.Minute))
	require.Equal(t, sim.Violation, timingVerdicts(rows)[0].Verdict)
	last := &rows[len(rows)-1]
	last.suspicions = last.suspicions[:2]
	require.Equal(t, sim.Violation, timingVerdicts(rows)[2].Verdict, "a detector that learned")
}

func TestDetectorsStudyRefuses(t *testing.T) {
	for set, want := range map[string]string{
		"network.timing={model: synchronous, delta: 1s}": "network.timing is set, want none: the closed form knows only independent losses and delays",
		"network.latency=null":                           "network.latency is not set, want a law",
		"network.loss=1":                                 "network.loss is 1, want less",
		"clocks.drift=50ppm":                             "clocks.drift is set, want none",
	} {
		requireRefusal(t, want, "detectors", set)
	}
	s, study, err := Open("detectors", "protocol=pingpong", "params=null")
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	_, err = p.Execute(Execution{Study: study})
	require.ErrorContains(t, err, `protocol is "pingpong", want detector`)
}

// Every point of a sweep is a configuration that is valid, whatever the scenario's interval.
func TestDetectorSweepsAreValid(t *testing.T) {
	for _, interval := range []string{"10ms", "1s", "1m"} {
		b := detectorBenchOf(t, "params.interval="+interval)
		for _, sweep := range b.sweeps() {
			for _, v := range sweep.values {
				c := detector.Config{Algorithm: sweep.algorithm, Interval: b.params.Interval, Window: b.params.Window}
				sweep.set(&c, v)
				require.NoError(t, c.Validate(), "%v %v", sweep.algorithm, v)
			}
		}
	}
}
