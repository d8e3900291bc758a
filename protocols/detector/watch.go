package detector

import (
	"math"
	"slices"
	"time"

	"lightcone/sim"
)

// Watch is an observer that measures the quality of service of a failure detector (Chen, Toueg and Aguilera 2002,
// section 2), in true time, over all pairs of nodes. It may observe one run after the other, and has the report of the
// last.
//
// A suspicion of a node that is up is a mistake: also of one that is paused or cut off, which has not crashed.
type Watch struct {
	cfg    Config
	nodes  []life
	pairs  []history
	of     map[pair]int // their places
	last   uint64       // the latest record
	report Report
}

type pair struct{ by, of sim.NodeID }

// life is a node as the watch knows it.
type life struct {
	down  bool
	since sim.Time // when it went down or came up
}

// history is what one node said of another that it monitors.
type history struct {
	pair
	suspected bool
	changed   sim.Time // the last transition
	// mistaken is when the last mistake began, if both nodes have been up since; else sim.Never.
	mistaken  sim.Time
	corrected sim.Time // when it ended; sim.Never if it has not
}

// Cycle is a mistake and the good period after it: from one S-transition about a live node to the next.
type Cycle struct{ Mistake, Good time.Duration }

// Recurrence is the time from the beginning of the mistake to that of the next.
func (c Cycle) Recurrence() time.Duration { return c.Mistake + c.Good }

// Report is what a Watch measured.
type Report struct {
	Mistakes   int             // S-transitions about live nodes, of cycles that are not over too
	Cycles     []Cycle         // whole ones, of all pairs, in the order in which they ended
	Detections []time.Duration // of crashes, one for each node that monitors and stays up: until suspected for good
	Undetected int             // crashes, likewise, after which the node was still trusted when it came back or the run ended
}

// NewWatch returns an observer for sim.Config.Observers, of a detector of this configuration on so many nodes.
func NewWatch(c Config, nodes int) *Watch {
	w := &Watch{cfg: c, nodes: make([]life, nodes), of: map[pair]int{}}
	for p := range sim.NodeID(nodes) {
		for _, q := range c.monitored(p, nodes) {
			w.of[pair{p, q}] = len(w.pairs)
			w.pairs = append(w.pairs, history{pair: pair{p, q}, mistaken: sim.Never, corrected: sim.Never})
		}
	}
	return w
}

// Wants says which events it needs.
func (w *Watch) Wants(k sim.Kind) bool {
	return k == sim.Init || k == sim.Note || k == sim.Crashed
}

// Observe takes down what happens.
func (w *Watch) Observe(e *sim.Event) {
	if e.ID <= w.last { // another run
		*w = *NewWatch(w.cfg, len(w.nodes))
	}
	w.last = e.ID
	switch e.Kind {
	case sim.Crashed:
		w.onCrash(e.Node, e.Time)
	case sim.Init:
		w.onInit(e.Node, e.Time)
	case sim.Note:
		switch n := e.Value.(type) {
		case Suspected:
			w.onSuspected(&w.pairs[w.of[pair{e.Node, n.Of}]], e.Time)
		case Trusted:
			w.onTrusted(&w.pairs[w.of[pair{e.Node, n.Of}]], e.Time)
		}
	}
}

// onCrash ends the cycles that the node has part in.
func (w *Watch) onCrash(id sim.NodeID, now sim.Time) {
	for i := range w.pairs {
		if h := &w.pairs[i]; h.by == id || h.of == id {
			h.mistaken, h.corrected = sim.Never, sim.Never
		}
	}
	w.nodes[id] = life{down: true, since: now}
}

// onInit judges how the crash was detected that is over, if there was one, and forgets what the node said in its former
// life.
func (w *Watch) onInit(id sim.NodeID, now sim.Time) {
	w.detect(id, &w.report)
	w.nodes[id] = life{since: now}
	for i := range w.pairs {
		if h := &w.pairs[i]; h.by == id {
			h.suspected, h.changed = false, now
		}
	}
}

