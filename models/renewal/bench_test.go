package renewal_test

import (
	"fmt"
	"testing"

	"lightcone/models/dist"
	"lightcone/models/renewal"
	"lightcone/sim"
)

// BenchmarkRun reports the time of one transition of a majority of n parts.
func BenchmarkRun(b *testing.B) {
	for _, n := range []int{1, 3, 5, 20, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			s := replicas(n, n/2+1, exponential(9), exponential(1))
			transitions := 0
			for b.Loop() {
				transitions += run(b, s, renewal.Run{Seed: 1, Horizon: 1e6 / float64(n)}).Transitions
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(transitions), "ns/transition")
		})
	}
}

// BenchmarkReference is the leanest loop for a majority of three: two draws and a scan, and nothing else.
func BenchmarkReference(b *testing.B) {
	up, down := exponential(9), exponential(1)
	transitions := 0
	for b.Loop() {
		var next [3]float64
		var is [3]bool
		var fails, repairs [3]sim.Rand
		for i := range next {
			fails[i], repairs[i] = sim.NewRand(1, uint64(i), 0), sim.NewRand(1, uint64(i), 1)
			next[i], is[i] = up.Sample(&fails[i]), true
		}
		lost, since, works := 0.0, 0.0, 3
		for {
			i := 0
			for k := 1; k < 3; k++ {
				if next[k] < next[i] {
					i = k
				}
			}
			now := next[i]
			if now > 1e6/3 {
				break
			}
			transitions++
			if is[i] {
				if works--; works == 1 {
					since = now
				}
				next[i] += down.Sample(&repairs[i])
			} else {
				if works++; works == 2 {
					lost += now - since
				}
				next[i] += up.Sample(&fails[i])
			}
			is[i] = !is[i]
		}
		if lost == 0 {
			b.Fatal("never down")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(transitions), "ns/transition")
}

// BenchmarkRare reports the time of one forced cycle, with the cycle beside it that is not.
func BenchmarkRare(b *testing.B) {
	for name, up := range map[string]dist.Dist{"exponential": exponential(9999), "weibull": dist.Weibull{Scale: 9999, Shape: .7}, "gamma": dist.Gamma{Mean: 9999, Shape: 2}} {
		b.Run(name, func(b *testing.B) {
			s := replicas(3, 2, up, exponential(1))
			for b.Loop() {
				rare(b, s, renewal.Rare{Cycles: 1000})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N), "ns/cycle")
		})
	}
}
