package reliability

import (
	"fmt"
	"math"
)

// Weights counts importance-sampling weights: the likelihood of what happened under the true laws over that under the
// forced ones, given as its logarithm. Their mean is expected to be 1, whatever was forced. The zero Weights is empty.
type Weights struct {
	n, positive  int
	shift        float64 // the largest logarithm; what follows is in units of e^shift
	sum, squares float64
}

// Add counts one weight; -Inf is a weight of 0.
func (w *Weights) Add(logWeight float64) {
	if math.IsNaN(logWeight) || math.IsInf(logWeight, 1) {
		panic(fmt.Sprintf("reliability: Weights.Add: logarithm is %v, want a number", logWeight))
	}
	w.n++
	if math.IsInf(logWeight, -1) {
		return
	}
	if w.positive++; w.positive == 1 {
		w.shift = logWeight
	}
	if logWeight > w.shift {
		w.rescale(logWeight)
	}
	x := exp(logWeight - w.shift)
	w.sum += x
	w.squares += float64(x * x)
}

func (w *Weights) rescale(shift float64) {
	f := exp(w.shift - shift)
	w.sum = float64(w.sum * f)
	w.squares = float64(w.squares * float64(f*f))
	w.shift = shift
}

// Merge counts all that o counted.
func (w *Weights) Merge(o *Weights) {
	w.n += o.n
	if o.positive == 0 {
		return
	}
	other := *o
	switch {
	case w.positive == 0:
		w.shift = o.shift
	case o.shift > w.shift:
		w.rescale(o.shift)
	default:
		other.rescale(w.shift)
	}
	w.positive += o.positive
	w.sum += other.sum
	w.squares += other.squares
}

// N returns how many were counted.
func (w *Weights) N() int { return w.n }

// Sum returns their sum.
func (w *Weights) Sum() float64 { return float64(w.sum * exp(w.shift)) }

// Mean returns their mean with its standard error; NaN for fewer than two.
func (w *Weights) Mean() (mean, standardError float64) {
	if w.n < 2 {
		return math.NaN(), math.NaN()
	}
	n := float64(w.n)
	variance := max(0, w.squares-float64(w.sum*w.sum)/n) / (n - 1)
	unit := exp(w.shift)
	return float64(w.sum / n * unit), float64(math.Sqrt(variance/n) * unit)
}

// ESS returns the effective sample size, sum^2 / sum of squares (Kong, Liu, Wong, JASA 89, 1994): how many equal weights
// would vary as little. It is 0 for none.
func (w *Weights) ESS() float64 {
	if w.positive == 0 {
		return 0
	}
	return float64(w.sum*w.sum) / w.squares
}

// Largest returns the share of the largest weight in the sum; 0 for none.
func (w *Weights) Largest() float64 {
	if w.positive == 0 {
		return 0
	}
	return 1 / w.sum
}

// What Weighted demands before it gives an interval.
const (
	leastESS     = 50  // effective number of weighted observations that are not 0
	largestShare = 0.1 // of one of them in their sum
	meanErrors   = 5   // standard errors that the mean weight may be off 1
)

// Refusal says why no interval is given under forced laws: by which diagnostic.
type Refusal struct {
	Diagnostic string // "mean weight", "effective sample size", "largest share"
	Got, Want  string
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("reliability: Weights: %s is %s, want %s: too few cycles, or forced too hard", r.Diagnostic, r.Got, r.Want)
}

// Weighted counts observations that are not negative, such as the time down in a cycle, made under forced laws, each
// with the logarithm of its weight: their mean under the true laws is that of weight times observation. The zero
// Weighted is empty.
type Weighted struct {
	All  Weights // the weights of all observations
	Hits Weights // weight times observation: 0 for most where what is observed is rare
}

// Add counts one observation.
func (w *Weighted) Add(logWeight, x float64) {
	if !(x >= 0) {
		panic(fmt.Sprintf("reliability: Weighted.Add: observation is %v, want 0 or more", x))
	}
	w.All.Add(logWeight)
	w.Hits.Add(logWeight + log(x))
}

// Merge counts all that o counted.
func (w *Weighted) Merge(o *Weighted) {
	w.All.Merge(&o.All)
	w.Hits.Merge(&o.Hits)
}

// Err returns a *Refusal if the weights are not fit for an interval: if they do not average 1, or if a few of them
// decide the result. Laws forced too hard show in this: what happens most under the true laws then hardly happens at
// all, and the mean of the weights that are seen is far below 1. The diagnostics are necessary, not sufficient: a way to
// fail that the forcing makes rarer than it is can hide from them all.
func (w *Weighted) Err() error {
	mean, se := w.All.Mean()
	if !(math.Abs(mean-1) <= float64(meanErrors*se)+1e-9) {
		return &Refusal{"mean weight", fmt.Sprintf("%.3g ± %.2g", mean, se), fmt.Sprintf("1 within %d standard errors", meanErrors)}
	}
	if ess := w.Hits.ESS(); ess < leastESS {
		return &Refusal{"effective sample size", fmt.Sprintf("%.3g", ess), fmt.Sprintf("at least %d", leastESS)}
	}
	if share := w.Hits.Largest(); share > largestShare {
		return &Refusal{"largest share", fmt.Sprintf("%.3g", share), fmt.Sprintf("at most %v", largestShare)}
	}
	return nil
}

const weightedMethod = "importance sampling"

// Estimate returns the mean under the true laws with its interval on the logarithmic scale. With weights that are not
// fit for one it has none, and the error says why.
func (w *Weighted) Estimate(level float64) (Estimate, error) {
	checkLevel("Weighted", level)
	mean, se := w.Hits.Mean()
	n := w.Hits.n
	if err := w.Err(); err != nil {
		return none(mean, level, n, weightedMethod), err
	}
	return aboutLog(mean, studentQuantile(level, n-1)*se/mean, level, n, weightedMethod), nil
}

// Share returns the long-run share of time that a regenerative process spends as observed: the mean time observed in a
// cycle, from forced cycles, over the mean length of a cycle, from cycles of the true laws (measure-specific dynamic
// importance sampling: Goyal, Shahabuddin, Heidelberger, Nicola, Glynn, IEEE Transactions on Computers 41(1), 1992). The
// interval is on the scale of the log odds.
func (w *Weighted) Share(length *Tally, level float64) (Estimate, error) {
	e, err := w.Per(length, level)
	if err != nil {
		return e, err
	}
	share := e.Value
	return aboutLogit(share/(1-share), log(e.High/share)/(1-share), level, e.N, weightedMethod), nil
}

// Per returns the mean under the true laws over that of lengths which were not forced, such as outages per unit of
// time, with its interval on the logarithmic scale.
func (w *Weighted) Per(length *Tally, level float64) (Estimate, error) {
	checkLevel("Weighted", level)
	mean, se := w.Hits.Mean()
	value, n := mean/length.Mean(), min(w.Hits.n, length.n)
	if err := w.Err(); err != nil {
		return none(value, level, n, weightedMethod), err
	}
	u, v := se/mean, length.StandardError()/length.Mean()
	half := float64(studentQuantile(level, n-1) * math.Sqrt(float64(u*u)+float64(v*v)))
	return aboutLog(value, half, level, n, weightedMethod), nil
}
