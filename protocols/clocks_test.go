package protocols_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/traffic"
	"lightcone/protocols/vector"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// skewed is a clock whose wall reading is off by a constant, different for each node.
type skewed struct {
	sim.PerfectClock
	by time.Duration
}

func (s skewed) Wall(t sim.Time) sim.Local { return sim.Local(t.Add(s.by)) }

// jitter delivers everything after 1 to 30 ms.
type jitter struct{}

func (jitter) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	return append(dst, sim.Copy{Delay: r.Duration(time.Millisecond, 30*time.Millisecond)})
}

func clocksConfig() sim.Config {
	const nodes = 4
	params := traffic.Params{Interval: 10 * time.Millisecond, LocalShare: 0.25}
	return sim.Config{
		Nodes: nodes,
		New:   func(id sim.NodeID) sim.Process { return protocols.NewClocks(id, nodes, params) },
		Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			return skewed{by: time.Duration(id) * -25 * time.Millisecond}
		},
		Network:    jitter{},
		Until:      sim.Time(time.Second),
		Properties: traffic.Properties[protocols.Stamp](),
	}
}

func TestClocksFollowHappenedBefore(t *testing.T) { simtest.Run(t, clocksConfig(), simtest.Options{}) }
func TestClocksContract(t *testing.T)             { simtest.TestProcess(t, clocksConfig()) }
func TestClocksDeterminism(t *testing.T)          { simtest.Determinism(t, clocksConfig()) }

// Judged by the vector clock, which is exact, over all pairs of events of a run: the Lamport and hybrid clocks follow
// happened-before, the wall clock inverts some of it, and the converse fails for Lamport: it orders concurrent events.
func TestWhatEachClockTells(t *testing.T) {
	var stamps []protocols.Stamp
	cfg := clocksConfig()
	cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.Note {
			s := e.Value.(protocols.Stamp)
			require.Equal(t, e.Wall, s.Wall)
			require.Equal(t, e.Node, s.Lamport.Node)
			stamps = append(stamps, s)
		}
	})}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)

	inverted, falselyOrdered := 0, 0
	for j, b := range stamps {
		for _, a := range stamps[:j] {
			switch a.Vector.Compare(b.Vector) {
			case vector.Before:
				require.Less(t, a.Lamport.Time, b.Lamport.Time, "%v -> %v", a, b)
				require.True(t, a.HLC.Before(b.HLC), "%v -> %v", a, b)
				if a.Wall > b.Wall {
					inverted++
				}
			case vector.Concurrent:
				if a.Lamport.Time < b.Lamport.Time {
					falselyOrdered++
				}
			default:
				t.Fatalf("%v came before %v", a, b)
			}
		}
	}
	require.Positive(t, inverted)
	require.Positive(t, falselyOrdered)
}
