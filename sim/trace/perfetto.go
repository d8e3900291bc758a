package trace

import (
	"bufio"
	"io"
	"strconv"

	"lightcone/sim"
)

// sliceLength is how long a handler is drawn at most, in nanoseconds. A handler takes no time, but flows can only be
// tied to slices that do.
const sliceLength = 1000

// writePerfetto writes the Trace Event Format in JSON (Google, "Trace Event Format", 2016), which Perfetto and Chrome's
// viewer read: a thread for each node, a slice for each handler with its effects, a flow for each message, slices for
// crashes and pauses, and on a thread of their own the partitions. Times are true time, in microseconds with three
// decimals. A handler is drawn as at most 1 µs long, though it takes no time, and those of one node at one time share
// that length, side by side.
func writePerfetto(w io.Writer, t *Trace) error {
	p := &perfetto{trace: t, order: NewOrder(t), out: bufio.NewWriter(w)}
	p.place()
	p.tie()
	p.out.WriteString(`{"displayTimeUnit":"ns","otherData":{"scenario":`)
	p.string(t.Header.Scenario)
	p.out.WriteString(`,"seed":"` + strconv.FormatUint(t.Header.Seed, 10) + `","digest":`)
	p.string(t.Header.Digest)
	p.out.WriteString(`},"traceEvents":[`)
	p.names()
	for i := range t.Events {
		p.event(i)
	}
	p.endSpans()
	p.out.WriteString("\n]}\n")
	return p.out.Flush()
}

type perfetto struct {
	trace  *Trace
	order  *Order
	out    *bufio.Writer
	any    bool
	start  []sim.Time    // of each event: where it is drawn
	length []int64       // of each event that is a slice, in nanoseconds
	leave  map[int][]int // of each slice: the deliveries of what was sent in it
	cuts   []openCut
}

type openCut struct {
	cut, label string
	id         int
}

// place gives each event its place. Where several slices begin on a lane at one time, they share what room there is
// before the next event: viewers take what overlaps for nested.
func (p *perfetto) place() {
	events := p.trace.Events
	p.start, p.length = make([]sim.Time, len(events)), make([]int64, len(events))
	for i := range events {
		p.start[i] = events[i].Time
	}
	for id := range sim.NodeID(p.trace.Header.Nodes) {
		for lane := p.order.Lane(id); len(lane) > 0; {
			now, n := events[lane[0]].Time, 0
			for n < len(lane) && events[lane[n]].Time == now {
				n++
			}
			room := int64(sliceLength)
			if n < len(lane) {
				room = min(room, int64(events[lane[n]].Time-now))
			}
			p.share(lane[:n], room)
			lane = lane[n:]
		}
	}
}

// share places the events of one lane and one time. What is no slice stands at the beginning of the one before it; the
// end of a span, at its end.
func (p *perfetto) share(together []int32, room int64) {
	slices, begun := int64(0), int64(0)
	for _, i := range together {
		if p.isSlice(int(i)) {
			slices++
		}
	}
	each := room / max(slices, 1)
	for _, i := range together {
		at := begun
		switch k := p.trace.Events[i].Kind; {
		case p.isSlice(int(i)):
			begun++
			p.length[i] = each
		case k != sim.Recovered && k != sim.Resumed:
			at = max(begun-1, 0)
		}
		p.start[i] += sim.Time(at * each)
	}
}

// isSlice reports whether an event is drawn as a slice: a handler, what happens outside one, or what lasts.
func (p *perfetto) isSlice(i int) bool {
	switch p.trace.Events[i].Kind {
	case sim.Init, sim.Timeout, sim.Deliver, sim.Durable, sim.Crashed, sim.Paused:
		return true
	case sim.Send:
		return p.order.Handler(i) < 0
	}
	return false
}

// tie finds the slice that each delivered message was sent in.
func (p *perfetto) tie() {
	p.leave = map[int][]int{}
	for i := range p.trace.Events {
		send := p.order.Sent(i)
		if send < 0 {
			continue
		}
		from := p.order.Handler(send)
		if from < 0 {
			from = send
		}
		p.leave[from] = append(p.leave[from], i)
	}
}

func (p *perfetto) string(s string) { p.out.Write(appendString(nil, s)) }

// begin writes the members that all events have. A thread is a node's number plus 1; 0 is that of no node.
func (p *perfetto) begin(phase, name, category string, id sim.NodeID, at sim.Time) {
	if p.any {
		p.out.WriteByte(',')
	}
	p.any = true
	p.out.WriteString("\n" + `{"ph":"` + phase + `","pid":1,"tid":` + strconv.Itoa(int(id)+1) + `,"ts":` + microseconds(int64(at)) + `,"name":`)
	p.string(name)
	if category != "" {
		p.out.WriteString(`,"cat":"` + category + `"`)
	}
}

