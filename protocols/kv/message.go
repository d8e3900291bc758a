package kv

import (
	"time"

	"lightcone/sim"
	"lightcone/sim/check"
)

// What clients ask and are told; package check, which judges it, has the words.
type (
	Op     = check.Op
	Result = check.Result
	Kind   = check.Kind
)

// Kinds of operations.
const (
	Get            = check.Get
	Put            = check.Put
	Append         = check.Append
	CompareAndSwap = check.CompareAndSwap
	Delete         = check.Delete
)

// Token names one operation of one session, so that a store executes it once however often it is asked (an idempotency
// token). The zero Token is none.
type Token struct {
	Session uint64 // as a registration returned it (Reply.Session); 0 for none
	Serial  uint64 // 1, 2, ... within the session
}

// Command is what a replicated log holds: an operation with its token, or the registration of a session.
type Command struct {
	Token    Token
	Op       Op
	Register bool       // opens a session; Token and Op are zero
	Time     sim.Local  // what the clock of the node that ordered it showed: the only time by which sessions expire
	Client   sim.NodeID // whom to answer,
	Request  uint64     // and about which of its requests
}

// Message is what clients and servers send each other: a Request or a Reply. A protocol's own messages are others.
type Message interface{ kv() }

// Request asks a server for an operation. A client repeats it, to the same server or another, with the same ID.
type Request struct {
	ID       uint64 // the client's number for it, from 1; an attempt again has the same
	Token    Token
	Op       Op
	Register bool // opens a session instead

	// Within is how long the client waits for the answer to this attempt; 0 if it does not say (ClientConfig.Propagate). A
	// server need not serve what nobody waits for.
	Within time.Duration
}

// Reply answers a Request.
type Reply struct {
	ID      uint64 // of the Request
	Status  Status
	Result  Result     // OK
	Session uint64     // OK, of a registration: the new session
	Leader  sim.NodeID // NotLeader: whom to ask instead; sim.Nobody if the server does not know
}

func (Request) kv() {}
func (Reply) kv()   {}

// Size is the size of a request on the wire, in bytes.
func (m Request) Size() int { return 64 + len(m.Op.Key) + len(m.Op.Value) + len(m.Op.Expect) }

// Size is the size of a reply on the wire, in bytes.
func (m Reply) Size() int { return 64 + len(m.Result.Value) }

// Status is how a server answers a Request.
type Status uint8

// The answers of servers.
const (
	OK          Status = iota // executed, once, with Result
	NotLeader                 // this attempt was not executed and will not be: ask Leader
	Unavailable               // this attempt was not executed and will not be: the server cannot serve now
	Uncertain                 // this attempt may have been executed, or may still be: the server gave up on it
	Expired                   // the session is not known (any more): nothing was executed now, but an earlier attempt may have been
)

var statusNames = [...]string{"ok", "not leader", "unavailable", "uncertain", "expired"}

func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return "status?"
}
