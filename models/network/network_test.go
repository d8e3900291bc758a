package network_test

import (
	"math"
	"testing"
	"time"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/sim"
)

const ms = time.Millisecond

// at is the time of a moment of the run.
func at(d time.Duration) sim.Time { return sim.Time(d) }

// travel is one link under test, without a world.
type travel struct {
	net      sim.Network
	seed     uint64
	from, to sim.NodeID
	k        uint64
	message  sim.Message
	copies   []sim.Copy
}

// send routes the link's next message at the given time. The result is good until the next call.
func (l *travel) send(now sim.Time) []sim.Copy {
	l.k++
	r := sim.NewRand(l.seed, uint64(l.from), uint64(l.to), l.k)
	p := sim.Packet{Seed: l.seed, Now: now, From: l.from, To: l.to, K: l.k, Message: l.message}
	l.copies = l.net.Route(l.copies[:0], &p, &r)
	return l.copies
}

// one routes the link's next message, of which there must be one copy.
func (l *travel) one(t testing.TB, now sim.Time) sim.Copy {
	t.Helper()
	c := l.send(now)
	equal(t, 1, len(c))
	return c[0]
}

func over(n sim.Network) *travel { return &travel{net: n, seed: 1, to: 1, message: "m"} }

// shareError is the standard error of a share p among n independent trials.
func shareError(p float64, n int) float64 { return math.Sqrt(p * (1 - p) / float64(n)) }

// stack is one of everything, timing models apart.
func stack() sim.Network {
	law := dist.Exponential{Mean: float64(5 * ms)}
	var n sim.Network = network.Latency{Law: law}
	n = &network.PerLink{Default: n, Links: []network.Link{{From: 0, To: 2, Network: network.WAN()}}}
	n = network.Phases{{From: 0, Network: n}, {From: at(300 * ms), Network: network.LAN()}}
	n = &network.GilbertElliott{Inner: n, Loss: 0.05, Burst: 3, BurstTime: 10 * ms}
	n = network.Loss{Inner: n, P: 0.02}
	n = network.Corrupt{Inner: n, P: 0.02}
	n = network.Reorder{Inner: n, P: 0.1, Hold: law}
	n = &network.Bandwidth{Inner: n, Rate: 1_000_000, Buffer: 2_000}
	n = network.Duplicate{Inner: n, P: 0.05, Lag: law}
	return &network.FIFO{Inner: n}
}

// models is a stack under each timing model.
func models() map[string]network.TimingModel {
	return map[string]network.TimingModel{
		"synchronous":                    network.Synchronous{Inner: stack(), Delta: 20 * ms},
		"partially synchronous, unknown": network.PartiallySynchronous{Inner: stack(), Delta: network.DrawDelta(1, 10*ms, 90*ms)},
		"partially synchronous, GST": network.PartiallySynchronous{
			Inner: stack(), Before: network.Adversary(stack()), Delta: 20 * ms, GST: at(250 * ms)},
		"partially synchronous, losing": network.PartiallySynchronous{
			Inner: stack(), Before: network.Loss{P: 0.5}, Delta: 20 * ms, GST: at(250 * ms), EarlyLoss: true},
		"asynchronous": network.Adversary(stack()),
	}
}

func TestLossesAreIndependentAndAsFrequentAsStated(t *testing.T) {
	const p, n = 0.03, 200_000
	l := over(network.Loss{P: p})
	lost, pairs, before := 0, 0, false
	for range n {
		now := l.one(t, 0).Cause == sim.Loss
		if now {
			lost++
		}
		if now && before {
			pairs++
		}
		before = now
	}
	requireMean(t, p, float64(lost)/n, shareError(p, n))
	requireMean(t, p*p, float64(pairs)/n, shareError(p*p, n)) // neighbours are correlated by less than that
}

// With a higher P, everything is lost that was lost before: the draws are the same.
func TestMoreLossLosesTheSameAndMore(t *testing.T) {
	less, more := over(network.Loss{P: 0.1}), over(network.Loss{P: 0.2})
	extra := 0
	for range 10_000 {
		a, b := less.one(t, 0).Cause, more.one(t, 0).Cause
		if a == sim.Loss {
			equal(t, sim.Loss, b)
		} else if b == sim.Loss {
			extra++
		}
	}
	requireMean(t, 0.1, float64(extra)/10_000, shareError(0.1, 10_000))
}

func TestDuplicatesHaveTheirOwnDelay(t *testing.T) {
	const p, n = 0.2, 50_000
	l := over(network.Duplicate{P: p, Inner: network.Latency{Law: dist.Exponential{Mean: float64(ms)}}})
	doubled, secondFirst := 0, 0
	for range n {
		c := l.send(0)
		between(t, 0, 2, len(c))
		if len(c) == 2 {
			doubled++
			if c[1].Delay < c[0].Delay {
				secondFirst++
			}
		}
	}
	requireMean(t, p, float64(doubled)/n, shareError(p, n))
	requireMean(t, 0.5, float64(secondFirst)/float64(doubled), shareError(0.5, doubled)) // two draws of one law
}

