package check_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim/check"
)

// The session guarantees by their definitions, pair by pair, on small histories of which the store's order of versions is
// known: the order of a random permutation.
func TestSessionGuaranteesByDefinition(t *testing.T) {
	n := 3000
	if testing.Short() {
		n = 300
	}
	violated := map[string]int{}
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		h := randomTiny(r).h
		var versions []string
		for _, i := range r.Perm(len(h)) {
			if h[i].Op.Kind == check.Put && (r.IntN(2) == 0 || len(versions) == 0) {
				versions = append(versions, h[i].Op.Value)
			}
		}
		o := check.Options{Versions: func(string) []string { return versions }}
		for name, want := range map[string]bool{
			"read-your-writes":    !olderRead(h, versions, check.Put),
			"monotonic-reads":     !olderRead(h, versions, check.Get),
			"monotonic-writes":    someOrder(h, versions, check.Put),
			"writes-follow-reads": someOrder(h, versions, check.Get),
		} {
			c, _ := check.Find(name)
			got := c.Run(h, o)
			require.Equal(t, want, got.Verdict == check.Holds, "history %d by %v: %v\n%s", seed, versions, got, (&check.Witness{Ops: h, Story: nil}).String())
			if !want {
				violated[name]++
				require.Equal(t, check.Violated, c.Run(got.Witness.Ops, o).Verdict)
			}
		}
	}
	require.Len(t, violated, 4)
	t.Logf("violated of %d: %v", n, violated)
}

// version is the place of what an operation read or wrote among the versions; -1 of nothing, -2 if it is not known.
func version(o *check.Operation, versions []string) int {
	v := o.Op.Value
	if o.Op.Kind == check.Get {
		if !o.Result.Found {
			return -1
		}
		v = o.Result.Value
	}
	if i := slices.Index(versions, v); i >= 0 {
		return i
	}
	return -2
}

// olderRead reports whether a read returned an older version than its session had before, read or written.
func olderRead(h check.History, versions []string, had check.Kind) bool {
	for i := range h {
		for j := range i {
			if h[i].Op.Kind != check.Get || h[j].Op.Kind != had || h[j].Client != h[i].Client || h[j].Op.Key != h[i].Op.Key {
				continue
			}
			before, now := version(&h[j], versions), version(&h[i], versions)
			nothing := now == -1 && before != -1
			if nothing || now >= 0 && before > now {
				return true
			}
		}
	}
	return false
}

// someOrder reports whether there is an order of all writes that keeps that of the versions of each key, and in which
// what a session writes is after what it had before, read or written: by trying all of them.
func someOrder(h check.History, versions []string, had check.Kind) bool {
	after := func(a, b int) bool { // the write b must be after the write a
		if h[a].Op.Key == h[b].Op.Key {
			if p, q := version(&h[a], versions), version(&h[b], versions); p >= 0 && p < q {
				return true
			}
		}
		for j := range b {
			same := h[j].Client == h[b].Client && h[j].Op.Kind == had
			if same && (j == a || had == check.Get && h[j].Result.Found && h[j].Result.Value == h[a].Op.Value) {
				return true
			}
		}
		return false
	}
	var try func(done uint) bool
	try = func(done uint) bool {
		complete := true
		for b := range h {
			if h[b].Op.Kind != check.Put || done>>b&1 == 1 {
				continue
			}
			complete = false
			ready := true
			for a := range h {
				ready = ready && !(h[a].Op.Kind == check.Put && done>>a&1 == 0 && a != b && after(a, b))
			}
			if ready && !(had == check.Get && after(b, b)) && try(done|1<<b) {
				return true
			}
		}
		return complete
	}
	return try(0)
}
