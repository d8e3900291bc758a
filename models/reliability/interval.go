package reliability

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson returns the share of k successes in n independent trials with Wilson's score interval (JASA 22, 1927; Brown,
// Cai, DasGupta, Statistical Science 16(2), 2001). It covers about the level on average over p, for one p now a little
// more and now a little less.
//
// The trials must be independent. Requests sent to one service are not: an outage fails all that fall into it, so that
// the interval is too narrow by the square root of how many that is. Use Ratio on outage cycles, or BatchMeans.
func Wilson(k, n int, level float64) Estimate {
	checkCount("Wilson", k, n)
	checkLevel("Wilson", level)
	if n == 0 {
		return Estimate{Value: math.NaN(), Low: 0, High: 1, Level: level, Method: "Wilson"}
	}
	z, trials := normalQuantile(level), float64(n)
	p := float64(k) / trials
	shrink := 1 + float64(z*z)/trials
	middle := (p + float64(z*z)/(2*trials)) / shrink
	half := float64(z / shrink * math.Sqrt(float64(p*(1-p))/trials+float64(z*z)/float64(4*trials*trials)))
	e := Estimate{Value: p, Low: max(0, middle-half), High: min(1, middle+half), Level: level, N: n, Method: "Wilson"}
	if k == 0 {
		e.Low = 0
	}
	if k == n {
		e.High = 1
	}
	return e
}

// ClopperPearson returns the share of k successes in n independent trials with the exact interval (Clopper, Pearson,
// Biometrika 26, 1934). It covers at least the level, whatever p and n: mostly more. For its trials holds what is said
// at Wilson.
func ClopperPearson(k, n int, level float64) Estimate {
	checkCount("ClopperPearson", k, n)
	checkLevel("ClopperPearson", level)
	e := Estimate{Value: float64(k) / float64(n), Low: 0, High: 1, Level: level, N: n, Method: "Clopper-Pearson"}
	tail := (1 - level) / 2
	if k > 0 {
		e.Low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), tail)
	}
	if k < n {
		e.High = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-tail)
	}
	return e
}

// Rate returns the rate of a Poisson process that had so many events in an exposure (a time, of all parts together),
// with the exact interval from the chi-square law (Garwood, Biometrika 28, 1936). It covers at least the level. With no
// events it starts at 0, with k events ends at about k + 2 sqrt(k) + 3.
func Rate(events int, exposure, level float64) Estimate {
	checkLevel("Rate", level)
	if events < 0 || !(exposure > 0) {
		panic(fmt.Sprintf("reliability: Rate: %d events in an exposure of %v, want 0 or more in more than 0", events, exposure))
	}
	tail := (1 - level) / 2
	e := Estimate{Value: float64(events), Level: level, N: events, Method: "exact Poisson"}
	if events > 0 {
		e.Low = mathext.GammaIncRegInv(float64(events), tail)
	}
	e.High = mathext.GammaIncRegCompInv(float64(events+1), tail)
	return e.scaled(1 / exposure)
}

// Student returns the mean of independent numbers with Student's interval: exact for normal numbers, good for a mean of
// many that are not too skewed.
func Student(xs []float64, level float64) Estimate {
	var t Tally
	for _, x := range xs {
		t.Add(x)
	}
	return t.Student(level)
}

// Tally counts independent numbers one by one: their mean and variance, by Welford's method (Technometrics 4, 1962).
// The zero Tally is empty.
type Tally struct {
	n             int
	mean, squares float64 // squares: the sum of squares about the mean
}

// Add counts one number.
func (t *Tally) Add(x float64) {
	t.n++
	off := x - t.mean
	t.mean += off / float64(t.n)
	t.squares += float64(off * (x - t.mean))
}

// N returns how many were counted.
func (t *Tally) N() int { return t.n }

// Mean returns their mean, NaN for none.
func (t *Tally) Mean() float64 {
	if t.n == 0 {
		return math.NaN()
	}
	return t.mean
}

// Variance returns the unbiased variance, NaN for fewer than two.
func (t *Tally) Variance() float64 {
	if t.n < 2 {
		return math.NaN()
	}
	return t.squares / float64(t.n-1)
}

// StandardError returns that of the mean, NaN for fewer than two numbers.
func (t *Tally) StandardError() float64 { return math.Sqrt(t.Variance() / float64(t.n)) }

// Student returns the mean with Student's interval.
func (t *Tally) Student(level float64) Estimate {
	checkLevel("Student", level)
	if t.n < 2 {
		return none(t.Mean(), level, t.n, "Student")
	}
	return about(t.mean, float64(studentQuantile(level, t.n-1)*t.StandardError()), level, t.n, "Student")
}

// OrderStatistics returns the p-quantile of independent numbers, with an interval from one of them to another: it
// covers at least the level for any law that has no steps (David, Nagaraja, Order Statistics, 3rd ed. 2003, section
// 7.1). With too few numbers for an end, that end is infinite: the 99th percentile has an upper end from 368 on.
func OrderStatistics(xs []float64, p, level float64) Estimate {
	checkLevel("OrderStatistics", level)
	if !(p > 0 && p < 1) {
		panic(fmt.Sprintf("reliability: OrderStatistics: p is %v, want between 0 and 1", p))
	}
	n, method := len(xs), "order statistics"
	if n == 0 {
		return none(math.NaN(), level, 0, method)
	}
	sorted := slices.Clone(xs)
	slices.Sort(sorted)
	at := func(rank int) float64 { // rank 1 is the least
		switch {
		case rank < 1:
			return math.Inf(-1)
		case rank > n:
			return math.Inf(1)
		}
		return sorted[rank-1]
	}
	low, high := quantileRanks(n, p, level)
	value := at(min(n, max(1, int(math.Ceil(float64(p*float64(n)))))))
	return Estimate{Value: value, Low: at(low), High: at(high), Level: level, N: n, Method: method}
}

// quantileRanks returns the ranks of the interval's ends, from 0 (none) to n+1 (none). The number of observations below
// the quantile is binomial: the one of rank r lies above it if fewer than r do.
func quantileRanks(n int, p, level float64) (low, high int) {
	tail := (1 - level) / 2
	below := distuv.Binomial{N: float64(n), P: p}
	low = sort.Search(n, func(rank int) bool { return below.CDF(float64(rank)) > tail })
	high = 1 + sort.Search(n, func(rank int) bool { return below.CDF(float64(rank)) >= 1-tail })
	return low, high
}
