package workload

import (
	"errors"
	"fmt"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Keys is the law by which keys are chosen: numbers from 0, the most popular first.
type Keys interface {
	// Draw draws the number of a key.
	Draw(r *sim.Rand) int64
	// Share returns the probability of the key with this number.
	Share(i int64) float64
	// Validate reports everything that is wrong with the law.
	Validate() error
}

// Uniform has N keys that are equally popular.
type Uniform struct{ N int64 }

// Draw draws the number of a key.
func (u Uniform) Draw(r *sim.Rand) int64 { return int64(r.Uint64N(uint64(u.N))) }

// Share returns the probability of a key.
func (u Uniform) Share(i int64) float64 {
	if i < 0 || i >= u.N {
		return 0
	}
	return 1 / float64(u.N)
}

// Validate reports a number of keys that is none.
func (u Uniform) Validate() error { return validCount("Uniform.N", u.N) }

// Zipf is keys by Zipf's law: the popularity of the i-th, from 0, is proportional to (i+1)^-S. Make one with NewZipf.
type Zipf struct{ ranks dist.Zipf }

// NewZipf returns Zipf's law over n keys with exponent s; 0.99 is the one of YCSB.
func NewZipf(n int64, s float64) (Zipf, error) {
	ranks, err := dist.NewZipf(n, s)
	if err != nil {
		return Zipf{}, fmt.Errorf("workload: %w", err)
	}
	return Zipf{ranks}, nil
}

// Draw draws the number of a key.
func (z Zipf) Draw(r *sim.Rand) int64 { return int64(z.ranks.Sample(r)) - 1 }

// Share returns the probability of a key.
func (z Zipf) Share(i int64) float64 { return z.ranks.CDF(float64(i+1)) - z.ranks.CDF(float64(i)) }

// Validate reports a Zipf that NewZipf did not make.
func (z Zipf) Validate() error {
	if err := z.ranks.Validate(); err != nil {
		return fmt.Errorf("workload: %w", err)
	}
	return nil
}

// HotSet has N keys, of which the first Hot get a share of all operations between them. Within each of the two groups
// keys are equally popular.
type HotSet struct {
	N, Hot int64
	Load   float64 // the share of the operations that goes to the hot keys
}

// Draw draws the number of a key.
func (h HotSet) Draw(r *sim.Rand) int64 {
	if r.Bool(h.Load) {
		return int64(r.Uint64N(uint64(h.Hot)))
	}
	return h.Hot + int64(r.Uint64N(uint64(h.N-h.Hot)))
}

// Share returns the probability of a key.
func (h HotSet) Share(i int64) float64 {
	switch {
	case i < 0 || i >= h.N:
		return 0
	case i < h.Hot:
		return h.Load / float64(h.Hot)
	}
	return (1 - h.Load) / float64(h.N-h.Hot)
}

// Validate reports everything that is wrong with the law.
func (h HotSet) Validate() error {
	errs := []error{validCount("HotSet.N", h.N)}
	if h.Hot < 1 || h.Hot >= h.N {
		errs = append(errs, fmt.Errorf("workload: HotSet.Hot is %d, want 1 or more, and fewer than N (%d)", h.Hot, h.N))
	}
	if !(h.Load >= 0 && h.Load <= 1) {
		errs = append(errs, fmt.Errorf("workload: HotSet.Load is %v, want a share in [0, 1]", h.Load))
	}
	return errors.Join(errs...)
}

const mostKeys = 1e12

func validCount(place string, n int64) error {
	if n >= 1 && n <= mostKeys {
		return nil
	}
	return fmt.Errorf("workload: %s is %d, want 1 to %d", place, n, int64(mostKeys))
}
