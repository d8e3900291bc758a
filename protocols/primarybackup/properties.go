package primarybackup

import (
	"errors"
	"fmt"
	"slices"

	"lightcone/sim"
)

// Properties returns what must hold of a run with this configuration. Less is claimed of the modes that are known to be
// unsafe, which a Watch measures. A bug is judged by the claims of what it pretends to be.
func (c Config) Properties() []sim.Property {
	n := c.Servers
	all := []sim.Property{c.each("a view has one primary", func() judge {
		return &reigns{by: map[Number]reign{}, known: make([]reign, n)}
	})}
	if !c.Unfenced {
		all = append(all,
			c.each("logs agree", func() judge { return &matching{sums: map[Position]uint64{}, seen: make([]mark, n)} }),
			c.each("stores agree", func() judge { return &agreement{hashes: map[Position]uint64{}, seen: make([]Position, n)} }))
	}
	if c.Durable() {
		all = append(all, c.each("no acknowledged write is lost", func() judge { return &ledger{seen: make([]turn, n)} }))
	}
	if c.Failover != Naive {
		all = append(all, sim.Property{Name: "views follow each other", Mode: sim.Always, Fresh: succession})
	}
	if c.Lease > 0 {
		all = append(all, c.each("one primary at a time", func() judge { return &exclusion{primaries: make([]*Replica, n)} }))
	}
	return append(all, c.some("an operation is executed", func(p *Replica) bool { return p.applied > 0 }))
}

// Durable reports whether an acknowledged write is kept, as long as one server that has it comes back.
func (c Config) Durable() bool { return c.Replication != Async && c.Failover != Naive && !c.Unfenced }

// Linearizable reports whether clients see one copy. A primary that was replaced and does not know it yet acknowledges
// nothing, as its backups refuse it; but it answers local reads, if no lease stops it.
func (c Config) Linearizable() bool { return c.Durable() && (c.Reads != Local || c.Lease > 0) }

// Coverage returns what some run of a swarm with faults should show, or it has tested little.
func (c Config) Coverage() []sim.Property {
	return []sim.Property{
		c.some("a backup takes over", func(p *Replica) bool { return p.counts.Promotions > 0 && int(p.id) != c.resolved().first() }),
		c.some("a snapshot is transferred", func(p *Replica) bool { return p.counts.Transfers > 0 }),
	}
}

// judge is a claim that remembers, told of one replica at a time: p is nil if it is down.
type judge interface {
	see(v sim.View, id sim.NodeID, p *Replica) error
}

// each makes a property of what a judge says about every replica that may have changed.
func (c Config) each(name string, fresh func() judge) sim.Property {
	return sim.Property{Name: name, Mode: sim.Always, Fresh: func() func(sim.View) error {
		j, primed := fresh(), false
		return func(v sim.View) error {
			if id := v.Touched(); primed && id != sim.Nobody {
				return c.look(j, v, id)
			}
			primed = true
			for id := range sim.NodeID(c.Servers) {
				if err := c.look(j, v, id); err != nil {
					return err
				}
			}
			return nil
		}
	}}
}

func (c Config) look(j judge, v sim.View, id sim.NodeID) error {
	if int(id) >= c.Servers {
		return nil
	}
	p, ok := v.Process(id).(*Replica)
	if !ok && v.Up(id) { // the view service
		return nil
	}
	return j.see(v, id, p)
}

func (c Config) some(name string, holds func(*Replica) bool) sim.Property {
	return sim.Property{Name: name, Mode: sim.Sometimes, Check: func(v sim.View) error {
		for id := range sim.NodeID(c.Servers) {
			if p, ok := v.Process(id).(*Replica); ok && holds(p) {
				return nil
			}
		}
		return errors.New("it does not")
	}}
}

// reigns says that a view has one primary, in one incarnation of one node.
type reigns struct {
	by    map[Number]reign
	known []reign // by node, the latest
}

type reign struct {
	number      Number
	node        sim.NodeID
	incarnation int
}

func (j *reigns) see(v sim.View, id sim.NodeID, p *Replica) error {
	if p == nil || p.role != Primary {
		return nil
	}
	now := reign{p.view.Number, id, v.Incarnation(id)}
	if j.known[id] == now {
		return nil
	}
	j.known[id] = now
	before, ok := j.by[now.number]
	if ok && before != now {
		return fmt.Errorf("%v (start %d) and %v (start %d) are primaries of view %d",
			before.node, before.incarnation, id, now.incarnation, now.number)
	}
	j.by[now.number] = now
	return nil
}

// matching says that two logs which have an entry of the same view at the same place are the same up to there.
type matching struct {
	sums map[Position]uint64
	seen []mark
}

// mark is up to where a log was looked at.
type mark struct {
	index, sum uint64
}

