package experiments

import (
	"slices"
	"strings"
)

// faultForm says which keys a kind of fault takes beside kind.
type faultForm struct {
	kind     string
	takes    []string // allowed
	needs    []string // of those, which must be there
	targets  bool     // needs node or nodes
	drawn    bool     // may be drawn by the seed, with up
	repaired bool     // then needs down
}

// lasting is the form of a failure of nodes that ends.
func lasting(kind string, own ...string) faultForm {
	takes := append([]string{"at", "for", "node", "nodes"}, own...)
	return faultForm{kind: kind, takes: append(takes, "up", "down", "crews", "trace"), targets: true, drawn: true, repaired: true}
}

// with returns the form with keys that must be there.
func (f faultForm) with(needs ...string) faultForm {
	f.needs = needs
	return f
}

var faultForms = []faultForm{
	lasting("crash", "effect"),
	{kind: "recover", takes: []string{"at", "node", "nodes"}, targets: true},
	{kind: "stop", takes: []string{"at", "node", "nodes", "up"}, targets: true, drawn: true},
	lasting("pause"),
	{kind: "resume", takes: []string{"at", "node", "nodes"}, targets: true},
	lasting("isolate"),
	lasting("mute"),
	lasting("deafen"),
	{kind: "partition", takes: []string{"at", "for", "node", "nodes", "from", "to", "one-way", "name", "up", "down", "shapes"}, drawn: true, repaired: true},
	{kind: "heal", takes: []string{"at", "name"}},
	lasting("omit-send", "p", "max", "peers").with("p"),
	lasting("omit-receive", "p", "max", "peers").with("p"),
	lasting("slow", "factor", "work").with("factor"),
	lasting("drift", "ppm").with("ppm"),
	{kind: "clock-step", takes: []string{"at", "node", "nodes", "by", "up"}, targets: true, drawn: true},
	{kind: "wall-step", takes: []string{"at", "node", "nodes", "by", "up"}, targets: true, drawn: true},
	lasting("disk-slow", "factor").with("factor"),
	lasting("disk-full"),
	lasting("disk-lost"),
	lasting("disk-old"),
	{kind: "backup", takes: []string{"at", "node", "nodes"}, targets: true},
	lasting("lose-writes", "p", "max").with("p"),
	lasting("tear-writes", "p", "max").with("p"),
	{kind: "rot", takes: []string{"at", "node", "nodes", "key", "undetected", "up"}, targets: true, drawn: true},
	{kind: "disturb", takes: []string{"at", "for", "from", "to", "one-way", "name", "loss", "delay", "jitter", "up", "down"}, drawn: true, repaired: true},
	lasting("lie", "how"),
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
	c.howBad(f, form, path)
	switch by := member(path, "by"); {
	case (f.Kind == "wall-step" || f.Kind == "clock-step") && !c.hasAt(by):
		c.bad(by, "nothing", "by how much the clock steps, such as -2s")
	case f.Kind == "clock-step" && f.By != nil && f.By.constant() && f.By.duration() <= 0:
		c.bad(by, "", "more than 0s: a monotonic clock does not step back")
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
	case c.hasAt(member(path, "trace")) && slices.Contains(form.takes, "trace"):
		c.traced(f, path)
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
	if f.Crews > 0 && f.Up == nil {
		c.bad(member(path, "crews"), "crews without up", "laws that say how often there is something to repair: up and down")
	}
	if f.Up != nil {
		c.endless()
	}
	c.beyond(f.At, member(path, "at"))
}

// traced checks that a trace stands alone, and reads it.
func (c *checker) traced(f *Fault, path string) {
	for _, key := range []string{"at", "for", "node", "nodes", "effect", "up", "down", "crews"} {
		if at := member(path, key); c.hasAt(at) {
			c.bad(at, key+" beside a trace", "the trace alone: it says when, to whom and for how long")
		}
	}
	c.endless()
	c.trace(f, member(path, "trace"))
}

// endless reports a run without an end in which faults are drawn.
func (c *checker) endless() {
	if c.Duration == 0 && !c.has("duration") && !concerns(c.problems, "$.duration") {
		c.bad("$.duration", "nothing", "how long the run is, since faults come without end")
	}
}

// howBad checks what a fault says of its degree.
func (c *checker) howBad(f *Fault, form faultForm, path string) {
	for _, key := range form.needs {
		if at := member(path, key); !c.hasAt(at) {
			c.bad(at, "nothing", wantDegree[key])
		}
	}
	if p := member(path, "p"); f.P == 0 && c.hasAt(p) && !concerns(c.given, p) {
		c.bad(p, "", "more than 0")
	}
	if ppm := member(path, "ppm"); f.PPM == 0 && c.hasAt(ppm) && !concerns(c.given, ppm) {
		c.bad(ppm, "", "more or less than 0")
	}
	c.inRange(f.Peers, member(path, "peers"))
	switch f.Kind {
	case "lie":
		c.lie(f, path)
	case "disturb":
		c.disturb(f, path)
	}
}

// wantDegree says what a missing key would have been.
var wantDegree = map[string]string{
	"p":      "how likely it is for each message or write, such as 0.1",
	"factor": "how many times slower, such as 10",
	"ppm":    "how wrong the clock runs, in parts per million, such as -200",
}

// disturb checks that a disturbance does something, somewhere.
func (c *checker) disturb(f *Fault, path string) {
	if f.Loss == 0 && f.Delay == 0 && f.Jitter == 0 && !concerns(c.given, path) {
		c.bad(member(path, "loss"), "neither loss nor delay nor jitter", "what happens to messages, such as loss: 0.3")
	}
	if f.OneWay && f.From == nil && f.To == nil {
		c.bad(member(path, "one-way"), "", "it only with from or to")
	}
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
	if form.targets && !some && f.Up == nil && !c.hasAt(member(path, "trace")) {
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
