package trace

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Stats counts what a trace shows of its messages.
type Stats struct {
	Sent       int
	Duplicated int // copies that the network made beside the messages themselves, as far as their fate is known
	Delivered  int // copies
	InFlight   int // copies with no fate yet; duplicates are seen only when they arrive or die
	Lost       [sim.Edited + 1]int
}

// LostAll returns the number of copies lost for any cause.
func (s *Stats) LostAll() int {
	n := 0
	for _, l := range s.Lost {
		n += l
	}
	return n
}

// Stats counts the messages of the trace.
func (t *Trace) Stats() Stats {
	var s Stats
	for i := range t.Events {
		e := &t.Events[i]
		switch e.Kind {
		case sim.Send:
			s.Sent++
			continue
		case sim.Deliver:
			s.Delivered++
		case sim.Drop:
			if int(e.Cause) < len(s.Lost) {
				s.Lost[e.Cause]++
			}
		default:
			continue
		}
		if e.Copy > 0 {
			s.Duplicated++
		}
	}
	s.InFlight = s.Sent + s.Duplicated - s.Delivered - s.LostAll()
	return s
}

// Check reports whether the trace can be that of a run: its events are well formed, in order, and link to each other as
// they should; each copy of a message has at most one fate, so that sent + duplicated = delivered + lost + in flight;
// and a node that is down or paused executes nothing. All errors are reported, up to 20.
func (t *Trace) Check() error {
	if err := t.Header.validate(); err != nil {
		return err
	}
	c := &auditor{trace: t, status: make([]status, t.Header.Nodes), fates: map[copyName]bool{}}
	sofar := &Trace{Header: t.Header}
	in := inspector{trace: sofar, report: func(f field, got, want string) {
		c.report(fmt.Sprintf("%s is %s, want %s", fieldNames[f], got, want))
	}}
	for i := range t.Events {
		c.at = i
		sofar.Events = t.Events[:i]
		if in.inspect(&t.Events[i]); len(c.errs) == 0 {
			c.follow(i)
		}
		if len(c.errs) >= maxAuditErrors {
			break
		}
	}
	if in.dangling != 0 && t.Header.LeftBefore == 0 {
		c.errs = append(c.errs, fmt.Errorf("trace: event %d links to one that is not there", in.dangling))
	}
	return errors.Join(c.errs...)
}

const maxAuditErrors = 20

type status uint8

const (
	unknown status = iota // not heard of yet
	up
	down
	paused
)

// auditor follows the state of nodes and messages through a trace.
type auditor struct {
	trace  *Trace
	status []status
	fates  map[copyName]bool // the copies that were delivered or lost
	at     int
	errs   []error
}

// copyName names one copy of a message: the ID of its Send, and its number.
type copyName struct {
	send uint64
	copy uint8
}

func (c *auditor) report(problem string) {
	c.errs = append(c.errs, fmt.Errorf("trace: event %d: %s", c.trace.Events[c.at].ID, problem))
}

func (c *auditor) follow(i int) {
	e := &c.trace.Events[i]
	if e.Kind == sim.Deliver || e.Kind == sim.Drop {
		name := copyName{e.Link, e.Copy}
		if c.fates[name] {
			c.report(fmt.Sprintf("a second fate of copy %d of %v", e.Copy, e.Name()))
		}
		c.fates[name] = true
	}
	if e.Node == sim.Nobody {
		return
	}
	s := &c.status[e.Node]
	switch e.Kind {
	case sim.Crashed:
		c.expect(e, "is down", *s != down)
		*s = down
	case sim.Recovered:
		c.expect(e, "is up", *s == down || *s == unknown)
		*s = up
	case sim.Paused:
		c.expect(e, "is not up", *s == up || *s == unknown)
		*s = paused
	case sim.Resumed:
		c.expect(e, "is not paused", *s == paused || *s == unknown)
		*s = up
	case sim.Init, sim.Deliver, sim.Timeout:
		c.expect(e, "is down", *s != down)
		c.expect(e, "is paused", *s != paused)
		*s = up
	case sim.Send, sim.Persist, sim.TimerSet, sim.TimerStopped, sim.Note:
		c.expect(e, "is down", *s != down)
	}
}

func (c *auditor) expect(e *Event, state string, ok bool) {
	if !ok {
		c.report(fmt.Sprintf("a %v on %v, which %s", e.Kind, e.Node, state))
	}
}
