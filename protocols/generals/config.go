package generals

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Config describes the problem and the algorithm.
type Config struct {
	Generals int           // how many, the commander included: nodes 0 to Generals-1
	M        int           // m of OM(m) and SM(m): how many liars it is made for, and one less than its rounds of messages
	Signed   bool          // SM(m) instead of OM(m)
	Order    Order         // what the commander orders
	Start    time.Duration // when the commander gives the order, on its clock; 0: as the run starts
	Round    time.Duration // how long a round takes, on each general's clock: longer than any message
}

// MaxMessages bounds OM(m): a Config of which a run would send more is refused.
const MaxMessages = 1_000_000

// Validate reports what is wrong with the configuration: all of it.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("generals: Config."+format, args...)) }
	if c.Generals < 2 || c.Generals > maxGenerals {
		bad("Generals is %d, want 2 to %d", c.Generals, maxGenerals)
	}
	if c.M < 0 || c.M > max(0, c.Generals-2) {
		bad("M is %d, want 0 to %d, two less than there are generals", c.M, max(0, c.Generals-2))
	} else if n := OralMessages(c.Generals, c.M); !c.Signed && n > MaxMessages {
		bad("M is %d with %d generals, want less than the %d messages or more of that, at most %d", c.M, c.Generals, n, MaxMessages)
	}
	if c.Order > Attack {
		bad("Order is %v, want retreat or attack", c.Order)
	}
	if c.Start < 0 {
		bad("Start is %v, want 0 or more", c.Start)
	}
	if c.Round <= 0 {
		bad("Round is %v, want more than 0", c.Round)
	}
	return errors.Join(errs...)
}

// maxGenerals is how many fit into the key of a path, a byte each.
const maxGenerals = 256

// Takes returns when all have decided, on each general's clock.
func (c Config) Takes() time.Duration { return c.Start + time.Duration(c.M+1)*c.Round }

// New makes the generals of a valid Config, for sim.Config.New.
func New(c Config) func(sim.NodeID) sim.Process {
	return func(sim.NodeID) sim.Process { return &Process{cfg: c} }
}
