package trace

import (
	"cmp"
	"strconv"

	"lightcone/sim"
)

// maxPageEvents is how many events a page holds by default: about 30 MB.
const maxPageEvents = 500_000

// pageData is a trace as the page reads it (viewer/record.js): one array a column, differences where they are small,
// and strings once. An event is named by its place here, from 0. A column of some kinds of events only has one entry
// for each of those.
type pageData struct {
	Head    pageHead `json:"head"`
	Show    pageShow `json:"show"`
	Kinds   []string `json:"kinds"`
	Causes  []string `json:"causes"`
	Strings []string `json:"strings"`
	Values  [][3]int `json:"values"` // type, text, JSON: places in Strings; the first is no value

	ID    []int64     `json:"id"`    // less that of the event before
	Kind  []int       `json:"kind"`  //
	Node  []int32     `json:"node"`  // -1 for nobody
	Time  []sim.Time  `json:"time"`  // less that of the event before
	Local []int64     `json:"local"` // of events on a lane: less true time
	Wall  []int64     `json:"wall"`  // of events on a lane: less Local
	Link  []int       `json:"link"`  // how many places back, 0 for none, -1 for an event that was left out
	Value []int       `json:"value"` // places in Values
	Text  []int       `json:"text"`  // places in Strings
	Ends  [][2]int32  `json:"ends"`  // Send, Deliver, Drop: from, to
	K     []uint64    `json:"k"`     // Send, Deliver, Drop
	Copy  []int       `json:"copy"`  // Deliver, Drop
	Cause []int       `json:"cause"` // Drop
	At    []int64     `json:"at"`    // Drop, TimerSet: less Time
	Role  []int       `json:"role"`  // BadgeSet: places in Strings
	Cut   []pageCut   `json:"cut"`   // CutMade
	Step  []sim.Local `json:"step"`  // WallStepped
	Fate  []int       `json:"fate"`  // WriteLost
	Late  []int       `json:"late"`  // places of the deliveries that came too late
}

type pageHead struct {
	Title      string   `json:"title"`
	Scenario   string   `json:"scenario"`
	Seed       string   `json:"seed"`
	Digest     string   `json:"digest"`
	Level      string   `json:"level"`
	Nodes      int      `json:"nodes"`
	Lanes      []string `json:"lanes"`
	End        sim.Time `json:"end"`
	LeftBefore uint64   `json:"leftBefore"`
	LeftAfter  uint64   `json:"leftAfter"`
}

type pageShow struct {
	Mapping string     `json:"mapping"`
	As      int        `json:"as"` // the node that looks, -1 for everybody
	From    sim.Time   `json:"from"`
	To      sim.Time   `json:"to"`
	Legend  bool       `json:"legend"`
	Marks   []pageMark `json:"marks"`
}

type pageMark struct {
	Events  []int  `json:"events"`
	Caption string `json:"caption"`
}

type pageCut struct {
	From   []sim.NodeID `json:"from"`
	To     []sim.NodeID `json:"to"`
	OneWay bool         `json:"oneWay"`
}

// interner gives strings and values their places.
type interner struct {
	data    *pageData
	strings map[string]int
	values  map[Value]int
}

func newPageData(t *Trace, o Options) *pageData {
	limit := cmp.Or(o.MaxEvents, maxPageEvents)
	events := t.Events[:min(len(t.Events), limit)]
	d := newColumns(len(events))
	d.Head, d.Show = newPageHead(t, o), newPageShow(t, o, len(events))
	d.Head.LeftAfter += uint64(len(t.Events) - len(events))
	d.Kinds, d.Causes = kindNames(), causeNames()
	for i, late := range NewOrder(t).lateDeliveries() {
		if late && i < len(events) {
			d.Late = append(d.Late, i)
		}
	}
	in := &interner{data: d, strings: map[string]int{}, values: map[Value]int{}}
	in.text("")
	in.value(Value{})
	var before Event
	for i := range events {
		d.add(t, i, &before, in)
		before = events[i]
	}
	return d
}

// newColumns returns data with room for n events. No column is nil: the page wants arrays.
func newColumns(n int) *pageData {
	return &pageData{
		ID: make([]int64, 0, n), Kind: make([]int, 0, n), Node: make([]int32, 0, n), Time: make([]sim.Time, 0, n), Local: make([]int64, 0, n),
		Wall: make([]int64, 0, n), Link: make([]int, 0, n), Value: make([]int, 0, n), Text: make([]int, 0, n), Ends: [][2]int32{}, K: []uint64{},
		Copy: []int{}, Cause: []int{}, At: []int64{}, Role: []int{}, Cut: []pageCut{}, Step: []sim.Local{}, Fate: []int{}, Late: []int{},
	}
}