func TestDuplicatesLag(t *testing.T) {
	n := network.Duplicate{P: 1, Inner: network.Loss{P: 0}, Lag: dist.Constant{Value: 7}}
	equal(t, []sim.Copy{{}, {Delay: 7}}, over(n).send(0))
}

func TestReorderHoldsBackAShare(t *testing.T) {
	const p, n = 0.25, 50_000
	l := over(network.Reorder{P: p, Inner: sim.ConstantDelay(10), Hold: dist.Constant{Value: 5}})
	held := 0
	for range n {
		switch d := l.one(t, 0).Delay; d {
		case 15:
			held++
		default:
			equal(t, time.Duration(10), d)
		}
	}
	requireMean(t, p, float64(held)/n, shareError(p, n))
}

func TestFIFOKeepsOrderOfEachLink(t *testing.T) {
	wild := network.Duplicate{P: 0.3, Inner: network.Loss{P: 0.1, Inner: network.Latency{Law: dist.Pareto{Min: 1e6, Alpha: 1.1}}}}
	for _, gap := range []time.Duration{0, 1, ms} {
		l, plain := over(&network.FIFO{Inner: wild, Gap: gap}), over(wild)
		last, now, overtaken := sim.Time(-1<<40), sim.Time(0), 0
		end := last
		for i := range 20_000 {
			now = now.Add(time.Duration(i%3) * ms / 2)
			for j, c := range plain.send(now) {
				fifo := l.send
				if j == 0 {
					fifo(now)
				}
				if c.Cause != sim.Delivered {
					equal(t, c.Cause, l.copies[j].Cause, "a loss stays one")
					continue
				}
				holds(t, l.copies[j].Delay >= c.Delay, "nothing arrives earlier")
				if now.Add(c.Delay) < last {
					overtaken++
				}
				arrives := now.Add(l.copies[j].Delay)
				holds(t, arrives >= last.Add(gap), "overtakes")
				end = max(end, arrives)
			}
			last = end
		}
		holds(t, overtaken > 0, "without FIFO some would have overtaken")
	}
}

func TestPerLinkAndPhasesChoose(t *testing.T) {
	n := network.Phases{
		{From: at(ms), Network: &network.PerLink{
			Default: sim.ConstantDelay(1),
			Links:   []network.Link{{From: 0, To: 1, Network: sim.ConstantDelay(2)}, {From: 1, To: 0, Network: nil}},
		}},
		{From: at(2 * ms), Network: sim.ConstantDelay(3)},
	}
	holds(t, network.Validate(n) == nil)
	for _, c := range []struct {
		from, to sim.NodeID
		now      sim.Time
		want     time.Duration
	}{
		{0, 1, at(ms) - 1, 0}, {0, 1, at(ms), 2}, {1, 0, at(ms), 0}, {2, 0, at(ms), 1}, {0, 1, at(2*ms) - 1, 2},
		{0, 1, at(2 * ms), 3}, {1, 0, at(time.Hour), 3},
	} {
		l := &travel{net: n, from: c.from, to: c.to}
		equal(t, c.want, l.one(t, c.now).Delay, "%+v", c)
	}
}

func TestLatencyMatrixLooksUpPlaces(t *testing.T) {
	table := [][]time.Duration{{1 * ms, 20 * ms}, {30 * ms, 2 * ms}}
	n := network.LatencyMatrix{Delay: table, Place: []int{0, 1, 1}}
	for from := range sim.NodeID(6) {
		for to := range sim.NodeID(6) {
			l := &travel{net: n, from: from, to: to}
			place := []int{0, 1, 1, 0, 1, 1}
			equal(t, table[place[from]][place[to]], l.one(t, 0).Delay)
		}
	}
}

// The laws of jitter have known means: base * mean(Factor) + mean(Extra).
func TestJitterKeepsItsMeans(t *testing.T) {
	const n, base = 100_000, 40 * ms
	j := network.Jitter{Factor: network.Spread(0.9, 2), Extra: dist.Exponential{Mean: float64(3 * ms)}}
	l := over(network.LatencyMatrix{Delay: [][]time.Duration{{base}}, Jitter: j})
	sum := 0.0
	for range n {
		d := l.one(t, 0).Delay
		holds(t, d >= base*9/10-1, "below the floor")
		sum += float64(d)
	}
	// A gamma law of mean m and shape k has variance m*m/k.
	variance := math.Pow(float64(base)*0.1, 2)/2 + math.Pow(float64(3*ms), 2)
	requireMean(t, float64(base+3*ms), sum/n, math.Sqrt(variance/n))
}

