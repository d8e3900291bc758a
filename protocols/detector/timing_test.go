package detector_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/clock"
	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/protocols/detector"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

const (
	eta   = 100 * ms
	delta = 30 * ms // the bound on the delay of the timing models
)

// first delays the first n messages of each link by nothing, and all later ones by a constant.
type first struct {
	n    uint64
	then time.Duration
}

func (f first) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	if p.K <= f.n {
		return append(dst, sim.Copy{})
	}
	return append(dst, sim.Copy{Delay: f.then})
}

// alternating delays one message by nothing and the next by a constant.
type alternating time.Duration

func (a alternating) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	return append(dst, sim.Copy{Delay: time.Duration(p.K%2) * time.Duration(a)})
}

// verdict runs a detector on two nodes and says how it fared.
func verdict(t *testing.T, c detector.Config, cfg sim.Config) *sim.Result {
	t.Helper()
	require.NoError(t, c.Validate())
	cfg.Nodes, cfg.New = 2, func(sim.NodeID) sim.Process { return detector.New(c) }
	cfg.Properties = append(cfg.Properties, c.Properties()...)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	return w.Run()
}

// Synchronous model, clocks that do not drift: the least parameters with which each algorithm is never wrong. The first
// run of each pair is as bad as the model allows, and passes; with a nanosecond less it does not.
func TestSynchronousLeastParameters(t *testing.T) {
	sync := func(n sim.Network) sim.Network { return network.Synchronous{Inner: n, Delta: delta} }
	for _, c := range []struct {
		config func(less time.Duration) detector.Config
		worst  sim.Network
	}{
		{func(less time.Duration) detector.Config {
			return detector.Config{Algorithm: detector.Timeout, Timeout: eta + delta - less}
		}, sync(alternating(delta))},
		{func(less time.Duration) detector.Config {
			return detector.Config{Algorithm: detector.Growing, Timeout: eta + delta - less, Step: 1}
		}, sync(first{10, delta})},
		{func(less time.Duration) detector.Config {
			return detector.Config{Algorithm: detector.Ping, Timeout: 2*delta - less}
		}, sync(sim.ConstantDelay(delta))},
		{func(less time.Duration) detector.Config {
			return detector.Config{Algorithm: detector.NFDS, Delta: delta - less}
		}, sync(sim.ConstantDelay(delta))},
		{func(less time.Duration) detector.Config {
			return detector.Config{Algorithm: detector.NFDE, Alpha: delta - less, Window: 10}
		}, sync(first{10, delta})},
	} {
		t.Run(string(c.config(0).Algorithm), func(t *testing.T) {
			claims := []sim.Property{detector.StrongAccuracy(0, 0)}
			for less, want := range []sim.Verdict{sim.Pass, sim.Violation} {
				config := c.config(time.Duration(less))
				config.Interval = eta
				r := verdict(t, config, sim.Config{Network: c.worst, Properties: claims, Until: sim.Time(10 * time.Second)})
				require.Equal(t, want, r.Verdict, "%d ns less than the bound: %v", less, r.Err)
			}
		})
	}
}

// And no run of the model is worse: random delays, all clocks as they like within the drift, and crashes, which are
// detected in time.
func TestSynchronousIsNeverWrong(t *testing.T) {
	const drift = 200 * clock.PPM
	timeout := detector.LeastTimeout(eta, delta, int64(drift))
	for _, c := range []detector.Config{
		{Algorithm: detector.Timeout, Timeout: timeout},
		{Algorithm: detector.Growing, Timeout: timeout, Step: ms},
		{Algorithm: detector.Ping, Timeout: 2*delta + ms},
	} {
		t.Run(string(c.Algorithm), func(t *testing.T) {
			c.Interval = eta
			bound := detector.DetectionBound(timeout, delta, int64(drift))
			simtest.Run(t, sim.Config{
				Nodes: 4, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Until: sim.Time(20 * time.Second),
				Properties: append(c.Properties(), detector.StrongAccuracy(0, eta+3*delta), detector.StrongCompleteness(bound), crashSeen()),
				Shuffle:    true,
			}, simtest.Options{Runs: 10, Vary: func(seed uint64, cfg *sim.Config) {
				law := []dist.Dist{dist.Uniform{Lo: 0, Hi: float64(delta)}, dist.Bernoulli{P: 0.5}, dist.Exponential{Mean: 1e8}}[seed%3]
				if seed%3 == 1 {
					law = dist.Scaled{Of: law, By: float64(delta)}
				}
				cfg.Network = network.Synchronous{Delta: delta, Inner: network.Loss{P: 0.1, Inner: network.Latency{Law: law}}}
				cfg.Clock = func(id sim.NodeID, r *sim.Rand) sim.Clock {
					extreme := []clock.PPB{-drift, drift, clock.PPB(r.IntN(401)-200) * clock.PPM}
					return clock.Drift{Offset: r.Duration(0, time.Hour), By: extreme[r.IntN(3)]}
				}
				r := sim.NewRand(seed, sim.ForStudy)
				cfg.Faults = []sim.Fault{sim.Schedule{
					{Time: sim.Time(r.Duration(time.Second, 2*time.Second)), Action: sim.Crash{Node: 3}},
					{Time: sim.Time(r.Duration(5*time.Second, 6*time.Second)), Action: sim.Recover{Node: 3}},
					{Time: sim.Time(r.Duration(10*time.Second, 11*time.Second)), Action: sim.Crash{Node: 1}},
				}}
			}})
		})
	}
}

