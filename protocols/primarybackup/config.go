package primarybackup

import (
	"errors"
	"fmt"
	"time"
)

// Replication says when a write is acknowledged. The primary's own copy must be durable in every case.
type Replication string

// The modes of replication.
const (
	Sync     Replication = "sync"      // when it is durable on every backup of the view
	SemiSync Replication = "semi-sync" // when it is durable on Config.Acks of the view's backups, or on all if there are fewer
	Async    Replication = "async"     // at once
)

// Failover says who decides that the primary is to be replaced.
type Failover string

// The modes of failover.
const (
	ViewService Failover = "view-service" // node 0, which serves no data and is not replicated
	Naive       Failover = "naive"        // each backup by itself, when it has not heard the primary for a while
)

// Reads says how the primary answers a get.
type Reads string

// The modes of reading.
const (
	Replicated Reads = "replicated" // it takes its place in the log, and is answered as a write is
	Local      Reads = "local"      // at once, from the primary's store
)

// PPM is a rate of drift in parts per million.
type PPM int64

// Config describes a replicated store. Zero fields but Servers mean the defaults that are stated.
type Config struct {
	Servers     int           // nodes 0 to Servers-1; with a view service, node 0 is that
	Replication Replication   // default Sync
	Acks        int           // SemiSync: how many backups must have a write; default 1
	Failover    Failover      // default ViewService
	Unfenced    bool          // servers take part in views that are over; default: they refuse
	Lease       time.Duration // how long, on its own clock, a primary serves on one answer of the view service; 0: no leases
	Drift       PPM           // how much faster or slower than true time a clock is assumed to run at most, for leases
	Reads       Reads         // default Replicated
	Ping        time.Duration // how often servers ping the view service, and primaries their backups; default 50ms
	Timeout     time.Duration // silence after which a server counts as failed; default 200ms
	Compact     int           // applied entries after which a server replaces its log by a snapshot; 0: never
	Chunk       int           // bytes of a snapshot sent at once; default 16 KiB
	Batch       int           // entries sent at once; default 64
	Expiry      time.Duration // of client sessions, see kv.NewStore; 0: never
	Bug         Bug           // a fault of implementation, planted on purpose
}

const (
	defaultPing    = 50 * time.Millisecond
	defaultTimeout = 200 * time.Millisecond
	defaultChunk   = 16 << 10
	defaultBatch   = 64
	million        = 1_000_000
)

// resolved returns the configuration with its defaults, and with what its bug switches.
func (c Config) resolved() Config {
	fill(&c.Replication, Sync)
	fill(&c.Failover, ViewService)
	fill(&c.Reads, Replicated)
	fill(&c.Acks, 1)
	fill(&c.Ping, defaultPing)
	fill(&c.Timeout, defaultTimeout)
	fill(&c.Chunk, defaultChunk)
	fill(&c.Batch, defaultBatch)
	switch c.Bug {
	case NoFencing:
		c.Unfenced = true
	case NaiveFailover:
		c.Failover, c.Lease = Naive, 0
	}
	return c
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Validate reports everything that is wrong with the configuration.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("primarybackup: Config."+format, args...))
	}
	d := c.resolved()
	oneOf(bad, "Replication", d.Replication, Sync, SemiSync, Async)
	oneOf(bad, "Failover", d.Failover, ViewService, Naive)
	oneOf(bad, "Reads", d.Reads, Replicated, Local)
	oneOf(bad, "Bug", c.Bug, append(Bugs(), "")...)
	if least := d.first() + 1; c.Servers < least {
		bad("Servers is %d, want at least %d", c.Servers, least)
	}
	if d.Acks < 1 {
		bad("Acks is %d, want at least 1, or 0 for that", c.Acks)
	}
	if d.Chunk < 1 || d.Batch < 1 || d.Compact < 0 || d.Expiry < 0 {
		bad("Chunk, Batch, Compact and Expiry are %d, %d, %d and %v, want none below 0", c.Chunk, c.Batch, c.Compact, c.Expiry)
	}
	c.validateTimes(bad)
	return errors.Join(errs...)
}

func (c Config) validateTimes(bad func(string, ...any)) {
	d := c.resolved()
	if d.Ping <= 0 {
		bad("Ping is %v, want more than 0, or 0 for the default", c.Ping)
	}
	if d.Timeout <= d.Ping {
		bad("Timeout is %v, want more than Ping, which is %v", d.Timeout, d.Ping)
	}
	if c.Drift < 0 || c.Drift >= million {
		bad("Drift is %d ppm, want 0 to 999999", c.Drift)
	}
	switch {
	case c.Lease < 0:
		bad("Lease is %v, want 0 (none) or more", c.Lease)
	case d.Lease > 0 && d.Failover == Naive:
		bad("Lease is %v with naive failover, want 0: there is nobody to grant it", c.Lease)
	case d.Lease > 0 && d.Lease <= d.Ping:
		bad("Lease is %v, want more than Ping, which is %v: it is renewed by pings", c.Lease, d.Ping)
	}
}

func oneOf[T ~string](bad func(string, ...any), field string, got T, want ...T) {
	for _, w := range want {
		if got == w {
			return
		}
	}
	bad("%s is %q, want one of %q", field, got, want)
}

// first is the first node that keeps data.
func (c Config) first() int {
	if c.Failover == Naive {
		return 0
	}
	return 1
}

// Grant is how long the view service waits, on its own clock, after its last answer to a primary until it makes another:
// the old one's lease is then over, if the clocks of both drift by at most Drift. A lease lasts at most Lease/(1-rho) of
// true time from when the primary sent its ping, which is before the answer; a wait of W lasts at least W/(1+rho).
func (c Config) Grant() time.Duration {
	if c.Bug == NoDriftMargin {
		return c.Lease
	}
	slow, fast := int64(million-c.Drift), int64(million+c.Drift)
	whole, rest := int64(c.Lease)/slow, int64(c.Lease)%slow
	return time.Duration(whole*fast + (rest*fast+slow-1)/slow)
}
