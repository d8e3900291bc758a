package raft

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Leadership transfer (§3.10).

// TransferRequest asks the leader to hand over to another voter; To sim.Nobody leaves the choice to it.
type TransferRequest struct {
	ID uint64 // returned in the reply
	To sim.NodeID
}

// TransferReply answers a TransferRequest: kv.OK when the leader has told To to stand for election and has stepped down
// since, kv.Unavailable if it did not come to that, kv.NotLeader if it does not lead. Who leads next it cannot know.
type TransferReply struct {
	ID     uint64
	Status kv.Status
	Leader sim.NodeID // kv.NotLeader: whom to ask instead
}

// transferTimeout is the timer that aborts a transfer, of a leader of that term.
type transferTimeout Term

func (transferTimeout) String() string { return "transfer" }

// handover is a transfer under way, at the leader.
type handover struct {
	to    sim.NodeID // sim.Nobody: none is under way
	asker sim.NodeID
	id    uint64
	told  bool // TimeoutNow was sent
	spent bool // one was sent in this term, and may arrive yet: no lease holds any more
}

// endsLease reports whether the voters may have been told not to wait for the leader's silence.
func (h handover) endsLease() bool { return h.to != sim.Nobody || h.spent }

// onTransferRequest begins a transfer: from now on the leader takes no commands and relies on no lease; it brings the
// target up to date.
func (p *Process) onTransferRequest(env *sim.Env, from sim.NodeID, m TransferRequest) {
	if p.role != Leader {
		env.Send(from, TransferReply{ID: m.ID, Status: kv.NotLeader, Leader: p.leader})
		return
	}
	if m.To == sim.Nobody {
		m.To = p.successor()
	}
	if p.handover.to != sim.Nobody || m.To == p.id || !p.members().voters.has(m.To) {
		env.Send(from, TransferReply{ID: m.ID, Status: kv.Unavailable, Leader: sim.Nobody})
		return
	}
	p.handover = handover{to: m.To, asker: from, id: m.ID, spent: p.handover.spent}
	env.After(p.cfg.ElectionMin, transferTimeout(p.term))
	p.replicate(env, m.To)
	p.pursueTransfer(env, m.To)
}

// successor is the voter with the most of the log; sim.Nobody if there is no other.
func (p *Process) successor() sim.NodeID {
	best := sim.Nobody
	for s := p.members().voters & p.peers; s != 0; s = s.rest() {
		if id := s.first(); best == sim.Nobody || p.progress[id].match > p.progress[best].match {
			best = id
		}
	}
	return best
}

// pursueTransfer tells the target to stand for election once its log is complete.
func (p *Process) pursueTransfer(env *sim.Env, from sim.NodeID) {
	h := &p.handover
	if h.to != from || h.told || p.progress[from].match < p.log.last() {
		return
	}
	h.told, h.spent = true, true
	p.send(env, from, TimeoutNow{p.term})
}

// onTransferTimeout aborts a transfer that has not succeeded within an election timeout, and goes on leading.
func (p *Process) onTransferTimeout(env *sim.Env, term Term) {
	if p.role != Leader || p.term != term || p.handover.to == sim.Nobody {
		return
	}
	env.Send(p.handover.asker, TransferReply{ID: p.handover.id, Status: kv.Unavailable, Leader: sim.Nobody})
	p.handover = handover{to: sim.Nobody, spent: p.handover.spent}
}

// onTimeoutNow stands for election at once, without Pre-Vote: the leader wants it.
func (p *Process) onTimeoutNow(env *sim.Env, m TimeoutNow) {
	if m.Term == p.term && p.role != Leader && p.mayStand() {
		p.campaign(env, true)
	}
}

// disownTransfer tells the asker, when the leader steps down, whether the target was told to stand.
func (p *Process) disownTransfer(env *sim.Env) {
	h := p.handover
	if h.to == sim.Nobody {
		return
	}
	status := kv.Unavailable
	if h.told {
		status = kv.OK
	}
	env.Send(h.asker, TransferReply{ID: h.id, Status: status, Leader: sim.Nobody})
}
