package kv

import (
	"slices"
	"sort"

	"lightcone/sim"
)

// session remembers the last operation of a client (Ongaro, Consensus: Bridging Theory and Practice, 2014, section
// 6.3). A client has one operation at a time under way in it, so that the last is enough.
type session struct {
	number  uint64
	client  sim.NodeID // who registered it,
	request uint64     // and by which request
	serial  uint64     // of the last operation; 0 before the first
	result  Result     // of that operation
	used    sim.Local  // when it last served
	print   uint64     // a hash of all this
}

// register opens a session. A second copy of a registration finds the session that the first one opened.
func (s *Store) register(client sim.NodeID, request uint64) uint64 {
	s.sweep()
	for i := range s.sessions {
		if k := &s.sessions[i]; k.client == client && k.request == request {
			return k.number
		}
	}
	s.sessions = append(s.sessions, session{number: s.applied, client: client, request: request})
	s.use(&s.sessions[len(s.sessions)-1], 0, Result{})
	return s.applied
}

// session returns a session, nil if it is not known.
func (s *Store) session(number uint64) *session {
	i := s.place(number)
	if i == len(s.sessions) || s.sessions[i].number != number {
		return nil
	}
	return &s.sessions[i]
}

// place is where the session of that number is, or would be.
func (s *Store) place(number uint64) int {
	return sort.Search(len(s.sessions), func(i int) bool { return s.sessions[i].number >= number })
}

// adopt opens a session under a number that somebody else gave it.
func (s *Store) adopt(number uint64, client sim.NodeID) *session {
	i := s.place(number)
	s.sessions = slices.Insert(s.sessions, i, session{number: number, client: client, used: s.now})
	return &s.sessions[i]
}

// use takes down the last operation of a session.
func (s *Store) use(k *session, serial uint64, result Result) {
	s.sum -= k.print
	k.serial, k.result, k.used = serial, result, s.now
	k.print = hash(forSession).word(k.number).word(uint64(k.client)).word(k.request).word(serial).result(result).word(uint64(k.used)).end()
	s.sum += k.print
}

// expired reports whether a session is too long unused, by the time that commands carry and nothing else: so every
// replica expires it at the same command.
func (s *Store) expired(k *session) bool { return s.expiry > 0 && s.now.Sub(k.used) > s.expiry }

// sweep forgets the sessions that have expired.
func (s *Store) sweep() {
	s.sessions = slices.DeleteFunc(s.sessions, func(k session) bool {
		if s.expired(&k) {
			s.sum -= k.print
			return true
		}
		return false
	})
}

// Answer returns the result of the operation with this token, if it was the last of its session: a server that is asked
// again need not order it again.
func (s *Store) Answer(t Token) (Result, bool) {
	if k := s.session(t.Session); k != nil && k.serial == t.Serial && t.Serial > 0 {
		return k.result, true
	}
	return Result{}, false
}
