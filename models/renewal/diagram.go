package renewal

import (
	"errors"
	"fmt"

	"lightcone/models/dist"
	"lightcone/models/reliability"
)

// Of returns the system that a diagram describes, in hours: with exponential times to failure and to repair, a crew for
// each part, and the diagram's parts in their order, so that what Evaluate computes can be simulated. A part of which
// only the probability of being down is known is repaired within an hour on average: the unavailability does not depend
// on it, all else does. Laws, crews and shocks of the result can be changed.
func Of(d *reliability.Diagram) (System, error) {
	if err := d.Validate(); err != nil {
		return System{}, err
	}
	s := System{Works: d.Works}
	var errs []error
	for _, p := range d.Parts() {
		part, err := partOf(p)
		if err != nil {
			errs = append(errs, err)
		}
		s.Parts = append(s.Parts, part)
	}
	if err := errors.Join(errs...); err != nil {
		return System{}, err
	}
	return s, s.Validate()
}

func partOf(p reliability.Part) (Part, error) {
	part := Part{Name: p.Name, Down: dist.Exponential{Mean: 1}}
	switch {
	case p.MTTF > 0 && p.MTTR > 0:
		part.Up, part.Down = dist.Exponential{Mean: p.MTTF}, dist.Exponential{Mean: p.MTTR}
	case p.MTTF > 0:
		return part, fmt.Errorf("renewal: part %q: MTTR is 0, want hours, more than 0", p.Name)
	case p.Q == 1:
		return part, fmt.Errorf("renewal: part %q is always down, want one that can be repaired", p.Name)
	case p.Q > 0:
		part.Up = dist.Exponential{Mean: (1 - p.Q) / p.Q}
	}
	return part, nil
}
