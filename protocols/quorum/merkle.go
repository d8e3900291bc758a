package quorum

// tree is the Merkle tree of a range: node 1 is the root, 2i and 2i+1 are the children of i, and the last half are the
// leaves. A leaf is the exclusive or of the hashes of its entries, so that a change of one entry changes it in one step.
type tree []uint64

func newTree(leaves int) tree { return make(tree, 2*leaves) }

// leaf returns the node of a leaf.
func (t tree) leaf(i int) int { return len(t)/2 + i }

// isLeaf reports whether a node is a leaf.
func (t tree) isLeaf(index int) bool { return index >= len(t)/2 }

// change applies the exclusive or of an entry's old and new hash to its leaf, and mends the path to the root.
func (t tree) change(leaf int, difference uint64) {
	i := t.leaf(leaf)
	t[i] ^= difference
	for i /= 2; i >= 1; i /= 2 {
		t[i] = mix(mix(t[2*i]) + t[2*i+1])
	}
}

// rehash mends the Merkle tree when the versions of e, an entry of a page, are about to change.
func (r *replica) rehash(page int, e Entry, versions []Version) {
	if r.trees == nil || page >= r.ranges*r.leaves {
		return
	}
	r.trees[page/r.leaves].change(page%r.leaves, hashVersions(e.Key, e.Versions)^hashVersions(e.Key, versions))
}

// hashVersions is 0 if there are none.
func hashVersions(key string, versions []Version) uint64 {
	if len(versions) == 0 {
		return 0
	}
	h := hashString(key)
	for _, v := range versions {
		for _, x := range [...]uint64{hashString(v.Value), uint64(v.Stamp.Time), v.Stamp.Count, uint64(v.Stamp.Writer),
			uint64(v.Dot.Node), v.Dot.N, flag(v.Deleted)} {
			h = mix(h ^ x)
		}
	}
	return h
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
