package reliability

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Exponential is the law without a memory: a constant rate of failure.
type Exponential struct{ MTTF float64 }

func (e Exponential) CDF(x float64) float64      { return -expm1(-max(x, 0) / e.MTTF) }
func (e Exponential) Survival(x float64) float64 { return exp(-max(x, 0) / e.MTTF) }
func (e Exponential) Excess(x float64) float64   { return float64(e.MTTF*e.Survival(x)) + max(-x, 0) }
func (e Exponential) Quantile(p float64) float64 { return float64(-e.MTTF * log1p(-p)) }
func (e Exponential) Moments() (mean, variance float64) {
	return e.MTTF, float64(e.MTTF * e.MTTF)
}
func (e Exponential) Prob(x float64) float64 {
	if x < 0 {
		return 0
	}
	return e.Survival(x) / e.MTTF
}

// Validate reports what is wrong with the law.
func (e Exponential) Validate() error { return positive("Exponential", "MTTF", e.MTTF) }

// Weibull is the law R(x) = exp(-(x/Scale)^Shape): with a shape below 1 the rate of failure falls with age, above 1 it
// rises.
type Weibull struct{ Shape, Scale float64 }

func (w Weibull) hazard(x float64) float64   { return pow(max(x, 0)/w.Scale, w.Shape) }
func (w Weibull) CDF(x float64) float64      { return -expm1(-w.hazard(x)) }
func (w Weibull) Survival(x float64) float64 { return exp(-w.hazard(x)) }
func (w Weibull) Quantile(p float64) float64 { return float64(w.Scale * pow(-log1p(-p), 1/w.Shape)) }
func (w Weibull) Excess(x float64) float64 {
	return float64(w.Scale*gamma(1+1/w.Shape)*mathext.GammaIncRegComp(1/w.Shape, w.hazard(x))) + max(-x, 0)
}
func (w Weibull) Moments() (mean, variance float64) {
	g := gamma(1 + 1/w.Shape)
	return float64(w.Scale * g), float64(w.Scale * w.Scale * (gamma(1+2/w.Shape) - float64(g*g)))
}
func (w Weibull) Prob(x float64) float64 {
	if x < 0 {
		return 0
	}
	return float64(w.Shape / w.Scale * pow(x/w.Scale, w.Shape-1) * w.Survival(x))
}

// Validate reports what is wrong with the law.
func (w Weibull) Validate() error {
	return errors.Join(positive("Weibull", "Shape", w.Shape), positive("Weibull", "Scale", w.Scale))
}

// LogNormal is the law of a time whose logarithm is normal, with Sigma as the standard deviation of that.
type LogNormal struct{ Median, Sigma float64 }

func (l LogNormal) z(x float64) float64        { return log(max(x, 0)/l.Median) / l.Sigma }
func (l LogNormal) CDF(x float64) float64      { return normalTail(-l.z(x)) }
func (l LogNormal) Survival(x float64) float64 { return normalTail(l.z(x)) }
func (l LogNormal) Quantile(p float64) float64 {
	return float64(l.Median * exp(float64(l.Sigma*mathext.NormalQuantile(p))))
}
func (l LogNormal) Moments() (mean, variance float64) {
	s := float64(l.Sigma * l.Sigma)
	mean = float64(l.Median * exp(s/2))
	return mean, float64(mean * mean * expm1(s))
}
func (l LogNormal) Prob(x float64) float64 {
	if x <= 0 {
		return 0
	}
	z := l.z(x)
	return exp(-z*z/2) / (x * l.Sigma * math.Sqrt(2*math.Pi))
}
func (l LogNormal) Excess(x float64) float64 {
	if x <= 0 {
		mean, _ := l.Moments()
		return mean - x
	}
	mean, _ := l.Moments()
	return float64(mean*normalTail(l.z(x)-l.Sigma)) - float64(x*l.Survival(x))
}

// Validate reports what is wrong with the law.
func (l LogNormal) Validate() error {
	return errors.Join(positive("LogNormal", "Median", l.Median), positive("LogNormal", "Sigma", l.Sigma))
}

// normalTail is the probability that a standard normal number is above z.
func normalTail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 } //det:ok shown, never drawn from

// Gamma is the gamma law; with a whole Shape it is Erlang's, the sum of so many exponential times of mean Scale.
type Gamma struct{ Shape, Scale float64 }

