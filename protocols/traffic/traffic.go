package traffic

import (
	"errors"
	"fmt"
	"time"

	"lightcone/sim"
)

// Clock stamps the events of one process with values of type S. A stamp is immutable: it is sent.
type Clock[S any] interface {
	Local(env *sim.Env) S        // stamps an event inside the process
	Send(env *sim.Env) S         // stamps the sending of a message, which carries the stamp
	Receive(env *sim.Env, m S) S // stamps the receipt of a message that carries m
	Clone() Clock[S]
}

// Restorer is a Clock that can go on from the stamp of its last event: what Params.Durable needs.
type Restorer[S any] interface{ Restore(last S) }

// Params say how much traffic a process makes.
type Params struct {
	// Interval is the mean time between two events that a process starts by itself, on its own clock; each gap is
	// uniform in [Interval/2, 3*Interval/2].
	Interval time.Duration
	// LocalShare is the probability that such an event is a local one; otherwise it sends a message.
	LocalShare float64
	// Durable writes each event's stamp to storage before anybody hears of it, and goes on from the last one after a crash.
	// Without it a recovered process begins anew, and its stamps are not ordered after those before the crash.
	Durable bool
}

// Validate reports what is wrong with the parameters: all of it.
func (p Params) Validate() error {
	var errs []error
	if p.Interval <= 0 {
		errs = append(errs, fmt.Errorf("traffic: Params.Interval is %v, want more than 0", p.Interval))
	}
	if !(p.LocalShare >= 0 && p.LocalShare <= 1) {
		errs = append(errs, fmt.Errorf("traffic: Params.LocalShare is %v, want a probability in [0, 1]", p.LocalShare))
	}
	return errors.Join(errs...)
}

// Message is what the processes send each other: the stamp of its own sending.
type Message[S any] struct{ Stamp S }

func (m Message[S]) String() string { return fmt.Sprint(m.Stamp) }

// Process makes traffic and stamps every event of it: one per handler, local, send or receive. It says each stamp to
// observers in a Note (the value is the S itself) right after the event that it stamps.
type Process[S any] struct {
	Params Params
	Clock  Clock[S]
	// Before is the order that the stamps of two events must have if the first happened directly before the second: in
	// one process, or as the sending and the receipt of a message. By transitivity it then holds along all of
	// happened-before. Nil: not checked.
	Before func(a, b S) bool

	Last                    S // the stamp of the last event
	Locals, Sends, Receives int

	broken error // the first pair that was not in order
}

// Events returns the number of events so far.
func (p *Process[S]) Events() int { return p.Locals + p.Sends + p.Receives }

// Init starts the traffic, after a crash from what is durable.
func (p *Process[S]) Init(env *sim.Env) {
	if p.Params.Durable {
		p.recall(env)
	}
	p.wait(env)
}

// Receive stamps the receipt of a message.
func (p *Process[S]) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Message[S]:
		s := p.Clock.Receive(env, m.Stamp)
		p.Receives++
		p.keep(env, s)
		if !p.ordered(m.Stamp, s) {
			p.broken = fmt.Errorf("message of %v was sent at %v, and received at %v", from, m.Stamp, s)
		}
		p.happened(env, s)
	default:
		panic(fmt.Sprintf("traffic: message is a %T, want a %T", m, Message[S]{}))
	}
}

// Timeout is the time for an event of the process's own.
func (p *Process[S]) Timeout(env *sim.Env, _ any) {
	peers := env.Peers()
	if env.Rand().Bool(p.Params.LocalShare) || len(peers) == 0 {
		s := p.Clock.Local(env)
		p.Locals++
		p.keep(env, s)
		p.happened(env, s)
	} else {
		s := p.Clock.Send(env)
		p.Sends++
		p.keep(env, s)
		env.Send(peers[env.Rand().IntN(len(peers))], Message[S]{s})
		p.happened(env, s)
	}
	p.wait(env)
}

func (p *Process[S]) wait(env *sim.Env) {
	half := p.Params.Interval / 2
	env.After(env.Rand().Duration(half, 3*half), nil)
}

func (p *Process[S]) happened(env *sim.Env, s S) {
	if p.Events() > 1 && !p.ordered(p.Last, s) {
		p.broken = fmt.Errorf("event at %v is followed by one at %v", p.Last, s)
	}
	p.Last = s
	env.Note(s)
}

// ordered reports whether the stamps of an event and of one directly after it are in order, or another pair was not
// already.
func (p *Process[S]) ordered(a, b S) bool {
	return p.Before == nil || p.broken != nil || p.Before(a, b)
}

// Clone returns an independent copy.
func (p *Process[S]) Clone() sim.Process {
	c := *p
	c.Clock = p.Clock.Clone()
	return &c
}

// Badge is the same all the time: notes show the stamps.
func (p *Process[S]) Badge() (role, text string) { return "traffic", "" }
