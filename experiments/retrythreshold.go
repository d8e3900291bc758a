package experiments

import (
	_ "embed"
	"math"
	"time"

	"lightcone/protocols"
	"lightcone/protocols/overload"
)

//go:embed retry-threshold/scenario.yaml
var retryThresholdScenario []byte

// retryThreshold asks from which load on retries keep an overload alive, and how long it lasts below.
type retryThreshold struct{ retryStorm }

func (retryThreshold) Name() string { return "retry-threshold" }

func (retryThreshold) About() string {
	return "the load from which on retries keep an overload alive for ever, beside a fluid"
}

func (retryThreshold) Scenario() []byte { return retryThresholdScenario }

// Expect has how long an overload that ends outlives the outage, where that is all that happens.
func (retryThreshold) Expect(s *Sweep, p Point) ([]Expectation, error) {
	at, err := s.At(p)
	if err != nil {
		return nil, err
	}
	f, ok := at.overloadFluid()
	if !ok || f.arriving() >= f.served {
		return nil, nil
	}
	t := f.recovery()
	return []Expectation{{Measure: "time to recover", Expected: t, Within: 0.5 / t, Source: "fluid, to half a second"}}, nil
}

// Figures has none beside those declared.
func (retryThreshold) Figures(*Swept) ([]SweptFigure, error) { return nil, nil }

// overloadFluid is an outage as a fluid: while the server stalls every operation is asked for so many times, at once after
// each timeout; then the queue drains, as requests go on to come.
type overloadFluid struct {
	asked    float64 // operations a second
	served   float64 // requests a second
	attempts float64
	timeout  float64 // s
	outage   float64 // s
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
	queue := before + float64(f.arriving()*(f.outage-f.timeout*(k-1)/2))
	last := (float64(f.asked*k*k) + f.served) / (drift * drift)
	return math.Max(0, (queue-float64(f.served*k*f.timeout))/drift) + last + overload.Enough - 0.5
}

// overloadFluid returns the fluid of a scenario; ok is false if it is more than that.
func (s *Scenario) overloadFluid() (f overloadFluid, ok bool) {
	params, is := s.Params.(*protocols.OverloadParams)
	c := s.Clients
	if !is || c == nil || c.Retry == nil || c.Retry.Policy != "fixed" || c.Retry.Base != 0 || c.Retry.Budget != nil || c.Retry.Attempts == 0 ||
		c.Propagate || c.Hedge != 0 || c.Deadline != 0 || c.Lanes != 0 || c.Tokens || c.Workload.Loop != "open" || c.Workload.Rate == nil || c.Workload.Arrivals != "" ||
		params.Queue != 0 || params.Discipline != "fifo" || params.Patience != 0 || params.Law != "exponential" || params.Workers != 1 ||
		len(s.Faults) != 1 || s.Faults[0].Kind != "pause" || s.Faults[0].For == nil {
		return f, false
	}
	return overloadFluid{
		asked: float64(c.Count) * float64(*c.Workload.Rate), served: capacityOf(params), attempts: float64(c.Retry.Attempts),
		timeout: time.Duration(c.Timeout).Seconds(), outage: time.Duration(*s.Faults[0].For).Seconds(),
	}, true
}
