package detector

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// Properties returns what holds of every run, whatever the network, the clocks and the faults: that nobody is suspected
// but for a silence. Whether that is because of a crash depends on the timing model: see StrongAccuracy,
// StrongCompleteness and EventualAccuracy.
func (c Config) Properties() []sim.Property {
	return []sim.Property{
		{Name: "nobody is suspected before the deadline", Mode: sim.Always, Check: c.follows},
		{Name: "a heartbeat arrives", Mode: sim.Eventually, Check: c.heard},
	}
}

// follows holds if nobody is suspected up to the deadline. The wall clock, by which NFDS goes, can be set back while
// nothing happens.
func (c Config) follows(v sim.View) error {
	id := v.Touched()
	if id == sim.Nobody || c.algorithm() == NFDS {
		return nil
	}
	p, ok := v.Process(id).(*Process)
	if !ok {
		return nil
	}
	now := v.Local(id)
	for i := range p.watched {
		w := &p.watched[i]
		if deadline := w.monitor.Deadline(); w.suspected && now <= deadline {
			return fmt.Errorf("%v suspects %v at %v, before the deadline at %v", id, w.id, now, deadline)
		}
	}
	return nil
}

// heard holds once some node has had a heartbeat, or if there is nobody to have one of.
func (c Config) heard(v sim.View) error {
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*Process); ok && p.counts.Received > 0 {
			return nil
		}
	}
	if v.Nodes() < 2 {
		return nil
	}
	return fmt.Errorf("no node has received one")
}

// StrongAccuracy claims that no node that is up is suspected, from a time on: the perpetual strong accuracy of Chandra
// and Toueg 1996, section 2.2, if that is the start. Suspicions from before it, of nodes that have crashed since, and of
// nodes that have come back and not been heard of for grace, are no breach.
func StrongAccuracy(from sim.Time, grace time.Duration) sim.Property {
	return sim.Property{Name: "strong accuracy", Mode: sim.Always, Fresh: func() func(sim.View) error {
		l := &lives{}
		return func(v sim.View) error {
			l.look(v)
			if v.Now() < from {
				return nil
			}
			return l.touched(v, func(by sim.NodeID, p *Process) error {
				for _, q := range p.Suspected() {
					if l.up(v, q, grace) {
						return fmt.Errorf("%v suspects %v, which is up", by, q)
					}
				}
				return nil
			})
		}
	}}
}

// StrongCompleteness claims that every node that monitors another suspects it when it has been down for longer than
// bound, in true time (Chandra and Toueg 1996, section 2.2, with a bound that theirs has not). Nodes that have been up
// for less than that, or are paused, are excused.
func StrongCompleteness(bound time.Duration) sim.Property {
	return sim.Property{Name: "strong completeness", Mode: sim.Always, Fresh: func() func(sim.View) error {
		l := &lives{}
		return func(v sim.View) error {
			l.look(v)
			return l.touched(v, func(by sim.NodeID, p *Process) error {
				if !l.up(v, by, bound) || v.Paused(by) {
					return nil
				}
				for i := range p.watched {
					if w := &p.watched[i]; l.down(v, w.id, bound) && !w.suspected {
						return fmt.Errorf("%v has been down since %v and %v does not suspect it", w.id, l.since[w.id], by)
					}
				}
				return nil
			})
		}
	}}
}

// EventualAccuracy claims that after a time each node, in each of its lives, makes no more than so many mistakes about
// each other one: the eventual strong accuracy of Chandra and Toueg 1996, section 2.2, with numbers. Suspicions of nodes
// that have come back for no longer than grace are no mistakes.
func EventualAccuracy(from sim.Time, mistakes int, grace time.Duration) sim.Property {
	type opinion struct {
		pair
		life int
	}
	return sim.Property{Name: "eventual strong accuracy", Mode: sim.Always, Fresh: func() func(sim.View) error {
		l, made, was := &lives{}, map[opinion]int{}, map[opinion]bool{}
		return func(v sim.View) error {
			l.look(v)
			return l.touched(v, func(by sim.NodeID, p *Process) error {
				for i := range p.watched {
					w := &p.watched[i]
					k := opinion{pair{by, w.id}, v.Incarnation(by)}
					if w.suspected && !was[k] && v.Now() >= from && l.up(v, w.id, grace) {
						if made[k]++; made[k] > mistakes {
							return fmt.Errorf("%v makes mistake %d about %v after %v, want at most %d", by, made[k], w.id, from, mistakes)
						}
					}
					was[k] = w.suspected
				}
				return nil
			})
		}
	}}
}

// lives knows since when each node is up or down, as far as it has looked.
type lives struct {
	since []sim.Time
	alive []bool
	round []int // incarnations
}

// look notes what has changed.
func (l *lives) look(v sim.View) {
	if l.since == nil {
		n := v.Nodes()
		l.since, l.alive, l.round = make([]sim.Time, n), make([]bool, n), make([]int, n)
		for id := range sim.NodeID(n) {
			l.since[id], l.alive[id], l.round[id] = v.Now(), v.Up(id), v.Incarnation(id)
		}
		return
	}
	if id := v.Touched(); id != sim.Nobody {
		l.see(v, id)
		return
	}
	for id := range sim.NodeID(v.Nodes()) {
		l.see(v, id)
	}
}

func (l *lives) see(v sim.View, id sim.NodeID) {
	if up, round := v.Up(id), v.Incarnation(id); up != l.alive[id] || round != l.round[id] {
		l.since[id], l.alive[id], l.round[id] = v.Now(), up, round
	}
}

// touched calls f for the process that the last step changed, or for all after a fault.
func (l *lives) touched(v sim.View, f func(by sim.NodeID, p *Process) error) error {
	first, last := sim.NodeID(0), sim.NodeID(v.Nodes()-1)
	if id := v.Touched(); id != sim.Nobody {
		first, last = id, id
	}
	for id := first; id <= last; id++ {
		if p, ok := v.Process(id).(*Process); ok {
			if err := f(id, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// up reports whether a node has been up for longer than d, or from the start.
func (l *lives) up(v sim.View, id sim.NodeID, d time.Duration) bool {
	return l.alive[id] && (l.round[id] == 0 || v.Now().Sub(l.since[id]) > d)
}

// down reports whether a node has been down for longer than d.
func (l *lives) down(v sim.View, id sim.NodeID, d time.Duration) bool {
	return !l.alive[id] && v.Now().Sub(l.since[id]) > d
}
