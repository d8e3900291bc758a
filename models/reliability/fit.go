package reliability

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/optimize"
)

// Sample is what was seen of times to failure: those that ended in one, and those that were still running when the
// observation ended (censored on the right).
type Sample struct{ Failed, Censored []float64 }

// Validate reports everything that is wrong with the sample.
func (s Sample) Validate() error {
	var errs []error
	check := func(field string, xs []float64) {
		for i, x := range xs {
			if !isTime(x) {
				errs = append(errs, fmt.Errorf("reliability: Sample.%s[%d] is %v, want a finite number, more than 0", field, i, x))
			}
		}
	}
	check("Failed", s.Failed)
	check("Censored", s.Censored)
	if len(s.Failed) == 0 {
		errs = append(errs, errors.New("reliability: Sample.Failed is empty, want at least 1 time"))
	}
	return errors.Join(errs...)
}

// varied is Validate for the laws of two parameters.
func (s Sample) varied() error {
	if err := s.Validate(); err != nil {
		return err
	}
	for _, x := range s.Failed[1:] {
		if x != s.Failed[0] {
			return nil
		}
	}
	return fmt.Errorf("reliability: Sample.Failed has one value, %v, %d times, want at least 2 different ones", s.Failed[0], len(s.Failed))
}

// sum adds f over all times, those that failed first.
func (s Sample) sum(f func(x float64) float64) float64 {
	sum := 0.
	for _, list := range [][]float64{s.Failed, s.Censored} {
		for _, x := range list {
			sum += f(x)
		}
	}
	return sum
}

// Parameter is a number that was fitted, with its standard error. All are above 0.
type Parameter struct {
	Name      string
	Value, SE float64
}

// Interval returns the normal interval of the parameter, made on the scale of its logarithm.
func (p Parameter) Interval(level float64) Estimate {
	checkLevel("Parameter.Interval", level)
	half := normalQuantile(level) * p.SE / p.Value
	return aboutLog(p.Value, half, level, 0, "maximum likelihood, log scale")
}

// Fit is a law that makes a sample most likely. Standard errors are those of the observed information.
type Fit struct {
	Law           Law
	Parameters    []Parameter
	LogLikelihood float64
	N, Failures   int
}

// AIC returns Akaike's criterion, by which fits of different laws to one sample compare: less is better.
func (f Fit) AIC() float64 { return float64(2*len(f.Parameters)) - float64(2*f.LogLikelihood) }

// FitExponential fits the exponential law: the mean is the time that was watched over the number of failures.
func FitExponential(s Sample) (Fit, error) {
	if err := s.Validate(); err != nil {
		return Fit{}, err
	}
	d := float64(len(s.Failed))
	mean := s.sum(func(x float64) float64 { return x }) / d
	return s.fit(func(p []float64) Law { return Exponential{p[0]} }, []string{"MTTF"}, mean), nil
}

// FitWeibull fits Weibull's law: the equation for the shape is solved, from which the scale follows.
func FitWeibull(s Sample) (Fit, error) {
	if err := s.varied(); err != nil {
		return Fit{}, err
	}
	d, top, logs := float64(len(s.Failed)), 0., 0.
	s.sum(func(x float64) float64 { top = max(top, x); return 0 })
	for _, x := range s.Failed {
		logs += log(x / top)
	}
	lo, hi := 1e-6, 1.
	excess := func(k float64) float64 { // rises with k
		a := s.sum(func(x float64) float64 { return float64(pow(x/top, k) * log(x/top)) })
		return a/s.sum(func(x float64) float64 { return pow(x/top, k) }) - 1/k - logs/d
	}
	for excess(hi) < 0 && hi < 1e9 {
		lo, hi = hi, float64(2*hi)
	}
	k := bisect(excess, lo, hi)
	scale := float64(top * pow(s.sum(func(x float64) float64 { return pow(x/top, k) })/d, 1/k))
	return s.fit(func(p []float64) Law { return Weibull{p[0], p[1]} }, []string{"Shape", "Scale"}, k, scale), nil
}

