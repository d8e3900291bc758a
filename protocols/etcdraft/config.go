package etcdraft

import (
	"errors"
	"fmt"
	"time"

	etcd "go.etcd.io/raft/v3"

	"lightcone/sim"
)

// Config describes a cluster, and is the same on all of its servers. Zero fields mean the defaults that are stated. What
// raft has too has the same name there.
type Config struct {
	Servers int // nodes 0 to Servers-1 are servers

	ElectionMin time.Duration // an election timeout is drawn from [ElectionMin, 2 ElectionMin) in each term, in steps of Tick; 0: 150ms
	Heartbeat   time.Duration // a leader says so this often; 0: a third of ElectionMin
	Tick        time.Duration // raft's unit of time; timeouts are whole numbers of it; 0: a fiftieth of ElectionMin
	PreVote     bool          // asks whether it could win before it stands for election
	CheckQuorum bool          // a leader without a majority steps down, and voters who hear from a leader refuse candidates

	MaxMessage int // bytes of entries in one MsgApp, which has at least one entry; 0: 64 KiB; 1: one entry a message
	Window     int // MsgApps with entries under way to one follower; 0: 16

	Reads         ReadMode // how a Get is served
	FollowerReads bool     // a follower serves a Get too, at a read index that it asks its leader for

	SnapshotEvery int           // applied entries after which a server makes a snapshot; 0: never
	SessionExpiry time.Duration // sessions end when they are not used for so long; 0: never
}

// ReadMode says how a leader serves a Get.
type ReadMode string

// The ways to serve a Get.
const (
	ReadLog   ReadMode = ""           // as an entry of the log
	ReadIndex ReadMode = "read-index" // from the state machine, once a majority has confirmed its leadership (ReadOnlySafe)
	ReadLease ReadMode = "lease"      // from the state machine, as long as CheckQuorum has not deposed it (ReadOnlyLeaseBased)
)

// kept is how many entries a server keeps before its snapshot, for followers that are only a little behind.
const kept = 16

func (c Config) withDefaults() Config {
	if c.ElectionMin == 0 {
		c.ElectionMin = 150 * time.Millisecond
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = c.ElectionMin / 3
	}
	if c.Tick == 0 {
		c.Tick = c.ElectionMin / 50
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = 64 << 10
	}
	if c.Window == 0 {
		c.Window = 16
	}
	return c
}

// Validate reports what is wrong with a configuration: all of it.
func (c Config) Validate() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("etcdraft: Config."+format, args...)) }
	if c.Servers < 1 {
		wrong("Servers is %d, want at least 1", c.Servers)
	}
	d := c.withDefaults()
	if d.Tick <= 0 {
		wrong("Tick is %v, want more than 0", d.Tick)
	} else {
		if d.Heartbeat < d.Tick {
			wrong("Heartbeat is %v, want at least a Tick, %v", d.Heartbeat, d.Tick)
		}
		if d.ElectionMin/d.Tick <= d.Heartbeat/d.Tick {
			wrong("ElectionMin is %v, want at least a Tick, %v, more than Heartbeat, %v", d.ElectionMin, d.Tick, d.Heartbeat)
		}
	}
	for _, n := range []struct {
		name  string
		value int64
	}{{"MaxMessage", int64(c.MaxMessage)}, {"Window", int64(c.Window)}, {"SnapshotEvery", int64(c.SnapshotEvery)}, {"SessionExpiry", int64(c.SessionExpiry)}} {
		if n.value < 0 {
			wrong("%s is %d, want 0 or more", n.name, n.value)
		}
	}
	switch c.Reads {
	case ReadLog, ReadIndex:
	case ReadLease:
		if !c.CheckQuorum {
			wrong("Reads is %q without CheckQuorum, want it on: a lease rests on the promise of its voters", c.Reads)
		}
	default:
		wrong("Reads is %q, want %q, %q or %q", c.Reads, ReadLog, ReadIndex, ReadLease)
	}
	if c.FollowerReads && c.Reads == ReadLog {
		wrong("FollowerReads is on with Reads %q, want %q or %q", c.Reads, ReadIndex, ReadLease)
	}
	return errors.Join(errs...)
}

// raft is the configuration as raft wants it.
func (c Config) raft(id sim.NodeID, s *storage) *etcd.Config {
	r := &etcd.Config{
		ID:                        number(id),
		ElectionTick:              int(c.ElectionMin / c.Tick),
		HeartbeatTick:             int(c.Heartbeat / c.Tick),
		Storage:                   s,
		Applied:                   s.snapshot.Index,
		AsyncStorageWrites:        true,
		MaxSizePerMsg:             uint64(c.MaxMessage),
		MaxCommittedSizePerReady:  1 << 30,
		MaxInflightMsgs:           c.Window,
		CheckQuorum:               c.CheckQuorum,
		PreVote:                   c.PreVote,
		DisableProposalForwarding: true,
		Logger:                    logger{},
	}
	if c.Reads == ReadLease {
		r.ReadOnlyOption = etcd.ReadOnlyLeaseBased
	}
	return r
}

// number is raft's name for a node, which must not be 0.
func number(id sim.NodeID) uint64 { return uint64(id) + 1 }

// node is the node that raft calls n; Nobody for none.
func node(n uint64) sim.NodeID { return sim.NodeID(n) - 1 }
