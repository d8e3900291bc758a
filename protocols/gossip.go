package protocols

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/protocols/gossip"
	"lightcone/sim"
)

// GossipParams are the parameters of "gossip".
type GossipParams struct {
	Mode    string        `yaml:"mode" jsonschema:"enum=push,enum=pull,enum=push-pull,description=who gives the rumour to whom in a call: the caller tells; or asks and is told; or both"`
	Round   time.Duration `yaml:"round" jsonschema:"description=length of a round on each node's own clock"`
	Fanout  int           `yaml:"fanout" jsonschema:"minimum=1,maximum=64,description=how many different nodes a node calls in a round"`
	Timing  string        `yaml:"timing" jsonschema:"enum=aligned,enum=staggered,enum=poisson,description=when rounds begin: when the node's clock shows a multiple of round; or each node at times of its own; or after exponential times"`
	Stop    string        `yaml:"stop" jsonschema:"enum=never,enum=blind-counter,enum=blind-coin,enum=feedback-counter,enum=feedback-coin,description=when a node loses interest: after k rounds; or after each round with probability 1/k; or after k rounds in a row in which all whom it told knew already; or with probability 1/k whenever somebody did"`
	K       int           `yaml:"k" jsonschema:"minimum=1,maximum=1000,description=k of the stop rule"`
	Sources int           `yaml:"sources" jsonschema:"minimum=1,description=how many nodes know the rumour from the start: the first ones"`
	Durable bool          `yaml:"durable" jsonschema:"description=whether what a node has heard survives a crash"`
	Bug     string        `yaml:"bug" jsonschema:"description=a fault of implementation to plant; empty is none"`
}

// Config returns the parameters as those of the package.
func (p GossipParams) Config() gossip.Config {
	return gossip.Config{
		Mode: gossip.Mode(p.Mode), Round: p.Round, Fanout: p.Fanout, Timing: gossip.Timing(p.Timing), Stop: gossip.Stop(p.Stop), K: p.K,
		Sources: p.Sources, Durable: p.Durable, Bug: gossip.Bug(p.Bug),
	}
}

func gossipEntry() Entry {
	return Entry{
		Name:  "gossip",
		About: "A rumour spreads by calls to nodes at random: push, pull, or both",
		Params: func() any {
			return &GossipParams{Mode: string(gossip.Push), Round: 100 * time.Millisecond, Fanout: 1, Timing: string(gossip.Aligned),
				Stop: string(gossip.Never), K: 1, Sources: 1}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[GossipParams]("gossip", params)
			if err != nil {
				return Instance{}, err
			}
			c := p.Config()
			if err := c.Validate(nodes); err != nil {
				return Instance{}, errors.Join(fmt.Errorf("protocols: %w", err), atLeast("gossip", 2, nodes))
			}
			return Instance{
				New:        gossip.New(c),
				Properties: c.Properties(),
				Moments:    []sim.Property{gossip.HalfKnow()},
				Measures:   func(v sim.View) []Measure { return gossipMeasures(c, v) },
			}, atLeast("gossip", 2, nodes)
		},
		Bugs: gossipBugs(),
	}
}

// gossipMeasures reads off the nodes when they heard, and counts messages.
func gossipMeasures(c gossip.Config, v sim.View) []Measure {
	s := gossip.Survey(v)
	all, half := s.Until(1), s.Until(0.5)
	measures := []Measure{
		one("rounds until all know", "rounds", all),
		one("rounds until half know", "rounds", half),
		count("messages", "messages", int(v.Stats().Sent)),
		one("messages per node", "messages", float64(v.Stats().Sent)/float64(v.Nodes())),
		one("rumour told per node", "messages", s.Told()),
		{Name: "hops", Unit: "hops", Value: s.Hops(), N: max(s.Know, 1), Low: math.NaN(), High: math.NaN(), Expected: math.NaN()},
	}
	if c.Stop != gossip.Never {
		measures = append(measures, one("residue", "share of nodes", 1-float64(s.Know)/float64(v.Nodes())))
	}
	return measures
}

// one is a Measure of a single observation without a closed form.
func one(name, unit string, value float64) Measure {
	return Measure{Name: name, Unit: unit, Value: value, N: 1, Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
}

// gossipBugs says for each bug of gossip what should catch it, and how to bring it out in the scenario gossip-hunt.
func gossipBugs() []Bug {
	bug := func(b gossip.Bug, about, property string, set ...string) Bug {
		return Bug{Name: string(b), About: about, Property: property, Scenario: "gossip-hunt", Set: set}
	}
	return []Bug{
		bug(gossip.CallsItself, "Partners are drawn from all nodes, the caller among them", "messages go to others only"),
		bug(gossip.AskTaken, "Who is asked for the rumour believes to have heard it", "nobody learns what was not told"),
		bug(gossip.TellsOnce, "Interest is lost after one round, whatever the stop rule: what is lost then is not told again", "every node that is up hears", "params.mode=push", "faults=null"),
		bug(gossip.SamePartner, "The partners of the first round are those of all rounds", "every node that is up hears", "params.mode=push", "faults=null"),
		bug(gossip.ForgetsRepeated, "The rumour is dropped when it is heard again", "who knows goes on knowing"),
	}
}
