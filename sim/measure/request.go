package measure

import (
	"math"
	"sort"
	"time"

	"lightcone/sim"
)

// Request is one operation of a client: when it was asked for, and how it ended. A check.History has them in order.
type Request struct {
	At  sim.Time
	End End
}

// End is how a request ended, as far as the client knows.
type End uint8

// The ends of requests.
const (
	Unknown  End = iota // no answer that decides
	Answered            // served
	Failed              // refused: it took no effect and never will
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

func (r *Requests) add(e End) {
	switch e {
	case Answered:
		r.OK++
	case Failed:
		r.Failed++
	default:
		r.Unknown++
	}
}

// CountRequests counts the requests, in the order in which they came, that were asked for in a span. Those asked for
// shortly before a run ends have no outcome yet: end the span earlier than the run, by as long as a client waits.
func CountRequests(list []Request, s Span) Requests {
	var r Requests
	for i := first(list, s.From); i < len(list) && list[i].At < s.To; i++ {
		r.add(list[i].End)
	}
	return r
}

// RequestsBy counts by intervals of a width, the last of them perhaps shorter.
func RequestsBy(list []Request, s Span, width time.Duration) []Requests {
	if width <= 0 || s.Length() <= 0 {
		return nil
	}
	counts := make([]Requests, (s.Length()+width-1)/width)
	for i := first(list, s.From); i < len(list) && list[i].At < s.To; i++ {
		counts[list[i].At.Sub(s.From)/width].add(list[i].End)
	}
	return counts
}

// first is the place of the first request asked for at a time or later.
func first(list []Request, at sim.Time) int {
	return sort.Search(len(list), func(i int) bool { return list[i].At >= at })
}
