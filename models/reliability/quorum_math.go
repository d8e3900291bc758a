package reliability

import (
	"fmt"
	"math"
)

// PoissonBinomial returns the probabilities that exactly 0, 1, ... n of n independent parts are down, given those of
// each part: a sum of positive terms, with full relative accuracy for each.
func PoissonBinomial(q ...float64) []float64 {
	pmf := make([]float64, len(q)+1)
	pmf[0] = 1
	for i, q := range q {
		for k := i + 1; k >= 1; k-- {
			pmf[k] = float64(pmf[k]*(1-q)) + float64(pmf[k-1]*q)
		}
		pmf[0] = float64(pmf[0] * (1 - q))
	}
	return pmf
}

// UnavailabilityKofN returns the probability that fewer than k of the parts are up, given their unavailabilities.
func UnavailabilityKofN(k int, q ...float64) float64 {
	if k < 1 || k > len(q) {
		panic(fmt.Sprintf("reliability: UnavailabilityKofN: k is %d, want 1 to %d", k, len(q)))
	}
	pmf := PoissonBinomial(q...)
	sum := 0.
	for down := len(q); down > len(q)-k; down-- { // the small terms first
		sum += pmf[down]
	}
	return sum
}

// UnavailabilityMajority is that of more than half of n parts alike.
func UnavailabilityMajority(n int, q float64) float64 { return UnavailabilityAlike(n/2+1, n, q) }

// UnavailabilityAlike is that of k of n parts alike.
func UnavailabilityAlike(k, n int, q float64) float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = q
	}
	return UnavailabilityKofN(k, list...)
}

// BetaBinomialKofN returns the probability that fewer than k of n parts are up if they are down with probability q, and
// not independently: q itself varies by a beta law, so that two parts are down with correlation rho. With rho = 0 they
// are independent.
func BetaBinomialKofN(k, n int, q, rho float64) float64 {
	if k < 1 || k > n || !(q >= 0 && q <= 1) || !(rho >= 0 && rho < 1) {
		panic(fmt.Sprintf("reliability: BetaBinomialKofN(%d, %d, %v, %v), want 1 <= k <= n, q from 0 to 1, rho from 0 to below 1", k, n, q, rho))
	}
	sum := 0.
	for down := n; down > n-k; down-- {
		term := choose(n, down) // of Polya's urn: each draw adds rho of its kind
		for i := range n {
			of := 1 - rho + float64(float64(i)*rho)
			if i < down {
				term = float64(term*(float64(q*(1-rho))+float64(float64(i)*rho))) / of
			} else {
				term = float64(term*(float64((1-q)*(1-rho))+float64(float64(i-down)*rho))) / of
			}
		}
		sum += term
	}
	return sum
}

// Nines returns how many nines an unavailability leaves: 3 for 0.001, +Inf for 0.
func Nines(unavailability float64) float64 { return 0 - log(unavailability)/math.Ln10 }

// A year has 365 days and a month 30, in hours.
const (
	Year  = 365 * 24.
	Month = 30 * 24.
)

// Downtime returns how long a system is down on average within a time: hours for hours, seconds for seconds.
func Downtime(unavailability, within float64) float64 { return float64(unavailability * within) }

// ReplicasNeeded returns how many independent replicas, each down with probability q, bring the probability that all are
// down to the target.
func ReplicasNeeded(q, target float64) (int, error) {
	if !(q > 0 && q < 1) || !(target > 0 && target < 1) {
		return 0, fmt.Errorf("reliability: ReplicasNeeded: q is %v and target %v, want both between 0 and 1", q, target)
	}
	n := max(log(target)/log(q), 1)
	if nearest := math.Round(n); math.Abs(n-nearest) < float64(1e-9*n) { // a power of q but for rounding
		n = nearest
	}
	return int(math.Ceil(n)), nil
}

// NoFailure returns the probability that none of n machines fails within a time, if each fails at times that are
// exponential with a mean of mttf; any one unit will do.
func NoFailure(n int, mttf, within float64) float64 { return exp(-float64(n) * within / mttf) }

// SomeFailure is 1 - NoFailure, without cancellation.
func SomeFailure(n int, mttf, within float64) float64 {
	return -expm1(-float64(n) * within / mttf)
}
