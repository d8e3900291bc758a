package reliability_test

import (
	"encoding/json"
	"maps"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// vector is one value of testdata/vectors.json, computed.
type vector struct {
	got []float64
	// down says that the file gives an availability and got is the unavailability, which is compared with 1 minus the
	// file's value: that of an availability near 1 would hide all errors.
	down bool
}

func is(got ...float64) vector   { return vector{got: got} }
func down(got ...float64) vector { return vector{got: got, down: true} }

// TestVectors compares every value of the file with what the package computes: to 1e-12 relative, or to half a unit of
// the last digit that the file gives.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var file []struct{ ID, Desc, Value string }
	require.NoError(t, json.Unmarshal(text, &file))
	compute := maps.Clone(structureVectors)
	for id, f := range chainVectors {
		require.NotContains(t, compute, id)
		compute[id] = f
	}
	for _, v := range file {
		t.Run(v.ID, func(t *testing.T) {
			f := compute[v.ID]
			require.NotNil(t, f, "nothing computes %s", v.Desc)
			delete(compute, v.ID)
			got := f()
			want := strings.Split(v.Value, " ; ")
			require.Len(t, got.got, len(want))
			for i := range want {
				compare(t, v.Desc, got.got[i], want[i], got.down)
			}
		})
	}
	require.Empty(t, compute, "values that the file does not have")
}

func compare(t *testing.T, desc string, got float64, want string, down bool) {
	t.Helper()
	exact, _, err := big.ParseFloat(want, 10, 200, big.ToNearestEven)
	require.NoError(t, err)
	if down {
		exact.Sub(big.NewFloat(1).SetPrec(200), exact)
	}
	last := lastDigit(t, want)
	slack := new(big.Float).SetPrec(200).Mul(exact, big.NewFloat(1e-12))
	slack.Abs(slack)
	if half := last.Quo(last, big.NewFloat(2)); half.Cmp(slack) > 0 {
		slack = half
	}
	off := new(big.Float).SetPrec(200).Sub(big.NewFloat(got).SetPrec(200), exact)
	if off.Abs(off).Cmp(slack) > 0 {
		t.Errorf("%s is %.17g, want %s (down: %v): off by %.3g, %.3g allowed", desc, got, want, down, off, slack)
	}
}

// lastDigit returns one unit of the last digit of a decimal number.
func lastDigit(t *testing.T, s string) *big.Float {
	t.Helper()
	mantissa, exponent, scientific := strings.Cut(s, "e")
	_, decimals, _ := strings.Cut(mantissa, ".")
	unit := "1e-" + big.NewInt(int64(len(decimals))).String()
	x, _, err := big.ParseFloat(unit, 10, 200, big.ToNearestEven)
	require.NoError(t, err)
	if scientific {
		e, _, err := big.ParseFloat("1e"+exponent, 10, 200, big.ToNearestEven)
		require.NoError(t, err)
		x.Mul(x, e)
	}
	return x
}
