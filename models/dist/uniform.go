package dist

import (
	"math"

	"lightcone/sim"
)

// Constant is always Value. It draws nothing.
type Constant struct{ Value float64 }

// Sample returns Value.
func (c Constant) Sample(*sim.Rand) float64 { return c.Value }

// Moments returns the mean and the variance, which is 0.
func (c Constant) Moments() (mean, variance float64) { return c.Value, 0 }

// CDF returns the probability of a value of at most x.
func (c Constant) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < c.Value:
		return 0
	}
	return 1
}

// Quantile returns Value.
func (c Constant) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	return c.Value
}

// Validate demands a finite Value.
func (c Constant) Validate() error {
	p := problems{law: "Constant"}
	p.finite("Value", c.Value)
	return p.err()
}

func (c Constant) String() string { return Format(c, Numbers) }

// Uniform is equally likely everywhere between Lo and Hi.
type Uniform struct{ Lo, Hi float64 }

// Sample draws one number.
func (u Uniform) Sample(r *sim.Rand) float64 { return u.at(r.Float64()) }

func (u Uniform) at(p float64) float64 { return u.Lo + float64((u.Hi-u.Lo)*p) }

// Moments returns the mean and the variance.
func (u Uniform) Moments() (mean, variance float64) {
	width := u.Hi - u.Lo
	return u.Lo + float64(width*0.5), float64(width*width) / 12
}

// CDF returns the probability of a value of at most x.
func (u Uniform) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x <= u.Lo:
		return 0
	case x >= u.Hi:
		return 1
	}
	return (x - u.Lo) / (u.Hi - u.Lo)
}

// Quantile returns the least x with CDF(x) >= p.
func (u Uniform) Quantile(p float64) float64 {
	if !isProbability(p) {
		return math.NaN()
	}
	return math.Min(u.at(p), u.Hi)
}

// Validate demands Lo < Hi.
func (u Uniform) Validate() error {
	p := problems{law: "Uniform"}
	p.finite("Lo", u.Lo)
	p.finite("Hi", u.Hi)
	if u.Hi <= u.Lo {
		p.add("Hi", number(u.Hi), "more than Lo")
	}
	return p.err()
}

func (u Uniform) String() string { return Format(u, Numbers) }
