package experiments

import (
	"cmp"
	"math"
	"slices"
	"time"

	"lightcone/protocols"
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
	betweenName      = "messages between servers per operation"
	staleName        = "stale reads"
)

// measuring is what watches a run to measure it.
type measuring struct {
	own     protocols.Watcher // the protocol's; may be nil
	traffic *messageCount     // nil without clients
}

func (p *Plan) measuring() *measuring {
	m := &measuring{}
	if p.Instance.Watch != nil {
		m.own = p.Instance.Watch()
	}
	if p.Scenario.Clients != nil {
		m.traffic = &messageCount{servers: sim.NodeID(p.Scenario.NodeCount()), from: sim.Time(p.Scenario.WarmUp)}
	}
	return m
}

func (m *measuring) observers() []sim.Observer {
	var list []sim.Observer
	if m.own != nil {
		list = append(list, m.own)
	}
	if m.traffic != nil {
		list = append(list, m.traffic)
	}
	return list
}

// measures reads off a run what the protocol measures and, with clients, what these saw.
func (m *measuring) measures(p *Plan, h check.History, v sim.View) []Measure {
	list := p.Instance.Measures(v)
	if m.own != nil {
		list = append(list, m.own.Measures(v)...)
	}
	if m.traffic != nil {
		if p.Scenario.Protocol == "quorum" {
			list = append(list, staleReads(h, m.traffic.from))
		}
		list = append(list, clientMeasures(h, v, m.traffic)...)
	}
	return list
}

// staleReads is the share of the reads asked for from a time on that missed a write which had returned before.
func staleReads(h check.History, from sim.Time) Measure {
	stale, n := 0, 0
	for _, a := range check.MeasureStaleness(h, nil).Ages {
		if h[a.Op].Invoke < from {
			continue
		}
		n++
		if a.Versions > 0 {
			stale++
		}
	}
	return plainMeasure(staleName, "of reads", ratio(stale, n), n)
}

// messageCount is an observer that counts messages between different nodes, from a time on.
type messageCount struct {
	servers      sim.NodeID
	from         sim.Time
	all, between int // between: of them, those between servers
	requests     int // of them, those of clients
}

// Wants says which events it needs.
func (c *messageCount) Wants(k sim.Kind) bool { return k == sim.Send }

// Observe counts a message.
func (c *messageCount) Observe(e *sim.Event) {
	if e.From == e.To || e.Time < c.from {
		return
	}
	c.all++
	if e.From >= c.servers {
		c.requests++
	}
	if e.From < c.servers && e.To < c.servers {
		c.between++
	}
}

// clientMeasures reads off a run what its clients saw. Of one with a warm-up it takes the operations that were asked for
// after it, and the messages that were sent after it.
func clientMeasures(h check.History, v sim.View, traffic *messageCount) []Measure {
	counts := kv.CountsOf(v)
	underWay := counts.Asked - counts.OK - counts.Failed - counts.Unknown
	if traffic.from > 0 {
		h = since(h, traffic.from)
		counts.Attempts, counts.Asked = traffic.requests, len(h)
	}
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
	ended := len(h) - min(underWay, len(h)-ok-failures)
	return []Measure{
		plainMeasure(askedName, "operations", float64(len(h)), 1),
		plainMeasure(unknownName, "operations", float64(ended-ok-failures), 1),
		plainMeasure(availabilityName, "of operations", ratio(ok, ended), ended),
		quantile(medianName, latencies, 0.5),
		quantile(tailName, latencies, 0.99),
		plainMeasure(attemptsPerName, "attempts", ratio(counts.Attempts, counts.Asked), counts.Asked),
		plainMeasure(messagesName, "messages", ratio(traffic.all, ok), ok),
		plainMeasure(betweenName, "messages", ratio(traffic.between, ok), ok),
	}
}

// since returns the operations that were asked for from a time on.
func since(h check.History, from sim.Time) check.History {
	n, _ := slices.BinarySearchFunc(h, from, func(o check.Operation, from sim.Time) int { return cmp.Compare(o.Invoke, from) })
	return h[n:]
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
