package check

import (
	"fmt"

	"lightcone/sim"
)

// Kind says what an operation on a key does.
type Kind uint8

// The kinds of operations.
const (
	Get            Kind = iota // returns the value
	Put                        // sets the value
	Append                     // appends to the value; a missing one is empty
	CompareAndSwap             // sets the value if it is the expected one
	Delete                     // removes the key
)

var kindNames = [...]string{"get", "put", "append", "cas", "delete"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Writes reports whether operations of this kind can change the value.
func (k Kind) Writes() bool { return k != Get }

// Op is an operation on a key-value store. It is a plain value that can be compared.
type Op struct {
	Kind   Kind
	Key    string
	Value  string // Put, Append, CompareAndSwap: what is written
	Expect string // CompareAndSwap: the value that it must find; a missing key has none
}

// Result is what an operation returns. It is a plain value that can be compared.
type Result struct {
	Value   string // Get: the value; "" if there is none
	Found   bool   // Get, Delete: the key was there
	Swapped bool   // CompareAndSwap: it found what it expected
}

// Outcome is how a client's request ended, as far as the client knows.
type Outcome uint8

// The outcomes of a request. A request without a reply is unknown, not failed: it may have taken effect, and may still
// do so at any time after its invocation.
const (
	Unknown Outcome = iota // no reply that decides; the operation stays open for ever
	OK                     // it took effect, once, and returned Result
	Failed                 // it certainly took no effect and never will
)

var outcomeNames = [...]string{"unknown", "ok", "failed"}

func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("outcome(%d)", uint8(o))
}

// Operation is one request of a client: what was asked, when, and what came of it. Times are true times.
type Operation struct {
	ID      int // its place in the history, from 0
	Client  int // who asked; a client has at most one request at a time under way, unless it hedges or is open-loop
	Op      Op
	Outcome Outcome
	Result  Result   // OK
	Invoke  sim.Time // when the client asked
	Return  sim.Time // when it knew the outcome; sim.Never if Unknown
}

// History is the operations of a run in the order of their invocation; ties in the order of their IDs.
type History []Operation
