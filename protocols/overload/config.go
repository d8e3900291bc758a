package overload

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lightcone/sim"
)

// Law is how service times are distributed.
type Law string

// The laws of service times.
const (
	Exponential Law = "exponential"
	Constant    Law = "constant"
)

// Discipline is the order in which waiting requests are served.
type Discipline string

// The disciplines.
const (
	FIFO Discipline = "fifo" // first come, first served
	LIFO Discipline = "lifo" // last come, first served
)

// Bug names a fault of implementation, planted on purpose; "" is none.
type Bug string

// The faults of implementation.
const (
	// NoBound lets requests wait that find a full queue.
	NoBound Bug = "no-bound"
	// LostWorker lets a worker that throws a request away go home: nobody takes the next until another request comes.
	LostWorker Bug = "lost-worker"
	// LostRequest throws away the request behind the one that is too old as well.
	LostRequest Bug = "lost-request"
)

// Bugs returns all of them.
func Bugs() []Bug { return []Bug{NoBound, LostWorker, LostRequest} }

// Config describes a server.
type Config struct {
	Service    time.Duration // how long serving a request takes, on average
	Law        Law
	Workers    int           // how many requests are served at once
	Queue      int           // how many may wait; 0: any number
	Discipline Discipline    // "": FIFO
	Patience   time.Duration // a request that has waited longer is thrown away; 0: never
	Bug        Bug
}

// Validate reports what is wrong with the configuration: all of it.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("overload: Config."+format, args...)) }
	if c.Service <= 0 || c.Service > longest {
		bad("Service is %v, want more than 0s, at most %v", c.Service, longest)
	}
	if c.Law != Exponential && c.Law != Constant {
		bad("Law is %q, want %s or %s", c.Law, Exponential, Constant)
	}
	if c.Workers < 1 || c.Workers > most {
		bad("Workers is %d, want 1 to %d", c.Workers, most)
	}
	if c.Queue < 0 {
		bad("Queue is %d, want 0 (any number) or more", c.Queue)
	}
	if c.Discipline != "" && c.Discipline != FIFO && c.Discipline != LIFO {
		bad("Discipline is %q, want %s or %s", c.Discipline, FIFO, LIFO)
	}
	if c.Patience < 0 {
		bad("Patience is %v, want 0s (for ever) or more", c.Patience)
	}
	if c.Bug != "" && !slices.Contains(Bugs(), c.Bug) {
		bad("Bug is %q, want none or one of %s", c.Bug, strings.Trim(fmt.Sprint(Bugs()), "[]"))
	}
	return errors.Join(errs...)
}

const (
	longest = 24 * time.Hour
	most    = 10_000 // workers
)

// draw returns a service time.
func (c Config) draw(r *sim.Rand) time.Duration {
	if c.Law == Constant {
		return c.Service
	}
	return time.Duration(float64(exponential(r) * float64(c.Service)))
}

// exponential draws from the exponential law of mean 1 by comparisons alone, so that it is the same on every machine (J. von
// Neumann, Various techniques used in connection with random digits, 1951): draw uniform numbers for as long as they fall.
// If that was an odd number of them, the first is the fraction of the result, else its whole part is one more.
func exponential(r *sim.Rand) float64 {
	for whole := 0.0; ; whole++ {
		first := r.Float64()
		last, odd := first, true
		for next := r.Float64(); next < last; next = r.Float64() {
			last, odd = next, !odd
		}
		if odd {
			return whole + first
		}
	}
}
