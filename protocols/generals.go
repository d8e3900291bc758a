package protocols

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/protocols/generals"
	"lightcone/sim"
)

// GeneralsParams are the parameters of "generals".
type GeneralsParams struct {
	M          int           `yaml:"m" jsonschema:"minimum=0,description=m of OM(m) and SM(m): how many liars the algorithm is made for; at most two less than there are generals"`
	Signatures bool          `yaml:"signatures" jsonschema:"description=sign the messages (SM(m)) instead of believing their senders (OM(m))"`
	Order      string        `yaml:"order" jsonschema:"enum=retreat,enum=attack,description=what the commander orders"`
	Start      time.Duration `yaml:"start" jsonschema:"description=when the commander gives the order; what lies from time 0 lies from before it"`
	Round      time.Duration `yaml:"round" jsonschema:"description=how long a round takes: longer than any message"`
}

func (p GeneralsParams) config(nodes int) (generals.Config, error) {
	order, ok := generals.ParseOrder(p.Order)
	c := generals.Config{Generals: nodes, M: p.M, Signed: p.Signatures, Order: order, Start: p.Start, Round: p.Round}
	err := c.Validate()
	if !ok {
		err = errors.Join(err, fmt.Errorf("protocols: generals order is %q, want retreat or attack", p.Order))
	}
	return c, err
}

func byzantineGenerals() Entry {
	return Entry{
		Name:  "generals",
		About: "Byzantine generals: OM(m) with oral messages, SM(m) with signed ones; n0 commands",
		Params: func() any {
			return &GeneralsParams{M: 1, Order: generals.Attack.String(), Start: time.Millisecond, Round: 100 * time.Millisecond}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[GeneralsParams]("generals", params)
			if err != nil {
				return Instance{}, err
			}
			c, err := p.config(nodes)
			return Instance{
				New:        generals.New(c),
				Properties: c.Properties(),
				Measures:   func(v sim.View) []Measure { return generalsMeasures(c, v) },
			}, err
		},
		Lies: true,
	}
}

// generalsMeasures counts the messages, which is exact with oral ones whatever liars say, and the loyal lieutenants that
// obey the same order, at the end: the most of either order.
func generalsMeasures(c generals.Config, v sim.View) []Measure {
	messages := count("messages", "messages", int(v.Stats().Sent))
	messages.Low, messages.High = messages.Value, messages.Value
	loyal, obeying, lies, over := 0, [2]int{}, false, true
	for id := range sim.NodeID(c.Generals) {
		p, ok := v.Process(id).(*generals.Process)
		lies = lies || v.Lied(id)
		if !ok || v.Incarnation(id) > 0 {
			over = false
			continue
		}
		over = over && p.Obeyed
		if id > 0 && p.Obeyed && !v.Lied(id) {
			loyal++
			obeying[p.Obeys]++
		}
	}
	switch {
	case !over: // cut short, or somebody crashed
		messages.Expected = math.NaN()
	case !c.Signed:
		messages.Expected = float64(generals.OralMessages(c.Generals, c.M))
	case !lies:
		messages.Expected = float64(generals.SignedMessages(c.Generals, c.M))
	}
	return []Measure{messages, count("loyal lieutenants", "generals", loyal), count("of one mind", "generals", max(obeying[0], obeying[1]))}
}
