package sim

import (
	"strconv"
	"time"
)

// Time is true simulated time in nanoseconds since the start of the run. Observers, checkers and models see it;
// processes never do.
type Time int64

// Local is what one node's own clock shows, in nanoseconds. It is all that a process ever sees of time.
type Local int64

// Never is later than every event.
const Never Time = 1<<63 - 1

func (t Time) String() string  { return time.Duration(t).String() }
func (t Local) String() string { return time.Duration(t).String() }

// Add returns t + d, at most Never.
func (t Time) Add(d time.Duration) Time {
	if s := t + Time(d); d < 0 || s >= t {
		return s
	}
	return Never
}

// Sub returns t - u.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// Sub returns t - u.
func (t Local) Sub(u Local) time.Duration { return time.Duration(t - u) }

// NodeID names a node: 0, 1, ..., Config.Nodes-1.
type NodeID int32

// Nobody is the node of an event that happens to no node in particular, such as a partition.
const Nobody NodeID = -1

func (id NodeID) String() string { return "n" + strconv.Itoa(int(id)) }

// Message is what nodes send each other: an immutable value. Nobody changes it, or anything it points to, after
// Send; strict mode (Config.Strict) reports who does.
type Message any

// Words is a message that travels without being boxed in an interface: the way to send millions of small messages
// without one allocation. See Env.SendWords and WordReceiver.
type Words struct{ A, B, C uint64 }

// Process is the code of one node: a deterministic state machine. The world calls one handler at a time, each runs to
// completion, and all it can do to the outside goes through its Env, which must not be kept.
type Process interface {
	// Init starts the process: at the beginning and, on a fresh value from the factory, at every recovery.
	// Env.Incarnation tells which; Env.Recall returns what survived.
	Init(env *Env)
	// Receive handles a message. A process panics on a type it does not know: that is a bug, not an event.
	Receive(env *Env, from NodeID, m Message)
	// Timeout handles a timer set with Env.After, which returns as its tag.
	Timeout(env *Env, tag any)
}

// Cloner is what a process implements to be forked: Fork, time travel and model checking need it. The clone shares no
// mutable state with the original.
type Cloner interface{ Clone() Process }

// Wrapper is a process that adds something to another and hands on the rest, as a clock synchronisation does.
// View.Process returns the one inside.
type Wrapper interface{ Inner() Process }

// Versioned is what a process implements whose state is judged from outside at every step (Property.OnChange): Version
// changes whenever anything that may be judged has changed.
type Versioned interface{ Version() uint64 }

// Badger is what a process implements to be labelled on pictures: a role of one word ("leader") and a short text
// ("term 7").
type Badger interface{ Badge() (role, text string) }

// WordReceiver is what a process implements to receive unboxed Words; without it they arrive at Receive as a Words.
type WordReceiver interface {
	ReceiveWords(env *Env, from NodeID, w Words)
}

// Sizer is what a message implements to have a size in bytes, for networks with a bandwidth. Others count as
// DefaultSize.
type Sizer interface{ Size() int }

// DefaultSize is the size in bytes of a message that does not implement Sizer.
const DefaultSize = 100

// SizeOf returns the size of m in bytes.
func SizeOf(m Message) int {
	if s, ok := m.(Sizer); ok {
		return s.Size()
	}
	return DefaultSize
}

// MessageName names one message of a run: the K-th (from 1) that From sent to To. Edits elsewhere in the run leave it
// as it is.
type MessageName struct {
	From, To NodeID
	K        uint64
}

func (m MessageName) String() string {
	return m.From.String() + "->" + m.To.String() + "#" + strconv.FormatUint(m.K, 10)
}
