package table

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/models/reliability"
)

// Difference is by how much the mean of a measure differs between two sets of runs: the second minus the first.
type Difference struct {
	Estimate // of the difference; N is the number of pairs, or of all runs of both where they are not paired

	Paired        bool
	First, Second Estimate // the means, over the runs that are compared
	Left          int      // runs that have a value but no partner, left out where the comparison is paired
	Missing       int      // runs that have no value

	// Gain is the variance of the difference if the same runs were not paired, over its variance as they are: how many times
	// more runs would be needed without common seeds. Below 1, pairing cost precision. It is infinite where all pairs differ
	// by the same, and NaN where nothing is paired or nothing varies.
	Gain float64

	// Ratio is the second mean over the first with its interval, of pairs; NaN unless all values are above 0.
	Ratio Estimate

	// P is how probable a difference at least as large is if there is none in truth; NaN if that cannot be told.
	P float64
}

// Difference returns by how much a measure's mean at one point differs from that at another, on the same seeds: runs that
// share a seed share what befalls them, which cancels.
func (t *Table) Difference(measure, from, to int) Difference {
	return paired(sampleOf(t, from, measure), sampleOf(t, to, measure))
}

// Baseline returns the point with which each point is compared: the one that differs from it only in having those levels
// of the factors that baseline gives (-1: any). A point that is its own, or whose partner is not there, has -1.
func (t *Table) Baseline(baseline []int) []int {
	if len(baseline) != len(t.Factors) {
		panic(fmt.Sprintf("table: Baseline: %d levels, want %d, one of each factor", len(baseline), len(t.Factors)))
	}
	partners := make([]int, len(t.Points))
	for p, levels := range t.Points {
		want := slices.Clone(levels)
		for f, l := range baseline {
			if l >= 0 {
				want[f] = l
			}
		}
		partners[p] = slices.IndexFunc(t.Points, func(other []int) bool { return slices.Equal(other, want) })
		if partners[p] == p {
			partners[p] = -1
		}
	}
	return partners
}

// sample is the values of one measure by seed, in the order of the seeds.
type sample struct {
	seeds   []uint64
	values  []float64
	missing int
}

func sampleOf(t *Table, point, measure int) sample {
	var s sample
	for _, r := range t.At(point) {
		v := r.Values[measure]
		if math.IsNaN(v) {
			s.missing++
			continue
		}
		s.seeds, s.values = append(s.seeds, r.Seed), append(s.values, v)
	}
	return s
}

// pairs returns the values of the seeds that both have.
func pairs(a, b sample) (x, y []float64) {
	for i, j := 0, 0; i < len(a.seeds) && j < len(b.seeds); {
		switch {
		case a.seeds[i] < b.seeds[j]:
			i++
		case a.seeds[i] > b.seeds[j]:
			j++
		default:
			x, y = append(x, a.values[i]), append(y, b.values[j])
			i, j = i+1, j+1
		}
	}
	return x, y
}

// rounding is the relative difference of two values up to which they are the same: what another order of summation makes.
const rounding = 1e-12

// paired compares by seed.
func paired(a, b sample) Difference {
	x, y := pairs(a, b)
	off := make([]float64, len(x))
	for i := range x {
		if math.Abs(y[i]-x[i]) > rounding*max(math.Abs(x[i]), math.Abs(y[i])) {
			off[i] = y[i] - x[i]
		}
	}
	d := Difference{Estimate: Mean.Of(off, Confidence), Paired: true, First: Mean.Of(x, Confidence), Second: Mean.Of(y, Confidence),
		Left: len(a.values) + len(b.values) - 2*len(x), Missing: a.missing + b.missing, Gain: gain(x, y, off), Ratio: ratio(x, y)}
	d.Method = "paired by seed, Student"
	if d.Error == 0 {
		d.Method = "paired by seed, all differ by the same"
	}
	d.P = significance(d.Estimate, float64(len(x)-1), math.Ldexp(1, 1-len(x)))
	return d
}

