package quorum

import (
	"fmt"

	"lightcone/sim"
)

// Properties returns what must hold of a run with these parameters.
//
//   - versions never go backwards: what a replica has of a key is never replaced by something that came before, nor
//     forgotten once it was durable. Only a tombstone may go, and nothing older may come back.
//   - an acknowledged write is on a write quorum: durable there, or with Sloppy as a hint for it.
//   - of two versions one wins: no two replicas have different versions neither of which replaces the other.
//   - no two writes have the same stamp, but by wall clock.
//   - no read is stale, where Fresh says so: it finds all writes that were acknowledged before it began.
//
// And, without which nothing was tested, what each mechanism is there for happens.
func (c Config) Properties() []sim.Property {
	fresh := c.Fresh()
	c = c.withDefaults()
	claims := []sim.Property{
		versionsAdvance(),
		acknowledgedIsStored(c.Quorums, c.Sloppy),
		twoWriters(),
	}
	if c.Versions == Vector {
		claims = append(claims, sometimes("siblings are seen", siblings))
	} else {
		claims = append(claims, oneWins())
	}
	if c.Versions != Wall {
		claims = append(claims, stampsDiffer())
	}
	if fresh {
		claims = append(claims, noReadIsStale())
	}
	if c.Repair {
		claims = append(claims, sometimes("a read repairs a replica", repaired))
	}
	if c.HandOff > 0 {
		claims = append(claims, sometimes("a hint is delivered", handedOff))
	}
	if c.SyncEvery > 0 {
		claims = append(claims, sometimes("anti-entropy mends a replica", mended))
	}
	return claims
}

// Properties returns what must hold of a run with these parameters: as of Config.Properties; that a write has a later
// timestamp than those acknowledged before it began; and with the write-back that what a read returns is on a write
// quorum, so that no later read finds less.
func (c ABDConfig) Properties() []sim.Property {
	c = c.withDefaults()
	claims := []sim.Property{
		versionsAdvance(),
		acknowledgedIsStored(c.Quorums, false),
		stampsDiffer(),
		noReadIsStale(),
		writesAreOrdered(),
		twoWriters(),
	}
	if c.WriteBack {
		claims = append(claims, returnedIsStored(c.Quorums))
	}
	return claims
}

func twoWriters() sim.Property {
	return sim.Property{Name: "two writes of a key at once", Mode: sim.Sometimes, Check: func(v sim.View) error {
		id := v.Touched()
		if id == sim.Nobody || replicaOn(v, id) == nil {
			return errUnseen
		}
		for _, h := range replicaOn(v, id).recent {
			if h.what == writeBegan && writersOf(v, h.key) > 1 {
				return nil
			}
		}
		return errUnseen
	}}
}

func writersOf(v sim.View, key string) int {
	n := 0
	for id := range sim.NodeID(v.Nodes()) {
		if s, ok := v.Process(id).(server); ok {
			n += s.writers(key)
		}
	}
	return n
}

func acknowledgedIsStored(q System, sloppy bool) sim.Property {
	return always("an acknowledged write is on a write quorum", func() *watch {
		return &watch{tell: func(v sim.View, id sim.NodeID, r *replica, h *happening) error {
			if h.what != acknowledged {
				return nil
			}
			return stored(v, r, q, sloppy, h, fmt.Sprintf("%v acknowledged the write of %s", id, h.key))
		}}
	})
}

func returnedIsStored(q System) sim.Property {
	return always("what a read returns is on a write quorum", func() *watch {
		return &watch{tell: func(v sim.View, id sim.NodeID, r *replica, h *happening) error {
			if h.what != returned || len(h.versions) == 0 {
				return nil
			}
			return stored(v, r, q, false, h, fmt.Sprintf("%v returned what it read of %s", id, h.key))
		}}
	})
}

// stored reports whether a write quorum has the versions, or later ones, on disk.
func stored(v sim.View, r *replica, q System, sloppy bool, h *happening, did string) error {
	var have Set
	at := r.place(h.key)
	for i := range q.Size() {
		id := r.server(at.span, i)
		if r.onDisk(v, id, r.page(at), h) || sloppy && r.hintOnDisk(v, id, h) {
			have = have.With(i)
		}
	}
	if q.Write(have) {
		return nil
	}
	var ids []sim.NodeID
	for i := range q.Size() {
		if have.Has(i) {
			ids = append(ids, r.server(at.span, i))
		}
	}
	return fmt.Errorf("%s, %v, which is durable at %v only", did, h.versions, ids)
}

