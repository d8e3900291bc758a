package sim

import (
	"errors"
	"fmt"
	"math"
)

// Config describes a world. The zero value of every field but Nodes and New has a documented meaning. One Config can
// make any number of worlds: models with state are cloned.
type Config struct {
	Seed  uint64                  // names every random choice of the run; 0 is a seed like any other
	Nodes int                     // how many nodes, at least 1
	New   func(id NodeID) Process // makes a fresh process, at the start and at every recovery; it must not keep state between calls

	Network  Network                        // nil: ConstantDelay of 1 ms
	Clock    func(id NodeID, r *Rand) Clock // a node's clock, drawn from its own stream; nil, or returning nil: PerfectClock
	Disk     Disk                           // nil: writes are durable at once
	Faults   []Fault                        // sources of interventions
	Liars    map[string]Liar                // the adversaries that a Lie can put in force, by name
	FailStop *FailStop                      // what nodes know of crashed ones for certain; nil: nothing
	Drop     []MessageName                  // messages that the network loses, whatever it would have done

	Until      Time       // the planned end of the run; 0: when nothing is left to happen
	Limits     Limits     // bounds whose reaching is reported as such
	Properties []Property // claims, checked at every step
	Observers  []Observer // who sees the events

	// Strict checks what a process must not do: it fingerprints every message when sent and when delivered, and every
	// persisted value, so that a change in between is a reported error; and it poisons each Env when its handler
	// returns. It costs about a microsecond an event. It does not change the digest.
	Strict bool
	// Shuffle orders events of the same time by the seed, instead of by when they were caused.
	Shuffle bool
	// Naming says how messages are numbered.
	Naming Naming

	// Replay is the command that repeats this run; an error shows it.
	Replay string
}

// Naming says how K of a MessageName is counted, on which all draws of the network depend.
type Naming uint8

const (
	// PerLink counts the messages of each ordered pair of nodes. It is the default, and what makes runs stable under
	// edits. It takes 4 bytes a pair for up to 1,024 nodes, and about 40 bytes a used pair above.
	PerLink Naming = iota
	// PerSender counts all messages of a sender: for worlds of very many nodes whose links are seldom used twice.
	// Losing a message still changes no other, but sending one more shifts the numbers of the sender's later ones.
	PerSender
)

// Limits bound a run. Zero means the documented default.
type Limits struct {
	Events  uint64 // handlers and faults executed; default 2^40
	Pending int    // events pending at once, at most 2^24-1, which is the default
	Instant uint64 // events executed without time moving: a run that does not advance; default 10,000,000
}

const (
	maxSlots       = 1 << slotBits
	defaultEvents  = 1 << 40
	defaultInstant = 10_000_000
	denseLinks     = 1024
)

func (c *Config) validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("sim: Config."+format, args...)) }
	if c.Nodes < 1 || c.Nodes > math.MaxInt32 {
		bad("Nodes is %d, want 1 to %d", c.Nodes, math.MaxInt32)
	}
	if c.New == nil {
		bad("New is nil, want a function that makes a Process")
	}
	if c.Until < 0 {
		bad("Until is %v, want 0 (until nothing is left to happen) or later", c.Until)
	}
	if c.Limits.Pending < 0 || c.Limits.Pending >= maxSlots {
		bad("Limits.Pending is %d, want 1 to %d, or 0 for the default", c.Limits.Pending, maxSlots-1)
	}
	if c.Naming > PerSender {
		bad("Naming is %d, want PerLink or PerSender", c.Naming)
	}
	if v, ok := c.Network.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			bad("Network: %w", err)
		}
	}
	for i, p := range c.Properties {
		switch {
		case p.Check == nil && p.Fresh == nil:
			bad("Properties[%d] (%q) has no Check", i, p.Name)
		case p.Check != nil && p.Fresh != nil:
			bad("Properties[%d] (%q) has both Check and Fresh, want one", i, p.Name)
		case p.Name == "":
			bad("Properties[%d] has no Name", i)
		case p.Mode > Eventually:
			bad("Properties[%d] (%q) has mode %d, want Always, Sometimes or Eventually", i, p.Name, p.Mode)
		case p.Ends && p.Mode == Always:
			bad("Properties[%d] (%q) is always and Ends the run, want sometimes or eventually", i, p.Name)
		}
	}
	if err := validateLiars(c.Liars); err != nil {
		errs = append(errs, err)
	}
	if f := c.FailStop; f != nil && f.Within < 0 {
		bad("FailStop.Within is %v, want 0 or more", f.Within)
	}
	for i, f := range c.Faults {
		if f == nil {
			bad("Faults[%d] is nil", i)
		}
	}
	for i, o := range c.Observers {
		if o == nil {
			bad("Observers[%d] is nil", i)
		}
	}
	return errors.Join(errs...)
}
