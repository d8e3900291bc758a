package trace

import "lightcone/sim"

// layout is a space-time diagram before it is drawn: all writers of pictures draw this. Places along the time axis are
// from 0 to 1; lanes are counted from 0, from the top.
type layout struct {
	sel   *selection
	axis  *axis
	o     Options
	title string

	lanes []sim.NodeID
	row   []int // of each node: its lane, -1 if it is not drawn

	arrows []arrow
	hooks  []hook
	spans  []span
	glyphs []glyph
	bands  []band
	notes  []string // what is not on the picture, in words
}

// arrow is a copy of a message.
type arrow struct {
	send, end int // events; end is -1 where what became of it is not seen
	from, to  int // lanes
	x0, x1    float64
	start     float64 // how far it was from lane to lane when the window began: 0 if it was sent in the window
	stop      float64 // how far it gets: 1 if it arrives
	lost      bool
	duplicate bool
	late      bool
	altered   bool
	like      int // how many like it stand behind it
	label     string
	mark      int // the mark that points it out, -1 for none
}

// hook is a timer, from when it was set until it fired or was stopped.
type hook struct {
	row     int
	x0, x1  float64
	fired   bool
	label   string
	timeout int // the event
}

// span is a state of a node that lasts.
type span struct {
	row    int
	x0, x1 float64
	state  spanState
	letter string // of a role; "" if it is the one that the node had before
	label  string
	disk   bool // of a crash: something was durable, and survives
	from   int  // the event that began it, -1 if that was before the window
}

type spanState uint8

const (
	spanDown spanState = iota
	spanPaused
	spanRole
)

// glyph is an event as a sign on its lane, or if its row is -1 above all lanes.
type glyph struct {
	event int
	row   int
	x     float64
	label string
	mark  int // -1 for none
}

// band is a partition, as wide on each lane as it lasted.
type band struct {
	x0, x1 []float64 // of each lane
	label  string
	side   []string // of each lane: "A" for those of Cut.From, "B" for those of Cut.To, "" for the others
	event  int
}

// maxLanes is how many lanes are drawn at most; of more nodes, those that do something.
const maxLanes = 48

// newLayout lays out a trace, at most limit events of it unless o says how many.
func newLayout(t *Trace, o Options, limit int) *layout {
	l := &layout{sel: choose(t, o, limit), o: o}
	l.axis = newAxis(l.sel, o.Mapping)
	l.title = titleOf(t, o)
	l.chooseLanes()
	l.addMessages()
	l.addTimers()
	l.addStates()
	l.addGlyphs()
	l.addBands()
	l.notes = l.sel.remarks(o, len(l.lanes))
	return l
}

// titleOf is the heading of a picture.
func titleOf(t *Trace, o Options) string {
	for _, s := range []string{o.Title, t.Header.Title, t.Header.Scenario} {
		if s != "" {
			return s
		}
	}
	return "A run"
}

// chooseLanes takes all nodes if they are few, else those with events that are drawn.
func (l *layout) chooseLanes() {
	n := l.sel.trace.Header.Nodes
	busy := make([]bool, n)
	for _, i := range l.sel.events() {
		if id := l.sel.trace.Events[i].Node; id != sim.Nobody {
			busy[id] = true
		}
	}
	l.row = make([]int, n)
	for id := range n {
		l.row[id] = -1
		if (n <= maxLanes || busy[id]) && len(l.lanes) < maxLanes {
			l.row[id] = len(l.lanes)
			l.lanes = append(l.lanes, sim.NodeID(id))
		}
	}
}

func (l *layout) event(i int) *Event { return &l.sel.trace.Events[i] }

// markOf returns the first mark of an event, -1 for none.
func (l *layout) markOf(i int) int {
	if i >= 0 {
		if m := l.sel.marked[i]; len(m) > 0 {
			return m[0]
		}
	}
	return -1
}

// sharedMark returns the first mark of both events, -1 for none.
func (l *layout) sharedMark(i, j int) int {
	if i < 0 || j < 0 {
		return -1
	}
	for _, m := range l.sel.marked[i] {
		for _, n := range l.sel.marked[j] {
			if m == n {
				return m
			}
		}
	}
	return -1
}

func (l *layout) addMessages() {
	hasEnd := make([]bool, len(l.sel.trace.Events)) // of each Send: some end of it is drawn
	for i := range l.sel.trace.Events {
		e := l.event(i)
		if e.Kind != sim.Deliver && e.Kind != sim.Drop || !l.sel.shown[i] {
			continue
		}
		if s := l.sel.trace.Cause(i); s >= 0 {
			hasEnd[s] = true
		}
		l.addArrow(i)
	}
	for i := range l.sel.trace.Events {
		if e := l.event(i); e.Kind == sim.Send && l.sel.shown[i] && !hasEnd[i] {
			l.addOpen(i, e)
		}
	}
}

