package kv

import (
	"maps"
	"time"

	"lightcone/sim"
)

// Store is the state machine: a map from keys to values, and the table of sessions by which a command takes effect
// once. It is deterministic: the same commands in the same order make the same Store and the same answers.
type Store struct {
	data     map[string]string
	sessions map[uint64]session
	expiry   time.Duration
	now      sim.Local // the latest Command.Time
	applied  uint64    // commands applied; the number of a session is that of its registration
}

// session remembers the last operation of a client.
type session struct {
	serial uint64
	result Result
	used   sim.Local
}

// NewStore returns an empty store. Sessions expire when commands have moved time by expiry since they were last used; 0
// is never.
func NewStore(expiry time.Duration) *Store {
	return &Store{data: map[string]string{}, sessions: map[uint64]session{}, expiry: expiry}
}

// Apply executes a command and returns the answer to it, whose ID is that of the request.
func (s *Store) Apply(c Command) Reply {
	s.applied++
	s.now = max(s.now, c.Time)
	if c.Register {
		s.sessions[s.applied] = session{used: s.now}
		return Reply{ID: c.Request, Session: s.applied}
	}
	if c.Token == (Token{}) {
		return Reply{ID: c.Request, Result: s.do(c.Op)}
	}
	k, ok := s.sessions[c.Token.Session]
	if !ok || c.Token.Serial < k.serial || s.expiry > 0 && s.now-k.used > sim.Local(s.expiry) {
		return Reply{ID: c.Request, Status: Expired}
	}
	if c.Token.Serial > k.serial {
		k.serial, k.result = c.Token.Serial, s.do(c.Op)
	}
	k.used = s.now
	s.sessions[c.Token.Session] = k
	return Reply{ID: c.Request, Result: k.result}
}

// Get reads a key without a command.
func (s *Store) Get(key string) Result {
	v, ok := s.data[key]
	return Result{Value: v, Found: ok}
}

func (s *Store) do(op Op) Result {
	v, ok := s.data[op.Key]
	switch op.Kind {
	case Get:
		return Result{Value: v, Found: ok}
	case Put:
		s.data[op.Key] = op.Value
	case Append:
		s.data[op.Key] = v + op.Value
	case CompareAndSwap:
		if ok && v == op.Expect {
			s.data[op.Key] = op.Value
			return Result{Swapped: true}
		}
	case Delete:
		delete(s.data, op.Key)
		return Result{Found: ok}
	}
	return Result{}
}

// Clone returns an independent copy: a snapshot. A clone that nobody applies commands to is immutable, and may be
// persisted and sent.
func (s *Store) Clone() *Store {
	c := *s
	c.data, c.sessions = maps.Clone(s.data), maps.Clone(s.sessions)
	return &c
}
