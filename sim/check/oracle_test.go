package check

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// agreement counts what two deciders agreed on.
type agreement struct{ yes, no int }

func (a *agreement) count(holds bool) {
	if holds {
		a.yes++
	} else {
		a.no++
	}
}

// enough fails a test whose histories were all alike.
func (a agreement) enough(t *testing.T) {
	t.Helper()
	t.Logf("agreed on %d histories that are linearizable and %d that are not", a.yes, a.no)
	require.Greater(t, a.no*20, a.yes)
	require.Greater(t, a.yes*20, a.no)
}

// byPorcupine asks porcupine whether a history is linearizable.
func byPorcupine(h History) bool {
	u, _ := untie(h)
	return porcupine.CheckOperations(porcupineModel(), porcupineOps(u))
}

func show(h History) string {
	w := Witness{Ops: h}
	var b textBuffer
	_ = w.WriteText(&b)
	return string(b)
}

type textBuffer []byte

func (b *textBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// Registers by zones, by our search, and by porcupine.
func TestZonesAgreeWithPorcupine(t *testing.T) {
	var a agreement
	seen := map[string]int32{}
	for n := range trials(t, 4000) {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		h := shape{ops: 2 + r.IntN(12), clients: 1 + r.IntN(5), keys: 1, kinds: mixes[0], unknown: 8, mutations: r.IntN(6)}.random(r)
		p := partition(h)
		require.True(t, isRegister(h, p.of(0), seen))
		_, got := zones(h, p.of(0), seen)
		want := porcupine.CheckOperations(porcupineModel(), porcupineOps(h))
		require.Equal(t, want, got, "history %d\n%s", n, show(h))
		f, s := linearize(h, p.of(0), DefaultBudget)
		require.Equal(t, want, f == found, "history %d, by search\n%s", n, show(h))
		if want {
			requireOrder(t, h, s)
		}
		a.count(want)
	}
	a.enough(t)
}

// requireOrder checks that what a search found is an order within the operations' times in which each returns what it did.
func requireOrder(t *testing.T, h History, s *search) {
	t.Helper()
	k := s.space.(*keySpace)
	state := register{}
	earliest := sim.Never
	order := s.order()
	for n := len(order) - 1; n >= 0; n-- {
		o := &h[k.from[order[n]]]
		require.LessOrEqual(t, o.Invoke, earliest, show(h))
		earliest = min(earliest, o.Return)
	}
	returned := 0
	for _, i := range order {
		o := &h[k.from[i]]
		ok, next := stepRegister(state, o)
		require.True(t, ok, show(h))
		state = next.(register)
		if o.Outcome == OK {
			returned++
		}
	}
	for i := range h {
		if h[i].Outcome == OK {
			returned--
		}
	}
	require.Zero(t, returned, show(h))
}

// All kinds of operations by our search and by porcupine, values written once and more than once, one key and two.
func TestSearchAgreesWithPorcupine(t *testing.T) {
	var a agreement
	for n := range trials(t, 5000) {
		r := rand.New(rand.NewPCG(uint64(n), 2))
		h := shape{ops: 2 + r.IntN(12), clients: 1 + r.IntN(5), keys: 1 + r.IntN(2), kinds: mixes[n%len(mixes)], unknown: 3 + r.IntN(8),
			repeated: r.IntN(3) == 0, mutations: r.IntN(6)}.random(r)
		want := byPorcupine(h)
		got := Linearizable(h, Options{})
		_, exact := untie(h)
		require.True(t, got.Verdict == verdict(want) || got.Verdict == Undecided && want && !exact, "history %d: %v\n%s", n, got, show(h))
		if !want {
			requireWitness(t, h, got.Witness)
		}
		a.count(want)
	}
	a.enough(t)
}

// requireWitness checks that a witness is a part of the history, violates by itself, and would not if anything were left
// out that may be.
func requireWitness(t *testing.T, h History, w *Witness) {
	t.Helper()
	require.NotNil(t, w)
	require.NotEmpty(t, w.Story)
	for _, o := range w.Ops {
		require.Contains(t, h, o)
	}
	var all []int32
	for i := range w.Ops {
		all = append(all, int32(i))
	}
	if j := (judge{h: w.Ops, seen: map[string]int32{}}); len(w.Ops) > 1 && j.impossible(all) != noOp {
		requireListWitness(t, h, w)
		return
	}
	require.False(t, byPorcupine(w.Ops), show(w.Ops))
	for i, o := range w.Ops {
		if o.Op.Kind == Get && len(w.Ops) > 1 {
			rest := slices.Delete(slices.Clone(w.Ops), i, i+1)
			require.True(t, byPorcupine(rest), "the read %d is not needed\n%s", o.ID, show(w.Ops))
		}
	}
}

// requireListWitness checks a witness that leaves out what need not be said: the appends that its reads saw.
func requireListWitness(t *testing.T, h History, w *Witness) {
	t.Helper()
	part := slices.DeleteFunc(slices.Clone(h), func(o Operation) bool {
		return o.Op.Kind == Get && !slices.Contains(w.Ops, o)
	})
	require.False(t, byPorcupine(part), show(w.Ops))
}

// Of tiny histories every order is tried: the third opinion, which shares no idea with the others.
func TestAllAgreeWithEveryOrder(t *testing.T) {
	var a agreement
	for n := range trials(t, 3000) {
		r := rand.New(rand.NewPCG(uint64(n), 3))
		h := shape{ops: 2 + r.IntN(4), clients: 1 + r.IntN(4), keys: 1 + r.IntN(2), kinds: mixes[n%len(mixes)], unknown: 6,
			repeated: r.IntN(3) == 0, mutations: r.IntN(4)}.random(r)
		u, exact := untie(h)
		session := func(a, b *Operation) bool { return a.Client == b.Client && a.ID < b.ID && a.Return <= b.Invoke }
		want := anyOrder(h, func(a, b *Operation) bool { return precedes(a, b) || session(a, b) })
		got := Linearizable(h, Options{})
		require.True(t, got.Verdict == verdict(want) || got.Verdict == Undecided && !exact, "history %d: %v\n%s", n, got, show(h))
		require.Equal(t, anyOrder(u, precedes), byPorcupine(h))
		require.Equal(t, anyOrder(h, session), Sequential(h, Options{}).Verdict == Holds, "sequential, history %d\n%s", n, show(h))
		a.count(want)
	}
	a.enough(t)
}

// A window accuses no history that has a linearization, whatever it cuts through.
func TestWindowsAccuseOnlyTheGuilty(t *testing.T) {
	innocent, guilty := 0, 0
	for n := range trials(t, 4000) {
		r := rand.New(rand.NewPCG(uint64(n), 10))
		h, _ := untie(shape{ops: 2 + r.IntN(6), clients: 1 + r.IntN(4), keys: 1, kinds: mixes[n%len(mixes)], unknown: 3, repeated: n%3 != 0, mutations: r.IntN(3)}.random(r))
		p := partition(h)
		w := newWindows(&judge{h: h, budget: DefaultBudget, seen: map[string]int32{}}, p.of(0))
		holds := porcupine.CheckOperations(porcupineModel(), porcupineOps(h))
		for i, first := range w.ops {
			from := h[first].Invoke
			for _, last := range w.ops[i:] {
				to := h[last].Invoke
				for _, win := range []window{{from, to}, {beginning, to}, {from, sim.Never}} {
					if !w.impossible(win) {
						innocent++
						continue
					}
					guilty++
					require.False(t, holds, "history %d, window %v..%v\n%s", n, win.from, win.to, show(h))
				}
			}
		}
	}
	require.Positive(t, innocent)
	require.Positive(t, guilty)
}

// anyOrder reports whether some of the operations, all that returned among them, have an order that keeps before and
// explains all results: by trying all of them.
func anyOrder(h History, before func(a, b *Operation) bool) bool {
	var try func(done uint, state map[string]register) bool
	try = func(done uint, state map[string]register) bool {
		complete := true
		for i := range h {
			o := &h[i]
			if done>>i&1 == 1 || o.Outcome == Failed {
				continue
			}
			complete = complete && o.Outcome == Unknown
			ready := true
			for j := range h {
				if done>>j&1 == 0 && h[j].Outcome == OK && before(&h[j], o) {
					ready = false
				}
			}
			if !ready {
				continue
			}
			ok, next := stepRegister(state[o.Op.Key], o)
			if !ok {
				continue
			}
			was := state[o.Op.Key]
			state[o.Op.Key] = next.(register)
			if try(done|1<<i, state) {
				return true
			}
			state[o.Op.Key] = was
		}
		return complete
	}
	return try(0, map[string]register{})
}
