package dist

import (
	"math"
	"testing"
)

// TestZigguratCloses rebuilds the layers from the bottom up: with the published start of the tail the 256th reaches the
// top of the density, to the accuracy of that number.
func TestZigguratCloses(t *testing.T) {
	for _, c := range []struct {
		name    string
		r, tail float64
		f, g    func(float64) float64
		z       *ziggurat
	}{
		{
			"normal", normalTail, math.Sqrt(math.Pi/2) * math.Erfc(normalTail/math.Sqrt2),
			func(x float64) float64 { return math.Exp(-x * x / 2) },
			func(y float64) float64 { return math.Sqrt(-2 * math.Log(y)) }, normalLayers,
		},
		{
			"exponential", exponentialTail, math.Exp(-exponentialTail),
			func(x float64) float64 { return math.Exp(-x) },
			func(y float64) float64 { return -math.Log(y) }, exponentialLayers,
		},
	} {
		v := c.r*c.f(c.r) + c.tail
		x := c.r
		for i := 1; i < 255; i++ {
			x = c.g(c.f(x) + v/x)
			if got := c.z.height[i+1]; math.Abs(got-c.f(x)) > 1e-12 {
				t.Errorf("%s: height of layer %d is %v, want %v", c.name, i+1, got, c.f(x))
			}
		}
		if top := c.f(x) + v/x; math.Abs(top-1) > 1e-12 {
			t.Errorf("%s: the layers end at height %v, want 1", c.name, top)
		}
		if c.z.height[256] != 1 {
			t.Errorf("%s: the top is %v, want 1", c.name, c.z.height[256])
		}
		if want := c.r / (v / c.f(c.r)); math.Abs(float64(c.z.inside[0])/(1<<53)-want) > 1e-12 {
			t.Errorf("%s: sure share of layer 0 is %v, want %v", c.name, float64(c.z.inside[0])/(1<<53), want)
		}
	}
}
