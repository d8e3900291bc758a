package dist

import (
	"testing"

	"lightcone/sim"
)

// BenchmarkSample draws from every law of the tests. No sampler allocates.
func BenchmarkSample(b *testing.B) {
	for _, c := range lawCases() {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			r := sim.NewRand(1)
			for b.Loop() {
				c.law.Sample(&r)
			}
		})
	}
}

func BenchmarkFunction(b *testing.B) {
	for _, c := range goldenCases()[:14] {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			r := sim.NewRand(1)
			for b.Loop() {
				c.next(&r)
			}
		})
	}
}

func TestSamplersDoNotAllocate(t *testing.T) {
	for _, c := range lawCases() {
		r := sim.NewRand(1)
		if n := testing.AllocsPerRun(1000, func() { c.law.Sample(&r) }); n != 0 {
			t.Errorf("%s allocates %v times a sample, want 0", c.name, n)
		}
	}
}
