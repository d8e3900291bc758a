package fault

import (
	"errors"
	"maps"
	"slices"

	"lightcone/sim"
)

// Chain is several liars, one after the other: each rewrites what the one before it says. Delays add up.
type Chain []sim.Liar

// Tell passes the message on from liar to liar.
func (c Chain) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	said := []sim.Told{{Message: p.Message}}
	for _, l := range c {
		var next []sim.Told
		for _, s := range said {
			q := *p
			q.Message = s.Message
			first := len(next)
			next = l.Tell(next, &q, r)
			for i := first; i < len(next); i++ {
				next[i].After += s.After
			}
		}
		said = next
	}
	return append(dst, said...)
}

// AnyOf is several liars, one of which is drawn for each message, uniformly: as often as it is listed.
type AnyOf []sim.Liar

// Tell has one of the liars speak.
func (a AnyOf) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	chosen := r.IntN(len(a))
	for i, l := range a {
		if w, ok := l.(witness); ok && i != chosen {
			w.hear(p)
		}
	}
	return a[chosen].Tell(dst, p, r)
}

// witness is a liar that wants to know what passes while others speak.
type witness interface{ hear(p *sim.Packet) }

// CloneLiar clones the liars.
func (c Chain) CloneLiar() sim.Liar { return Chain(cloneLiars(c)) }

// CloneLiar clones the liars.
func (a AnyOf) CloneLiar() sim.Liar { return AnyOf(cloneLiars(a)) }

func cloneLiars(list []sim.Liar) []sim.Liar {
	list = slices.Clone(list)
	for i, l := range list {
		if c, ok := l.(sim.LiarCloner); ok {
			list[i] = c.CloneLiar()
		}
	}
	return list
}

// Validate reports what is wrong with the liars.
func (c Chain) Validate() error { return validateLiars(c) }

// Validate reports what is wrong with the liars, and that there are none.
func (a AnyOf) Validate() error {
	if len(a) == 0 {
		return errors.New("fault: AnyOf has no liars, want at least 1")
	}
	return validateLiars(a)
}

func validateLiars(list []sim.Liar) error {
	var errs []error
	for _, l := range list {
		errs = append(errs, ValidateLiar(l))
	}
	return errors.Join(errs...)
}

// Replaying repeats itself: with probability P it says, instead of a message, one that its node has sent to the same
// recipient before, drawn from the last Keep of them. It remembers what passes while it is in force.
type Replaying struct {
	P    float64 // in [0, 1]
	Keep int     // 0: 64
}

// Tell is never called: a world runs a Replaying through its clone, which remembers.
func (l Replaying) Tell([]sim.Told, *sim.Packet, *sim.Rand) []sim.Told {
	panic("fault: Replaying used outside a world")
}

// CloneLiar returns the liar, with nothing to remember.
func (l Replaying) CloneLiar() sim.Liar {
	if l.Keep == 0 {
		l.Keep = 64
	}
	return &replayer{Replaying: l, sent: map[link][]sim.Message{}}
}

// Validate reports what is out of range.
func (l Replaying) Validate() error {
	err := probability("Replaying", l.P)
	if l.Keep < 0 {
		err = errors.Join(err, errors.New("fault: Replaying.Keep is negative, want 1 or more, or 0 for 64"))
	}
	return err
}

// replayer is a Replaying under way.
type replayer struct {
	Replaying
	sent map[link][]sim.Message // the latest last
}

// link is an ordered pair of nodes.
type link struct{ from, to sim.NodeID }

// Tell repeats something, if there is anything to repeat.
func (l *replayer) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	before := l.sent[link{p.From, p.To}]
	replay := r.Bool(l.P)
	l.hear(p)
	if replay && len(before) > 0 {
		return append(dst, sim.Told{Message: before[r.IntN(len(before))]})
	}
	return truth(dst, p)
}

// hear remembers what the node wanted to say.
func (l *replayer) hear(p *sim.Packet) {
	kept := l.sent[link{p.From, p.To}]
	if len(kept) == l.Keep {
		kept = kept[1:]
	}
	l.sent[link{p.From, p.To}] = append(slices.Clone(kept), p.Message)
}

// CloneLiar returns an independent copy, with all that it remembers.
func (l *replayer) CloneLiar() sim.Liar {
	return &replayer{Replaying: l.Replaying, sent: maps.Clone(l.sent)} // hear never changes a list
}
