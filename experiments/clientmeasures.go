package experiments

import (
	"math"
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
)

// The measures of what clients saw.
const (
	askedName        = "operations"
	unknownName      = "operations of unknown outcome"
	availabilityName = "availability"
	medianName       = "latency, median"
	tailName         = "latency, 99th percentile"
	attemptsPerName  = "attempts per operation"
	messagesName     = "messages per operation"
)

// clientMeasures reads off a run what its clients saw.
func clientMeasures(h check.History, v sim.View) []Measure {
	counts := kv.CountsOf(v)
	var ok, failures int
	var latencies []time.Duration
	for _, o := range h {
		switch o.Outcome {
		case check.OK:
			ok++
			latencies = append(latencies, o.Return.Sub(o.Invoke))
		case check.Failed:
			failures++
		}
	}
	slices.Sort(latencies)
	underWay := counts.Asked - counts.OK - counts.Failed - counts.Unknown
	ended := len(h) - underWay
	return []Measure{
		plainMeasure(askedName, "operations", float64(len(h)), 1),
		plainMeasure(unknownName, "operations", float64(ended-ok-failures), 1),
		plainMeasure(availabilityName, "of operations", ratio(ok, ended), ended),
		quantile(medianName, latencies, 0.5),
		quantile(tailName, latencies, 0.99),
		plainMeasure(attemptsPerName, "attempts", ratio(counts.Attempts, counts.Asked), counts.Asked),
		plainMeasure(messagesName, "messages", ratio(int(v.Stats().Sent), ok), ok),
	}
}

// plainMeasure is a measure without an interval and without a closed form.
func plainMeasure(name, unit string, value float64, n int) Measure {
	return Measure{Name: name, Unit: unit, Value: value, N: n, Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
}

// ratio is a share, NaN of nothing.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// quantile is a quantile of sorted times, in milliseconds. Its interval is that of order statistics: between the ranks
// np - 4 sqrt(np(1-p)) and np + 4 sqrt(np(1-p)), whatever the law (David and Nagaraja, Order Statistics, 2003, section
// 7.1); not known if there are too few times for such ranks.
func quantile(name string, sorted []time.Duration, p float64) Measure {
	n := float64(len(sorted))
	m := plainMeasure(name, "ms", math.NaN(), len(sorted))
	if len(sorted) == 0 {
		return m
	}
	at := func(rank float64) float64 { return float64(sorted[int(rank)]) / float64(time.Millisecond) }
	m.Value = at(math.Min(n-1, math.Floor(n*p)))
	spread := float64(4 * math.Sqrt(n*p*(1-p)))
	if low, high := math.Floor(float64(n*p)-spread), math.Ceil(float64(n*p)+spread); low >= 0 && high <= n-1 {
		m.Low, m.High = at(low), at(high)
	}
	return m
}
