package measure

import (
	"slices"
	"strings"

	"lightcone/sim"
)

// Fault is one that is active: a crash, a pause, a cut, or whatever else impairs the system until it is undone.
type Fault struct {
	Text  string     // as in a plan: "crash n2", "pause n1", "cut halves"
	Node  sim.NodeID // whom it befell; sim.Nobody for a cut
	Since sim.Time

	kind sim.Kind
	name string // of a cut
}

func (f Fault) String() string { return f.Text }

// node is what became of one node.
type node struct{ down, paused []Span }

// Wants says which events the track needs: faults.
func (t *Track) Wants(k sim.Kind) bool {
	switch k {
	case sim.Crashed, sim.Recovered, sim.Paused, sim.Resumed, sim.CutMade, sim.CutHealed:
		return true
	}
	return false
}

// Observe takes down the beginning or the end of a fault.
func (t *Track) Observe(e *sim.Event) {
	if e.Node != sim.Nobody && t.Servers > 0 && int(e.Node) >= t.Servers {
		return
	}
	switch e.Kind {
	case sim.Crashed:
		t.end(sim.Paused, e, "crash")
		t.begin(e, "crash "+e.Node.String())
	case sim.Paused:
		t.begin(e, "pause "+e.Node.String())
	case sim.CutMade:
		t.begin(e, strings.TrimSpace("cut "+e.Text))
		t.cuts++
	case sim.Recovered:
		t.end(sim.Crashed, e, "recover")
	case sim.Resumed:
		t.end(sim.Paused, e, "resume")
	case sim.CutHealed:
		t.end(sim.CutMade, e, "heal")
		t.cuts--
	}
}

func (t *Track) begin(e *sim.Event, text string) {
	t.ended, t.last = false, text
	t.active = append(t.active, Fault{Text: text, Node: e.Node, Since: e.Time, kind: e.Kind, name: e.Text})
	if e.Node == sim.Nobody {
		return
	}
	for int(e.Node) >= len(t.nodes) {
		t.nodes = append(t.nodes, node{})
	}
	switch n := &t.nodes[e.Node]; e.Kind {
	case sim.Crashed:
		n.down = append(n.down, Span{e.Time, sim.Never})
	case sim.Paused:
		n.paused = append(n.paused, Span{e.Time, sim.Never})
	}
}

// end ends one fault, if it is there, by what the event did.
func (t *Track) end(kind sim.Kind, e *sim.Event, verb string) {
	i := slices.IndexFunc(t.active, func(f Fault) bool { return f.kind == kind && f.Node == e.Node && f.name == e.Text })
	if i < 0 {
		return
	}
	t.active = slices.Delete(t.active, i, i+1)
	t.ended = true
	if e.Node == sim.Nobody {
		t.last = strings.TrimSpace(verb + " " + e.Text)
		return
	}
	t.last = verb + " " + e.Node.String()
	switch n := &t.nodes[e.Node]; kind {
	case sim.Crashed:
		n.down[len(n.down)-1].To = e.Time
	case sim.Paused:
		n.paused[len(n.paused)-1].To = e.Time
	}
}
