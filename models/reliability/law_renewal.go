package reliability

import (
	"fmt"
	"math"
)

// ErlangRenewals returns m(t), the mean number of renewals by time t when each takes an Erlang time: so many exponential
// stages of the same mean. Every shape-th event of a Poisson process is one.
func ErlangRenewals(shape int, stage, t float64) float64 {
	first, weights := poisson(t/stage, 100)
	sum := 0.
	for i, w := range weights {
		sum += float64(w * float64((first+i)/shape))
	}
	return sum
}

// Renewals returns m(t) for any law, by solving the renewal equation m(t) = F(t) + integral of m(t - x) dF(x) on a grid
// of so many steps (Xie 1989, the midpoint rule of Riemann-Stieltjes integrals). For a smooth law the error falls with the
// square of the number of steps; the time grows with it.
func Renewals(l Law, t float64, steps int) (float64, error) {
	if !isTime(t) {
		return 0, fmt.Errorf("reliability: Renewals: t is %v, want %s", t, wantHours)
	}
	if steps < 1 || steps > 1<<14 {
		return 0, fmt.Errorf("reliability: Renewals: steps is %d, want 1 to %d", steps, 1<<14)
	}
	h := t / float64(steps)
	at, mid := make([]float64, steps+1), make([]float64, steps+1) // F at i h, and at (i - 1/2) h
	for i := 1; i <= steps; i++ {
		at[i], mid[i] = l.CDF(float64(float64(i)*h)), l.CDF(float64((float64(i)-.5)*h))
	}
	m := make([]float64, steps+1)
	for i := 1; i <= steps; i++ {
		sum := at[i] - float64(m[i-1]*mid[1])
		for j := 1; j < i; j++ {
			sum += float64((m[j] - m[j-1]) * mid[i-j+1])
		}
		m[i] = sum / (1 - mid[1])
	}
	if math.IsNaN(m[steps]) || math.IsInf(m[steps], 0) {
		return 0, fmt.Errorf("reliability: Renewals: steps is %d, want more: a renewal takes less than a step", steps)
	}
	return m[steps], nil
}
