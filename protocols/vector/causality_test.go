package vector_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/traffic"
	"lightcone/protocols/vector"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// history is an Observer that knows happened-before from the events alone: a stamped event comes after the one before
// it on its node and, if it is a receipt, after the sending that its Link names.
type history struct {
	stamps []vector.Vector
	direct [][]int // the events directly before each
	last   map[sim.NodeID]int
	sends  map[uint64]int        // by the record of the Send
	cause  map[sim.NodeID]uint64 // of the handler under way: the Send that it received
	sent   map[sim.NodeID]uint64 // of the handler under way: the Send that it made
}

func newHistory() *history {
	return &history{last: map[sim.NodeID]int{}, sends: map[uint64]int{}, cause: map[sim.NodeID]uint64{}, sent: map[sim.NodeID]uint64{}}
}

func (h *history) Observe(e *sim.Event) {
	switch e.Kind {
	case sim.Deliver:
		h.cause[e.Node], h.sent[e.Node] = e.Link, 0
	case sim.Timeout:
		h.cause[e.Node], h.sent[e.Node] = 0, 0
	case sim.Send:
		h.sent[e.Node] = e.ID
	case sim.Note:
		h.stamped(e.Node, e.Value.(vector.Vector))
	}
}

func (h *history) stamped(node sim.NodeID, v vector.Vector) {
	i := len(h.stamps)
	var direct []int
	if p, ok := h.last[node]; ok {
		direct = append(direct, p)
	}
	if s := h.cause[node]; s != 0 {
		direct = append(direct, h.sends[s])
	}
	if s := h.sent[node]; s != 0 {
		h.sends[s] = i
	}
	h.stamps, h.direct, h.last[node] = append(h.stamps, v), append(h.direct, direct), i
}

// closure returns before[j][i]: event i happened before event j. Events are listed in an order that extends
// happened-before, so one pass does.
func (h *history) closure() [][]bool {
	before := make([][]bool, len(h.stamps))
	for j := range before {
		before[j] = make([]bool, len(h.stamps))
		for _, i := range h.direct[j] {
			before[j][i] = true
			for k, earlier := range before[i] {
				before[j][k] = before[j][k] || earlier
			}
		}
	}
	return before
}

func config() sim.Config {
	const nodes = 4
	params := traffic.Params{Interval: 10 * time.Millisecond, LocalShare: 0.3}
	return sim.Config{
		Seed:       1,
		Nodes:      nodes,
		New:        func(id sim.NodeID) sim.Process { return vector.NewTraffic(id, nodes, params) },
		Network:    untidy{},
		Until:      sim.Time(time.Second),
		Properties: vector.TrafficProperties(),
	}
}

// untidy loses a tenth, doubles a tenth, and reorders the rest.
type untidy struct{}

func (untidy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	late := func() sim.Copy { return sim.Copy{Delay: r.Duration(time.Millisecond, 40*time.Millisecond)} }
	switch r.IntN(10) {
	case 0:
		return dst
	case 1:
		return append(dst, late(), late())
	}
	return append(dst, late())
}

// a -> b if and only if V(a) < V(b), for all pairs of events of a run.
func TestVectorClocksAreExact(t *testing.T) {
	h := newHistory()
	cfg := config()
	cfg.Observers = []sim.Observer{h}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.Greater(t, len(h.stamps), 300)

	ordered, concurrent := 0, 0
	before := h.closure()
	for j := range h.stamps {
		for i := range j {
			want := vector.Concurrent
			if before[j][i] {
				want = vector.Before
				ordered++
			} else {
				concurrent++
			}
			if got := h.stamps[i].Compare(h.stamps[j]); got != want {
				t.Fatalf("event %d (%v) and event %d (%v) compare as %v, but are %v", i, h.stamps[i], j, h.stamps[j], got, want)
			}
		}
	}
	require.Positive(t, ordered)
	require.Positive(t, concurrent)
}

func TestProperties(t *testing.T)  { simtest.Run(t, config(), simtest.Options{}) }
func TestContract(t *testing.T)    { simtest.TestProcess(t, config()) }
func TestDeterminism(t *testing.T) { simtest.Determinism(t, config()) }

// omniscient is a clock that claims to know an event of everybody that has not happened.
type omniscient struct{ id sim.NodeID }

func (o omniscient) Local(*sim.Env) vector.Vector                      { return vector.Vector{7, 7} }
func (o omniscient) Send(*sim.Env) vector.Vector                       { return vector.Vector{7, 7} }
func (o omniscient) Receive(_ *sim.Env, _ vector.Vector) vector.Vector { return vector.Vector{7, 7} }
func (o omniscient) Clone() traffic.Clock[vector.Vector]               { return o }

func TestKnowingTheFutureIsCaught(t *testing.T) {
	cfg := config()
	cfg.Nodes = 2
	cfg.New = func(id sim.NodeID) sim.Process {
		p := vector.NewTraffic(id, 2, traffic.Params{Interval: time.Millisecond})
		if id == 0 {
			p.Clock, p.Before = omniscient{id}, nil
		}
		return p
	}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.Equal(t, sim.Violation, r.Verdict)
	require.ErrorContains(t, r.Err, "nobody knows the future")
}