// crashSeen holds once a node that is down is suspected.
func crashSeen() sim.Property {
	return sim.Property{Name: "a crash is detected", Mode: sim.Sometimes, Check: func(v sim.View) error {
		for id := range sim.NodeID(v.Nodes()) {
			if p, ok := v.Process(id).(*detector.Process); ok {
				for _, q := range p.Suspected() {
					if !v.Up(q) {
						return nil
					}
				}
			}
		}
		return errors.New("not yet")
	}}
}

// With drift the bound is exact too: a slow sender, a fast monitor, a fast heartbeat and a slow one after it. With a
// nanosecond less than the bound the same run is wrong. The interval is one at which both roundings of the bound cost
// most of a nanosecond, so that they are met with in a few heartbeats.
func TestLeastTimeoutUnderDriftIsTheLeast(t *testing.T) {
	const drift, interval = 200 * clock.PPM, eta + 3500
	timeout := detector.LeastTimeout(interval, delta, int64(drift))
	require.Equal(t, eta+delta, detector.LeastTimeout(eta, delta, 0))
	require.InDelta(t, (100.0035/0.9998+30)*1.0002e6, float64(timeout), 2)
	for less, want := range []sim.Verdict{sim.Pass, sim.Violation} {
		r := verdict(t, detector.Config{Interval: interval, Timeout: timeout - time.Duration(less)}, sim.Config{
			Network: network.Synchronous{Inner: alternating(delta), Delta: delta}, Until: sim.Time(100 * time.Second),
			Properties: []sim.Property{detector.StrongAccuracy(0, 0)},
			Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
				if id == 0 {
					return clock.Drift{By: drift}
				}
				return clock.Drift{By: -drift}
			},
		})
		require.Equal(t, want, r.Verdict)
	}
}

// The bound on detection is reached: a crash at the moment of a heartbeat that takes delta, seen by a slow clock.
func TestDetectionBoundIsReached(t *testing.T) {
	const drift = 200 * clock.PPM
	timeout := detector.LeastTimeout(eta, delta, int64(drift))
	bound := detector.DetectionBound(timeout, delta, int64(drift))
	r := observe(t, detector.Config{Interval: eta, Timeout: timeout}, sim.Config{
		Network: sim.ConstantDelay(delta), Until: sim.Time(3 * time.Second),
		Faults: []sim.Fault{sim.Schedule{{Time: sim.Time(time.Second), Action: sim.CrashDuring{Node: 1, After: 1}}}},
		Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			if id == 0 {
				return clock.Drift{By: -drift}
			}
			return nil
		},
	})
	require.Len(t, r.Detections, 1)
	require.InDelta(t, float64(bound), float64(r.Detections[0]), 1)
	require.LessOrEqual(t, r.Detections[0], bound)
}

// partial is partial synchrony: chaos and losses before GST, and after it delays of at most delta.
func partial(gst sim.Time) sim.Network {
	return network.PartiallySynchronous{
		Before: network.Loss{P: 0.4, Inner: network.Latency{Law: dist.Pareto{Min: 1e6, Alpha: 0.7}}},
		Inner:  network.Latency{Law: dist.Scaled{Of: dist.Bernoulli{P: 0.5}, By: float64(delta)}},
		Delta:  delta, GST: gst, EarlyLoss: true,
	}
}

