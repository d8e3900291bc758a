package gossip

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// Process is one node. A million of them fit in little memory: it is 32 bytes.
type Process struct {
	cfg    *Config
	heard  sim.Local  // Knows: when, by its own clock; before 0: from the start
	teller sim.NodeID // Knows: who told it; itself: nobody had to
	told   uint32     // how often it sent the rumour
	count  uint16     // Knows: by which it stops: rounds since it heard, or those in vain since the last that was not
	vain   uint8      // FeedbackCounter: how many of those whom it told since the last round knew already
	hops   uint8      // Knows: calls that brought the rumour, at most maxHops
	state  uint8
}

const (
	knows     uint8 = 1 << iota
	lost            // its interest
	ticking         // a timer for the next round is pending
	hasCalled       // itself: it received a message of its own
)

// Knows reports whether the node knows the rumour.
func (p *Process) Knows() bool { return p.state&knows != 0 }

// Interested reports whether the node knows the rumour and spreads it.
func (p *Process) Interested() bool { return p.state&(knows|lost) == knows }

// Hops returns how many calls brought the rumour to the node, 255 for 255 or more; 0 at a source.
func (p *Process) Hops() int { return int(p.hops) }

// Told returns how many times the node has sent the rumour since it started.
func (p *Process) Told() int { return int(p.told) }

// Round returns the round in which the node heard the rumour, from 1, by its own clock; 0 if it knew it from the start.
func (p *Process) Round() int { return p.cfg.roundOf(p.heard) }

// Heard returns how long after the start the node heard the rumour, in rounds; 0 if it knew it from the start.
func (p *Process) Heard() float64 {
	return float64(max(p.heard, 0)) / float64(p.cfg.Round)
}

const storageKey = "rumour"

// Kept is what a node of a Durable configuration writes to storage when it hears the rumour.
type Kept struct {
	Hops   uint8
	Teller sim.NodeID
}

// Init starts the node, after a crash with what survived it.
func (p *Process) Init(env *sim.Env) {
	p.teller = env.ID()
	if int(env.ID()) < p.cfg.Sources {
		p.state, p.heard = knows, -1
	} else if v, ok := env.Recall(storageKey); ok {
		if k, ok := v.(Kept); ok { // else a torn write: nothing is left of it
			p.state, p.hops, p.teller, p.heard = knows, k.Hops, k.Teller, env.Now()
		}
	}
	if p.cfg.Timing == Aligned && time.Duration(env.Now())%p.cfg.Round == 0 {
		p.round(env)
	}
	p.tick(env, true)
}

// active reports whether the node has something to do of its own accord.
func (p *Process) active() bool {
	if !p.Knows() {
		return p.cfg.Mode.pulls()
	}
	return p.Interested() && (p.cfg.Mode.pushes() || p.cfg.Stop.blind())
}

// tick sees to it that the node has its next round, if it has anything to do in it. first is after a time without any.
func (p *Process) tick(env *sim.Env, first bool) {
	if p.state&ticking != 0 || !p.active() {
		return
	}
	p.state |= ticking
	env.After(p.gap(env, first), nil)
}

// gap is how long it is until the node's next round.
func (p *Process) gap(env *sim.Env, first bool) time.Duration {
	switch {
	case p.cfg.Timing == Poisson:
		return exponential(env.Rand(), p.cfg.Round)
	case p.cfg.Timing == Staggered && first:
		return env.Rand().Duration(0, p.cfg.Round-1)
	case p.cfg.Timing == Aligned:
		return p.cfg.Round - time.Duration(env.Now())%p.cfg.Round
	}
	return p.cfg.Round
}

// Timeout is the beginning of a round.
func (p *Process) Timeout(env *sim.Env, _ any) {
	p.state &^= ticking
	p.round(env)
	p.tick(env, false)
}

// round calls partners.
func (p *Process) round(env *sim.Env) {
	switch {
	case !p.Knows():
		if p.cfg.Mode.pulls() {
			p.call(env, Ask(0))
		}
	case p.bored(env):
		p.state |= lost
	case p.Interested():
		if p.cfg.Stop.blind() {
			p.count = min(p.count+1, maxK)
		}
		p.spread(env)
	}
}

