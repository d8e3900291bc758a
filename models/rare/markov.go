package rare

import (
	"errors"
	"fmt"
	"iter"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Markov draws cycles of nodes that crash and are repaired alike, independently, with exponential times. With Force, the
// next thing to happen while some are down, and enough are up, is a failure with that probability, however unlikely
// failures are: failure biasing (Lewis and Böhm, Nuclear Engineering and Design 77, 1984). The sequence of failures and
// repairs alone is forced, the times between are the true ones, so the weight is a product of one ratio for each step.
type Markov struct {
	Nodes      int
	Need       int           // forcing ends, within a cycle, when fewer than this are up
	MTTF, MTTR time.Duration // means
	Force      float64       // in (0, 1); 0: not forced
}

// Validate reports all that is wrong with it.
func (m Markov) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("rare: Markov."+format, args...)) }
	if m.Nodes < 1 {
		bad("Nodes is %d, want at least 1", m.Nodes)
	}
	if m.Need < 1 || m.Need > m.Nodes {
		bad("Need is %d, want 1 to Nodes, which is %d", m.Need, m.Nodes)
	}
	if m.MTTF <= 0 || m.MTTR <= 0 {
		bad("MTTF and MTTR are %v and %v, want more than 0", m.MTTF, m.MTTR)
	}
	if m.Force < 0 || m.Force >= 1 {
		bad("Force is %v, want 0 to less than 1", m.Force)
	}
	return errors.Join(errs...)
}

// MeanLength returns the mean time from one first failure to the next, in hours: 1/(n lambda) over the probability that
// all are up.
func (m Markov) MeanLength() float64 {
	up := 1.0
	for range m.Nodes {
		up = float64(up * (m.MTTF.Hours() / (m.MTTF.Hours() + m.MTTR.Hours())))
	}
	return m.MTTF.Hours() / float64(m.Nodes) / up
}

const forMarkov = 0x6d61726b // the purpose of the draws: "mark"

// Cycles returns an endless sequence of cycles, always the same for a seed.
func (m Markov) Cycles(seed uint64) (iter.Seq[Cycle], error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	length := m.MeanLength()
	return func(yield func(Cycle) bool) {
		r := sim.NewRand(seed, sim.ForStudy, forMarkov)
		for {
			c := m.draw(&r)
			c.Plain = length
			if !yield(c) {
				return
			}
		}
	}, nil
}

// draw draws one cycle.
func (m Markov) draw(r *sim.Rand) Cycle {
	up := make([]sim.NodeID, m.Nodes)
	for i := range up {
		up[i] = sim.NodeID(i)
	}
	var down []sim.NodeID
	var c Cycle
	at, forced := 0.0, m.Force > 0
	step := func(from, to *[]sim.NodeID) sim.NodeID {
		i := r.IntN(len(*from))
		id := (*from)[i]
		*from = append((*from)[:i], (*from)[i+1:]...)
		*to = append(*to, id)
		return id
	}
	fail := func() { c.Plan = append(c.Plan, sim.At{Time: sim.Time(at), Action: sim.Crash{Node: step(&up, &down)}}) }
	for fail(); len(down) > 0; {
		forced = forced && len(up) >= m.Need
		failures, repairs := float64(len(up))/float64(m.MTTF), float64(len(down))/float64(m.MTTR)
		at += dist.Exponential{Mean: 1 / (failures + repairs)}.Sample(r)
		p := failures / (failures + repairs)
		q := p
		if forced && len(up) > 0 {
			q = m.Force
		}
		if r.Bool(q) {
			c.LogWeight += dist.Log(p / q)
			fail()
		} else {
			c.LogWeight += dist.Log((1 - p) / (1 - q))
			c.Plan = append(c.Plan, sim.At{Time: sim.Time(at), Action: sim.Recover{Node: step(&down, &up)}})
		}
	}
	return c
}