// Partially synchronous model: the growing timeout makes only so many mistakes after GST, and from some time on none;
// crashes after GST are detected. The timeout begins far too small.
func TestPartiallySynchronousIsEventuallyRight(t *testing.T) {
	gst := sim.Time(20 * time.Second)
	c := detector.Config{Algorithm: detector.Growing, Interval: eta, Timeout: 10 * ms, Step: 5 * ms}
	most := int((eta + delta - c.Timeout + c.Step - 1) / c.Step)
	settled := gst.Add(eta + delta)
	simtest.Run(t, sim.Config{
		Nodes: 4, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: partial(gst), Until: 3 * gst,
		Faults: []sim.Fault{sim.Schedule{{Time: 2 * gst, Action: sim.Crash{Node: 2}}}},
		Properties: append(c.Properties(),
			detector.EventualAccuracy(settled, most, 0),
			detector.StrongAccuracy(settled.Add(10*time.Second), 0),
			crashSeen(), mistakeMade(gst)),
		Shuffle: true,
	}, simtest.Options{Runs: 10, Check: func(v sim.View, _ *sim.Result) error {
		for id := range sim.NodeID(4) {
			if p, ok := v.Process(id).(*detector.Process); ok && !p.Suspects(2) {
				return fmt.Errorf("%v does not suspect n2, which is down", id)
			}
		}
		return nil
	}})
}

// mistakeMade holds once a live node is suspected before a time, and after it.
func mistakeMade(before sim.Time) sim.Property {
	return sim.Property{Name: "a live node is suspected before GST", Mode: sim.Sometimes, Check: func(v sim.View) error {
		if p, ok := v.Process(0).(*detector.Process); ok && v.Now() < before && p.Suspects(1) {
			return nil
		}
		return errors.New("not yet")
	}}
}

// The bound on mistakes after GST is reached when nothing was learned before, and it is what growing gains: a constant
// timeout errs at every other heartbeat, for ever.
func TestPartiallySynchronousMistakes(t *testing.T) {
	mistakes := func(c detector.Config, until sim.Time) int {
		c.Interval, c.Timeout = eta, 100*ms
		n := network.PartiallySynchronous{Inner: alternating(delta), Delta: delta}
		return observe(t, c, sim.Config{Network: n, Until: until}).Mistakes
	}
	minute := sim.Time(time.Minute)
	growing := detector.Config{Algorithm: detector.Growing, Step: 4 * ms}
	require.Equal(t, 8, mistakes(growing, minute), "30 ms, in steps of 4")
	require.Equal(t, 8, mistakes(growing, 10*minute))
	require.InDelta(t, 300, mistakes(detector.Config{}, minute), 1)
	require.InDelta(t, 3000, mistakes(detector.Config{}, 10*minute), 1)

	c := growing
	c.Interval, c.Timeout = eta, 100*ms
	for most, want := range map[int]sim.Verdict{8: sim.Pass, 7: sim.Violation} {
		r := verdict(t, c, sim.Config{Network: alternating(delta), Until: minute, Properties: []sim.Property{detector.EventualAccuracy(0, most, 0)}})
		require.Equal(t, want, r.Verdict)
	}
}

// Asynchronous model: whatever the algorithm, the adversary has a schedule under which a mistake follows every trust, and
// their number grows without bound, though every message arrives. Timeouts that grow only make them rarer.
func TestAsynchronousDefeatsEverybody(t *testing.T) {
	for _, c := range []detector.Config{
		{Algorithm: detector.Timeout, Timeout: time.Second},
		{Algorithm: detector.Growing, Timeout: time.Second, Step: 500 * ms},
		{Algorithm: detector.Ping, Timeout: time.Second},
		{Algorithm: detector.NFDS, Delta: time.Second},
		{Algorithm: detector.NFDE, Alpha: time.Second},
		{Algorithm: detector.Phi, Threshold: 8},
		{Algorithm: detector.PhiExponential, Threshold: 8},
	} {
		t.Run(string(c.Algorithm), func(t *testing.T) {
			c.Interval, c.Window = eta, 20
			before, most := 0, 64
			if testing.Short() {
				most = 4
			}
			for minutes := 1; minutes <= most; minutes *= 4 {
				certifier, end := network.NewCertifier(network.Claim{}), sim.Time(minutes)*sim.Time(time.Minute)
				r := observe(t, c, sim.Config{Network: &detector.Adversary{Config: pairwise(c)}, Until: end, Observers: []sim.Observer{certifier}})
				require.NoError(t, certifier.Err(end))
				require.Greater(t, r.Mistakes, before, "after %d min", minutes)
				require.InDelta(t, r.Mistakes, len(r.Cycles), 1, "trusted between any two")
				before = r.Mistakes
			}
			t.Logf("%d mistakes in %d minutes", before, most)
		})
	}
}

// pairwise is a configuration as observe has it.
func pairwise(c detector.Config) detector.Config {
	c.Pairs = detector.Star
	return c
}
