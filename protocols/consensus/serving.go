package consensus

import "lightcone/sim"

// Serving reports whether a command that reached the right server now would be committed, if everything stayed as it is:
// some server leads, is not paused, and reaches, both ways, enough servers of its configuration that will take its
// entries, since none of them has seen a later term. For a joint configuration that is a majority of either half.
//
// It asks nothing of a leader's log: one that has just been elected serves, since the first command commits with
// whatever it must commit before. A leader that steps aside for another is not told from others.
func Serving(v sim.View, servers int) bool {
	for id := range sim.NodeID(servers) {
		n, ok := v.Process(id).(Node)
		if !ok || !n.Leader() || v.Paused(id) {
			continue
		}
		c := n.Configuration()
		if followed(v, id, n.Term(), c.Voters) && (len(c.Outgoing) == 0 || followed(v, id, n.Term(), c.Outgoing)) {
			return true
		}
	}
	return false
}

// followed reports whether a majority of the voters would take what a leader of a term sends.
func followed(v sim.View, leader sim.NodeID, term Term, voters []sim.NodeID) bool {
	n := 0
	for _, id := range voters {
		if id == leader {
			n++
			continue
		}
		if p, ok := v.Process(id).(Node); ok && p.Term() <= term && v.Reaches(leader, id) {
			n++
		}
	}
	return 2*n > len(voters)
}
