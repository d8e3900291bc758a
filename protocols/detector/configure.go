package detector

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Requirements are what a user of a failure detector asks of its quality of service.
type Requirements struct {
	Detection  time.Duration // T_D^U: a crash is detected within it, at the latest; NFDU adds E(D)
	Recurrence time.Duration // T_MR^L: mistakes are at least so far apart, on average
	Mistake    time.Duration // T_M^U: a mistake lasts no longer, on average
}

// Validate reports requirements that are not positive.
func (r Requirements) Validate() error {
	var errs []error
	for _, f := range []struct {
		name string
		d    time.Duration
	}{{"Detection", r.Detection}, {"Recurrence", r.Recurrence}, {"Mistake", r.Mistake}} {
		if f.d <= 0 {
			errs = append(errs, fmt.Errorf("detector: Requirements.%s is %v, want more than 0s", f.name, f.d))
		}
	}
	return errors.Join(errs...)
}

// ErrImpossible is what the procedures return when no failure detector meets the requirements, or none that they could
// know of.
var ErrImpossible = errors.New("detector: no detector meets the requirements over this link")

// NFDS returns the parameters with which NFDS meets the requirements over a link whose laws are known, with the longest
// interval that the procedure of Chen, Toueg and Aguilera 2002, section 4, finds.
func (r Requirements) NFDS(l Link) (eta, delta time.Duration, err error) {
	q0 := 1 - l.missing(r.Detection)
	apart := func(eta float64) float64 {
		product := q0
		for j := 1.0; j <= math.Ceil(float64(r.Detection)/eta)-1; j++ {
			product = float64(product * l.missing(r.Detection-time.Duration(float64(j*eta))))
		}
		return eta / product
	}
	return r.solve(float64(q0*float64(r.Mistake)), float64(r.Detection), apart)
}

// NFDSOfMoments is NFDS for a link of which only the loss and the mean and variance of the delays are known, in seconds
// and seconds squared (section 5). It holds for every law that has them.
func (r Requirements) NFDSOfMoments(loss, mean, variance float64) (eta, delta time.Duration, err error) {
	room := float64(r.Detection) - float64(mean*1e9)
	if room <= 0 {
		return 0, 0, fmt.Errorf("%w: detection within %v, with a mean delay of %gs", ErrImpossible, r.Detection, mean)
	}
	return r.bounded(loss, float64(variance*1e18), room)
}

// NFDU returns the parameters with which NFDE, once it knows the expected arrivals, meets the requirements: from the
// loss and the variance of the delays alone, in seconds squared (section 6.2). A crash is detected within
// Requirements.Detection + E(D).
func (r Requirements) NFDU(loss, variance float64) (eta, alpha time.Duration, err error) {
	return r.bounded(loss, float64(variance*1e18), float64(r.Detection))
}

// bounded is the procedure for delays that are bounded by the one-sided inequality of Chebyshev: a delay exceeds its
// mean by x with probability V/(V+x^2) at most. room is what the detection time leaves beside the mean delay.
func (r Requirements) bounded(loss, variance, room float64) (eta, shift time.Duration, err error) {
	squared := float64(room * room)
	gamma := float64((1-loss)*squared) / (variance + squared)
	apart := func(eta float64) float64 {
		f := eta
		for j := 1.0; j <= math.Ceil(room/eta)-1; j++ {
			x := room - float64(j*eta)
			x = float64(x * x)
			f = float64(f * ((variance + x) / (variance + float64(loss*x))))
		}
		return f
	}
	return r.solve(min(float64(gamma*float64(r.Mistake)), room), room, apart)
}

// solve returns the longest interval, of at most longest, with which mistakes are apart as required, and what is left
// of the detection time. What apart returns is not monotonic: it is looked for in steps of a thousandth, downwards, and
// then between two of them.
func (r Requirements) solve(longest, room float64, apart func(eta float64) float64) (eta, shift time.Duration, err error) {
	if err := r.Validate(); err != nil {
		return 0, 0, err
	}
	met := func(eta float64) bool { return apart(eta) >= float64(r.Recurrence) }
	hi := min(longest, room)
	lo := hi
	for ; lo >= 1 && !met(lo); lo = float64(lo * 0.999) {
		hi = lo
	}
	if !(lo >= 1) {
		return 0, 0, fmt.Errorf("%w: mistakes %v apart, of %v at most, detection within %v", ErrImpossible, r.Recurrence, r.Mistake, r.Detection)
	}
	for range 60 {
		if m := (lo + hi) / 2; met(m) {
			lo = m
		} else {
			hi = m
		}
	}
	eta = time.Duration(lo)
	return eta, r.Detection - eta, nil
}
