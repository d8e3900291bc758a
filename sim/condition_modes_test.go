package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// randomTrouble draws an action among those that last, or harm a disk or a clock.
func randomTrouble(r *sim.Rand, nodes int) sim.Action {
	id := sim.NodeID(r.IntN(nodes))
	name := []string{"a", "b", "c"}[r.IntN(3)]
	switch r.IntN(18) {
	case 0:
		return sim.OmitSends{Name: name, Node: id, P: .5, Max: r.IntN(4)}
	case 1:
		return sim.OmitReceives{Name: name, Node: id, P: .5, Peers: []sim.NodeID{0}}
	case 2, 3, 4:
		return sim.Slow{Name: name, Node: id, Factor: 1 + float64(r.IntN(3)), Work: unit}
	case 5:
		return sim.SlowDisk{Name: name, Node: id, Factor: 3}
	case 6, 7:
		return sim.FullDisk{Name: name, Node: id}
	case 8:
		return sim.LoseWrites{Name: name, Node: id, P: .5}
	case 9:
		return sim.TearWrites{Name: name, Node: id, P: .5}
	case 10:
		return sim.Drift{Name: name, Node: id, PPM: []int{-300_000, 400_000}[r.IntN(2)]}
	case 11:
		return sim.StepClock{Node: id, By: 3 * unit}
	case 12:
		return sim.Disturb{Name: name, Loss: .2, Delay: unit, Jitter: 4 * unit}
	case 13:
		return []sim.Action{sim.LoseDisk{Node: id}, sim.Backup{Node: id}, sim.OldDisk{Node: id}}[r.IntN(3)]
	case 14:
		return sim.Rot{Node: id, Undetected: r.Bool(.5)}
	case 15:
		return sim.CrashDuring{Node: id, After: r.IntN(3)}
	default:
		return sim.Heal{Name: name}
	}
}

// troubled is a trial whose plan and driver also take to what randomTrouble draws.
func troubled(seed uint64) trial {
	r := sim.NewRand(seed, sim.ForStudy, 1)
	t := newTrial(seed)
	var plan sim.Schedule
	for _, e := range t.plan {
		plan = append(plan, e, sim.At{Time: e.Time, Action: randomTrouble(&r, t.nodes)})
	}
	t.plan = plan
	for i := range t.pieces {
		if r.Bool(.7) {
			t.pieces[i].act = randomTrouble(&r, t.nodes)
		}
	}
	return t
}

// What conditions do is the same in every mode: in both queues, in forks, in strict mode, with ties in order or shuffled.
func TestConditionsAreTheSameInEveryMode(t *testing.T) {
	seeds := uint64(80)
	if testing.Short() {
		seeds = 20
	}
	for _, shuffle := range []bool{false, true} {
		trace := func(t *testing.T, seed uint64, strict bool, change func(testing.TB, sim.Observer) func(int, *sim.World) *sim.World) []string {
			trial := troubled(seed)
			var rec recording
			cfg := trial.config(&rec)
			cfg.Shuffle, cfg.Strict = shuffle, strict
			w := trial.drive(t, newWorld(t, cfg), change(t, &rec))
			require.NoError(t, w.Act(sim.Heal{}))
			for id := range sim.NodeID(trial.nodes) {
				require.NoError(t, w.Act(sim.Resume{Node: id}))
			}
			require.NoError(t, w.RunUntil(at(1000)))
			require.NoError(t, sim.Audit(w))
			require.Zero(t, w.View().Stats().InFlight, "seed %d: nothing is lost track of", seed)
			return rec.lines()
		}
		for seed := range seeds {
			want := trace(t, seed, false, changeover(-1))
			requireSame(t, int(seed), want, trace(t, seed, true, changeover(0)))
			requireSame(t, int(seed), want, trace(t, seed, false, changeover(2)))
			requireSame(t, int(seed), want, trace(t, seed, false, forks(3)))
		}
	}
}
