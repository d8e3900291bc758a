package dist

import (
	"errors"
	"fmt"
	"math"

	"lightcone/sim"
)

// Truncated is Of, given that it falls in [Lo, Hi]. Of may hold one more truncation but not two, whose cost would
// multiply.
type Truncated struct {
	Of     Dist
	Lo, Hi float64
}

// leastMass is the least probability that a truncation may keep: below it the rounding of the CDF shows.
const leastMass = 1e-9

// Sample draws one number: up to 64 draws of Of until one falls in [Lo, Hi], then by inversion. Both have the same law,
// so that the bound on the work does not bend it.
func (t Truncated) Sample(r *sim.Rand) float64 {
	for range 64 {
		if x := t.Of.Sample(r); x >= t.Lo && x <= t.Hi {
			return x
		}
	}
	return t.Quantile(r.Float64())
}

// ends returns the probabilities of a value of Of below Lo, and of at most Hi.
func (t Truncated) ends() (below, upTo float64) {
	return t.Of.CDF(math.Nextafter(t.Lo, math.Inf(-1))), t.Of.CDF(t.Hi)
}

// Quantile returns the least x with CDF(x) >= p.
func (t Truncated) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	below, upTo := t.ends()
	x := t.Of.Quantile(math.Min(below+float64((upTo-below)*p), 1))
	return math.Min(math.Max(x, t.Lo), t.Hi)
}

// CDF returns the probability of a value of at most x.
func (t Truncated) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < t.Lo:
		return 0
	case x >= t.Hi:
		return 1
	}
	below, upTo := t.ends()
	return math.Min((t.Of.CDF(x)-below)/(upTo-below), 1)
}

// Moments returns the mean and the variance, by quadrature of the CDF: to about 1e-9 of the standard deviation for laws
// with a smooth density, and to about 1e-3 of it for laws of counts and mixtures of far-apart parts. The CDF rounds at
// 1e-16: a tail so long that 1e-16 (Hi-Lo)^2 shows beside the variance costs digits.
func (t Truncated) Moments() (mean, variance float64) {
	below, upTo := t.ends()
	end := func(i int) float64 { // of panel i
		switch i {
		case 0:
			return t.Lo
		case panels:
			return t.Hi
		}
		x := t.Of.Quantile(below + float64((upTo-below)*panelEnd(i)))
		return math.Min(math.Max(x, t.Lo), t.Hi)
	}
	m := moments{law: t, below: below, upTo: upTo, centre: end(panels / 2)}
	for i, from := 1, t.Lo; i <= panels; i++ {
		to := math.Max(end(i), from)
		m.add(from, to)
		from = to
	}
	return m.centre + m.first, math.Max(m.second-float64(m.first*m.first), 0)
}

// moments sums up those of a truncated law about a centre c: E[X-c] and E[(X-c)^2] are the integrals of w and of
// 2(x-c)w, where w(x) is P(X > x) above c and -P(X <= x) below.
type moments struct {
	law           Truncated
	below, upTo   float64 // what the law's ends returns
	centre        float64
	first, second float64
}

// add integrates over [from, to], which lies on one side of the centre. A far end more than twice as distant from the
// centre as the near one is integrated apart: a tail looks alike at every scale.
func (m *moments) add(from, to float64) {
	a, b := from-m.centre, to-m.centre
	near, far := math.Min(math.Abs(a), math.Abs(b)), math.Max(math.Abs(a), math.Abs(b))
	if near > 0 && far > 2*near {
		middle := m.centre + math.Copysign(float64(Sqrt(near)*Sqrt(far)), a)
		if middle > from && middle < to {
			m.add(from, middle)
			m.add(middle, to)
			return
		}
	}
	half := float64((to - from) * 0.5)
	middle := from + half
	for j, node := range gaussNodes {
		for _, x := range [2]float64{middle - float64(half*node), middle + float64(half*node)} {
			w := float64(m.weight(x) * float64(gaussWeights[j]*half))
			m.first += w
			m.second += float64(2 * (x - m.centre) * w)
		}
	}
}

func (m *moments) weight(x float64) float64 {
	if x < m.centre {
		return (m.below - m.law.Of.CDF(x)) / (m.upTo - m.below)
	}
	return (m.upTo - m.law.Of.CDF(x)) / (m.upTo - m.below)
}

// The range is cut into panels of equal probability, 1/128 each, but for the first and the last, which are halved and
// halved again towards the ends, where a tail may be long.
const (
	halvings = 24
	panels   = 128 + 2*halvings
)

// panelEnd returns the probability at the end of panel i.
func panelEnd(i int) float64 {
	switch {
	case i <= halvings:
		return pow2(i-halvings-1) / 128
	case i >= panels-halvings:
		return 1 - float64(pow2(panels-halvings-1-i)/128)
	}
	return float64(i-halvings) / 128
}

// The 8-point rule of Gauss and Legendre (Abramowitz and Stegun, table 25.4).
var (
	gaussNodes   = [4]float64{0.183434642495650, 0.525532409916329, 0.796666477413627, 0.960289856497536}
	gaussWeights = [4]float64{0.362683783378362, 0.313706645877887, 0.222381034453374, 0.101228536290376}
)

// Validate demands finite Lo <= Hi that keep at least 1e-9 of a valid law.
func (t Truncated) Validate() error {
	if err := validate("Truncated.Of", t.Of); err != nil {
		return errors.Join(err, t.checkShape())
	}
	return t.check()
}

func (t Truncated) checkShape() error {
	p := problems{law: "Truncated"}
	if n := truncations(t.Of); n > 1 {
		p.add("Of", fmt.Sprintf("truncated %d times", n), "at most one truncation inside another")
	}
	p.finite("Lo", t.Lo)
	p.finite("Hi", t.Hi)
	if t.Hi < t.Lo {
		p.add("Hi", number(t.Hi), "at least Lo")
	}
	return p.err()
}

func (t Truncated) check() error {
	if err := t.checkShape(); err != nil {
		return err
	}
	if below, upTo := t.ends(); !(upTo-below >= leastMass) {
		p := problems{law: "Truncated"}
		p.add("Hi", number(t.Hi), "a range that keeps at least 1e-9 of the law, not "+number(upTo-below))
		return p.err()
	}
	return nil
}

// truncations returns how many truncations are nested in d.
func truncations(d Dist) int {
	switch d := d.(type) {
	case Truncated:
		return 1 + truncations(d.Of)
	case Shifted:
		return truncations(d.Of)
	case Scaled:
		return truncations(d.Of)
	case Mixture:
		most := 0
		for _, p := range d.Parts {
			most = max(most, truncations(p.Of))
		}
		return most
	}
	return 0
}

func (t Truncated) String() string { return Format(t, Numbers) }
