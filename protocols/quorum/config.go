package quorum

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Versions says how versions of a key compete.
type Versions string

// How versions compete.
const (
	Wall   Versions = "wall"   // the last write wins, by the coordinator's wall clock
	Hybrid Versions = "hybrid" // the last write wins, by the coordinators' hybrid clocks
	Vector Versions = "vector" // version vectors: of concurrent writes all are kept, as siblings
)

// Config describes a store in the manner of Dynamo. Zero fields mean what is said there.
type Config struct {
	Servers int    // how many, at most 63; nodes 0 to Servers-1
	Quorums System // over the places of a preference list: its Size is N, the number of replicas of a key

	Versions   Versions      // "": Wall
	Resolution time.Duration // the tick of the wall clocks that stamp writes; 0: a nanosecond

	// Narrow asks no more replicas than a quorum needs, chosen at random, instead of all N: quorums that do not expand, as in
	// the formula for k-staleness of Bailis et al., section 3.1. It needs a Threshold.
	Narrow bool
	Repair bool // brings replicas that a read found behind up to date

	Sloppy      bool          // stand-ins count: a quorum is of the first N servers that answer
	HandOff     time.Duration // after so long without an answer a write is kept as a hint by the next server; 0: never
	HintEvery   time.Duration // how often hints are offered to those they are for; needed with HandOff
	SyncEvery   time.Duration // how often a server compares its Merkle trees with another's; 0: never
	Leaves      int           // of a Merkle tree, a power of 2; 0: 16
	Grace       time.Duration // how old a tombstone must be to be collected; 0: never. All that is older must be gone by then
	CollectTick time.Duration // how often such are looked for; 0: Grace/2
	Timeout     time.Duration // how long a coordinator waits for replicas; 0: 1 s
	Bug         Bug           // "": none
}

// Validate reports what is wrong with the configuration: all of it.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("quorum: Config."+format, args...)) }
	if c.Servers < 1 || c.Servers > maxReplicas {
		bad("Servers is %d, want 1 to %d", c.Servers, maxReplicas)
	}
	switch {
	case c.Quorums == nil:
		bad("Quorums is nil, want a System")
	case c.Quorums.Validate() != nil:
		errs = append(errs, c.Quorums.Validate())
	case c.Quorums.Size() > c.Servers:
		bad("Quorums has %d replicas, want at most Servers, which is %d", c.Quorums.Size(), c.Servers)
	}
	switch c.Versions {
	case "", Wall, Hybrid, Vector:
	default:
		bad("Versions is %q, want %q, %q or %q", c.Versions, Wall, Hybrid, Vector)
	}
	if _, ok := c.Quorums.(Threshold); c.Narrow && !ok {
		bad("Narrow is set with a %T, want a Threshold", c.Quorums)
	}
	if c.Sloppy && c.HandOff == 0 {
		bad("Sloppy is set and HandOff is 0, want a time after which servers stand in")
	}
	if c.HandOff > 0 && c.HintEvery <= 0 {
		bad("HintEvery is %v, want more than 0 with HandOff", c.HintEvery)
	}
	if c.Leaves < 0 || c.Leaves&(c.Leaves-1) != 0 {
		bad("Leaves is %d, want a power of 2, or 0 for %d", c.Leaves, defaultLeaves)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"Resolution", c.Resolution}, {"HandOff", c.HandOff}, {"HintEvery", c.HintEvery}, {"SyncEvery", c.SyncEvery},
		{"Grace", c.Grace}, {"Timeout", c.Timeout}, {"CollectTick", c.CollectTick},
	} {
		if d.value < 0 {
			bad("%s is %v, want 0 or more", d.name, d.value)
		}
	}
	return errors.Join(append(errs, c.Bug.validate("Config", dynamoBugs))...)
}

const (
	defaultLeaves  = 16
	defaultTimeout = time.Second
)

// withDefaults returns the configuration with its zero fields filled in.
func (c Config) withDefaults() Config {
	if c.Versions == "" {
		c.Versions = Wall
	}
	if c.Leaves == 0 {
		c.Leaves = defaultLeaves
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Resolution == 0 {
		c.Resolution = 1
	}
	if c.CollectTick == 0 {
		c.CollectTick = c.Grace / 2
	}
	if c.Bug == CollectEarly {
		c.Grace, c.CollectTick = c.Timeout/4, c.Timeout/4
	}
	return c
}

func (c Config) ring() ring {
	return ring{servers: c.Servers, replicas: c.Quorums.Size(), ranges: c.Servers, leaves: c.Leaves}
}

// Fresh reports whether no read of these parameters is stale: whether each read quorum meets each write quorum and no
// other server stands in. A read is stale if it misses a write that was acknowledged before the read began.
func (c Config) Fresh() bool {
	if c.Sloppy || c.Grace > 0 || c.Quorums.Size() > intersectSize {
		return false
	}
	meet, _ := Intersects(c.Quorums)
	return meet
}

// intersectSize bounds the systems whose quorums are tried one by one: beyond it nothing is claimed.
const intersectSize = 20

// Replicas returns the servers that keep a key, in the order of its preference list.
func (c Config) Replicas(key string) []sim.NodeID {
	r := c.withDefaults().ring()
	ids := make([]sim.NodeID, c.Quorums.Size())
	for i := range ids {
		ids[i] = r.server(r.place(key).span, i)
	}
	return ids
}
