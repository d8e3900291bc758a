package sim

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"
)

// Drift is a timing failure of a node's clock (Cristian 1991): it runs PPM parts per million too fast (or, negative, too
// slow), beside what it does anyway. The monotonic clock and the wall clock go by the same oscillator. What error there is
// when it ends stays. Timers go by the clock, as always. Several add up.
type Drift struct {
	Name string
	Node NodeID
	PPM  int // -MaxDrift to MaxDrift, not 0
}

// MaxDrift is the largest error of a clock's rate that Drift makes, in parts per million.
const MaxDrift = 500_000

// StepClock is a timing failure: the node's monotonic clock jumps ahead by By, and the wall clock with it, as when a
// virtual machine is moved and its time is put right. Timers that have fallen due by it fire at once. A monotonic clock
// does not step back: By is more than 0. StepWall steps the wall clock alone, in either direction.
type StepClock struct {
	Node NodeID
	By   time.Duration
}

func (a Drift) Apply(c *Control) { c.begin(a) }
func (a Drift) Label() string    { return a.Name }
func (a Drift) subject() NodeID  { return a.Node }
func (a Drift) String() string {
	return words("drift clock of", a.Node.String(), fmt.Sprintf("by %dppm", a.PPM), as(a.Name))
}
func (a StepClock) String() string { return fmt.Sprintf("step clock of %v by %v", a.Node, a.By) }

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a Drift) Validate(nodes int) error {
	p := wrongs{of: "Drift"}
	p.node(a.Node, nodes)
	if a.PPM == 0 || a.PPM < -MaxDrift || a.PPM > MaxDrift {
		p.add("PPM is %d, want -%d to %d and not 0", a.PPM, MaxDrift, MaxDrift)
	}
	return p.err()
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a StepClock) Validate(nodes int) error {
	p := wrongs{of: "StepClock"}
	p.node(a.Node, nodes)
	if a.By <= 0 {
		p.add("By is %v, want more than 0: a monotonic clock does not step back", a.By)
	}
	return p.err()
}

// Apply steps the clock.
func (a StepClock) Apply(c *Control) {
	w := c.w
	if err := a.Validate(len(w.nodes)); err != nil {
		panic(misuse{err.Error()})
	}
	w.warp(a.Node, w.warpOf(a.Node).ppm, Local(a.By))
	c.Record(a.Node, a.String())
}

// warped is a clock of which faults have changed the rate or the reading: since the base clock showed base, it shows
// shown and what the base clock has gone on, at a rate that is ppm off. It holds for the present and the future.
type warped struct {
	Clock
	base, shown Local
	ppm         int64
}

const million = 1_000_000

// Read returns what the clock shows.
func (c *warped) Read(t Time) Local { return c.show(c.Clock.Read(t)) }

func (c *warped) show(base Local) Local {
	d := max(base-c.base, 0)
	return addLocal(c.shown, mulDiv(d, million+c.ppm, million))
}

// When returns the first time, from the last change on, at which the clock shows at least l.
func (c *warped) When(l Local) Time {
	if l <= c.shown {
		return c.Clock.When(c.base)
	}
	rate := million + c.ppm
	d := mulDiv(l-c.shown, million, rate)
	if mulDiv(d, rate, million) < l-c.shown {
		d++
	}
	return c.Clock.When(addLocal(c.base, d))
}

// CloneClock returns an independent copy.
func (c *warped) CloneClock() Clock {
	d := *c
	if k, ok := c.Clock.(ClockCloner); ok {
		d.Clock = k.CloneClock()
	}
	return &d
}

// warpedWaller is a warped clock with a wall reading of its own, which the faults move as much as the other.
type warpedWaller struct{ *warped }

func (c warpedWaller) Wall(t Time) Local {
	base := c.Clock.Read(t)
	return c.Clock.(Waller).Wall(t) + c.show(base) - base
}

// CloneClock returns an independent copy.
func (c warpedWaller) CloneClock() Clock { return warpedWaller{c.warped.CloneClock().(*warped)} }

// mulDiv returns d*m/n rounded down, or the largest Local: d, m, n are not negative, and n is not 0.
func mulDiv(d Local, m, n int64) Local {
	hi, lo := bits.Mul64(uint64(d), uint64(m))
	if hi >= uint64(n) {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, uint64(n))
	return Local(min(q, math.MaxInt64))
}

// addLocal returns l + d, at most the largest Local; d is not negative.
func addLocal(l, d Local) Local {
	if s := l + d; s >= l {
		return s
	}
	return math.MaxInt64
}

// warpOf returns a node's clock as one that faults can change.
func (w *World) warpOf(id NodeID) *warped {
	x := w.coldOf(id)
	switch c := x.clock.(type) {
	case *warped:
		return c
	case warpedWaller:
		return c.warped
	case nil:
		return &warped{Clock: PerfectClock{}}
	}
	return &warped{Clock: x.clock}
}

// driftPPM is by how much Drift has changed the rate of the node's clock.
func (x *cold) driftPPM() int {
	switch c := x.clock.(type) {
	case *warped:
		return int(c.ppm)
	case warpedWaller:
		return int(c.ppm)
	}
	return 0
}

// warp changes the rate of a node's clock, and lets it jump ahead. Timers keep the readings that they wait for.
func (w *World) warp(id NodeID, ppm int64, jump Local) {
	x := w.coldOf(id)
	before := w.warpOf(id)
	shown := addLocal(before.Read(w.now), jump)
	c := &warped{Clock: before.Clock, base: before.Clock.Read(w.now), shown: shown, ppm: ppm}
	x.clock = c
	if _, ok := c.Clock.(Waller); ok {
		x.clock = warpedWaller{c}
	}
	x.waller, _ = x.clock.(Waller)
	w.nodes[id].status |= statusClock
	w.moveTimers(id, before, c)
}

// moveTimers gives the pending timers of a node whose clock has changed the times at which the clock now shows what they
// wait for. They keep their order.
func (w *World) moveTimers(id NodeID, before, after Clock) {
	n := &w.nodes[id]
	if n.status&statusUp == 0 {
		return
	}
	var list []uint32
	for i := range w.slots {
		s := &w.slots[i]
		if s.kind == slotTimer && s.to == id && uint32(s.from) == n.incarnation && s.words.C != onHold && Time(s.words.A) < Never-1 {
			list = append(list, uint32(i))
		}
	}
	slices.SortFunc(list, func(a, b uint32) int { //det:ok a total order: ranks differ
		x, y := w.slots[a].words, w.slots[b].words
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	for _, i := range list {
		s := &w.slots[i]
		due := min(max(after.When(before.Read(Time(s.words.A))), w.now), Never-1)
		w.advance(s, key{uint64(due), w.aim(i, s, due)})
	}
}
