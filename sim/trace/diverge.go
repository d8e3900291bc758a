package trace

import (
	"cmp"
	"fmt"
	"strings"

	"lightcone/sim"
)

// Divergence is where two runs part ways.
type Divergence struct {
	Scenario string   // if it is the runs themselves that differ, how; then nothing below is set
	Index    [2]int   // the place of the first different event in each trace; its length if it has no more
	Event    uint64   // the ID of that event, in the trace that has one
	Time     sim.Time // its time
	Fields   []string // what is different about it: "t is 5, not 6"; empty if one trace has ended
	Same     uint64   // how many events before it were compared and equal

	a, b *Trace
}

// Diverge compares two runs of one scenario and returns the first event in which they differ, nil if they are equal in
// all that both recorded. Traces by ring buffers are compared from the first event that both have.
func Diverge(a, b *Trace) *Divergence {
	if what := differentRuns(&a.Header, &b.Header); what != "" {
		return &Divergence{Scenario: what, a: a, b: b}
	}
	i, j := align(a, b)
	d := &Divergence{a: a, b: b}
	for ; i < len(a.Events) && j < len(b.Events); i, j = i+1, j+1 {
		if fields := differences(&a.Events[i], &b.Events[j]); len(fields) > 0 {
			d.Index, d.Fields = [2]int{i, j}, fields
			d.Event, d.Time = a.Events[i].ID, min(a.Events[i].Time, b.Events[j].Time)
			return d
		}
		d.Same++
	}
	d.Index = [2]int{i, j}
	switch {
	case i < len(a.Events) && b.Header.LeftAfter == 0:
		d.Event, d.Time = a.Events[i].ID, a.Events[i].Time
	case j < len(b.Events) && a.Header.LeftAfter == 0:
		d.Event, d.Time = b.Events[j].ID, b.Events[j].Time
	default:
		return nil
	}
	return d
}

// align returns the places of the first event that both traces have, if one of them left out its beginning.
func align(a, b *Trace) (i, j int) {
	if a.Header.LeftBefore == 0 && b.Header.LeftBefore == 0 {
		return 0, 0
	}
	for i < len(a.Events) && j < len(b.Events) {
		switch c := inOrder(&a.Events[i], &b.Events[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			return i, j
		}
	}
	return i, j
}

// inOrder compares the places of two events in a run; a BadgeSet stands behind the record whose ID it has.
func inOrder(a, b *Event) int {
	if c := cmp.Compare(a.ID, b.ID); c != 0 {
		return c
	}
	return cmp.Compare(one(a.Kind == sim.BadgeSet), one(b.Kind == sim.BadgeSet))
}

// differentRuns says how two headers are of different scenarios, "" if they are not.
func differentRuns(a, b *Header) string {
	var s []string
	differ := func(what string, a, b any) {
		if a != b {
			s = append(s, fmt.Sprintf("%s is %v in the first and %v in the second", what, a, b))
		}
	}
	differ("the scenario", a.Scenario, b.Scenario)
	differ("the seed", a.Seed, b.Seed)
	differ("the number of nodes", a.Nodes, b.Nodes)
	differ("the level of recording", a.Level, b.Level)
	return strings.Join(s, "; ")
}

// differences says in which fields two events differ.
func differences(a, b *Event) []string {
	var s []string
	differ := func(f field, a, b any) {
		if a != b {
			s = append(s, fmt.Sprintf("%s is %v, not %v", fieldNames[f], a, b))
		}
	}
	differ(fID, a.ID, b.ID)
	differ(fTime, a.Time, b.Time)
	differ(fKind, a.Kind, b.Kind)
	differ(fNode, a.Node, b.Node)
	differ(fLocal, a.Local, b.Local)
	differ(fWall, a.Wall, b.Wall)
	differ(fFrom, a.From, b.From)
	differ(fTo, a.To, b.To)
	differ(fK, a.K, b.K)
	differ(fCopy, a.Copy, b.Copy)
	differ(fCause, a.Cause, b.Cause)
	differ(fAt, a.At, b.At)
	differ(fLink, a.Link, b.Link)
	differ(fType, a.Value.Type, b.Value.Type)
	differ(fValue, brief(a.Value.Text), brief(b.Value.Text))
	if len(s) == 0 && a.Value.Text != b.Value.Text {
		s = append(s, "value differs after its beginning")
	}
	if a.Value.JSON != "" && b.Value.JSON != "" {
		differ(fJSON, brief(a.Value.JSON), brief(b.Value.JSON))
	}
	differ(fText, a.Text, b.Text)
	differ(fRole, a.Role, b.Role)
	differ(fCut, cutText(a.Cut), cutText(b.Cut))
	differ(fStep, a.Step, b.Step)
	differ(fFate, a.Fate, b.Fate)
	return s
}

func cutText(c *sim.Cut) string {
	if c == nil {
		return "none"
	}
	return c.String()
}

// contextEvents is how many events before the divergence are told.
const contextEvents = 3

func (d *Divergence) String() string {
	if d.Scenario != "" {
		return "the traces are not of one run: " + d.Scenario
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the runs part at event %d, at %v, after %d equal events\n", d.Event, d.Time, d.Same)
	for i := max(d.Index[0]-contextEvents, 0); i < d.Index[0]; i++ {
		fmt.Fprintf(&b, "  both    %s\n", d.a.minute(i))
	}
	for n, t := range []*Trace{d.a, d.b} {
		which := [...]string{"first ", "second"}[n]
		if d.Index[n] < len(t.Events) {
			fmt.Fprintf(&b, "  %s  %s\n", which, t.minute(d.Index[n]))
		} else {
			fmt.Fprintf(&b, "  %s  ends at %v\n", which, t.Header.End)
		}
	}
	if len(d.Fields) > 0 {
		fmt.Fprintf(&b, "  in the first %s\n", strings.Join(d.Fields, ", "))
	}
	return b.String()
}

// minute is a line of the minutes of a run: when, and what.
func (t *Trace) minute(i int) string {
	return fmt.Sprintf("%v %s", t.Events[i].Time, t.Sentence(i))
}
