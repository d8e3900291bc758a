package reliability

import (
	"errors"
	"fmt"
)

// Covered is a repairable system in which a failure of a part is not always survived: an Uncovered one, not detected or
// handled wrong, brings the whole system down although enough parts are left, until it has been restarted.
type Covered struct {
	Repairable Repairable // what it is if all failures are covered
	Uncovered  float64    // the probability that a failure is one
	Restart    float64    // mean time to restart the system after it, in hours; only the steady state depends on it
}

// Validate reports everything that is wrong with it.
func (s Covered) Validate() error {
	errs := []error{s.Repairable.Validate()}
	if !(s.Uncovered >= 0 && s.Uncovered <= 1) {
		errs = append(errs, fmt.Errorf("reliability: Covered.Uncovered is %v, want 0 to 1", s.Uncovered))
	}
	if !isTime(s.Restart) {
		errs = append(errs, fmt.Errorf("reliability: Covered.Restart is %v, want %s", s.Restart, wantHours))
	}
	return errors.Join(errs...)
}

// Chain returns the chain. State j is j parts down; state Parts+1+j is that and the system being restarted.
func (s Covered) Chain() (*Chain, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	r := s.Repairable
	c, fallen := NewChain(r.Parts+1+r.spare()+1), r.Parts+1
	for j := range r.Parts + 1 {
		c.Name(j, fmt.Sprintf("%d down", j))
	}
	for j := range r.Parts {
		if j >= r.spare() {
			c.Rate(j, j+1, r.failing(j))
		} else {
			c.Rate(j, j+1, float64((1-s.Uncovered)*r.failing(j)))
			c.Rate(j, fallen+j+1, float64(s.Uncovered*r.failing(j)))
		}
		c.Rate(j+1, j, r.mending(j+1))
	}
	for j := range r.spare() + 1 {
		c.Name(fallen+j, fmt.Sprintf("%d down, restarting", j))
		c.Rate(fallen+j, j, 1/s.Restart)
		if j < r.spare() {
			c.Rate(fallen+j, fallen+j+1, r.failing(j))
		} else {
			c.Rate(fallen+j, j+1, r.failing(j))
		}
		if j > 0 {
			c.Rate(fallen+j, fallen+j-1, r.mending(j))
		}
	}
	return c, nil
}

// Works reports whether the system works in a state of Chain.
func (s Covered) Works(state int) bool { return state <= s.Repairable.spare() }

// Evaluate returns the figures of the system in the long run.
func (s Covered) Evaluate() (Result, error) {
	c, err := s.Chain()
	if err != nil {
		return Result{}, err
	}
	return c.Evaluate(s.Works)
}

// FirstFailure returns the mean time to the first failure of the system, from all parts up.
func (s Covered) FirstFailure() (float64, error) { return firstFailure(s.Chain, s.Works) }

// Standby is one part in use and others that wait, and fail only in use (cold standby) or more slowly than in use (warm).
// When the part in use fails the next takes over, unless the switch misses: then the system is down until it has been
// switched by hand.
type Standby struct {
	Spares  int
	MTTF    float64 // of the part in use
	Dormant float64 // the rate of failing of a spare, as a share of that in use; 0: cold
	Missed  float64 // the probability that the switch misses
	Manual  float64 // mean time to switch by hand, in hours; only needed if Missed is not 0
	MTTR    float64 // mean time to repair; 0: no repair
	Crews   int     // how many parts can be repaired at a time; 0: all of them
}

// Validate reports everything that is wrong with it.
func (s Standby) Validate() error {
	var errs []error
	wrong := func(field string, got any, want string) {
		errs = append(errs, fmt.Errorf("reliability: Standby.%s is %v, want %s", field, got, want))
	}
	if s.Spares < 0 || s.Spares >= maxParts {
		wrong("Spares", s.Spares, fmt.Sprintf("0 to %d", maxParts-1))
	}
	if !isTime(s.MTTF) {
		wrong("MTTF", s.MTTF, wantHours)
	}
	if !(s.Dormant >= 0 && s.Dormant <= 1) {
		wrong("Dormant", s.Dormant, "0 to 1")
	}
	if !(s.Missed >= 0 && s.Missed <= 1) {
		wrong("Missed", s.Missed, "0 to 1")
	}
	if s.Missed > 0 && !isTime(s.Manual) {
		wrong("Manual", s.Manual, wantHours)
	}
	if s.MTTR != 0 && !isTime(s.MTTR) {
		wrong("MTTR", s.MTTR, wantHours+", or 0 for no repair")
	}
	if s.Crews < 0 {
		wrong("Crews", s.Crews, "at least 1, or 0 for one for each part")
	}
	return errors.Join(errs...)
}

// Chain returns the chain. State j is j parts down and another in use, but for the last, all parts down; state
// Spares+1+j, from j = 1 on, is j parts down and the switch missed, if it can.
func (s Standby) Chain() (*Chain, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	parts, missed := s.Spares+1, s.Spares+1
	states := parts + 1
	if s.Missed > 0 {
		states = 2 * parts
	}
	c := NewChain(states)
	for j := range parts + 1 {
		c.Name(j, fmt.Sprintf("%d down", j))
		if j > 0 && s.MTTR > 0 {
			c.Rate(j, j-1, s.mending(j))
		}
	}
	for j := range parts {
		asleep := float64(parts-1-j) * s.Dormant / s.MTTF
		if j+1 == parts {
			c.Rate(j, parts, 1/s.MTTF)
		} else {
			c.Rate(j, j+1, (1-s.Missed)/s.MTTF+asleep)
			if s.Missed > 0 {
				c.Rate(j, missed+j+1, s.Missed/s.MTTF)
			}
		}
		if s.Missed == 0 || j == 0 {
			continue
		}
		c.Name(missed+j, fmt.Sprintf("%d down, switch missed", j))
		c.Rate(missed+j, j, 1/s.Manual)
		waiting := float64(parts-j) * s.Dormant / s.MTTF
		if j+1 == parts {
			c.Rate(missed+j, parts, waiting)
		} else {
			c.Rate(missed+j, missed+j+1, waiting)
		}
	}
	return c, nil
}

func (s Standby) mending(down int) float64 {
	if s.Crews > 0 {
		down = min(s.Crews, down)
	}
	return float64(down) / s.MTTR
}

// Works reports whether the system works in a state of Chain.
func (s Standby) Works(state int) bool { return state <= s.Spares }

// FirstFailure returns the mean time to the first failure of the system, from all parts up.
func (s Standby) FirstFailure() (float64, error) { return firstFailure(s.Chain, s.Works) }

// Evaluate returns the figures of the system in the long run: with repair.
func (s Standby) Evaluate() (Result, error) {
	c, err := s.Chain()
	if err != nil {
		return Result{}, err
	}
	return c.Evaluate(s.Works)
}

// firstFailure returns the mean time from state 0 of a chain to a state in which the system does not work.
func firstFailure(chain func() (*Chain, error), works func(state int) bool) (float64, error) {
	c, err := chain()
	if err != nil {
		return 0, err
	}
	a, err := c.Absorption(c.At(0), func(s int) bool { return !works(s) })
	return a.Mean, err
}
