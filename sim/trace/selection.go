package trace

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

// selection is the part of a trace that is drawn.
type selection struct {
	trace *Trace
	order *Order
	late  []bool

	shown    []bool        // of each event: it is drawn
	from, to sim.Time      // the window of true time
	count    int           // how many events are drawn
	beyond   int           // how many the limit leaves out, in the window
	past     []int32       // AsNode: what the node knows, by lane; else nil
	hidden   int           // how many events in the window it does not know
	like     []int         // of each Send: how many like it stand behind it, when runs are collapsed
	until    []sim.Time    // of each Send with like ones behind it: when the last of them was sent
	marked   map[int][]int // of each marked event: the marks, from 0; only looked up
}

// choose selects the events of a trace that o asks for, at most o.MaxEvents or else limit.
func choose(t *Trace, o Options, limit int) *selection {
	s := &selection{trace: t, order: NewOrder(t), from: o.From, to: o.To, shown: make([]bool, len(t.Events)), marked: map[int][]int{}}
	s.late = s.order.lateDeliveries()
	if s.to == 0 || s.to > t.Header.End {
		s.to = t.Header.End
	}
	if o.MaxEvents > 0 {
		limit = o.MaxEvents
	}
	s.mark(o.Marks)
	s.window(o)
	if o.View == AsNode {
		s.as(o.As)
	}
	if o.Collapse {
		s.collapse()
	}
	s.limit(limit)
	return s
}

func (s *selection) mark(marks []Mark) {
	for n, m := range marks {
		for _, id := range m.Events {
			if i, ok := s.trace.Index(id); ok {
				s.marked[i] = append(s.marked[i], n)
			}
		}
	}
}

// pointed reports whether any event of a mark is drawn.
func (s *selection) pointed(m Mark) bool {
	return slices.ContainsFunc(m.Events, func(id uint64) bool {
		i, ok := s.trace.Index(id)
		return ok && s.shown[i]
	})
}

func (s *selection) window(o Options) {
	for i := range s.trace.Events {
		t := s.trace.Events[i].Time
		s.shown[i] = t >= s.from && t <= s.to
	}
}

// as hides all that a node cannot know at its last event in the window.
func (s *selection) as(id sim.NodeID) {
	s.past = make([]int32, s.order.nodes)
	lane := s.order.Lane(id)
	for at := len(lane) - 1; at >= 0; at-- {
		if s.shown[lane[at]] {
			s.past = s.order.Past(int(lane[at]))
			break
		}
	}
	for i := range s.shown {
		if !s.shown[i] {
			continue
		}
		node := s.trace.Events[i].Node
		if node == sim.Nobody || s.order.index[i] >= s.past[node] {
			s.shown[i] = false
			s.hidden++
		}
	}
}

// limit leaves out what comes after the first n events, and ends the window there.
func (s *selection) limit(n int) {
	for i := range s.shown {
		switch {
		case !s.shown[i]:
		case s.count < n:
			s.count++
		default:
			if s.beyond == 0 {
				s.to = s.trace.Events[i].Time
			}
			s.shown[i] = false
			s.beyond++
		}
	}
}

// link is an ordered pair of nodes and a type of messages.
type link struct {
	from, to sim.NodeID
	typ      string
}

// repeat is a run of like messages on a link.
type repeat struct {
	sends []int
	ends  []int
}

// minRepeat is how many like messages in a row are worth drawing as one.
const minRepeat = 3

// collapse hides runs of like messages but for the first: those of one type on one link that all arrive, plainly and in
// time, while nothing of interest happens to either end. Handlers all of whose messages are hidden are hidden too.
func (s *selection) collapse() {
	s.like = make([]int, len(s.shown))
	s.until = make([]sim.Time, len(s.shown))
	ends := s.plainEnds()
	runs := map[link]*repeat{}
	var order []link
	broken := make([]int, s.order.nodes) // of each node: the last event of interest
	all := 0
	for i := range s.trace.Events {
		e := &s.trace.Events[i]
		switch {
		case e.Kind == sim.Send && s.shown[i]:
			l := link{e.From, e.To, e.Value.Type}
			r := runs[l]
			if r == nil {
				r = &repeat{}
				runs[l] = r
				order = append(order, l)
			}
			if n := len(r.sends); n > 0 && r.sends[n-1] < max(broken[e.From], broken[e.To], all) || ends[i] < 0 {
				s.fold(r)
			}
			if ends[i] >= 0 {
				r.sends, r.ends = append(r.sends, i), append(r.ends, ends[i])
			}
		case e.Kind == sim.BadgeSet || e.Kind == sim.Note || e.Kind.Fault() || s.marked[i] != nil:
			if e.Node == sim.Nobody {
				all = i
			} else {
				broken[e.Node] = i
			}
		}
	}
	for _, l := range order {
		s.fold(runs[l])
	}
	s.foldHandlers()
}

