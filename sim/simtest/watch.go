package simtest

import (
	"fmt"

	"lightcone/sim"
)

// values checks, after every handler of a run, that no message sent and no value persisted so far has changed, and that
// no process holds an Env.
func (c *contract) values() string {
	g := &guard{}
	w := c.world(g)
	g.view = w.View()
	c.finish(w)
	g.afterHandler()
	return g.broken
}

// guard is an Observer that keeps what must not change.
type guard struct {
	view    sim.View
	handler sim.Event // the last one that ran
	text    string    // what it was, in words
	shared  []shared
	broken  string // the first rule that was broken, and how
}

// shared is a value that has left its process.
type shared struct {
	event sim.Event // its Send or Persist
	print uint64
}

// Observe looks at all values when a handler is over, which is when the next begins, and keeps those that leave.
func (g *guard) Observe(e *sim.Event) {
	switch {
	case g.broken != "":
	case e.Kind.Handler():
		g.afterHandler()
		g.handler, g.text = *e, Describe(e)
	case e.Kind == sim.Send || e.Kind == sim.Persist:
		g.shared = append(g.shared, shared{*e, sim.Fingerprint(e.Value)})
	}
}

func (g *guard) afterHandler() {
	if g.broken != "" || g.handler.Kind == 0 {
		return
	}
	if g.broken = g.changed(); g.broken == "" {
		g.broken = g.kept()
	}
}

// changed says which value the last handler changed. If it changed several, as happens to a message sent to many, the
// one that it had most to do with is named.
func (g *guard) changed() string {
	text, closest := "", 3
	for i := range g.shared {
		s := &g.shared[i]
		if sim.Fingerprint(s.event.Value) == s.print {
			continue
		}
		if t, distance := g.blame(&s.event); distance < closest {
			text, closest = t, distance
		}
	}
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%s, in the handler of event %d at %v (%s)", text, g.handler.ID, g.handler.Time, g.text)
}

// blame says what the last handler did to the value of s, and how far it is from having had a right to it.
func (g *guard) blame(s *sim.Event) (text string, distance int) {
	node := g.handler.Node
	switch {
	case s.Kind == sim.Persist:
		return fmt.Sprintf("mutated value: %v changed what it had persisted under %q (%T)", s.Node, s.Text, s.Value), 1
	case node == s.From:
		return fmt.Sprintf("mutated message: %v changed %v (%T) after it had sent it", node, s.Name(), s.Value), 0
	case node == s.To:
		return fmt.Sprintf("mutated message: %v changed %v (%T), which it had received", node, s.Name(), s.Value), 1
	}
	return fmt.Sprintf("mutated message: %v changed %v (%T), of which it shares memory", node, s.Name(), s.Value), 2
}

// kept says whether the process of the last handler holds an Env.
func (g *guard) kept() string {
	p := g.view.Process(g.handler.Node)
	for _, l := range leaves(p) {
		if l.text == keptEnv {
			return fmt.Sprintf("retained Env: the process of %v keeps it in %s", g.handler.Node, l.path)
		}
	}
	return ""
}
