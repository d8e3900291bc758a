package trace

import (
	"fmt"
	"slices"

	"lightcone/sim"
)

// Version is the version of the trace format that this package writes, and the only one that it reads.
const Version = 1

// Trace is a recorded run: what it was, and what happened, in order.
type Trace struct {
	Header Header
	Events []Event // IDs rise strictly, but for a BadgeSet, which has that of the record it follows; times never fall
}

// Header says what run a trace records, and how much of it.
type Header struct {
	Scenario string   // the scenario's name or file, "" if there is none
	Title    string   // one line for people, "" if there is none
	Seed     uint64   // names the run's random choices
	Nodes    int      // how many; nodes are 0 to Nodes-1, and each is a lane of a picture
	Lanes    []string // what to call each node beside its number, such as its region; nil, or one a node
	Level    Level    // what was recorded

	// What follows is known when the run is over; in a file it stands on the last line.

	End        sim.Time // when the run ended: at or after the last event
	Digest     string   // the run's digest in hexadecimal, "" if unknown
	LeftBefore uint64   // events left out before the first one here: not observed, or pushed out of a ring buffer
	LeftAfter  uint64   // events left out after the last one here: a limit was reached
	Limit      string   // the limit that was reached ("events" or "bytes"), "" for none
}

// Complete reports whether the trace holds every event of the run.
func (h *Header) Complete() bool { return h.Level == Full && h.LeftBefore == 0 && h.LeftAfter == 0 }

// Lane returns what to call a node: its number, and its name if it has one ("n2 eu-west-1").
func (h *Header) Lane(id sim.NodeID) string {
	if id >= 0 && int(id) < len(h.Lanes) && h.Lanes[id] != "" {
		return id.String() + " " + h.Lanes[id]
	}
	return id.String()
}

// Event is a sim.Event as plain data that survives a file. Its fields mean what those of sim.Event do.
type Event struct {
	ID    uint64     // the record's number; a BadgeSet has that of the record it follows
	Time  sim.Time   // true time
	Kind  sim.Kind   //
	Node  sim.NodeID // whose lane it is on, sim.Nobody for none
	Local sim.Local  // what the node's monotonic clock showed
	Wall  sim.Local  // what its wall clock showed

	From, To sim.NodeID // Send, Deliver, Drop: the message's ends; else sim.Nobody
	K        uint64     // Send, Deliver, Drop: its number on its link, from 1
	Copy     uint8      // Deliver, Drop: 0 for the message itself, 1, 2, ... for its duplicates
	Cause    sim.Cause  // Drop: why
	At       sim.Time   // Drop: when the copy died; TimerSet: when it is due; else Time
	Link     uint64     // the ID of the record that this one comes from, 0 for none (see sim.Event)

	Value Value         // the message, timer tag, note or persisted value
	Text  string        // the key of a write, the name of a cut, the text of a badge, what a Custom one says
	Role  string        // BadgeSet: the role
	Cut   *sim.Cut      // CutMade
	Step  sim.Local     // WallStepped: by how much
	Fate  sim.WriteFate // WriteLost: what became of it
}

// Name returns the name of the message of a Send, Deliver or Drop.
func (e *Event) Name() sim.MessageName { return sim.MessageName{From: e.From, To: e.To, K: e.K} }

// Message reports whether the event is a Send, Deliver or Drop.
func (e *Event) Message() bool {
	return e.Kind == sim.Send || e.Kind == sim.Deliver || e.Kind == sim.Drop
}

// Value is a message, timer tag, note or persisted value in words: the same words in every run.
type Value struct {
	Type string // its Go type, "pingpong.Ping"; "" for no value at all
	Text string // for people: its String method if it has one, else its fields
	JSON string // its JSON, if the Recorder was told to keep it and it has one; else ""
}

// IsZero reports whether there is no value.
func (v Value) IsZero() bool { return v == Value{} }

func (v Value) String() string { return v.Text }

// Level says how much of a run is recorded.
type Level uint8

// The levels of recording.
const (
	Full     Level = iota // every event
	Messages              // handlers, messages, notes, roles and faults: no timers being set, no writes
	Faults                // starts, roles and faults, lost messages among them: no message that arrived
)

var levelNames = [...]string{"full", "messages", "faults"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("level(%d)", uint8(l))
}

// ParseLevel returns the level of that name: full, messages or faults.
func ParseLevel(name string) (Level, bool) {
	i := slices.Index(levelNames[:], name)
	return Level(max(i, 0)), i >= 0
}

// Records reports whether events of a kind are recorded at this level.
func (l Level) Records(k sim.Kind) bool {
	switch k {
	case sim.TimerSet, sim.TimerStopped, sim.Persist, sim.Durable:
		return l == Full
	case sim.Send, sim.Deliver, sim.Timeout, sim.Note:
		return l <= Messages
	}
	return true
}

// Index returns the place in Events of the record with that ID (of a BadgeSet's twin, the record it follows), and
// whether there is one.
func (t *Trace) Index(id uint64) (int, bool) {
	return slices.BinarySearchFunc(t.Events, id, func(e Event, id uint64) int {
		switch {
		case e.ID < id:
			return -1
		case e.ID > id:
			return 1
		}
		return 0
	})
}

// Cause returns the place in Events of the record that event i comes from (its Link), -1 for none.
func (t *Trace) Cause(i int) int {
	link := t.Events[i].Link
	if link == 0 {
		return -1
	}
	if j, ok := t.Index(link); ok {
		return j
	}
	return -1
}