// FitLogNormal fits the lognormal law.
func FitLogNormal(s Sample) (Fit, error) {
	if err := s.varied(); err != nil {
		return Fit{}, err
	}
	n := float64(len(s.Failed) + len(s.Censored))
	mu := s.sum(log) / n
	sigma := math.Sqrt(s.sum(func(x float64) float64 { return float64((log(x) - mu) * (log(x) - mu)) }) / n)
	law := func(p []float64) Law { return LogNormal{p[0], p[1]} }
	return s.search(law, []string{"Median", "Sigma"}, exp(mu), sigma)
}

// FitGamma fits the gamma law.
func FitGamma(s Sample) (Fit, error) {
	if err := s.varied(); err != nil {
		return Fit{}, err
	}
	n := float64(len(s.Failed) + len(s.Censored))
	mean := s.sum(func(x float64) float64 { return x }) / n
	gap := log(mean) - s.sum(log)/n
	shape := bisect(func(a float64) float64 { return gap - log(a) + mathext.Digamma(a) }, 1e-6, 1/gap+1)
	law := func(p []float64) Law { return Gamma{p[0], p[1]} }
	return s.search(law, []string{"Shape", "Scale"}, shape, mean/shape)
}

// search finds the parameters from a start that is the answer if nothing is censored.
func (s Sample) search(law func([]float64) Law, names []string, start ...float64) (Fit, error) {
	if len(s.Censored) == 0 {
		return s.fit(law, names, start...), nil
	}
	at := func(x []float64) []float64 {
		p := make([]float64, len(x))
		for i := range x {
			p[i] = float64(start[i] * exp(x[i]))
		}
		return p
	}
	problem := optimize.Problem{Func: func(x []float64) float64 { return -s.logLikelihood(law(at(x))) }}
	settings := &optimize.Settings{Converger: &optimize.FunctionConverge{Absolute: 1e-13, Iterations: 60}}
	found, err := optimize.Minimize(problem, make([]float64, len(start)), settings, &optimize.NelderMead{SimplexSize: .2})
	if err != nil {
		return Fit{}, fmt.Errorf("reliability: fit of %v: %w", names, err)
	}
	return s.fit(law, names, at(found.X)...), nil
}

// logLikelihood is the sum of log densities of the failures and of log survival of the others.
func (s Sample) logLikelihood(l Law) float64 {
	sum := 0.
	for _, x := range s.Failed {
		sum += logDensity(l, x)
	}
	for _, x := range s.Censored {
		sum -= CumulativeHazard(l, x)
	}
	if math.IsNaN(sum) {
		return math.Inf(-1)
	}
	return sum
}

func logDensity(l Law, x float64) float64 {
	if g, ok := l.(Gamma); ok {
		return g.logProb(x)
	}
	return log(l.(dense).Prob(x))
}

// fit makes the result for the parameters that were found. The information is that of their logarithms.
func (s Sample) fit(law func([]float64) Law, names []string, values ...float64) Fit {
	f := Fit{Law: law(values), N: len(s.Failed) + len(s.Censored), Failures: len(s.Failed)}
	f.LogLikelihood = s.logLikelihood(f.Law)
	at := func(a, b float64) float64 {
		p := append([]float64(nil), values...)
		p[0] = float64(p[0] * exp(a))
		p[len(p)-1] = float64(p[len(p)-1] * exp(b))
		return s.logLikelihood(law(p))
	}
	const h = 1e-3
	second := func(a, b float64) float64 { // along (a, b), to order h^4
		v := func(x float64) float64 {
			return at(float64(x*a), float64(x*b)) + at(float64(-x*a), float64(-x*b)) - float64(2*f.LogLikelihood)
		}
		return (float64(16*v(h)) - v(2*h)) / (12 * h * h)
	}
	var variances []float64
	if len(values) == 1 {
		variances = []float64{-1 / second(0, 1)}
	} else {
		aa, bb := -second(1, 0), -second(0, 1)
		ab := (-second(1, 1) - aa - bb) / 2
		det := float64(aa*bb) - float64(ab*ab)
		variances = []float64{bb / det, aa / det}
	}
	for i, name := range names {
		f.Parameters = append(f.Parameters, Parameter{name, values[i], float64(values[i] * math.Sqrt(variances[i]))})
	}
	return f
}

// bisect finds where a rising function passes 0.
func bisect(f func(float64) float64, lo, hi float64) float64 {
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return mid
		}
		if f(mid) < 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
}
