package raft

import (
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Cluster membership changes (chapter 4): one server at a time (§4.1), or any number by joint consensus (§4.3); new
// servers catch up first (§4.2.1).
//
// A server goes by the latest configuration in its log, committed or not. A change may begin once the last one is
// committed, and once an entry of the leader's own term is: without the latter, two leaders could each have committed a
// change that the other does not know, and their majorities need not meet (D. Ongaro, bug in single-server membership
// changes, raft-dev, July 2015).

// ChangeRequest asks the leader to make Voters and Learners the configuration. One that differs in one voter at most is
// a single-server change, others go through joint consensus.
type ChangeRequest struct {
	ID               uint64 // returned in the reply
	Voters, Learners []sim.NodeID
	Joint            bool // through joint consensus in any case
}

// ChangeReply answers a ChangeRequest: kv.OK when the new configuration is committed, kv.Unavailable if the change was
// not begun, kv.Uncertain if the leader lost its office meanwhile, kv.NotLeader if it does not lead.
type ChangeReply struct {
	ID     uint64
	Status kv.Status
	Leader sim.NodeID // kv.NotLeader: whom to ask instead, if it is known; else sim.Nobody
}

// Reconfigured is noted by the leader when it appends a configuration to its log.
type Reconfigured struct {
	Index  Index
	Config Configuration
}

// changeTimeout is the timer that gives up on a change.
type changeTimeout struct {
	term   Term
	number int
}

func (changeTimeout) String() string { return "change" }

// change is a change of membership under way, at the leader that was asked for it.
type change struct {
	active bool
	number int // of this change, counted by the leader
	asker  sim.NodeID
	id     uint64
	target Configuration
	joint  bool
	index  Index // of its latest entry; 0: servers are still catching up

	catching   set // they still have to catch up,
	round      int // are in this round of it,
	roundEnd   Index
	roundStart sim.Local
}

// onChangeRequest begins a change.
func (p *Process) onChangeRequest(env *sim.Env, from sim.NodeID, m ChangeRequest) {
	switch {
	case p.role != Leader:
		env.Send(from, ChangeReply{ID: m.ID, Status: kv.NotLeader, Leader: p.leader})
		return
	case !p.possible(m) || p.change.active && p.cfg.Bug != ChangeWhileChanging || p.handover.to != sim.Nobody || !p.mayChange():
		env.Send(from, ChangeReply{ID: m.ID, Status: kv.Unavailable, Leader: sim.Nobody})
		return
	}
	target := Configuration{Voters: setOf(m.Voters).nodes(), Learners: setOf(m.Learners).nodes()}
	p.change = change{active: true, number: p.change.number + 1, asker: from, id: m.ID, target: target, joint: m.Joint}
	p.change.catching = setOf(target.Voters) &^ p.members().voting()
	p.updatePeers()
	if p.change.catching == 0 {
		p.enact(env)
		return
	}
	env.After(time.Duration(p.cfg.CatchUpRounds)*p.cfg.ElectionMax, changeTimeout{p.term, p.change.number})
	p.beginRound(env)
}

// possible reports whether a configuration makes sense.
func (p *Process) possible(m ChangeRequest) bool {
	for _, id := range slices.Concat(m.Voters, m.Learners) {
		if id < 0 || int(id) >= p.cfg.Servers {
			return false
		}
	}
	return len(m.Voters) > 0 && setOf(m.Voters)&setOf(m.Learners) == 0
}

// mayChange reports whether the next change may begin.
func (p *Process) mayChange() bool {
	settled := p.members().index <= p.commit && !p.members().joint()
	return (settled || p.cfg.Bug == ChangeWhileChanging) && (p.committedInTerm() || p.cfg.Bug == ChangeBeforeCommit)
}

// beginRound begins a round of catching up: it ends when the new servers have what is now in the log.
func (p *Process) beginRound(env *sim.Env) {
	c := &p.change
	c.round++
	c.roundEnd, c.roundStart = p.log.last(), env.Now()
	for s := c.catching; s != 0; s = s.rest() {
		p.replicate(env, s.first())
	}
	p.pursueCatchUp(env) // a learner may have it all
}

// pursueCatchUp goes on when a new server has more of the log. A round shorter than an election timeout says that it is
// close enough to be added without a gap in availability.
func (p *Process) pursueCatchUp(env *sim.Env) {
	c := &p.change
	if c.catching == 0 {
		return
	}
	for s := c.catching; s != 0; s = s.rest() {
		if p.progress[s.first()].match < c.roundEnd {
			return
		}
	}
	switch {
	case env.Now().Sub(c.roundStart) < p.cfg.ElectionMin:
		p.enact(env)
	case c.round >= p.cfg.CatchUpRounds:
		p.refuseChange(env)
	default:
		p.beginRound(env)
	}
}

// onChangeTimeout gives up on new servers that do not catch up.
func (p *Process) onChangeTimeout(env *sim.Env, t changeTimeout) {
	if p.role == Leader && p.term == t.term && p.change.active && p.change.number == t.number && p.change.index == 0 {
		p.refuseChange(env)
	}
}

func (p *Process) refuseChange(env *sim.Env) {
	env.Send(p.change.asker, ChangeReply{ID: p.change.id, Status: kv.Unavailable, Leader: sim.Nobody})
	p.change = change{number: p.change.number}
	p.updatePeers()
}

// enact appends the new configuration, or the joint one on the way to it.
func (p *Process) enact(env *sim.Env) {
	c := &p.change
	if !p.mayChange() {
		p.refuseChange(env)
		return
	}
	c.catching = 0
	old, next := p.members().voters, setOf(c.target.Voters)
	config := c.target
	if c.joint || (old&^next).len()+(next&^old).len() > 1 {
		config.Outgoing = old.nodes()
	}
	c.index = p.reconfigure(env, config)
}

// reconfigure appends a configuration, which is in force from then on.
func (p *Process) reconfigure(env *sim.Env, c Configuration) Index {
	i := p.appendAsLeader(c)
	env.Note(Reconfigured{i, c})
	p.replicateToAll(env)
	return i
}

// pursueChange goes on when the configuration in force is committed: it leaves a joint one, whoever began it, and ends
// the change. A leader that is no longer a member has done its duty (§4.2.2); its last heartbeat lets the others know.
func (p *Process) pursueChange(env *sim.Env) {
	m := p.members()
	if m.index > p.commit || !p.committedInTerm() && p.cfg.Bug != ChangeBeforeCommit {
		return
	}
	c := &p.change
	if m.joint() {
		i := p.reconfigure(env, Configuration{Voters: m.config.Voters, Learners: m.config.Learners})
		if c.active {
			c.index = i
		}
		return
	}
	if c.active && c.index > 0 && c.index <= p.commit {
		env.Send(c.asker, ChangeReply{ID: c.id, Leader: sim.Nobody})
		p.change = change{number: p.change.number}
	}
	if !m.voters.has(p.id) {
		p.broadcast(env)
		p.follow(env, p.term, sim.Nobody)
	}
}

// disownChange tells the asker, when the leader steps down, what is known of the change.
func (p *Process) disownChange(env *sim.Env) {
	if !p.change.active {
		return
	}
	status := kv.Unavailable
	if p.change.index > 0 {
		status = kv.Uncertain
	}
	env.Send(p.change.asker, ChangeReply{ID: p.change.id, Status: status, Leader: sim.Nobody})
	p.change = change{number: p.change.number}
}

// configure puts a configuration in the log in force.
func (p *Process) configure(i Index, c Configuration) {
	p.configs = append(p.configs, membersOf(i, c))
	p.version++
	if p.role == Leader {
		p.updatePeers()
	}
}

// unconfigure goes back to the configuration before an index, which the log now ends before.
func (p *Process) unconfigure(from Index) {
	n := len(p.configs)
	for n > 1 && p.configs[n-1].index >= from {
		n--
	}
	p.configs = p.configs[:n]
}

// configureFrom finds the configurations in the log, given the one before it.
func (p *Process) configureFrom(base Configuration) {
	p.configs = append(p.configs[:0], membersOf(p.log.offset, base))
	for i := p.log.first(); i <= p.log.last(); i++ {
		if c, ok := p.log.at(i).Data.(Configuration); ok {
			p.configs = append(p.configs, membersOf(i, c))
		}
	}
	p.version++
}

// configAt returns the configuration as of an index that is applied.
func (p *Process) configAt(i Index) Configuration {
	n := len(p.configs) - 1
	for n > 0 && p.configs[n].index > i {
		n--
	}
	return p.configs[n].config
}

// updatePeers makes the leader replicate to the members of the configuration, and to those that want to be.
func (p *Process) updatePeers() {
	peers := (p.members().all() | p.change.catching).without(p.id)
	for s := peers &^ p.peers; s != 0; s = s.rest() {
		p.progress[s.first()] = progress{next: p.log.last() + 1}
	}
	p.peers = peers
}
