package sim

import "fmt"

// Property is a claim about a run, checked from outside the processes after every handler and every fault.
type Property struct {
	Name  string
	Mode  Mode
	Check func(View) error // nil means that it holds now

	// Fresh makes the Check of a claim that remembers what it saw, such as which value was chosen at each place of a log:
	// one for each world, and one for each fork of it, which knows nothing of what came before. It stands instead of Check.
	Fresh func() func(View) error

	// OnChange says that the claim is about processes that are Versioned and about nothing else: it is checked only after a
	// step that changed the version of one, or after one that was about no node in particular. Most steps change none.
	OnChange bool

	// Ends says that the run ends, without having failed, at the step at which the claim first holds: Sometimes and
	// Eventually only. An Eventually property that has not held by then is Unseen.
	Ends bool
}

// Mode says when a Property is fulfilled.
type Mode uint8

// The modes of properties.
const (
	Always     Mode = iota // safety: holds at every step; the first step at which it does not ends the run
	Sometimes              // coverage: holds at some step of some run of a swarm; a swarm without one has tested nothing
	Eventually             // liveness: holds at some step of every run (LTL's diamond)
)

func (m Mode) String() string {
	switch m {
	case Always:
		return "always"
	case Sometimes:
		return "sometimes"
	case Eventually:
		return "eventually"
	}
	return fmt.Sprintf("mode(%d)", uint8(m))
}

// Verdict is how a run, or one property of it, ended.
type Verdict uint8

// The verdicts, in rising order of how bad they are. A run has the worst of its properties'.
const (
	Pass           Verdict = iota
	Unseen                 // a Sometimes property that did not hold in this run, or an Eventually one until the run was ended early (Property.Ends): no failure of the run
	Undecided              // a checker gave up within its budget
	LimitReached           // a limit ended the run before its time
	Liveness               // an Eventually property did not come true
	Violation              // an Always property fell
	Panicked               // a handler panicked, or misused its Env
	Nondeterminism         // two runs of one seed differed
)

var verdictNames = [...]string{"pass", "unseen", "undecided", "limit reached", "liveness", "violation", "panic", "nondeterminism"}

func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "verdict?"
}

// PropertyResult is how one property fared in a run.
type PropertyResult struct {
	Name    string
	Mode    Mode
	Verdict Verdict
	Detail  string // the error that Check returned: at the violation, or last
	Event   uint64 // the record after which it fell (Always) or first held
	Time    Time   // when
}

// View is the whole world, to look at but not to touch: for observers, properties and faults.
type View struct{ w *World }

// Now returns true time.
func (v View) Now() Time { return v.w.now }

// Seed returns the run's seed.
func (v View) Seed() uint64 { return v.w.cfg.Seed }

// Nodes returns the number of nodes.
func (v View) Nodes() int { return len(v.w.nodes) }

// Process returns the process on a node, without what is wrapped round it (Wrapper); nil while the node is down.
// Look, do not touch.
func (v View) Process(id NodeID) Process {
	if !v.Up(id) {
		return nil
	}
	p := v.w.nodes[id].proc
	for {
		w, ok := p.(Wrapper)
		if !ok {
			return p
		}
		p = w.Inner()
	}
}

// Up reports whether a node is up; a paused node is.
func (v View) Up(id NodeID) bool { return v.w.nodes[id].status&statusUp != 0 }

// Paused reports whether a node is paused.
func (v View) Paused(id NodeID) bool { return v.w.nodes[id].status&statusPaused != 0 }

// Incarnation counts the node's starts: 0 for the first, 1 after the first recovery.
func (v View) Incarnation(id NodeID) int { return int(v.w.nodes[id].incarnation) }

// Local returns what the node's monotonic clock shows.
func (v View) Local(id NodeID) Local { return v.w.local(id) }

// Wall returns what the node's wall clock shows.
func (v View) Wall(id NodeID) Local { return v.w.wall(id) }

// Touched returns, to a Check, the only node that changed since the last one: whose handler or write has ended. After a
// fault, which can change any number of nodes, it is Nobody. A Check that has seen all nodes once can go by it. Only an
// Action that recovers a node after it has done something to others has changed more by the end of that node's Init; the
// others' turn comes when the fault is over.
func (v View) Touched() NodeID { return v.w.touched }

// Durable returns what is durable on the node under key.
func (v View) Durable(id NodeID, key string) (value any, ok bool) { return v.w.durable(id, key) }

// Connected reports whether no cut separates from and to, in this direction.
func (v View) Connected(from, to NodeID) bool { return !v.w.severed(from, to) }

// Events returns the number of handlers and faults executed so far.
func (v View) Events() uint64 { return v.w.handlers }

// Records returns the number of records so far: the ID of the last Event.
func (v View) Records() uint64 { return v.w.records }

// Digest returns the digest so far.
func (v View) Digest() uint64 { return v.w.Digest() }

// Stats returns the counts so far.
func (v View) Stats() Stats { return v.w.stats() }
