package trace

import (
	"slices"
	"unsafe" //det:ok for sizes only, which bound what is kept

	"lightcone/sim"
)

// Keep says how much is recorded. Its zero value keeps a million events.
type Keep struct {
	Events int   // the first so many events; 0 is DefaultEvents
	Bytes  int64 // and no more than these: of memory for a Recorder, of file for a Writer; 0 is DefaultBytes
	Last   int   // Recorder only: if not 0, the last so many events instead of the first
	JSON   bool  // keep the JSON of values beside their texts
}

// Default limits of recording.
const (
	DefaultEvents = 1_000_000
	DefaultBytes  = 1 << 30
)

func (k *Keep) events() uint64 {
	if k.Events > 0 {
		return uint64(k.Events)
	}
	return DefaultEvents
}

func (k *Keep) bytes() int64 {
	if k.Bytes > 0 {
		return k.Bytes
	}
	return DefaultBytes
}

// Recorder is an Observer that keeps a run in memory as a Trace. Set its exported fields before the run. Header.Nodes
// is the run's; less than the events show is as many as they do.
//
// A limit that is reached ends the recording, not the run: the header of the trace then says which one and how many
// events were left out.
type Recorder struct {
	Header Header
	Keep   Keep

	events []Event
	oldest int // with Keep.Last, once events is full: where the oldest is
	size   int64
	nodes  sim.NodeID // one more than the highest seen
	end    sim.Time
	seen   bool
	missed uint64 // events before the first that was observed
	left   uint64
	limit  string
	texts  textPool
	buf    []byte
}

// Observe records an event.
func (r *Recorder) Observe(e *sim.Event) {
	r.end = max(r.end, e.Time)
	r.nodes = max(r.nodes, e.Node+1, e.To+1)
	if !r.seen {
		r.seen, r.missed = true, e.ID-1
	}
	switch {
	case !r.Header.Level.Records(e.Kind):
	case r.limit != "":
		r.left++
	case r.Keep.Last > 0:
		r.rotate(r.copyOf(e))
	case uint64(len(r.events)) == r.Keep.events():
		r.limit, r.left = "events", 1
	default:
		c := r.copyOf(e)
		if r.size += sizeOf(&c); r.size > r.Keep.bytes() {
			r.limit, r.left = "bytes", 1
			return
		}
		r.events = append(r.events, c)
	}
}

// rotate keeps e, in the place of the oldest event when there are Keep.Last of them or they take more than Keep.Bytes.
func (r *Recorder) rotate(e Event) {
	r.size += sizeOf(&e)
	if r.left == 0 && len(r.events) < r.Keep.Last && (r.size <= r.Keep.bytes() || len(r.events) == 0) {
		r.events = append(r.events, e)
		return
	}
	r.size -= sizeOf(&r.events[r.oldest])
	r.events[r.oldest] = e
	r.oldest = (r.oldest + 1) % len(r.events)
	r.left++
}

// Trace returns what was recorded so far. The run's digest is not known to an observer: set it in the header.
func (r *Recorder) Trace() *Trace {
	t := &Trace{Header: r.Header, Events: slices.Concat(r.events[r.oldest:], r.events[:r.oldest])}
	t.Header.Lanes = slices.Clone(r.Header.Lanes)
	t.Header.Nodes = max(r.Header.Nodes, int(r.nodes), 1)
	t.Header.End = max(r.Header.End, r.end)
	t.Header.Limit = r.limit
	t.Header.LeftBefore = r.missed
	if r.Keep.Last > 0 {
		t.Header.LeftBefore += r.left
	} else {
		t.Header.LeftAfter = r.left
	}
	return t
}

// copyOf returns e as plain data, with one copy of each text that recurs.
func (r *Recorder) copyOf(e *sim.Event) Event {
	c := recordOf(e)
	c.Text, c.Role = r.texts.text(c.Text), r.texts.text(c.Role)
	if e.Value != nil {
		r.buf = appendText(r.buf[:0], e.Value)
		c.Value = Value{Type: typeOf(e.Value), Text: r.texts.bytes(r.buf)}
		if r.Keep.JSON {
			c.Value.JSON = r.texts.text(jsonOf(e.Value))
		}
	}
	return c
}

// recordOf returns all of e but its value as plain data.
func recordOf(e *sim.Event) Event {
	c := Event{
		ID: e.ID, Time: e.Time, Kind: e.Kind, Node: e.Node, Local: e.Local, Wall: e.Wall,
		From: e.From, To: e.To, K: e.K, Copy: e.Copy, Cause: e.Cause, At: e.At, Link: e.Link,
		Text: tidyText(e.Text), Role: tidyText(e.Role), Step: e.Step, Fate: e.Fate,
	}
	if e.Cut != nil {
		c.Cut = cutOf(e.Cut)
	}
	return c
}

func cutOf(c *sim.Cut) *sim.Cut {
	return &sim.Cut{Name: tidyText(c.Name), From: slices.Clone(c.From), To: slices.Clone(c.To), OneWay: c.OneWay}
}

// sizeOf is about how much memory an event takes; texts that several events share count for each.
func sizeOf(e *Event) int64 {
	n := int64(unsafe.Sizeof(*e)) + int64(len(e.Value.Text)+len(e.Value.JSON)+len(e.Text)+len(e.Role))
	if e.Cut != nil {
		n += int64(unsafe.Sizeof(*e.Cut)) + int64(len(e.Cut.From)+len(e.Cut.To))*4
	}
	return n
}

// textPool keeps one copy of texts that recur. It forgets them all when there are many, so that it stays small.
type textPool struct{ known map[string]string }

const textPoolSize = 1 << 14

func (t *textPool) text(s string) string {
	if s == "" {
		return ""
	}
	if have, ok := t.known[s]; ok {
		return have
	}
	t.keep(s)
	return s
}

func (t *textPool) bytes(b []byte) string {
	if have, ok := t.known[string(b)]; ok {
		return have
	}
	s := string(b)
	t.keep(s)
	return s
}

func (t *textPool) keep(s string) {
	if t.known == nil || len(t.known) >= textPoolSize {
		t.known = make(map[string]string)
	}
	t.known[s] = s
}
