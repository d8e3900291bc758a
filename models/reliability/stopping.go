package reliability

import (
	"errors"
	"fmt"
	"math"
)

// RelativeStop ends a simulation as soon as an interval is narrow enough: Chow and Robbins's sequential rule (Annals of
// Mathematical Statistics 36, 1965). The rule stops by preference where the variance has come out too small, so that
// the interval covers less than its level; the guard is a least number of cycles. With it, and exponential times, the
// coverage at level .95 is .94 to .96.
type RelativeStop struct {
	Width float64 // half of the interval over the value, such as .1

	// MinCycles is the least number of cycles; 0 is what times up that vary as an exponential law's need when outages
	// are all of one length, and at least 50.
	MinCycles int
}

// Validate reports all that is wrong with the rule.
func (s RelativeStop) Validate() error {
	var errs []error
	if !(s.Width > 0 && s.Width < 1) {
		errs = append(errs, fmt.Errorf("reliability: RelativeStop.Width is %v, want between 0 and 1", s.Width))
	}
	if s.MinCycles < 0 {
		errs = append(errs, fmt.Errorf("reliability: RelativeStop.MinCycles is %d, want at least 1, or 0 for the default", s.MinCycles))
	}
	return errors.Join(errs...)
}

// Done reports whether to stop. Asking after every cycle is sound, asking after every hundredth cheaper.
func (s RelativeStop) Done(e Estimate) bool {
	least := s.MinCycles
	if least == 0 {
		least = max(50, CyclesNeeded(s.Width, e.Level, 1, 0))
	}
	return e.N >= least && e.RelativeHalfWidth() <= s.Width
}

// CyclesNeeded returns how many outage cycles give an unavailability, a small one, to within ±width relative: (z/width)^2
// (cvUp^2 + cvDown^2), where cv is the standard deviation over the mean of the times up and down. It does not depend on
// the unavailability: a rare outage takes longer to simulate, not more outages.
func CyclesNeeded(width, level, cvUp, cvDown float64) int {
	checkLevel("CyclesNeeded", level)
	z := normalQuantile(level) / width
	return int(math.Ceil(float64(float64(z*z) * (float64(cvUp*cvUp) + float64(cvDown*cvDown)))))
}
