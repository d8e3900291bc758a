package reliability

import (
	"errors"
	"fmt"
	"math"
)

// Checkpoint is a long job that saves its state from time to time, and begins again from the last saved state when it
// fails. Failures come at a constant rate, also while it saves and while it restarts. All in one unit of time.
type Checkpoint struct {
	Cost    float64 // of saving
	Restart float64 // from a failure to being at work again
	MTTF    float64
}

// Validate reports everything that is wrong with it.
func (c Checkpoint) Validate() error {
	errs := []error{positive("Checkpoint", "Cost", c.Cost), positive("Checkpoint", "MTTF", c.MTTF)}
	if c.Restart != 0 && !isTime(c.Restart) {
		errs = append(errs, fmt.Errorf("reliability: Checkpoint.Restart is %v, want at least 0", c.Restart))
	}
	return errors.Join(errs...)
}

// Young returns the work between checkpoints by Young's rule (1974): sqrt(2 cost MTTF).
func (c Checkpoint) Young() float64 { return math.Sqrt(float64(2 * c.Cost * c.MTTF)) }

// Daly returns it by Daly's better approximation (2006, equation 37).
func (c Checkpoint) Daly() float64 {
	x := c.Cost / (2 * c.MTTF)
	if x >= 1 {
		return c.MTTF
	}
	return float64(c.Young()*(1+math.Sqrt(x)/3+x/9)) - c.Cost
}

// Optimum returns the work between checkpoints that makes the mean completion time least: MTTF (1 + W(-exp(-cost/MTTF -
// 1))), with Lambert's W. As MTTF y, where -log(1 - y) - y = cost/MTTF, nothing cancels.
func (c Checkpoint) Optimum() float64 {
	r := c.Cost / c.MTTF
	y := math.Sqrt(float64(2 * r))
	if y > .5 {
		y = -expm1(-r - 1)
	}
	for range 100 {
		step := (excessLog(y) - r) * (1 - y) / y
		y -= step
		if math.Abs(step) <= 1e-16*y {
			break
		}
	}
	return float64(c.MTTF * y)
}

// excessLog returns -log(1 - y) - y.
func excessLog(y float64) float64 {
	if y > .1 {
		return -log1p(-y) - y
	}
	sum, power := 0., y // y^2/2 + y^3/3 + ...
	for k := 2.; ; k++ {
		power = float64(power * y)
		if next := sum + power/k; next == sum {
			return sum
		} else {
			sum = next
		}
	}
}

// Slowdown returns the mean completion time over the work, for so much work between checkpoints: MTTF exp(restart/MTTF)
// (exp((interval + cost)/MTTF) - 1)/interval.
func (c Checkpoint) Slowdown(interval float64) float64 { return c.piece(interval) / interval }

// piece returns the mean time to do a piece of work and save it.
func (c Checkpoint) piece(work float64) float64 {
	return float64(c.MTTF * exp(c.Restart/c.MTTF) * expm1((work+c.Cost)/c.MTTF))
}

// Completion returns the mean time for so much work, in pieces of interval and a last one of what is left, each of which
// is saved.
func (c Checkpoint) Completion(work, interval float64) float64 {
	whole := math.Floor(work/interval + 1e-9)
	total := float64(whole * c.piece(interval))
	if left := work - float64(whole*interval); left > 1e-9*interval {
		total += c.piece(left)
	}
	return total
}
