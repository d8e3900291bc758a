package reliability

import (
	"fmt"
	"strconv"
)

// evalGroup returns the items of a group, which its members are already put into.
func (r *resolver) evalGroup(s *scope, e *expr) []*node {
	var list []*node
	for _, k := range e.kids {
		blocks := r.eval(s, k)
		if len(blocks) == 0 {
			return nil
		}
		list = append(list, blocks...)
	}
	if len(list) == 0 {
		r.wrong(e.at, e.at.quoted()+" of nothing", "at least one item")
	}
	return list
}

// within puts blocks into a domain: each is in series with it.
func (r *resolver) within(g *group, blocks []*node) []*node {
	domain := r.eval(g.scope, g.expr.domain)
	if len(domain) > 1 {
		r.wrong(g.expr.domain.at, fmt.Sprintf("%d blocks", len(domain)), "one domain")
	}
	if len(domain) != 1 {
		return nil
	}
	list := make([]*node, len(blocks))
	for i, b := range blocks {
		list[i] = &node{op: opSeries, kids: []*node{domain[0], b}}
	}
	return list
}

// share gives parts of a group their common causes.
func (r *resolver) share(g *group, blocks []*node) []*node {
	if g.shared == nil {
		g.shared = map[*node]*node{}
		r.addCauses(g)
	}
	list := make([]*node, 0, len(blocks))
	for _, b := range blocks {
		if n := g.shared[b]; n != nil {
			list = append(list, n)
		}
	}
	return list
}

// addCauses finds out what the parts of a group become.
func (r *resolver) addCauses(g *group) {
	parts, ok := r.partsOf(g)
	if !ok {
		return
	}
	m := len(parts)
	letters := g.expr.greek
	switch {
	case m < 2:
		r.wrong(g.expr.at, "a common cause of one part", "at least 2")
		return
	case len(letters) == 0 || len(letters) >= m:
		r.wrong(g.expr.at, fmt.Sprintf("%d Greek letters for %d parts", len(letters), m), fmt.Sprintf("1 to %d: beta=, gamma=, ...", m-1))
		return
	case m > maxGroup && !onlyBeta(letters):
		r.wrong(g.expr.at, fmt.Sprintf("%d parts", m), fmt.Sprintf("at most %d, or beta alone", maxGroup))
		return
	}
	r.groups++
	name := r.unique("common" + strconv.Itoa(r.groups))
	causes := commonCauses(parts[0].part, m, letters)
	series := make([]*node, m)
	for i, p := range parts {
		alone := causes.alone
		alone.Name = p.name
		series[i] = &node{op: opSeries, kids: []*node{{op: opPart, name: p.name, part: alone}}}
		g.shared[p] = series[i]
	}
	for _, c := range causes.events {
		label := name
		if len(c.members) < m {
			for _, i := range c.members {
				label += "." + strconv.Itoa(i+1)
			}
			label = r.unique(label)
		}
		c.part.Name = label
		event := &node{op: opPart, name: label, part: c.part}
		for _, i := range c.members {
			series[i].kids = append(series[i].kids, event)
		}
		r.steps += len(c.members)
	}
}

// partsOf returns the parts of a group of common causes, which are alike.
func (r *resolver) partsOf(g *group) ([]*node, bool) {
	var list []*node
	for _, y := range g.members {
		raw := r.rawOf(y)
		if len(raw) == 0 {
			return nil, false
		}
		for _, n := range raw {
			if n.op != opPart {
				r.wrong(y.expr.at, y.expr.at.quoted(), "a part: only parts have common causes")
				return nil, false
			}
			if first := append(list, n)[0].part; first.Q != n.part.Q || first.MTTF != n.part.MTTF || first.MTTR != n.part.MTTR {
				r.wrong(y.expr.at, fmt.Sprintf("unavailability %v", n.part.Q), fmt.Sprintf("parts alike: the first has %v", first.Q))
				return nil, false
			}
			list = append(list, n)
		}
	}
	return list, true
}

// unique returns a name that nothing else has.
func (r *resolver) unique(name string) string {
	if _, taken := r.names[name]; taken {
		return r.copyName(name)
	}
	r.names[name] = token{}
	return name
}
