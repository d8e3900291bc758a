package reliability

import (
	"errors"
	"fmt"
)

// Leader is replication with a leader, as a chain (Raft, Multi-Paxos, viewstamped replication): it serves while a
// majority of the nodes is up and one of those leads. When the leader fails, or when enough nodes are back for a
// majority again, a new one is found in an exponential time of mean Failover: detection and election. A node that leads
// and loses its majority leads no more. Times are in hours, or in any one unit.
//
// Not modelled: partitions, elections that fail otherwise than by their nodes, the time to catch up after a restart.
// As with Repairable, the methods want a value that Validate accepts.
type Leader struct {
	Nodes    int
	MTTF     float64 // of a node
	MTTR     float64 // of a node
	Failover float64 // mean time without a leader; 0: none
	Crews    int     // how many nodes can be repaired at a time; 0: all of them
}

// Validate reports everything that is wrong with it.
func (l Leader) Validate() error {
	var errs []error
	if err := l.nodes().Validate(); err != nil {
		errs = append(errs, fmt.Errorf("reliability: Leader: its nodes: %w", err))
	}
	if l.Failover != 0 && !isTime(l.Failover) {
		errs = append(errs, fmt.Errorf("reliability: Leader.Failover is %v, want hours, at least 0", l.Failover))
	}
	return errors.Join(errs...)
}

// nodes is the system without its leader: a majority.
func (l Leader) nodes() Repairable {
	return Repairable{Parts: l.Nodes, Need: l.Nodes/2 + 1, MTTF: l.MTTF, MTTR: l.MTTR, Crews: l.Crews}
}

// Chain returns the chain. State j is j nodes down, with a leader if that leaves a majority; state Nodes+1+j is j
// nodes down, a majority up, and no leader.
func (l Leader) Chain() (*Chain, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	r := l.nodes()
	c, err := r.Chain()
	if err != nil || l.Failover == 0 {
		return c, err
	}
	led, spare, without := NewChain(l.Nodes+1+r.spare()+1), r.spare(), l.Nodes+1
	for j := range l.Nodes + 1 {
		led.Name(j, fmt.Sprintf("%d down", j))
	}
	for j := range l.Nodes {
		if j >= spare { // the majority goes, or is gone
			led.Rate(j, j+1, r.failing(j))
		} else {
			led.Rate(j, j+1, float64(l.Nodes-j-1)/l.MTTF)
			led.Rate(j, without+j+1, 1/l.MTTF)
		}
		back := j
		if j == spare {
			back = without + j
		}
		led.Rate(j+1, back, r.mending(j+1))
	}
	for j := range spare + 1 {
		led.Name(without+j, fmt.Sprintf("%d down, no leader", j))
		led.Rate(without+j, j, 1/l.Failover)
		if j == spare {
			led.Rate(without+j, j+1, r.failing(j))
		} else {
			led.Rate(without+j, without+j+1, r.failing(j))
		}
		if j > 0 {
			led.Rate(without+j, without+j-1, r.mending(j))
		}
	}
	return led, nil
}

// Serves reports whether the system serves in a state of Chain.
func (l Leader) Serves(state int) bool { return state <= l.nodes().spare() }

// steady returns what the chain comes to: the probability of no majority, and that of a majority without a leader.
func (l Leader) steady() (quorum, failover float64) {
	c, err := l.Chain()
	if err != nil {
		panic(err)
	}
	p, err := c.Steady()
	if err != nil {
		panic(err)
	}
	for s := len(p) - 1; s >= 0; s-- {
		switch {
		case l.Serves(s):
		case s <= l.Nodes:
			quorum += p[s]
		default:
			failover += p[s]
		}
	}
	return quorum, failover
}

// Unavailability returns the share of time that the system does not serve: QuorumTerm and FailoverTerm together.
func (l Leader) Unavailability() float64 {
	quorum, failover := l.steady()
	return quorum + failover
}

// QuorumTerm returns the share of time in which no majority is up.
func (l Leader) QuorumTerm() float64 {
	quorum, _ := l.steady()
	return quorum
}

// FailoverTerm returns the share of time in which a majority is up and nobody leads. More nodes do not make it smaller.
func (l Leader) FailoverTerm() float64 {
	_, failover := l.steady()
	return failover
}

// Evaluate returns the figures of the system in the long run.
func (l Leader) Evaluate() (Result, error) {
	c, err := l.Chain()
	if err != nil {
		return Result{}, err
	}
	return c.Evaluate(l.Serves)
}

// MajorityFormula returns what the formula says that forgets the leader: the share of time in which no majority is up.
func (l Leader) MajorityFormula() float64 { return l.nodes().Unavailability() }

// Failovers returns how many failovers per hour begin: f = P(up > m)/MTTF + P(up = m-1)·(rate of repair), where m is a
// majority. A leader that fails while exactly m are up takes the majority with it.
func (l Leader) Failovers() float64 {
	r := l.nodes()
	p, f := r.Distribution(), 0.
	for j := r.spare() - 1; j >= 0; j-- {
		f += p[j] / l.MTTF
	}
	return f + float64(p[r.spare()+1]*r.mending(r.spare()+1))
}

// Composite returns MajorityFormula + Failovers·Failover. It counts a failover in full, and is above Unavailability by
// those that are cut short by the failure of another node.
func (l Leader) Composite() float64 {
	return l.MajorityFormula() + float64(l.Failovers()*l.Failover)
}

// FirstOrder returns MajorityFormula + Failover/MTTF, the rule of thumb for nodes that are mostly up.
func (l Leader) FirstOrder() float64 { return l.MajorityFormula() + l.Failover/l.MTTF }

// ElectionWait returns the mean time from the first moment at which one of n election timeouts can fire to when one
// does: timeouts are uniform between a and 2a, so that it is a/(n+1).
func ElectionWait(n int, a float64) float64 { return a / float64(n+1) }
