package detector_test

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/clock"
	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/protocols/detector"
	"lightcone/sim"
)

const sampled = 1500

var mistakes = flag.Int("detector.mistakes", sampled, "how many mistakes each comparison of a detector with its closed form takes")

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

// laws are links of several kinds.
func laws() []link {
	return []link{
		{0.01, exponential(20 * ms)}, {0.2, exponential(20 * ms)}, {0.05, dist.Gamma{Mean: 1e8, Shape: 2}},
		{0, dist.LogNormal{Median: 5e7, Sigma: 0.8}}, {0.1, dist.Uniform{Lo: 1e7, Hi: 2e8}},
	}
}

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
		{time.Second, 500 * ms, link{0, gamma}, nil},
		{300 * ms, 700 * ms, link{0.05, gamma}, nil},
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
			near := 4 / math.Sqrt(float64(r.Mistakes))
			require.InEpsilon(t, want.Recurrence, r.Recurrence().Value, near)
			require.InEpsilon(t, want.Accuracy, r.Accuracy().Value, near)
			if *mistakes == sampled { // mistakes vary more than their distances: this holds of one sample in two, and of this one
				require.InEpsilon(t, want.Mistake, r.Mistake().Value, near)
				require.InEpsilon(t, 1-want.Accuracy, 1-r.Accuracy().Value, near)
			}
			t.Logf("%d mistakes: recurrence off by %.2f%%, duration by %.2f%%, time in error by %.2f%%; 4/sqrt(mistakes) is %.2f%%", r.Mistakes,
				100*(r.Recurrence().Value/want.Recurrence-1), 100*(r.Mistake().Value/want.Mistake-1),
				100*((1-r.Accuracy().Value)/(1-want.Accuracy)-1), 100*near)
		})
	}
}

// The comparison is no echo: half a percent more loss than the closed form reckons with shows.
func TestTheComparisonCanFail(t *testing.T) {
	l := link{0.015, exponential(20 * ms)}
	r := observe(t, detector.Config{Algorithm: detector.NFDS, Interval: time.Second, Delta: time.Second}, sim.Config{
		Network: l.network(), Until: sim.Time(50_000 * time.Second),
	})
	want := link{0.01, l.delay}.law().NFDS(time.Second, time.Second)
	require.Greater(t, math.Abs(r.Recurrence().Value-want.Recurrence), 4*r.Recurrence().SE)
}

// NFD-E knows the clock of the sender from arrivals alone: an hour's offset is nothing to it. With many of them it is as
// good as NFD-S with delta = E(D) + alpha (section 6.2); with few it errs more often, for its estimate does.
func TestNFDEIsAsGoodAsNFDSWithoutItsClocks(t *testing.T) {
	for _, alpha := range []time.Duration{30 * ms, 980 * ms} {
		l := link{0.01, exponential(20 * ms)}
		want := l.law().NFDS(time.Second, 20*ms+alpha)
		measure := func(window int) detector.Report {
			return observe(t, detector.Config{Algorithm: detector.NFDE, Interval: time.Second, Alpha: alpha, Window: window}, sim.Config{
				Seed: 3, Network: l.network(), Until: sim.Time(float64(sample()) * want.Recurrence * 1e9),
				Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock { return clock.Offset(time.Duration(id) * time.Hour) },
			})
		}
		r := measure(1000)
		agrees(t, "E[T_MR]", want.Recurrence, r.Recurrence())
		agrees(t, "E[T_M]", want.Mistake, r.Mistake())
		agrees(t, "P_A", want.Accuracy, r.Accuracy())
		if alpha < 100*ms {
			require.Less(t, measure(2).Recurrence().Value, 0.9*want.Recurrence)
		}
	}
}

