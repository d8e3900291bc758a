package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"time"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/sim"
)

//go:embed clocks-wan/scenario.yaml
var clocksWANScenario []byte

// clocksWAN asks what four clocks make of happened-before on real latencies.
//
// A message is inverted if the receiver's wall clock shows less on its arrival than the sender's did when it was
// sent: whoever sorts by wall time puts the effect before the cause. It is so exactly if its delay is less than the
// difference of the two clocks' errors. Given the clocks, the delays are independent, so the number of inverted
// messages has the mean sum p and the variance sum p(1-p), where p is the chance that a delay of the link's law is
// less than that difference. Measured and expected must be within four standard errors.
type clocksWAN struct{}

func (clocksWAN) Name() string { return "clocks-wan" }
func (clocksWAN) About() string {
	return "how often wall clocks invert cause and effect between five regions, and which clocks never do"
}
func (clocksWAN) Scenario() []byte { return clocksWANScenario }

func (clocksWAN) Analyse(p *Plan) (*Analysis, error) {
	if err := fitsClocksWAN(p.Scenario); err != nil {
		return nil, err
	}
	delay, err := linkDelays(p.Scenario)
	if err != nil {
		return nil, err
	}
	w := newStampWatch(p.Config.Nodes, delay)
	return &Analysis{
		Observers: []sim.Observer{w},
		Finish: func(v sim.View, o *Outcome) (*Report, error) {
			w.settle(v.Now())
			return clocksWANReport(p, w, o.Trace)
		},
	}, nil
}

// fitsClocksWAN reports what of a scenario the closed form does not cover. It knows delays of a matrix with jitter,
// each message's its own; and processes that take a message when it arrives, with the clocks that they always had.
func fitsClocksWAN(s *Scenario) error {
	n := &s.Network
	if s.Protocol != "clocks" {
		return fmt.Errorf("protocol is %q, want clocks, whose four stamps are compared", s.Protocol)
	}
	if n.Matrix != "aws" {
		return errors.New("network.matrix is missing, want aws, from which the expected share is computed")
	}
	for _, part := range []struct {
		name  string
		there bool
	}{
		{"timing", n.Timing != nil}, {"duplicate", n.Duplicate != nil}, {"reorder", n.Reorder != nil},
		{"fifo", n.FIFO}, {"bandwidth", n.Bandwidth != nil},
	} {
		if part.there {
			return fmt.Errorf("network.%s is set, want none: the expected share is computed from matrix and jitter alone", part.name)
		}
	}
	for i := range s.Faults {
		if kind := s.Faults[i].Kind; kind == "crash" || kind == "pause" {
			return fmt.Errorf("faults[%d] is a %s, want none: the expected share is that of nodes that never stop", i, kind)
		}
	}
	return nil
}

// linkDelay is the law of the one-way delay of a link: base plus the jitter, which may be nil.
type linkDelay struct {
	base   time.Duration
	jitter dist.Dist
}

// below returns the probability of a delay of less than d.
func (l linkDelay) below(d time.Duration) float64 {
	if l.jitter == nil {
		if l.base < d {
			return 1
		}
		return 0
	}
	// A delay is a whole number of nanoseconds: less than d is at most d-1, up to rounding.
	return l.jitter.CDF(float64(d-l.base) - 0.5)
}

// linkDelays returns the delay law of each link of a scenario with a matrix.
func linkDelays(s *Scenario) (func(from, to sim.NodeID) linkDelay, error) {
	m, lanes := network.AWS(), s.lanes()
	var jitter dist.Dist
	if s.Network.Jitter != nil {
		jitter = s.Network.Jitter.Dist
	}
	delays := make([]linkDelay, len(lanes)*len(lanes))
	for i, a := range lanes {
		for j, b := range lanes {
			rtt, err := m.RTT(a, b)
			if err != nil {
				return nil, err
			}
			d := linkDelay{rtt / 2, jitter}
			if 1-d.below(slowest) > 1e-6 {
				return nil, fmt.Errorf("network.jitter is %s, want a law that all but never makes a delay of %v", s.Network.Jitter.Text, slowest)
			}
			delays[i*len(lanes)+j] = d
		}
	}
	return func(from, to sim.NodeID) linkDelay { return delays[int(from)*len(lanes)+int(to)] }, nil
}
