package quorum

import (
	"cmp"
	"fmt"
	"slices"

	"lightcone/sim"
)

// replica is what Dynamo and ABD have in common: versions of keys in pages that are written to disk before anybody hears
// of them, and the answers to Read and Write.
type replica struct {
	ring
	rule
	id    sim.NodeID
	pages []page
	trees []tree // by range; none without anti-entropy
	issue issue

	changed  []int    // pages whose last state is not on its way to the disk
	flushing bool     // a batch of writes is in flight: the next one waits for it
	batch    uint64   // the number of the batch
	waiting  []parcel // messages that wait for a page

	journal
	Counts
}

// page is a part of the store: what is written in one go. Its entries are immutable and sorted by key; a change makes
// new ones. A page is written under two names in turn, so that a torn write leaves the one before.
type page struct {
	entries       []Entry
	written       []Entry // its state when it was last written
	sequence      uint64
	dirty, flying bool // it changed since it was last written; a write of it is not yet durable
}

// saved is a page on disk.
type saved struct {
	Sequence uint64
	Entries  []Entry
}

func (s saved) sequence() uint64 { return s.Sequence }
func (s saved) String() string   { return fmt.Sprintf("%v", s.Entries) }
func (e Entry) String() string   { return fmt.Sprintf("%s: %v", e.Key, e.Versions) }
func (p *page) find(k string) *Entry {
	i, ok := p.index(k)
	if !ok {
		return nil
	}
	return &p.entries[i]
}

func (p *page) index(key string) (int, bool) {
	return slices.BinarySearchFunc(p.entries, key, func(e Entry, k string) int { return cmp.Compare(e.Key, k) })
}

// issuePage stands for the issue among pages.
const issuePage = -1

func newReplica(ring ring, rule rule, synced bool) replica {
	r := replica{ring: ring, rule: rule, pages: make([]page, ring.pages())}
	if synced {
		r.trees = make([]tree, ring.ranges)
		for i := range r.trees {
			r.trees[i] = newTree(ring.leaves)
		}
	}
	return r
}

// versions returns what the server has of a key.
func (r *replica) versions(key string) []Version {
	if e := r.pages[r.page(r.place(key))].find(key); e != nil {
		return e.Versions
	}
	return nil
}

// hinted returns what the server keeps of a key for another server.
func (r *replica) hinted(key string, id sim.NodeID) []Version {
	if e := r.pages[r.hintPage(id)].find(key); e != nil {
		return e.Versions
	}
	return nil
}

// store merges versions into an entry of a page and reports whether that changed it.
func (r *replica) store(page int, key string, versions []Version) bool {
	var have []Version
	if e := r.pages[page].find(key); e != nil {
		have = e.Versions
	}
	merged := r.merge(have, versions)
	if r.bug == BlindStore {
		merged = versions
	}
	if equal(have, merged) {
		return false
	}
	r.set(page, key, merged)
	return true
}

// set sets the versions of an entry. No versions, and no dots, remove it.
func (r *replica) set(page int, key string, versions []Version) {
	p := &r.pages[page]
	i, found := p.index(key)
	e := Entry{Key: key}
	if found {
		e = p.entries[i]
	}
	r.rehash(page, e, versions)
	e.Versions = versions
	switch remove := len(versions) == 0 && e.Dots == 0; {
	case found && remove:
		p.entries = slices.Concat(p.entries[:i], p.entries[i+1:])
	case found:
		p.entries = slices.Clone(p.entries)
		p.entries[i] = e
	case !remove:
		p.entries = slices.Insert(slices.Clone(p.entries), i, e)
	}
	r.touch(page)
	r.happened(happening{what: pageChanged, page: page})
}

// nextDot names a new write of a key.
func (r *replica) nextDot(key string) Dot {
	n := r.page(r.place(key))
	p := &r.pages[n]
	i, found := p.index(key)
	p.entries = slices.Clone(p.entries)
	if !found {
		p.entries = slices.Insert(p.entries, i, Entry{Key: key})
	}
	p.entries[i].Dots++
	r.touch(n)
	return Dot{r.id, p.entries[i].Dots}
}

func (r *replica) touch(page int) {
	if r.bug == HintsForgotten && page >= r.ranges*r.leaves {
		return
	}
	p := &r.pages[page]
	if !p.dirty {
		p.dirty = true
		r.changed = append(r.changed, page)
	}
}

// onRead answers with the versions of a key, once they are durable: a replica tells nobody what it could forget.
func (r *replica) onRead(env *sim.Env, from sim.NodeID, m Read) {
	page, versions := r.page(r.place(m.Key)), r.versions(m.Key)
	if m.For != r.id {
		page = r.hintPage(m.For)
		versions = r.merge(versions, r.hinted(m.Key, m.For))
	}
	r.send(env, page, from, ReadReply{Call: m.Call, Versions: versions, For: m.For})
}

// onWrite merges versions into those of a key, or into the hints for another server, and answers once that is durable.
func (r *replica) onWrite(env *sim.Env, from sim.NodeID, m Write) {
	page := r.page(r.place(m.Key))
	switch {
	case m.For != r.id:
		page = r.hintPage(m.For)
		if r.store(page, m.Key, m.Versions) {
			r.HintsKept++
		}
	case m.Call == 0 && r.bug == RepairBackwards:
		r.set(page, m.Key, m.Versions)
	case r.store(page, m.Key, m.Versions) && m.Call == 0:
		r.Repaired++
		r.happened(happening{what: repaired})
	}
	if m.Call != 0 {
		r.send(env, page, from, WriteReply{m.Call, m.For})
	}
}

func (r *replica) clone() replica {
	c := *r
	c.pages = slices.Clone(r.pages)
	c.trees = slices.Clone(r.trees)
	for i := range c.trees {
		c.trees[i] = slices.Clone(r.trees[i])
	}
	c.changed = slices.Clone(r.changed)
	c.waiting = slices.Clone(r.waiting)
	c.recent = slices.Clone(r.recent)
	return c
}
