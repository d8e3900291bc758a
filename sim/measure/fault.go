package measure

import (
	"slices"
	"strings"

	"lightcone/sim"
)

// Fault is one that is active: a crash, a pause, a cut, or whatever else impairs the system until it is undone.
type Fault struct {
	Text  string     // as in a plan: "crash n2", "pause n1", "cut halves", "slow n1 by 10 as s"
	Node  sim.NodeID // whom it befell; sim.Nobody for a cut and for a disturbed network
	Since sim.Time

	kind sim.Kind
	name string // of a cut; of a condition: the whole text
}

func (f Fault) String() string { return f.Text }

// stops reports whether the fault stops its node.
func (f Fault) stops() bool { return f.kind == sim.Crashed || f.kind == sim.Paused }

// node is what became of one node.
type node struct{ down, paused []Span }

// Wants says which events the track needs: faults.
func (t *Track) Wants(k sim.Kind) bool {
	switch k {
	case sim.Crashed, sim.Recovered, sim.Paused, sim.Resumed, sim.CutMade, sim.CutHealed, sim.Custom:
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
	case sim.Custom:
		if name, ok := strings.CutPrefix(e.Text, "heal "); ok {
			t.heal(e, name)
		} else if lasts(e.Text) {
			t.begin(e, e.Text)
		}
	}
}

// lasts reports whether an action of which a record tells by its text has a Heal to end it.
func lasts(text string) bool {
	return slices.ContainsFunc([]string{"omit ", "slow ", "drift ", "fill ", "lose writes ", "tear writes ", "disturb ", "lie "}, func(s string) bool { return strings.HasPrefix(text, s) })
}

// heal ends one condition of that name, if it is there. All that one Heal ends have a record each.
func (t *Track) heal(e *sim.Event, name string) {
	i := slices.IndexFunc(t.active, func(f Fault) bool {
		if f.kind != sim.Custom || f.Node != e.Node {
			return false
		}
		return name == "" && !strings.Contains(f.name, " as ") || name != "" && strings.HasSuffix(f.name, " as "+name)
	})
	if i >= 0 {
		t.active = slices.Delete(t.active, i, i+1)
		t.ended, t.last = true, strings.TrimSpace(e.Text)
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
