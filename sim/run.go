package sim

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// Result is what a run came to.
type Result struct {
	Seed       uint64
	Digest     uint64 // a hash of all that happened, in order: equal for equal runs, on every platform
	Content    uint64 // strict mode: a hash of the contents of messages, notes and persisted values; else 0
	Events     uint64 // handlers and faults executed
	Records    uint64 // records numbered (Event.ID)
	Now        Time   // when it ended
	Verdict    Verdict
	Err        error // an *Error, or nil
	Properties []PropertyResult
	Stats      Stats
}

// Failed reports whether the verdict is a failure: anything but Pass and Unseen.
func (r *Result) Failed() bool { return r.Verdict > Unseen }

// Stats counts what happened. Sent + Duplicated = Delivered + all Dropped + InFlight, always.
type Stats struct {
	Sent       uint64 // messages that left a node
	Duplicated uint64 // extra copies that the network made
	Delivered  uint64 // copies handled
	InFlight   uint64 // copies on their way, or held back by a paused receiver
	Unsent     uint64 // messages that waited for a write when their sender crashed
	Timeouts   uint64 // timers handled
	Writes     uint64 // writes issued
	Crashes    uint64
	Dropped    [Edited + 1]uint64 // copies lost, by Cause
}

// Lost returns the number of copies lost for any cause.
func (s *Stats) Lost() uint64 {
	var n uint64
	for _, d := range s.Dropped {
		n += d
	}
	return n
}

func (w *World) stats() Stats {
	s := w.count
	s.InFlight = s.Sent + s.Duplicated - s.Delivered - s.Lost()
	return s
}

