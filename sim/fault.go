package sim

import (
	"fmt"
	"strings"
	"time"
)

// Fault is a source of interventions. The world asks it for the next one at the start and again after each one it
// applied; ok false ends it. at must not be before now. All its randomness comes from r, a stream of its own (seed,
// index of the fault in Config.Faults). A fault with mutable state also implements FaultCloner.
type Fault interface {
	Next(now Time, v View, r *Rand) (at Time, act Action, ok bool)
}

// FaultCloner is a Fault with mutable state. The world clones it at New and at Fork.
type FaultCloner interface{ CloneFault() Fault }

// Action is one intervention, as data: it prints, and it acts through the Control that it is given. Acting on a node
// that is already in the wanted state does nothing.
type Action interface {
	Apply(c *Control)
	String() string
}

// Crash takes a node down: its volatile state and timers are gone, writes in flight meet the fate that the Disk
// decides.
type Crash struct{ Node NodeID }

// CrashDuring arms a crash inside the node's next handler that has at least one effect: the first After effects
// (sends, writes, notes) happen, the rest do not. After 0 crashes it before the first.
type CrashDuring struct {
	Node  NodeID
	After int
}

// Recover starts a crashed node again, with a fresh process and the durable state.
type Recover struct{ Node NodeID }

// Pause stops a node with its state kept, as a long garbage collection or a stopped virtual machine does; what
// arrives and what falls due waits.
type Pause struct{ Node NodeID }

// Resume lets a paused node go on; what waited is handled at once, in order.
type Resume struct{ Node NodeID }

// Cut is a partition: messages between the nodes of From and those of To are lost, in both directions unless OneWay
// (then only those from From to To). Messages on the way when it begins are lost if it still holds when they would
// arrive. Several cuts may hold at once.
type Cut struct {
	Name     string
	From, To []NodeID
	OneWay   bool
}

// Heal ends the cut of that name, or the lie; an empty name ends all.
type Heal struct{ Name string }

// StepWall steps a node's wall clock; its monotonic clock and its timers do not notice.
type StepWall struct {
	Node NodeID
	By   time.Duration
}

func (a Crash) Apply(c *Control)       { c.Crash(a.Node) }
func (a CrashDuring) Apply(c *Control) { c.CrashDuring(a.Node, a.After) }
func (a Recover) Apply(c *Control)     { c.Recover(a.Node) }
func (a Pause) Apply(c *Control)       { c.Pause(a.Node) }
func (a Resume) Apply(c *Control)      { c.Resume(a.Node) }
func (a Cut) Apply(c *Control)         { c.Cut(a) }
func (a Heal) Apply(c *Control)        { c.Heal(a.Name) }
func (a StepWall) Apply(c *Control)    { c.StepWall(a.Node, a.By) }

func (a Crash) String() string       { return "crash " + a.Node.String() }
func (a CrashDuring) String() string { return fmt.Sprintf("crash %v after effect %d", a.Node, a.After) }
func (a Recover) String() string     { return "recover " + a.Node.String() }
func (a Pause) String() string       { return "pause " + a.Node.String() }
func (a Resume) String() string      { return "resume " + a.Node.String() }
func (a Heal) String() string        { return strings.TrimSpace("heal " + a.Name) }
func (a StepWall) String() string    { return fmt.Sprintf("step wall clock of %v by %v", a.Node, a.By) }
func (a Cut) String() string {
	arrow := "|"
	if a.OneWay {
		arrow = "-/>"
	}
	return fmt.Sprintf("cut %s %s %s %s", a.Name, nodeList(a.From), arrow, nodeList(a.To))
}

func nodeList(ids []NodeID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = id.String()
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// At is one action at a stated time.
type At struct {
	Time   Time
	Action Action
}

// Schedule is the plainest fault: a list of actions, applied in order. Times must not decrease.
type Schedule []At

// scheduleRun is a Schedule under way.
type scheduleRun struct {
	list Schedule
	next int
}

// Next is never called: the world runs a Schedule through its clone, which knows how far it is.
func (s Schedule) Next(now Time, v View, r *Rand) (Time, Action, bool) {
	panic("sim: Schedule used outside a world")
}

// CloneFault returns the schedule, to be run from its beginning.
func (s Schedule) CloneFault() Fault { return &scheduleRun{list: s} }

func (s *scheduleRun) Next(now Time, _ View, _ *Rand) (Time, Action, bool) {
	if s.next == len(s.list) {
		return 0, nil, false
	}
	a := s.list[s.next]
	s.next++
	return a.Time, a.Action, true
}

func (s *scheduleRun) CloneFault() Fault { c := *s; return &c }
