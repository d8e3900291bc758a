package raft

import (
	"math/bits"

	"lightcone/sim"
)

// maxServers is how many servers a set can hold.
const maxServers = 64

// set is a set of servers.
type set uint64

func setOf(ids []sim.NodeID) set {
	var s set
	for _, id := range ids {
		s = s.with(id)
	}
	return s
}

func (s set) has(id sim.NodeID) bool    { return uint32(id) < maxServers && s&(1<<uint(id)) != 0 }
func (s set) with(id sim.NodeID) set    { return s | 1<<uint(id) }
func (s set) without(id sim.NodeID) set { return s &^ (1 << uint(id)) }
func (s set) len() int                  { return bits.OnesCount64(uint64(s)) }
func (s set) first() (id sim.NodeID)    { return sim.NodeID(bits.TrailingZeros64(uint64(s))) }
func (s set) rest() set                 { return s & (s - 1) }

// nodes lists the members in order; nil for none.
func (s set) nodes() []sim.NodeID {
	if s == 0 {
		return nil
	}
	ids := make([]sim.NodeID, 0, s.len())
	for ; s != 0; s = s.rest() {
		ids = append(ids, s.first())
	}
	return ids
}
