package simtest

import (
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

type inner struct {
	Wait  time.Duration
	node  sim.NodeID
	deep  map[string][]int
	timer sim.Timer
	env   *sim.Env
	next  *inner
	any   any
}

func TestShow(t *testing.T) {
	cycle := &inner{}
	v := &inner{Wait: time.Second, node: 2, deep: map[string][]int{"b": {1}, "a": nil}, timer: 9, next: &inner{}, any: "text"}
	const nothing = "inner{Wait:0s node:n0 deep:map[] timer:none env:nil next:nil any:nil}"
	for _, c := range []struct {
		v    any
		want string
	}{
		{nil, "nil"},
		{3, "3"},
		{"text", "text"},
		{[]any{1, "a", nil}, "[1 a nil]"},
		{cycle, nothing},
		{v, "inner{Wait:1s node:n2 deep:map[a:[] b:[1]] timer:timer env:nil next:" + nothing + " any:text}"},
		{secret{5}, "secret"},
		{(*secret)(nil), "nil"},
	} {
		if got := Show(c.v); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestCyclesEnd(t *testing.T) {
	v := &inner{}
	v.next = v
	if d := differs(leaves(v), leaves(v)); d != "" {
		t.Error(d)
	}
	if got := Show(v); !strings.Contains(got, "next:...") {
		t.Errorf("got %s, want the cycle cut", got)
	}
}

func TestDiffersNamesTheFirstDifference(t *testing.T) {
	base := func() *inner { return &inner{deep: map[string][]int{"a": {1, 2}}, next: &inner{}} }
	for _, c := range []struct {
		change func(*inner)
		want   string
	}{
		{func(*inner) {}, ""},
		{func(v *inner) { v.deep["a"][1] = 3 }, ".deep[a][1] was 2, became 3"},
		{func(v *inner) { v.deep["b"] = nil }, ".deep was 1 entries, became 2 entries"},
		{func(v *inner) { v.next.node = 1 }, ".next.node was 0, became 1"},
		{func(v *inner) { v.next = nil }, ".next.Wait = 0 became .next = nil"},
		{func(v *inner) { v.env = &sim.Env{} }, ".env was nil, became *sim.Env"},
	} {
		v := base()
		c.change(v)
		if got := differs(leaves(base()), leaves(v)); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
