package overload

import (
	"math"
	"slices"

	"lightcone/sim"
)

// DistanceToExponential is the largest distance between the distribution of so many draws and the law.
func DistanceToExponential(n int) float64 {
	r := sim.NewRand(1, sim.ForStudy)
	x := make([]float64, n)
	for i := range x {
		x[i] = exponential(&r)
	}
	slices.Sort(x)
	far := 0.0
	for i, v := range x {
		f := -math.Expm1(-v)
		far = max(far, math.Abs(f-float64(i)/float64(n)), math.Abs(f-float64(i+1)/float64(n)))
	}
	return far
}

// FirstWorker is the tag of the timer by which the first worker's service ends.
const FirstWorker = service(0)