// addArrow adds a copy of a message that arrived or was lost.
func (l *layout) addArrow(i int) {
	e := l.event(i)
	a := arrow{send: l.sel.trace.Cause(i), end: i, from: l.row[e.From], to: l.row[e.To], x1: l.axis.at(i), stop: 1,
		duplicate: e.Copy > 0, late: l.sel.late[i], label: messageText(e), mark: -1}
	if a.from < 0 || a.to < 0 {
		return
	}
	if a.send >= 0 {
		a.x0, a.start = l.place(a.send), l.passed(a.send, e)
		a.mark = l.sharedMark(a.send, i)
		if l.sel.like != nil {
			a.like = l.sel.like[a.send]
		}
	}
	_, a.altered = l.sel.trace.altered(i)
	if e.Kind == sim.Drop {
		a.lost, a.stop = true, l.stopOf(a.send, e)
	}
	l.arrows = append(l.arrows, a)
}

// passed says what part of a message's time on its way was over when the window began.
func (l *layout) passed(send int, end *Event) float64 {
	sent, over := l.event(send).Time, end.At
	if sent >= l.sel.from || over <= l.sel.from {
		return 0
	}
	return float64(l.sel.from-sent) / float64(over-sent)
}

// stopOf says how far a lost copy is drawn: into the receiver if it died there, onto the cut, or part of the way.
func (l *layout) stopOf(send int, e *Event) float64 {
	arrived := send < 0 || e.Time > l.event(send).Time
	switch {
	case e.Cause == sim.Dead:
		return 0.92
	case e.Cause == sim.Corrupt || arrived:
		return 0.8
	case e.Cause == sim.Overflow || e.Cause == sim.Edited || e.Cause == sim.Partition:
		return 0.35
	}
	return 0.55
}

// addOpen adds a message whose end is not seen: it is still on its way, or this node cannot know.
func (l *layout) addOpen(i int, e *Event) {
	a := arrow{send: i, end: -1, from: l.row[e.From], to: l.row[e.To], x0: l.axis.at(i), stop: 0.3, label: messageText(e), mark: -1}
	if a.from < 0 || a.to < 0 {
		return
	}
	a.x1 = a.x0
	l.arrows = append(l.arrows, a)
}

func (l *layout) addTimers() {
	for i := range l.sel.trace.Events {
		e := l.event(i)
		if e.Kind != sim.Timeout && e.Kind != sim.TimerStopped || !l.sel.shown[i] || l.row[e.Node] < 0 {
			continue
		}
		h := hook{row: l.row[e.Node], x1: l.axis.at(i), fired: e.Kind == sim.Timeout, label: e.Value.Text, timeout: i}
		h.x0 = h.x1
		if set := l.sel.trace.Cause(i); set >= 0 {
			h.x0 = l.axis.at(set)
		}
		l.hooks = append(l.hooks, h)
	}
}

func (l *layout) addGlyphs() {
	for i := range l.sel.trace.Events {
		e := l.event(i)
		if !l.sel.shown[i] || e.Kind == sim.Drop || e.Kind == sim.CutMade || e.Kind == sim.CutHealed {
			continue
		}
		if restart := e.Kind == sim.Init && i > 0 && l.event(i-1).Kind == sim.Recovered; restart && l.markOf(i) < 0 {
			continue // the sign of the recovery stands for it
		}
		g := glyph{event: i, row: -1, x: l.axis.at(i), label: l.glyphLabel(e), mark: l.markOf(i)}
		if e.Node != sim.Nobody {
			if g.row = l.row[e.Node]; g.row < 0 {
				continue
			}
		}
		l.glyphs = append(l.glyphs, g)
	}
}

// glyphLabel is the text beside an event's sign, "" for none.
func (l *layout) glyphLabel(e *Event) string {
	switch e.Kind {
	case sim.Note, sim.Timeout:
		return brief(e.Value.Text)
	case sim.Persist, sim.WriteLost:
		return brief(e.Text)
	case sim.Custom:
		return brief(e.Text)
	case sim.WallStepped:
		return "wall " + signed(e.Step)
	case sim.Crashed:
		return "crash"
	case sim.Recovered:
		return "recovers"
	}
	return ""
}