// plainEnds returns for each Send its delivery, if that is all that became of it and nothing about it is special; else
// -1.
func (s *selection) plainEnds() []int {
	ends := make([]int, len(s.shown))
	for i := range ends {
		ends[i] = -1
	}
	special := make([]bool, len(s.shown))
	for i := range s.trace.Events {
		e := &s.trace.Events[i]
		if e.Kind != sim.Deliver && e.Kind != sim.Drop {
			continue
		}
		send := s.trace.Cause(i)
		if send < 0 {
			continue
		}
		_, altered := s.trace.altered(i)
		if e.Kind == sim.Drop || e.Copy > 0 || altered || s.late[i] || s.marked[i] != nil || s.marked[send] != nil {
			special[send] = true
		}
		if ends[send] = i; special[send] {
			ends[send] = -1
		}
	}
	return ends
}

// fold hides a run but for its first message, and empties it.
func (s *selection) fold(r *repeat) {
	if n := len(r.sends); n >= minRepeat {
		first := r.sends[0]
		s.like[first], s.until[first] = n-1, s.trace.Events[r.sends[n-1]].Time
		for k := 1; k < n; k++ {
			s.shown[r.sends[k]], s.shown[r.ends[k]] = false, false
		}
	}
	r.sends, r.ends = r.sends[:0], r.ends[:0]
}

// foldHandlers hides what belongs to handlers that did nothing that is still shown but set timers.
func (s *selection) foldHandlers() {
	const folded, kept = 1, 2
	state := make([]uint8, len(s.shown))
	for i := range s.trace.Events {
		h := s.order.Handler(i)
		if h < 0 || h == i {
			continue
		}
		switch k := s.trace.Events[i].Kind; {
		case k == sim.TimerSet || k == sim.TimerStopped:
		case k == sim.Send && !s.shown[i]:
			state[h] |= folded
		default:
			state[h] |= kept
		}
	}
	for i := range s.trace.Events {
		h := s.order.Handler(i)
		if h < 0 || state[h]&kept != 0 || s.marked[i] != nil {
			continue
		}
		k := s.trace.Events[h].Kind
		if k == sim.Timeout && state[h] == folded || k == sim.Deliver && !s.shown[h] {
			s.shown[i] = false
		}
	}
}

// events returns the events that are drawn, in order.
func (s *selection) events() []int {
	list := make([]int, 0, s.count)
	for i, shown := range s.shown {
		if shown {
			list = append(list, i)
		}
	}
	return slices.Clip(list)
}

// remarks says what a picture of so many lanes does not show.
func (s *selection) remarks(o Options, lanes int) []string {
	var remarks []string
	say := func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }
	h := &s.trace.Header
	if h.LeftBefore > 0 {
		say("%s before are not in the trace.", count(h.LeftBefore, "event"))
	}
	if h.LeftAfter > 0 {
		say("%s after are not in the trace.", count(h.LeftAfter, "event"))
	}
	if s.beyond > 0 {
		say("%s later in the window are not drawn.", count(uint64(s.beyond), "event"))
	}
	if n := h.Nodes - lanes; n > 0 {
		say("%s that do nothing here, or are beyond the first %d, are not drawn.", count(uint64(n), "node"), maxLanes)
	}
	if o.View == AsNode {
		say("As %s: only what can have reached it is drawn; %s are hidden.", h.Lane(o.As), count(uint64(s.hidden), "event"))
	}
	if h.Level != Full {
		say("Recorded at level %v.", h.Level)
	}
	return remarks
}

// count is a number of things in words.
func count(n uint64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