// microseconds writes nanoseconds as microseconds, exactly.
func microseconds(ns int64) string {
	rest := strconv.FormatInt(ns%1000+1000, 10)
	return strconv.FormatInt(ns/1000, 10) + "." + rest[1:]
}

func (p *perfetto) end(more string) { p.out.WriteString(more + "}") }

// names names the threads and puts them in order.
func (p *perfetto) names() {
	p.begin("M", "process_name", "", sim.Nobody, 0)
	p.out.WriteString(`,"args":{"name":`)
	p.string(titleOf(p.trace, Options{}))
	p.end("}")
	for id := sim.Nobody; int(id) < p.trace.Header.Nodes; id++ {
		name := "network"
		if id != sim.Nobody {
			name = p.trace.Header.Lane(id)
		}
		p.begin("M", "thread_name", "", id, 0)
		p.out.WriteString(`,"args":{"name":`)
		p.string(name)
		p.end("}")
		p.begin("M", "thread_sort_index", "", id, 0)
		p.end(`,"args":{"sort_index":` + strconv.Itoa(int(id)+1) + "}")
	}
}

func (p *perfetto) event(i int) {
	e := &p.trace.Events[i]
	switch e.Kind {
	case sim.Init, sim.Timeout, sim.Deliver, sim.Durable, sim.Send:
		if p.isSlice(i) {
			p.slice(i)
		}
	case sim.Drop:
		p.loss(i)
	case sim.CutMade:
		label := partition(e.Text) + ": " + sides(e.Cut)
		p.cuts = append(p.cuts, openCut{e.Text, label, i + 1})
		p.async("b", label, i+1, e.Time)
	case sim.CutHealed:
		p.heal(e)
	case sim.Crashed, sim.Paused:
		p.span(i)
	case sim.Note, sim.BadgeSet, sim.WallStepped, sim.Custom, sim.WriteLost:
		p.begin("i", p.trace.Sentence(i), e.Kind.String(), e.Node, p.start[i])
		p.end(`,"s":"t"`)
	}
}

// slice writes a handler, or what happens outside one, with the ends of the flows that are tied to it. They follow it
// at once: a viewer ties a flow to the slice that was the last to begin.
func (p *perfetto) slice(i int) {
	e := &p.trace.Events[i]
	p.begin("X", p.trace.Sentence(i), e.Kind.String(), e.Node, p.start[i])
	p.end(`,"dur":` + microseconds(p.length[i]) + `,"args":{"event":` + strconv.FormatUint(e.ID, 10) + "}")
	if p.order.Sent(i) >= 0 {
		p.begin("f", messageText(e), "message", e.Node, p.start[i])
		p.end(`,"id":` + strconv.Itoa(i+1) + `,"bp":"e"`)
	}
	for _, delivery := range p.leave[i] {
		p.begin("s", messageText(&p.trace.Events[delivery]), "message", e.Node, p.start[i])
		p.end(`,"id":` + strconv.Itoa(delivery+1))
	}
}

// loss writes a lost copy, on its sender's thread when it died.
func (p *perfetto) loss(i int) {
	e := &p.trace.Events[i]
	at := e.At
	if s := p.trace.Cause(i); s >= 0 && at == p.trace.Events[s].Time {
		at = p.start[s]
	}
	p.begin("i", "lost: "+e.Cause.String(), "fault", e.From, at)
	p.out.WriteString(`,"s":"t","args":{"what":`)
	p.string(p.trace.Sentence(i))
	p.end("}")
}

// span writes how long a node was down or paused.
func (p *perfetto) span(i int) {
	e := &p.trace.Events[i]
	name, over := "down", sim.Recovered
	if e.Kind == sim.Paused {
		name, over = "paused", sim.Resumed
	}
	until := max(p.trace.Header.End, p.start[i])
	for _, next := range p.order.Lane(e.Node)[p.order.Index(i)+1:] {
		if k := p.trace.Events[next].Kind; k == over || e.Kind == sim.Paused && k == sim.Crashed {
			until = p.start[next]
			break
		}
	}
	p.begin("X", name, "fault", e.Node, p.start[i])
	p.end(`,"dur":` + microseconds(int64(until-p.start[i])))
}

// async writes the beginning or the end of a partition; several may overlap. A viewer finds the beginning by the name.
func (p *perfetto) async(phase, name string, id int, at sim.Time) {
	p.begin(phase, name, "partition", sim.Nobody, at)
	p.end(`,"id":` + strconv.Itoa(id))
}

func (p *perfetto) heal(e *Event) {
	for n, c := range p.cuts {
		if c.cut == e.Text {
			p.async("e", c.label, c.id, e.Time)
			p.cuts = append(p.cuts[:n], p.cuts[n+1:]...)
			return
		}
	}
}

// endSpans ends the partitions that still held at the end.
func (p *perfetto) endSpans() {
	for _, c := range p.cuts {
		p.async("e", c.label, c.id, p.trace.Header.End)
	}
}
