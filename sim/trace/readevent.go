package trace

import (
	"fmt"
	"math"
	"strings"

	"lightcone/sim"
)

// event reads the line of an event and appends it to the trace if nothing is wrong with it.
func (d *reader) event() *mismatch {
	before := len(d.errs)
	if len(d.trace.Events) >= d.limits.Events {
		return d.scanner.failAt(0, fmt.Sprintf("at most %d events", d.limits.Events))
	}
	d.columns = [fieldCount]int{}
	s := &d.scanner
	e := Event{Node: sim.Nobody, From: sim.Nobody, To: sim.Nobody}
	bad := s.object(func(key []byte, column int) *mismatch {
		f := fieldOf(key)
		if f == fieldCount {
			return s.failAt(column-1, "a key of an event: "+strings.Join(fieldNames[:], ", "))
		}
		if d.columns[f] != 0 {
			return s.failAt(column-1, fmt.Sprintf("%q only once", key))
		}
		s.space()
		d.columns[f] = s.pos + 1
		return d.field(f, &e)
	})
	if bad == nil {
		bad = s.end()
	}
	if bad != nil {
		return bad
	}
	for _, f := range []field{fID, fTime, fKind} {
		if d.columns[f] == 0 {
			d.reportField(f, "missing", "it in every event")
		}
	}
	if len(d.errs) > before {
		return nil
	}
	d.fill(&e)
	if d.inspector.inspect(&e); len(d.errs) == before {
		d.trace.Events = append(d.trace.Events, e)
	}
	return nil
}

// fill sets what the line leaves out.
func (d *reader) fill(e *Event) {
	if d.columns[fLocal] == 0 {
		e.Local = usualLocal(e)
	}
	if d.columns[fWall] == 0 {
		e.Wall = e.Local
	}
	if d.columns[fAt] == 0 {
		e.At = e.Time
	}
}

// field reads the value of a field.
func (d *reader) field(f field, e *Event) (bad *mismatch) {
	s := &d.scanner
	switch f {
	case fID:
		e.ID, bad = s.natural(1, math.MaxUint64)
	case fTime:
		e.Time, bad = wholeAs[sim.Time](s, 0)
	case fAt:
		e.At, bad = wholeAs[sim.Time](s, 0)
	case fLocal:
		e.Local, bad = wholeAs[sim.Local](s, math.MinInt64)
	case fWall:
		e.Wall, bad = wholeAs[sim.Local](s, math.MinInt64)
	case fStep:
		e.Step, bad = wholeAs[sim.Local](s, math.MinInt64)
	case fNode:
		e.Node, bad = d.nodeID()
	case fFrom:
		e.From, bad = d.nodeID()
	case fTo:
		e.To, bad = d.nodeID()
	case fK:
		e.K, bad = s.natural(1, math.MaxUint64)
	case fLink:
		e.Link, bad = s.natural(1, math.MaxUint64)
	case fCopy:
		var n uint64
		n, bad = s.natural(1, math.MaxUint8)
		e.Copy = uint8(n)
	case fType:
		e.Value.Type, bad = d.text()
	case fValue:
		e.Value.Text, bad = d.text()
	case fText:
		e.Text, bad = d.text()
	case fRole:
		e.Role, bad = d.text()
	case fJSON:
		var b []byte
		b, bad = s.raw()
		e.Value.JSON = d.texts.bytes(b)
	case fCut:
		e.Cut, bad = d.cut()
	case fKind:
		e.Kind, bad = oneOf(s, sim.ParseKind, "the name of a kind of event")
	case fCause:
		e.Cause, bad = oneOf(s, sim.ParseCause, "the name of a cause of loss")
	case fFate:
		e.Fate, bad = oneOf(s, parseFate, "lost, kept or torn")
	}
	return bad
}

func wholeAs[T ~int64](s *scanner, lo int64) (T, *mismatch) {
	n, bad := s.whole(lo, math.MaxInt64)
	return T(n), bad
}

// oneOf reads a string that parse knows.
func oneOf[T any](s *scanner, parse func(string) (T, bool), want string) (T, *mismatch) {
	start := s.pos
	name, bad := s.text()
	if bad != nil {
		var none T
		return none, bad
	}
	v, ok := parse(string(name))
	if !ok {
		return v, s.failAt(start, want)
	}
	return v, nil
}

func (d *reader) nodeID() (sim.NodeID, *mismatch) {
	n, bad := d.scanner.natural(0, MaxNodes-1)
	return sim.NodeID(n), bad
}

func (d *reader) text() (string, *mismatch) {
	b, bad := d.scanner.text()
	if bad != nil {
		return "", bad
	}
	return d.texts.bytes(b), nil
}

var cutNames = []string{"name", "from", "to", "oneWay"}

func (d *reader) cut() (*sim.Cut, *mismatch) {
	c := new(sim.Cut)
	_, bad := d.scanner.named("a cut", cutNames, func(name string) (bad *mismatch) {
		switch name {
		case "name":
			c.Name, bad = d.text()
		case "from":
			c.From, bad = d.nodes()
		case "to":
			c.To, bad = d.nodes()
		case "oneWay":
			c.OneWay, bad = d.scanner.boolean()
		}
		return bad
	})
	return c, bad
}

func (d *reader) nodes() (ids []sim.NodeID, bad *mismatch) {
	bad = d.scanner.list(func() *mismatch {
		id, bad := d.nodeID()
		ids = append(ids, id)
		return bad
	})
	return ids, bad
}
