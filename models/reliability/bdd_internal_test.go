package reliability

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTooLarge checks that a system whose decision diagram explodes is refused, with its size.
func TestTooLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString("vote(1000000")
	for i := range 60 {
		fmt.Fprintf(&b, ", %d: 0.9", 30000+i*i*i*7919%20011)
	}
	b.WriteString(")")
	d, err := Parse(b.String())
	require.NoError(t, err)
	_, err = d.compile(1 << 12)
	require.EqualError(t, err, "reliability: the decision diagram of 60 parts has more than 4096 nodes, which is too many: split the system, or simulate it")
}

// TestOrderOfParts checks that the orders are tried: the natural one of this diagram has 2^16 nodes, a good one 2 for
// each pair.
func TestOrderOfParts(t *testing.T) {
	var text, pairs []string
	for i := range 16 {
		text = append(text, fmt.Sprintf("a%d=0.9", i))
	}
	for i := range 16 {
		pairs = append(pairs, fmt.Sprintf("series(a%d, b%d=0.9)", i, i))
	}
	d, err := Parse("series(parallel(" + strings.Join(text, ", ") + "), parallel(" + strings.Join(pairs, ", ") + "))")
	require.NoError(t, err)
	natural := d.orders()[0]
	require.Len(t, natural, 32)
	require.True(t, d.build(natural, 1<<14).full)
	c, err := d.compile(1 << 14)
	require.NoError(t, err)
	require.Less(t, len(c.nodes), 200)
}