func (r *replica) hintOnDisk(v sim.View, of sim.NodeID, h *happening) bool {
	for id := range sim.NodeID(r.servers) {
		if r.onDisk(v, id, r.hintPage(of), h) {
			return true
		}
	}
	return false
}

// onDisk reports whether a page on a node's disk has the versions, or later ones. Where nothing is left of a key that was
// deleted, its tombstone may have been collected.
func (r *replica) onDisk(v sim.View, id sim.NodeID, n int, h *happening) bool {
	var latest saved
	for i := range uint64(2) {
		value, _ := v.Durable(id, pageName(n, i))
		if s, ok := value.(saved); ok && s.Sequence > latest.Sequence {
			latest = s
		}
	}
	p := page{entries: latest.Entries}
	e := p.find(h.key)
	if e == nil {
		return n < r.ranges*r.leaves && allDeleted(h.versions)
	}
	return r.atLeast(e.Versions, h.versions)
}

// query names a call of a coordinator.
type query struct {
	id   sim.NodeID
	call uint64
}

func noReadIsStale() sim.Property {
	return always("no read is stale", func() *watch {
		last := map[string][]Version{} // by key: all acknowledged writes, merged
		floors := map[query][]Version{}
		return &watch{tell: func(_ sim.View, id sim.NodeID, r *replica, h *happening) error {
			q := query{id, h.call}
			switch h.what {
			case acknowledged:
				last[h.key] = rule{vector: r.vector}.merge(last[h.key], h.versions)
			case queryBegan:
				floors[q] = last[h.key]
			case queryDone:
				floor := floors[q]
				delete(floors, q)
				if !r.atLeast(h.versions, floor) && !(len(h.versions) == 0 && allDeleted(floor)) {
					return fmt.Errorf("%v read %s and found %v, but %v was acknowledged before it asked", id, h.key, h.versions, floor)
				}
			}
			return nil
		}}
	})
}

// writesAreOrdered is what makes the timestamps of ABD an order of the operations (Lynch, Distributed Algorithms, lemma
// 13.16): a write has a later one than all writes that were acknowledged before it began.
func writesAreOrdered() sim.Property {
	return always("a write comes after those acknowledged before it", func() *watch {
		last := map[string][]Version{}
		floors := map[query][]Version{}
		return &watch{tell: func(_ sim.View, id sim.NodeID, r *replica, h *happening) error {
			q := query{id, h.call}
			switch h.what {
			case writeBegan:
				floors[q] = last[h.key]
			case acknowledged:
				floor := floors[q]
				delete(floors, q)
				if rule := (rule{}); rule.atLeast(floor, h.versions) {
					return fmt.Errorf("%v wrote %s: %v, but %v was acknowledged before it began", id, h.key, h.versions, floor)
				}
				last[h.key] = rule{}.merge(last[h.key], h.versions)
			}
			return nil
		}}
	})
}

// stampsDiffer remembers the value of every stamp, or dot, of a key.
func stampsDiffer() sim.Property {
	type write struct {
		key   string
		stamp Stamp
		dot   Dot
	}
	return always("no two writes have the same stamp", func() *watch {
		values := map[write]string{}
		return &watch{tell: func(_ sim.View, id sim.NodeID, r *replica, h *happening) error {
			if h.what != pageChanged {
				return nil
			}
			for _, e := range r.pages[h.page].entries {
				for _, v := range e.Versions {
					w := write{e.Key, v.Stamp, v.Dot}
					if r.vector {
						w.stamp = Stamp{}
					}
					if old, ok := values[w]; ok && old != v.Value {
						return fmt.Errorf("%v has %s: %v, but %q had that stamp before", id, e.Key, v, old)
					}
					values[w] = v.Value
				}
			}
			return nil
		}}
	})
}

func oneWins() sim.Property {
	return always("of two versions one wins", func() *watch {
		return &watch{tell: func(v sim.View, id sim.NodeID, r *replica, h *happening) error {
			if h.what != pageChanged || h.page >= r.ranges*r.leaves {
				return nil
			}
			for other := range sim.NodeID(r.servers) {
				o := replicaOn(v, other)
				if o == nil {
					continue
				}
				for _, e := range r.pages[h.page].entries {
					f := o.pages[h.page].find(e.Key)
					if f == nil || len(e.Versions) == 0 || len(f.Versions) == 0 || equal(e.Versions, f.Versions) {
						continue
					}
					if !r.later(e.Versions[0], f.Versions[0]) && !r.later(f.Versions[0], e.Versions[0]) {
						return fmt.Errorf("%v has %v and %v has %v: neither wins", id, e, other, *f)
					}
				}
			}
			return nil
		}}
	})
}
