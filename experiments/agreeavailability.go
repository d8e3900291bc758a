package experiments

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/models/rare"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
	"lightcone/protocols"
	"lightcone/sim/measure"
)

// Replicated is a description of a replicated service that can be evaluated in four ways: servers that decide by a
// majority under a leader, that crash and are repaired independently with exponential times.
type Replicated struct {
	Scenario   *Scenario // its protocol, parameters, network and clocks; its faults are replaced
	Nodes      int
	MTTF, MTTR time.Duration // of a server, means
	Window     time.Duration // of the protocol's runs: see models/rare
	Cycles     int           // of failures that the protocol runs through
	Failovers  int           // that are measured one by one, for the chain
	Force      float64       // see rare.Markov

	// ShockEvery, if more than 0, is the mean time between shocks, each of which crashes every server with probability Hit,
	// all at one instant. The formula and the chain know how often a server fails, shocks included, and take it that it does
	// so independently of the others.
	ShockEvery time.Duration
	Hit        float64
}

// meanUp is the mean time to failure of a server, in hours, whatever fells it.
func (d Replicated) meanUp() float64 {
	if d.ShockEvery == 0 {
		return d.MTTF.Hours()
	}
	return 1 / (1/d.MTTF.Hours() + d.Hit/d.ShockEvery.Hours())
}

// system is the servers and their shocks as a system of parts, in hours.
func (d Replicated) system() renewal.System {
	s := renewal.System{Works: func(up []bool) bool {
		n := 0
		for _, u := range up {
			if u {
				n++
			}
		}
		return 2*n > d.Nodes
	}}
	var all []int
	for i := range d.Nodes {
		s.Parts = append(s.Parts, renewal.Part{Up: dist.Exponential{Mean: d.MTTF.Hours()}, Down: dist.Exponential{Mean: d.MTTR.Hours()}})
		all = append(all, i)
	}
	if d.ShockEvery > 0 {
		s.Shocks = []renewal.Shock{{Name: "shock", Every: dist.Exponential{Mean: d.ShockEvery.Hours()}, Parts: all, Hit: d.Hit}}
	}
	return s
}

// cycles are the failures of the servers. Without shocks they are those of a Markov chain.
func (d Replicated) cycles(seed uint64) (iter.Seq[rare.Cycle], error) {
	if d.ShockEvery > 0 {
		return rare.Laws(d.system(), renewal.Forcing{}, seed, time.Hour)
	}
	return rare.Markov{Nodes: d.Nodes, Need: d.Nodes/2 + 1, MTTF: d.MTTF, MTTR: d.MTTR, Force: d.Force}.Cycles(seed)
}

// replicatedOf reads the description off a scenario: its one fault is a crash of any server, by exponential laws.
func replicatedOf(s *Scenario) (Replicated, error) {
	const want = "want one fault, a crash of all nodes with exponential up and down, which the chain is of"
	if len(s.Faults) != 1 {
		return Replicated{}, fmt.Errorf("faults has %d entries, %s", len(s.Faults), want)
	}
	f := &s.Faults[0]
	if f.Kind != "crash" || f.Up == nil || f.Down == nil || f.Effect != nil || f.Node != nil || f.Nodes != nil {
		return Replicated{}, fmt.Errorf("faults[0] is another %s, %s", f.Kind, want)
	}
	up, ok1 := f.Up.Dist.(dist.Exponential)
	down, ok2 := f.Down.Dist.(dist.Exponential)
	if !ok1 || !ok2 {
		return Replicated{}, fmt.Errorf("faults[0] has up %s and down %s, %s", f.Up.Text, f.Down.Text, want)
	}
	return Replicated{Scenario: s, Nodes: s.NodeCount(), MTTF: time.Duration(up.Mean), MTTR: time.Duration(down.Mean)}, nil
}

// The ways to evaluate a description.
const (
	wayFormula  = "majority formula"
	wayChain    = "chain"
	wayRenewals = "renewals"
	wayProtocol = "protocol"
)

// Way is what one way of evaluating a description says.
type Way struct {
	Name           string  `json:"name"`
	Unavailability float64 `json:"unavailability"`
	Low            float64 `json:"low"` // by four standard errors either way; the value itself where it is exact
	High           float64 `json:"high"`
}

