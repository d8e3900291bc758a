package quorum

import "lightcone/sim"

// ring says where keys live. The hash of a key names one of Servers ranges; range r is kept by servers r, r+1, ... in
// turn, which is the key's preference list: the first Replicas of them are its replicas, the others stand in for them
// when they are down. It is Dynamo's ring with one token a server, evenly spaced. Within a range keys are spread over
// leaves: the leaves of its Merkle tree, and the pages of the disk.
type ring struct {
	servers, replicas, ranges, leaves int
}

// place is where a key lives.
type place struct{ span, leaf int }

// place returns the range and the leaf of a key.
func (r ring) place(key string) place {
	h := hashString(key)
	return place{int(h % uint64(r.ranges)), int(h / uint64(r.ranges) % uint64(r.leaves))}
}

// server returns the server at place i of the preference list of a range.
func (r ring) server(span, i int) sim.NodeID { return sim.NodeID((span + i) % r.servers) }

// position returns the place of a server in the preference list of a range.
func (r ring) position(span int, id sim.NodeID) int {
	return (int(id) - span + r.servers) % r.servers
}

// page returns the number of the page that has the keys of a leaf.
func (r ring) page(p place) int { return p.span*r.leaves + p.leaf }

// hintPage returns the number of the page that has the hints for a server.
func (r ring) hintPage(id sim.NodeID) int { return r.ranges*r.leaves + int(id) }

// pages returns how many pages a server has.
func (r ring) pages() int { return r.ranges*r.leaves + r.servers }

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// hashString is FNV-1a, finished by a mixer because its low bits alone spread short keys badly.
func hashString(s string) uint64 {
	h := uint64(fnvOffset)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return mix(h)
}

// mix is the finishing step of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
