package lamport_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/lamport"
	"lightcone/protocols/traffic"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func TestImplementationRules(t *testing.T) {
	var i, j lamport.Clock
	require.Less(t, i.Now(), i.Tick(), "IR1")
	tm := i.Send()
	require.Equal(t, i.Now(), tm, "IR2 a: T_m = C_i(a)")
	require.Greater(t, j.Receive(tm), tm, "IR2 b: more than T_m")
	for range 5 {
		j.Tick()
	}
	now := j.Now()
	require.Greater(t, j.Receive(tm), now, "IR2 b: at least the present value, and IR1")
}

// Stamps are ordered by time, and those of one time by process: every two of them are ordered.
func TestStampsOrderTotally(t *testing.T) {
	stamps := []lamport.Stamp{{Time: 1, Node: 0}, {Time: 1, Node: 1}, {Time: 2, Node: 0}, {Time: 3, Node: 0}}
	for i, a := range stamps {
		for j, b := range stamps {
			require.Equal(t, i < j, a.Before(b), "%v => %v", a, b)
		}
	}
}

func trafficConfig() sim.Config {
	params := traffic.Params{Interval: 10 * time.Millisecond, LocalShare: 0.3}
	return sim.Config{
		Nodes:      5,
		New:        func(sim.NodeID) sim.Process { return lamport.NewTraffic(params) },
		Network:    jitter{time.Millisecond, 40 * time.Millisecond},
		Until:      sim.Time(time.Second),
		Properties: lamport.TrafficProperties(),
	}
}

func TestClockCondition(t *testing.T) { simtest.Run(t, trafficConfig(), simtest.Options{}) }

func TestTrafficContract(t *testing.T) { simtest.TestProcess(t, trafficConfig()) }

func TestDeterminism(t *testing.T) { simtest.Determinism(t, trafficConfig()) }

// jitter delivers everything after a uniform time: links are not FIFO.
type jitter struct{ min, max time.Duration }

func (j jitter) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	return append(dst, sim.Copy{Delay: r.Duration(j.min, j.max)})
}
