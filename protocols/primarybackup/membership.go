package primarybackup

import (
	"slices"

	"lightcone/sim"
)

// chooseBackups sees which backups the view should have: those that answer, and of the others those that have caught up.
// A wish of which the view service may have heard stays until that has answered.
func (p *Replica) chooseBackups(env *sim.Env) {
	if p.proposed {
		p.sendProposal(env)
		return
	}
	p.target = nil
	if want := p.wanted(env); !slices.Equal(want, p.view.Backups) {
		p.target = want
	}
}

// wanted returns the backups that answer and are not behind, those of the view first.
func (p *Replica) wanted(env *sim.Env) []sim.NodeID {
	want := []sim.NodeID{}
	for _, id := range p.view.Backups {
		if p.answers(env, id) {
			want = append(want, id)
		}
	}
	for id := sim.NodeID(p.cfg.first()); int(id) < p.cfg.Servers; id++ {
		if !p.view.has(id) && p.answers(env, id) && p.peers[id].sure && p.peers[id].match >= p.mark {
			want = append(want, id)
		}
	}
	p.mark = p.commit
	return want
}

func (p *Replica) answers(env *sim.Env, id sim.NodeID) bool {
	return env.Now().Sub(p.peers[id].heard) <= p.cfg.Timeout
}

// propose asks the view service for the wanted backups, which have all that is acknowledged. Naive primaries decide by
// themselves.
func (p *Replica) propose(env *sim.Env) {
	switch {
	case p.cfg.Failover == Naive:
		v := p.view
		v.Backups = p.target
		p.view, p.target = v, nil
		p.keepPromise(env)
	case !p.proposed:
		p.proposed = true
		p.sendProposal(env)
	}
}

func (p *Replica) sendProposal(env *sim.Env) {
	env.Send(0, Propose{p.view.Number, p.incarnation, p.target})
}

// onPong learns the view.
func (p *Replica) onPong(env *sim.Env, m Pong) {
	v := m.View
	switch mine := p.mine(v); {
	case v.Number < p.promised:
	case !mine:
		if v.Number > p.view.Number {
			p.follow(env, v)
		}
	case p.role == Candidate && v.Number == p.view.Number:
		p.ping(env)
		p.begin(env)
	case p.role == Primary && v.Number > p.view.Number:
		p.goOn(env, v)
	}
	if m.Leased && p.role == Primary && v.Number == p.view.Number {
		p.extendLease(env, m.Sent)
	}
}

// mine reports whether it is the primary of a view, and not only an earlier incarnation of it.
func (p *Replica) mine(v View) bool { return v.Primary == p.id && v.Incarnation == p.incarnation }

// goOn goes on in a view that has other backups.
func (p *Replica) goOn(env *sim.Env, v View) {
	p.view, p.target, p.proposed = v, nil, false
	p.promise(env, v.Number)
	for id := p.cfg.first(); id < p.cfg.Servers; id++ {
		if to := sim.NodeID(id); to != p.id {
			p.send(env, to)
		}
	}
	p.ping(env)
	p.advance(env)
}

// onLead prepares for a view, unless it has heard of a later one or restarted meanwhile.
func (p *Replica) onLead(env *sim.Env, m Lead) {
	v := m.View
	if v.Number < p.promised || v.Incarnation != p.incarnation || v.Number == p.promised && p.role != Backup {
		return
	}
	p.stepDown(env)
	p.prepare(env, v)
	if v.Number > p.promised {
		p.promise(env, v.Number)
	}
	p.tend(env)
}
