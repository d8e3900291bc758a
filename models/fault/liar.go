package fault

import (
	"errors"
	"fmt"
	"slices"

	"lightcone/models/dist"
	"lightcone/sim"
)

// A Byzantine node is one whose messages an adversary rewrites, for each recipient as it likes: a sim.Liar, which
// sim.Lie puts in force on a node until it is healed. The liars of this file are the usual ones; they combine by Chain
// and AnyOf, and Lies makes one of any function. Config.Liars gives them the names that plans know them by.
//
// What a liar cannot do is speak in another's name: the sender of what it says is the node it is on, and so is the link.
// It knows what its node sends, and what the simulation shows to a function; it has no keys but those it is given.

// Falsifiable is what a message implements to say what a liar makes of it. The message itself stays as it is.
type Falsifiable interface {
	// Falsify returns what a liar says to a recipient instead; nil: nothing.
	Falsify(to sim.NodeID, r *sim.Rand) sim.Message
}

// corruptible is network.Corruptible.
type corruptible interface {
	Corrupt(r *sim.Rand) sim.Message
}

// Falsehood says what a liar makes of a message; nil is silence. It must not change the message.
type Falsehood func(p *sim.Packet, r *sim.Rand) sim.Message

// falsify is the Falsehood of messages that say so themselves: a Falsifiable or a network.Corruptible one; of sim.Words
// one bit is flipped. Any other passes as it is.
func falsify(p *sim.Packet, r *sim.Rand) sim.Message {
	switch m := p.Message.(type) {
	case Falsifiable:
		return m.Falsify(p.To, r)
	case corruptible:
		return m.Corrupt(r)
	case sim.Words:
		return flip(m, r)
	}
	return p.Message
}

func flip(w sim.Words, r *sim.Rand) sim.Words {
	words := [...]*uint64{&w.A, &w.B, &w.C}
	*words[r.IntN(len(words))] ^= 1 << r.IntN(64)
	return w
}

// tell appends what a falsehood makes of a message.
func (f Falsehood) tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	if f == nil {
		f = falsify
	}
	if m := f(p, r); m != nil {
		dst = append(dst, sim.Told{Message: m})
	}
	return dst
}

// truth appends the message as it is.
func truth(dst []sim.Told, p *sim.Packet) []sim.Told {
	return append(dst, sim.Told{Message: p.Message})
}

// Honest tells the truth: one choice of AnyOf, and the liar to compare with.
type Honest struct{}

// Tell tells the truth.
func (Honest) Tell(dst []sim.Told, p *sim.Packet, _ *sim.Rand) []sim.Told { return truth(dst, p) }

// Silent says nothing.
type Silent struct {
	To []sim.NodeID // to these; nil: to anybody
}

// Tell says nothing.
func (l Silent) Tell(dst []sim.Told, p *sim.Packet, _ *sim.Rand) []sim.Told {
	if l.To == nil || slices.Contains(l.To, p.To) {
		return dst
	}
	return truth(dst, p)
}

// TwoFaced tells some the truth and others a falsehood: equivocation.
type TwoFaced struct {
	To        []sim.NodeID // who is deceived; nil: the nodes of odd number
	Falsehood Falsehood    // nil: what the message says of itself (Falsifiable, network.Corruptible)
}

// Tell deceives some.
func (l TwoFaced) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	if slices.Contains(l.To, p.To) || l.To == nil && p.To%2 == 1 {
		return l.Falsehood.tell(dst, p, r)
	}
	return truth(dst, p)
}

// Corrupting falsifies each message with probability P, whoever it is to.
type Corrupting struct {
	P         float64   // in [0, 1]
	Falsehood Falsehood // nil: what the message says of itself (Falsifiable, network.Corruptible)
}

// Tell falsifies some messages.
func (l Corrupting) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	if r.Bool(l.P) {
		return l.Falsehood.tell(dst, p, r)
	}
	return truth(dst, p)
}

// Validate reports a P that is no probability.
func (l Corrupting) Validate() error { return probability("Corrupting", l.P) }

// Delaying sends each message later.
type Delaying struct {
	By dist.Dist // by how much, in ns
}

// Tell tells the truth, later.
func (l Delaying) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	return append(dst, sim.Told{Message: p.Message, After: dist.Duration(l.By, r)})
}

// Validate reports what is no distribution.
func (l Delaying) Validate() error {
	p := problems{law: "Delaying"}
	p.dist("By", l.By)
	return p.err()
}

// Lies is any function as a liar: what is said instead of a message, in so many messages; none is silence. It must not
// change the message. A function that keeps state shares it between worlds and forks: for that implement sim.Liar and
// sim.LiarCloner.
type Lies func(p *sim.Packet, r *sim.Rand) []sim.Message

// Tell says what the function returns.
func (l Lies) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	for _, m := range l(p, r) {
		dst = append(dst, sim.Told{Message: m})
	}
	return dst
}

func probability(law string, x float64) error {
	if x >= 0 && x <= 1 {
		return nil
	}
	return fmt.Errorf("fault: %s.P is %v, want a probability in [0, 1]", law, x)
}

// ValidateLiar reports what is wrong with a liar and those inside it. One without a Validate method is taken to be right.
func ValidateLiar(l sim.Liar) error {
	if l == nil {
		return errors.New("fault: a liar is nil, want one")
	}
	if v, ok := l.(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}

// Liars returns the usual liars by name, for sim.Config.Liars.
//
//	silent    says nothing to anybody
//	twofaced  tells nodes of even number the truth, those of odd number a falsehood
//	corrupt   tells everybody a falsehood
//	replay    repeats every other time something that it said before
//	delay     says everything later, by 100 ms on average
//	random    draws one of the former, or the truth, for each message
func Liars() map[string]sim.Liar {
	later := Delaying{By: dist.Exponential{Mean: 100e6}}
	return map[string]sim.Liar{
		"silent":   Silent{},
		"twofaced": TwoFaced{},
		"corrupt":  Corrupting{P: 1},
		"replay":   Replaying{P: 0.5},
		"delay":    later,
		"random":   AnyOf{Honest{}, Silent{}, TwoFaced{}, Corrupting{P: 1}, Replaying{P: 1}, later},
	}
}
