package workload

import (
	"errors"
	"fmt"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Arrivals is a stationary point process on the time line that needs no memory: the gaps between its points are
// independent (a renewal process).
type Arrivals interface {
	// First draws the time from the start to the first arrival, of a process that has been going on for ever.
	First(r *sim.Rand) time.Duration
	// Gap draws the time from an arrival to the next.
	Gap(r *sim.Rand) time.Duration
	// Rate returns the mean number of arrivals in a second.
	Rate() float64
	// Validate reports everything that is wrong.
	Validate() error
}

// Poisson are independent arrivals, so many in a second on average: what a large population makes.
type Poisson float64

// Constant are arrivals at equal distances, so many in a second, beginning anywhere within the first.
type Constant float64

// Bursts are the arrivals of an interrupted Poisson process (Kuczura, 1973), a Markov-modulated Poisson process with two
// states: while it is on, they come as in Poisson, while it is off, not at all. Both last exponential times.
type Bursts struct {
	Peak    float64       // the rate in a burst, in arrivals a second
	On, Off time.Duration // the mean length of a burst, and of the quiet between two
}

const (
	second  = float64(time.Second)
	slowest = 1e-9 // arrivals a second: one in 30 years
	fastest = 1e9
	longest = 24 * time.Hour
	rarest  = 0.001 // arrivals in a burst, on average
)

// First draws the time to the first arrival, which is like any other gap.
func (p Poisson) First(r *sim.Rand) time.Duration { return p.Gap(r) }

// Gap draws the time to the next arrival.
func (p Poisson) Gap(r *sim.Rand) time.Duration {
	return dist.Duration(dist.Exponential{Mean: second / float64(p)}, r)
}

// Rate returns the mean number of arrivals in a second.
func (p Poisson) Rate() float64 { return float64(p) }

// Validate reports a rate that is none.
func (p Poisson) Validate() error { return validRate("Poisson", float64(p)) }

// First draws the time to the first arrival.
func (c Constant) First(r *sim.Rand) time.Duration { return r.Duration(0, max(c.Gap(r)-1, 0)) }

// Gap returns the time to the next arrival.
func (c Constant) Gap(*sim.Rand) time.Duration { return time.Duration(second/float64(c) + 0.5) }

// Rate returns the number of arrivals in a second.
func (c Constant) Rate() float64 { return float64(c) }

// Validate reports a rate that is none.
func (c Constant) Validate() error { return validRate("Constant", float64(c)) }

// First draws the time to the first arrival: now is within a burst with the probability that any moment is.
func (b Bursts) First(r *sim.Rand) time.Duration {
	if r.Bool(float64(b.On) / (float64(b.On) + float64(b.Off))) {
		return b.Gap(r)
	}
	return exponential(b.Off, r) + b.Gap(r)
}

// Gap draws the time to the next arrival: each arrival is within a burst, which lasts on as if it had just begun.
func (b Bursts) Gap(r *sim.Rand) time.Duration {
	var gap time.Duration
	for {
		arrival, over := Poisson(b.Peak).Gap(r), exponential(b.On, r)
		if arrival <= over {
			return gap + arrival
		}
		gap += over + exponential(b.Off, r)
	}
}

func exponential(mean time.Duration, r *sim.Rand) time.Duration {
	return dist.Duration(dist.Exponential{Mean: float64(mean)}, r)
}

// Rate returns the mean number of arrivals in a second.
func (b Bursts) Rate() float64 {
	return float64(b.Peak * (float64(b.On) / (float64(b.On) + float64(b.Off))))
}

// Validate reports everything that is wrong with the bursts.
func (b Bursts) Validate() error {
	errs := []error{validRate("Bursts.Peak", b.Peak)}
	if b.On <= 0 || b.On > longest {
		errs = append(errs, fmt.Errorf("workload: Bursts.On is %v, want more than 0, at most %v", b.On, longest))
	}
	if b.Off <= 0 || b.Off > longest {
		errs = append(errs, fmt.Errorf("workload: Bursts.Off is %v, want more than 0, at most %v", b.Off, longest))
	}
	if b.Peak > 0 && b.On > 0 && float64(b.Peak*float64(b.On)) < rarest*second {
		errs = append(errs, fmt.Errorf("workload: Bursts.Peak is %v a second and On is %v, want %v arrivals in a burst or more", b.Peak, b.On, rarest))
	}
	return errors.Join(errs...)
}

func validRate(place string, rate float64) error {
	if rate >= slowest && rate <= fastest {
		return nil
	}
	return fmt.Errorf("workload: %s is %v a second, want %v to %v", place, rate, slowest, fastest)
}
