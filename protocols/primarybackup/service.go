package primarybackup

import (
	"fmt"
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Service is the view service: it decides which view is in force. While it is down, the view stays as it is: a primary
// goes on as long as its backups answer, and with leases, until its lease is over.
type Service struct {
	cfg     Config
	view    View   // in force, and durable
	next    View   // being written; Number 0 for none
	issued  Number // durable: the highest number that it gave to a view. If above the view's, a change is under way
	writes  uint64
	change  change
	until   sim.Local // the leases that it granted are over
	silence sim.Timer // until the primary counts as failed
	changes int       // views put in force in this incarnation
}

// register is what is durable.
type register struct {
	Count  uint64
	View   View
	Issued Number
}

// tags of timers
type (
	dead  struct{}           // the primary has been silent for too long
	again struct{ n Number } // the change to view n should be further
	lapse struct{}           // the leases are over
)

// Init starts it. After a restart it does not know which leases it granted, and waits as if it had just done so.
func (s *Service) Init(env *sim.Env) {
	s.view, s.issued = s.cfg.firstView(), 1
	for i := range uint64(ring) {
		v, _ := env.Recall(ringKey("view ", i, ring))
		if r, ok := v.(register); ok && r.Count > s.writes {
			s.writes, s.view, s.issued = r.Count, r.View, r.Issued
		}
	}
	if env.Incarnation() > 0 {
		s.grant(env)
	}
	s.silence = env.After(s.cfg.Timeout, dead{})
	if s.issued > s.view.Number {
		s.replace(env)
	}
}

// Receive handles a message.
func (s *Service) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case kv.Request:
		env.Send(from, kv.Reply{ID: m.ID, Status: kv.NotLeader, Leader: s.view.Primary})
	case Ping:
		s.onPing(env, from, m)
	case Propose:
		s.onPropose(env, from, m)
	case Sealed:
		s.onSealed(env, from, m)
	case Ready:
		s.onReady(env, from, m)
	case decided:
		s.onDecided(env, m)
	default:
		panic(fmt.Sprintf("primarybackup: view service got a %T", m))
	}
}

// Timeout handles a timer.
func (s *Service) Timeout(env *sim.Env, tag any) {
	switch tag := tag.(type) {
	case dead:
		if !s.changing() {
			s.replace(env)
		}
	case again:
		s.onAgain(env, tag.n)
	case lapse:
		s.inForce(env)
	default:
		panic(fmt.Sprintf("primarybackup: unknown timer %T", tag))
	}
}

// changing reports whether a view is being made or written.
func (s *Service) changing() bool { return s.change.number != 0 || s.next.Number != 0 }

// onPing tells a server the view. The primary's pings keep it alive and renew its lease, unless it has restarted: then
// it has forgotten what it did in its view, and needs a new one; as it does if it gave up its view.
func (s *Service) onPing(env *sim.Env, from sim.NodeID, m Ping) {
	leased := false
	if from == s.view.Primary && !s.changing() {
		switch {
		case m.Incarnation < s.view.Incarnation: // an old message
		case m.Incarnation > s.view.Incarnation:
			s.until = 0 // its lease went with it
			s.replace(env)
		case !m.Leads && m.Promised >= s.view.Number:
			s.replace(env)
		default:
			s.alive(env)
			leased = s.cfg.Lease > 0
		}
	}
	if leased {
		s.grant(env)
	}
	env.Send(from, Pong{s.view, m.Sent, leased})
}

func (s *Service) alive(env *sim.Env) {
	if !env.Reset(s.silence, s.cfg.Timeout) {
		s.silence = env.After(s.cfg.Timeout, dead{})
	}
}

// grant remembers until when the lease may last that a primary takes from an answer now.
func (s *Service) grant(env *sim.Env) {
	if s.cfg.Lease > 0 {
		s.until = env.Now() + sim.Local(s.cfg.Grant())
	}
}

// onPropose changes the backups, as the primary wants it.
func (s *Service) onPropose(env *sim.Env, from sim.NodeID, m Propose) {
	v := s.view
	if from != v.Primary || m.Incarnation != v.Incarnation || m.Number != v.Number || s.changing() {
		env.Send(from, Pong{View: v})
		return
	}
	s.issued++
	v.Number, v.Backups = s.issued, m.Backups
	s.decide(env, v)
}

// decide writes a view. It is in force when that is done.
func (s *Service) decide(env *sim.Env, v View) {
	s.next = v
	s.write(env, v)
}

// write writes the view that is in force or to be, and the highest number.
func (s *Service) write(env *sim.Env, v View) {
	s.writes++
	if s.cfg.Bug != ViewNotPersisted {
		env.Persist(ringKey("view ", s.writes, ring), register{s.writes, v, s.issued})
	}
	env.Send(env.ID(), decided{s.issued})
}

// onDecided goes on when a view, or the number of one to be made, is durable.
func (s *Service) onDecided(env *sim.Env, m decided) {
	switch m.number {
	case s.next.Number:
		s.view, s.next, s.change = s.next, View{}, change{}
		s.changes++
		s.alive(env)
		env.Send(s.view.Primary, Pong{View: s.view})
	case s.change.number:
		s.change.written = true
		s.ask(env)
	}
}

// View returns the view in force.
func (s *Service) View() View { return s.view }

// Clone returns an independent copy.
func (s *Service) Clone() sim.Process {
	c := *s
	c.change.answers = slices.Clone(s.change.answers)
	return &c
}

// Badge shows the view.
func (s *Service) Badge() (role, text string) { return "views", s.view.String() }

// wait is how long until the leases that were granted are over.
func (s *Service) wait(env *sim.Env) time.Duration {
	if s.cfg.Bug == NoLeaseWait {
		return 0
	}
	return max(0, s.until.Sub(env.Now()))
}
