package fault_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// note is what a process noted, and when.
type note struct {
	At   sim.Time
	Node sim.NodeID
	What any
}

// story is all that was noted in a run, and what else happened.
type story struct {
	notes  []note
	events []sim.Event
}

func (s *story) Observe(e *sim.Event) {
	if e.Kind == sim.Note {
		s.notes = append(s.notes, note{e.Time, e.Node, e.Value})
	}
	s.events = append(s.events, *e)
}

// count is how often that was noted, in [from, to).
func (s *story) count(what any, from, to sim.Time) int {
	n := 0
	for _, x := range s.notes {
		if x.What == what && x.At >= from && x.At < to {
			n++
		}
	}
	return n
}

// some returns the events of a kind on a node.
func (s *story) some(kind sim.Kind, node sim.NodeID) []sim.Event {
	var list []sim.Event
	for _, e := range s.events {
		if e.Kind == kind && e.Node == node {
			list = append(list, e)
		}
	}
	return list
}

func ms(n int) sim.Time { return sim.Time(n) * sim.Time(time.Millisecond) }

func when(n int, a sim.Action) sim.At { return sim.At{Time: ms(n), Action: a} }

// trial is a failure, and a claim that a protocol may keep in spite of it.
type trial struct {
	nodes    int
	until    int // ms
	faults   sim.Schedule
	disk     sim.Disk
	failStop *sim.FailStop
	claim    func(s *story) bool
	onlyThen bool // the claim is about the failure: without it there is nothing to claim
}

func (x trial) run(t *testing.T, seed uint64, faults sim.Schedule, p sim.Process) *story {
	t.Helper()
	s := &story{}
	w, err := sim.New(sim.Config{
		Seed: seed, Nodes: x.nodes, Until: ms(x.until), Strict: true, Disk: x.disk, FailStop: x.failStop,
		New:    func(sim.NodeID) sim.Process { return p.(sim.Cloner).Clone() },
		Faults: []sim.Fault{faults}, Observers: []sim.Observer{s},
	})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return s
}

// seeds of the trials: both protocols meet the same failures under each.
var seeds = []uint64{1, 2, 3}

// breaks requires that the protocol keeps the claim when all is well, and not when the failure strikes.
func (x trial) breaks(t *testing.T, p sim.Process) {
	t.Helper()
	for _, seed := range seeds {
		if !x.onlyThen {
			require.True(t, x.claim(x.run(t, seed, nil, p)), "seed %d: %+v without a failure", seed, p)
		}
		require.False(t, x.claim(x.run(t, seed, x.faults, p)), "seed %d: %+v survives", seed, p)
	}
}

// survives requires that the protocol keeps the claim when the failure strikes. It returns one such run.
func (x trial) survives(t *testing.T, p sim.Process) *story {
	t.Helper()
	var s *story
	for _, seed := range seeds {
		s = x.run(t, seed, x.faults, p)
		require.True(t, x.claim(s), "seed %d: %+v breaks", seed, p)
	}
	return s
}

// asker is n0 that asks all others and is done when enough have answered.
type asker struct {
	Need  int
	Retry bool
	yes   [8]bool
}

func (p *asker) Clone() sim.Process { c := *p; return &c }
func (p *asker) Init(env *sim.Env) {
	if env.ID() == 0 {
		env.After(500*time.Millisecond, "ask")
	}
}
func (p *asker) Timeout(env *sim.Env, _ any) {
	env.Broadcast("ask")
	if p.Retry {
		env.After(100*time.Millisecond, "ask")
	}
}
func (p *asker) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if m == "ask" {
		env.Send(from, "yes")
		return
	}
	p.yes[from] = true
	n := 0
	for _, yes := range p.yes {
		if yes {
			n++
		}
	}
	if n == p.Need {
		env.Note("done")
	}
}

func done(s *story) bool { return s.count("done", 0, sim.Never) > 0 }

// Fail-silent: from its crash on a node does nothing. Who waits for all waits for ever.
func TestFailSilent(t *testing.T) {
	x := trial{nodes: 3, until: 2000, faults: sim.Schedule{when(250, sim.Crash{Node: 2})}, claim: done}
	x.breaks(t, &asker{Need: 2, Retry: true})
	s := x.survives(t, &asker{Need: 1, Retry: true})
	for _, kind := range []sim.Kind{sim.Deliver, sim.Timeout, sim.Send, sim.Note} {
		require.Empty(t, s.some(kind, 2), "of a node that is down")
	}
}

// Omission: some messages are not sent, not received, or lost, and all others are well. Who says a thing once is not heard.
func TestOmissionAndLoss(t *testing.T) {
	for name, c := range map[string]struct {
		cause sim.Cause
		act   sim.Action
	}{
		"send omission":    {sim.Omission, sim.OmitSends{Name: "x", Node: 0, P: 1, Max: 3}},
		"receive omission": {sim.Omission, sim.OmitReceives{Name: "x", Node: 1, P: 1, Max: 2}},
		"loss burst":       {sim.Loss, sim.Disturb{Name: "x", Loss: 1}},
		"partition":        {sim.Partition, sim.Cut{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}}},
		"one way":          {sim.Partition, sim.Cut{Name: "x", From: []sim.NodeID{1}, To: []sim.NodeID{0}, OneWay: true}},
	} {
		t.Run(name, func(t *testing.T) {
			x := trial{nodes: 3, until: 2000, faults: sim.Schedule{when(250, c.act), when(1000, sim.Heal{Name: "x"})}, claim: done}
			x.breaks(t, &asker{Need: 2})
			s := x.survives(t, &asker{Need: 2, Retry: true})
			lost := 0
			for _, e := range s.some(sim.Drop, sim.Nobody) {
				require.Equal(t, c.cause, e.Cause)
				require.Less(t, e.Time, ms(1001), "healed")
				lost++
			}
			require.NotZero(t, lost)
		})
	}
}