// What a monitor of NFD-E sees is enough to configure it: its window estimates loss and variance, and the parameters that
// they give are near those of the true ones.
func TestNFDEEstimatesWhatItIsConfiguredBy(t *testing.T) {
	l := link{0.1, exponential(20 * ms)}
	c := detector.Config{Algorithm: detector.NFDE, Interval: 100 * ms, Alpha: 100 * ms, Window: 10_000, Pairs: detector.Star}
	w, err := sim.New(sim.Config{
		Nodes: 2, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: l.network(), Until: sim.Time(20 * time.Minute),
		Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock { return clock.Offset(time.Duration(id) * time.Minute) },
	})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	loss, variance := w.View().Process(0).(*detector.Process).Monitor(1).(*detector.Expected).Estimate()
	require.InDelta(t, 0.1, loss, 4*math.Sqrt(0.1*0.9/1e4))
	require.InDelta(t, 4e-4, variance, 4*4e-4*math.Sqrt(8.0/1e4), "the variance of an exponential sample has 8 var^2/n")

	r := detector.Requirements{Detection: 2 * time.Second, Recurrence: time.Hour, Mistake: time.Second}
	eta, alpha, err := r.NFDU(loss, variance)
	require.NoError(t, err)
	truth, _, err := r.NFDU(0.1, 4e-4)
	require.NoError(t, err)
	require.InEpsilon(t, truth, eta, 0.05)
	require.GreaterOrEqual(t, l.law().NFDS(eta, alpha+20*ms).Recurrence, 3600.0)

	none, _ := detector.NewExpected(0, eta, alpha, 10).Estimate()
	require.True(t, math.IsNaN(none))
}

// With drifting clocks the freshness points of NFD-S wander off the heartbeats: once the sender's clock is more than
// delta behind, it suspects for good, and when it is ahead, detection takes as much longer. NFD-E follows the sender.
func TestDriftIsWhatNFDSCannotStand(t *testing.T) {
	const skew = 100 * clock.PPM
	l := link{0.01, exponential(20 * ms)}
	horizon := sim.Time(20_000 * time.Second) // in which the clocks come 2 s apart
	drifting := func(sender, monitor clock.PPB) func(sim.NodeID, *sim.Rand) sim.Clock {
		return func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			if id == 0 {
				return clock.Drift{By: monitor}
			}
			return clock.Drift{By: sender}
		}
	}
	wrong := func(c detector.Config, clocks func(sim.NodeID, *sim.Rand) sim.Clock) float64 {
		c.Interval, c.Pairs = time.Second, detector.Star
		suspected := 0
		var world *sim.World
		cfg := sim.Config{Nodes: 2, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: l.network(), Clock: clocks}
		world, err := sim.New(cfg)
		require.NoError(t, err)
		const looks = 2000
		for i := range sim.Time(looks) {
			require.NoError(t, world.RunUntil(horizon/2+i*horizon/2/looks))
			if world.View().Process(0).(*detector.Process).Suspects(1) {
				suspected++
			}
		}
		return float64(suspected) / looks
	}
	nfds := detector.Config{Algorithm: detector.NFDS, Delta: 500 * ms}
	nfde := detector.Config{Algorithm: detector.NFDE, Alpha: 480 * ms}
	require.Less(t, wrong(nfds, nil), 0.02, "clocks in step")
	require.Greater(t, wrong(nfds, drifting(-skew, 0)), 0.9, "the sender's clock falls behind, by 1 s and more")
	require.Less(t, wrong(nfds, drifting(skew, 0)), 0.02, "a sender ahead is trusted the more")
	require.Less(t, wrong(nfde, drifting(-skew, 0)), 0.02)
	require.Less(t, wrong(nfde, drifting(skew, -skew)), 0.02)
}

// A timeout over a link of constant delay errs when losses come in a row: with 2.5 intervals, two of them.
func TestTimeoutOverLossHasTheQualityOfItsClosedForm(t *testing.T) {
	for _, c := range []struct {
		timeout time.Duration
		loss    float64
	}{{250 * ms, 0.1}, {99 * ms, 0.01}, {199 * ms, 0.3}, {300 * ms, 0.4}} {
		want := detector.TimeoutOverLoss(100*ms, c.timeout, 10*ms, c.loss)
		r := observe(t, detector.Config{Interval: 100 * ms, Timeout: c.timeout}, sim.Config{
			Seed: 1, Network: network.Loss{P: c.loss, Inner: sim.ConstantDelay(10 * ms)}, Until: sim.Time(float64(sample()) * want.Recurrence * 1e9),
		})
		agrees(t, "E[T_MR]", want.Recurrence, r.Recurrence())
		agrees(t, "E[T_M]", want.Mistake, r.Mistake())
		agrees(t, "P_A", want.Accuracy, r.Accuracy())
	}
}