// detect adds how a crash of id that lasts was detected, by the nodes that have been up all the while.
func (w *Watch) detect(id sim.NodeID, r *Report) {
	crash := w.nodes[id]
	if !crash.down {
		return
	}
	for i := range w.pairs {
		h := &w.pairs[i]
		switch by := w.nodes[h.by]; {
		case h.of != id || by.down || by.since > crash.since:
		case h.suspected:
			r.Detections = append(r.Detections, max(0, h.changed.Sub(crash.since)))
		default:
			r.Undetected++
		}
	}
}

func (w *Watch) onSuspected(h *history, now sim.Time) {
	h.suspected, h.changed = true, now
	if w.nodes[h.of].down {
		return
	}
	w.report.Mistakes++
	if h.mistaken != sim.Never {
		w.report.Cycles = append(w.report.Cycles, Cycle{h.corrected.Sub(h.mistaken), now.Sub(h.corrected)})
	}
	h.mistaken, h.corrected = now, sim.Never
}

func (w *Watch) onTrusted(h *history, now sim.Time) {
	h.suspected, h.changed = false, now
	if h.mistaken != sim.Never {
		h.corrected = now
	}
}

// Report returns what was measured, with crashes that last counted as they stand.
func (w *Watch) Report() Report {
	r := w.report
	r.Detections = slices.Clone(r.Detections)
	for id := range w.nodes {
		w.detect(sim.NodeID(id), &r)
	}
	return r
}

// Mean is the mean of a sample and its standard error, in seconds but for an accuracy, which is a share. Both are NaN
// for want of data: of one observation, or of two.
type Mean struct {
	N         int
	Value, SE float64
}

// Detection is the mean time from a crash until the node is suspected for good (T_D).
func (r Report) Detection() Mean {
	return meanOf(len(r.Detections), func(i int) float64 { return r.Detections[i].Seconds() })
}

// Recurrence is the mean time between two mistakes (T_MR).
func (r Report) Recurrence() Mean {
	return meanOf(len(r.Cycles), func(i int) float64 { return r.Cycles[i].Recurrence().Seconds() })
}

// Mistake is the mean duration of a mistake (T_M).
func (r Report) Mistake() Mean {
	return meanOf(len(r.Cycles), func(i int) float64 { return r.Cycles[i].Mistake.Seconds() })
}

// Good is the mean duration of a good period (T_G).
func (r Report) Good() Mean {
	return meanOf(len(r.Cycles), func(i int) float64 { return r.Cycles[i].Good.Seconds() })
}

// Accuracy is the probability that the detector is right about a live node at a random time (P_A): the share of good
// periods in the cycles, as a ratio of means. Its standard error is that of the linearised ratio.
func (r Report) Accuracy() Mean {
	mistake, recurrence := r.Mistake(), r.Recurrence()
	if mistake.N == 0 {
		return Mean{Value: math.NaN(), SE: math.NaN()}
	}
	share := mistake.Value / recurrence.Value
	residual := meanOf(len(r.Cycles), func(i int) float64 {
		return r.Cycles[i].Mistake.Seconds() - float64(share*r.Cycles[i].Recurrence().Seconds())
	})
	return Mean{mistake.N, 1 - share, residual.SE / recurrence.Value}
}

func meanOf(n int, at func(int) float64) Mean {
	m := Mean{N: n, Value: math.NaN(), SE: math.NaN()}
	if n == 0 {
		return m
	}
	sum, squares := 0.0, 0.0
	for i := range n {
		sum += at(i)
	}
	m.Value = sum / float64(n)
	if n < 2 {
		return m
	}
	for i := range n {
		e := at(i) - m.Value
		squares += float64(e * e)
	}
	m.SE = math.Sqrt(squares / float64(n-1) / float64(n))
	return m
}
