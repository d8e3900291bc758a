package reliability

import (
	"errors"
	"fmt"
)

// DowntimeWithin returns the probability that a part that is up at 0 is down for at most x in all until time t (Takacs
// 1957): that a month meets its target. With n failures in t - x of time up, the n repairs take at most x:
//
//	P = sum over n of P(n failures in t - x) P(n repairs take at most x)
func (a Alternating) DowntimeWithin(x, t float64) float64 {
	switch {
	case x < 0:
		return 0
	case x >= t:
		return 1
	}
	first, weights := poisson((t-x)/a.MTTF, 100)
	sum := 0.
	for i, w := range weights {
		sum += float64(w * repairsWithin(first+i, x/a.MTTR))
	}
	return min(sum, 1)
}

// DowntimeBeyond returns 1 - DowntimeWithin, to all digits.
func (a Alternating) DowntimeBeyond(x, t float64) float64 {
	switch {
	case x < 0:
		return 1
	case x >= t:
		return 0
	}
	first, weights := poisson((t-x)/a.MTTF, 100)
	sum := 0.
	for i, w := range weights {
		if n := first + i; n > 0 {
			sum += float64(w * Gamma{float64(n), 1}.Survival(x/a.MTTR))
		}
	}
	return min(sum, 1)
}

func repairsWithin(n int, x float64) float64 {
	if n == 0 {
		return 1
	}
	return Gamma{float64(n), 1}.CDF(x)
}

// DowntimeWithin is the same for any laws of times up and down, on a grid of so many steps over t - x and over x. The
// error falls with the square of the number of steps where the laws are smooth; the time grows with it, times the number
// of failures that t may see.
func DowntimeWithin(up, down Law, x, t float64, steps int) (float64, error) {
	var errs []error
	if !isTime(x) || !isTime(t) || x >= t {
		errs = append(errs, fmt.Errorf("reliability: DowntimeWithin: %v of %v hours, want more than 0 of more than that", x, t))
	}
	if steps < 2 || steps > 1<<13 {
		errs = append(errs, fmt.Errorf("reliability: DowntimeWithin: steps is %d, want 2 to %d", steps, 1<<13))
	}
	if len(errs) > 0 {
		return 0, errors.Join(errs...)
	}
	const most = 10_000
	ups, downs := newFolded(up, t-x, steps), newFolded(down, x, steps)
	sum, reached := 0., 1. // reached: the probability of at least n failures in t - x
	for range most {
		next := ups.next()
		sum += float64((reached - next) * downs.within)
		if reached = next; reached < 1e-14 {
			return min(max(sum, 0), 1), nil
		}
		downs.next()
	}
	return 0, fmt.Errorf("reliability: DowntimeWithin: %v hours up hold more than %d failures, want fewer", t-x, most)
}

// folded is the law of a sum of n times, up to a limit. One time is given as masses at the middles of steps, so that n
// of them lie at i + n/2 steps.
type folded struct {
	one, sum []float64
	n        int
	within   float64 // the probability that the sum is at most the limit
}

func newFolded(l Law, limit float64, steps int) *folded {
	f := &folded{one: make([]float64, steps), sum: make([]float64, steps), within: 1}
	h, before := limit/float64(steps), 0.
	for i := range f.one {
		at := l.CDF(float64(float64(i+1) * h))
		f.one[i], before = at-before, at
	}
	f.sum[0] = 1
	return f
}

// next adds one time, and returns the probability that the sum is still at most the limit.
func (f *folded) next() float64 {
	more := make([]float64, len(f.sum))
	for i, p := range f.sum {
		if p < 1e-300 {
			continue
		}
		for j := range len(more) - i {
			more[i+j] += float64(p * f.one[j])
		}
	}
	f.sum = more
	f.n++
	// A mass at i + n/2 steps stands for the step around it: it counts in full if all of that is within the limit.
	f.within = 0
	for i, p := range f.sum {
		share := float64(len(f.sum)-i) - float64(f.n)/2 + .5
		f.within += float64(p * min(max(share, 0), 1))
	}
	return f.within
}
