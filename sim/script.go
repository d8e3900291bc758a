package sim

import (
	"iter"
	"runtime/debug"
	"time"
)

// Script returns a process that runs body as straight-line code: a client or a test that sends, waits for a reply or
// a timeout, and goes on, without being turned inside out into handlers. Body starts at Init, in a coroutine that
// runs only while a handler of this node does, and starts anew at a recovery. Its state is its stack, so a world with
// a running Script cannot be forked.
//
//	sim.Script(func(s *sim.Line) {
//		s.Send(1, "ping")
//		if _, m, ok := s.ReceiveWithin(50 * time.Millisecond); ok {
//			s.Notef("got %v", m)
//		}
//	})
func Script(body func(*Line)) Process { return &script{body: body} }

// Line is what the body of a Script acts through: the Env of whatever handler is running, which may be kept for the
// whole of the body, and calls that wait.
type Line struct {
	*Env
	s *script
}

// Receive waits for the next message. Messages that arrive while the script waits for something else are kept, in
// order.
func (l *Line) Receive() (from NodeID, m Message) {
	for len(l.s.inbox) == 0 {
		l.wait(waitMessage)
	}
	return l.s.pop()
}

// ReceiveWithin waits for the next message, at most d on the node's own clock. ok is false if none came.
func (l *Line) ReceiveWithin(d time.Duration) (from NodeID, m Message, ok bool) {
	if len(l.s.inbox) == 0 {
		l.s.expired = false
		t := l.After(d, scriptTimer{})
		for len(l.s.inbox) == 0 && !l.s.expired {
			l.wait(waitBoth)
		}
		l.Cancel(t)
	}
	if len(l.s.inbox) == 0 {
		return 0, nil, false
	}
	from, m = l.s.pop()
	return from, m, true
}

// Sleep waits until d has passed on the node's own clock.
func (l *Line) Sleep(d time.Duration) {
	l.s.expired = false
	l.After(d, scriptTimer{})
	for !l.s.expired {
		l.wait(waitTimer)
	}
}

type waiting uint8

const (
	waitNothing waiting = iota
	waitMessage
	waitTimer
	waitBoth
)

// scriptTimer is the tag of a script's timer: at most one is pending.
type scriptTimer struct{}

// scriptPanic is a panic in the body of a script, with the body's stack.
type scriptPanic struct {
	value any
	stack string
}

// scriptOver unwinds the body of a script whose node crashed.
type scriptOver struct{}

type envelope struct {
	from NodeID
	m    Message
}

type script struct {
	body    func(*Line)
	line    Line
	resume  func() (struct{}, bool)
	cancel  func()
	yield   func(struct{}) bool
	inbox   []envelope
	waits   waiting
	expired bool
	over    bool // the node crashed, or the world was closed
}

func (s *script) pop() (NodeID, Message) {
	e := s.inbox[0]
	s.inbox = s.inbox[1:]
	return e.from, e.m
}

// wait returns to the world until a handler resumes the script.
func (l *Line) wait(for_ waiting) {
	l.s.waits = for_
	if !l.s.yield(struct{}{}) {
		panic(scriptOver{})
	}
	l.s.waits = waitNothing
}

func (s *script) Init(env *Env) {
	s.line = Line{Env: env, s: s}
	s.resume, s.cancel = iter.Pull(func(yield func(struct{}) bool) {
		s.yield = yield
		defer func() { s.rethrow(recover()) }()
		s.body(&s.line)
	})
	s.run(env)
}

// rethrow passes on what the body panicked with, if it did: its stack is not the loop's.
func (s *script) rethrow(p any) {
	switch p.(type) {
	case nil, scriptOver:
		return
	case misuse:
		if s.over { // its Env is gone
			return
		}
		panic(p)
	case limitHit:
		panic(p)
	}
	panic(scriptPanic{p, string(debug.Stack())})
}

// run gives the body its turn.
func (s *script) run(env *Env) {
	s.line.Env = env
	s.resume()
}

func (s *script) Receive(env *Env, from NodeID, m Message) {
	s.inbox = append(s.inbox, envelope{from, m})
	if s.waits == waitMessage || s.waits == waitBoth {
		s.run(env)
	}
}

func (s *script) Timeout(env *Env, tag any) {
	if tag != (scriptTimer{}) {
		return
	}
	s.expired = true
	if s.waits == waitTimer || s.waits == waitBoth {
		s.run(env)
	}
}

// stop unwinds the body. Its deferred functions run, but have no effects: their Env is void.
func (s *script) stop() {
	if s.cancel == nil {
		return // it never started
	}
	s.over, s.line.Env = true, &Env{id: s.line.Env.id}
	s.cancel()
}
