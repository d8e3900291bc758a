package detector

import (
	"math"
	"time"
)

// Link is a link as the closed forms know it: it loses each message with probability Loss and delays the others by
// independent times D.
type Link struct {
	Loss float64
	// Late returns P(D > d), also for negative d, where it is 1.
	Late func(d time.Duration) float64
}

// Quality is the quality of service of a failure detector (Chen, Toueg and Aguilera 2002, section 2), in seconds but for
// Accuracy. A detector that makes no mistakes has an infinite Recurrence and a NaN Mistake.
type Quality struct {
	Detection    float64 // E[T_D] of a crash at a random time
	DetectionMax float64 // the bound of T_D
	Recurrence   float64 // E[T_MR], between two mistakes
	Mistake      float64 // E[T_M], how long one lasts
	Good         float64 // E[T_G], from its end to the next
	Accuracy     float64 // P_A, of being right at a random time
}

// NFDS returns the quality of NFDS with these parameters over a link, with synchronised clocks: theorem 5 of Chen,
// Toueg and Aguilera 2002, for every loss and delay. It is that of NFDE too, with delta = E(D) + alpha, as far as
// expected arrivals are known and not estimated (section 6).
//
//	k = ceil(delta/eta)   p_j(x) = p + (1-p) P(D > delta + x - j eta)   u(x) = product of p_j(x), j = 0 to k
//	q_0 = (1-p) P(D < delta + eta)   p_s = q_0 u(0)
//	E[T_MR] = eta/p_s   E[T_M] = int_0^eta u / p_s   P_A = 1 - int_0^eta u / eta
//
// The paper has no E[T_D]. It follows from what is there: with G the number of latest heartbeats that do not come in
// time, geometric with P(G = 0) = q_0, and a crash uniform in an interval, T_D is max(0, delta + eta - G eta - U).
func (l Link) NFDS(eta, delta time.Duration) Quality {
	k := int64((delta + eta - 1) / eta)
	if delta < 0 {
		k = 0
	}
	u := func(x float64) float64 {
		product := 1.0
		for j := range k + 1 {
			product = float64(product * l.missing(delta+time.Duration(math.Round(x))-time.Duration(j)*eta))
		}
		return product
	}
	q0 := 1 - l.missing(delta+eta)
	start := float64(q0 * u(0))
	// The heartbeat k leaves within the interval: there the product bends, or jumps.
	bend := float64(max(0, time.Duration(k)*eta-delta))
	wrong := integrate(u, 0, bend) + integrate(u, bend, float64(eta))
	q := Quality{
		Detection:    detection(q0, eta, delta+eta),
		DetectionMax: (delta + eta).Seconds(),
		Recurrence:   math.Inf(1),
		Mistake:      math.NaN(),
		Good:         math.Inf(1),
		Accuracy:     1 - wrong/float64(eta),
	}
	if start > 0 {
		q.Recurrence, q.Mistake = eta.Seconds()/start, wrong/start/1e9
		q.Good = q.Recurrence - q.Mistake
	}
	return q
}

// missing is p_j(x): the probability that a heartbeat has not arrived so long after it was sent.
func (l Link) missing(after time.Duration) float64 {
	return l.Loss + float64((1-l.Loss)*l.Late(after))
}

// detection is E[T_D] in seconds, if every heartbeat comes in time with probability q0, and one that does is good for
// bound after it was sent.
func detection(q0 float64, eta, bound time.Duration) float64 {
	mean, weight, e := 0.0, q0, eta.Seconds()
	for left := bound; left > 0; left -= eta {
		if a := left.Seconds(); left >= eta {
			mean += float64(weight * (a - e/2))
		} else {
			mean += float64(weight*a) * a / (2 * e)
		}
		weight = float64(weight * (1 - q0))
	}
	return mean
}

// integrate returns the integral of f over [a, b] by Simpson's rule, halved where it is not yet right: to about 1e-10 of
// f's range, or as far as 40 halvings go if f jumps.
func integrate(f func(float64) float64, a, b float64) float64 {
	if !(a < b) {
		return 0
	}
	const pieces = 64 // so that no peak between the first points goes unseen
	sum := 0.0
	for i := range pieces {
		lo := a + float64((b-a)*float64(i))/pieces
		hi := a + float64((b-a)*float64(i+1))/pieces
		sum += simpson(f, lo, hi, f(lo), f((lo+hi)/2), f(hi), 40)
	}
	return sum
}

// simpson integrates over [a, b], of which f is known at both ends and in the middle.
func simpson(f func(float64) float64, a, b, fa, fm, fb float64, halvings int) float64 {
	m := (a + b) / 2
	fl, fr := f((a+m)/2), f((m+b)/2)
	coarse := float64((b-a)*(fa+float64(4*fm)+fb)) / 6
	fine := float64((b-a)*(fa+float64(4*fl)+float64(2*fm)+float64(4*fr)+fb)) / 12
	if off := math.Abs(fine - coarse); halvings == 0 || off <= 1e-10*(b-a) || m-a < 2 {
		return fine
	}
	return simpson(f, a, m, fa, fl, fm, halvings-1) + simpson(f, m, b, fm, fr, fb, halvings-1)
}

// TimeoutOverLoss returns the quality of Timeout over a link that delays all messages by the same time and loses each
// with probability loss. A mistake takes m = floor(timeout/eta) losses in a row, and lasts until the next heartbeat that
// is not lost.
func TimeoutOverLoss(eta, timeout, delay time.Duration, loss float64) Quality {
	e, m := eta.Seconds(), int64(timeout/eta)
	row := 1.0
	for range m {
		row = float64(row * loss)
	}
	mistake := float64(e*float64(m+1)) + float64(e*loss)/(1-loss) - timeout.Seconds()
	q := Quality{
		Detection:    detection(1-loss, eta, timeout+delay),
		DetectionMax: (timeout + delay).Seconds(),
		Recurrence:   math.Inf(1),
		Mistake:      math.NaN(),
		Good:         math.Inf(1),
		Accuracy:     1,
	}
	if row > 0 && loss < 1 {
		q.Recurrence, q.Mistake = e/float64((1-loss)*row), mistake
		q.Good, q.Accuracy = q.Recurrence-q.Mistake, 1-q.Mistake/q.Recurrence
	}
	return q
}
