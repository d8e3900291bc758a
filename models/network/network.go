package network

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// century is the longest delay of a model: longer than any run, and far from the end of sim.Time.
const century = 100 * 365 * 24 * time.Hour

// Validate reports everything that is wrong with n and the networks inside it. A network that has no Validate method,
// and a nil one, is taken to be right.
func Validate(n sim.Network) error {
	if v, ok := n.(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}

// route asks inner for the fate of p. A nil inner delivers at once.
func route(inner sim.Network, dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	if inner == nil {
		return append(dst, sim.Copy{})
	}
	return inner.Route(dst, p, r)
}

// clone copies the state of n, if it has any.
func clone(n sim.Network) sim.Network {
	if c, ok := n.(sim.NetworkCloner); ok {
		return c.CloneNetwork()
	}
	return n
}

// later returns d + by, at most a century.
func later(d, by time.Duration) time.Duration { return min(min(d, century)+min(by, century), century) }

// lost makes c a loss. It dies halfway.
func lost(c *sim.Copy) { c.Cause, c.Delay = sim.Loss, c.Delay/2 }

// problems collects what is wrong with one model.
type problems struct {
	model string
	errs  []error
}

func (p *problems) add(field string, got any, want string) {
	p.errs = append(p.errs, fmt.Errorf("network: %s.%s is %v, want %s", p.model, field, got, want))
}

func (p *problems) probability(field string, x float64) {
	if !(x >= 0 && x <= 1) {
		p.add(field, x, "a probability in [0, 1]")
	}
}

// positive wants a duration in (0, a century].
func (p *problems) positive(field string, d time.Duration) {
	if d <= 0 || d > century {
		p.add(field, d, "more than 0 and at most 100 years")
	}
}

// law wants a valid distribution, or none if optional.
func (p *problems) law(field string, d dist.Dist, optional bool) {
	if d == nil {
		if !optional {
			p.add(field, "nil", "a distribution")
		}
		return
	}
	if err := d.Validate(); err != nil {
		p.errs = append(p.errs, fmt.Errorf("network: %s.%s: %w", p.model, field, err))
	}
}

// join returns the problems, and those of the networks inside.
func (p *problems) join(inner ...sim.Network) error {
	for _, n := range inner {
		if err := Validate(n); err != nil {
			p.errs = append(p.errs, err)
		}
	}
	return errors.Join(p.errs...)
}

// link is an ordered pair of nodes.
type link struct{ from, to sim.NodeID }

// links holds a state per link, made zero when the link is first used.
type links[S any] struct {
	index  map[link]int32
	states []S
}

// at returns the state of a link, and whether this is its first use. The pointer is good until the next call.
func (l *links[S]) at(from, to sim.NodeID) (state *S, first bool) {
	key := link{from, to}
	i, ok := l.index[key]
	if !ok {
		if l.index == nil {
			l.index = make(map[link]int32)
		}
		i = int32(len(l.states))
		l.index[key] = i
		var zero S
		l.states = append(l.states, zero)
	}
	return &l.states[i], !ok
}

// clone returns a copy that shares nothing. S holds no pointers.
func (l *links[S]) clone() links[S] {
	return links[S]{index: maps.Clone(l.index), states: slices.Clone(l.states)}
}