func (w Way) standardError() float64 { return (w.High - w.Low) / 8 }

// Pair compares two ways.
type Pair struct {
	A      string  `json:"a"`
	B      string  `json:"b"`
	Z      float64 `json:"z"` // their difference in its standard errors; infinite if both are exact and differ
	Agrees bool    `json:"agrees"`
}

// GapTerm is a part of what the protocol's unavailability has beyond that of the formula.
type GapTerm struct {
	Term           string  `json:"term"`
	Unavailability float64 `json:"unavailability"` // of it, on account of this term
	Gap            float64 `json:"gap"`            // beyond the formula's
}

// Forced says how good the weights of forced cycles are. They were refused if they were bad.
type Forced struct {
	Cycles  int     `json:"cycles"`
	Mean    float64 `json:"mean"`                  // expected to be 1
	ESS     float64 `json:"effective_sample_size"` // of what went down
	Largest float64 `json:"largest_share"`         // of one cycle in all downtime
}

// Comparison is one description evaluated in four ways: exactly, as a diagram of who is up; as a Markov chain with a
// leader; by simulated renewals of servers that are up or down and nothing else; and by the protocol.
type Comparison struct {
	Nodes     int       `json:"nodes"`
	MTTF      float64   `json:"mttf_hours"`
	MTTR      float64   `json:"mttr_hours"`
	Failover  Way       `json:"failover_seconds"` // measured by failovers of their own, for the chain
	Ways      []Way     `json:"ways"`
	Pairs     []Pair    `json:"pairs"`
	Gap       []GapTerm `json:"gap"`
	Verdict   string    `json:"verdict"`
	Floor     float64   `json:"failover_floor"` // failover / MTTF: what no number of nodes goes below
	Events    uint64    `json:"events"`         // that the protocol's runs took
	Simulated float64   `json:"hours"`          // of the time that the cycles stand for, were none forced
	Weights   Forced    `json:"weights"`        // of the protocol's cycles

	lengths []time.Duration // of the failovers
}

// Way returns one of the ways.
func (c *Comparison) Way(name string) Way {
	for _, w := range c.Ways {
		if w.Name == name {
			return w
		}
	}
	return Way{Name: name, Unavailability: math.NaN(), Low: math.NaN(), High: math.NaN()}
}

// CompareAvailability evaluates a description in four ways, and accounts for what they differ by.
func CompareAvailability(d Replicated, seed uint64) (*Comparison, error) {
	run, err := d.run(seed)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Nodes: d.Nodes, MTTF: d.meanUp(), MTTR: d.MTTR.Hours()}
	if err := c.measureFailover(d, run, seed); err != nil {
		return nil, err
	}
	if err := c.evaluate(d, run, seed); err != nil {
		return nil, err
	}
	c.compare()
	return c, nil
}

// run is the protocol's world, without faults.
func (d Replicated) run(seed uint64) (rare.Run, error) {
	s, err := d.Scenario.With(fmt.Sprintf("nodes=%d", d.Nodes), "faults=[]", "availability=null", "clients=null")
	if err != nil {
		return rare.Run{}, err
	}
	p, err := s.Plan(seed)
	if err != nil {
		return rare.Run{}, err
	}
	if p.Instance.Serving == nil || !p.majority() {
		return rare.Run{}, fmt.Errorf("protocol is %q, want one that decides by a majority under a leader, raft or etcdraft", s.Protocol)
	}
	p.Config.Properties, p.Config.Observers = nil, nil
	return rare.Run{Config: p.Config, Serving: p.Instance.Serving, Servers: d.Nodes, Majority: d.Nodes/2 + 1, Window: d.Window}, nil
}

