package consensus

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// A configuration's quorums, by trying all sets of servers.
func quorum(c Configuration, set uint) bool {
	for _, m := range c.majorities() {
		n := 0
		for _, id := range m {
			n += int(set >> uint(id) & 1)
		}
		if n <= len(m)/2 {
			return false
		}
	}
	return true
}

func randomSet(r *rand.Rand, atLeast int) []sim.NodeID {
	s := r.Perm(6)[:atLeast+r.IntN(7-atLeast)]
	var ids []sim.NodeID
	for _, id := range s {
		ids = append(ids, sim.NodeID(id))
	}
	return ids
}

// Intersects agrees with trying all divisions of the servers in two.
func TestIntersectsAgreesWithEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	count := map[bool]int{}
	for range 1000 {
		c := Configuration{Voters: randomSet(r, 1)}
		d := Configuration{Voters: randomSet(r, 1), Outgoing: randomSet(r, 0)}
		want := true
		for left := range uint(64) {
			want = want && !(quorum(c, left) && quorum(d, ^left))
		}
		require.Equal(t, want, c.Intersects(d), "%+v %+v", c, d)
		require.Equal(t, want, d.Intersects(c), "%+v %+v", d, c)
		count[want]++
	}
	require.Greater(t, count[true], 100)
	require.Greater(t, count[false], 100)
}

// Changes by one server intersect; by two they need not (Ongaro, section 4.1).
func TestIntersects(t *testing.T) {
	voters := func(ids ...sim.NodeID) Configuration { return Configuration{Voters: ids} }
	require.True(t, voters(0, 1, 2).Intersects(voters(0, 1, 2, 3)))
	require.True(t, voters(0, 1, 2, 3).Intersects(voters(0, 1, 2)))
	require.False(t, voters(0, 1, 2).Intersects(voters(0, 1, 2, 3, 4)), "figure 4.3")
	require.False(t, voters(0, 1, 2, 3, 4).Intersects(voters(1, 2, 3)), "the bug of 2015: one added, one removed")
	joint := Configuration{Voters: []sim.NodeID{2, 3, 4}, Outgoing: []sim.NodeID{0, 1, 2}}
	require.True(t, joint.Intersects(voters(0, 1, 2)))
	require.True(t, joint.Intersects(voters(2, 3, 4)))
	require.False(t, voters(0, 1, 2).Intersects(voters(2, 3, 4)))
}

// logged is a Node with a log, and nothing else.
type logged struct {
	Node
	first Index
	log   []Entry
}

func (n *logged) First() Index        { return n.first }
func (n *logged) Last() Index         { return n.first + Index(len(n.log)) - 1 }
func (n *logged) Entry(i Index) Entry { return n.log[i-n.first] }
func (n *logged) at(i Index) (Entry, bool) {
	if i < n.first || i > n.Last() {
		return Entry{}, false
	}
	return n.Entry(i), true
}

// A mirror is the log, whatever became of it, and says truly what it lost.
func TestMirrorFollowsTheLog(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 0))
	var m mirror
	n := &logged{first: 1}
	hash := uint64(0)
	lost := 0
	for range 5000 {
		old := &logged{first: n.first, log: slices.Clone(n.log)}
		switch k := r.IntN(10); {
		case k == 0: // overwrite
			n.log = n.log[:r.IntN(len(n.log)+1)]
		case k == 1: // compact
			gone := r.IntN(len(n.log) + 1)
			n.first, n.log = n.first+Index(gone), slices.Clone(n.log[gone:])
		case k == 2 && r.IntN(5) == 0: // a snapshot
			n.first, n.log = n.Last()+1+Index(r.IntN(5)), nil
		}
		for range r.IntN(4) {
			hash++
			n.log = append(n.log, Entry{1, hash})
		}
		fresh, cut, end := m.update(n)
		require.Equal(t, n.first, m.first)
		require.True(t, slices.Equal(n.log, m.entries))
		for i := n.first; i < fresh; i++ {
			was, ok := old.at(i)
			require.True(t, ok && was == n.Entry(i), "%d is not new", i)
		}
		for i := max(fresh, n.first); i <= n.Last(); i++ {
			was, ok := old.at(i)
			require.False(t, ok && was == n.Entry(i), "%d is new", i)
		}
		for i := old.first; i <= old.Last(); i++ {
			now, ok := n.at(i)
			gone := i >= n.first && !(ok && now == old.Entry(i))
			require.Equal(t, gone, i >= cut && i < end && i >= n.first, "%d, lost %d to %d", i, cut, end-1)
			if gone {
				lost++
			}
		}
	}
	require.Greater(t, lost, 300)
}
