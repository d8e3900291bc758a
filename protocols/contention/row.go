package contention

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

// Message is what clients and the row send each other.
type Message interface{ contention() }

// What clients ask, and what the row answers.
type (
	Read    struct{}                // asks for the version
	Version struct{ Number int }    // answers a Read
	Write   struct{ From int }      // writes; From is the version that it was made from
	Written struct{ Accepted bool } // answers a Write: false if the version was another by then
)

func (Read) contention()    {}
func (Version) contention() {}
func (Write) contention()   {}
func (Written) contention() {}

// Update is a write that was accepted.
type Update struct {
	By         sim.NodeID
	From, Made int // the version that it was made from, and the one that it made
}

// Row is the one row of the table.
type Row struct {
	Version int
	Calls   int      // writes that came, accepted or not
	Updates []Update // the accepted ones, in order

	bug Bug
}

// Init does nothing: the row is there, at version 0.
func (s *Row) Init(*sim.Env) {}

// Receive answers a client.
func (s *Row) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Read:
		env.Send(from, Version{s.Version})
	case Write:
		s.onWrite(env, from, m)
	default:
		panic(fmt.Sprintf("contention: row got a %T, want a Read or a Write", m))
	}
}

// Timeout makes an update that was decided on before; only CheckThenAct does.
func (s *Row) Timeout(env *sim.Env, tag any) { s.accept(env, tag.(Update)) }

func (s *Row) onWrite(env *sim.Env, from sim.NodeID, m Write) {
	s.Calls++
	current := m.From == s.Version
	switch {
	case s.bug == NoCheck:
		s.accept(env, Update{from, m.From, s.Version + 1})
	case !current:
		env.Send(from, Written{false})
	case s.bug == CheckThenAct:
		env.After(actAfter, Update{from, m.From, m.From + 1})
	default:
		s.accept(env, Update{from, m.From, m.From + 1})
	}
}

func (s *Row) accept(env *sim.Env, u Update) {
	s.Version = u.Made
	s.Updates = append(s.Updates, u)
	env.Send(u.By, Written{true})
}

// Clone returns an independent copy.
func (s *Row) Clone() sim.Process {
	c := *s
	c.Updates = slices.Clone(s.Updates)
	return &c
}
