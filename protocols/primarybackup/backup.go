package primarybackup

import "lightcone/sim"

// accepts reports whether it takes part in a view, and follows its primary if so. A view that is over is refused: that
// is the fence.
func (p *Replica) accepts(env *sim.Env, from sim.NodeID, v View) bool {
	if v.Number < p.promised {
		if !p.cfg.Unfenced {
			env.Send(from, Refused{p.promised, p.view})
			return false
		}
	} else {
		p.follow(env, v)
	}
	if s := (source{from, v.Number}); s != p.source {
		p.source, p.matched, p.restart = s, 0, false
	}
	return true
}

// follow makes it a backup, or a spare, of a view that is not before what it promised.
func (p *Replica) follow(env *sim.Env, v View) {
	p.stepDown(env)
	p.view = v
	if v.Number > p.promised {
		p.promise(env, v.Number)
	}
	p.watchPrimary(env)
}

// onAppend is replication as its receiver sees it.
func (p *Replica) onAppend(env *sim.Env, from sim.NodeID, m Append) {
	if !p.accepts(env, from, m.View) {
		return
	}
	if want, ok := p.fits(m); !ok {
		p.restart = want == 0
		env.Send(from, Missing{m.View.Number, want})
		return
	}
	fresh := p.unknown(env, m)
	if len(fresh) > 0 {
		p.extend(env, fresh...)
	}
	end := m.Prev.Index + uint64(len(m.Entries))
	if p.cfg.Bug == NoPreviousCheck {
		end = p.log.last()
	}
	p.matched = max(p.matched, end)
	p.advanceTo(env, min(m.Commit, end))
	if len(fresh) == 0 || p.cfg.Bug == AckBeforeDurable {
		p.confirm(env)
	}
}

// fits reports whether it has what comes before the entries of m, and if not, from where it needs them; 0 is a snapshot.
func (p *Replica) fits(m Append) (want uint64, ok bool) {
	prev, base := m.Prev, p.log.base
	switch {
	case p.cfg.Bug == NoPreviousCheck:
		return 0, true
	case prev.Index > p.log.last():
		return p.log.last() + 1, false
	case prev.Index > base.Index:
		if p.log.has(prev) {
			return 0, true
		}
		return p.beginning(prev.Index), false
	case prev.Index == base.Index:
		return 0, prev == base
	}
	// The entries begin before the snapshot ends: one of them must be its last.
	k := base.Index - prev.Index
	if uint64(len(m.Entries)) < k {
		return base.Index + 1, false
	}
	return 0, m.Entries[k-1].View == base.View
}

// beginning is where the view began in which the entry at i was made: as that one is wrong, all of them may be.
func (p *Replica) beginning(i uint64) uint64 {
	v := p.log.entry(i).View
	for i > p.log.base.Index+1 && p.log.entry(i-1).View == v {
		i--
	}
	return i
}

// unknown returns the entries of m that are not in the log, and takes out what contradicts them.
func (p *Replica) unknown(env *sim.Env, m Append) []Entry {
	if p.cfg.Bug == NoPreviousCheck {
		if m.Prev.Index < p.log.last() { // at least it knows a repetition
			return nil
		}
		return m.Entries
	}
	for k, e := range m.Entries {
		at := Position{e.View, m.Prev.Index + uint64(k) + 1}
		if at.Index <= p.log.base.Index || p.log.has(at) {
			continue
		}
		if at.Index <= p.log.last() {
			p.truncate(env, at.Index)
		}
		return m.Entries[k:]
	}
	return nil
}

// confirm tells the primary how much of its log is here, and durable.
func (p *Replica) confirm(env *sim.Env) {
	if p.source.node == sim.Nobody || p.restart {
		return
	}
	match := min(p.matched, p.durable)
	if p.cfg.Bug == AckBeforeDurable {
		match = p.matched
	}
	env.Send(p.source.node, Appended{p.source.number, match})
}

// onSeal promises to take part in no view before a number.
func (p *Replica) onSeal(env *sim.Env, m Seal) {
	if m.Number < p.promised || m.Number == p.promised && p.role != Backup {
		return
	}
	p.stepDown(env)
	p.promise(env, m.Number) // also if it has promised that already: it may not be durable yet
	env.Send(0, Sealed{m.Number, p.incarnation, p.log.end()})
}

// stepDown ends its reign. What became of the requests that are not answered yet is not known.
func (p *Replica) stepDown(env *sim.Env) {
	if p.role == Backup {
		return
	}
	if p.role == Primary {
		p.stopServing(env)
		for i := max(p.commit, p.took) + 1; i <= p.log.last(); i++ {
			p.uncertain(env, p.log.entry(i).Command)
		}
	}
	p.role, p.peers, p.target, p.proposed = Backup, nil, nil, false
	p.source.node = sim.Nobody
}
