package experiments

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat/combin"

	"lightcone/protocols/generals"
	"lightcone/sim"
)

// liarCell is what became of n generals with some liars.
type liarCell struct {
	n, liars, m int
	signed      bool

	all           bool // every behaviour was run; else some were drawn
	cases, broken int  // behaviours, under both orders and over all sets of liars, and those that break IC1 or IC2
	ic1, ic2      int
	worst         bool // the contrary breaks a condition, if it was tried
	messages      int  // of a run
	miscounted    int  // runs with another number of messages than the closed form, or than was said beforehand
}

// vacuous reports whether nobody is left to disagree with: IC1 and IC2 are about two loyal generals.
func (c *liarCell) vacuous() bool { return c.n-c.liars < 2 }

// guaranteed reports whether theory says that nothing breaks the conditions: theorem 1, or theorem 2.
func (c *liarCell) guaranteed() bool {
	if c.signed {
		return c.m >= c.liars
	}
	return c.n > 3*c.liars && c.m == c.liars
}

// breakable reports whether something was found that breaks them.
func (c *liarCell) breakable() bool { return c.broken > 0 || c.worst }

// runLiars runs liars among n generals that use OM(m) or SM(m).
func runLiars(seed uint64, n, liars, m int, signed bool) (liarCell, error) {
	c := liarCell{n: n, liars: liars, m: m, signed: signed}
	if c.vacuous() {
		return c, nil
	}
	g := c.config()
	c.messages = generals.OralMessages(n, m)
	if signed {
		c.messages = generals.SignedMessages(n, m)
	}
	c.all = n <= exhaustedGenerals || behaviours(g, liars) <= exhaustedBehaviours
	if c.all {
		return c, c.exhaust(g)
	}
	return c, c.draw(g, seed)
}

// exhaust runs every behaviour.
func (c *liarCell) exhaust(g generals.Config) error {
	for _, who := range g.Sets(c.liars) {
		for _, g.Order = range []generals.Order{generals.Retreat, generals.Attack} {
			for b := range g.All(who...) {
				if err := c.run(b); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// draw runs liars, orders and behaviours that are drawn, and the contrary.
func (c *liarCell) draw(g generals.Config, seed uint64) error {
	r := sim.NewRand(seed, sim.ForStudy, drawLiars, uint64(c.n), uint64(c.liars), uint64(c.m))
	for range min(drawnBehaviours, drawnMessages/c.messages) {
		var who []sim.NodeID
		for _, id := range r.Perm(c.n)[:c.liars] {
			who = append(who, sim.NodeID(id))
		}
		slices.Sort(who)
		g.Order = generals.Order(r.IntN(2))
		if err := c.run(g.Drawn(&r, who...)); err != nil {
			return err
		}
	}
	o, err := contrary(g, c.liars).Run()
	c.worst = o.Broken()
	return err
}

// contrary is the behaviour that does harm where OM(m) can be harmed: of a loyal commander's attack all liars say that it
// was retreat, which is what counts when votes are even.
func contrary(g generals.Config, liars int) *generals.Behaviour {
	g.Order = generals.Attack
	var who []sim.NodeID
	for i := range liars {
		who = append(who, sim.NodeID(g.Generals-1-i))
	}
	b := g.Behaviour(who...)
	for i := range b.Says {
		b.Says[i] = generals.SayRetreat
	}
	return b
}

// run counts what one behaviour comes to.
func (c *liarCell) run(b *generals.Behaviour) error {
	o, err := b.Run()
	c.cases++
	if o.Broken() {
		c.broken++
	}
	if o.IC1 != nil {
		c.ic1++
	}
	if o.IC2 != nil {
		c.ic2++
	}
	if exact := !c.signed || c.liars == 0; exact && o.Sent != c.messages {
		c.miscounted++
	}
	return err
}

// behaviours is how many behaviours there are of any liars under both orders, counted beforehand: with w words for each
// message, of which a commander has n-1 and a lieutenant as many as it sends.
func behaviours(g generals.Config, liars int) float64 {
	words, each := 3.0, generals.OralMessagesOf(g.Generals, g.M, false)
	below := each // a commander that lies
	if g.Signed {
		words, each = 4, (g.Generals-2)*min(g.M, 1)
		below = 2 * each
	}
	sum := 0.0
	if liars > 0 {
		sum += float64(combin.Binomial(g.Generals-1, liars-1)) * power(words, g.Generals-1+(liars-1)*below)
	}
	if liars < g.Generals {
		sum += float64(combin.Binomial(g.Generals-1, liars)) * power(words, liars*each)
	}
	return 2 * sum
}

func power(x float64, n int) float64 {
	p := 1.0
	for range n {
		p = float64(p * x)
	}
	return p
}

func (c *liarCell) config() generals.Config {
	return generals.Config{Generals: c.n, M: c.m, Signed: c.signed}
}

// title names the algorithm and its liars.
func (c *liarCell) title() string {
	name := "OM"
	if c.signed {
		name = "SM"
	}
	return fmt.Sprintf("%s(%d), n=%d, liars=%d", name, c.m, c.n, c.liars)
}
