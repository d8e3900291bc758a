package raft

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Config describes a cluster, and is the same on all of its servers. Zero fields mean the defaults that are stated.
type Config struct {
	Servers int          // nodes 0 to Servers-1 are servers, in the configuration or not; at most 64
	Voters  []sim.NodeID // the first configuration; nil: all servers

	ElectionMin time.Duration // an election timeout is drawn from [ElectionMin, ElectionMax] at each reset; 0: 150ms
	ElectionMax time.Duration // 0: twice ElectionMin
	Heartbeat   time.Duration // an idle leader says so this often; 0: a third of ElectionMin
	PreVote     bool          // asks whether it could win before it stands for election (§9.6)
	CheckQuorum bool          // a leader without a majority steps down (§6.2), and voters who hear from a leader refuse candidates (§4.2.3)

	MaxBatch           int  // entries in one AppendEntries; 0: 64; 1: one entry a message
	Window             int  // AppendEntries with entries under way to one follower; 0: 16; 1: no pipelining (§10.2.2)
	NoEntryAtTermStart bool // a new leader does not begin with an empty entry (§6.4), so that nothing masks §3.6.2; queries wait for the first command of its term

	Reads         ReadMode      // how a Get is served (§6.4)
	FollowerReads bool          // a follower serves a Get too, at a read index that it asks its leader for
	DriftBound    int           // Lease: the rates of all clocks are within 1 +- DriftBound parts per million of true time
	LeaseMargin   time.Duration // Lease: ends this much sooner than the drift bound demands

	SnapshotEvery int           // applied entries after which a server makes a snapshot (§5.1.2); 0: never
	SnapshotKeep  int           // entries before a snapshot that stay in the log, for followers that are not far behind
	SnapshotChunk int           // bytes in one InstallSnapshot; 0: 4096
	CatchUpRounds int           // rounds in which a new server must catch up, or is not added (§4.2.1); 0: 10
	SessionExpiry time.Duration // sessions end when they are not used for so long; 0: never

	Bug Bug // a fault of implementation, planted on purpose
}

// ReadMode says how a leader serves a Get.
type ReadMode string

// The ways to serve a Get.
const (
	ReadLog   ReadMode = ""           // as an entry of the log
	ReadIndex ReadMode = "read-index" // from the state machine, once a majority has confirmed its leadership
	ReadLease ReadMode = "lease"      // from the state machine, as long as a lease that relies on clocks holds
	ReadLocal ReadMode = "local"      // from the state machine at once. Unsafe: the answer may be stale
)

// withDefaults fills in the defaults.
func (c Config) withDefaults() Config {
	if c.ElectionMin == 0 {
		c.ElectionMin = 150 * time.Millisecond
	}
	if c.ElectionMax == 0 {
		c.ElectionMax = 2 * c.ElectionMin
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = c.ElectionMin / 3
	}
	if c.Voters == nil {
		for id := range sim.NodeID(c.Servers) {
			c.Voters = append(c.Voters, id)
		}
	}
	c.MaxBatch = orDefault(c.MaxBatch, 64)
	c.Window = orDefault(c.Window, 16)
	c.SnapshotChunk = orDefault(c.SnapshotChunk, 4096)
	c.CatchUpRounds = orDefault(c.CatchUpRounds, 10)
	return c
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// Validate reports what is wrong with a configuration: all of it.
func (c Config) Validate() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("raft: Config."+format, args...)) }
	if c.Servers < 1 || c.Servers > maxServers {
		wrong("Servers is %d, want 1 to %d", c.Servers, maxServers)
	}
	d := c
	d.Voters = nil
	d.Servers = 0
	d = d.withDefaults()
	if c.ElectionMin < 0 {
		wrong("ElectionMin is %v, want more than 0", c.ElectionMin)
	}
	if d.ElectionMax < d.ElectionMin {
		wrong("ElectionMax is %v, want at least ElectionMin, %v", d.ElectionMax, d.ElectionMin)
	}
	if d.Heartbeat <= 0 || d.Heartbeat >= d.ElectionMin && d.ElectionMin > 0 {
		wrong("Heartbeat is %v, want more than 0 and less than ElectionMin, %v", d.Heartbeat, d.ElectionMin)
	}
	for _, n := range []struct {
		name  string
		value int
	}{{"MaxBatch", c.MaxBatch}, {"Window", c.Window}, {"SnapshotEvery", c.SnapshotEvery}, {"SnapshotKeep", c.SnapshotKeep}, {"SnapshotChunk", c.SnapshotChunk},
		{"CatchUpRounds", c.CatchUpRounds}} {
		if n.value < 0 {
			wrong("%s is %d, want 0 or more", n.name, n.value)
		}
	}
	if c.LeaseMargin < 0 {
		wrong("LeaseMargin is %v, want 0 or more", c.LeaseMargin)
	}
	if c.SessionExpiry < 0 {
		wrong("SessionExpiry is %v, want 0 or more", c.SessionExpiry)
	}
	if c.DriftBound < 0 || c.DriftBound >= million {
		wrong("DriftBound is %d ppm, want 0 to %d", c.DriftBound, million-1)
	}
	switch c.Reads {
	case ReadLog, ReadIndex, ReadLocal:
	case ReadLease:
		if !c.CheckQuorum {
			wrong("Reads is %q without CheckQuorum, want it on: a lease rests on the promise of its voters", c.Reads)
		}
	default:
		wrong("Reads is %q, want %q, %q, %q or %q", c.Reads, ReadLog, ReadIndex, ReadLease, ReadLocal)
	}
	if c.FollowerReads && (c.Reads == ReadLog || c.Reads == ReadLocal) {
		wrong("FollowerReads is on with Reads %q, want %q or %q", c.Reads, ReadIndex, ReadLease)
	}
	errs = append(errs, c.validateVoters(), c.Bug.validate())
	return errors.Join(errs...)
}

func (c Config) validateVoters() error {
	var errs []error
	var seen set
	for _, id := range c.Voters {
		if id < 0 || int(id) >= c.Servers || seen.has(id) {
			errs = append(errs, fmt.Errorf("raft: Config.Voters has %v, want each of n0 to n%d at most once", id, c.Servers-1))
			continue
		}
		seen = seen.with(id)
	}
	if c.Voters != nil && len(c.Voters) == 0 {
		errs = append(errs, errors.New("raft: Config.Voters is empty, want at least one server, or nil for all"))
	}
	return errors.Join(errs...)
}
