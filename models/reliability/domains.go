package reliability

import "strconv"

// Domain is a failure domain such as a region, zone, rack or host: what is in it is down when it is. The zero values of
// Q, MTTF and MTTR mean one that never fails.
type Domain struct {
	Name       string
	Q          float64 // the probability that it is down, MTTR / (MTTF + MTTR) if those are given
	MTTF, MTTR float64 // hours
	Parts      []Part
	Within     []Domain
}

// Blocks returns the parts in the domain and those within it, depth first, each in series with all the domains that it
// is in. Two parts in one domain share it.
func (d Domain) Blocks() []*Diagram { return d.blocks(nil) }

func (d Domain) blocks(around []*Diagram) []*Diagram {
	if d.Q != 0 || d.MTTF != 0 || d.MTTR != 0 {
		around = append(around[:len(around):len(around)], Leaf(Part{d.Name, d.Q, d.MTTF, d.MTTR}))
	}
	var list []*Diagram
	for _, p := range d.Parts {
		if len(around) == 0 {
			list = append(list, Leaf(p))
			continue
		}
		list = append(list, Series(append(around[:len(around):len(around)], Leaf(p))...))
	}
	for _, w := range d.Within {
		list = append(list, w.blocks(around)...)
	}
	return list
}

// Placement returns nodes alike, placed over domains alike: counts says how many are in each. Names are those of domain
// and node with .1, .2 and so on.
func Placement(domain, node Part, counts ...int) []*Diagram {
	all := Domain{}
	next := 0
	for i, count := range counts {
		d := Domain{Name: numbered(domain.Name, i+1), Q: domain.Q, MTTF: domain.MTTF, MTTR: domain.MTTR}
		for range count {
			next++
			n := node
			n.Name = numbered(node.Name, next)
			d.Parts = append(d.Parts, n)
		}
		all.Within = append(all.Within, d)
	}
	return all.Blocks()
}

// numbered returns the name of the i-th copy; what has no name gets none.
func numbered(name string, i int) string {
	if name == "" {
		return ""
	}
	return name + "." + strconv.Itoa(i)
}
