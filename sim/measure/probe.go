package measure

import (
	"math"
	"time"

	"lightcone/sim"
)

// Probes is what visitors at the instants of a Poisson process found.
type Probes struct{ Served, Refused int }

// Availability returns the share of probes that were served; NaN of none.
func (p Probes) Availability() float64 {
	if p.Served+p.Refused == 0 {
		return math.NaN()
	}
	return float64(p.Served) / float64(p.Served+p.Refused)
}

// The purpose of the draws of probes, beside others outside the engine.
const forProbes = 0x70726f6265 // "probe"

// Probe evaluates the predicate at the instants of a Poisson process, on average so often a second, drawn by the seed.
// The state between events is constant, so the report knows what a probe would have found.
func (r *Report) Probe(seed uint64, perSecond float64) Probes {
	var p Probes
	if perSecond <= 0 {
		return p
	}
	draw := sim.NewRand(seed, sim.ForStudy, forProbes)
	next := 0
	at := float64(r.From)
	for {
		at += float64(exponential(&draw) * (float64(time.Second) / perSecond))
		if at >= float64(r.To) {
			return p
		}
		for next < len(r.Outages) && r.Outages[next].To <= sim.Time(at) {
			next++
		}
		if next < len(r.Outages) && r.Outages[next].From <= sim.Time(at) {
			p.Refused++
		} else {
			p.Served++
		}
	}
}

// exponential draws from the exponential law of mean 1 by comparing uniform numbers alone (von Neumann, 1951): in a
// descent u1 > u2 > ... that breaks off at an even place, u1 is the fraction; each failure adds 1.
func exponential(r *sim.Rand) float64 {
	for whole := 0.0; ; whole++ {
		first := r.Float64()
		last, odd := first, true
		for {
			u := r.Float64()
			if u >= last {
				break
			}
			last, odd = u, !odd
		}
		if odd {
			return whole + first
		}
	}
}
