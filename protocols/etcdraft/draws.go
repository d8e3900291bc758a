package etcdraft

import (
	"crypto/rand" //det:ok raft draws its election timeouts from crypto/rand.Reader, which is put in the world's hands here
	"io"
	"runtime" //det:ok to tell raft's draws from those of others in the program
	"strings"
	"sync"        //det:ok worlds run in parallel, and share crypto/rand.Reader
	"sync/atomic" //det:ok others in the program read from it at any time

	"lightcone/sim"
)

// go.etcd.io/raft draws its election timeouts from crypto/rand.Reader: one variable of the program, and random each time.
// So that variable is made a source that hands raft the stream of the node whose handler runs, and everybody else what
// they had. That one must not be asked in vain: a draw of raft outside a handler panics.
var draws = install()

// source is the crypto/rand.Reader of a program with etcdraft in it.
type source struct {
	running sync.Mutex               // held by the handler that runs: raft cannot say for which node it draws
	stream  atomic.Pointer[sim.Rand] // of its node
	system  io.Reader                // what everybody else reads
}

func install() *source {
	s := &source{system: rand.Reader}
	rand.Reader = s //det:ok once, before main: worlds only ever see the stream of their own nodes
	return s
}

// lend lets raft draw from a node's stream until back is called. Other worlds wait for that long.
func (s *source) lend(r *sim.Rand) {
	s.running.Lock()
	s.stream.Store(r)
}

func (s *source) back() {
	s.stream.Store(nil)
	s.running.Unlock()
}

// Read fills b with random bytes: for raft, from the stream that is lent.
func (s *source) Read(b []byte) (int, error) {
	if !calledByRaft() {
		return s.system.Read(b)
	}
	r := s.stream.Load()
	if r == nil {
		panic("etcdraft: raft drew a random number outside a handler")
	}
	for i := range b {
		b[i] = byte(r.Uint64())
	}
	return len(b), nil
}

// calledByRaft reports whether the reader is raft's lockedRand, by way of rand.Int and io.ReadFull.
func calledByRaft() bool {
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "go.etcd.io/raft/v3.(*lockedRand)") {
			return true
		}
		if !more {
			return false
		}
	}
}
