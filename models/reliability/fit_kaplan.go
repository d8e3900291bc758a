package reliability

import (
	"math"
	"slices"
)

// Curve is the Kaplan-Meier estimate of survival (1958): a step down at each time at which something failed.
type Curve struct {
	Times    []float64 // ascending
	Survival []float64 // from that time on
	variance []float64 // of log Survival: Greenwood's sum (1926)
	atRisk   []int
	last     float64 // time that was watched: nothing is known beyond it
}

// KaplanMeier estimates the survival of what a sample comes from. What was censored at the time of a failure counts as
// being there still.
func KaplanMeier(s Sample) (Curve, error) {
	if err := s.Validate(); err != nil {
		return Curve{}, err
	}
	failed, censored := slices.Sorted(slices.Values(s.Failed)), slices.Sorted(slices.Values(s.Censored))
	c := Curve{last: failed[len(failed)-1]}
	if len(censored) > 0 {
		c.last = max(c.last, censored[len(censored)-1])
	}
	n, survival, variance := len(failed)+len(censored), 1., 0.
	for len(failed) > 0 {
		t := failed[0]
		d := 0
		for ; len(failed) > 0 && failed[0] == t; failed = failed[1:] {
			d++
		}
		for ; len(censored) > 0 && censored[0] < t; censored = censored[1:] {
			n--
		}
		survival = float64(survival * float64(n-d) / float64(n))
		variance += float64(d) / (float64(n) * float64(n-d))
		c.Times, c.Survival = append(c.Times, t), append(c.Survival, survival)
		c.variance, c.atRisk = append(c.variance, variance), append(c.atRisk, n)
		n -= d
	}
	return c, nil
}

// Quantile returns the time by which a share p has failed, NaN if fewer did while they were watched.
func (c Curve) Quantile(p float64) float64 {
	for i, s := range c.Survival {
		if 1-s >= p-1e-12 {
			return c.Times[i]
		}
	}
	return math.NaN()
}

// at returns the step at time t, -1 before the first.
func (c Curve) at(t float64) int {
	i, found := slices.BinarySearch(c.Times, t)
	if found {
		return i
	}
	return i - 1
}

// At returns the survival at time t with its interval on the log(-log) scale, which stays within 0 and 1 (Kalbfleisch and
// Prentice 1980). Where the estimate is 0 or 1, or nothing was watched any more, there is no interval.
func (c Curve) At(t, level float64) Estimate {
	checkLevel("Curve.At", level)
	const method = "Kaplan-Meier, log-log"
	i := c.at(t)
	switch {
	case t > c.last:
		return none(math.NaN(), level, 0, method)
	case i < 0:
		return none(1, level, 0, method)
	case c.Survival[i] == 0:
		return none(0, level, c.atRisk[i], method)
	}
	s := c.Survival[i]
	half := normalQuantile(level) * math.Sqrt(c.variance[i]) / -log(s)
	return Estimate{Value: s, Low: pow(s, exp(half)), High: pow(s, exp(-half)), Level: level, N: c.atRisk[i], Method: method}
}

// Greenwood returns the survival at time t with the plain interval of Greenwood's standard error, cut off at 0 and 1. It
// covers less than At where little is left.
func (c Curve) Greenwood(t, level float64) Estimate {
	e := c.At(t, level)
	if math.IsNaN(e.Low) {
		e.Method = "Kaplan-Meier, Greenwood"
		return e
	}
	half := float64(normalQuantile(level) * e.Value * math.Sqrt(c.variance[c.at(t)]))
	return Estimate{Value: e.Value, Low: max(e.Value-half, 0), High: min(e.Value+half, 1), Level: level, N: e.N, Method: "Kaplan-Meier, Greenwood"}
}

// KolmogorovSmirnov returns the largest distance between the distribution of times and a law, and the probability of one
// as large by chance. The law must not have been fitted to the times: then the probability is too large.
func KolmogorovSmirnov(times []float64, l Law) (distance, p float64) {
	n := float64(len(times))
	for i, x := range slices.Sorted(slices.Values(times)) {
		f := l.CDF(x)
		distance = max(distance, f-float64(i)/n, float64(i+1)/n-f)
	}
	// Stephens's (1970) correction for finite n of the limiting law, 2 sum (-1)^(k-1) exp(-2 k^2 x^2).
	x := float64(distance * (math.Sqrt(n) + .12 + .11/math.Sqrt(n)))
	if x < .2 {
		return distance, 1
	}
	sign := 1.
	for k := 1.; k <= 100; k++ {
		p += float64(2 * sign * exp(float64(-2*k*k*x*x)))
		sign = -sign
	}
	return distance, min(max(p, 0), 1)
}
