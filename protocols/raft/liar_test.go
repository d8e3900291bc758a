package raft_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// Raft stands crashes and losses of all kinds, but no server that lies: it believes what each of a majority says, and two
// majorities need only have the liar in common.

// fallen runs a cluster of three with a liar, or with a server that is down instead, over seeds, and returns in how many
// runs a claim of package consensus falls: the one of that name, any of them for "".
func fallen(t *testing.T, claim string, what sim.At, l sim.Liar) (runs int) {
	t.Helper()
	c := cluster{Config: raft.Config{Servers: 3, ElectionMin: 150 * ms, ElectionMax: 180 * ms, Heartbeat: 50 * ms}, clients: 2}
	for seed := range uint64(20) {
		w := c.world(t, seed, func(cfg *sim.Config) {
			cfg.Network = sim.ConstantDelay(10 * ms)
			cfg.Until = sim.Time(2 * time.Second)
			cfg.Liars = map[string]sim.Liar{"liar": l}
			cfg.Faults = []sim.Fault{sim.Schedule{what}}
			cfg.Properties = slices.DeleteFunc(cfg.Properties, func(p sim.Property) bool { return claim != "" && p.Name != claim })
			require.NotEmpty(t, cfg.Properties)
		})
		if r := w.Run(); r.Verdict == sim.Violation {
			runs++
		} else {
			require.NoError(t, r.Err)
		}
	}
	return runs
}

// A server that votes for everybody who asks makes two leaders of one term.
func TestALiarVotesTwice(t *testing.T) {
	votes := fault.Lies(func(p *sim.Packet, _ *sim.Rand) []sim.Message {
		if m, ok := p.Message.(raft.RequestVoteReply); ok {
			m.Granted = true
			return []sim.Message{m}
		}
		return []sim.Message{p.Message}
	})
	require.NotZero(t, fallen(t, "election safety", sim.At{Action: sim.Lie{Name: "l", Node: 2, How: "liar"}}, votes))
	require.Zero(t, fallen(t, "", sim.At{Action: sim.Crash{Node: 2}}, fault.Honest{}), "what it stands instead")
}

// A leader that tells one follower other values has them committed: two servers apply different commands at one place.
func TestALeaderWithTwoFaces(t *testing.T) {
	lie := sim.At{Action: sim.Lie{Name: "l", Node: 0, How: "liar"}}
	require.NotZero(t, fallen(t, "state machine safety", lie, fault.TwoFaced{To: []sim.NodeID{1}}))
	require.Zero(t, fallen(t, "", lie, fault.Honest{}))
	require.Zero(t, fallen(t, "", lie, fault.Silent{}), "silence is no more than a crash")
	require.Zero(t, fallen(t, "", lie, fault.Replaying{P: 0.3}), "nor is repetition more than a network that duplicates and delays")
}
