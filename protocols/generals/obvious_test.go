package generals_test

import (
	"slices"

	"lightcone/protocols/generals"
	"lightcone/sim"
)

// told is what one general tells another about what it heard by a path, which ends with the teller.
type told func(path []sim.NodeID, to sim.NodeID, truth generals.Order) (o generals.Order, silent bool)

// obvious is OM(m) as the paper writes it, by recursion over the lieutenants, without messages, rounds or clocks: what
// each lieutenant uses for the value of the last general of the path. A general that is silent has said retreat.
func obvious(m int, path []sim.NodeID, order generals.Order, lieutenants []sim.NodeID, tell told) map[sim.NodeID]generals.Order {
	received := map[sim.NodeID]generals.Order{} // step (1)
	for _, i := range lieutenants {
		o, silent := tell(path, i, order)
		if silent {
			o = generals.Retreat
		}
		received[i] = o
	}
	if m == 0 {
		return received
	}
	votes := map[sim.NodeID][]generals.Order{}
	for _, i := range lieutenants { // step (2)
		votes[i] = append(votes[i], received[i])
		rest := slices.DeleteFunc(slices.Clone(lieutenants), func(j sim.NodeID) bool { return j == i })
		for j, o := range obvious(m-1, append(slices.Clone(path), i), received[i], rest, tell) {
			votes[j] = append(votes[j], o)
		}
	}
	result := map[sim.NodeID]generals.Order{}
	for i, list := range votes { // step (3)
		attack := 0
		for _, o := range list {
			if o == generals.Attack {
				attack++
			}
		}
		if attack > len(list)-attack {
			result[i] = generals.Attack
		} else {
			result[i] = generals.Retreat
		}
	}
	return result
}
