package kv

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Retrier says how long to wait before asking again. It is a value without mutable state.
type Retrier interface {
	// Next returns the wait before attempt (from 2), given the one before it (0 at attempt 2); ok false gives up.
	Next(attempt int, last time.Duration, r *sim.Rand) (wait time.Duration, ok bool)
}

// The policies of M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015, as his simulator has them
// (github.com/aws-samples/aws-arch-backoff-simulator): the n-th failure is followed by a wait made of Base*2^n, n from 1,
// at most Cap. Attempts bounds the number of attempts, the first included; 0 does not.
type (
	// Fixed waits the same time before every attempt; 0 is no back-off at all.
	Fixed struct {
		Wait     time.Duration
		Attempts int
	}
	// Exponential waits min(Cap, Base*2^n).
	Exponential struct {
		Base, Cap time.Duration
		Attempts  int
	}
	// FullJitter waits between 0 and min(Cap, Base*2^n).
	FullJitter struct {
		Base, Cap time.Duration
		Attempts  int
	}
	// EqualJitter waits between half of min(Cap, Base*2^n) and all of it.
	EqualJitter struct {
		Base, Cap time.Duration
		Attempts  int
	}
	// DecorrelatedJitter waits between Base and three times the last wait, which is Base at first, at most Cap.
	DecorrelatedJitter struct {
		Base, Cap time.Duration
		Attempts  int
	}
)

// Next returns the wait before an attempt.
func (f Fixed) Next(attempt int, _ time.Duration, _ *sim.Rand) (time.Duration, bool) {
	return f.Wait, within(attempt, f.Attempts)
}

// Next returns the wait before an attempt.
func (e Exponential) Next(attempt int, _ time.Duration, _ *sim.Rand) (time.Duration, bool) {
	return grown(e.Base, e.Cap, attempt), within(attempt, e.Attempts)
}

// Next draws the wait before an attempt.
func (j FullJitter) Next(attempt int, _ time.Duration, r *sim.Rand) (time.Duration, bool) {
	return r.Duration(0, grown(j.Base, j.Cap, attempt)), within(attempt, j.Attempts)
}

// Next draws the wait before an attempt.
func (j EqualJitter) Next(attempt int, _ time.Duration, r *sim.Rand) (time.Duration, bool) {
	v := grown(j.Base, j.Cap, attempt)
	return v/2 + r.Duration(0, v/2), within(attempt, j.Attempts)
}

// Next draws the wait before an attempt.
func (j DecorrelatedJitter) Next(attempt int, last time.Duration, r *sim.Rand) (time.Duration, bool) {
	if last == 0 {
		last = j.Base
	}
	return min(j.Cap, r.Duration(j.Base, max(j.Base, 3*last))), within(attempt, j.Attempts)
}

func within(attempt, attempts int) bool { return attempts == 0 || attempt <= attempts }

// grown returns min(limit, base*2^n) where n failures come before attempt n+1.
func grown(base, limit time.Duration, attempt int) time.Duration {
	n := attempt - 1
	if base == 0 || n < 63 && base <= limit>>n {
		return base << min(n, 63)
	}
	return limit
}

// Validate reports what is wrong with the policy.
func (f Fixed) Validate() error {
	var errs []error
	if f.Wait < 0 {
		errs = append(errs, fmt.Errorf("kv: Fixed.Wait is %v, want 0 or more", f.Wait))
	}
	return errors.Join(append(errs, validAttempts("Fixed", f.Attempts))...)
}

// Validate reports what is wrong with the policy.
func (e Exponential) Validate() error { return validBackoff("Exponential", e.Base, e.Cap, e.Attempts) }

// Validate reports what is wrong with the policy.
func (j FullJitter) Validate() error { return validBackoff("FullJitter", j.Base, j.Cap, j.Attempts) }

// Validate reports what is wrong with the policy.
func (j EqualJitter) Validate() error { return validBackoff("EqualJitter", j.Base, j.Cap, j.Attempts) }

// Validate reports what is wrong with the policy.
func (j DecorrelatedJitter) Validate() error {
	return validBackoff("DecorrelatedJitter", j.Base, j.Cap, j.Attempts)
}

// longest is the longest wait that a policy may be capped at.
const longest = 365 * 24 * time.Hour

func validBackoff(name string, base, limit time.Duration, attempts int) error {
	var errs []error
	if base < 0 {
		errs = append(errs, fmt.Errorf("kv: %s.Base is %v, want 0 or more", name, base))
	}
	if limit < base || limit > longest {
		errs = append(errs, fmt.Errorf("kv: %s.Cap is %v, want Base (%v) to %v", name, limit, base, longest))
	}
	return errors.Join(append(errs, validAttempts(name, attempts))...)
}

func validAttempts(name string, attempts int) error {
	if attempts < 0 {
		return fmt.Errorf("kv: %s.Attempts is %d, want 0 (any number) or more", name, attempts)
	}
	return nil
}