func (g Gamma) CDF(x float64) float64 { return mathext.GammaIncReg(g.Shape, max(x, 0)/g.Scale) }
func (g Gamma) Survival(x float64) float64 {
	return mathext.GammaIncRegComp(g.Shape, max(x, 0)/g.Scale)
}
func (g Gamma) Quantile(p float64) float64 {
	return float64(g.Scale * mathext.GammaIncRegInv(g.Shape, p))
}
func (g Gamma) Moments() (mean, variance float64) {
	mean = float64(g.Shape * g.Scale)
	return mean, float64(mean * g.Scale)
}
func (g Gamma) Prob(x float64) float64 { return exp(g.logProb(x)) }
func (g Gamma) logProb(x float64) float64 {
	y := x / g.Scale
	return float64((g.Shape-1)*log(y)) - y - lgamma(g.Shape) - log(g.Scale)
}

// Validate reports what is wrong with the law.
func (g Gamma) Validate() error {
	return errors.Join(positive("Gamma", "Shape", g.Shape), positive("Gamma", "Scale", g.Scale))
}

// Pareto is the law R(x) = (Least/x)^Shape from Least on.
type Pareto struct{ Least, Shape float64 }

func (p Pareto) CDF(x float64) float64 {
	return -expm1(float64(-p.Shape * log(max(x, p.Least)/p.Least)))
}
func (p Pareto) Survival(x float64) float64 { return pow(p.Least/max(x, p.Least), p.Shape) }
func (p Pareto) Quantile(q float64) float64 { return float64(p.Least * pow(1-q, -1/p.Shape)) }
func (p Pareto) Prob(x float64) float64 {
	if x < p.Least {
		return 0
	}
	return float64(p.Shape / x * p.Survival(x))
}
func (p Pareto) Excess(x float64) float64 {
	if p.Shape <= 1 {
		return math.Inf(1)
	}
	from := max(x, p.Least)
	return from - x + float64(from/(p.Shape-1)*p.Survival(from))
}
func (p Pareto) Moments() (mean, variance float64) {
	mean, variance = Lomax{p.Least, p.Shape}.Moments()
	return mean + p.Least, variance
}

// Validate reports what is wrong with the law.
func (p Pareto) Validate() error {
	return errors.Join(positive("Pareto", "Least", p.Least), positive("Pareto", "Shape", p.Shape))
}

// Lomax is Pareto's law moved to start at 0: R(x) = (1 + x/Scale)^-Shape. It is a mixture of exponential laws whose rates
// follow a gamma law.
type Lomax struct{ Scale, Shape float64 }

func (l Lomax) CDF(x float64) float64      { return -expm1(float64(-l.Shape * log1p(max(x, 0)/l.Scale))) }
func (l Lomax) Survival(x float64) float64 { return exp(float64(-l.Shape * log1p(max(x, 0)/l.Scale))) }
func (l Lomax) Prob(x float64) float64     { return float64(l.Shape / (l.Scale + x) * l.Survival(x)) }
func (l Lomax) Quantile(p float64) float64 { return float64(l.Scale * expm1(-log1p(-p)/l.Shape)) }
func (l Lomax) Moments() (mean, variance float64) {
	mean, variance = math.Inf(1), math.Inf(1)
	if l.Shape > 1 {
		mean = l.Scale / (l.Shape - 1)
	}
	if l.Shape > 2 {
		variance = float64(mean * mean * (l.Shape / (l.Shape - 2)))
	}
	return mean, variance
}

func (l Lomax) Excess(x float64) float64 {
	return Pareto{l.Scale, l.Shape}.Excess(l.Scale+max(x, 0)) + max(-x, 0)
}

// Validate reports what is wrong with the law.
func (l Lomax) Validate() error {
	return errors.Join(positive("Lomax", "Scale", l.Scale), positive("Lomax", "Shape", l.Shape))
}

// Fixed is the law of a time that is always the same.
type Fixed struct{ Value float64 }

func (f Fixed) CDF(x float64) float64             { return bit(x >= f.Value) }
func (f Fixed) Survival(x float64) float64        { return bit(x < f.Value) }
func (f Fixed) Excess(x float64) float64          { return max(f.Value-x, 0) }
func (f Fixed) Quantile(float64) float64          { return f.Value }
func (f Fixed) Moments() (mean, variance float64) { return f.Value, 0 }

// Validate reports what is wrong with the law.
func (f Fixed) Validate() error { return positive("Fixed", "Value", f.Value) }

func bit(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// gamma is the gamma function; it keeps more digits than exp of its logarithm.
func gamma(x float64) float64 { return math.Gamma(x) } //det:ok shown, never drawn from

func positive(law, field string, x float64) error {
	if !isTime(x) {
		return fmt.Errorf("reliability: %s.%s is %v, want a finite number, more than 0", law, field, x)
	}
	return nil
}
