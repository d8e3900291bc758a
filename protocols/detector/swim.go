package detector

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lightcone/sim"
)

// SwimConfig describes the failure detector of SWIM (Das, Gupta and Motivala 2002, section 3.1): in every period a node
// asks one other, and if there is no answer it has helpers ask. What each node sends does not depend on their number.
type SwimConfig struct {
	Period  time.Duration // T': a node that has not answered at its end is suspected
	Timeout time.Duration // how long into the period the helpers are asked; less than Period
	Helpers int           // k: how many
	// RoundRobin asks the others in turn, in an order that is drawn anew for every pass, instead of a random one each time:
	// a crash is then noticed by everybody within 2n-1 periods for n other nodes (section 4.3).
	RoundRobin bool
}

// Validate reports what is wrong with the configuration: all of it.
func (c SwimConfig) Validate() error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("detector: SwimConfig."+format, args...))
	}
	if c.Period <= 0 || c.Period > longest {
		bad("Period is %v, want more than 0s and at most %v", c.Period, longest)
	}
	if c.Timeout <= 0 || c.Timeout >= c.Period {
		bad("Timeout is %v, want more than 0s and less than Period, which is %v", c.Timeout, c.Period)
	}
	if c.Helpers < 0 {
		bad("Helpers is %d, want 0 or more", c.Helpers)
	}
	return errors.Join(errs...)
}

// Properties returns what holds of every run: that somebody is answered, some time.
func (c SwimConfig) Properties() []sim.Property {
	return []sim.Property{{Name: "a question is answered", Mode: sim.Eventually, Check: func(v sim.View) error {
		for id := range sim.NodeID(v.Nodes()) {
			if p, ok := v.Process(id).(*Swim); ok && p.counts.Received > 0 {
				return nil
			}
		}
		return errors.New("no node has had an answer")
	}}}
}

// FirstDetection is the mean number of periods, of members nodes of which one has crashed, until some node has asked it
// and had no answer: each of the others asks one of members-1 at random. It tends to e/(e-1) = 1.582 (section 3.1).
func FirstDetection(members int) float64 {
	missed := 1.0
	for range members - 1 {
		missed = float64(missed * (1 - 1/float64(members-1)))
	}
	return 1 / (1 - missed)
}

// FalseAlarm is the probability that a node which is up does not answer in a period, over links that lose each message
// with probability loss and deliver the others in time: a question and an answer, and for each of the helpers two of
// both (section 3.1).
func (c SwimConfig) FalseAlarm(loss float64) float64 {
	way := 1 - loss
	there := float64(way * way)
	alarm := 1 - there
	for range c.Helpers {
		alarm = float64(alarm * (1 - float64(there*there)))
	}
	return alarm
}

// Swim is a node of the detector. It only says what it finds out itself: there is no gossip.
type Swim struct {
	cfg     SwimConfig
	seq     int64 // of the period; begins anew with each incarnation, higher up
	target  sim.NodeID
	waiting bool // for the target
	order   []sim.NodeID
	place   int
	suspect []bool
	counts  SwimCounts
}

// SwimCounts is what a node did since it last started.
type SwimCounts struct {
	Periods    int // that are over
	Unanswered int // of them
	Received   int // answers in time
}

// What the nodes of SWIM send, beside Query and Answer.
type (
	// Help asks a helper to ask Target.
	Help struct {
		Target sim.NodeID
		Seq    int64
	}
	// QueryFor is a helper's question, on behalf of For.
	QueryFor struct {
		For sim.NodeID
		Seq int64
	}
	// AnswerFor is the answer to it.
	AnswerFor struct {
		For sim.NodeID
		Seq int64
	}
	// Helped passes it on to who asked for help.
	Helped struct {
		Target sim.NodeID
		Seq    int64
	}
)

// Timer tags.
type (
	period struct{}
	direct struct{ seq int64 }
)

