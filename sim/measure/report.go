package measure

import (
	"math"
	"time"

	"lightcone/sim"
)

// Span is the time from From until To, To excluded.
type Span struct{ From, To sim.Time }

// Length returns how long it is.
func (s Span) Length() time.Duration { return s.To.Sub(s.From) }

// clip returns the part of s within t; empty if there is none.
func (s Span) clip(t Span) Span {
	s = Span{max(s.From, t.From), min(s.To, t.To)}
	s.To = max(s.From, s.To)
	return s
}

// Part is a part of an outage, and what it is accounted to.
type Part struct {
	Span
	Term Term
}

// Outage is a maximal time in which the service could not serve.
type Outage struct {
	Span
	Blame []Fault // active when it began, in the order in which they began
	After string  // the last that began or ended by then: "crash n2", "recover n2", "heal halves"; empty if nothing had
	Begun bool    // it had begun when the measurement did: it is longer than it looks
	Open  bool    // it lasted until the measurement ended: likewise
	Parts []Part  // all of it, if it is accounted
}

// Node is what became of one node during the measurement.
type Node struct {
	Down   []Span // until it was up again
	Paused []Span // up, and stopped
}

// Report is what a track came to.
type Report struct {
	Span               // what was measured
	Outages   []Outage // in order of time
	Nodes     []Node   // by number: the service's
	Transient Span     // what was left out at the start
}

// Report returns what was measured until a time, that of the end of the run.
func (t *Track) Report(end sim.Time) *Report {
	r := &Report{Span: Span{min(t.From, end), end}, Nodes: make([]Node, max(t.Servers, 0))}
	if t.Settled {
		r.From = min(t.settled, end)
	}
	r.Transient = Span{0, r.From}
	for i, m := range t.marks {
		until := end
		if i+1 < len(t.marks) {
			until = t.marks[i+1].at
		}
		if !m.up {
			r.add(Span{m.at, until}, m, t.Majority > 0)
		}
	}
	for i := range r.Nodes {
		if i < len(t.nodes) {
			r.Nodes[i] = Node{clipped(t.nodes[i].down, r.Span), clipped(t.nodes[i].paused, r.Span)}
		}
	}
	return r
}

// add adds a state in which the service did not serve.
func (r *Report) add(s Span, m mark, accounted bool) {
	n := len(r.Outages)
	within := s.clip(r.Span)
	if within.Length() == 0 {
		return
	}
	if n > 0 && r.Outages[n-1].To == s.From {
		r.Outages[n-1].To = within.To
	} else {
		r.Outages = append(r.Outages, Outage{Span: within, Blame: m.blame, After: m.after, Begun: s.From < r.From})
		n++
	}
	o := &r.Outages[n-1]
	o.Open = within.To == r.To
	if accounted {
		o.Parts = append(o.Parts, Part{within, m.term})
	}
}

func clipped(all []Span, to Span) []Span {
	var list []Span
	for _, s := range all {
		if c := s.clip(to); c.Length() > 0 {
			list = append(list, c)
		}
	}
	return list
}

// Down returns for how long the service could not serve.
func (r *Report) Down() time.Duration {
	var sum time.Duration
	for i := range r.Outages {
		sum += r.Outages[i].Length()
	}
	return sum
}

// DownIn returns for how long it could not within a span.
func (r *Report) DownIn(s Span) time.Duration {
	var sum time.Duration
	for i := range r.Outages {
		sum += r.Outages[i].clip(s).Length()
	}
	return sum
}

// Up returns for how long it could. Up + Down is the length of the measurement.
func (r *Report) Up() time.Duration { return r.Length() - r.Down() }

// Unavailability returns the share of time in which the service could not serve; NaN of no time.
func (r *Report) Unavailability() float64 { return share(r.Down(), r.Length()) }

// Term returns for how long the service could not serve on account of a term.
func (r *Report) Term(t Term) time.Duration {
	var sum time.Duration
	for i := range r.Outages {
		for _, p := range r.Outages[i].Parts {
			if p.Term == t {
				sum += p.Length()
			}
		}
	}
	return sum
}

// Longest returns the length of the longest outage, as far as it was seen.
func (r *Report) Longest() time.Duration {
	var most time.Duration
	for i := range r.Outages {
		most = max(most, r.Outages[i].Length())
	}
	return most
}

// Cycles returns the times up and down in turn, the time up first: one time up may be the last, since when the service
// is up, and open says that the last time down has not ended. An outage that had begun before the measurement belongs to
// no cycle: the cycles begin after it.
func (r *Report) Cycles() (up, down []time.Duration, open bool) {
	at := r.From
	for i := range r.Outages {
		o := &r.Outages[i]
		if !o.Begun {
			up, down = append(up, o.From.Sub(at)), append(down, o.Length())
		}
		at, open = o.To, o.Open
	}
	if !open && at < r.To {
		up = append(up, r.To.Sub(at))
	}
	return up, down, open
}

// MTTF returns the mean time to failure: the time up for each outage that began; -1 if none did.
func (r *Report) MTTF() time.Duration { return r.per(r.Up(), r.Failures()) }

// MTTR returns the mean time to repair: the time down, for each outage that ended. Those that are open count with the
// time that was seen of them, as for exponential times the likelihood has it; -1 if none ended.
func (r *Report) MTTR() time.Duration {
	ended := 0
	for i := range r.Outages {
		if !r.Outages[i].Open {
			ended++
		}
	}
	return r.per(r.Down(), ended)
}

// Failures counts the outages that began during the measurement.
func (r *Report) Failures() int {
	n := len(r.Outages)
	if n > 0 && r.Outages[0].Begun {
		n--
	}
	return n
}

// per is a time for each of so many; -1 if there are none.
func (r *Report) per(d time.Duration, n int) time.Duration {
	if n == 0 {
		return -1
	}
	return d / time.Duration(n)
}

// DownTime returns for how long the node was down.
func (n *Node) DownTime() time.Duration {
	var sum time.Duration
	for _, s := range n.Down {
		sum += s.Length()
	}
	return sum
}

func share(part, whole time.Duration) float64 {
	if whole <= 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}
