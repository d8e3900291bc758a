package dist

import (
	"errors"
	"math"

	"lightcone/sim"
)

// Zipf is a rank from 1 to N whose probability is proportional to rank^-S: the popularity of keys, exactly, for every
// exponent S >= 0 (0 is uniform). Make one with NewZipf.
type Zipf struct {
	n, s         float64
	total        float64 // 1^-s + ... + n^-s
	first, last  float64 // integral(3/2) - 1 and integral(n + 1/2)
	sureDistance float64 // a rank this close above its position is accepted at once
}

const maxRanks = 1e12

// NewZipf returns Zipf's law over the ranks 1..n, n at most 1e12, with exponent s from 0 to 100.
func NewZipf(n int64, s float64) (Zipf, error) {
	z := Zipf{n: float64(n), s: s}
	if err := z.check(); err != nil {
		return Zipf{}, err
	}
	z.total = z.harmonic(z.n, s)
	z.first = z.integral(1.5) - 1
	z.last = z.integral(z.n + 0.5)
	z.sureDistance = 2 - z.position(z.integral(2.5)-Pow(2, -s))
	return z, nil
}

// Sample draws one rank by rejection-inversion (Hoermann and Derflinger, Rejection-Inversion to Generate Variates from
// Monotone Discrete Distributions, ACM TOMACS 6(3), 1996): a point under the continuous x^-s, rounded to a rank, is
// kept with the share that makes up for the rounding.
func (z Zipf) Sample(r *sim.Rand) float64 {
	for {
		u := z.last + float64((z.first-z.last)*r.Float64())
		x := z.position(u)
		k := math.Min(math.Max(math.Floor(x+0.5), 1), z.n)
		if k-x <= z.sureDistance || u >= z.integral(k+0.5)-Pow(k, -z.s) {
			return k
		}
	}
}

// integral returns the integral of t^-s from 1 to x.
func (z Zipf) integral(x float64) float64 {
	l := Log(x)
	return float64(l * expm1Over(float64((1-z.s)*l)))
}

// position is the inverse of integral.
func (z Zipf) position(y float64) float64 {
	t := math.Max(float64((1-z.s)*y), -1)
	return Exp(float64(y * log1pOver(t)))
}

// expm1Over returns (e^x - 1)/x, 1 at 0.
func expm1Over(x float64) float64 {
	if x == 0 {
		return 1
	}
	return Expm1(x) / x
}

// log1pOver returns log(1+x)/x, 1 at 0.
func log1pOver(x float64) float64 {
	if x == 0 {
		return 1
	}
	return Log1p(x) / x
}

// harmonic returns 1^-s + ... + n^-s: the first 64 terms one by one, the rest by the formula of Euler and Maclaurin.
func (z Zipf) harmonic(n, s float64) float64 {
	const direct = 64
	total := 0.0
	for k := math.Min(n, direct); k >= 1; k-- {
		total += Pow(k, -s)
	}
	if n <= direct {
		return total
	}
	a, l := Pow(direct, -s), Log(n/direct)
	b := Pow(n, -s)
	total += float64(float64(direct*a) * float64(l*expm1Over(float64((1-s)*l))))
	total += float64((b - a) * 0.5)
	// The odd derivatives of t^-s with the coefficients B(2j)/(2j)!.
	da, db := -float64(s*a)/direct, -float64(s*b)/n
	coef := [4]float64{1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600}
	for j, c := range coef {
		total += float64(c * (db - da))
		d := float64(2 * j)
		up := float64((s + d + 1) * (s + d + 2))
		da = float64(da*up) / (direct * direct)
		db = float64(db*up) / float64(n*n)
	}
	return total
}

// Moments returns the mean and the variance of the rank.
func (z Zipf) Moments() (mean, variance float64) {
	mean = z.harmonic(z.n, z.s-1) / z.total
	square := z.harmonic(z.n, z.s-2) / z.total
	return mean, math.Max(square-float64(mean*mean), 0)
}

// CDF returns the probability of a rank of at most x.
func (z Zipf) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 1:
		return 0
	case x >= z.n:
		return 1
	}
	return z.harmonic(math.Floor(x), z.s) / z.total
}

// Quantile returns the least rank k with CDF(k) >= p.
func (z Zipf) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	return leastCount(1, z.n, func(k float64) bool { return z.CDF(k) >= p })
}

// Validate reports a Zipf that NewZipf did not make.
func (z Zipf) Validate() error {
	if err := z.check(); err != nil {
		return err
	}
	if z.total == 0 {
		return errors.New("dist: Zipf is a literal, want one made by NewZipf")
	}
	return nil
}

func (z Zipf) check() error {
	p := problems{law: "Zipf"}
	p.whole("N", z.n, 1, maxRanks)
	p.within("S", z.s, 0, 100)
	return p.err()
}

func (z Zipf) String() string { return Format(z, Numbers) }
