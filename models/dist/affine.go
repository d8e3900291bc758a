package dist

import (
	"errors"

	"lightcone/sim"
)

// Shifted is Of + By: an offset, such as the time of flight under a queueing delay.
type Shifted struct {
	Of Dist
	By float64
}

// Sample draws one number.
func (s Shifted) Sample(r *sim.Rand) float64 { return s.Of.Sample(r) + s.By }

// Moments returns the mean and the variance.
func (s Shifted) Moments() (mean, variance float64) {
	mean, variance = s.Of.Moments()
	return mean + s.By, variance
}

// CDF returns the probability of a value of at most x.
func (s Shifted) CDF(x float64) float64 { return s.Of.CDF(x - s.By) }

// Quantile returns the least x with CDF(x) >= p.
func (s Shifted) Quantile(p float64) float64 { return s.Of.Quantile(p) + s.By }

// Validate demands a finite By and a valid law.
func (s Shifted) Validate() error { return errors.Join(s.check(), validate("Shifted.Of", s.Of)) }

func (s Shifted) check() error {
	p := problems{law: "Shifted"}
	p.finite("By", s.By)
	return p.err()
}

func (s Shifted) String() string { return Format(s, Numbers) }

// Scaled is By * Of, By above 0: a change of unit, or a slower copy of the same law.
type Scaled struct {
	By float64
	Of Dist
}

// Sample draws one number.
func (s Scaled) Sample(r *sim.Rand) float64 { return float64(s.By * s.Of.Sample(r)) }

// Moments returns the mean and the variance.
func (s Scaled) Moments() (mean, variance float64) {
	mean, variance = s.Of.Moments()
	return float64(s.By * mean), float64(float64(s.By*s.By) * variance)
}

// CDF returns the probability of a value of at most x.
func (s Scaled) CDF(x float64) float64 { return s.Of.CDF(x / s.By) }

// Quantile returns the least x with CDF(x) >= p.
func (s Scaled) Quantile(p float64) float64 { return float64(s.By * s.Of.Quantile(p)) }

// Validate demands a By above 0 and a valid law.
func (s Scaled) Validate() error { return errors.Join(s.check(), validate("Scaled.Of", s.Of)) }

func (s Scaled) check() error {
	p := problems{law: "Scaled"}
	p.positive("By", s.By)
	return p.err()
}

func (s Scaled) String() string { return Format(s, Numbers) }

// validate reports what is wrong with a law inside another.
func validate(where string, d Dist) error {
	if d == nil {
		return errors.New("dist: " + where + " is nil, want a law")
	}
	return d.Validate()
}