// NewSwim returns a process for a valid configuration.
func NewSwim(c SwimConfig) *Swim { return &Swim{cfg: c} }

// Init begins the first period.
func (p *Swim) Init(env *sim.Env) {
	p.seq = int64(env.Incarnation()) << 32
	p.order = slices.Clone(env.Peers())
	p.place = len(p.order)
	p.suspect = make([]bool, env.Nodes())
	p.begin(env)
}

// begin asks the next node.
func (p *Swim) begin(env *sim.Env) {
	if len(p.order) == 0 {
		return
	}
	p.seq++
	p.target, p.waiting = p.pick(env.Rand()), true
	env.Send(p.target, Query{env.Incarnation(), p.seq})
	env.After(p.cfg.Timeout, direct{p.seq})
	env.After(p.cfg.Period, period{})
}

func (p *Swim) pick(r *sim.Rand) sim.NodeID {
	if !p.cfg.RoundRobin {
		return p.order[r.IntN(len(p.order))]
	}
	if p.place == len(p.order) {
		r.Shuffle(len(p.order), func(i, j int) { p.order[i], p.order[j] = p.order[j], p.order[i] })
		p.place = 0
	}
	p.place++
	return p.order[p.place-1]
}

// Timeout asks the helpers, or ends the period.
func (p *Swim) Timeout(env *sim.Env, tag any) {
	switch tag := tag.(type) {
	case direct:
		if p.waiting && tag.seq == p.seq {
			p.askForHelp(env)
		}
	case period:
		p.counts.Periods++
		if p.waiting {
			p.counts.Unanswered++
			if !p.suspect[p.target] {
				p.suspect[p.target] = true
				env.Note(Suspected{p.target})
			}
		}
		p.begin(env)
	}
}

// askForHelp asks as many helpers as there are, at random.
func (p *Swim) askForHelp(env *sim.Env) {
	asked := 0
	for _, i := range env.Rand().Perm(len(p.order)) {
		if q := p.order[i]; q != p.target && asked < p.cfg.Helpers {
			env.Send(q, Help{p.target, p.seq})
			asked++
		}
	}
}

// Receive answers questions, asks and tells as a helper, and takes answers.
func (p *Swim) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Query:
		env.Send(from, Answer{env.Incarnation(), m.Seq, m.Incarnation})
	case Answer:
		p.onAnswer(env, from, m.Seq)
	case Help:
		env.Send(m.Target, QueryFor{from, m.Seq})
	case QueryFor:
		env.Send(from, AnswerFor(m))
	case AnswerFor:
		env.Send(m.For, Helped{from, m.Seq})
	case Helped:
		p.onAnswer(env, m.Target, m.Seq)
	default:
		panic(fmt.Sprintf("detector: message is a %T, want a question, an answer, or one of a helper", m))
	}
}

// onAnswer trusts the node that was asked in this period. Answers that come later are too late.
func (p *Swim) onAnswer(env *sim.Env, of sim.NodeID, seq int64) {
	if !p.waiting || seq != p.seq || of != p.target {
		return
	}
	p.waiting = false
	p.counts.Received++
	if p.suspect[of] {
		p.suspect[of] = false
		env.Note(Trusted{of})
	}
}

// Suspects reports whether the process suspects q.
func (p *Swim) Suspects(q sim.NodeID) bool { return p.suspect[q] }

// Counts returns what the process did since it started.
func (p *Swim) Counts() SwimCounts { return p.counts }

// Clone returns an independent copy.
func (p *Swim) Clone() sim.Process {
	c := *p
	c.order, c.suspect = slices.Clone(p.order), slices.Clone(p.suspect)
	return &c
}

// Badge shows whom the process suspects.
func (p *Swim) Badge() (role, text string) {
	var all []sim.NodeID
	for q, suspected := range p.suspect {
		if suspected {
			all = append(all, sim.NodeID(q))
		}
	}
	return badge(all)
}
