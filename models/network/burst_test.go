package network_test

import (
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/models/network"
	"lightcone/sim"
)

// losses sends n messages at a fixed gap and says which were lost.
func losses(t *testing.T, net sim.Network, n int, gap time.Duration) []bool {
	l := over(net)
	lost := make([]bool, n)
	for i := range lost {
		lost[i] = l.one(t, at(time.Duration(i)*gap)).Cause == sim.Loss
	}
	return lost
}

func share(lost []bool) float64 {
	n := 0
	for _, l := range lost {
		if l {
			n++
		}
	}
	return float64(n) / float64(len(lost))
}

// bursts returns the lengths of the runs of losses.
func bursts(lost []bool) []int {
	var lengths []int
	run := 0
	for _, l := range lost {
		if l {
			run++
		} else if run > 0 {
			lengths, run = append(lengths, run), 0
		}
	}
	return lengths
}

// chainError is the standard error of the share of time that a stationary two-state chain spends in a state of
// probability p, when its correlation from one step to the next is rho: the independent one's, times
// sqrt((1+rho)/(1-rho)).
func chainError(p, rho float64, n int) float64 {
	return shareError(p, n) * math.Sqrt((1+rho)/(1-rho))
}

// requireGeometric wants run lengths to follow the geometric law of the given mean: by their mean, and by chi-square at
// 1 in 10,000.
func requireGeometric(t *testing.T, mean float64, lengths []int) {
	t.Helper()
	n, sum := len(lengths), 0
	const last = 12 // lengths from here on are one class
	var observed [last]float64
	for _, l := range lengths {
		sum += l
		observed[min(l, last)-1]++
	}
	requireMean(t, mean, float64(sum)/float64(n), math.Sqrt(mean*(mean-1)/float64(n)))
	chi2, tail := 0.0, float64(n)
	for i, o := range observed {
		want := tail / mean // P(length = i+1 | length > i) = 1/mean
		if i == last-1 {
			want = tail
		}
		tail -= want
		chi2 += (o - want) * (o - want) / want
	}
	holds(t, chi2 < distuv.ChiSquared{K: last - 1}.Quantile(1-1e-4), "chi-square", chi2)
}

func TestBurstsByPacket(t *testing.T) {
	const loss, burst, n = 0.05, 4.0, 400_000
	lost := losses(t, &network.GilbertElliott{Loss: loss, Burst: burst}, n, 0)
	rho := 1 - 1/burst - loss/(1-loss)/burst
	requireMean(t, loss, share(lost), chainError(loss, rho, n))
	requireGeometric(t, burst, bursts(lost))
}

// Sampled every gap, a continuous chain with rates a and b out of its states is a discrete one of correlation
// exp(-(a+b) gap).
func TestBurstsInTime(t *testing.T) {
	const loss, burst, gap, n = 0.1, 20 * ms, 5 * ms, 400_000
	lost := losses(t, &network.GilbertElliott{Loss: loss, BurstTime: burst}, n, gap)
	leave := 1 / float64(burst)
	enter := leave * loss / (1 - loss)
	rho := math.Exp(-(leave + enter) * float64(gap))
	requireMean(t, loss, share(lost), chainError(loss, rho, n))
	requireGeometric(t, 1/((1-loss)*(1-rho)), bursts(lost))
}

// Both motions at once have the same stationary law as each alone.
func TestBurstsByPacketAndInTime(t *testing.T) {
	const loss, burst, gap, n = 0.1, 4.0, 5 * ms, 200_000
	lost := losses(t, &network.GilbertElliott{Loss: loss, Burst: burst, BurstTime: 20 * ms}, n, gap)
	rho := 1 - 1/burst - loss/(1-loss)/burst // time only shortens the memory
	requireMean(t, loss, share(lost), chainError(loss, rho, n))
}

// In Elliott's channel both states lose, and the mean spell of the bad one shows in the correlation of losses:
// Cov(lost now, lost next) = var of the state's loss * rho.
func TestElliott(t *testing.T) {
	const loss, good, bad, burst, n = 0.05, 0.01, 0.6, 5.0, 400_000
	lost := losses(t, &network.GilbertElliott{Loss: loss, LossGood: good, LossBad: bad, Burst: burst}, n, 0)
	pi := (loss - good) / (bad - good)
	rho := 1 - 1/burst - pi/(1-pi)/burst
	requireMean(t, loss, share(lost), chainError(loss, rho, n))
	pairs := 0
	for i := range n - 1 {
		if lost[i] && lost[i+1] {
			pairs++
		}
	}
	want := loss*loss + pi*(1-pi)*(bad-good)*(bad-good)*rho
	requireMean(t, want, float64(pairs)/n, chainError(want, rho, n))
}

func TestBurstTimelineIgnoresTraffic(t *testing.T) {
	net := func() sim.Network { return &network.GilbertElliott{Loss: 0.3, BurstTime: 20 * ms} }
	often, seldom := losses(t, net(), 70_000, ms), losses(t, net(), 10_000, 7*ms)
	for i, lost := range seldom {
		equal(t, often[7*i], lost, "at %d ms", 7*i)
	}
}

// A link that is idle for ages is as stationary as ever, and answers at once.
func TestBurstsAfterAges(t *testing.T) {
	const loss, n = 0.2, 4_000
	lost := 0
	for seed := range uint64(n) {
		l := &travel{net: &network.GilbertElliott{Loss: loss, BurstTime: time.Microsecond}, seed: seed, to: 1}
		l.one(t, 0)
		if l.one(t, at(1000*time.Hour)).Cause == sim.Loss {
			lost++
		}
	}
	requireMean(t, loss, float64(lost)/n, shareError(loss, n))
}

// Spells may last longer than any run: then the link's first state is its only one.
func TestEndlessBursts(t *testing.T) {
	const loss, n = 0.2, 4_000
	bad := 0
	for seed := range uint64(n) {
		l := &travel{net: &network.GilbertElliott{Loss: loss, BurstTime: 100_000 * time.Hour}, seed: seed, to: 1}
		first := l.one(t, 0).Cause
		for i := range 5 {
			equal(t, first, l.one(t, at(time.Duration(i)*time.Second)).Cause)
		}
		if first == sim.Loss {
			bad++
		}
	}
	requireMean(t, loss, float64(bad)/n, shareError(loss, n))
}
