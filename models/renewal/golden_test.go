package renewal_test

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/renewal"
)

// goldenSystem has something of everything: laws with and without memory and with steps, too few crews, a shock.
func goldenSystem() renewal.System {
	s := replicas(5, 3, exponential(99), dist.LogNormalOf(1, 1.4))
	s.Parts[1].Up = dist.Weibull{Scale: 80, Shape: .7}
	s.Parts[2].Up = dist.Gamma{Mean: 99, Shape: 2}
	s.Parts[3].Down = dist.Constant{Value: 1}
	s.Parts[4].Up = dist.Constant{Value: 40}
	s.Crews = 2
	s.Shocks = []renewal.Shock{{Every: exponential(500), Parts: []int{0, 1, 2}, Hit: .7}}
	return s
}

// TestGolden pins what a seed means, to the bit, on every platform.
func TestGolden(t *testing.T) {
	h := fnv.New64a()
	bits := func(xs ...float64) {
		for _, x := range xs {
			require.NoError(t, binary.Write(h, binary.LittleEndian, math.Float64bits(x)))
		}
	}
	for _, o := range run(t, goldenSystem(), renewal.Run{Seed: 1, Outages: 1000, Keep: true}).Outages {
		bits(o.From, o.To, float64(len(o.Blame)))
	}
	require.Equal(t, uint64(0x7b9d3b43a2cb79e1), h.Sum64(), "plain: %#x", h.Sum64())
	h.Reset()
	list, err := goldenSystem().Forced(renewal.Forcing{}, 1)
	require.NoError(t, err)
	n := 0
	for c := range list {
		for _, x := range c.Transitions {
			bits(x.At, float64(x.Part))
		}
		bits(c.LogWeight, c.Down, c.Plain)
		if n++; n == 1000 {
			break
		}
	}
	require.Equal(t, uint64(0xa506399a3aa2d76f), h.Sum64(), "forced: %#x", h.Sum64())
}