// Error is how a run failed: a handler that panicked, a rule that a process broke, a property that fell, a limit.
type Error struct {
	Verdict Verdict
	Seed    uint64
	Digest  uint64
	Event   uint64 // the last record before it
	Time    Time
	Node    NodeID // whose handler it was; Nobody if none
	What    string // what happened
	Cause   error  // the property's error or the value of the panic, if it is one
	Stack   string // of a panic: the handler's part
	Replay  string // the command that repeats the run, if known
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sim: %s", e.What)
	if e.Node != Nobody {
		fmt.Fprintf(&b, " on %v", e.Node)
	}
	fmt.Fprintf(&b, " at %v (event %d, seed %d, digest %016x)", e.Time, e.Event, e.Seed, e.Digest)
	if e.Replay != "" {
		fmt.Fprintf(&b, "\nreplay: %s", e.Replay)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Run runs the world to its end, Config.Until or when nothing is left to happen, closes it, and returns what it came
// to. The error of a failed run is in the result.
func (w *World) Run() *Result {
	until := w.cfg.Until
	if until == 0 {
		until = Never - 1
	}
	w.RunUntil(until)
	w.Close()
	return w.Result()
}

// RunUntil runs the world up to and including time t and moves its time there, unless it ends before or, for t
// Never-1, has nothing left.
func (w *World) RunUntil(t Time) error {
	if w.err == nil && !w.over && !w.closed && t >= w.now {
		w.loop(t, ^uint64(0))
	}
	if w.err != nil {
		return w.err
	}
	if t > w.now && t < Never-1 && !w.over {
		w.now, w.instant = t, 0
	}
	return nil
}

// Step executes the next event, and reports whether there was one. Until is not looked at.
func (w *World) Step() bool { return w.Steps(1) == 1 }

// Steps executes the next n events, and returns how many there were. Until is not looked at.
func (w *World) Steps(n uint64) uint64 {
	if w.err != nil || w.closed || w.over {
		return 0
	}
	return w.loop(Never-1, n)
}

// NextTime returns when the next event is due, at the earliest; Never if nothing is pending.
func (w *World) NextTime() Time {
	if w.starting < len(w.nodes) {
		return w.now
	}
	if w.hole != noSlot {
		w.fillHole()
	}
	return min(Time(w.queue.min().time&(1<<63-1)), Never)
}

// Act applies an action now, as a fault would: for tests and scripts that drive a world by hand.
func (w *World) Act(a Action) error {
	return w.interfere(Nobody, func() {
		w.handlers++
		a.Apply(&Control{View{w}})
		w.check(Nobody)
	})
}

// Inject delivers m to a node from another, after the network's delay, as if from had sent it. Words travel unboxed.
func (w *World) Inject(from, to NodeID, m Message) error {
	if n := NodeID(len(w.nodes)); m == nil || uint32(from) >= uint32(n) || uint32(to) >= uint32(n) {
		return fmt.Errorf("sim: Inject of %v from %v to %v, want a message between n0 and n%d", m, from, to, n-1)
	}
	return w.interfere(from, func() {
		env := &Env{w: w, id: from}
		if words, ok := m.(Words); ok {
			env.SendWords(to, words)
		} else {
			env.Send(to, m)
		}
	})
}

// interfere does something between two events, and returns how the run failed if it failed by it.
func (w *World) interfere(node NodeID, f func()) error {
	if w.err != nil || w.closed || w.over {
		return w.failure()
	}
	func() {
		w.enterLoop()
		defer w.leaveLoop()
		w.blame(node)
		f()
	}()
	return w.Err()
}

func (w *World) failure() error {
	if w.err != nil {
		return w.err
	}
	if !w.closed {
		return errors.New("sim: the world has ended")
	}
	return errors.New("sim: the world is closed")
}

// Err returns how the run failed, nil if it did not so far.
func (w *World) Err() error {
	if w.err == nil {
		return nil
	}
	return w.err
}

// Digest returns the digest so far.
func (w *World) Digest() uint64 { return w.digest.sum() }

// Close ends the world and lets go of what its processes hold (the coroutines of Scripts). Run closes; a world that
// was only stepped wants it.
func (w *World) Close() {
	if w.closed {
		return
	}
	if w.running {
		panic(misuse{"the world was closed from inside one of its own handlers"})
	}
	w.closed = true
	for i := range w.nodes {
		stop(w.nodes[i].proc)
	}
}

// Result returns what the run came to so far. Eventually properties that have not held yet count as failed.
func (w *World) Result() *Result {
	r := &Result{Seed: w.cfg.Seed, Digest: w.Digest(), Events: w.handlers, Records: w.records, Now: w.now, Stats: w.stats()}
	if w.cfg.Strict {
		r.Content = w.content.sum()
	}
	for i := range w.props {
		p := w.props[i].result(w)
		r.Properties = append(r.Properties, p)
		r.Verdict = max(r.Verdict, p.Verdict)
	}
	if w.err != nil {
		r.Err, r.Verdict = w.err, w.err.Verdict
		return r
	}
	if r.Verdict == Liveness {
		r.Err = w.liveness(r.Properties)
	}
	return r
}

func (w *World) liveness(ps []PropertyResult) error {
	var names []string
	for _, p := range ps {
		if p.Verdict == Liveness {
			names = append(names, fmt.Sprintf("%q (%s)", p.Name, p.Detail))
		}
	}
	return w.newError(Liveness, "never came true: "+strings.Join(names, ", "), Nobody)
}

func (w *World) newError(v Verdict, what string, node NodeID) *Error {
	return &Error{Verdict: v, Seed: w.cfg.Seed, Digest: w.Digest(), Event: w.records, Time: w.now, Node: node, What: what, Replay: w.cfg.Replay}
}

func (w *World) enterLoop() {
	if w.running {
		panic(misuse{"the world was driven from inside one of its own handlers"})
	}
	w.running = true
	if w.queue.radix != nil {
		w.queue.radix.back(uint64(w.now))
	}
}

// blame names the node that an error outside a handler is about.
func (w *World) blame(id NodeID) { w.env.id, w.current = id, nil }

// leaveLoop turns a panic into the run's error.
func (w *World) leaveLoop() {
	w.running = false
	p := recover()
	if p == nil {
		return
	}
	node := w.env.id
	if w.current != nil {
		node = w.current.id
	}
	switch p := p.(type) {
	case limitHit:
		w.err = w.newError(LimitReached, "limit reached: "+p.text, Nobody)
	case misuse:
		w.err = w.newError(Panicked, p.text, node)
	case scriptPanic:
		w.panicked(p.value, p.stack, node)
	default:
		w.panicked(p, string(debug.Stack()), node)
	}
}

func (w *World) panicked(p any, stack string, node NodeID) {
	w.err = w.newError(Panicked, fmt.Sprintf("panic: %v", p), node)
	w.err.Stack = handlerStack(stack)
	w.err.Cause, _ = p.(error)
}

// handlerStack returns the part of a stack that is the panicking handler's: below the panic, above the engine.
func handlerStack(stack string) string {
	if _, below, ok := strings.Cut(stack, "\npanic("); ok {
		_, stack, _ = strings.Cut(below, "\n\t")
		_, stack, _ = strings.Cut(stack, "\n")
	}
	for _, engine := range []string{"lightcone/sim.(*World).", "lightcone/sim.(*script)."} {
		if i := strings.Index(stack, engine); i > 0 {
			stack = stack[:i]
		}
	}
	return stack
}

// propertyRun is one Property under way.
type propertyRun struct {
	Property
	held  bool  // Sometimes, Eventually: it has held; Always: it fell
	why   error // what Check said last, in words only when somebody asks; nil if it held
	event uint64
	at    Time
}

func newPropertyRun(p Property) propertyRun {
	if p.Fresh != nil {
		p.Check = p.Fresh()
	}
	return propertyRun{Property: p}
}

// check looks at all properties that are not settled, after a step that touched one node, or who knows which (Nobody).
func (w *World) check(touched NodeID) {
	if len(w.props) == 0 || w.err != nil {
		return
	}
	w.blame(Nobody)
	w.touched = touched
	changed := w.versions == nil || w.changed(touched)
	for i := range w.props {
		p := &w.props[i]
		if p.held || p.OnChange && !changed {
			continue
		}
		err := p.Check(View{w})
		if err != nil {
			p.why = err
		}
		if (err != nil) != (p.Mode == Always) {
			continue
		}
		p.held, p.event, p.at = true, w.records, w.now
		if p.Mode == Always {
			w.err = w.newError(Violation, fmt.Sprintf("property %q fell: %v", p.Name, err), Nobody)
			w.err.Cause, w.over = err, true
			return
		}
		p.why = nil
		w.over = w.over || p.Ends
	}
}

// version is that of a process, with its incarnation from 1; the zero version is that of none.
type version struct {
	incarnation uint32
	number      uint64
}

// changed reports whether a step may have changed something that a property with OnChange is about, and takes note of it.
func (w *World) changed(touched NodeID) bool {
	if touched == Nobody {
		return true
	}
	p := View{w}.Process(touched)
	if p == nil {
		return true
	}
	v, ok := p.(Versioned)
	if !ok {
		return false
	}
	now := version{w.nodes[touched].incarnation + 1, v.Version()}
	if w.versions[touched] == now {
		return false
	}
	w.versions[touched] = now
	return true
}

// result says how the property fared in a world.
func (p *propertyRun) result(w *World) PropertyResult {
	r := PropertyResult{Name: p.Name, Mode: p.Mode, Event: p.event, Time: p.at}
	if p.why != nil {
		r.Detail = p.why.Error()
	}
	switch {
	case p.Mode == Always && p.held:
		r.Verdict = Violation
	case p.Mode == Sometimes && !p.held:
		r.Verdict = Unseen
	case p.Mode == Eventually && !p.held && w.err != nil:
		r.Verdict = Undecided
	case p.Mode == Eventually && !p.held && w.over:
		r.Verdict = Unseen
	case p.Mode == Eventually && !p.held:
		r.Verdict = Liveness
	}
	return r
}
