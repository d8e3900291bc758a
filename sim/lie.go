package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Liar is an adversary that decides what a node says: a Byzantine failure. A Lie puts one in force on a node.
//
// It rewrites at the moment of sending, for each recipient as it likes. What it says still comes from its node: nobody
// can speak in another's name.
type Liar interface {
	// Tell appends to dst what node p.From says to p.To instead of p.Message, which its process sent, and returns it:
	// nothing (silence), the message itself (the truth), another (a lie), several. It must not change the message. Words
	// come boxed. All randomness comes from r, whose stream belongs to this message.
	Tell(dst []Told, p *Packet, r *Rand) []Told
}

// LiarCloner is a Liar with mutable state. The world clones it at New and at Fork, so that one Config can run many worlds.
type LiarCloner interface{ CloneLiar() Liar }

// Told is one thing that a Liar says.
type Told struct {
	Message Message
	After   time.Duration // how much later it is under way, at least 0
}

// Lie makes a node lie, by the liar that Config.Liars has under the name How, until it is healed. Of several on one node
// each rewrites what the one before it says.
type Lie struct {
	Name string
	Node NodeID
	How  string
}

// Apply puts the lie in force.
func (a Lie) Apply(c *Control) { c.lie(a) }

func (a Lie) String() string {
	s := fmt.Sprintf("lie %v by %s", a.Node, a.How)
	if a.Name != "" {
		s += " as " + a.Name
	}
	return s
}

// Troubles returns whom the lie ails.
func (a Lie) Troubles() []NodeID { return []NodeID{a.Node} }

// lying is what a world knows of its liars.
type lying struct {
	liars  map[string]Liar
	now    []Lie   // in force
	before nodeSet // who has lied
}

func newLying(liars map[string]Liar) lying { return lying{liars: cloneLiars(liars)} }

func cloneLiars(liars map[string]Liar) map[string]Liar {
	liars = maps.Clone(liars)
	for name, l := range liars { //det:ok each is cloned by itself
		if c, ok := l.(LiarCloner); ok {
			liars[name] = c.CloneLiar()
		}
	}
	return liars
}

func (l lying) clone() lying {
	return lying{cloneLiars(l.liars), slices.Clone(l.now), slices.Clone(l.before)}
}

func validateLiars(liars map[string]Liar) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(liars)) {
		if liars[name] == nil {
			errs = append(errs, fmt.Errorf("sim: Config.Liars[%q] is nil", name))
		} else if v, ok := liars[name].(interface{ Validate() error }); ok {
			if err := v.Validate(); err != nil {
				errs = append(errs, fmt.Errorf("sim: Config.Liars[%q]: %w", name, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (c *Control) lie(a Lie) {
	w := c.w
	w.node(a.Node)
	if w.lying.liars[a.How] == nil {
		panic(misuse{fmt.Sprintf("%q: Config.Liars has no %q", a, a.How)})
	}
	if w.lying.before == nil {
		w.lying.before = make(nodeSet, (len(w.nodes)+63)/64)
	}
	w.lying.before[a.Node/64] |= 1 << (a.Node % 64)
	w.lying.now = append(slices.Clip(w.lying.now), a)
	w.watch()
	c.Record(a.Node, a.String())
}

// honest ends the lies of that name, all for the empty one.
func (c *Control) honest(name string) {
	w := c.w
	var kept []Lie
	for _, a := range w.lying.now {
		if name != "" && a.Name != name {
			kept = append(kept, a)
			continue
		}
		c.Record(a.Node, "heal "+a.Name)
	}
	w.lying.now = kept
	w.watch()
}

// Lied reports whether a Lie holds, or has held, on the node: a Byzantine node is one for good.
func (v View) Lied(id NodeID) bool {
	b := v.w.lying.before
	return b != nil && b[id/64]>>(id%64)&1 == 1
}

// liesNow reports whether a node lies.
func (w *World) liesNow(id NodeID) bool {
	return slices.ContainsFunc(w.lying.now, func(a Lie) bool { return a.Node == id })
}

// forLie is the purpose of the draws of liars.
const forLie = 100

// deceive sends, instead of the message in slot i, what the node's liars make of it.
func (w *World) deceive(i uint32, p *Packet) {
	if p.Words != nil {
		p.Message, p.Words = *p.Words, nil
	}
	truth := p.Message
	print := fingerprint(truth)
	told := []Told{{Message: truth}}
	for n, a := range w.lying.now {
		if a.Node == p.From {
			told = w.retell(told, w.lying.liars[a.How], p, NewRand(w.cfg.Seed, forLie, uint64(n), uint64(p.From)<<32|uint64(p.To), p.K))
		}
	}
	var copies []Copy
	for _, t := range told {
		p.Message = t.Message
		first := len(copies)
		copies = w.network.Route(copies, p, &w.rand)
		for k := first; k < len(copies); k++ {
			c := &copies[k]
			if t.After < 0 {
				panic(misuse{fmt.Sprintf("a liar delays %v by %v, want 0 or more", p.Name(), t.After)})
			}
			c.Delay += t.After
			if c.Altered == nil && fingerprint(t.Message) != print {
				c.Altered = t.Message
			}
		}
	}
	p.Message = truth
	if len(told) == 0 {
		w.drop(&w.slots[i], Omission, w.now)
		w.unalloc(i)
		return
	}
	w.scatter(i, copies)
}

// retell has a liar rewrite what was told so far.
func (w *World) retell(told []Told, l Liar, p *Packet, r Rand) []Told {
	var next []Told
	for _, t := range told {
		p.Message = t.Message
		first := len(next)
		next = l.Tell(next, p, &r)
		for k := first; k < len(next); k++ {
			next[k].After += t.After
		}
	}
	return next
}