// kindNames lists the kinds of events by number.
func kindNames() []string {
	names := []string{""}
	for k := sim.Kind(1); ; k++ {
		if _, ok := sim.ParseKind(k.String()); !ok {
			return names
		}
		names = append(names, k.String())
	}
}

// causeNames lists the causes of loss by number.
func causeNames() []string {
	var names []string
	for c := sim.Delivered; ; c++ {
		if _, ok := sim.ParseCause(c.String()); !ok {
			return names
		}
		names = append(names, c.String())
	}
}

func newPageHead(t *Trace, o Options) pageHead {
	h := &t.Header
	return pageHead{
		Title: titleOf(t, o), Scenario: h.Scenario, Seed: strconv.FormatUint(h.Seed, 10), Digest: h.Digest, Level: h.Level.String(),
		Nodes: h.Nodes, Lanes: h.Lanes, End: h.End, LeftBefore: h.LeftBefore, LeftAfter: h.LeftAfter,
	}
}

func newPageShow(t *Trace, o Options, events int) pageShow {
	s := pageShow{Mapping: o.Mapping.String(), As: -1, From: o.From, To: o.To, Legend: !o.NoLegend, Marks: []pageMark{}}
	if o.View == AsNode {
		s.As = int(o.As)
	}
	for _, m := range o.Marks {
		mark := pageMark{Events: []int{}, Caption: m.Caption}
		for _, id := range m.Events {
			if i, ok := t.Index(id); ok && i < events {
				mark.Events = append(mark.Events, i)
			}
		}
		s.Marks = append(s.Marks, mark)
	}
	return s
}

// add adds event i of the trace to the columns.
func (d *pageData) add(t *Trace, i int, before *Event, in *interner) {
	e := &t.Events[i]
	d.ID = append(d.ID, int64(e.ID-before.ID))
	d.Kind = append(d.Kind, int(e.Kind))
	d.Node = append(d.Node, int32(e.Node))
	d.Time = append(d.Time, e.Time-before.Time)
	if e.Node != sim.Nobody {
		d.Local = append(d.Local, int64(e.Local)-int64(e.Time))
		d.Wall = append(d.Wall, int64(e.Wall-e.Local))
	}
	d.Link = append(d.Link, linkBack(t, i))
	d.Value = append(d.Value, in.value(e.Value))
	d.Text = append(d.Text, in.text(e.Text))
	if e.Message() {
		d.Ends = append(d.Ends, [2]int32{int32(e.From), int32(e.To)})
		d.K = append(d.K, e.K)
	}
	switch e.Kind {
	case sim.Deliver:
		d.Copy = append(d.Copy, int(e.Copy))
	case sim.Drop:
		d.Copy = append(d.Copy, int(e.Copy))
		d.Cause = append(d.Cause, int(e.Cause))
		d.At = append(d.At, int64(e.At-e.Time))
	case sim.TimerSet:
		d.At = append(d.At, int64(e.At-e.Time))
	case sim.BadgeSet:
		d.Role = append(d.Role, in.text(e.Role))
	case sim.CutMade:
		d.Cut = append(d.Cut, newPageCut(e.Cut))
	case sim.WallStepped:
		d.Step = append(d.Step, e.Step)
	case sim.WriteLost:
		d.Fate = append(d.Fate, int(e.Fate))
	}
}

// linkBack returns how many places before event i the record stands that it comes from: 0 for none, -1 for one that is
// not here.
func linkBack(t *Trace, i int) int {
	if t.Events[i].Link == 0 {
		return 0
	}
	if j := t.Cause(i); j >= 0 && j < i {
		return i - j
	}
	return -1
}

func newPageCut(c *sim.Cut) pageCut {
	if c == nil {
		return pageCut{From: []sim.NodeID{}, To: []sim.NodeID{}}
	}
	return pageCut{From: append([]sim.NodeID{}, c.From...), To: append([]sim.NodeID{}, c.To...), OneWay: c.OneWay}
}

func (in *interner) text(s string) int {
	n, ok := in.strings[s]
	if !ok {
		n = len(in.data.Strings)
		in.strings[s] = n
		in.data.Strings = append(in.data.Strings, s)
	}
	return n
}

func (in *interner) value(v Value) int {
	n, ok := in.values[v]
	if !ok {
		n = len(in.data.Values)
		in.values[v] = n
		in.data.Values = append(in.data.Values, [3]int{in.text(v.Type), in.text(v.Text), in.text(v.JSON)})
	}
	return n
}
