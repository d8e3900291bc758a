package kv

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lightcone/sim"
)

// Bug is a fault of implementation that a Server can have on purpose.
type Bug string

// The bugs of a Server. All are caught by the check "linearizable" on what clients saw.
const (
	// VolatileSessions keeps the table of sessions in memory only, and takes a session that it does not know for a new one.
	// After a restart an operation whose reply was lost takes effect a second time when it is asked for again. (Birrell and
	// Nelson, Implementing Remote Procedure Calls, TOCS 2(1), 1984, give each export an identifier of its own, which a crash
	// makes invalid, so that calls of before are refused.)
	VolatileSessions Bug = "volatile-sessions"
	// NoDedup ignores tokens: every copy of a request is executed (at-least-once semantics).
	NoDedup Bug = "no-dedup"
	// ReplyBeforeDurable answers before the record is on the disk: a crash loses what was acknowledged.
	ReplyBeforeDurable Bug = "reply-before-durable"
	// DirtyRead answers a get from memory at once: somebody saw a write that a crash then takes back.
	DirtyRead Bug = "dirty-read"
	// TrimEarly removes the records that a snapshot covers before the snapshot is on the disk: a crash in between loses both.
	TrimEarly Bug = "trim-early"
)

// Bugs returns all bugs of a Server.
func Bugs() []Bug { return []Bug{VolatileSessions, NoDedup, ReplyBeforeDurable, DirtyRead, TrimEarly} }

// ServerConfig describes a Server.
type ServerConfig struct {
	Expiry   time.Duration // of sessions, by the server's clock; 0: never
	Snapshot int           // how many records it writes before it writes a snapshot in their stead; 0: it never does
	Bug      Bug           // "": none
}

// Validate reports what is wrong with the configuration: all of it.
func (c ServerConfig) Validate() error {
	var errs []error
	if c.Expiry < 0 {
		errs = append(errs, fmt.Errorf("kv: ServerConfig.Expiry is %v, want 0 (never) or more", c.Expiry))
	}
	if c.Snapshot < 0 {
		errs = append(errs, fmt.Errorf("kv: ServerConfig.Snapshot is %d, want 0 (never) or more", c.Snapshot))
	}
	if c.Bug != "" && !slices.Contains(Bugs(), c.Bug) {
		errs = append(errs, fmt.Errorf("kv: ServerConfig.Bug is %q, want none or one of %v", c.Bug, strings.Trim(fmt.Sprint(Bugs()), "[]")))
	}
	return errors.Join(errs...)
}

// Server is a store on one node. It executes every command, reads included, by writing it to its log: the answer leaves
// when the record is durable, and so nobody hears of what a crash can take back. After a crash it executes its log
// again, from the last snapshot.
type Server struct {
	Executed uint64 // commands executed in this life, those of the log included

	cfg       ServerConfig
	store     *Store
	life      int    // the node's incarnation
	last      uint64 // the last record
	trimmed   uint64 // the records up to here are removed
	snapshots uint64 // written so far; they alternate between two keys
	saved     uint64 // the record up to which the latest snapshot goes
	saving    bool   // it is not durable yet
}

// NewServer returns a server. The configuration must be one that Validate accepts.
func NewServer(cfg ServerConfig) *Server { return &Server{cfg: cfg, store: NewStore(cfg.Expiry)} }

// Store returns what the server has in memory. Look, do not touch.
func (s *Server) Store() *Store { return s.store }

// Init recovers what is durable.
func (s *Server) Init(env *sim.Env) {
	s.life = env.Incarnation()
	s.recover(env)
}

// Receive handles a message.
func (s *Server) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Request:
		s.onRequest(env, from, m)
	case saved:
		s.onSaved(env, m)
	default:
		panic(fmt.Sprintf("kv: server got a %T, want a Request", m))
	}
}

// Timeout is never called: a server only answers.
func (s *Server) Timeout(*sim.Env, any) {}

func (s *Server) onRequest(env *sim.Env, from sim.NodeID, q Request) {
	if s.cfg.Bug == DirtyRead && q.Op.Kind == Get && !q.Register {
		env.Send(from, Reply{ID: q.ID, Result: s.store.Get(q.Op.Key)})
		return
	}
	c := Command{Token: q.Token, Op: q.Op, Register: q.Register, Time: env.Now(), Client: from, Request: q.ID}
	if s.cfg.Bug == NoDedup {
		c.Token = Token{}
	}
	s.Executed++
	reply := s.store.Apply(c)
	if s.cfg.Bug == ReplyBeforeDurable {
		env.Send(from, reply)
		s.write(env, c)
	} else {
		s.write(env, c)
		env.Send(from, reply)
	}
	s.snapshot(env)
}

// Clone returns an independent copy.
func (s *Server) Clone() sim.Process {
	c := *s
	c.store = s.store.Clone()
	return &c
}

// Badge shows how much the server executed.
func (s *Server) Badge() (role, text string) {
	return "server", fmt.Sprintf("%d commands", s.store.Applied())
}

func (s *Server) String() string { return s.store.String() }

// Properties returns what must hold of a server in a run with clients: that it executed something, without which nothing
// was tested. What clients saw is judged by their history.
func Properties() []sim.Property {
	return []sim.Property{{Name: "an operation took effect", Mode: sim.Sometimes, Check: func(v sim.View) error {
		if s, ok := v.Process(0).(*Server); ok && s.Executed > 0 {
			return nil
		}
		return errors.New("the server has executed nothing")
	}}}
}
