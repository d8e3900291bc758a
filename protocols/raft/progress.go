package raft

import (
	"fmt"

	"lightcone/sim"
)

// flow says how a leader sends to a follower.
type flow uint8

const (
	probing      flow = iota // one AppendEntries at a time, until one fits
	replicating              // optimistically, as many as the window allows (§10.2.2)
	snapshotting             // chunk by chunk
)

var flowNames = [...]string{"probe", "replicate", "snapshot"}

func (f flow) String() string {
	if int(f) < len(flowNames) {
		return flowNames[f]
	}
	return fmt.Sprintf("flow(%d)", uint8(f))
}

// progress is what a leader knows of a server's log. Always match < next.
type progress struct {
	match Index // the server's log is as the leader's up to here, and durable: matchIndex
	next  Index // the first entry to send: nextIndex
	flow  flow
	waits bool // probing, snapshotting: something is under way

	inflight []Index // replicating: the last index of each AppendEntries with entries that is under way

	round uint64    // the latest that it has answered; 0: none in this term
	sent  sim.Local // what the leader's clock showed when it sent what was answered

	snapshot snapshot // snapshotting: what it is being sent,
	offset   int      // and from where on
}

// probe starts anew to look for agreement.
func (pr *progress) probe(next Index) {
	*pr = progress{match: pr.match, next: max(next, pr.match+1), inflight: pr.inflight[:0], round: pr.round, sent: pr.sent}
}

// acknowledge takes note that the server has everything up to an index.
func (pr *progress) acknowledge(i Index) {
	pr.match = max(pr.match, i)
	pr.next = max(pr.next, pr.match+1)
	n := 0
	for n < len(pr.inflight) && pr.inflight[n] <= i {
		n++
	}
	if n > 0 {
		pr.inflight = append(pr.inflight[:0], pr.inflight[n:]...)
	}
}

// contact takes note of an answer.
func (pr *progress) contact(c Contact) {
	if c == (Contact{}) {
		return
	}
	if pr.round == 0 || c.Sent > pr.sent {
		pr.sent = c.Sent
	}
	pr.round = max(pr.round, c.Round)
}

func (pr *progress) String() string {
	return fmt.Sprintf("%v match %v next %v", pr.flow, pr.match, pr.next)
}
