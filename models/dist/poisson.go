package dist

import (
	"math"

	"lightcone/sim"
)

// Poisson counts the events of a Poisson process in a time in which Mean are expected.
type Poisson struct {
	Mean float64 // 1e-100 to 1e9
}

// Sample draws one count.
func (p Poisson) Sample(r *sim.Rand) float64 {
	if p.Mean < 10 {
		return p.search(r)
	}
	return p.reject(r)
}

// search inverts the distribution function from 0 upwards.
func (p Poisson) search(r *sim.Rand) float64 {
	u, k, q := r.Float64(), 0.0, Exp(-p.Mean)
	for ; u >= q && k < 1000; k++ {
		u -= q
		q = float64(q*p.Mean) / (k + 1)
	}
	return k
}

// reject is algorithm PTRS of Hoermann, The Transformed Rejection Method for Generating Poisson Random Variables,
// Insurance: Mathematics and Economics 12(1), 1993.
func (p Poisson) reject(r *sim.Rand) float64 {
	b := 0.931 + float64(2.53*Sqrt(p.Mean))
	a := float64(0.02483*b) - 0.059
	invAlpha := 1.1239 + 1.1328/(b-3.4)
	vr := 0.9277 - 3.6224/(b-2)
	for {
		u := float64(r.Float64()) - 0.5
		v := r.Float64()
		us := 0.5 - math.Abs(u)
		if us == 0 {
			continue
		}
		k := math.Floor(float64((float64(2*a)/us+b)*u) + p.Mean + 0.43)
		if us >= 0.07 && v <= vr {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		if Log(v*invAlpha/(a/float64(us*us)+b)) <= logPoisson(k, p.Mean) {
			return k
		}
	}
}

// Moments returns the mean and the variance.
func (p Poisson) Moments() (mean, variance float64) { return p.Mean, p.Mean }

// CDF returns the probability of a count of at most x.
func (p Poisson) CDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 0:
		return 0
	case math.IsInf(x, 1):
		return 1
	}
	return GammaQ(math.Floor(x)+1, p.Mean)
}

// Quantile returns the least count k with CDF(k) >= prob.
func (p Poisson) Quantile(prob float64) float64 {
	switch {
	case !isProbability(prob):
		return math.NaN()
	case prob == 1:
		return math.Inf(1)
	}
	hi := math.Ceil(p.Mean) + 1
	for p.CDF(hi) < prob {
		hi += float64(4 * math.Ceil(Sqrt(p.Mean)+1))
	}
	return leastCount(0, hi, func(k float64) bool { return p.CDF(k) >= prob })
}

// Validate demands a Mean above 0, at most 1e9.
func (p Poisson) Validate() error {
	all := problems{law: "Poisson"}
	if all.positive("Mean", p.Mean); p.Mean > 1e9 && p.Mean <= largest {
		all.within("Mean", p.Mean, smallest, 1e9)
	}
	return all.err()
}

func (p Poisson) String() string { return Format(p, Numbers) }
