package renewal

import (
	"errors"
	"fmt"

	"lightcone/models/reliability"
)

// Rare says how rare outages are estimated: exactly one of Cycles and Stop is set.
type Rare struct {
	Forcing
	Seed   uint64
	Cycles int                       // so many forced cycles, and as many that are not
	Stop   *reliability.RelativeStop // until the unavailability is known that well, at Level; the least number of cycles is 1000
	Limit  int                       // of cycles with Stop; 0 is 10 million
	Level  float64                   // of Stop; 0 is .95
}

// Validate reports everything that is wrong.
func (r Rare) Validate() error {
	errs := []error{r.Forcing.Validate()}
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("renewal: Rare."+format, args...)) }
	if (r.Cycles == 0) == (r.Stop == nil) {
		wrong("Cycles is %d and Stop %v, want one of them", r.Cycles, r.Stop)
	}
	if r.Cycles < 0 {
		wrong("Cycles is %d, want at least 1", r.Cycles)
	}
	if r.Stop != nil {
		if err := r.Stop.Validate(); err != nil {
			wrong("Stop: %w", err)
		}
	}
	if r.Limit < 0 {
		wrong("Limit is %d, want at least 1, or 0 for the default", r.Limit)
	}
	if !(r.Level >= 0 && r.Level < 1) {
		wrong("Level is %v, want between 0 and 1, or 0 for .95", r.Level)
	}
	return errors.Join(errs...)
}

// Rarely is what forced cycles found. Its Err says whether the weights are fit for intervals.
type Rarely struct {
	Down    reliability.Weighted // time down, a cycle
	Outages reliability.Weighted // a cycle
	Length  reliability.Tally    // of cycles that were not forced
}

// Unavailability returns the share of time down, or a *reliability.Refusal.
func (r *Rarely) Unavailability(level float64) (reliability.Estimate, error) {
	return r.Down.Share(&r.Length, level)
}

// Frequency returns the outages per unit of time.
func (r *Rarely) Frequency(level float64) (reliability.Estimate, error) {
	return r.Outages.Per(&r.Length, level)
}

// Add counts a cycle.
func (r *Rarely) Add(c Cycle) {
	r.Down.Add(c.LogWeight, c.Down)
	r.Outages.Add(c.LogWeight, float64(c.Outages))
	r.Length.Add(c.Plain)
}

// Rare simulates forced cycles. The same seed gives the same cycles.
func (s System) Rare(r Rare) (*Rarely, error) {
	if err := errors.Join(s.Validate(), r.Validate()); err != nil {
		return nil, err
	}
	cycles, err := s.Forced(r.Forcing, r.Seed)
	if err != nil {
		return nil, err
	}
	found := &Rarely{}
	for c := range cycles {
		found.Add(c)
		if r.done(found) {
			return found, nil
		}
	}
	return nil, fmt.Errorf("%w: after %d cycles one had no end", ErrNoOutages, found.Length.N())
}

func (r Rare) done(found *Rarely) bool {
	n := found.Length.N()
	if r.Cycles > 0 {
		return n == r.Cycles
	}
	limit, level, stop := r.Limit, r.Level, *r.Stop
	if limit == 0 {
		limit = 10_000_000
	}
	if level == 0 {
		level = .95
	}
	if stop.MinCycles == 0 {
		stop.MinCycles = 1000
	}
	if n >= limit {
		return true
	}
	if n < stop.MinCycles || n%100 != 0 {
		return false
	}
	e, err := found.Unavailability(level)
	return err == nil && stop.Done(e)
}