// unpaired compares two sets of runs that share no seeds, by Welch's interval.
func unpaired(a, b sample) Difference {
	d := Difference{First: Mean.Of(a.values, Confidence), Second: Mean.Of(b.values, Confidence), Missing: a.missing + b.missing,
		Gain: math.NaN(), Ratio: unknown(), P: math.NaN()}
	if !d.First.Known() || !d.Second.Known() {
		d.Estimate = unknown()
		d.Value, d.N, d.Method = d.Second.Value-d.First.Value, d.First.N+d.Second.N, "none: fewer than two runs, or not all are finite"
		return d
	}
	d.Estimate = estimate(reliability.Unpaired(b.values, a.values, Confidence))
	d.Error, d.Method = math.Hypot(d.First.Error, d.Second.Error), "Welch"
	if d.Error == 0 {
		d.Method = "all the same in each"
	}
	u, v := d.First.Error*d.First.Error, d.Second.Error*d.Second.Error
	degrees := (u + v) * (u + v) / (u*u/float64(d.First.N-1) + v*v/float64(d.Second.N-1))
	d.P = significance(d.Estimate, max(1, math.Floor(degrees)), apart(d.First.N, d.Second.N)) // whole, as for the interval
	return d
}

// Independent is the difference of two estimates that depend on nothing in common, by their standard errors and the normal
// law. Without a standard error of both it has no interval.
func Independent(first, second Estimate) Difference {
	d := Difference{Estimate: unknown(), First: first, Second: second, Gain: math.NaN(), Ratio: unknown(), P: math.NaN()}
	d.Value, d.N = second.Value-first.Value, first.N+second.N
	if math.IsNaN(first.Error) || math.IsNaN(second.Error) || math.IsNaN(d.Value) {
		return d
	}
	d.Error = math.Hypot(first.Error, second.Error)
	half := distuv.UnitNormal.Quantile((1+Confidence)/2) * d.Error
	d.Low, d.High, d.Method = d.Value-half, d.Value+half, "standard errors of both"
	switch {
	case d.Error > 0:
		d.P = 2 * distuv.UnitNormal.Survival(math.Abs(d.Value/d.Error))
	case d.Value == 0:
		d.P = 1
	default:
		d.P = 0
	}
	return d
}

// gain is what pairing saves.
func gain(x, y, off []float64) float64 {
	apart := deviation(x)*deviation(x) + deviation(y)*deviation(y)
	together := deviation(off) * deviation(off)
	if apart == 0 {
		return math.NaN()
	}
	return apart / together
}

func ratio(x, y []float64) Estimate {
	positive := func(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
	for i := range x {
		if !positive(x[i]) || !positive(y[i]) {
			return unknown()
		}
	}
	if len(x) < 2 {
		return unknown()
	}
	return estimate(reliability.RatioOfMeans(y, x, Confidence))
}

// significance is the two-sided probability by Student's law. Where nothing varies, which a few runs may do by chance, it is
// constant: how probable the order of the runs is, whatever their law.
func significance(e Estimate, degrees, constant float64) float64 {
	switch {
	case !e.Known():
		return math.NaN()
	case e.Error == 0 && e.Value == 0:
		return 1
	case e.Error == 0:
		return constant
	}
	return 2 * distuv.StudentsT{Sigma: 1, Nu: degrees}.Survival(math.Abs(e.Value/e.Error))
}

// apart is how probable it is that all of n values are above, or all below, all of m others of the same law.
func apart(n, m int) float64 {
	all, _ := math.Lgamma(float64(n + m + 1))
	first, _ := math.Lgamma(float64(n + 1))
	second, _ := math.Lgamma(float64(m + 1))
	return 2 * math.Exp(first+second-all)
}

func unknown() Estimate {
	return Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: Confidence, Error: math.NaN(), Method: "none"}
}

// Significant reports whether the interval leaves out 0.
func (d *Difference) Significant() bool { return d.Known() && (d.Low > 0 || d.High < 0) }
