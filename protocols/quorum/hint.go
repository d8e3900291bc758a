package quorum

import (
	"lightcone/sim"
)

// onHandOff stops waiting for the replicas that have not answered: the next servers of the preference list stand in for
// them. Where none is left, or stand-ins do not count, the coordinator keeps a write for the replica itself.
func (p *Dynamo) onHandOff(env *sim.Env, id uint64) {
	c := p.calls.find(id)
	if c == nil || c.answered && !c.writing {
		return
	}
	for i := range p.cfg.Quorums.Size() {
		if c.asked.Has(i) && !c.got.Has(i) {
			p.standIn(env, c, p.server(c.span, i))
		}
	}
	if p.cfg.Sloppy {
		c.handOff = env.After(p.cfg.HandOff, handOff{c.id})
	}
}

// standIn turns to the next server that can stand in for a replica.
func (p *Dynamo) standIn(env *sim.Env, c *call, replica sim.NodeID) {
	switch {
	case p.cfg.Sloppy && c.next < p.servers:
		to := p.server(c.span, c.next)
		c.next++
		if c.writing {
			env.Send(to, Write{c.id, c.op.Key, c.versions, replica})
		} else {
			env.Send(to, Read{c.id, c.op.Key, replica})
		}
	case c.writing && replica != p.id:
		if p.store(p.hintPage(replica), c.op.Key, c.versions) {
			p.HintsKept++
		}
	}
}

// offerHints offers the hints to the servers that they are for.
func (p *Dynamo) offerHints(env *sim.Env) {
	for i := range p.servers {
		to := sim.NodeID(i)
		for n, e := range p.pages[p.hintPage(to)].entries {
			if n == offered {
				break
			}
			env.Send(to, Handoff(e))
		}
	}
	env.After(p.cfg.HintEvery, offer{})
}

// offered bounds how many hints are offered to a server at a time.
const offered = 16

// onHandoff takes a hint in.
func (p *Dynamo) onHandoff(env *sim.Env, from sim.NodeID, m Handoff) {
	p.see(m.Versions)
	page := p.page(p.place(m.Key))
	p.store(page, m.Key, m.Versions)
	p.send(env, page, from, HandoffReply(m))
}

// onHandoffReply drops a hint, unless a newer one took its place.
func (p *Dynamo) onHandoffReply(from sim.NodeID, m HandoffReply) {
	have := p.hinted(m.Key, from)
	if len(have) == 0 || !p.atLeast(m.Versions, have) {
		return
	}
	p.HintsDelivered++
	p.happened(happening{what: handedOff})
	p.set(p.hintPage(from), m.Key, nil)
}

// collectTombstones throws tombstones away that are older than Grace: what they hid must be gone everywhere by then, from
// replicas, hints and the network, or it comes back.
func (p *Dynamo) collectTombstones(env *sim.Env) {
	for i := range p.ranges * p.leaves {
		for _, e := range p.pages[i].entries {
			if len(e.Versions) == 1 && e.Versions[0].Deleted && env.Wall()-e.Versions[0].Stamp.Time > sim.Local(p.cfg.Grace) {
				p.set(i, e.Key, nil)
				p.Collected++
			}
		}
	}
	env.After(p.cfg.CollectTick, collect{})
}
