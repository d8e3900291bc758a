package dist

import (
	_ "embed"
	"flag"
	"fmt"
	"math"
	"math/bits"
	"os"
	"strings"
	"testing"

	"lightcone/sim"
)

//go:embed testdata/golden.txt
var golden string

var update = flag.Bool("update", false, "rewrite testdata/golden.txt with the bits of this platform")

// TestSameBitsEverywhere compares the bit patterns of 250,000 values of every function and every sampler with those
// that were once computed on one platform. They say nothing about being right (other tests do), only about being the
// same: run this test on another platform.
func TestSameBitsEverywhere(t *testing.T) {
	var lines strings.Builder
	for _, c := range goldenCases() {
		fmt.Fprintf(&lines, "%s %016x\n", c.name, digest(c.next))
	}
	got := lines.String()
	if *update {
		if err := os.WriteFile("testdata/golden.txt", []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(golden, "\n")
	if len(g) != len(w) {
		t.Fatalf("%d digests, want %d: run with -update and read the difference", len(g)-1, len(w)-1)
	}
	for i := range g {
		if g[i] != w[i] {
			t.Errorf("digest is %q, want %q", g[i], w[i])
		}
	}
}

// digest hashes 250,000 values, bit for bit.
func digest(next func(r *sim.Rand) float64) uint64 {
	r := sim.NewRand(42)
	h := uint64(0)
	for range 250_000 {
		h = bits.RotateLeft64(h^math.Float64bits(next(&r)), 23) * 0x9e3779b97f4a7c15
	}
	return h
}

type goldenCase struct {
	name string
	next func(r *sim.Rand) float64
}

func goldenCases() []goldenCase {
	between := func(lo, hi float64, f func(float64) float64) func(r *sim.Rand) float64 {
		return func(r *sim.Rand) float64 { return f(lo + float64((hi-lo)*r.Float64())) }
	}
	positive := func(r *sim.Rand) float64 { return math.Float64frombits(r.Uint64N(0x7ff << 52)) } // any finite one
	cases := []goldenCase{
		{"Exp", between(-750, 715, Exp)},
		{"Exp/small", between(-1, 1, Exp)},
		{"Expm1", between(-2, 2, Expm1)},
		{"Log", func(r *sim.Rand) float64 { return Log(positive(r)) }},
		{"Log/near 1", between(0.5, 2, Log)},
		{"Log1p", between(-0.999, 4, Log1p)},
		{"Pow", func(r *sim.Rand) float64 {
			x, y := positive(r), r.Float64()
			return Pow(x, float64(4*y)-2)
		}},
		{"Pow/near 1", func(r *sim.Rand) float64 {
			x, y := r.Float64(), r.Float64()
			return Pow(0.5+x, float64(1000*y)-500)
		}},
		{"Sqrt", func(r *sim.Rand) float64 { return Sqrt(positive(r)) }},
		{"Erf", between(-6, 6, Erf)},
		{"Erfc", between(-3, 28, Erfc)},
		{"Lgamma", between(0, 50, Lgamma)},
		{"GammaP", func(r *sim.Rand) float64 {
			a, x := r.Float64(), r.Float64()
			return GammaP(float64(20*a)+0x1p-60, 40*x)
		}},
		{"Normal.Quantile", between(0, 1, Normal{0, 1}.Quantile)},
	}
	for _, c := range lawCases() {
		cases = append(cases, goldenCase{c.name, c.law.Sample})
	}
	return cases
}