// bored decides whether the node loses interest now that another round is over.
func (p *Process) bored(env *sim.Env) bool {
	switch p.cfg.Stop {
	case FeedbackCounter:
		if int(p.vain) < p.cfg.Fanout {
			p.count, p.vain = 0, 0
			return false
		}
		p.count, p.vain = p.count+1, 0
		return int(p.count) >= p.cfg.K
	case BlindCounter:
		return int(p.count) >= p.cfg.K
	case BlindCoin:
		return p.count > 0 && env.Rand().IntN(p.cfg.K) == 0
	}
	return false
}

// spread tells partners.
func (p *Process) spread(env *sim.Env) {
	if !p.cfg.Mode.pushes() {
		return
	}
	p.told += uint32(p.cfg.Fanout)
	p.call(env, Rumour(p.hops))
	if p.cfg.Bug == TellsOnce {
		p.state |= lost
	}
}

// call sends m to as many other nodes as the fanout says, all different.
func (p *Process) call(env *sim.Env, m sim.Message) {
	r := env.Rand()
	if p.cfg.Bug == SamePartner {
		same := sim.NewRand(uint64(env.ID()))
		r = &same
	}
	var called [maxFanout]sim.NodeID
	for i := 0; i < p.cfg.Fanout; {
		to := p.partner(env, r)
		if again(called[:i], to) {
			continue
		}
		called[i] = to
		i++
		env.Send(to, m)
	}
}

// partner draws a node other than the caller.
func (p *Process) partner(env *sim.Env, r *sim.Rand) sim.NodeID {
	if p.cfg.Bug == CallsItself {
		return sim.NodeID(r.IntN(env.Nodes()))
	}
	to := sim.NodeID(r.IntN(env.Nodes() - 1))
	if to >= env.ID() {
		to++
	}
	return to
}

func again(called []sim.NodeID, to sim.NodeID) bool {
	for _, c := range called {
		if c == to {
			return true
		}
	}
	return false
}

// Receive takes a message.
func (p *Process) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if from == env.ID() {
		p.state |= hasCalled
	}
	switch m := m.(type) {
	case Rumour:
		p.onRumour(env, from, m)
	case Ask:
		p.onAsk(env, from)
	case Knew:
		p.onKnew(env)
	default:
		panic(fmt.Sprintf("gossip: message is a %T, want a Rumour, an Ask or a Knew", m))
	}
}

func (p *Process) onRumour(env *sim.Env, from sim.NodeID, m Rumour) {
	if !p.Knows() {
		p.learn(env, from, uint8(min(int(m)+1, maxHops)))
		return
	}
	if p.cfg.Bug == ForgetsRepeated && p.teller != env.ID() {
		p.state &^= knows
	}
	if p.cfg.Stop.feedback() && p.settled(env) {
		env.Send(from, Knew(0))
	}
}

// learn takes note of the rumour.
func (p *Process) learn(env *sim.Env, teller sim.NodeID, hops uint8) {
	p.state |= knows
	p.heard, p.teller, p.hops = env.Now(), teller, hops
	if p.cfg.Durable {
		env.Persist(storageKey, Kept{hops, teller})
	}
	p.tick(env, true)
}

func (p *Process) onAsk(env *sim.Env, from sim.NodeID) {
	if p.Interested() && p.settled(env) {
		p.told++
		env.Send(from, Rumour(p.hops))
	} else if p.cfg.Bug == AskTaken && !p.Knows() {
		p.learn(env, from, 1)
	}
}

// settled reports whether the node, which knows, counts as knowing to others: in aligned rounds, if it knew when the
// round began.
func (p *Process) settled(env *sim.Env) bool {
	return p.cfg.Timing != Aligned || p.Round() < p.cfg.roundOf(env.Now())
}

func (p *Process) onKnew(env *sim.Env) {
	switch p.cfg.Stop {
	case FeedbackCounter:
		p.vain = min(p.vain+1, maxFanout)
	case FeedbackCoin:
		if env.Rand().IntN(p.cfg.K) == 0 {
			p.state |= lost
		}
	}
}

// Clone returns an independent copy.
func (p *Process) Clone() sim.Process {
	c := *p
	return &c
}

// Badge says whether the node knows.
func (p *Process) Badge() (role, text string) {
	switch {
	case !p.Knows():
		return "", ""
	case p.Interested():
		return "spreads", ""
	}
	return "knows", ""
}
