package detector_test

import (
	"flag"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/protocols/detector"
	"lightcone/sim"
)

var mistakes = flag.Int("detector.mistakes", 1500, "how many mistakes each comparison of a detector with its closed form takes")

// sample is how many mistakes a test takes.
func sample() int {
	if testing.Short() {
		return *mistakes / 10
	}
	return *mistakes
}

const ms = time.Millisecond

// link is a link as the simulator knows it, and as the closed forms do.
type link struct {
	loss  float64
	delay dist.Dist // ns
}

func (l link) network() sim.Network {
	return network.Loss{P: l.loss, Inner: network.Latency{Law: l.delay}}
}

func (l link) law() detector.Link {
	return detector.Link{Loss: l.loss, Late: func(d time.Duration) float64 { return 1 - l.delay.CDF(float64(d)) }}
}

func exponential(mean time.Duration) dist.Dist { return dist.Exponential{Mean: float64(mean)} }

// observe runs a detector between two nodes, of which node 0 monitors node 1, and reports on its quality.
func observe(t *testing.T, c detector.Config, cfg sim.Config) detector.Report {
	t.Helper()
	require.NoError(t, c.Validate())
	c.Pairs = detector.Star
	w := detector.NewWatch(c, 2)
	cfg.Nodes, cfg.New = 2, func(sim.NodeID) sim.Process { return detector.New(c) }
	cfg.Observers = append(cfg.Observers, w)
	world, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, world.Run().Err)
	return w.Report()
}

// agrees compares what was measured with a closed form, by 4 standard errors.
func agrees(t *testing.T, name string, want float64, got detector.Mean) {
	t.Helper()
	if math.Abs(got.Value-want) > 4*got.SE+1e-9 || math.IsNaN(got.Value) {
		t.Errorf("%s is %.6f in %d cycles, standard error %.6f, want %.6f", name, got.Value, got.N, got.SE, want)
	}
}

// NFD-S as Chen, Toueg and Aguilera's theorem 5 has it, for several parameters, losses and laws of delay. The first two
// cases have their values from elsewhere too.
func TestNFDSHasTheQualityOfItsClosedForm(t *testing.T) {
	gamma := dist.Gamma{Mean: 3e8, Shape: 2}
	for i, c := range []struct {
		eta, delta time.Duration
		link       link
		known      []float64 // T_MR, T_M, P_A
	}{
		{time.Second, time.Second, link{0.01, exponential(20 * ms)}, []float64{101.0, 0.0301, 0.999702}},
		{time.Second, 50 * ms, link{0.01, exponential(20 * ms)}, []float64{11.07, 0.1252, 0.988688}},
		{time.Second, 2500 * ms, link{0.2, exponential(20 * ms)}, nil},
		{time.Second, 700 * ms, link{0, gamma}, nil},
		{time.Second, 1300 * ms, link{0.05, gamma}, nil},
		{200 * ms, 500 * ms, link{0.02, gamma}, nil},
		{500 * ms, 600 * ms, link{0.1, dist.Uniform{Lo: 1e8, Hi: 8e8}}, nil},
		{100 * ms, 150 * ms, link{0.1, dist.LogNormal{Median: 8e7, Sigma: 0.8}}, nil},
	} {
		t.Run(fmt.Sprintf("%v %v %v %v", c.eta, c.delta, c.link.loss, c.link.delay), func(t *testing.T) {
			want := c.link.law().NFDS(c.eta, c.delta)
			if c.known != nil {
				require.InEpsilon(t, c.known[0], want.Recurrence, 5e-4)
				require.InEpsilon(t, c.known[1], want.Mistake, 5e-4)
				require.InDelta(t, c.known[2], want.Accuracy, 5e-7)
			}
			n := sample()
			r := observe(t, detector.Config{Algorithm: detector.NFDS, Interval: c.eta, Delta: c.delta}, sim.Config{
				Seed: uint64(i), Network: c.link.network(), Until: sim.Time(float64(n) * want.Recurrence * 1e9),
			})
			agrees(t, "E[T_MR]", want.Recurrence, r.Recurrence())
			agrees(t, "E[T_M]", want.Mistake, r.Mistake())
			agrees(t, "E[T_G]", want.Good, r.Good())
			agrees(t, "P_A", want.Accuracy, r.Accuracy())
			t.Logf("%d mistakes: recurrence %.2f%%, duration %.2f%%, wrong %.2f%% off; 4/sqrt(mistakes) is %.2f%%", r.Mistakes,
				100*(r.Recurrence().Value/want.Recurrence-1), 100*(r.Mistake().Value/want.Mistake-1),
				100*((1-r.Accuracy().Value)/(1-want.Accuracy)-1), 400/math.Sqrt(float64(r.Mistakes)))
		})
	}
}
