package primarybackup_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
)

// tell has a watch observe notes and faults of nodes 1 and 2, one every ten milliseconds.
func tell(w *pb.Watch, what ...any) {
	for i, v := range what {
		e := &sim.Event{ID: uint64(i + 1), Time: sim.Time(i) * sim.Time(10*time.Millisecond), Kind: sim.Note}
		switch v := v.(type) {
		case by:
			e.Node, e.Value = v.node, v.note
		case sim.Crash:
			e.Node, e.Kind = v.Node, sim.Crashed
		case sim.Pause:
			e.Node, e.Kind = v.Node, sim.Paused
		case sim.Resume:
			e.Node, e.Kind = v.Node, sim.Resumed
		}
		w.Observe(e)
	}
}

type by struct {
	node sim.NodeID
	note any
}

func ack(node sim.NodeID, view pb.Number, index uint64) by {
	return by{node, pb.Acknowledged{At: pb.Position{View: view, Index: index}}}
}

func serves(node sim.NodeID, view pb.Number, log ...pb.Span) by {
	return by{node, pb.Serving{Number: view, Log: log}}
}

func TestWatchSplitBrain(t *testing.T) {
	w := pb.NewWatch()
	tell(w,
		serves(1, 1),
		ack(1, 1, 1),
		serves(2, 2, pb.Span{View: 1, Last: 1}), // 20 ms
		ack(1, 1, 2),
		ack(2, 2, 2),
		ack(1, 1, 3),
		by{1, pb.Stopped{Number: 1}}, // 60 ms
	)
	require.Equal(t, pb.Report{
		Overlap: 40 * time.Millisecond, Acknowledged: 4, Contested: 2, Lost: 2, Reach: 20 * time.Millisecond, Gap: 20 * time.Millisecond,
	}, w.Report(sim.Time(time.Second)))
}

func TestWatchCrash(t *testing.T) {
	w := pb.NewWatch()
	tell(w,
		serves(1, 1),
		ack(1, 1, 1),
		ack(1, 1, 2),
		ack(1, 1, 3),
		sim.Crash{Node: 1}, // 40 ms
		serves(2, 2, pb.Span{View: 1, Last: 1}),
		ack(2, 2, 2), // 60 ms
	)
	require.Equal(t, pb.Report{
		Acknowledged: 4, Lost: 2, Reach: 20 * time.Millisecond, Gap: 30 * time.Millisecond,
		Takeovers: []time.Duration{10 * time.Millisecond}, Downtimes: []time.Duration{20 * time.Millisecond},
	}, w.Report(sim.Time(time.Second)))
}

// A paused primary accepts nothing, and is one of two when it goes on.
func TestWatchPause(t *testing.T) {
	w := pb.NewWatch()
	tell(w, serves(1, 1), sim.Pause{Node: 1}, serves(2, 2), sim.Resume{Node: 1}) // 30 ms
	require.Equal(t, 70*time.Millisecond, w.Report(sim.Time(100*time.Millisecond)).Overlap)
	tell(w, serves(1, 1)) // another run
	require.Equal(t, pb.Report{}, w.Report(sim.Time(time.Second)))
}
