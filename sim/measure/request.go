package measure

import (
	"math"
	"sort"
	"time"

	"lightcone/sim"
	"lightcone/sim/check"
)

// Requests counts what clients asked for, by how it ended.
type Requests struct{ OK, Failed, Unknown int }

// All returns how many there were.
func (r Requests) All() int { return r.OK + r.Failed + r.Unknown }

// Availability returns the share that was answered; NaN of none. What is unknown was not.
func (r Requests) Availability() float64 {
	if r.All() == 0 {
		return math.NaN()
	}
	return float64(r.OK) / float64(r.All())
}

func (r *Requests) add(o check.Outcome) {
	switch o {
	case check.OK:
		r.OK++
	case check.Failed:
		r.Failed++
	default:
		r.Unknown++
	}
}

// CountRequests counts the operations that were asked for in a span. Those asked for shortly before a run ends have no
// outcome yet: end the span earlier than the run, by as long as a client waits.
func CountRequests(h check.History, s Span) Requests {
	var r Requests
	for i := first(h, s.From); i < len(h) && h[i].Invoke < s.To; i++ {
		r.add(h[i].Outcome)
	}
	return r
}

// RequestsBy counts by intervals of a width, the last of them perhaps shorter.
func RequestsBy(h check.History, s Span, width time.Duration) []Requests {
	if width <= 0 || s.Length() <= 0 {
		return nil
	}
	list := make([]Requests, (s.Length()+width-1)/width)
	for i := first(h, s.From); i < len(h) && h[i].Invoke < s.To; i++ {
		list[h[i].Invoke.Sub(s.From)/width].add(h[i].Outcome)
	}
	return list
}

// first is the place of the first operation asked for at a time or later.
func first(h check.History, at sim.Time) int {
	return sort.Search(len(h), func(i int) bool { return h[i].Invoke >= at })
}
