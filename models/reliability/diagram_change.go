package reliability

import "fmt"

// Given returns the diagram in which a part, by its index in Parts, is up, or down, for sure. By pivotal decomposition
// the unavailability of a diagram is Q of the part times that of the diagram with the part down, plus 1 - Q times that
// of the diagram with the part up.
func (d *Diagram) Given(part int, up bool) *Diagram {
	p := d.parts[part]
	p.MTTF, p.MTTR, p.Q = 0, 0, 1
	if up {
		p.Q = 0
	}
	return d.With(part, p)
}

// With returns the diagram with another part in the place of one, by its index in Parts.
func (d *Diagram) With(part int, p Part) *Diagram {
	leaf := -1
	return d.rebuild(func(n *node) {
		if n.op != opPart {
			return
		}
		if leaf++; leaf == part {
			n.part, n.name, n.err = p, p.Name, p.Validate()
			if p.MTTF > 0 {
				n.part.Q = p.MTTR / (p.MTTF + p.MTTR)
			}
		}
	})
}

// Dual returns the diagram that is down exactly when this one is up with every part the other way round: series becomes
// parallel, k of n becomes n-k+1 of n, and the unavailability of each part its availability.
func (d *Diagram) Dual() *Diagram {
	return d.rebuild(func(n *node) {
		switch n.op {
		case opPart:
			n.part.Q = 1 - n.part.Q
			n.part.MTTF, n.part.MTTR = n.part.MTTR, n.part.MTTF
			if n.part.MTTF == 0 {
				n.part.MTTR = 0
			}
		case opSeries:
			n.op = opParallel
		case opParallel:
			n.op = opSeries
		case opKofN:
			n.need = len(n.kids) - n.need + 1
		case opVote:
			total := 0
			for _, w := range n.weights {
				total += w
			}
			n.need = total - n.need + 1
		case opNetwork:
			n.op = opSeparated
		case opSeparated:
			n.op = opNetwork
		case opGrid:
			n.dualGrid()
		}
	})
}

// dualGrid makes a grid its dual: a row that works, or one block that works in every row.
func (n *node) dualGrid() {
	cols := len(n.kids) / n.rows
	some, full := &node{op: opSeries}, &node{op: opParallel}
	for r := range n.rows {
		row := n.kids[r*cols : (r+1)*cols]
		some.kids = append(some.kids, &node{op: opParallel, kids: row})
		full.kids = append(full.kids, &node{op: opSeries, kids: row})
	}
	n.op, n.kids = opParallel, []*node{full, some}
}

// rebuild returns a copy of the diagram in which change was called with every block, those within first.
func (d *Diagram) rebuild(change func(*node)) *Diagram {
	copies := make([]*node, len(d.blocks))
	for i, old := range d.blocks {
		n := *old
		n.kids = make([]*node, len(old.kids))
		for j, k := range d.kids[i] {
			n.kids[j] = copies[k]
		}
		copies[i] = &n
		change(&n)
	}
	if len(copies) == 0 {
		return d
	}
	return newDiagram(copies[len(copies)-1])
}

// Monotone reports whether a part that goes down never brings the system up. It holds for every diagram, and is there
// to be checked.
func (d *Diagram) Monotone() (bool, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return false, err
	}
	c.limit = 2 * maxNodes
	reached := c.reached()
	for i := range reached {
		n := c.nodes[i]
		if i > int(isUp) && reached[i] && c.and(n.down, n.up) != n.down && !c.full {
			return false, nil
		}
	}
	if c.full {
		return false, fmt.Errorf("reliability: Monotone: %w", sizeError{len(d.parts), c.limit})
	}
	return true, nil
}

// reached reports which nodes the root leads to.
func (c *decisions) reached() []bool {
	reached := make([]bool, len(c.nodes))
	reached[c.root] = true
	for i := len(c.nodes) - 1; i > int(isUp); i-- {
		if reached[i] {
			reached[c.nodes[i].down], reached[c.nodes[i].up] = true, true
		}
	}
	return reached
}

// Irrelevant returns the parts on which the system does not depend, by their indices in Parts.
func (d *Diagram) Irrelevant() ([]int, error) {
	c, err := d.compile(maxNodes)
	if err != nil {
		return nil, err
	}
	matters := make([]bool, len(c.parts))
	for i, reached := range c.reached() {
		if reached && i > int(isUp) {
			matters[c.part[c.nodes[i].level]] = true
		}
	}
	var list []int
	for i, m := range matters {
		if !m {
			list = append(list, i)
		}
	}
	return list, nil
}
