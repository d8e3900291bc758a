package quorum

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// history makes the versions that a few writers make of a key, each having read some of those before.
func history(r *sim.Rand) []Version {
	var versions []Version
	counts := map[sim.NodeID]uint64{}
	for i := range 6 {
		node := sim.NodeID(r.IntN(3))
		counts[node]++
		v := Version{
			Value: fmt.Sprint(i), Deleted: r.Bool(0.2), Dot: Dot{node, counts[node]},
			Stamp: Stamp{Time: sim.Local(r.IntN(3)), Count: uint64(r.IntN(2)), Writer: node},
		}
		for _, w := range versions {
			if r.Bool(0.3) {
				v.Context = v.Context.Join(contextOf([]Version{w}))
			}
		}
		versions = append(versions, v)
	}
	return versions
}

// some merges a random part of the versions, in a random order.
func some(rule rule, versions []Version, r *sim.Rand) []Version {
	var m []Version
	for _, i := range r.Perm(len(versions)) {
		if r.Bool(0.5) {
			m = rule.merge(m, versions[i:i+1])
		}
	}
	return m
}

// Replicas converge whatever the order and the repetitions in which they hear of versions.
func TestMergeIsASemilattice(t *testing.T) {
	for name, rule := range map[string]rule{"last write wins": {}, "version vectors": {vector: true}} {
		t.Run(name, func(t *testing.T) {
			r := sim.NewRand(1, sim.ForStudy, 1)
			several := 0
			for range 1000 {
				h := history(&r)
				a, b, c := some(rule, h, &r), some(rule, h, &r), some(rule, h, &r)
				require.Equal(t, rule.merge(a, b), rule.merge(b, a), "commutative")
				require.Equal(t, rule.merge(rule.merge(a, b), c), rule.merge(a, rule.merge(b, c)), "associative")
				require.Equal(t, a, rule.merge(a, a), "idempotent")
				require.True(t, rule.atLeast(rule.merge(a, b), a), "what is merged is not less")
				require.Equal(t, rule.atLeast(a, b), equal(rule.merge(a, b), a), "at least means that merging changes nothing")
				if len(a) > 1 {
					several++
				}
			}
			require.Equal(t, rule.vector, several > 0, "only version vectors keep siblings")
		})
	}
}

// Version vectors keep the writes that no other write had seen, and nothing else.
func TestSiblingsAreTheMaximalWrites(t *testing.T) {
	r := sim.NewRand(2, sim.ForStudy, 1)
	for range 1000 {
		h := history(&r)
		all := rule{vector: true}.merge(nil, nil)
		for i := range h {
			all = rule{vector: true}.merge(all, h[i:i+1])
		}
		kept := map[Dot]bool{}
		for _, v := range all {
			kept[v.Dot] = true
		}
		for _, v := range h {
			seen := false
			for _, w := range h {
				seen = seen || w.Context.Covers(v.Dot)
			}
			require.Equal(t, !seen, kept[v.Dot], "%v of %v", v, h)
		}
	}
}

func TestContext(t *testing.T) {
	d := func(node sim.NodeID, n uint64) Dot { return Dot{node, n} }
	c := Context{}.With(d(0, 1)).With(d(0, 3)).With(d(1, 1))
	require.Equal(t, "{n0<=1 n1<=1 n0:3}", c.String())
	for _, dot := range []Dot{d(0, 1), d(0, 3), d(1, 1)} {
		require.True(t, c.Covers(dot), "%v", dot)
	}
	for _, dot := range []Dot{d(0, 2), d(0, 4), d(1, 2), d(2, 1), {}} {
		require.False(t, c.Covers(dot), "%v", dot)
	}
	require.Equal(t, "{n0<=3 n1<=1}", c.With(d(0, 2)).String(), "a gap that closes")
	require.Equal(t, "{n0<=1 n1<=1 n0:3}", c.String(), "the old one is as it was")
}

// Two writes by one server, neither having seen the other, replace nothing: a server's count alone would say that the
// second has seen the first.
func TestWritesByOneServerCanBeSiblings(t *testing.T) {
	first := Version{Value: "a", Dot: Dot{0, 1}}
	second := Version{Value: "b", Dot: Dot{0, 2}}
	require.Len(t, rule{vector: true}.merge([]Version{first}, []Version{second}), 2)
	second.Context = contextOf([]Version{first})
	require.Equal(t, []Version{second}, rule{vector: true}.merge([]Version{first}, []Version{second}))
}