// crashes takes node 1 down for 4 s at a random phase of its heartbeats, again and again.
func crashes(n int, eta time.Duration) sim.Schedule {
	r := sim.NewRand(1, sim.ForStudy)
	var s sim.Schedule
	at := sim.Time(0)
	for range n {
		at = at.Add(3*time.Second + r.Duration(0, eta))
		s = append(s, sim.At{Time: at, Action: sim.Crash{Node: 1}})
		at = at.Add(4 * time.Second)
		s = append(s, sim.At{Time: at, Action: sim.Recover{Node: 1}})
	}
	return s
}

// Heartbeat 100 ms, timeout 300 ms, delay 10 ms: detection takes 210 to 310 ms, uniformly, and 260 on average.
func TestDetectionTimeOfAPlainTimeout(t *testing.T) {
	r := observe(t, detector.Config{Interval: 100 * ms, Timeout: 300 * ms}, sim.Config{
		Network: sim.ConstantDelay(10 * ms), Faults: []sim.Fault{crashes(sample(), 100*ms)}, Until: sim.Time(sample()) * sim.Time(7100*ms),
		Properties: []sim.Property{detector.StrongCompleteness(310*ms + 1)},
	})
	require.Len(t, r.Detections, sample())
	require.Zero(t, r.Undetected)
	require.Zero(t, r.Mistakes)
	agrees(t, "E[T_D]", 0.260, r.Detection())
	require.InDelta(t, 260, detector.TimeoutOverLoss(100*ms, 300*ms, 10*ms, 0).Detection*1e3, 1e-9)
	require.GreaterOrEqual(t, slices.Min(r.Detections), 210*ms)
	require.Less(t, slices.Min(r.Detections), 212*ms)
	require.LessOrEqual(t, slices.Max(r.Detections), 310*ms+1, "a nanosecond after the deadline")
	require.Greater(t, slices.Max(r.Detections), 308*ms)

	fallen := verdict(t, detector.Config{Interval: 100 * ms, Timeout: 300 * ms}, sim.Config{
		Network: sim.ConstantDelay(10 * ms), Faults: []sim.Fault{crashes(20, 100*ms)}, Until: sim.Time(140 * time.Second),
		Properties: []sim.Property{detector.StrongCompleteness(200 * ms)},
	})
	require.Equal(t, sim.Violation, fallen.Verdict)
}

// The time in which crashes are detected when heartbeats are lost: sooner, for some have begun to be suspected before.
func TestDetectionTimeOverLoss(t *testing.T) {
	eta := 100 * ms
	for _, c := range []struct {
		config detector.Config
		link   link
		want   detector.Quality
	}{
		{detector.Config{Algorithm: detector.NFDS, Delta: 120 * ms}, link{0.3, exponential(40 * ms)}, link{0.3, exponential(40 * ms)}.law().NFDS(eta, 120*ms)},
		{detector.Config{Algorithm: detector.NFDS, Delta: 300 * ms}, link{0.1, exponential(10 * ms)}, link{0.1, exponential(10 * ms)}.law().NFDS(eta, 300*ms)},
		{detector.Config{Timeout: 150 * ms}, link{0.4, dist.Constant{Value: 1e7}}, detector.TimeoutOverLoss(eta, 150*ms, 10*ms, 0.4)},
	} {
		c.config.Interval = eta
		r := observe(t, c.config, sim.Config{Seed: 2, Network: c.link.network(), Faults: []sim.Fault{crashes(sample(), eta)}, Until: sim.Time(sample()) * sim.Time(7100*ms)})
		require.Len(t, r.Detections, sample())
		agrees(t, "E[T_D]", c.want.Detection, r.Detection())
		require.LessOrEqual(t, slices.Max(r.Detections).Seconds(), c.want.DetectionMax+1e-9)
	}
}

// The bound of NFD-S does not depend on the network: not even when heartbeats arrive long after the crash.
func TestNFDSDetectsInTimeWhateverTheDelays(t *testing.T) {
	c := detector.Config{Algorithm: detector.NFDS, Interval: 100 * ms, Delta: 50 * ms}
	slow := network.Loss{P: 0.3, Inner: network.Latency{Law: dist.Pareto{Min: 1e6, Alpha: 0.5}}}
	r := observe(t, c, sim.Config{
		Network: slow, Faults: []sim.Fault{crashes(100, 100*ms)}, Until: sim.Time(700 * time.Second),
		Properties: []sim.Property{detector.StrongCompleteness(150*ms + 1)},
	})
	require.Greater(t, len(r.Detections), 90)
	require.Zero(t, r.Undetected)
	require.LessOrEqual(t, slices.Max(r.Detections), 150*ms+1)
}
