package network_test

import (
	"math"
	"testing"
	"time"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/sim"
)

// wild proposes what no bound can hold, and loses.
func wild() sim.Network {
	return network.Loss{P: 0.2, Inner: network.Latency{Law: dist.Pareto{Min: float64(ms), Alpha: 1}}}
}

// nothing returns no copy at all.
type nothing struct{}

func (nothing) Route(dst []sim.Copy, _ *sim.Packet, _ *sim.Rand) []sim.Copy { return dst }

func TestSynchronousBoundsEveryDelay(t *testing.T) {
	l := over(network.Synchronous{Inner: wild(), Delta: 10 * ms})
	longest, n, bounded := time.Duration(0), 20_000, 0
	for range n {
		c := l.one(t, 0)
		equal(t, sim.Delivered, c.Cause)
		longest = max(longest, c.Delay)
		if c.Delay == 10*ms {
			bounded++
		}
	}
	equal(t, 10*ms, longest)
	// Lost, or later than ten times Pareto's minimum: 0.2 + 0.8/10.
	requireMean(t, 0.28, float64(bounded)/float64(n), shareError(0.28, n))
	equal(t, []sim.Copy{{Delay: ms}}, over(network.Synchronous{Inner: nothing{}, Delta: ms}).send(0))
}

func TestPartialSynchronyHoldsFromGSTOn(t *testing.T) {
	const delta, gst = 10 * ms, 100 * ms
	lost := network.Loss{P: 1}
	for _, c := range []struct {
		name          string
		before, inner sim.Network
		early         bool
		now           time.Duration
		want          sim.Copy
	}{
		{"early and prompt", sim.ConstantDelay(50 * ms), nil, false, 0, sim.Copy{Delay: 50 * ms}},
		{"early and slow", sim.ConstantDelay(time.Hour), nil, false, 40 * ms, sim.Copy{Delay: 70 * ms}},
		{"early and lost, reliable", lost, nil, false, 40 * ms, sim.Copy{Delay: 70 * ms}},
		{"early and lost", lost, nil, true, 40 * ms, sim.Copy{Cause: sim.Loss}},
		{"just before", sim.ConstantDelay(time.Hour), nil, false, gst - 1, sim.Copy{Delay: delta + 1}},
		{"from then on", lost, sim.ConstantDelay(5 * ms), true, gst, sim.Copy{Delay: 5 * ms}},
		{"late and slow", nil, sim.ConstantDelay(time.Hour), true, gst, sim.Copy{Delay: delta}},
		{"late and lost", nil, lost, true, gst, sim.Copy{Delay: delta}},
		{"one network", nil, sim.ConstantDelay(50 * ms), false, 0, sim.Copy{Delay: 50 * ms}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := network.PartiallySynchronous{Inner: c.inner, Before: c.before, Delta: delta, GST: at(gst), EarlyLoss: c.early}
			equal(t, c.want, over(n).one(t, at(c.now)))
		})
	}
}

// Each model goes by its textbook name, in both forms of partial synchrony.
func TestClaimsGoByTheirNames(t *testing.T) {
	for want, model := range map[string]network.TimingModel{
		"synchronous (Delta 10ms)":                           network.Synchronous{Delta: 10 * ms},
		"partially synchronous (unknown Delta 10ms)":         network.PartiallySynchronous{Delta: 10 * ms},
		"partially synchronous (Delta 10ms after GST 100ms)": network.PartiallySynchronous{Delta: 10 * ms, GST: at(100 * ms)},
		"asynchronous": &network.Asynchronous{},
	} {
		equal(t, want, model.Claim().String())
	}
	equal(t, "asynchronous, FIFO", network.Claim{FIFO: true}.String())
}

func TestDrawnBoundsAreTheSeeds(t *testing.T) {
	const n, lo, hi = 10_000, 10 * ms, 90 * ms
	sum := 0.0
	for seed := range uint64(n) {
		d := network.DrawDelta(seed, lo, hi)
		equal(t, d, network.DrawDelta(seed, lo, hi))
		between(t, lo, hi, d)
		between(t, at(lo), at(hi), network.DrawGST(seed, at(lo), at(hi)))
		sum += float64(d)
	}
	uniform := float64(hi-lo) / math.Sqrt(12)
	requireMean(t, float64(lo+hi)/2, sum/n, uniform/math.Sqrt(n))
}

// However large the bound, some message exceeds it, as often as Pareto's law has it: (Min/x)^Alpha.
func TestAsynchronousHasNoBound(t *testing.T) {
	const n = 200_000
	l := over(&network.Asynchronous{Held: 1})
	var beyond [3]int
	bounds := [3]time.Duration{time.Second, 10 * time.Second, time.Minute}
	for range n {
		d := l.one(t, 0).Delay
		for i, b := range bounds {
			if d > b {
				beyond[i]++
			}
		}
	}
	for i, b := range bounds {
		p := math.Pow(0.1/b.Seconds(), 1.5)
		requireMean(t, p, float64(beyond[i])/n, shareError(p, n))
		holds(t, beyond[i] > 0)
	}
}

func TestAsynchronousLosesNothing(t *testing.T) {
	for _, inner := range []sim.Network{network.Loss{P: 1}, nothing{}} {
		c := over(&network.Asynchronous{Inner: inner}).one(t, 0)
		equal(t, sim.Delivered, c.Cause)
		holds(t, c.Delay >= 100*ms, "sent again at once")
	}
}

// A starved link lets nothing through, then everything at once. What it holds waits for the rest of an exponential
// spell, on average as long as a whole one.
func TestStarvation(t *testing.T) {
	const starved, mean, n = 0.2, 50 * ms, 400_000
	l := over(&network.Asynchronous{Starved: starved, Starvation: mean})
	held, end := 0, sim.Time(0)
	sum := 0.0
	for i := range n {
		now := at(time.Duration(i) * ms)
		d := l.one(t, now).Delay
		if d == 0 {
			holds(t, now >= end, "let through while starved")
			continue
		}
		holds(t, now >= end || now.Add(d) == end, "a spell has one end")
		end = now.Add(d)
		held++
		sum += float64(d)
	}
	rho := math.Exp(-float64(ms) / float64(mean) / (1 - starved))
	requireMean(t, starved, float64(held)/n, chainError(starved, rho, n))
	spells := starved * n * float64(ms) / float64(mean)
	// The mean over messages is half the spells' mean square over their mean, 1 + CV of both sums: a relative error of
	// sqrt(5/spells).
	requireMean(t, 1, sum/float64(held)/float64(mean), math.Sqrt(5/spells))
}

func TestReversal(t *testing.T) {
	l := over(&network.Asynchronous{Reversed: 1, Window: 10 * ms, Inner: sim.ConstantDelay(ms)})
	for window := range 3 {
		last := sim.Never
		for i := range 10 {
			now := at(time.Duration(10*window+i) * ms)
			arrives := now.Add(l.one(t, now).Delay)
			holds(t, arrives < last, "in order")
			last = arrives
		}
		equal(t, at(time.Duration(10*window+12)*ms), last, "the last sent arrives as long after the window's end as it was sent before")
	}
}

func TestReversedWindowsAreAShare(t *testing.T) {
	const p, n = 0.3, 50_000
	l := over(&network.Asynchronous{Reversed: p, Window: ms})
	reversed := 0
	for i := range n {
		if l.one(t, at(time.Duration(i)*ms)).Delay > 0 {
			reversed++
		}
	}
	requireMean(t, p, float64(reversed)/n, shareError(p, n))
}
