package contention

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lightcone/protocols/kv"
)

// Policy names a way to wait between a refusal and the next read; package kv has them.
type Policy string

// The policies of the blog, and Fixed, which it has not.
const (
	None         Policy = "none"         // begins again at once
	Fixed        Policy = "fixed"        // waits for Base
	Exponential  Policy = "exponential"  // waits for v = min(Cap, Base*2^n) after the n-th refusal
	EqualJitter  Policy = "equal-jitter" // half of v, and a uniform half
	FullJitter   Policy = "full-jitter"  // uniform between 0 and v
	Decorrelated Policy = "decorrelated" // uniform between Base and three times the last wait, at most Cap
)

// Policies returns all of them.
func Policies() []Policy {
	return []Policy{None, Fixed, Exponential, EqualJitter, FullJitter, Decorrelated}
}

// Bug names a fault of implementation, planted on purpose; "" is none.
type Bug string

// The faults of implementation.
const (
	// NoCheck accepts every write, whatever version it was made from: what another wrote in between is lost.
	NoCheck Bug = "no-check"
	// CheckThenAct compares the versions when a write arrives, and stores the next a millisecond later: two writes that come
	// within it are both accepted.
	CheckThenAct Bug = "check-then-act"
	// StaleRetry writes again without a new read: a client that was refused once is refused for ever.
	StaleRetry Bug = "stale-retry"
	// Impatient begins again when the answer to a write takes longer than 22 ms, as if it had been refused.
	Impatient Bug = "impatient"
)

// Bugs returns all of them.
func Bugs() []Bug { return []Bug{NoCheck, CheckThenAct, StaleRetry, Impatient} }

const (
	actAfter = time.Millisecond      // CheckThenAct
	patience = 22 * time.Millisecond // Impatient
)

// Config describes the clients, all alike.
type Config struct {
	Policy    Policy
	Base, Cap time.Duration
	Bug       Bug
}

// Validate reports what is wrong with the configuration: all of it.
func (c Config) Validate() error {
	var errs []error
	if c.Bug != "" && !slices.Contains(Bugs(), c.Bug) {
		errs = append(errs, fmt.Errorf("contention: Config.Bug is %q, want none or one of %s", c.Bug, words(Bugs())))
	}
	r := c.retrier()
	if r == nil {
		errs = append(errs, fmt.Errorf("contention: Config.Policy is %q, want one of %s", c.Policy, words(Policies())))
	} else if v, ok := r.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("contention: Config: %w", err))
		}
	}
	return errors.Join(errs...)
}

func words[T any](list []T) string { return strings.Trim(fmt.Sprint(list), "[]") }

// retrier returns the policy; nil if there is none of that name.
func (c Config) retrier() kv.Retrier {
	switch c.Policy {
	case None:
		return kv.Fixed{}
	case Fixed:
		return kv.Fixed{Wait: c.Base}
	case Exponential:
		return kv.Exponential{Base: c.Base, Cap: c.Cap}
	case EqualJitter:
		return kv.EqualJitter{Base: c.Base, Cap: c.Cap}
	case FullJitter:
		return kv.FullJitter{Base: c.Base, Cap: c.Cap}
	case Decorrelated:
		return kv.DecorrelatedJitter{Base: c.Base, Cap: c.Cap}
	}
	return nil
}
