package fault

import "lightcone/sim"

// Excused returns when, until a time, more than f of the nodes are in trouble under a plan: when a service that
// tolerates f failures is excused for being down. Of measured outages the excused part is outages.Intersect(excused),
// and outages.Minus(excused) is what the service has to answer for.
func Excused(p Plan, nodes, f int, until sim.Time) Spans {
	return excused(p.Troubles(nodes, until, AnyTrouble), nodes, f, until)
}

// Excused returns when, until a time, a plan exceeds the budget: never, if it is one without bound.
func (b Budget) Excused(p Plan, nodes int, until sim.Time) Spans {
	if b.F == 0 {
		return nil
	}
	return excused(p.Troubles(nodes, until, b.Of).settling(b), nodes, b.F, until)
}

func excused(troubles Intervals, nodes, f int, until sim.Time) Spans {
	return troubles.Outages(nodes, until, func(well []bool) bool {
		ill := 0
		for _, w := range well {
			if !w {
				ill++
			}
		}
		return ill <= f
	})
}

// settling returns the intervals with the time that a node takes to settle after each.
func (v Intervals) settling(b Budget) Intervals {
	if b.Settle == 0 {
		return v
	}
	var longer Intervals
	last := make(map[sim.NodeID]int)
	for _, a := range v {
		a.To = a.To.Add(b.Settle)
		if k, ok := last[a.Node]; ok && a.From <= longer[k].To {
			longer[k].To = a.To
			continue
		}
		last[a.Node] = len(longer)
		longer = append(longer, a)
	}
	return longer
}
