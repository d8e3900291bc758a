package quorum

import (
	"fmt"
	"slices"
	"strconv"

	"lightcone/sim"
)

// parcel is a message that waits until a page is durable.
type parcel struct {
	page int
	to   sim.NodeID
	m    Message
}

// issue is what a coordinator must not forget of the writes that it has begun: the last stamp, so that no other write
// gets it, and whose requests they were, so that none is executed twice. It is written like a page.
type issue struct {
	stamp         Stamp
	begun         begun
	sequence      uint64
	dirty, flying bool
}

// savedIssue is an issue on disk.
type savedIssue struct {
	Sequence uint64
	Stamp    Stamp
	Begun    begun
}

func (s savedIssue) sequence() uint64 { return s.Sequence }
func (s savedIssue) String() string   { return fmt.Sprintf("issued %v", s.Stamp) }

func pageName(page int, sequence uint64) string {
	slot := "/" + strconv.FormatUint(sequence%2, 10)
	if page == issuePage {
		return "issue" + slot
	}
	return "page " + strconv.Itoa(page) + slot
}

// send sends a message now if the page is durable as it is, else when it will be.
func (r *replica) send(env *sim.Env, page int, to sim.NodeID, m Message) {
	if r.stable(page) || r.bug == AckBeforeDurable {
		env.Send(to, m)
		return
	}
	r.waiting = append(r.waiting, parcel{page, to, m})
}

func (r *replica) dirty(page int) bool {
	if page == issuePage {
		return r.issue.dirty
	}
	return r.pages[page].dirty
}

func (r *replica) stable(page int) bool {
	if page == issuePage {
		return !r.issue.dirty && !r.issue.flying
	}
	return !r.pages[page].dirty && !r.pages[page].flying
}

// flush writes what has changed, unless an earlier batch is still in flight, and sends what waited for it. It comes last
// in a handler: all that is sent after it waits for the disk.
func (r *replica) flush(env *sim.Env) {
	if r.flushing || len(r.changed) == 0 && !r.issue.dirty {
		return
	}
	r.flushing = true
	r.batch++
	for _, i := range r.changed {
		p := &r.pages[i]
		p.sequence++
		p.written, p.dirty, p.flying = p.entries, false, true
		env.Persist(pageName(i, p.sequence), saved{p.sequence, p.entries})
	}
	if r.issue.dirty {
		r.issue.sequence++
		r.issue.dirty, r.issue.flying = false, true
		env.Persist(pageName(issuePage, r.issue.sequence), savedIssue{r.issue.sequence, r.issue.stamp, r.issue.begun})
	}
	r.changed = r.changed[:0]
	env.Send(r.id, flushed{env.Incarnation(), r.batch})
	for _, w := range r.waiting {
		env.Send(w.to, w.m)
	}
	r.waiting = nil
}

// onFlushed takes note that a batch is durable.
func (r *replica) onFlushed(env *sim.Env, m flushed) {
	if m != (flushed{env.Incarnation(), r.batch}) {
		return
	}
	r.flushing = false
	for i := range r.pages {
		if p := &r.pages[i]; p.flying {
			p.flying = false
			r.happened(happening{what: pageDurable, page: i, entries: p.written})
		}
	}
	r.issue.flying = false
	r.waiting = slices.DeleteFunc(r.waiting, func(w parcel) bool {
		if r.dirty(w.page) {
			return false
		}
		env.Send(w.to, w.m)
		return true
	})
}

// sequenced is what is on disk of a page or an issue.
type sequenced interface{ sequence() uint64 }

// recall returns the later of the two states of a page that are on disk. A torn one is none.
func recall[S sequenced](env *sim.Env, page int) (latest S) {
	for i := range uint64(2) {
		v, _ := env.Recall(pageName(page, i))
		if s, ok := v.(S); ok && s.sequence() > latest.sequence() {
			latest = s
		}
	}
	return latest
}

// restore goes on from what is durable.
func (r *replica) restore(env *sim.Env) {
	r.id = env.ID()
	if env.Incarnation() == 0 {
		return
	}
	for i := range r.pages {
		s := recall[saved](env, i)
		if r.bug == StampsForgotten {
			s.Entries = withoutDots(s.Entries)
		}
		for _, e := range s.Entries {
			r.rehash(i, Entry{Key: e.Key}, e.Versions)
		}
		r.pages[i] = page{entries: s.Entries, written: s.Entries, sequence: s.Sequence}
	}
	s := recall[savedIssue](env, issuePage)
	if r.bug == StampsForgotten {
		s.Stamp = Stamp{}
	}
	r.issue = issue{stamp: s.Stamp, begun: s.Begun, sequence: s.Sequence}
}

func withoutDots(entries []Entry) []Entry {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Dots = 0
	}
	return entries
}
