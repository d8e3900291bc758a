package experiments

import (
	_ "embed"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/gossip"
)

//go:embed gossip-rounds/scenario.yaml
var gossipRoundsScenario []byte

// gossipRoundsStudy sweeps the number of nodes that a rumour reaches, by push, pull and both, beside the mean of the
// Markov chain of their number: log2 n + ln n + O(1) rounds for push (Frieze and Grimmett 1985, Pittel 1987), log2 n +
// log2 ln n for pull, log3 n + O(log log n) for both (Karp et al. 2000).
//
// Not modelled: what loss, slow messages and clocks that disagree do to rounds, and stop rules; the protocol has them, the
// chain has not.
type gossipRoundsStudy struct{}

func (gossipRoundsStudy) Name() string { return "gossip-rounds" }
func (gossipRoundsStudy) About() string {
	return "rounds until a rumour has reached everybody, by push, pull and both, beside an exact Markov chain"
}
func (gossipRoundsStudy) Scenario() []byte                 { return gossipRoundsScenario }
func (gossipRoundsStudy) Analyse(*Plan) (*Analysis, error) { return &Analysis{}, nil }

// Expect has the mean number of rounds, of a point that is as the chain supposes.
func (gossipRoundsStudy) Expect(s *Sweep, p Point) ([]Expectation, error) {
	at, err := s.At(p)
	if err != nil {
		return nil, err
	}
	mode, ok := at.chainedGossip()
	if !ok {
		return nil, nil
	}
	source := "Markov chain"
	if at.Nodes > chainExact {
		source = "Markov chain, to 0.001"
	}
	return []Expectation{{Measure: "rounds until all know", Expected: gossipRounds(mode, at.Nodes), Within: 0.005, Source: source}}, nil
}

// Figures has none beside those declared.
func (gossipRoundsStudy) Figures(*Swept) ([]SweptFigure, error) { return nil, nil }

// chainedGossip returns the mode of a scenario that the chain is a model of.
func (s *Scenario) chainedGossip() (gossip.Mode, bool) {
	p, ok := s.Params.(*protocols.GossipParams)
	if !ok || s.Until != gossip.EverybodyKnows || p.Fanout != 1 || p.Sources != 1 || p.Timing != string(gossip.Aligned) ||
		p.Stop != string(gossip.Never) || p.Bug != "" || s.Faults != nil || s.Domains != nil {
		return "", false
	}
	n := s.Network
	if n.Latency == nil || n.Timing != nil || n.Matrix != "" || n.Jitter != nil || n.Loss != nil || n.Bursts != nil || n.Duplicate != nil ||
		n.Reorder != nil || n.Corrupt != nil || n.Bandwidth != nil {
		return "", false
	}
	c := s.Clocks
	latency, constant := n.Latency.Dist.(dist.Constant)
	if !constant || 2*latency.Value >= float64(p.Round) || c.Drift != nil || c.Walk != nil || c.Sync != nil {
		return "", false
	}
	return gossip.Mode(p.Mode), true
}
