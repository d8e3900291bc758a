package check

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"lightcone/sim"
)

var runsFlag = flag.String("sim.runs", "", "random histories in thousands; 100 are what the zone check is held to")

// trials is how many random histories a test tries.
func trials(t *testing.T, usual int) int {
	if *runsFlag != "" {
		n, err := strconv.Atoi(*runsFlag)
		if err != nil || n < 1 {
			t.Fatalf("-sim.runs is %q, want an integer of at least 1", *runsFlag)
		}
		return n * 1000
	}
	if testing.Short() {
		return usual / 10
	}
	return usual
}

// shape says what random histories are like.
type shape struct {
	ops, clients, keys int
	kinds              []Kind
	unknown            int // one operation in so many has no reply, and half of those take effect
	repeated           bool
	mutations          int
	atOnce             bool     // clients do not wait for one answer before they ask again
	tick               sim.Time // how far apart times are, about; 0: 1 ns, so that much happens at one moment
}

// moved is an operation with the time at which it takes effect.
type moved struct {
	op int
	at sim.Time
}

// random simulates an atomic store: each operation takes effect at a random moment while it is under way, one of unknown
// outcome perhaps later or never, a failed one never. Then it is spoilt.
func (s shape) random(r *rand.Rand) History {
	free := make([]sim.Time, s.clients)
	var h History
	var effects []moved
	within := func(ticks int) sim.Time { return sim.Time(r.Int64N(int64(ticks) * int64(max(s.tick, 1)))) }
	value := func(i int) string {
		if s.repeated {
			return strconv.Itoa(r.IntN(3))
		}
		return fmt.Sprintf("v%d", i)
	}
	for i := range s.ops {
		c := r.IntN(s.clients)
		o := Operation{Client: c, Outcome: OK, Invoke: free[c] + within(6), Op: Op{Kind: s.kinds[r.IntN(len(s.kinds))], Key: fmt.Sprintf("k%d", r.IntN(s.keys)), Value: value(i)}}
		if s.atOnce {
			o.Invoke = within(4 * s.ops)
		}
		o.Return = o.Invoke + within(12)
		free[c] = o.Return
		at := o.Invoke + sim.Time(r.Int64N(int64(o.Return-o.Invoke)+1))
		if o.Op.Kind == CompareAndSwap {
			o.Op.Expect = value(r.IntN(i + 1))
		}
		switch {
		case r.IntN(s.unknown) == 0:
			o.Outcome, o.Return = Unknown, sim.Never
			at += within(40)
			if r.IntN(2) == 0 {
				at = sim.Never
			}
		case r.IntN(3*s.unknown) == 0:
			o.Outcome, at = Failed, sim.Never
		}
		h = append(h, o)
		effects = append(effects, moved{i, at})
	}
	slices.SortStableFunc(effects, func(a, b moved) int { return cmp.Compare(a.at, b.at) })
	state := map[string]register{}
	for _, e := range effects {
		if e.at != sim.Never {
			h[e.op].execute(state)
		}
	}
	for range s.mutations {
		h.spoil(r)
	}
	slices.SortStableFunc(h, func(a, b Operation) int { return cmp.Compare(a.Invoke, b.Invoke) })
	for i := range h {
		h[i].ID = i
		if h[i].Op.Kind == Get || h[i].Op.Kind == Delete {
			h[i].Op.Value = ""
		}
	}
	return h
}

// execute does an operation on a store.
func (o *Operation) execute(state map[string]register) {
	was := state[o.Op.Key]
	var res Result
	switch o.Op.Kind {
	case Get:
		res = Result{Value: was.value, Found: was.found}
	case Put:
		state[o.Op.Key] = register{o.Op.Value, true}
	case Append:
		state[o.Op.Key] = register{was.value + o.Op.Value, true}
	case CompareAndSwap:
		if was == (register{o.Op.Expect, true}) {
			res.Swapped = true
			state[o.Op.Key] = register{o.Op.Value, true}
		}
	case Delete:
		res.Found = was.found
		state[o.Op.Key] = register{}
	}
	if o.Outcome == OK {
		o.Result = res
	}
}

// spoil exchanges two results, shortens an operation, or tells a lie.
func (h History) spoil(r *rand.Rand) {
	a, b := &h[r.IntN(len(h))], &h[r.IntN(len(h))]
	switch r.IntN(3) {
	case 0:
		if a.Op.Kind == b.Op.Kind && a.Outcome == OK && b.Outcome == OK && a.Op.Key == b.Op.Key {
			a.Result, b.Result = b.Result, a.Result
		}
	case 1:
		if a.Outcome == OK {
			a.Return = a.Invoke
		}
	case 2:
		if a.Outcome != OK {
			return
		}
		switch a.Op.Kind {
		case CompareAndSwap:
			a.Result.Swapped = !a.Result.Swapped
		case Delete:
			a.Result.Found = !a.Result.Found
		}
	}
}

// mixes are operations that go well together.
var mixes = [][]Kind{
	{Get, Put},
	{Get, Put, CompareAndSwap},
	{Get, Append},
	{Get, Put, Append},
	{Get, Put, Delete},
	{Get, Put, Append, CompareAndSwap, Delete},
}
