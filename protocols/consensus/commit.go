package consensus

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

// leaderCompleteness: if a log entry is committed in a given term, then that entry will be present in the logs of the
// leaders for all higher-numbered terms (Raft, figure 3).
//
// An entry is taken as committed when a server says so, but already when it is decided, before any server can know it:
// a majority (of the configuration by which the leader of a term goes) is in that term and holds an entry of that term
// where a crash cannot take it. With it goes all that is before it. These are the immediately committed entries of the
// proof (Ongaro, appendix B.2).
func leaderCompleteness(servers int) func(change) error {
	j := &completeness{nodes: make([]Node, servers), led: make([]Term, servers), acked: make([]ack, servers)}
	return j.see
}

type completeness struct {
	decided decided
	nodes   []Node // nil: down
	led     []Term // the term that a server led when last looked at; 0 for none
	acked   []ack
	counts  []Index
}

// ack is what a server has told its leader, or may: that it holds all of a term's entries up to a place.
type ack struct {
	term Term
	upto Index
}

func (j *completeness) see(c change) error {
	j.nodes[c.id] = c.node
	if c.node == nil {
		j.led[c.id] = 0
		return nil
	}
	before := j.decided.last()
	j.decided.extend(c.node, c.node.Committed(), c.node.Term())
	j.count(c.id)
	if before < j.decided.last() {
		for id, n := range j.nodes {
			if n != nil && n.Leader() && j.led[id] == n.Term() {
				if err := j.complete(sim.NodeID(id), before+1); err != nil {
					return err
				}
			}
		}
	}
	if !c.node.Leader() {
		j.led[c.id] = 0
		return nil
	}
	if j.led[c.id] == c.node.Term() {
		return nil
	}
	j.led[c.id] = c.node.Term()
	return j.complete(c.id, c.node.First())
}

// count notes what a server holds of its term's entries, and so what a quorum may now hold.
func (j *completeness) count(id sim.NodeID) {
	n := j.nodes[id]
	a := ack{term: n.Term()}
	if s := n.Stable(); s >= n.First() && n.Entry(s).Term == a.term {
		a.upto = s
	}
	if a == j.acked[id] {
		return
	}
	j.acked[id] = a
	for _, l := range j.nodes {
		if l == nil || !l.Leader() || l.Term() != a.term {
			continue
		}
		conf := l.Configuration()
		upto := j.majority(conf.Voters, a.term)
		if len(conf.Outgoing) > 0 {
			upto = min(upto, j.majority(conf.Outgoing, a.term))
		}
		j.decided.extend(l, upto, a.term)
	}
}

// majority returns up to where a majority of the voters have acknowledged the entries of a term; 0 for nowhere.
func (j *completeness) majority(voters []sim.NodeID, t Term) Index {
	j.counts = j.counts[:0]
	for _, v := range voters {
		upto := Index(0)
		if int(v) < len(j.acked) && j.acked[v].term == t {
			upto = j.acked[v].upto
		}
		j.counts = append(j.counts, upto)
	}
	if len(j.counts) == 0 {
		return 0
	}
	slices.Sort(j.counts)
	return j.counts[(len(j.counts)-1)/2]
}

// complete checks a leader's log, from a place on, against what is decided.
func (j *completeness) complete(id sim.NodeID, from Index) error {
	n := j.nodes[id]
	for i := max(from, n.First()); i <= j.decided.last(); i++ {
		e := j.decided.at(i)
		switch {
		case e.by >= n.Term():
			continue
		case i > n.Last():
			return fmt.Errorf("%v leads term %d, but its log ends at %d, before %d, which was committed in term %d", id, n.Term(), n.Last(), i, e.by)
		case e.Term != 0 && e.Entry != n.Entry(i):
			return fmt.Errorf("%v leads term %d, but at %d it has an entry of term %d, where one of term %d was committed in term %d",
				id, n.Term(), i, n.Entry(i).Term, e.Term, e.by)
		}
	}
	return nil
}

// stateMachineSafety: if a server has applied a log entry at a given index to its state machine, no other server will
// ever apply a different log entry for the same index (Raft, figure 3). Nor does it itself after a restart. It applies
// only what it knows to be committed.
func stateMachineSafety(servers int) func(change) error {
	var applied decided
	last := make([]Index, servers)
	return func(c change) error {
		if c.node == nil || c.started {
			last[c.id] = 0
		}
		if c.node == nil {
			return nil
		}
		from, to := last[c.id]+1, c.node.Applied()
		last[c.id] = to
		if to > c.node.Committed() {
			return fmt.Errorf("%v applied %d, but knows only up to %d to be committed", c.id, to, c.node.Committed())
		}
		for i := max(from, c.node.First()); i <= min(to, applied.last()); i++ {
			if applied.conflicts(c.node, i) {
				return fmt.Errorf("%v applied at %d an entry of term %d, where another, of term %d, was applied before",
					c.id, i, c.node.Entry(i).Term, applied.at(i).Term)
			}
		}
		applied.extend(c.node, to, c.node.Term())
		return nil
	}
}

// quorumsHold: every quorum holds the committed prefix, or a leader could be elected that does not know of it. Quorums
// are those of the leader of the highest term. What a server holds that is down is not known, and taken to be enough
// until it is up again.
func quorumsHold(servers int) func(change) error {
	j := &prefix{nodes: make([]Node, servers), held: make([]Index, servers)}
	return j.see
}

type prefix struct {
	decided decided
	nodes   []Node // nil: down
	held    []Index
	term    Term          // of the leader of the highest term; 0 before the first
	conf    Configuration // by which it goes, or went
}

func (j *prefix) see(c change) error {
	j.nodes[c.id] = c.node
	if c.node == nil {
		return nil
	}
	news := j.decided.extend(c.node, c.node.Committed(), c.node.Term())
	if c.node.Leader() && c.node.Term() >= j.term {
		j.term = c.node.Term()
		if conf := c.node.Configuration(); !conf.equal(j.conf) {
			j.conf, news = conf.clone(), true
		}
	}
	held := j.decided.held(c.node, j.held[c.id], c.node.Stable())
	news = news || c.started || held < j.held[c.id]
	j.held[c.id] = held
	if !news || j.term == 0 {
		return nil
	}
	if j.lacking(j.conf.Voters) && (len(j.conf.Outgoing) == 0 || j.lacking(j.conf.Outgoing)) {
		return fmt.Errorf("the log is committed up to %d, but a quorum does not hold it: %s", j.decided.last(), j.holdings())
	}
	return nil
}

// lacking reports whether a majority of the voters certainly lack something of what is committed.
func (j *prefix) lacking(voters []sim.NodeID) bool {
	lack := 0
	for _, v := range voters {
		if int(v) < len(j.nodes) && j.nodes[v] != nil {
			// what was decided since the server was looked at it may have held already
			j.held[v] = j.decided.held(j.nodes[v], j.held[v], j.nodes[v].Stable())
			if j.held[v] < j.decided.last() {
				lack++
			}
		}
	}
	return lack > len(voters)/2
}

func (j *prefix) holdings() string {
	var s []string
	for id, n := range j.nodes {
		if n == nil {
			s = append(s, fmt.Sprintf("%v is down", sim.NodeID(id)))
		} else {
			s = append(s, fmt.Sprintf("%v up to %d", sim.NodeID(id), j.held[id]))
		}
	}
	return fmt.Sprint(s)
}