// evaluate fills in the four ways, and the terms of the protocol's.
func (c *Comparison) evaluate(d Replicated, run rare.Run, seed uint64) error {
	exact, err := majorityFormula(d)
	if err != nil {
		return err
	}
	c.add(wayFormula, exact, exact, exact)
	chain := func(failover float64) float64 {
		return reliability.Leader{Nodes: d.Nodes, MTTF: c.MTTF, MTTR: c.MTTR, Failover: failover / 3600}.Unavailability()
	}
	c.add(wayChain, chain(c.Failover.Unavailability), chain(c.Failover.Low), chain(c.Failover.High))
	c.Floor = c.Failover.Unavailability / 3600 / c.MTTF

	cycles, err := d.cycles(seed)
	if err != nil {
		return err
	}
	protocol, err := run.Sample(cycles, d.Cycles)
	if err != nil {
		return err
	}
	renewals, err := d.system().Rare(renewal.Rare{Seed: seed, Stop: &reliability.RelativeStop{Width: renewalWidth}})
	if err != nil {
		return err
	}
	if err := errors.Join(c.sampled(wayRenewals, renewals), c.sampled(wayProtocol, protocol)); err != nil {
		return err
	}
	mean, _ := protocol.Down.All.Mean()
	c.Weights = Forced{protocol.Cycles, mean, protocol.Down.Hits.ESS(), protocol.Down.Hits.Largest()}
	c.Events, c.Simulated = protocol.Events, float64(d.Cycles)*protocol.Length.Mean()
	for _, t := range measure.Terms() {
		e, _ := protocol.Term(t, fourErrors) // the value stands without an interval too
		part := GapTerm{Term: t.String(), Unavailability: e.Value, Gap: e.Value}
		if t == measure.Quorum {
			part.Gap -= exact
		}
		c.Gap = append(c.Gap, part)
	}
	return nil
}

// renewalWidth is how well the renewals are known, relatively, at 95 %: they cost next to nothing.
const renewalWidth = 0.08

// majorityFormula is the unavailability of a majority of the nodes, by the diagram, as if they failed independently.
func majorityFormula(d Replicated) (float64, error) {
	diagram, err := reliability.Parse(fmt.Sprintf("majority(%d * part(mttf=%vh, mttr=%vh))", d.Nodes, d.meanUp(), d.MTTR.Hours()))
	if err != nil {
		return 0, err
	}
	r, err := diagram.Evaluate()
	return r.Unavailability, err
}

func (c *Comparison) add(name string, value, low, high float64) {
	c.Ways = append(c.Ways, Way{name, value, low, high})
}

// sampled adds what forced cycles came to.
func (c *Comparison) sampled(name string, s interface {
	Unavailability(level float64) (reliability.Estimate, error)
}) error {
	e, err := s.Unavailability(fourErrors)
	if err != nil {
		return fmt.Errorf("%d nodes, %s: %w", c.Nodes, name, err)
	}
	c.add(name, e.Value, e.Low, e.High)
	return nil
}

// compare compares all pairs of ways, and says what the formula leaves out.
func (c *Comparison) compare() {
	for i, a := range c.Ways {
		for _, b := range c.Ways[i+1:] {
			z := (b.Unavailability - a.Unavailability) / math.Hypot(a.standardError(), b.standardError())
			c.Pairs = append(c.Pairs, Pair{a.Name, b.Name, z, !(math.Abs(z) > 4)})
		}
	}
	formula, protocol := c.Way(wayFormula), c.Way(wayProtocol)
	most := c.Gap[0]
	for _, g := range c.Gap {
		if g.Gap > most.Gap {
			most = g
		}
	}
	gap := protocol.Unavailability - formula.Unavailability
	switch {
	case c.Agrees(wayFormula, wayProtocol):
		c.Verdict = "the formula agrees"
	case gap > 0:
		c.Verdict = fmt.Sprintf("the formula leaves out %s: %.3g of the %.3g that it is short", most.Term, most.Gap, gap)
	default:
		c.Verdict = fmt.Sprintf("the formula is too high by %.3g", -gap)
	}
}

// Agrees reports whether two ways agree.
func (c *Comparison) Agrees(a, b string) bool {
	for _, p := range c.Pairs {
		if p.A == a && p.B == b || p.A == b && p.B == a {
			return p.Agrees
		}
	}
	return false
}

// measure is the unavailability by the protocol as a measure, beside the chain's.
func (c *Comparison) measure() Measure {
	w := c.Way(wayProtocol)
	return protocols.Measure{Name: fmt.Sprintf("unavailability, %d nodes", c.Nodes), Unit: "of the time", Value: w.Unavailability, N: 1, Low: w.Low, High: w.High,
		Expected: c.Way(wayChain).Unavailability}
}
