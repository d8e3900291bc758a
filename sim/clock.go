package sim

// Clock is a node's hardware clock: Read maps true time to what it shows, never decreasing; When is its inverse,
// the first true time at which it shows at least l. Env.Now and all timers use it.
//
// A clock with mutable state also implements ClockCloner; one whose wall reading is not its monotonic one implements
// Waller.
type Clock interface {
	Read(t Time) Local
	When(l Local) Time
}

// Waller is a clock that shows a wall time beside its monotonic one: the wall time may step, forward and back, and is
// what Env.Wall returns. Steps by faults (StepClock) and by the process itself (Env.StepWall) come on top.
type Waller interface{ Wall(t Time) Local }

// ClockCloner is a Clock with mutable state.
type ClockCloner interface{ CloneClock() Clock }

// PerfectClock shows true time. It is what a node has when Config.Clock is nil.
type PerfectClock struct{}

// Read returns t.
func (PerfectClock) Read(t Time) Local { return Local(t) }

// When returns l.
func (PerfectClock) When(l Local) Time { return Time(l) }
