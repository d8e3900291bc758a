package raft_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/clock"
	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// settings are the ways to run a cluster that the swarm goes through.
var settings = []raft.Config{
	{Servers: 5},
	{Servers: 5, PreVote: true, CheckQuorum: true, Reads: raft.ReadIndex, SnapshotEvery: 30, SnapshotKeep: 5},
	{Servers: 5, Reads: raft.ReadIndex, FollowerReads: true, SnapshotEvery: 20, SnapshotChunk: 64},
	{Servers: 4, NoEntryAtTermStart: true, MaxBatch: 1, Window: 1},
	{Servers: 3, CheckQuorum: true, Reads: raft.ReadLease, DriftBound: 100},
	{Servers: 3, NoEntryAtTermStart: true, MaxBatch: 1, SnapshotEvery: 7, SnapshotChunk: 100},
	{Servers: 5, PreVote: true, CheckQuorum: true, Reads: raft.ReadLease, FollowerReads: true, Window: 2},
}

// hunted is a run under everything that may go wrong for two thirds of it; then a leader must emerge and commit.
func hunted(t testing.TB, s raft.Config, lasts time.Duration) sim.Config {
	healed := lasts * 2 / 3
	cfg := cluster{Config: s, clients: 3}.config(t)
	cfg.Until = sim.Time(lasts)
	cfg.Network = hostile
	cfg.Faults = []sim.Fault{trouble(s.Servers, healed)}
	cfg.Properties = append(cfg.Properties, consensus.Recovers(s.Servers, sim.Time(healed), lasts-healed))
	return cfg
}

// judged runs the swarm, and judges what clients saw too.
func judged(t *testing.T, cfg sim.Config, runs int) {
	t.Helper()
	if testing.Short() {
		runs = 1
	}
	seen := kv.NewRecorder()
	cfg.Observers = append(cfg.Observers, seen)
	simtest.Run(t, cfg, simtest.Options{Runs: runs, Check: func(sim.View, *sim.Result) error {
		if r := check.Linearizable(seen.History(sim.Never), check.Options{}); r.Verdict != check.Holds {
			return errors.New(r.String())
		}
		return nil
	}})
}

func TestSwarm(t *testing.T) {
	for i, s := range settings {
		t.Run(fmt.Sprint(i), func(t *testing.T) { judged(t, hunted(t, s, 9*time.Second), 4) })
	}
}

// coverage is one of the claims of consensus.Coverage.
func coverage(t *testing.T, servers int, name string) sim.Property {
	t.Helper()
	for _, p := range consensus.Coverage(servers) {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no coverage %q", name)
	return sim.Property{}
}

// drifting lets clocks run as fast or as slow as the bound allows, each at one of the two extremes.
func drifting(bound int) func(sim.NodeID, *sim.Rand) sim.Clock {
	return func(_ sim.NodeID, r *sim.Rand) sim.Clock {
		by := clock.PPB(bound) * clock.PPM
		if r.Bool(.5) {
			by = -by
		}
		return clock.Drift{By: by}
	}
}

// At the stated bound of the drift no lease ever shows a stale value, whatever happens: crashes, partitions, pauses. Here
// the bound is coarse, so that it matters. The claim of a thousand seeds is -sim.runs=1000.
func TestLeaseSwarm(t *testing.T) {
	const bound = 200_000 // ppm
	for _, followers := range []bool{false, true} {
		cfg := hunted(t, raft.Config{Servers: 3, CheckQuorum: true, Reads: raft.ReadLease, FollowerReads: followers, DriftBound: bound}, 9*time.Second)
		cfg.Clock = drifting(bound)
		cfg.Faults = append(cfg.Faults, pauses(3, 6*time.Second))
		if !testing.Short() { // a single run need not show it
			cfg.Properties = append(cfg.Properties, coverage(t, 3, "two lead at once"))
		}
		judged(t, cfg, 4)
	}
}

// The swarm goes where it is dangerous.
func TestSwarmCovers(t *testing.T) {
	if testing.Short() {
		t.Skip("the swarm takes a second")
	}
	cfg := hunted(t, settings[2], 9*time.Second)
	cfg.Properties = append(cfg.Properties, consensus.Coverage(5)...)
	simtest.Run(t, cfg, simtest.Options{Lenient: true})
}

func TestContract(t *testing.T) {
	for _, s := range []raft.Config{settings[2], settings[6]} {
		s.ElectionMin, s.SnapshotEvery = 20*ms, 2
		cfg := hunted(t, s, time.Second)
		simtest.TestProcess(t, cfg)
	}
}

func TestDeterminism(t *testing.T) { simtest.Determinism(t, hunted(t, settings[1], 3*time.Second)) }

// The digest pins what a seed means: it changes only with the trace, and then the changelog says so.
func TestGolden(t *testing.T) {
	cfg := hunted(t, settings[1], 6*time.Second)
	cfg.Seed = 7
	w, err := sim.New(cfg)
	require.NoError(t, err)
	defer w.Close()
	require.NoError(t, w.Run().Err)
	require.Equal(t, "fe376164bd04c858", fmt.Sprintf("%016x", w.Digest()))
}
