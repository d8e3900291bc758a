package generals

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"lightcone/sim"
)

// Behaviour is what some liars do in one run, written down beforehand: what they say in place of each message that they
// would send if they were loyal. It is a sim.Liar.
//
// With oral messages each is replaced by retreat, by attack, or by silence. That is every behaviour there is: a loyal
// general sends the same messages by the same paths whatever it hears, of what comes by a path only the first in time
// counts, and whatever a liar's words depend on, in this run they came out as some such list. With signatures a message
// may also be replaced by both orders, and an order is signed as far as the liars' keys go: what a loyal general would
// have had to sign again is forged.
type Behaviour struct {
	Says []Words // in place of each message of Config.LiesOf, in that order
	cfg  Config
	lies []sim.MessageName
	out  []sim.NodeID // the liars
}

// Words is what a liar says in place of one message.
type Words uint8

const (
	Nothing Words = iota
	SayRetreat
	SayAttack
	Both // only with signatures: the receiver of oral messages would ignore the second
)

var wordsText = [...]string{"nothing", "retreat", "attack", "both"}

func (w Words) String() string {
	if int(w) < len(wordsText) {
		return wordsText[w]
	}
	return fmt.Sprintf("words(%d)", uint8(w))
}

// choices is how many things can be said in place of a message.
func (c Config) choices() int {
	if c.Signed {
		return 4
	}
	return 3
}

// LiesOf returns the messages in whose place the liars may say something else: all that they would send.
//
// In SM a lieutenant passes an order on when it hears it first. If the commander lies there may be two, so each
// lieutenant among the liars has two messages to each other lieutenant, of which it may not come to send all; if the
// commander is loyal there is one order, and one message.
func (c Config) LiesOf(liars ...sim.NodeID) []sim.MessageName {
	var names []sim.MessageName
	for _, from := range liars {
		count := 1
		if from != commander {
			count = c.relays(slices.Contains(liars, commander))
		}
		for to := commander; int(to) < c.Generals; to++ {
			if to == from || to == commander {
				continue
			}
			for k := range uint64(count) {
				names = append(names, sim.MessageName{From: from, To: to, K: k + 1})
			}
		}
	}
	return names
}

// relays is how many messages a lieutenant has for each other.
func (c Config) relays(lyingCommander bool) int {
	switch {
	case c.M == 0 || c.Generals < 3:
		return 0
	case !c.Signed:
		return OralMessagesOf(c.Generals, c.M, false) / (c.Generals - 2)
	case lyingCommander:
		return 2
	}
	return 1
}

// Sets returns all sets of so many generals, as liars to be.
func (c Config) Sets(liars int) [][]sim.NodeID { return sets(c.Generals, liars) }

func sets(n, k int) [][]sim.NodeID {
	if k == 0 {
		return [][]sim.NodeID{nil}
	}
	var list [][]sim.NodeID
	for last := k - 1; last < n; last++ {
		for _, rest := range sets(last, k-1) {
			list = append(list, append(slices.Clone(rest), sim.NodeID(last)))
		}
	}
	return list
}

// Behaviours returns how many behaviours the liars have, as far as a float64 can hold it.
func (c Config) Behaviours(liars ...sim.NodeID) float64 {
	count := 1.0
	for range c.LiesOf(liars...) {
		count = float64(count * float64(c.choices()))
	}
	return count
}

// Behaviour returns the liars' behaviour of saying nothing at all, to be filled in.
func (c Config) Behaviour(liars ...sim.NodeID) *Behaviour {
	lies := c.LiesOf(liars...)
	return &Behaviour{Says: make([]Words, len(lies)), cfg: c, lies: lies, out: slices.Clone(liars)}
}

// All yields every behaviour of the liars, each once: the same *Behaviour, changed in between.
func (c Config) All(liars ...sim.NodeID) iter.Seq[*Behaviour] {
	return func(yield func(*Behaviour) bool) {
		b, choices := c.Behaviour(liars...), Words(c.choices())
		for {
			if !yield(b) {
				return
			}
			i := 0
			for i < len(b.Says) && b.Says[i] == choices-1 {
				b.Says[i] = 0
				i++
			}
			if i == len(b.Says) {
				return
			}
			b.Says[i]++
		}
	}
}

// Drawn returns a behaviour of the liars in which each message is replaced at random, independently.
func (c Config) Drawn(r *sim.Rand, liars ...sim.NodeID) *Behaviour {
	b := c.Behaviour(liars...)
	for i := range b.Says {
		b.Says[i] = Words(r.IntN(c.choices()))
	}
	return b
}

// Tell says what is written.
func (b *Behaviour) Tell(dst []sim.Told, p *sim.Packet, _ *sim.Rand) []sim.Told {
	i := slices.Index(b.lies, p.Name())
	if i < 0 {
		panic(fmt.Sprintf("generals: a liar sends %v, which is not in its behaviour", p.Name()))
	}
	says := b.Says[i]
	if says == SayRetreat || says == Both {
		dst = append(dst, sim.Told{Message: b.say(p.Message, Retreat)})
	}
	if says == SayAttack || says == Both {
		dst = append(dst, sim.Told{Message: b.say(p.Message, Attack)})
	}
	return dst
}

// say puts an order into a message, as well as the liars can.
func (b *Behaviour) say(m sim.Message, o Order) sim.Message {
	switch m := m.(type) {
	case Oral:
		return Oral{m.Path, o}
	case Signed:
		for _, id := range m.chain {
			if !slices.Contains(b.out, id) {
				return m.Forge(o)
			}
		}
		said := KeyOf(m.chain[0]).Order(o)
		for _, id := range m.chain[1:] {
			said = KeyOf(id).Sign(said)
		}
		return said
	}
	panic(fmt.Sprintf("generals: a liar sends a %T, want an Oral or a Signed", m))
}

// Outcome is what a run with liars came to.
type Outcome struct {
	IC1, IC2 error // how the condition is broken; nil: it holds
	Sent     int   // messages, with those that liars replaced
}

// Broken reports whether one of the conditions is.
func (o Outcome) Broken() bool { return o.IC1 != nil || o.IC2 != nil }

// Run runs the generals in a world of their own, in which no message is lost or late, with liars that behave so.
func (b *Behaviour) Run(observers ...sim.Observer) (Outcome, error) {
	const name = "script"
	c := b.cfg
	c.Start, c.Round = 10*time.Millisecond, 30*time.Millisecond
	var faults sim.Schedule
	for _, id := range b.out {
		faults = append(faults, sim.At{Action: sim.Lie{Node: id, How: name}})
	}
	w, err := sim.New(sim.Config{Nodes: c.Generals, New: New(c), Network: spread{}, Observers: observers,
		Liars: map[string]sim.Liar{name: b}, Faults: []sim.Fault{faults}})
	if err != nil {
		return Outcome{}, err
	}
	r := w.Run()
	v, loyal := w.View(), func(id sim.NodeID) bool { return !slices.Contains(b.out, id) }
	return Outcome{IC1: c.ic1(v, loyal), IC2: c.ic2(v, loyal), Sent: int(r.Stats.Sent)}, errors.Join(r.Err, c.decided(v, loyal))
}

// spread delays what different generals send differently, so that a picture shows messages apart.
type spread struct{}

func (spread) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	return append(dst, sim.Copy{Delay: time.Duration(1+p.From%3) * 8 * time.Millisecond})
}
