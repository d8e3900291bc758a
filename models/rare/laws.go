package rare

import (
	"iter"
	"time"

	"lightcone/models/fault"
	"lightcone/models/renewal"
	"lightcone/sim"
)

// Laws draws cycles of nodes that fail and are repaired by any laws, with repair crews and shocks: part i of the system
// is node i, which is crashed while the part is down. Times of the system are in the unit. Failures are hastened by the
// forcing until the system does not work any more, which should say of it what the protocol needs: that a majority is
// up.
//
// With laws that are not exponential the nodes have an age when a cycle begins, and cycles depend on each other, weakly
// where failures are rare: see renewal.System.Forced.
func Laws(s renewal.System, f renewal.Forcing, seed uint64, unit time.Duration) (iter.Seq[Cycle], error) {
	forced, err := s.Forced(f, seed)
	if err != nil {
		return nil, err
	}
	return func(yield func(Cycle) bool) {
		for c := range forced {
			cycle := Cycle{LogWeight: c.LogWeight, Plain: float64(c.Plain * unit.Hours()), Plan: make(fault.Plan, len(c.Transitions))}
			for i, t := range c.Transitions {
				after := sim.Time(float64((t.At - c.Transitions[0].At) * float64(unit)))
				cycle.Plan[i] = sim.At{Time: after, Action: sim.Action(sim.Crash{Node: sim.NodeID(t.Part)})}
				if t.Up {
					cycle.Plan[i].Action = sim.Recover{Node: sim.NodeID(t.Part)}
				}
			}
			if !yield(cycle) {
				return
			}
		}
	}, nil
}
