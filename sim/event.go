package sim

// Event is one record of what happened in a run. Records are numbered 1, 2, ... in the order in which they happened,
// whether anybody observes them or not. An Event passed to an Observer is valid only during the call: copy the struct
// to keep it.
type Event struct {
	ID    uint64 // the record's number; a BadgeSet has that of the record it follows
	Time  Time   // true time
	Kind  Kind
	Node  NodeID // whose lane it is on; Nobody for Drop, CutMade, CutHealed and Custom ones
	Local Local  // what Node's monotonic clock showed; 0 for Nobody
	Wall  Local  // what Node's wall clock showed; 0 for Nobody

	From, To NodeID // Send, Deliver, Drop: the message's ends; else Nobody
	K        uint64 // Send, Deliver, Drop: its number on its link
	Copy     uint8  // Deliver, Drop: 0 for the message itself, 1, 2, ... for its duplicates
	Cause    Cause  // Drop: why
	At       Time   // Drop: when the copy died (on the way: after Time); TimerSet: when it is due; else Time

	// Link is the record that this one comes from: its Send, for Deliver and Drop; its TimerSet, for Timeout and
	// TimerStopped; its Persist, for Durable and WriteLost; 0 for none.
	Link uint64

	Value any       // the message, timer tag, note or persisted value
	Text  string    // the key of a write, the name of a cut, the text of a badge, what a Custom one says
	Role  string    // BadgeSet: the role
	Cut   *Cut      // CutMade
	Step  Local     // WallStepped: by how much
	Fate  WriteFate // WriteLost: what became of it
}

// Name returns the name of the message of a Send, Deliver or Drop.
func (e *Event) Name() MessageName { return MessageName{e.From, e.To, e.K} }

// Kind says what an Event is.
type Kind uint8

// The kinds of events. Init, Deliver and Timeout are handlers: the effects of a handler (Send, Persist, TimerSet,
// Note, ...) follow it on its lane.
const (
	Init         Kind = 1 + iota // a process started or restarted
	Deliver                      // a message arrived and was handled
	Timeout                      // a timer fired and was handled
	Send                         // a message left (after the writes it waited for)
	Drop                         // a copy of a message was lost
	TimerSet                     // a timer was armed or re-armed
	TimerStopped                 // a timer was cancelled
	Persist                      // a write was issued
	Durable                      // a write is now durable
	WriteLost                    // a crash lost or tore a write in flight
	Note                         // the process says something
	BadgeSet                     // the process changed its role or text (Badger)
	Crashed                      // a node went down; volatile state is gone
	Recovered                    // a node came up; Init follows
	Paused                       // a node stopped executing, with its state
	Resumed                      // it goes on
	CutMade                      // a partition began
	CutHealed                    // it ended
	WallStepped                  // a wall clock was stepped
	Custom                       // an Action of a model outside the engine said what it did (Control.Record)
)

var kindNames = [...]string{"", "init", "deliver", "timeout", "send", "drop", "timer-set", "timer-stopped", "persist", "durable",
	"write-lost", "note", "badge", "crash", "recover", "pause", "resume", "cut", "heal", "wall-step", "custom"}

func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind?"
}

// Handler reports whether events of this kind run a handler of the process.
func (k Kind) Handler() bool { return k >= Init && k <= Timeout }

// Fault reports whether events of this kind are interventions from outside the protocol, or losses.
func (k Kind) Fault() bool { return k == Drop || k == WriteLost || k >= Crashed }

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, bool) {
	for i, s := range kindNames {
		if i > 0 && s == name {
			return Kind(i), true
		}
	}
	return 0, false
}

// ParseCause returns the cause of that name.
func ParseCause(name string) (Cause, bool) {
	for i, s := range causeNames {
		if s == name {
			return Cause(i), true
		}
	}
	return 0, false
}

// Observer sees every event of a run, in order: traces, statistics, pictures. It cannot act, and a run is the same
// with and without it. The event is the observer's until Observe returns: who keeps it keeps a copy.
type Observer interface{ Observe(*Event) }

// Chooser is an Observer that wants only some kinds of events, and is spared the others. It is asked once for each kind.
// When nobody wants the badges, none are made.
type Chooser interface{ Wants(Kind) bool }

// ObserverFunc is a function as an Observer.
type ObserverFunc func(*Event)

// Observe calls f.
func (f ObserverFunc) Observe(e *Event) { f(e) }
