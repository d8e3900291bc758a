package primarybackup

import (
	"time"

	"lightcone/sim"
)

// Watch is an observer that measures what a failover costs. It may observe one run after the other, and has the report
// of the last.
type Watch struct {
	nodes    []watched
	last     uint64   // the latest record
	since    sim.Time // the nodes are as they are since then
	report   Report
	acks     []ack
	oldest   map[Number]sim.Time // by view: when the first of its lost writes was acknowledged
	newest   Number              // the view that counts, and its log when it began
	log      []Span
	down     sim.Time // when the serving primary went down; sim.Never if none did or a write was acknowledged since
	vacant   sim.Time // likewise, until somebody serves
	previous sim.Time // when the last write was acknowledged
}

// watched is a node as the watch knows it.
type watched struct {
	serving, paused bool
	ended           sim.Time // when it last stopped serving, for whatever reason
}

func (n watched) accepts() bool { return n.serving && !n.paused }

// ack is a write that was acknowledged.
type ack struct {
	at   Position
	node sim.NodeID
	time sim.Time
	lost bool
}

// Report is what a Watch measured.
type Report struct {
	Overlap      time.Duration   // how long two nodes or more would have accepted writes
	Acknowledged int             // writes
	Contested    int             // of them, acknowledged by a node while a later primary served
	Lost         int             // of them, not in the log of a later primary
	Reach        time.Duration   // how far back the worst loss goes: from its first write until its primary failed, or its last write (RPO)
	Takeovers    []time.Duration // from the failure of a serving primary until one serves
	Downtimes    []time.Duration // from there until a write is acknowledged (RTO)
	Gap          time.Duration   // the longest time between two acknowledgements
}

// NewWatch returns an observer for sim.Config.Observers.
func NewWatch() *Watch {
	return &Watch{oldest: map[Number]sim.Time{}, down: sim.Never, vacant: sim.Never}
}

// Wants says which events it needs.
func (w *Watch) Wants(k sim.Kind) bool {
	return k == sim.Init || k == sim.Note || k == sim.Crashed || k == sim.Paused || k == sim.Resumed
}

// Observe takes down what happens.
func (w *Watch) Observe(e *sim.Event) {
	if e.ID <= w.last { // another run
		*w = *NewWatch()
	}
	w.last = e.ID
	if e.Node == sim.Nobody {
		return
	}
	for int(e.Node) >= len(w.nodes) {
		w.nodes = append(w.nodes, watched{})
	}
	n := &w.nodes[e.Node]
	switch e.Kind {
	case sim.Crashed, sim.Paused:
		w.onFailure(n, e)
	case sim.Resumed:
		w.pass(e.Time)
		n.paused = false
	case sim.Note:
		switch v := e.Value.(type) {
		case Serving:
			w.onServing(n, e.Time, v)
		case Stopped:
			w.pass(e.Time)
			n.serving, n.ended = false, e.Time
		case Acknowledged:
			w.onAcknowledged(e, v.At)
		}
	}
}

// pass lets time pass, with the nodes as they are.
func (w *Watch) pass(now sim.Time) {
	accepting := 0
	for i := range w.nodes {
		if w.nodes[i].accepts() {
			accepting++
		}
	}
	if accepting > 1 {
		w.report.Overlap += now.Sub(w.since)
	}
	w.since = now
}

func (w *Watch) onFailure(n *watched, e *sim.Event) {
	w.pass(e.Time)
	if n.accepts() {
		n.ended = e.Time
		w.down, w.vacant = min(w.down, e.Time), min(w.vacant, e.Time)
	}
	n.paused = e.Kind == sim.Paused
	n.serving = n.serving && n.paused
}

func (w *Watch) onServing(n *watched, now sim.Time, v Serving) {
	w.pass(now)
	n.serving = true
	if w.vacant != sim.Never {
		w.report.Takeovers = append(w.report.Takeovers, now.Sub(w.vacant))
		w.vacant = sim.Never
	}
	if v.Number <= w.newest {
		return
	}
	w.newest, w.log = v.Number, v.Log
	for i := range w.acks {
		if a := &w.acks[i]; !a.lost && !contains(w.log, a.at) {
			w.lose(a)
		}
	}
}

func (w *Watch) onAcknowledged(e *sim.Event, at Position) {
	w.report.Acknowledged++
	if w.report.Acknowledged > 1 {
		w.report.Gap = max(w.report.Gap, e.Time.Sub(w.previous))
	}
	w.previous = e.Time
	if w.down != sim.Never {
		w.report.Downtimes = append(w.report.Downtimes, e.Time.Sub(w.down))
		w.down = sim.Never
	}
	w.acks = append(w.acks, ack{at: at, node: e.Node, time: e.Time})
	if at.View < w.newest {
		w.report.Contested++
		if !contains(w.log, at) {
			w.lose(&w.acks[len(w.acks)-1])
		}
	}
}

// lose counts a lost write.
func (w *Watch) lose(a *ack) {
	a.lost = true
	w.report.Lost++
	first, ok := w.oldest[a.at.View]
	if !ok {
		first = a.time
		w.oldest[a.at.View] = first
	}
	end := max(a.time, w.nodes[a.node].ended)
	w.report.Reach = max(w.report.Reach, end.Sub(first))
}

// contains reports whether a log with this history has the entry at a place.
func contains(log []Span, at Position) bool {
	for _, s := range log {
		if at.Index <= s.Last {
			return s.View == at.View
		}
	}
	return false
}

// Report returns what was measured until end.
func (w *Watch) Report(end sim.Time) Report {
	c := *w
	c.pass(end)
	return c.report
}
