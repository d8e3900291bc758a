package kv

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"lightcone/sim"
)

// Store is the state machine: a map from keys to values, and the table of sessions by which a command takes effect
// once. It is deterministic: the same commands in the same order make the same Store and the same answers.
type Store struct {
	data     map[string]cell
	sessions []session // by number, which is the order of registration
	expiry   time.Duration
	now      sim.Local // the latest Command.Time
	applied  uint64    // commands applied; the number of a session is that of its registration
	sum      uint64    // of the prints of all cells and sessions
	forgot   bool      // it lost its sessions, and takes one that it does not know for a new one
}

// cell is the value of a key.
type cell struct {
	value string
	print uint64 // a hash of key and value
}

// NewStore returns an empty store. Sessions expire when commands have moved time by more than expiry since they were
// last used; 0 is never.
func NewStore(expiry time.Duration) *Store {
	return &Store{data: map[string]cell{}, expiry: expiry}
}

// Apply executes a command and returns the answer to it, whose ID is that of the request.
func (s *Store) Apply(c Command) Reply {
	s.applied++
	s.now = max(s.now, c.Time)
	switch {
	case c.Register:
		return Reply{ID: c.Request, Session: s.register(c.Client, c.Request)}
	case c.Token == (Token{}):
		return Reply{ID: c.Request, Result: s.do(c.Op)}
	}
	k := s.session(c.Token.Session)
	if k == nil && s.forgot {
		k = s.adopt(c.Token.Session, c.Client)
	}
	if k == nil || s.expired(k) || c.Token.Serial < k.serial {
		return Reply{ID: c.Request, Status: Expired}
	}
	result := k.result
	if c.Token.Serial > k.serial {
		result = s.do(c.Op)
	}
	s.use(k, c.Token.Serial, result)
	return Reply{ID: c.Request, Result: result}
}

// do executes an operation on the map.
func (s *Store) do(op Op) Result {
	old, ok := s.data[op.Key]
	switch op.Kind {
	case Get:
		return Result{Value: old.value, Found: ok}
	case Put:
		s.set(op.Key, old, op.Value)
	case Append:
		s.set(op.Key, old, old.value+op.Value)
	case CompareAndSwap:
		if !ok || old.value != op.Expect {
			return Result{}
		}
		s.set(op.Key, old, op.Value)
		return Result{Swapped: true}
	case Delete:
		delete(s.data, op.Key)
		s.sum -= old.print
		return Result{Found: ok}
	}
	return Result{}
}

func (s *Store) set(key string, old cell, value string) {
	c := cell{value, hash(forCell).text(key).text(value).end()}
	s.data[key] = c
	s.sum += c.print - old.print
}

// Get reads a key without a command.
func (s *Store) Get(key string) Result {
	c, ok := s.data[key]
	return Result{Value: c.value, Found: ok}
}

// Hash returns a hash of the whole state, sessions included: two stores that went through the same commands have the
// same. It takes no time.
func (s *Store) Hash() uint64 {
	return hash(forStore).word(s.sum).word(s.applied).word(uint64(s.now)).end()
}

// Clone returns an independent copy: a snapshot. A clone that nobody applies commands to is immutable, and may be
// persisted and sent.
func (s *Store) Clone() *Store {
	c := *s
	c.data, c.sessions = maps.Clone(s.data), slices.Clone(s.sessions)
	return &c
}

// CloneWithoutSessions returns a copy that lost its sessions, and takes each that it does not know for a new one. It is
// what a snapshot must not be, and is there to plant that bug: whoever starts from it executes again what it executed
// before.
func (s *Store) CloneWithoutSessions() *Store {
	c := s.Clone()
	for i := range c.sessions {
		c.sum -= c.sessions[i].print
	}
	c.sessions, c.forgot = nil, true
	return c
}

// Pair is a key with its value.
type Pair struct{ Key, Value string }

// Dump returns the map in the order of its keys.
func (s *Store) Dump() []Pair {
	pairs := make([]Pair, 0, len(s.data))
	for key, c := range s.data { //det:ok sorted below
		pairs = append(pairs, Pair{key, c.value})
	}
	slices.SortStableFunc(pairs, func(a, b Pair) int { return cmp.Compare(a.Key, b.Key) })
	return pairs
}

// Applied returns how many commands made this state.
func (s *Store) Applied() uint64 { return s.applied }

// Sessions returns how many sessions the table holds, those that have expired since the last registration included.
func (s *Store) Sessions() int { return len(s.sessions) }

// Size is the size of the state on the wire, in bytes.
func (s *Store) Size() int {
	size := 32
	for key, c := range s.data { //det:ok a sum
		size += 16 + len(key) + len(c.value)
	}
	for i := range s.sessions {
		size += 48 + len(s.sessions[i].result.Value)
	}
	return size
}

func (s *Store) String() string {
	var b strings.Builder
	for _, p := range s.Dump() {
		fmt.Fprintf(&b, "%s=%q ", p.Key, p.Value)
	}
	fmt.Fprintf(&b, "after %d commands, %d sessions", s.applied, len(s.sessions))
	return b.String()
}
