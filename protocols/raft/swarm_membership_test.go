package raft_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// restless asks all servers for another membership or another leader, again and again, until a time. It does not care for
// the answers.
type restless struct {
	servers int
	until   time.Duration
}

func (a restless) Init(env *sim.Env)                         { env.After(100*ms, nil) }
func (a restless) Receive(*sim.Env, sim.NodeID, sim.Message) {}

func (a restless) Timeout(env *sim.Env, _ any) {
	var m raft.Message = raft.TransferRequest{To: sim.NodeID(env.Rand().IntN(a.servers))}
	if env.Rand().Bool(.7) {
		m = a.change(env.Rand())
	}
	for id := range sim.NodeID(a.servers) {
		env.Send(id, m)
	}
	if env.Now() < sim.Local(a.until) {
		env.After(env.Rand().Duration(5*ms, 250*ms), nil)
	}
}

// change draws one voter or more, and learners among the others.
func (a restless) change(r *sim.Rand) raft.ChangeRequest {
	m := raft.ChangeRequest{Joint: r.Bool(.3)}
	voters := 1 + r.IntN(a.servers)
	for i, id := range r.Perm(a.servers) {
		switch {
		case i < voters:
			m.Voters = append(m.Voters, sim.NodeID(id))
		case r.Bool(.5):
			m.Learners = append(m.Learners, sim.NodeID(id))
		}
	}
	return m
}

// Members, leaders and snapshots change all the time, under all that the other swarms have too: torn writes, crashes in
// the middle of a handler, pauses, clocks at their bound.
func TestSwarmThatIsReconfigured(t *testing.T) {
	const bound = 200_000 // ppm
	for i, s := range []raft.Config{
		{Servers: 5, PreVote: true, CheckQuorum: true, Reads: raft.ReadLease, FollowerReads: true, DriftBound: bound, SnapshotEvery: 3, SnapshotChunk: 50},
		{Servers: 4, CheckQuorum: true, Reads: raft.ReadLease, DriftBound: bound, SnapshotEvery: 5, SnapshotKeep: 2, MaxBatch: 1},
		{Servers: 5, Reads: raft.ReadIndex, FollowerReads: true, SnapshotEvery: 2, Voters: nodes(0, 1)},
		{Servers: 3, PreVote: true, NoEntryAtTermStart: true, SnapshotEvery: 4, Window: 1, SessionExpiry: 2 * time.Second},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) { judged(t, reconfigured(t, s, bound), 15) })
	}
}

func reconfigured(t *testing.T, s raft.Config, bound int) sim.Config {
	const lasts, healed = 9 * time.Second, 6 * time.Second
	cfg := hunted(t, s, lasts)
	node, rate, admin := cfg.New, drifting(bound), sim.NodeID(cfg.Nodes)
	cfg.Nodes++
	cfg.New = func(id sim.NodeID) sim.Process {
		switch {
		case id == admin:
			return restless{s.Servers, healed}
		case int(id) >= s.Servers:
			return kv.NewClient(cluster{Config: s, workload: kv.Plain{Keys: 2, Think: 8 * ms, Gets: 3, Puts: 2, Appends: 1}}.client())
		}
		return node(id)
	}
	cfg.Clock = func(id sim.NodeID, r *sim.Rand) sim.Clock {
		if int(id) >= s.Servers {
			return nil
		}
		return rate(id, r)
	}
	midway := fault.Renewal{Kind: fault.Midway, Effects: 5, Nodes: nodes(0, 1, 2), Up: dist.Exponential{Mean: 1e9}, Down: dist.Exponential{Mean: 1e8}}
	cfg.Faults = append(cfg.Faults, pauses(s.Servers, healed), fault.Model{Laws: []fault.Law{midway}, Until: sim.Time(healed)})
	return cfg
}

// Nothing in it is directed, and yet it goes where two changes at a time do harm (§4.1).
func TestReconfiguredSwarmFindsTwoChangesAtATime(t *testing.T) {
	cfg := reconfigured(t, raft.Config{Servers: 5, Bug: raft.ChangeWhileChanging}, 0)
	for cfg.Seed = 1; cfg.Seed <= 60; cfg.Seed++ {
		w, err := sim.New(cfg)
		require.NoError(t, err)
		r := w.Run()
		w.Close()
		if r.Verdict == sim.Violation {
			require.ErrorContains(t, r.Err, `"configurations intersect"`)
			return
		}
	}
	t.Error("no violation in 60 seeds, want configurations that miss each other")
}
