package check_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
)

// tiny is a history of a few operations as the definitions of Bouajjani et al. 2017, section 3, see it.
type tiny struct {
	h      check.History
	causes [][]bool // the causal order
}

// randomTiny makes processes write, and read what somebody wrote.
func randomTiny(r *rand.Rand) tiny {
	var h check.History
	n, clients, keys := 4+r.IntN(4), 2+r.IntN(2), 1+r.IntN(2)
	for i := range n {
		o := check.Operation{ID: i, Client: r.IntN(clients), Outcome: check.OK, Invoke: sim.Time(10 * i), Return: sim.Time(10*i + 5), Op: check.Op{Key: fmt.Sprint("k", r.IntN(keys))}}
		if r.IntN(2) == 0 {
			o.Op.Kind, o.Op.Value = check.Put, fmt.Sprint("v", i)
		}
		h = append(h, o)
	}
	for i := range h {
		if w := h[r.IntN(n)]; h[i].Op.Kind == check.Get && !(w.Client == h[i].Client && w.ID > i) && w.Op.Kind == check.Put && w.Op.Key == h[i].Op.Key {
			h[i].Result = check.Result{Value: w.Op.Value, Found: true}
		}
	}
	t := tiny{h: h, causes: make([][]bool, n)}
	for i := range h {
		t.causes[i] = make([]bool, n)
		for j := range h {
			session := h[i].Client == h[j].Client && i < j
			reads := h[j].Op.Kind == check.Get && h[j].Result.Found && h[j].Result.Value == h[i].Op.Value
			t.causes[i][j] = session || reads
		}
	}
	for k := range h {
		for i := range h {
			for j := range h {
				t.causes[i][j] = t.causes[i][j] || t.causes[i][k] && t.causes[k][j]
			}
		}
	}
	return t
}

// order reports whether some of the operations have an order that keeps causality and in which those that answer return
// the last value written before them.
func (t *tiny) order(some, answer func(int) bool) bool {
	var try func(done uint, state map[string]string) bool
	try = func(done uint, state map[string]string) bool {
		complete := true
		for i := range t.h {
			if !some(i) || done>>i&1 == 1 {
				continue
			}
			complete = false
			ready := true
			for j := range t.h {
				ready = ready && !(some(j) && done>>j&1 == 0 && t.causes[j][i])
			}
			o := &t.h[i]
			was := state[o.Op.Key]
			switch {
			case !ready || o.Op.Kind == check.Get && answer(i) && was != o.Result.Value:
				continue
			case o.Op.Kind == check.Put:
				state[o.Op.Key] = o.Op.Value
			}
			if try(done|1<<i, state) {
				return true
			}
			state[o.Op.Key] = was
		}
		return complete
	}
	return try(0, map[string]string{})
}

// consistent is CC, and causal memory if all answers of a session must be right at once: each operation, or each session
// as far as it goes, has an order of its past that explains it (definitions 3.2 and 3.4 there).
func (t *tiny) consistent(memory bool) bool {
	for e := range t.h {
		if t.causes[e][e] {
			return false
		}
		past := func(i int) bool { return i == e || t.causes[i][e] }
		answer := func(i int) bool {
			return i == e || memory && t.h[i].Client == t.h[e].Client && i < e
		}
		if !t.order(past, answer) {
			return false
		}
	}
	return true
}

// convergent is CCv: one order of all operations that keeps causality, such that each read returns the last write in it
// among those in its past (definition 3.3 there).
func (t *tiny) convergent() bool {
	var order []int
	var try func(done uint) bool
	try = func(done uint) bool {
		if len(order) == len(t.h) {
			return true
		}
		for i := range t.h {
			ready := done>>i&1 == 0
			for j := range t.h {
				ready = ready && !(done>>j&1 == 0 && t.causes[j][i])
			}
			if !ready {
				continue
			}
			last := ""
			for _, j := range order {
				if t.causes[j][i] && t.h[j].Op.Kind == check.Put && t.h[j].Op.Key == t.h[i].Op.Key {
					last = t.h[j].Op.Value
				}
			}
			if t.h[i].Op.Kind == check.Get && t.h[i].Result.Value != last {
				continue
			}
			order = append(order, i)
			if try(done | 1<<i) {
				return true
			}
			order = order[:len(order)-1]
		}
		return false
	}
	return try(0)
}

// The bad patterns say what the definitions say.
func TestBadPatternsAreTheDefinitions(t *testing.T) {
	n := 4000
	if testing.Short() {
		n = 400
	}
	violated := map[string]int{}
	differ := 0 // between the three
	for seed := range n {
		x := randomTiny(rand.New(rand.NewPCG(uint64(seed), 7)))
		for name, want := range map[string]bool{"causal": x.consistent(false), "causal-memory": x.consistent(true), "causal-convergence": x.convergent()} {
			c, _ := check.Find(name)
			r := c.Run(x.h, check.Options{})
			require.Equal(t, want, r.Verdict == check.Holds, "history %d: %v\n%v", seed, r, r.Witness)
			if want != x.consistent(false) {
				differ++
			}
			if !want {
				violated[name]++
				part := c.Run(r.Witness.Ops, check.Options{})
				require.Equal(t, check.Violated, part.Verdict, "the witness of history %d: %v\n%v", seed, r, r.Witness)
			}
		}
	}
	for name, v := range violated {
		require.Greater(t, v*50, n, name)
		require.Less(t, v, n, name)
	}
	require.Len(t, violated, 3)
	require.Greater(t, differ*200, n)
	t.Logf("violated of %d: %v; %d that are causal and not more", n, violated, differ)
}
