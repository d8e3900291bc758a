package experiments

import (
	"slices"
	"strings"
)

// faultForm says which keys a kind of fault takes beside kind.
type faultForm struct {
	kind     string
	takes    []string // allowed
	targets  bool     // needs node or nodes
	drawn    bool     // may be drawn by the seed, with up
	repaired bool     // then needs down
}

var faultForms = []faultForm{
	{kind: "crash", takes: []string{"at", "for", "node", "nodes", "effect", "up", "down"}, targets: true, drawn: true, repaired: true},
	{kind: "recover", takes: []string{"at", "node", "nodes"}, targets: true},
	{kind: "pause", takes: []string{"at", "for", "node", "nodes", "up", "down"}, targets: true, drawn: true, repaired: true},
	{kind: "resume", takes: []string{"at", "node", "nodes"}, targets: true},
	{kind: "partition", takes: []string{"at", "for", "node", "nodes", "from", "to", "one-way", "name", "up", "down", "shapes"}, drawn: true, repaired: true},
	{kind: "heal", takes: []string{"at", "name"}},
	{kind: "lie", takes: []string{"at", "for", "node", "nodes", "how", "up", "down"}, targets: true, drawn: true, repaired: true},
	{kind: "wall-step", takes: []string{"at", "node", "nodes", "by", "up"}, targets: true, drawn: true},
}

// fault checks one fault: that it has the keys that its kind needs, no others, and nodes that exist.
func (c *checker) fault(f *Fault, path string) {
	i := slices.IndexFunc(faultForms, func(form faultForm) bool { return form.kind == f.Kind })
	if i < 0 {
		return // the schema has reported it
	}
	form := faultForms[i]
	for _, k := range c.document.follow(path).keys {
		if k.name != "kind" && !slices.Contains(form.takes, k.name) && isFaultKey(k.name) {
			c.problems = append(c.problems, k.problem(member(path, k.name), "the key "+k.name+" with kind "+f.Kind,
				"only "+strings.Join(form.takes, ", ")))
		}
	}
	c.when(f, form, path)
	c.whom(f, form, path)
	if f.Kind == "lie" {
		c.lie(f, path)
	}
	switch by := member(path, "by"); {
	case f.Kind == "wall-step" && !c.hasAt(by):
		c.bad(by, "nothing", "by how much the clock steps, such as -2s")
	case f.By != nil && f.Up == nil && !f.By.constant():
		c.bad(by, "", "a duration, such as -2s (a law only with up)")
	}
}

// isFaultKey reports whether some kind of fault takes the key.
func isFaultKey(name string) bool {
	return slices.ContainsFunc(faultForms, func(f faultForm) bool { return slices.Contains(f.takes, name) })
}

// when checks that a fault has either a time or a law.
func (c *checker) when(f *Fault, form faultForm, path string) {
	switch {
	case f.At != nil && f.Up != nil:
		c.bad(member(path, "at"), "a time and a law (up)", "one of them")
	case f.At == nil && f.Up == nil && form.drawn:
		c.bad(member(path, "at"), "nothing", "when it happens, such as 1s (or up and down, laws to draw that by)")
	case f.At == nil && !form.drawn:
		c.bad(member(path, "at"), "nothing", "when it happens, such as 1s")
	case f.Up != nil && f.Down == nil && form.repaired:
		c.bad(member(path, "down"), "nothing", "the law of the time until it is repaired")
	case f.Up == nil && f.Down != nil:
		c.bad(member(path, "up"), "nothing", "the law of the time until it happens")
	case f.Up != nil && f.For != nil:
		c.bad(member(path, "for"), "for beside up", "down, the law of the time until it is repaired")
	}
	if f.Up != nil && c.Duration == 0 && !c.has("duration") {
		c.bad("$.duration", "nothing", "how long the run is, since faults are drawn without end")
	}
	c.beyond(f.At, member(path, "at"))
}

// whom checks that a fault says whom it happens to.
func (c *checker) whom(f *Fault, form faultForm, path string) {
	if f.Node != nil && len(f.Nodes) > 0 {
		c.bad(member(path, "nodes"), "node and nodes", "one of them")
	}
	if f.Node != nil {
		c.node(int(*f.Node), member(path, "node"))
	}
	c.inRange(f.Nodes, member(path, "nodes"))
	c.inRange(f.From, member(path, "from"))
	c.inRange(f.To, member(path, "to"))
	some := f.Node != nil || len(f.Nodes) > 0
	if form.targets && !some && f.Up == nil {
		c.bad(member(path, "node"), "nothing", "whom it happens to, such as 0 (or nodes, a list)")
	}
	if f.Kind == "partition" {
		c.sides(f, some, path)
	}
}

// sides checks the two sides of a partition.
func (c *checker) sides(f *Fault, some bool, path string) {
	switch {
	case f.Up != nil && !some && len(f.From) == 0 && len(f.To) == 0:
		// drawn, whoever it divides
	case f.Shapes != nil:
		c.bad(member(path, "shapes"), "shapes of a partition that is not wholly drawn by the seed", "up and down without nodes, or no shapes")
	case some && (len(f.From) > 0 || len(f.To) > 0):
		c.bad(member(path, "nodes"), "nodes beside from or to", "nodes, the rest being the other side, or from and to")
	case !some && len(f.From) == 0:
		c.bad(member(path, "nodes"), "nothing", "one side of the partition (or from and to)")
	case len(f.From) > 0 && len(f.To) == 0:
		c.bad(member(path, "to"), "nothing", "the other side of the partition")
	}
	from := make(map[NodeRef]bool, len(f.From))
	for _, id := range f.From {
		from[id] = true
	}
	for i, id := range f.To {
		if from[id] {
			c.bad(element(member(path, "to"), i), "a node of both sides", "a node of one")
		}
	}
	if c.nodes > 0 && (len(f.Nodes) == c.nodes && !f.concerns(c.nodes) || len(f.Nodes) == c.Population()) {
		c.bad(member(path, "nodes"), "all nodes", "some of them: the rest is the other side")
	}
}