func (j *matching) see(_ sim.View, id sim.NodeID, p *Replica) error {
	if p == nil {
		return nil
	}
	l, m := &p.log, &j.seen[id]
	from := l.base.Index
	if l.base.Index <= m.index && m.index <= l.last() && l.sum(m.index) == m.sum {
		from = m.index
	}
	for i := from + 1; i <= l.last(); i++ {
		at, sum := l.position(i), l.sum(i)
		if known, ok := j.sums[at]; ok && known != sum {
			return fmt.Errorf("%v has the entry %v after another log than somebody else", id, at)
		}
		j.sums[at] = sum
	}
	*m = mark{l.last(), l.sum(l.last())}
	return nil
}

// agreement says that two stores after the same entry are the same, sessions included.
type agreement struct {
	hashes map[Position]uint64
	seen   []Position
}

func (j *agreement) see(_ sim.View, id sim.NodeID, p *Replica) error {
	if p == nil {
		return nil
	}
	at := p.log.position(p.applied)
	if at == j.seen[id] {
		return nil
	}
	j.seen[id] = at
	hash := p.store.Hash()
	if known, ok := j.hashes[at]; ok && known != hash {
		return fmt.Errorf("the store of %v after %v is another than somebody else's", id, at)
	}
	j.hashes[at] = hash
	return nil
}

// ledger says that what a primary acknowledged is in the log of every later one.
type ledger struct {
	sums   []uint64 // by index-1: the log up to an entry that was answered; 0 for none
	last   uint64   // the highest index of those
	at     Position // what is there
	newest Number   // the latest view in which something was answered
	seen   []turn
}

// turn is a primary as it was when it was last looked at.
type turn struct {
	reign
	answered uint64
}

func (j *ledger) see(v sim.View, id sim.NodeID, p *Replica) error {
	if p == nil || p.role != Primary {
		j.seen[id] = turn{}
		return nil
	}
	t := &j.seen[id]
	if t.node != id || t.incarnation != v.Incarnation(id) || t.number == 0 {
		*t = turn{answered: p.took}
		if err := j.succeed(id, p); err != nil {
			return err
		}
	}
	t.reign = reign{p.view.Number, id, v.Incarnation(id)}
	for ; t.answered < p.applied; t.answered++ {
		if i := t.answered + 1; i > p.took && i > p.log.base.Index {
			if err := j.enter(id, p.view.Number, p.log.position(i), p.log.sum(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// succeed compares the log of a new primary with what was acknowledged. One whose view is over before it knew is none.
func (j *ledger) succeed(id sim.NodeID, p *Replica) error {
	switch {
	case p.view.Number < j.newest:
	case p.log.last() < j.last:
		return fmt.Errorf("%v is primary of view %d, and its log ends at %v: it lacks %v, which was acknowledged",
			id, p.view.Number, p.log.end(), j.at)
	case j.last >= p.log.base.Index && j.last > 0 && p.log.sum(j.last) != j.sums[j.last-1]:
		return fmt.Errorf("%v is primary of view %d, and has %v where %v was acknowledged",
			id, p.view.Number, p.log.position(j.last), j.at)
	}
	return nil
}

func (j *ledger) enter(id sim.NodeID, number Number, at Position, sum uint64) error {
	if n := int(at.Index); n > len(j.sums) {
		j.sums = slices.Grow(j.sums, n-len(j.sums))[:n]
	}
	known := &j.sums[at.Index-1]
	if *known != 0 && *known != sum {
		return fmt.Errorf("%v acknowledged %v, where something else was acknowledged", id, at)
	}
	*known = sum
	j.newest = max(j.newest, number)
	if at.Index > j.last {
		j.last, j.at = at.Index, at
	}
	return nil
}

// exclusion says that no two nodes would accept a write at the same time. One that is paused would not.
type exclusion struct {
	primaries []*Replica // by node; nil for who is none
}

func (j *exclusion) see(v sim.View, id sim.NodeID, p *Replica) error {
	j.primaries[id] = nil
	if p == nil || p.role != Primary {
		return nil
	}
	j.primaries[id] = p
	if v.Paused(id) || !p.Serving(v.Local(id)) {
		return nil
	}
	for other, q := range j.primaries {
		o := sim.NodeID(other)
		if o != id && q != nil && v.Up(o) && !v.Paused(o) && q.Serving(v.Local(o)) {
			return fmt.Errorf("%v serves in view %d, and %v in view %d", o, q.view.Number, id, p.view.Number)
		}
	}
	return nil
}

// succession says that the view service never goes back, and takes primaries from the view before.
func succession() func(sim.View) error {
	var last View
	return func(v sim.View) error {
		s, ok := v.Process(0).(*Service)
		if !ok || s.view.Number == last.Number {
			return nil
		}
		before := last
		last = s.view
		switch {
		case last.Number < before.Number:
			return fmt.Errorf("view %d is in force after view %d", last.Number, before.Number)
		case before.Number > 0 && !before.has(last.Primary):
			return fmt.Errorf("the primary of view %v is not of view %v", last, before)
		}
		return nil
	}
}
