package protocols_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// regress runs traffic on nodes that crash and recover, with a slow disk, and counts the events after a crash whose
// stamps, by any of the logical clocks, do not come after what the node had told others before.
func regress(t *testing.T, seed uint64, durable bool) (regressed, crashes, lost int) {
	t.Helper()
	params := traffic.Params{Interval: 10 * time.Millisecond, LocalShare: 0.3, Durable: durable}
	var faults sim.Schedule
	for i := range sim.Time(20) {
		at := sim.Time(40*time.Millisecond)*(i+1) + i*i*100_000
		id := sim.NodeID(i % 3)
		faults = append(faults, sim.At{Time: at, Action: sim.CrashDuring{Node: id, After: int(i) % 4}},
			sim.At{Time: at + sim.Time(25*time.Millisecond), Action: sim.Recover{Node: id}})
	}
	told := map[sim.NodeID]protocols.Stamp{} // the last stamp that a node sent
	after := map[sim.NodeID]bool{}           // it has crashed since
	w, err := sim.New(sim.Config{
		Seed: seed, Nodes: 3, Strict: true, Until: sim.Time(time.Second), Faults: []sim.Fault{faults},
		New:        func(id sim.NodeID) sim.Process { return protocols.NewClocks(id, 3, params) },
		Disk:       sim.LatentDisk{Min: time.Millisecond, Max: 8 * time.Millisecond, Kept: 0.2, Torn: 0.4},
		Properties: traffic.Properties[protocols.Stamp](),
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			switch {
			case e.Kind == sim.Crashed:
				crashes++
				after[e.Node] = true
			case e.Kind == sim.WriteLost:
				lost++
			case e.Kind == sim.Send:
				told[e.Node] = e.Value.(traffic.Message[protocols.Stamp]).Stamp
			case e.Kind == sim.Note && after[e.Node]:
				before, now := told[e.Node], e.Value.(protocols.Stamp)
				if !(before.Lamport.Time < now.Lamport.Time && before.Vector.Before(now.Vector) && before.HLC.Before(now.HLC)) {
					regressed++
				}
				after[e.Node] = false
			}
		})},
	})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return regressed, crashes, lost
}

// What is durable before it is told is not forgotten: neither crashes in the middle of a handler nor torn writes make
// a clock go back behind what others know of it.
func TestDurableClocksSurviveCrashes(t *testing.T) {
	var volatileRegressed int
	for seed := range uint64(20) {
		regressed, crashes, lost := regress(t, seed, true)
		require.Zero(t, regressed, "seed %d", seed)
		require.NotZero(t, crashes, "seed %d: nothing was tested", seed)
		require.NotZero(t, lost, "seed %d: no write was lost: nothing was tested", seed)
		regressed, _, _ = regress(t, seed, false)
		volatileRegressed += regressed
	}
	require.NotZero(t, volatileRegressed, "volatile clocks did not go back either: nothing was tested")
}
