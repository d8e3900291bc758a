package quorum_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// The registers of ABD stand any minority of crashed servers, but not one that lies: a read takes the latest value that
// any single server of its quorum claims to have. Here n4 makes one up, and coordinators that are honest return it, to
// clients that never spoke to the liar. (A quorum system in which the honest are in the majority of every intersection
// stands it: Malkhi and Reiter, Byzantine quorum systems, Distributed Computing 11, 1998.)
func TestALiarsValueIsRead(t *testing.T) {
	makesUp := fault.Lies(func(p *sim.Packet, r *sim.Rand) []sim.Message {
		if m, ok := p.Message.(quorum.ReadReply); ok {
			return []sim.Message{m.Falsify(p.To, r)}
		}
		return []sim.Message{p.Message}
	})
	invented := func(what sim.At) (reads, broken int) {
		cfg := registerWorld(registers["majority"])
		cfg.Properties = nil // what they say of stamps falls too
		rec := kv.NewRecorder()
		cfg.Observers = []sim.Observer{rec}
		cfg.Liars = map[string]sim.Liar{"makes up": makesUp}
		cfg.Faults = []sim.Fault{sim.Schedule{what}}
		simtest.Run(t, cfg, simtest.Options{Runs: 3, Check: func(v sim.View, _ *sim.Result) error {
			h := rec.History(sim.Never)
			for _, o := range h {
				if o.Op.Kind == kv.Get && strings.Contains(o.Result.Value, "made up") {
					reads++
				}
			}
			_, err := judge(h)
			if err != nil {
				broken++
			}
			return nil
		}})
		return reads, broken
	}
	reads, broken := invented(sim.At{Action: sim.Lie{Name: "l", Node: 4, How: "makes up"}})
	require.NotZero(t, reads)
	require.NotZero(t, broken)
	reads, broken = invented(sim.At{Action: sim.Crash{Node: 4}})
	require.Zero(t, reads+broken, "what they stand instead")
}