func TestPresetsHalveTheRoundTrip(t *testing.T) {
	equal(t, 10_012_500*time.Nanosecond, over(network.HomeToCampus()).one(t, 0).Delay)
	equal(t, 124_648*time.Microsecond, over(network.HomeToUSEast1()).one(t, 0).Delay)
	equal(t, 331*time.Microsecond, over(network.WithinEC2()).one(t, 0).Delay)
}

// The means of LAN and WAN are those of their source, half a round trip each way, and no message is quicker than their
// floor.
func TestLANAndWANHaveTheStatedMeans(t *testing.T) {
	const n = 50_000
	for _, c := range []struct {
		name       string
		net        sim.Network
		mean, base time.Duration // one way
	}{{"LAN", network.LAN(), 250 * time.Microsecond, 200 * time.Microsecond}, {"WAN", network.WAN(), 75 * ms, 71250 * time.Microsecond}} {
		l, sum := over(c.net), 0.0
		for range n {
			d := l.one(t, 0).Delay
			holds(t, d >= c.base-1, c.name, "is quicker than its floor:", d)
			sum += float64(d)
		}
		// Above the floor the delay follows a gamma law of shape 2, whose variance is half its mean squared.
		requireMean(t, float64(c.mean), sum/n, float64(c.mean-c.base)/math.Sqrt(2*n))
	}
}

func TestDelaysNeverOverflow(t *testing.T) {
	const century = 100 * 365 * 24 * time.Hour
	forever := dist.Constant{Value: math.MaxFloat64}
	n := network.Latency{Law: forever, Inner: network.Latency{Law: forever, Inner: network.LatencyMatrix{
		Delay: [][]time.Duration{{ms}}, Jitter: network.Jitter{Factor: forever, Extra: forever},
	}}}
	equal(t, century, over(n).one(t, 0).Delay)
	slow := &network.Bandwidth{Rate: 1, Inner: n}
	l := over(slow)
	for range 3 {
		equal(t, century, l.one(t, 0).Delay)
	}
}

func TestValidateReportsEverythingOfAStack(t *testing.T) {
	n := network.Synchronous{Inner: network.Loss{P: 1.5, Inner: &network.Bandwidth{Rate: 0, Buffer: -1, Inner: network.Latency{}}}}
	message(t, `network: Synchronous.Delta is 0s, want more than 0 and at most 100 years
network: Loss.P is 1.5, want a probability in [0, 1]
network: Bandwidth.Rate is 0, want at least 1 bit per second
network: Bandwidth.Buffer is -1, want 0 (without bound) or bytes
network: Latency.Law is nil, want a distribution`, network.Validate(n))

	for name, bad := range map[string]sim.Network{
		"loss NaN":          network.Loss{P: math.NaN()},
		"burst unstated":    &network.GilbertElliott{Loss: 0.1},
		"burst below one":   &network.GilbertElliott{Loss: 0.1, Burst: 0.5},
		"burst too short":   &network.GilbertElliott{Loss: 0.9, Burst: 2},
		"all lost":          &network.GilbertElliott{Loss: 1, Burst: 2},
		"below LossGood":    &network.GilbertElliott{Loss: 0.1, LossGood: 0.2, Burst: 2},
		"bandwidth inside":  network.Duplicate{Inner: &network.Bandwidth{}},
		"not square":        network.LatencyMatrix{Delay: [][]time.Duration{{1, 2}}},
		"place outside":     network.LatencyMatrix{Delay: [][]time.Duration{{1}}, Place: []int{1}},
		"no place":          network.LatencyMatrix{},
		"negative delay":    network.LatencyMatrix{Delay: [][]time.Duration{{-1}}},
		"reorder lawless":   network.Reorder{P: 0.1},
		"gap":               &network.FIFO{Gap: -1},
		"undetected":        network.Corrupt{Undetected: -0.1},
		"link twice":        &network.PerLink{Links: []network.Link{{From: 0, To: 1}, {From: 0, To: 1}}},
		"phases unordered":  network.Phases{{From: 2}, {From: 2}},
		"phase inside":      network.Phases{{Network: network.Loss{P: 2}}},
		"always starved":    &network.Asynchronous{Starved: 1, Starvation: ms},
		"starved how long":  &network.Asynchronous{Starved: 0.5},
		"windows how long":  &network.Asynchronous{Reversed: 0.5},
		"GST before start":  network.PartiallySynchronous{Delta: 1, GST: -1},
		"Delta above range": network.Synchronous{Delta: math.MaxInt64},
	} {
		holds(t, network.Validate(bad) != nil, name)
	}
	holds(t, network.Validate(nil) == nil)
	for name, good := range models() {
		holds(t, network.Validate(good) == nil, name)
	}
}
