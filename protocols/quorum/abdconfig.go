package quorum

import (
	"errors"
	"fmt"
	"time"
)

// ABDConfig describes a store of atomic registers.
type ABDConfig struct {
	Servers      int           // how many, at most 63; nodes 0 to Servers-1, all of them replicas of every key
	Quorums      System        // over the servers; nil: Majority(Servers). Any two quorums of it must meet
	SingleWriter bool          // server 0 coordinates all writes, and needs not ask for the last timestamp
	WriteBack    bool          // a read brings what it found to a write quorum before it answers
	Home         bool          // a client's writes are coordinated by one server, its number modulo Servers; else by any
	Resend       time.Duration // how often a coordinator asks again those that have not answered; 0: never
	Timeout      time.Duration // how long a coordinator waits for a quorum; 0: 1 s
	Bug          Bug           // "": none
}

// Validate reports what is wrong with the configuration: all of it.
func (c ABDConfig) Validate() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("quorum: ABDConfig."+format, args...))
	}
	if c.Servers < 1 || c.Servers > maxReplicas {
		bad("Servers is %d, want 1 to %d", c.Servers, maxReplicas)
	} else {
		errs = append(errs, c.validateQuorums())
	}
	if c.Resend < 0 {
		bad("Resend is %v, want 0 or more", c.Resend)
	}
	if c.Timeout < 0 {
		bad("Timeout is %v, want 0 or more", c.Timeout)
	}
	return errors.Join(append(errs, c.Bug.validate("ABDConfig", abdBugs))...)
}

func (c ABDConfig) validateQuorums() error {
	q := c.withDefaults().Quorums
	if err := q.Validate(); err != nil {
		return err
	}
	if q.Size() != c.Servers {
		return fmt.Errorf("quorum: ABDConfig.Quorums has %d replicas, want Servers, which is %d", q.Size(), c.Servers)
	}
	if q.Size() > intersectSize {
		return nil
	}
	readWrite, writeWrite := Intersects(q)
	if !readWrite || !writeWrite && !c.SingleWriter {
		return fmt.Errorf("quorum: ABDConfig.Quorums is %v, want quorums any two of which meet", q)
	}
	return nil
}

// withDefaults returns the configuration with its zero fields filled in.
func (c ABDConfig) withDefaults() ABDConfig {
	if c.Quorums == nil {
		c.Quorums = Majority(c.Servers)
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return c
}

// ring keeps all keys at all servers, in the order of their numbers.
func (c ABDConfig) ring() ring {
	return ring{servers: c.Servers, replicas: c.Servers, ranges: 1, leaves: defaultLeaves}
}

// Promises returns the checks of package check that hold of what clients see.
//
// With the write-back the registers are atomic, hence everything. Without it those of a single writer are regular: a read
// that meets an unfinished write may return the new value or the old, and the next read the other way round, but never
// less than what was acknowledged before. Of several writers not even that: one of them can miss an unfinished write that
// somebody has read already, and its own may then lose to it. All of it holds of clients that repeat a put only after all
// servers that they asked refused it, unless Home is set.
func (c ABDConfig) Promises() []string {
	switch {
	case c.WriteBack:
		return []string{"linearizable", "sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads", "quorum-rule"}
	case c.SingleWriter:
		return []string{"quorum-rule", "read-your-writes"}
	}
	return nil
}
