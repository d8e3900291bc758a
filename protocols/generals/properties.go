package generals

import (
	"fmt"

	"lightcone/sim"
)

// Properties returns what the paper asks for: IC1, IC2, and that every loyal general comes to obey something. Loyal is
// who has never lied and never crashed.
func (c Config) Properties() []sim.Property {
	return []sim.Property{
		{Name: "IC1: loyal lieutenants obey the same order", Mode: sim.Always, Check: func(v sim.View) error { return c.ic1(v, loyal(v)) }},
		{Name: "IC2: they obey a loyal commander", Mode: sim.Always, Check: func(v sim.View) error { return c.ic2(v, loyal(v)) }},
		{Name: "all loyal generals decide", Mode: sim.Eventually, Check: func(v sim.View) error { return c.decided(v, loyal(v)) }},
	}
}

func loyal(v sim.View) func(sim.NodeID) bool {
	return func(id sim.NodeID) bool { return !v.Lied(id) && v.Up(id) && v.Incarnation(id) == 0 }
}

// obeying yields the loyal lieutenants that have decided.
func (c Config) obeying(v sim.View, loyal func(sim.NodeID) bool) func(yield func(sim.NodeID, Order) bool) {
	return func(yield func(sim.NodeID, Order) bool) {
		for id := commander + 1; int(id) < c.Generals; id++ {
			if p, ok := v.Process(id).(*Process); ok && p.Obeyed && loyal(id) && !yield(id, p.Obeys) {
				return
			}
		}
	}
}

func (c Config) ic1(v sim.View, loyal func(sim.NodeID) bool) error {
	first, obeyed := sim.Nobody, Retreat
	for id, o := range c.obeying(v, loyal) {
		if first == sim.Nobody {
			first, obeyed = id, o
		} else if o != obeyed {
			return fmt.Errorf("%v obeys %v, %v obeys %v", first, obeyed, id, o)
		}
	}
	return nil
}

func (c Config) ic2(v sim.View, loyal func(sim.NodeID) bool) error {
	if !loyal(commander) {
		return nil
	}
	for id, o := range c.obeying(v, loyal) {
		if o != c.Order {
			return fmt.Errorf("%v obeys %v, but %v ordered %v", id, o, commander, c.Order)
		}
	}
	return nil
}

func (c Config) decided(v sim.View, loyal func(sim.NodeID) bool) error {
	for id := range sim.NodeID(c.Generals) {
		if p, ok := v.Process(id).(*Process); ok && !p.Obeyed && loyal(id) {
			return fmt.Errorf("%v has not decided", id)
		}
	}
	return nil
}