func TestTies(t *testing.T) {
	at := func(value string, deleted bool) []Version {
		return []Version{{Value: value, Deleted: deleted, Stamp: Stamp{Time: 7, Writer: 1}}}
	}
	require.Equal(t, at("b", false), rule{}.merge(at("a", false), at("b", false)))
	require.Equal(t, at("", true), rule{}.merge(at("b", false), at("", true)), "a tombstone wins")
	planted := rule{bug: NoTieBreak}
	require.NotEqual(t, planted.merge(at("a", false), at("b", false)), planted.merge(at("b", false), at("a", false)))
}

// A hybrid clock is never behind what it has seen or given, and not ahead of them and the wall clock.
func TestHybridClock(t *testing.T) {
	r := sim.NewRand(3, sim.ForStudy, 1)
	var h hybrid
	var most Stamp
	for range 2000 {
		wall := sim.Local(r.IntN(1000))
		if r.Bool(0.3) {
			s := Stamp{Time: sim.Local(r.IntN(1000)), Count: uint64(r.IntN(3)), Writer: sim.NodeID(r.IntN(3))}
			h.see(s)
			most = later(most, s)
			continue
		}
		s := h.next(wall, 1)
		require.Positive(t, s.compare(most))
		require.LessOrEqual(t, s.Time, max(most.Time, wall))
		most = s
	}
}

func later(a, b Stamp) Stamp {
	if b.compare(a) > 0 {
		return b
	}
	return a
}

func TestBegun(t *testing.T) {
	var b begun
	for i := range uint64(40) {
		require.False(t, b.has(3, i+1))
		b = b.with(3, i+1)
		require.True(t, b.has(3, i+1))
	}
	require.True(t, b.has(3, 1), "what is forgotten counts as begun")
	require.Len(t, b[0].Requests, remembered)
	require.False(t, b.has(4, 1), "another client's")
	require.False(t, b.with(4, 9).has(4, 8), "a request that another overtook")
}

// Keys are spread evenly over ranges and leaves: chi-square over 80 cells, whose 99.9 % quantile is 124.8.
func TestPlacement(t *testing.T) {
	r := ring{servers: 5, replicas: 3, ranges: 5, leaves: 16}
	const keys = 8000
	counts := make([]float64, 80)
	for i := range keys {
		counts[r.page(r.place(fmt.Sprintf("k%d", i)))]++
	}
	chi := 0.0
	for _, c := range counts {
		chi += (c - keys/80) * (c - keys/80) / (keys / 80)
	}
	require.Less(t, chi, 124.8)
	require.Equal(t, []sim.NodeID{4, 0, 1}, []sim.NodeID{r.server(4, 0), r.server(4, 1), r.server(4, 2)})
	for i := range 5 {
		require.Equal(t, i, r.position(4, r.server(4, i)))
	}
}

// The root says whether anything differs, however the entries came to be.
func TestMerkleTree(t *testing.T) {
	filled := func(order []int) *replica {
		r := newReplica(ring{servers: 2, replicas: 2, ranges: 2, leaves: 4}, rule{}, true)
		for _, i := range order {
			key := fmt.Sprint(i)
			r.store(r.page(r.place(key)), key, []Version{{Value: "old", Stamp: Stamp{Count: 1}}})
			r.store(r.page(r.place(key)), key, []Version{{Value: key, Stamp: Stamp{Count: 2}}})
		}
		return &r
	}
	a, b := filled([]int{0, 1, 2, 3, 4, 5, 6, 7}), filled([]int{7, 3, 5, 1, 6, 2, 4, 0})
	require.Equal(t, a.trees, b.trees)
	at := b.place("3")
	b.store(b.page(at), "3", []Version{{Value: "newer", Stamp: Stamp{Count: 3}}})
	path := map[int]bool{}
	for i := b.trees[at.span].leaf(at.leaf); i >= 1; i /= 2 {
		path[i] = true
	}
	for i := 1; i < len(a.trees[at.span]); i++ {
		require.Equal(t, path[i], a.trees[at.span][i] != b.trees[at.span][i], "node %d", i)
	}
	require.Equal(t, a.trees[1-at.span], b.trees[1-at.span])
	b.set(b.page(at), "3", nil)
	a.set(a.page(at), "3", nil)
	require.Equal(t, a.trees, b.trees, "removed")
}
