package dist

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"lightcone/sim"
)

// Dist is the law of a random number. Values are immutable and may be shared between worlds. Every method but Validate
// needs a law that Validate accepts.
type Dist interface {
	// Sample draws one number; only r decides which. How many draws of r it takes is the law's affair.
	Sample(r *sim.Rand) float64
	// Moments returns the mean and the variance: +Inf where they diverge.
	Moments() (mean, variance float64)
	// CDF returns the probability of a value of at most x; NaN if x is NaN.
	CDF(x float64) float64
	// Quantile returns the least x with CDF(x) >= p, up to rounding: the ends of the support (possibly infinite) for p
	// = 0 and p = 1, NaN for p outside [0,1].
	Quantile(p float64) float64
	// Validate reports everything that is wrong with the law, or nil.
	Validate() error
	// String returns the law in the text form, with plain numbers: Parse(d.String(), Numbers) gives d again.
	String() string
}

// Mean returns the mean of d, +Inf where it diverges.
func Mean(d Dist) float64 {
	mean, _ := d.Moments()
	return mean
}

// Var returns the variance of d, +Inf where it diverges.
func Var(d Dist) float64 {
	_, variance := d.Moments()
	return variance
}

// Duration draws from d, a law in nanoseconds, and rounds to the nearest nanosecond within [0, the longest Duration].
func Duration(d Dist, r *sim.Rand) time.Duration {
	v := math.Round(d.Sample(r))
	switch {
	case !(v > 0):
		return 0
	case v >= math.MaxInt64:
		return math.MaxInt64
	}
	return time.Duration(v)
}

// The range of parameters. Within it no moment that exists, and no sample, overflows before the law itself does.
const (
	largest  = 1e100
	smallest = 1e-100
)

// problem is one thing wrong with one parameter of a law.
type problem struct{ law, field, got, want string }

func (p *problem) Error() string {
	return fmt.Sprintf("dist: %s.%s is %s, want %s", p.law, p.field, p.got, p.want)
}

// problems collects what is wrong with a law.
type problems struct {
	law string
	all []error
}

func (p *problems) add(field, got, want string) {
	p.all = append(p.all, &problem{p.law, field, got, want})
}

func (p *problems) err() error { return errors.Join(p.all...) }

// within demands lo <= x <= hi.
func (p *problems) within(field string, x, lo, hi float64) {
	if !(x >= lo && x <= hi) {
		p.add(field, number(x), fmt.Sprintf("%s to %s", number(lo), number(hi)))
	}
}

// finite demands a number that is not absurdly large.
func (p *problems) finite(field string, x float64) { p.within(field, x, -largest, largest) }

// positive demands a number above 0 that is neither absurdly small nor absurdly large.
func (p *problems) positive(field string, x float64) {
	switch {
	case !(x > 0):
		p.add(field, number(x), "more than 0")
	case x < smallest || x > largest:
		p.within(field, x, smallest, largest)
	}
}

// whole demands an integer in [lo, hi].
func (p *problems) whole(field string, x, lo, hi float64) {
	if !(x >= lo && x <= hi) || x != math.Floor(x) {
		p.add(field, number(x), fmt.Sprintf("a whole number from %s to %s", number(lo), number(hi)))
	}
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// isProbability reports whether p is in [0,1]; it is not if p is NaN.
func isProbability(p float64) bool { return p >= 0 && p <= 1 }
