package experiments

import (
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/overload"
)

// overloadFluid is an outage as a fluid: while the server stalls every operation is asked for so many times, at once after
// each timeout; then the queue drains, as requests go on to come. With a budget there is one attempt, and what the budgets
// let through before they are used up.
type overloadFluid struct {
	asked    float64 // operations a second
	served   float64 // requests a second
	attempts float64
	timeout  float64 // s
	outage   float64 // s
	budgets  float64 // retries that all of them allow
}

// arriving is how many requests come in a second as long as the queue is longer than clients wait.
func (f overloadFluid) arriving() float64 { return f.asked * f.attempts }

// recovery is how long after the outage the last second ends in which too little is served: when the queue is as long as
// clients wait for the last of their attempts. What is asked for late in the outage has not been asked for as often when it
// ends. The queue goes up and down, as a Brownian motion whose variance is that of arrivals and services: it crosses a level
// for the last time variance/drift^2 after it first does on average. And the second counts unless the crossing is in the
// first twentieth of it.
func (f overloadFluid) recovery() float64 {
	k, drift := f.attempts, f.served-f.arriving()
	before := f.asked / (f.served - f.asked)
	queue := before + f.budgets + float64(f.arriving()*(f.outage-f.timeout*(k-1)/2))
	last := (float64(f.asked*k*k) + f.served) / (drift * drift)
	return math.Max(0, (queue-float64(f.served*k*f.timeout))/drift) + last + overload.Enough - 0.5
}

// overloadFluid returns the fluid of a scenario; ok is false if it is more than that.
func (s *Scenario) overloadFluid() (f overloadFluid, ok bool) {
	params, is := s.Params.(*protocols.OverloadParams)
	if !is || s.Clients == nil || s.Clients.Workload.Rate == nil || !plainQueue(params) || !s.Clients.askOften() || !s.stalls() {
		return f, false
	}
	c := s.Clients
	f = overloadFluid{
		asked: float64(c.Count) * float64(*c.Workload.Rate), served: capacityOf(params), attempts: c.attempts(),
		timeout: time.Duration(c.Timeout).Seconds(), outage: time.Duration(*s.Faults[0].For).Seconds(),
	}
	last := f.attempts * f.timeout
	if d := time.Duration(c.Deadline).Seconds(); d > 0 && d < last || params.Good.Seconds() < last {
		return f, false // the last attempt's answer comes too late to count
	}
	if b := c.Retry.Budget; b != nil {
		f.budgets = float64(c.Count) * (math.Ceil(float64(b.Tokens)/2) - 1)
		if f.budgets > f.asked*f.outage*(f.attempts-1)/2 {
			return f, false // they last longer than the outage
		}
		f.attempts = 1
	}
	return f, true
}

// stalls reports whether all that goes wrong is one stall of the server, over a network that adds next to nothing to what
// clients wait.
func (s *Scenario) stalls() bool {
	n := &s.Network
	quick := n.Latency == nil
	if !quick {
		d, constant := n.Latency.Dist.(dist.Constant)
		quick = constant && d.Value <= float64(s.Clients.Timeout)/100
	}
	return len(s.Faults) == 1 && s.Faults[0].Kind == "pause" && s.Faults[0].For != nil && s.Domains == nil && s.Until == "" && quick &&
		n.Timing == nil && n.Matrix == "" && n.Loss == nil && n.Bursts == nil && n.Duplicate == nil && n.Reorder == nil && n.Corrupt == nil && n.Bandwidth == nil
}

// askOften reports whether clients ask in an open loop, and for the same at once again if at all.
func (c *Clients) askOften() bool {
	r := c.Retry
	return r != nil && (r.Policy == "none" || r.Policy == "fixed" && r.Base == 0 && r.Attempts > 0) && !c.Propagate && c.Hedge == 0 && c.Lanes == 0 &&
		!c.Tokens && c.Workload.Loop == "open" && (c.Workload.Arrivals == "" || c.Workload.Arrivals == "poisson")
}

// attempts is how often clients ask for an operation at most.
func (c *Clients) attempts() float64 {
	if c.Retry.Policy == "none" {
		return 1
	}
	return float64(c.Retry.Attempts)
}

// plainQueue reports whether the server is an M/M/1 queue.
func plainQueue(p *protocols.OverloadParams) bool {
	return p.Queue == 0 && p.Discipline == "fifo" && p.Patience == 0 && p.Law == "exponential" && p.Workers == 1
}
