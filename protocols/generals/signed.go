package generals

import "lightcone/sim"

// onSigned is step (2) of SM: an order that is new is kept and, with this lieutenant's signature, sent to all who have
// not signed it. What its signatures do not vouch for is ignored, and so is what comes later than its signatures
// allow: else a liar could show an order to one lieutenant when it is too late to tell the others.
func (p *Process) onSigned(env *sim.Env, from sim.NodeID, m Signed) {
	if !p.cfg.Signed || m.forged || m.order > Attack || !p.came(m.chain, from) || p.seen[m.order] {
		return
	}
	p.seen[m.order] = true
	if len(m.chain) <= p.cfg.M {
		mine := KeyOf(p.id).Sign(m)
		for to := range p.others(m.chain) {
			env.Send(to, mine)
		}
	}
}

// choice is the order of a set of orders: the only one, or retreat (section 4: it depends on the set alone).
func (p *Process) choice() Order {
	if p.seen[Attack] && !p.seen[Retreat] {
		return Attack
	}
	return Retreat
}
