package quorum

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// begun is which writes a coordinator has begun, by client, so that a request that is repeated, or delivered twice, is
// not executed again. Of each client it remembers the latest; what is older than those counts as begun. It is immutable.
type begun []begunOf

// begunOf is which writes of one client were begun: those in Requests, and all below Floor.
type begunOf struct {
	Client   sim.NodeID
	Floor    uint64
	Requests []uint64 // ascending
}

// remembered is how many writes of a client are remembered one by one. A client that has more than that under way at once
// may see a request ignored.
const remembered = 32

// has reports whether a request was begun, as far as that is known.
func (b begun) has(client sim.NodeID, request uint64) bool {
	i, ok := b.find(client)
	if !ok {
		return false
	}
	_, found := slices.BinarySearch(b[i].Requests, request)
	return found || request < b[i].Floor
}

// with returns b with one request more.
func (b begun) with(client sim.NodeID, request uint64) begun {
	i, ok := b.find(client)
	b = slices.Clone(b)
	if !ok {
		return slices.Insert(b, i, begunOf{Client: client, Requests: []uint64{request}})
	}
	of := b[i]
	at, _ := slices.BinarySearch(of.Requests, request)
	of.Requests = slices.Insert(slices.Clone(of.Requests), at, request)
	if len(of.Requests) > remembered {
		of.Floor, of.Requests = of.Requests[0]+1, of.Requests[1:]
	}
	b[i] = of
	return b
}

func (b begun) find(client sim.NodeID) (int, bool) {
	return slices.BinarySearchFunc(b, client, func(o begunOf, c sim.NodeID) int { return cmp.Compare(o.Client, c) })
}
