package vector_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/vector"
)

func TestCompare(t *testing.T) {
	cases := []struct {
		name string
		v, w vector.Vector
		want vector.Order
	}{
		{"no events", nil, nil, vector.Equal},
		{"same", vector.Vector{1, 2}, vector.Vector{1, 2}, vector.Equal},
		{"missing components are 0", vector.Vector{1}, vector.Vector{1, 0, 0}, vector.Equal},
		{"one less", vector.Vector{1, 2}, vector.Vector{1, 3}, vector.Before},
		{"all less", vector.Vector{0, 0}, vector.Vector{1, 1}, vector.Before},
		{"shorter is before", vector.Vector{1}, vector.Vector{1, 1}, vector.Before},
		{"one greater", vector.Vector{1, 3}, vector.Vector{1, 2}, vector.After},
		{"both ways", vector.Vector{1, 0}, vector.Vector{0, 1}, vector.Concurrent},
	}
	converse := map[vector.Order]vector.Order{
		vector.Equal: vector.Equal, vector.Before: vector.After, vector.After: vector.Before, vector.Concurrent: vector.Concurrent,
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, c.v.Compare(c.w))
			require.Equal(t, converse[c.want], c.w.Compare(c.v))
			require.Equal(t, c.want == vector.Before, c.v.Before(c.w))
		})
	}
}

// Merge gives the least upper bound: over all small vectors, it is not below either, and every common upper bound is
// not below it.
func TestMergeIsTheLeastUpperBound(t *testing.T) {
	var all []vector.Vector
	for a := range uint64(3) {
		for b := range uint64(3) {
			for c := range uint64(3) {
				all = append(all, vector.Vector{a, b, c})
			}
		}
	}
	notBelow := func(m, v vector.Vector) bool { o := m.Compare(v); return o == vector.Equal || o == vector.After }
	for _, v := range all {
		for _, w := range all {
			m := v.Merge(w)
			require.True(t, notBelow(m, v) && notBelow(m, w), "%v and %v merge to %v", v, w, m)
			for _, u := range all {
				if notBelow(u, v) && notBelow(u, w) {
					require.True(t, notBelow(u, m), "%v and %v merge to %v, but %v is above both", v, w, m, u)
				}
			}
		}
	}
}

func TestMergeSharesNoMemory(t *testing.T) {
	v, w := vector.Vector{1, 2}, vector.Vector{0, 5}
	v.Merge(w)[0] = 9
	require.Equal(t, vector.Vector{1, 2}, v)
	require.Equal(t, vector.Vector{0, 5}, w)
}

func TestStampsAreCopies(t *testing.T) {
	c := vector.NewClock(0, 2)
	s := c.Tick()
	d := c.Clone()
	d.Tick()
	c.Tick()
	require.Equal(t, vector.Vector{1, 0}, s)
	require.Equal(t, vector.Vector{3, 0}, c.Tick())
	require.Equal(t, vector.Vector{3, 0}, d.Tick())
}
