package reliability

import (
	"errors"
	"fmt"
	"math"
)

// Repairable is a system of equal parts that works while at least Need of them do. Parts fail and are repaired
// independently, at constant rates; those that are up go on failing while the system is down. Times are in hours, or in
// any one unit. Its methods want a Repairable that Validate accepts, and panic on another.
//
// All is found without subtraction, and is accurate relative to itself.
type Repairable struct {
	Parts int
	Need  int
	MTTF  float64 // of a part, mean time to failure
	MTTR  float64 // of a part, mean time to repair, once a crew is at it
	Crews int     // how many parts can be repaired at a time; 0: all of them
}

const maxParts = 1 << 16

// Validate reports everything that is wrong with the system.
func (r Repairable) Validate() error {
	var errs []error
	wrong := func(field string, got any, want string) {
		errs = append(errs, fmt.Errorf("reliability: Repairable.%s is %v, want %s", field, got, want))
	}
	if r.Parts < 1 || r.Parts > maxParts {
		wrong("Parts", r.Parts, fmt.Sprintf("1 to %d", maxParts))
	} else if r.Need < 1 || r.Need > r.Parts {
		wrong("Need", r.Need, fmt.Sprintf("1 to %d", r.Parts))
	}
	if !isTime(r.MTTF) {
		wrong("MTTF", r.MTTF, wantHours)
	}
	if !isTime(r.MTTR) {
		wrong("MTTR", r.MTTR, wantHours)
	}
	if r.Crews < 0 {
		wrong("Crews", r.Crews, "at least 1, or 0 for one for each part")
	}
	return errors.Join(errs...)
}

const wantHours = "a finite number of hours, more than 0"

func isTime(x float64) bool { return x > 0 && x <= math.MaxFloat64/4 }

func (r Repairable) must() {
	if err := r.Validate(); err != nil {
		panic(err)
	}
}

// spare is how many parts may be down while the system works.
func (r Repairable) spare() int { return r.Parts - r.Need }

// failing is the rate at which another part fails when some are down.
func (r Repairable) failing(down int) float64 { return float64(r.Parts-down) / r.MTTF }

// mending is the rate at which a part is repaired when some are down.
func (r Repairable) mending(down int) float64 { return float64(r.crews(down)) / r.MTTR }

func (r Repairable) crews(down int) int {
	if r.Crews > 0 {
		return min(r.Crews, down)
	}
	return down
}

// Distribution returns the probability that 0, 1, ..., Parts of the parts are down.
func (r Repairable) Distribution() []float64 {
	r.must()
	w, sum := make([]float64, r.Parts+1), 1.
	w[0] = 1
	for j := range r.Parts {
		w[j+1] = float64(w[j] * (r.failing(j) / r.mending(j+1)))
		sum += w[j+1]
		if sum > 1e100 {
			for i := range j + 2 {
				w[i] /= sum
			}
			sum = 1
		}
	}
	for j := range w {
		w[j] /= sum
	}
	return w
}

// Unavailability returns the share of time that the system is down in the long run.
func (r Repairable) Unavailability() float64 {
	p, sum := r.Distribution(), 0.
	for j := r.Parts; j > r.spare(); j-- {
		sum += p[j]
	}
	return sum
}

// Availability returns the share of time that it is up.
func (r Repairable) Availability() float64 {
	p, sum := r.Distribution(), 0.
	for j := r.spare(); j >= 0; j-- {
		sum += p[j]
	}
	return sum
}

// Frequency returns how often per hour the system fails in the long run.
func (r Repairable) Frequency() float64 {
	return float64(r.Distribution()[r.spare()] * r.failing(r.spare()))
}

// MUT returns the mean up time: from a repair of the system to its next failure. It begins with as many parts down as
// can be; FirstFailure begins with none.
func (r Repairable) MUT() float64 {
	p, sum := r.Distribution(), 0.
	for j := r.spare(); j >= 0; j-- {
		sum += p[j] / p[r.spare()]
	}
	return sum / r.failing(r.spare())
}

// MDT returns the mean down time: from a failure of the system to its repair.
func (r Repairable) MDT() float64 {
	sum, at := 1., 1.
	for j := r.spare() + 1; j < r.Parts; j++ {
		at = float64(at * (r.failing(j) / r.mending(j+1)))
		sum += at
	}
	return sum / r.mending(r.spare()+1)
}

// FirstFailure returns the mean time to the first failure of the system, from all parts up.
func (r Repairable) FirstFailure() float64 {
	r.must()
	sum, step := 0., 0. // step: the time from j parts down to the first time that j + 1 are
	for j := 0; j <= r.spare(); j++ {
		back := 0.
		if j > 0 {
			back = float64(r.mending(j) * step)
		}
		step = (1 + back) / r.failing(j)
		sum += step
	}
	return sum
}

// FirstFailureWithoutRepair returns the mean time to the failure of the system if parts are not repaired.
func (r Repairable) FirstFailureWithoutRepair() float64 {
	r.must()
	sum := 0.
	for j := r.spare(); j >= 0; j-- {
		sum += 1 / r.failing(j)
	}
	return sum
}

// Evaluate returns the figures of the system in the long run.
func (r Repairable) Evaluate() (Result, error) {
	if err := r.Validate(); err != nil {
		return Result{}, err
	}
	return Result{Availability: r.Availability(), Unavailability: r.Unavailability(), Frequency: r.Frequency(), MUT: r.MUT(), MDT: r.MDT()}, nil
}

// Chain returns the system as a chain: state j is j parts down.
func (r Repairable) Chain() (*Chain, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	c := NewChain(r.Parts + 1)
	for j := range r.Parts {
		c.Rate(j, j+1, r.failing(j))
		c.Rate(j+1, j, r.mending(j+1))
		c.Name(j, fmt.Sprintf("%d down", j))
	}
	c.Name(r.Parts, fmt.Sprintf("%d down", r.Parts))
	return c, nil
}
