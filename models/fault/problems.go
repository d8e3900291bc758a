package fault

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"lightcone/models/dist"
	"lightcone/sim"
)

// problems collects what is wrong with a law.
type problems struct {
	law  string
	errs []error
}

func (p *problems) add(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("fault: "+p.law+"."+format, args...))
}

func (p *problems) err() error { return errors.Join(p.errs...) }

func (p *problems) probability(field string, x float64) {
	if !(x >= 0 && x <= 1) {
		p.add("%s is %v, want 0 to 1", field, x)
	}
}

// element names the i-th of a list.
func element(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

func (p *problems) dist(field string, d dist.Dist) {
	if d == nil {
		p.add("%s is nil, want a distribution", field)
	} else if err := d.Validate(); err != nil {
		p.errs = append(p.errs, fmt.Errorf("fault: %s.%s: %w", p.law, field, err))
	}
}

func (p *problems) nodes(field string, ids []sim.NodeID, nodes int) {
	seen := make(map[sim.NodeID]bool, len(ids))
	for i, id := range ids {
		switch {
		case id < 0 || int(id) >= nodes:
			p.add("%s[%d] is %v, want n0 to n%d", field, i, id, nodes-1)
		case seen[id]:
			p.add("%s[%d] is %v, which is there already", field, i, id)
		}
		seen[id] = true
	}
}

func (p *problems) name(name string) {
	if !plainName(name) || strings.Contains(name, "~") {
		p.add("Name is %q, want a name without spaces, braces, # and ~", name)
	}
}

// sides reports sides of a cut that are empty or name no node.
func (p *problems) sides(c sim.Cut, nodes int) {
	if len(c.From) == 0 || len(c.To) == 0 {
		p.add("From has %d nodes and To %d, want at least 1 each", len(c.From), len(c.To))
	}
	p.nodes("From", c.From, nodes)
	p.nodes("To", c.To, nodes)
}

// action reports an action that no world of that many nodes can take, or that would not print to what parses back.
func (p *problems) action(field string, a sim.Action, nodes int) {
	node := sim.NodeID(0)
	switch a := a.(type) {
	case nil:
		p.add("%s is nil, want an action", field)
	case sim.Crash:
		node = a.Node
	case sim.CrashDuring:
		node = a.Node
		if a.After < 0 {
			p.add("%s.After is %d, want 0 or more", field, a.After)
		}
	case sim.Recover:
		node = a.Node
	case sim.Pause:
		node = a.Node
	case sim.Resume:
		node = a.Node
	case sim.StepWall:
		node = a.Node
	case sim.Lie:
		node = a.Node
		p.cutName(field, a.Name)
		p.liar(field+".How", a.How)
	case sim.LoseDisk:
		node = a.Node
	case sim.OldDisk:
		node = a.Node
	case sim.Backup:
		node = a.Node
	case sim.Rot:
		node = a.Node
	case sim.StepClock:
		node = a.Node
		if a.By <= 0 {
			p.add("%s.By is %v, want more than 0: a monotonic clock does not step back", field, a.By)
		}
	case sim.Condition:
		p.condition(field, a, nodes)
	case sim.Heal:
		p.cutName(field, a.Name)
	case sim.Cut:
		p.cutName(field, a.Name)
		q := problems{law: p.law + "." + field}
		q.sides(a, nodes)
		p.errs = append(p.errs, q.errs...)
	}
	if node < 0 || int(node) >= nodes {
		p.add("%s.Node is %v, want n0 to n%d", field, node, nodes-1)
	}
}

// condition reports what package sim finds wrong with a condition, and a name that does not print.
func (p *problems) condition(field string, a sim.Condition, nodes int) {
	p.cutName(field, a.Label())
	if err := a.Validate(nodes); err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") { // such as sim: Slow.Factor is 0, want ...
			line = strings.TrimPrefix(line, "sim: ")
			p.add("%s%s", field, line[max(strings.IndexAny(line, ". "), 0):])
		}
	}
}

func (p *problems) liar(field, name string) {
	if name == "" || !plainName(name) {
		p.add("%s is %q, want a liar's name without spaces, braces and #", field, name)
	}
}

func (p *problems) cutName(field, name string) {
	if !plainName(name) {
		p.add("%s.Name is %q, want a name without spaces, braces and #", field, name)
	}
}

// plainName reports whether a cut's name can stand in a line of text. The empty one can.
func plainName(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '{' || r == '}' || r == '#' || unicode.IsSpace(r) || !unicode.IsPrint(r)
	})
}
