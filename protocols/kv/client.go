package kv

import (
	"time"

	"lightcone/sim"
	"lightcone/sim/check"
)

// Invoked is the note that a client makes when it asks for something, and Returned when it knows what came of it: by them
// a Recorder makes the run's history.
type (
	Invoked struct {
		ID uint64 // the client's number for the operation, from 1
		Op Op
	}
	Returned struct {
		ID      uint64
		Outcome check.Outcome
		Result  Result
	}
)

// Workload says what a client asks for, and when. It is a value without mutable state: all that changes is n and r.
type Workload interface {
	// Next returns what to ask for the n-th time, from 0; ok false ends the client's work. r is the client's own stream.
	Next(n uint64, r *sim.Rand) (ask Ask, ok bool)
}

// Ask is one thing to ask for. The client makes up the value to write, which no other operation of the run writes.
type Ask struct {
	Wait time.Duration // on the client's clock, since it last asked if Open, else since it last had an answer or gave up
	Open bool          // open loop: ask whether or not the answer to the last is there
	Kind Kind
	Key  string
}

// Retrier says how long to wait before asking again. It is a value without mutable state.
type Retrier interface {
	// Next returns the wait before attempt (from 2), given the one before it (0 at attempt 2); ok false gives up.
	Next(attempt int, last time.Duration, r *sim.Rand) (wait time.Duration, ok bool)
}

// ClientConfig describes a client.
type ClientConfig struct {
	Servers  int           // the servers are nodes 0 to Servers-1
	Workload Workload      // what it asks for
	Timeout  time.Duration // how long it waits for the reply to one attempt, on its own clock
	Deadline time.Duration // how long it waits for an operation; then its outcome is unknown. 0: for ever
	Retry    Retrier       // nil: one attempt
	Hedge    time.Duration // asks a second server too if the first has not answered within this; 0: never
	Tokens   bool          // registers a session, and sends a Token with every operation
	Sticky   bool          // goes on asking the server that answered last; else a random one each time
}
