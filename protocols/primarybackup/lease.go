package primarybackup

import "lightcone/sim"

// leased reports whether it may serve, by its own clock.
func (p *Replica) leased(env *sim.Env) bool {
	switch {
	case p.cfg.Lease == 0:
		return true
	case p.cfg.Bug == LeaseByTimer:
		return p.serving
	}
	return env.Now() < p.lease
}

// extendLease lets it serve for a while after it sent the ping that was answered.
func (p *Replica) extendLease(env *sim.Env, sent sim.Local) {
	if p.cfg.Lease == 0 {
		return
	}
	p.lease = max(p.lease, sent+sim.Local(p.cfg.Lease))
	left := p.lease.Sub(env.Now())
	if left <= 0 {
		return
	}
	if !env.Reset(p.over, left) {
		p.over = env.After(left, expired{})
	}
	p.startServing(env)
}

// onExpired ends the lease.
func (p *Replica) onExpired(env *sim.Env) {
	if wait := p.lease.Sub(env.Now()); wait > 0 {
		p.over = env.After(wait, expired{})
		return
	}
	p.stopServing(env)
}

// startServing and stopServing tell observers, who see no clock, that it does.
func (p *Replica) startServing(env *sim.Env) {
	if p.role == Primary && !p.serving && (p.cfg.Lease == 0 || env.Now() < p.lease) {
		p.serving = true
		env.Note(Serving{p.view.Number, cut(p.log.spans, p.log.last())})
	}
}

func (p *Replica) stopServing(env *sim.Env) {
	if p.serving {
		p.serving = false
		env.Note(Stopped{p.view.Number})
	}
}

// Serving reports whether it would accept a write now, when its clock shows now.
func (p *Replica) Serving(now sim.Local) bool {
	return p.role == Primary && (p.cfg.Lease == 0 || now < p.lease || p.cfg.Bug == LeaseByTimer && p.serving)
}
