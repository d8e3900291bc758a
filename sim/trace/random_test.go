package trace

import (
	"strconv"

	"lightcone/sim"
)

// randomTrace is a well-formed trace of n events drawn by a seed: all kinds of events, in an order that a run can have.
func randomTrace(seed uint64, nodes, n int) *Trace {
	g := &generator{r: sim.NewRand(seed), t: &Trace{Header: Header{Scenario: "random", Seed: seed, Nodes: nodes}}, state: make([]status, nodes), k: make([]uint64, nodes*nodes)}
	for len(g.t.Events) < n {
		g.step()
	}
	g.t.Header.End = g.now + 5
	return g.t
}

type generator struct {
	r     sim.Rand
	t     *Trace
	now   sim.Time
	state []status
	k     []uint64
	sends []int // with no fate yet
	timer []int // set and not over
	write []int // issued and not over
	cuts  []string
}

func (g *generator) add(e Event) {
	e.ID = uint64(len(g.t.Events) + 1)
	if !e.Message() {
		e.From, e.To = sim.Nobody, sim.Nobody
	}
	e.Time = g.now
	if e.At == 0 {
		e.At = g.now
	}
	if e.Node != sim.Nobody {
		e.Local = sim.Local(g.now) + sim.Local(e.Node)*10
		e.Wall = e.Local - 3
	}
	g.t.Events = append(g.t.Events, e)
}

// take removes a random element of a list and returns it.
func (g *generator) take(list *[]int) int {
	i := g.r.IntN(len(*list))
	v := (*list)[i]
	*list = append((*list)[:i], (*list)[i+1:]...)
	return v
}

func (g *generator) value(kind string) Value {
	n := strconv.Itoa(g.r.IntN(1000))
	return Value{Type: "test." + kind, Text: kind + " \"" + n + "\"\n", JSON: `{"n":[` + n + `]}`}
}

func (g *generator) step() {
	g.now += sim.Time(g.r.IntN(3))
	id := sim.NodeID(g.r.IntN(len(g.state)))
	s := &g.state[id]
	if *s == unknown {
		*s = up
		g.add(Event{Kind: sim.Init, Node: id})
		return
	}
	if *s == down {
		*s = up
		g.add(Event{Kind: sim.Recovered, Node: id})
		g.add(Event{Kind: sim.Init, Node: id})
		return
	}
	next := uint64(len(g.t.Events))
	switch g.r.IntN(18) {
	case 0, 1, 2, 3, 4:
		to := sim.NodeID(g.r.IntN(len(g.state)))
		k := &g.k[int(id)*len(g.state)+int(to)]
		*k++
		g.sends = append(g.sends, len(g.t.Events))
		g.add(Event{Kind: sim.Send, Node: id, From: id, To: to, K: *k, Value: g.value("msg")})
	case 5, 6, 7, 8, 9:
		if len(g.sends) > 0 {
			g.fate()
		}
	case 10:
		g.timer = append(g.timer, len(g.t.Events))
		g.add(Event{Kind: sim.TimerSet, Node: id, At: g.now + 7, Value: g.value("tag")})
	case 11:
		if len(g.timer) > 0 {
			i := g.take(&g.timer)
			kind := []sim.Kind{sim.Timeout, sim.TimerStopped}[g.r.IntN(2)]
			if e := g.t.Events[i]; g.state[e.Node] == up {
				g.add(Event{Kind: kind, Node: e.Node, Link: e.ID, Value: e.Value})
			}
		}
	case 12:
		g.write = append(g.write, len(g.t.Events))
		g.add(Event{Kind: sim.Persist, Node: id, Text: "key" + strconv.Itoa(g.r.IntN(3)), Value: g.value("state")})
	case 13:
		if len(g.write) > 0 {
			e := g.t.Events[g.take(&g.write)]
			if g.state[e.Node] == down || g.r.Bool(0.2) {
				g.add(Event{Kind: sim.WriteLost, Node: e.Node, Link: e.ID, Text: e.Text, Value: e.Value, Fate: sim.WriteFate(g.r.IntN(3))})
			} else {
				g.add(Event{Kind: sim.Durable, Node: e.Node, Link: e.ID, Text: e.Text, Value: e.Value})
			}
		}
	case 14:
		*s = down
		g.add(Event{Kind: sim.Crashed, Node: id})
	case 15:
		g.add(Event{Kind: sim.WallStepped, Node: id, Step: sim.Local(g.r.IntN(100)) - 50})
		if next > 0 {
			g.add(Event{Kind: sim.BadgeSet, Node: id, Role: "leader", Text: "term " + strconv.Itoa(int(next))})
			g.t.Events[next+1].ID = next + 1 // that of the record before it
			g.add(Event{Kind: sim.Note, Node: id, Value: g.value("note")})
		}
	case 16:
		name := "cut" + strconv.Itoa(len(g.t.Events))
		g.cuts = append(g.cuts, name)
		g.add(Event{Kind: sim.CutMade, Node: sim.Nobody, Text: name, Cut: &sim.Cut{Name: name, From: []sim.NodeID{id}, To: []sim.NodeID{0}, OneWay: g.r.Bool(0.5)}})
	case 17:
		if len(g.cuts) > 0 {
			g.add(Event{Kind: sim.CutHealed, Node: sim.Nobody, Text: g.cuts[0]})
			g.cuts = g.cuts[1:]
		}
		g.add(Event{Kind: sim.Custom, Node: sim.Nobody, Text: "it <rains> & \"pours\""})
	}
}

// fate delivers, duplicates, alters or loses a message.
func (g *generator) fate() {
	i := g.take(&g.sends)
	e := g.t.Events[i]
	e.Link = e.ID
	e.At = 0
	if g.state[e.To] != up || g.r.Bool(0.2) {
		e.Kind, e.Node, e.Cause, e.At = sim.Drop, sim.Nobody, sim.Loss+sim.Cause(g.r.IntN(7)), g.now+sim.Time(g.r.IntN(3))
		e.Local, e.Wall = 0, 0
		g.add(e)
		return
	}
	e.Kind, e.Node = sim.Deliver, e.To
	if g.r.Bool(0.1) {
		e.Value = g.value("altered")
	}
	g.add(e)
	if g.r.Bool(0.1) {
		e.Copy = 1
		g.add(e)
	}
}
