package raft_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

const ms = time.Millisecond

// untidy is the network of the hunts: it loses and duplicates 5 % of the messages each, and delivers 5 % of the copies
// late by 20 to 420 ms, others after 1 to 3 ms. It is kind to clients among themselves, who say nothing.
type untidy struct{ loss, dup, late float64 }

func (u untidy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(u.loss) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	copies := 1
	if r.Bool(u.dup) {
		copies = 2
	}
	for range copies {
		d := r.Duration(ms, 3*ms)
		if r.Bool(u.late) {
			d += r.Duration(20*ms, 420*ms)
		}
		dst = append(dst, sim.Copy{Delay: d})
	}
	return dst
}

var hostile = untidy{.05, .05, .05}

// trouble crashes and restarts servers, one at a time, and partitions them, until two thirds of the run are over.
func trouble(servers int, until time.Duration) sim.Fault {
	var all []sim.NodeID
	for id := range sim.NodeID(servers) {
		all = append(all, id)
	}
	return fault.Model{
		Laws: []fault.Law{
			fault.Renewal{Nodes: all, Up: dist.Exponential{Mean: 5e9}, Down: dist.Exponential{Mean: 5e8}},
			fault.Partitions{Up: dist.Exponential{Mean: 3e9}, Down: dist.Uniform{Lo: 2e8, Hi: 2e9}},
		},
		Until:  sim.Time(until),
		Budget: fault.Budget{F: servers / 2, Of: fault.Stopped},
	}
}

// pauses stops servers for a while, as a virtual machine that is moved: their clocks go on.
func pauses(servers int, until time.Duration) sim.Fault {
	var all []sim.NodeID
	for id := range sim.NodeID(servers) {
		all = append(all, id)
	}
	return fault.Model{
		Laws:  []fault.Law{fault.Renewal{Kind: fault.Pause, Nodes: all, Up: dist.Exponential{Mean: 3e9}, Down: dist.Exponential{Mean: 3e8}}},
		Until: sim.Time(until),
	}
}

// cluster is servers with clients.
type cluster struct {
	raft.Config
	clients  int
	workload kv.Workload
	plain    bool // no tokens
	contacts []sim.NodeID
}

func (c cluster) client() kv.ClientConfig {
	w := c.workload
	if w == nil {
		w = kv.Plain{Keys: 3, Think: 40 * ms, Gets: 2, Puts: 2, Appends: 1}
	}
	return kv.ClientConfig{Servers: c.Servers, Workload: w, Timeout: 200 * ms, Deadline: 5 * time.Second, Contacts: c.contacts,
		Retry: kv.FullJitter{Base: 5 * ms, Cap: 500 * ms}, Tokens: !c.plain, Sticky: true}
}

// config is a run of the cluster, in which the claims of package consensus are checked.
func (c cluster) config(t testing.TB) sim.Config {
	t.Helper()
	servers, err := raft.Factory(c.Config)
	require.NoError(t, err)
	clients := c.client()
	require.NoError(t, clients.Validate())
	return sim.Config{
		Nodes: c.Servers + c.clients,
		New: func(id sim.NodeID) sim.Process {
			if int(id) < c.Servers {
				return servers(id)
			}
			return kv.NewClient(clients)
		},
		Network:    sim.ConstantDelay(ms),
		Disk:       sim.LatentDisk{Min: ms / 10, Max: 2 * ms, Kept: .3, Torn: .2},
		Properties: consensus.Properties(c.Servers),
	}
}

// world starts a run.
func (c cluster) world(t testing.TB, seed uint64, change func(*sim.Config)) *sim.World {
	t.Helper()
	cfg := c.config(t)
	cfg.Seed = seed
	cfg.Strict = true
	if change != nil {
		change(&cfg)
	}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	return w
}

// leaderOf returns who leads the highest term, sim.Nobody if none does.
func leaderOf(v sim.View, servers int) sim.NodeID {
	leader, term := sim.Nobody, raft.Term(0)
	for id := range sim.NodeID(servers) {
		if p, ok := v.Process(id).(*raft.Process); ok && p.Leader() && p.Term() > term {
			leader, term = id, p.Term()
		}
	}
	return leader
}

func server(v sim.View, id sim.NodeID) *raft.Process { return v.Process(id).(*raft.Process) }
