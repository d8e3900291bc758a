package overload

import (
	"fmt"
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// Server is a kv.Server behind a queue.
type Server struct {
	Counts Counts

	cfg     Config
	inner   *kv.Server
	queue   queue
	workers []worker
	changed sim.Local // when the queue last became longer or shorter
}

// worker serves one request at a time.
type worker struct {
	busy  bool
	item  waiting
	takes time.Duration
}

// Counts are what a server did in this life.
type Counts struct {
	Came    int // requests
	Served  int // executed and answered
	Refused int // found a full queue
	Expired int // thrown away, because nobody waited for them any more

	Began  int           // requests whose service began
	Waited time.Duration // how long these waited, in all
	Area   time.Duration // the integral of the number waiting over time, up to the last change
	Worked time.Duration // how long the services that have ended took, in all
	Since  sim.Local     // when this life began
}

// New returns a server. The configurations must be ones that Validate accepts.
func New(c Config, store kv.ServerConfig) *Server {
	return &Server{cfg: c, inner: kv.NewServer(store), workers: make([]worker, c.Workers)}
}

// Waiting returns how many requests wait.
func (s *Server) Waiting() int { return s.queue.len() }

// Serving returns how many requests are being served.
func (s *Server) Serving() int {
	n := 0
	for i := range s.workers {
		if s.workers[i].busy {
			n++
		}
	}
	return n
}

// Workers returns how many requests can be served at once.
func (s *Server) Workers() int { return len(s.workers) }

// Store returns what the server has in memory. Look, do not touch.
func (s *Server) Store() *kv.Store { return s.inner.Store() }

// Init recovers what is durable. The queue is empty.
func (s *Server) Init(env *sim.Env) {
	s.changed, s.Counts.Since = env.Now(), env.Now()
	s.inner.Init(env)
}

// Receive lets a request wait for its turn.
func (s *Server) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	q, ok := m.(kv.Request)
	if !ok {
		s.inner.Receive(env, from, m)
		return
	}
	s.Counts.Came++
	idle := slices.IndexFunc(s.workers, func(w worker) bool { return !w.busy })
	if idle < 0 && s.full() {
		s.Counts.Refused++
		env.Send(from, kv.Reply{ID: q.ID, Status: kv.Unavailable})
		return
	}
	s.measure(env)
	s.queue.push(waiting{from, q, env.Now()})
	if idle >= 0 {
		s.next(env, idle)
	}
}

func (s *Server) full() bool {
	return s.cfg.Queue > 0 && s.queue.len() >= s.cfg.Queue && s.cfg.Bug != NoBound
}

// Timeout ends the service of a worker, which takes the next request.
func (s *Server) Timeout(env *sim.Env, tag any) {
	i := int(tag.(service))
	w := s.workers[i]
	s.workers[i] = worker{}
	s.Counts.Served++
	s.Counts.Worked += w.takes
	s.inner.Receive(env, w.item.from, w.item.ask)
	s.next(env, i)
}

// service is the tag of a timer: whose service ends.
type service int

func (w service) String() string { return fmt.Sprintf("worker %d", int(w)) }

// next gives a worker the next request that somebody waits for.
func (s *Server) next(env *sim.Env, i int) {
	s.measure(env)
	for s.queue.len() > 0 {
		x := s.queue.pop(s.cfg.Discipline)
		if !x.late(env.Now(), s.cfg.Patience) {
			s.serve(env, i, x)
			return
		}
		s.Counts.Expired++
		switch {
		case s.cfg.Bug == LostWorker:
			return
		case s.cfg.Bug == LostRequest && s.queue.len() > 0:
			s.queue.pop(s.cfg.Discipline)
		}
	}
}

func (s *Server) serve(env *sim.Env, i int, x waiting) {
	s.Counts.Began++
	s.Counts.Waited += env.Now().Sub(x.since)
	takes := s.cfg.draw(env.Rand())
	s.workers[i] = worker{true, x, takes}
	env.After(takes, service(i))
}

// measure adds to the integral of the queue's length what it was since the last change.
func (s *Server) measure(env *sim.Env) {
	now := env.Now()
	s.Counts.Area += time.Duration(s.queue.len()) * now.Sub(s.changed)
	s.changed = now
}

// Clone returns an independent copy.
func (s *Server) Clone() sim.Process {
	c := *s
	c.inner = s.inner.Clone().(*kv.Server)
	c.queue = s.queue.clone()
	c.workers = slices.Clone(s.workers)
	return &c
}

// Badge shows how long the queue is.
func (s *Server) Badge() (role, text string) {
	if n := s.queue.len(); n > 0 {
		return "server", fmt.Sprintf("%d wait", n)
	}
	if s.Serving() > 0 {
		return "server", "serves"
	}
	return "server", "idle"
}
