package clock

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// Synced is a process that keeps its node's wall clock synchronised and is otherwise the process inside: whatever is
// not its own goes there, and comes from there, unchanged. On the server, and on every other node, it answers queries.
// It draws nothing from the node's random stream.
//
// Its messages take numbers on the links to and from the server, so that the inner process's messages there have
// other names, and other fates, than without it.
type Synced struct {
	inner sim.Process
	opt   Sync

	seq    uint64    // of the last exchange
	open   bool      // whether its reply is still waited for
	sent   sim.Local // when it began, on the monotonic clock
	late   sim.Timer // when it is given up
	tries  int       // exchanges in this poll
	filter filter    // NTP

	left    time.Duration // to be slewed
	slewing bool          // whether the next step of a slew is due
}

// Process returns inner with a synchronised wall clock. It panics if s is not valid: Validate beforehand. All nodes
// that synchronise, and the server, must be made with it.
func (s Sync) Process(inner sim.Process) *Synced {
	if err := s.Validate(max(int(s.Server)+1, 1)); err != nil {
		panic(err)
	}
	return &Synced{inner: inner, opt: s.withDefaults()}
}

// Correction is what a Synced notes each time that it has read the server's clock and believes what it read.
type Correction struct {
	By     time.Duration // how far the clock was behind, by the estimate
	Delay  time.Duration // the round trip that told so
	Slewed bool          // corrected gradually from now on, instead of at once
}

func (c Correction) String() string {
	how := "stepped"
	if c.Slewed {
		how = "slewed"
	}
	return fmt.Sprintf("clock %s by %v (round trip %v)", how, c.By, c.Delay)
}

// tag is what the timers of a Synced carry.
type tag uint8

const (
	pollDue tag = iota
	replyLate
	slewDue
)

func (t tag) String() string { return [...]string{"time poll", "time reply late", "slew"}[t] }

// Inner returns the process inside.
func (s *Synced) Inner() sim.Process { return s.inner }

// Init polls the server and starts the inner process. The query goes first: it waits for none of the inner
// process's writes.
func (s *Synced) Init(env *sim.Env) {
	if env.ID() != s.opt.Server {
		s.seq = uint64(env.Incarnation()) << 32 // replies to an earlier incarnation are recognised as such
		s.poll(env)
	}
	s.inner.Init(env)
}

// Receive answers queries, takes replies, and hands everything else on.
func (s *Synced) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Query:
		now := env.Wall()
		env.Send(from, Reply{Seq: m.Seq, T1: m.T1, T2: now, T3: now})
	case Reply:
		s.onReply(env, m)
	default:
		s.inner.Receive(env, from, m)
	}
}

// ReceiveWords hands unboxed messages on.
func (s *Synced) ReceiveWords(env *sim.Env, from sim.NodeID, w sim.Words) {
	if inner, ok := s.inner.(sim.WordReceiver); ok {
		inner.ReceiveWords(env, from, w)
		return
	}
	s.inner.Receive(env, from, w)
}

// Timeout handles the timers of the synchronisation and hands the others on.
func (s *Synced) Timeout(env *sim.Env, t any) {
	switch t {
	case pollDue:
		s.poll(env)
	case replyLate:
		s.open = false
		s.retry(env)
	case slewDue:
		s.slew(env)
	default:
		s.inner.Timeout(env, t)
	}
}

// Clone returns an independent copy, nil if the inner process is no sim.Cloner.
func (s *Synced) Clone() sim.Process {
	inner, ok := s.inner.(sim.Cloner)
	if !ok {
		return nil
	}
	c := *s
	c.inner = inner.Clone()
	return &c
}

// Badge returns that of the inner process.
func (s *Synced) Badge() (role, text string) {
	if b, ok := s.inner.(sim.Badger); ok {
		return b.Badge()
	}
	return "", ""
}

// poll begins the exchanges of a new period.
func (s *Synced) poll(env *sim.Env) {
	env.After(s.opt.Every, pollDue)
	if s.open {
		env.Cancel(s.late)
	}
	s.tries = 0
	s.ask(env)
}

func (s *Synced) ask(env *sim.Env) {
	s.seq++
	s.tries++
	s.open = true
	s.sent = env.Now()
	s.late = env.After(s.opt.Timeout, replyLate)
	env.Send(s.opt.Server, Query{Seq: s.seq, T1: env.Wall()})
}

// retry asks again if this poll has a try left.
func (s *Synced) retry(env *sim.Env) {
	if s.tries < s.opt.Tries {
		s.ask(env)
	}
}

// onReply takes the reply to the exchange under way; late ones and duplicates find none.
func (s *Synced) onReply(env *sim.Env, m Reply) {
	if !s.open || m.Seq != s.seq {
		return
	}
	s.open = false
	env.Cancel(s.late)
	if s.opt.Method == NTP {
		s.takeSample(env, Sample{T1: m.T1, T2: m.T2, T3: m.T3, T4: env.Wall()})
	} else {
		s.takeReading(env, m.T3)
	}
}

// takeReading corrects the clock by Cristian's algorithm.
func (s *Synced) takeReading(env *sim.Env, server sim.Local) {
	rtt := env.Now().Sub(s.sent)
	if s.opt.MaxError > 0 && CristianBound(rtt, s.opt.Least) > s.opt.MaxError {
		s.retry(env)
		return
	}
	s.correct(env, server.Sub(env.Wall())+rtt/2, rtt)
}

// takeSample corrects the clock by NTP's. A negative delay tells that somebody stepped the clock during the exchange.
func (s *Synced) takeSample(env *sim.Env, x Sample) {
	if x.Delay() < 0 {
		s.retry(env)
		return
	}
	now := env.Now()
	s.filter.add(measure{offset: x.Offset(), delay: x.Delay(), at: now})
	if best, ok := s.filter.believe(now); ok {
		s.correct(env, best.offset, best.delay)
	}
}

// correct moves the wall clock by d, at once or gradually. What an earlier slew had left is part of d.
func (s *Synced) correct(env *sim.Env, d, delay time.Duration) {
	slew := s.opt.Slew > 0 && d.Abs() <= s.opt.StepAbove
	env.Note(Correction{By: d, Delay: delay, Slewed: slew})
	if !slew {
		s.left = 0
		s.move(env, d)
		return
	}
	s.left = d
	s.keepSlewing(env)
}

// slew moves the clock by one step.
func (s *Synced) slew(env *sim.Env) {
	s.slewing = false
	most := s.opt.slewStep()
	d := max(-most, min(s.left, most))
	s.left -= d
	s.move(env, d)
	s.keepSlewing(env)
}

func (s *Synced) keepSlewing(env *sim.Env) {
	if s.left != 0 && !s.slewing {
		s.slewing = true
		env.After(s.opt.SlewEvery, slewDue)
	}
}

func (s *Synced) move(env *sim.Env, d time.Duration) {
	if d != 0 {
		env.StepWall(d)
		s.filter.shift(d)
	}
}
