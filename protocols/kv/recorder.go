package kv

import (
	"cmp"
	"slices"

	"lightcone/sim"
	"lightcone/sim/check"
)

// Invoked is the note that a client makes when it asks for something, and Returned when it knows what came of it: by them
// a Recorder makes the run's history.
type (
	Invoked struct {
		ID uint64 // the client's number for the operation; the upper half counts its restarts
		Op Op
	}
	Returned struct {
		ID      uint64
		Outcome check.Outcome
		Result  Result
	}
)

// Recorder is an observer that makes the history of a run out of the notes of its clients. It may observe one run after
// the other, and has the history of the last.
type Recorder struct {
	ops   []check.Operation
	lives []uint64     // by operation: which life of its client asked
	index map[name]int // where an operation is in ops
	nodes sim.NodeID   // how many there are
	last  uint64       // the latest record
}

// name names an operation of a run.
type name struct {
	client sim.NodeID
	id     uint64
}

// NewRecorder returns an observer for sim.Config.Observers.
func NewRecorder() *Recorder { return &Recorder{index: map[name]int{}} }

// Wants says which events it needs: notes, and the start of every node.
func (r *Recorder) Wants(k sim.Kind) bool { return k == sim.Note || k == sim.Init }

// Observe takes down what a client notes.
func (r *Recorder) Observe(e *sim.Event) {
	if e.ID <= r.last { // another run
		*r = *NewRecorder()
	}
	r.last = e.ID
	r.nodes = max(r.nodes, e.Node+1)
	switch v := e.Value.(type) {
	case Invoked:
		r.index[name{e.Node, v.ID}] = len(r.ops)
		r.lives = append(r.lives, v.ID>>32)
		r.ops = append(r.ops, check.Operation{Client: int(e.Node), Op: v.Op, Invoke: e.Time, Return: sim.Never})
	case Returned:
		i, ok := r.index[name{e.Node, v.ID}]
		if !ok {
			return
		}
		delete(r.index, name{e.Node, v.ID})
		if v.Outcome != check.Unknown {
			r.ops[i].Outcome, r.ops[i].Result, r.ops[i].Return = v.Outcome, v.Result, e.Time
		}
	}
}

// History returns the operations that were asked for before end, as much as was known of them then: one that returned
// later is open, as is one whose client crashed. A client is numbered by its node, plus the number of nodes for every
// restart, as each life of it knows nothing of the one before.
func (r *Recorder) History(end sim.Time) check.History {
	n, _ := slices.BinarySearchFunc(r.ops, end, func(o check.Operation, end sim.Time) int { return cmp.Compare(o.Invoke, end) })
	h := slices.Clone(check.History(r.ops[:n]))
	for i := range h {
		h[i].ID = i
		h[i].Client += int(r.lives[i]) * int(r.nodes)
		if h[i].Return >= end {
			h[i].Outcome, h[i].Result, h[i].Return = check.Unknown, Result{}, sim.Never
		}
	}
	return h
}
