package kv

import (
	"fmt"
	"strconv"

	"lightcone/sim"
)

// record is what is durable of a command.
type record struct {
	Life    int // of the server that wrote it
	Command Command
}

// snapshot is what is durable of all commands up to a record.
type snapshot struct {
	Life  int
	Last  uint64
	Store *Store
}

// saved tells the server that its snapshot is durable: a message that it sends itself.
type saved struct{ Last uint64 }

func (r record) String() string { return fmt.Sprintf("%v, by life %d", r.Command, r.Life) }
func (s snapshot) String() string {
	return fmt.Sprintf("%v, up to record %d, by life %d", s.Store, s.Last, s.Life)
}

func recordKey(n uint64) string   { return "record " + strconv.FormatUint(n, 10) }
func snapshotKey(n uint64) string { return "snapshot " + strconv.FormatUint(n%2, 10) }

// write appends a command to the log.
func (s *Server) write(env *sim.Env, c Command) {
	s.last++
	env.Persist(recordKey(s.last), record{s.life, c})
}

// snapshot writes the state in the stead of the records that made it. A torn write takes what was under its key, so
// snapshots alternate between two keys, and the next does not begin before the last is durable.
func (s *Server) snapshot(env *sim.Env) {
	if s.cfg.Snapshot == 0 || s.saving || s.last-s.saved < uint64(s.cfg.Snapshot) {
		return
	}
	s.snapshots++
	s.saving, s.saved = true, s.last
	env.Persist(snapshotKey(s.snapshots), snapshot{s.life, s.last, s.store.Clone()})
	if s.cfg.Bug == TrimEarly {
		s.trim(env)
	}
	env.Send(env.ID(), saved{s.last})
}

func (s *Server) onSaved(env *sim.Env, m saved) {
	s.saving = false
	s.trim(env)
}

// trim removes the records that the latest snapshot covers.
func (s *Server) trim(env *sim.Env) {
	for ; s.trimmed < s.saved; s.trimmed++ {
		env.Persist(recordKey(s.trimmed+1), nil)
	}
}

// recover executes the log again, from the latest snapshot. The log ends where a record is missing or torn. Those
// beyond, which the crash left, are of an earlier life than what is written in their stead or before them later: the
// lives of records never decrease.
func (s *Server) recover(env *sim.Env) {
	life := 0
	for i := range uint64(2) {
		v, _ := env.Recall(snapshotKey(i))
		if snap, ok := v.(snapshot); ok && snap.Last > s.last { // else nothing, or a sim.Torn
			life, s.last, s.store, s.snapshots = snap.Life, snap.Last, snap.Store.Clone(), i
		}
	}
	s.saved, s.trimmed = s.last, s.last
	for {
		v, _ := env.Recall(recordKey(s.last + 1))
		r, ok := v.(record)
		if !ok || r.Life < life {
			break
		}
		s.enter(&life, r.Life)
		s.last++
		s.Executed++
		s.store.Apply(r.Command)
	}
	s.enter(&life, s.life)
}

// enter goes from one life to the next.
func (s *Server) enter(life *int, next int) {
	if s.cfg.Bug == VolatileSessions && *life != next {
		s.store = s.store.CloneWithoutSessions()
	}
	*life = next
}
