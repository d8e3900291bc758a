package quorum

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// operation is a read or a write of a register under way.
type operation struct {
	id      uint64
	client  sim.NodeID
	request uint64
	op      kv.Op
	timer   sim.Timer
	again   sim.Timer

	storing bool // the second phase
	got     Set  // the servers that have answered in this phase
	best    []Version
}

func (o *operation) number() uint64    { return o.id }
func (o *operation) about() string     { return o.op.Key }
func (o *operation) writes() bool      { return o.op.Kind == kv.Put }
func (o *operation) clone() *operation { c := *o; return &c }
