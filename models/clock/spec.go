package clock

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Spec describes the clocks of a set of nodes by laws, from which each node draws its own. The zero Spec is a perfect
// clock.
type Spec struct {
	Offset dist.Dist // initial offset from true time, in ns; nil: 0
	Drift  dist.Dist // initial drift in ppm; nil: 0
	Walk   *Walk     // how the drift wanders; nil: it stays
	Steps  []Step    // when the wall clock steps, in order of time
}

// Validate reports all that is wrong with the spec.
func (s Spec) Validate() error {
	errs := []error{validSteps("Spec.Steps", s.Steps)}
	if s.Offset != nil {
		errs = append(errs, validDist("Spec.Offset", s.Offset))
	}
	if s.Drift != nil {
		errs = append(errs, validDist("Spec.Drift", s.Drift))
	}
	if s.Walk != nil {
		errs = append(errs, s.Walk.validate("Spec.Walk"))
	}
	return errors.Join(errs...)
}

// Clock draws the clock of a node: it fits sim.Config.Clock. The spec must be valid. Offset, drift and walk have
// streams of their own, so that changing the law of one leaves the others as they were.
func (s Spec) Clock(_ sim.NodeID, r *sim.Rand) sim.Clock {
	offset, drift, walk := sim.NewRand(r.Uint64()), sim.NewRand(r.Uint64()), sim.NewRand(r.Uint64())
	c := s.monotonic(drawOffset(s.Offset, &offset), drawDrift(s.Drift, &drift), walk)
	if len(s.Steps) > 0 {
		return stepped(c, s.Steps)
	}
	return c
}

func (s Spec) monotonic(offset time.Duration, drift PPB, r sim.Rand) sim.Clock {
	switch {
	case s.Walk != nil:
		return newWalk(offset, drift, *s.Walk, r)
	case drift != 0:
		return Drift{Offset: offset, By: drift}
	case offset != 0:
		return Offset(offset)
	}
	return Perfect{}
}

// maxOffset is the largest offset that a Spec draws, either way: 146 years, half of what Local holds.
const maxOffset = 1 << 62

func drawOffset(d dist.Dist, r *sim.Rand) time.Duration {
	if d == nil {
		return 0
	}
	return time.Duration(max(-maxOffset, min(math.Round(d.Sample(r)), maxOffset)))
}

func drawDrift(d dist.Dist, r *sim.Rand) PPB {
	if d == nil {
		return 0
	}
	return FromPPM(d.Sample(r))
}

func validDist(what string, d dist.Dist) error {
	if d == nil {
		return fmt.Errorf("clock: %s is nil, want a distribution", what)
	}
	if err := d.Validate(); err != nil {
		return fmt.Errorf("clock: %s: %w", what, err)
	}
	return nil
}
