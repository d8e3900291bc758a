package clock

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Walk is how a drift wanders: every Every of true time a step drawn from Step is added to it, and it is held within
// +-Max.
type Walk struct {
	Every time.Duration // more than 0
	Step  dist.Dist     // in ppm
	Max   PPB           // 0 to MaxDrift
}

// Validate reports all that is wrong with the walk.
func (w Walk) Validate() error { return w.validate("Walk") }

func (w Walk) validate(what string) error {
	var errs []error
	if w.Every <= 0 {
		errs = append(errs, fmt.Errorf("clock: %s.Every is %v, want more than 0", what, w.Every))
	}
	if w.Max < 0 || w.Max > MaxDrift {
		errs = append(errs, fmt.Errorf("clock: %s.Max is %v, want 0ppm to %v", what, w.Max, MaxDrift))
	}
	return errors.Join(append(errs, validDist(what+".Step", w.Step))...)
}

// RandomWalk is a clock whose drift does a random walk: its reading is piecewise linear in true time, continuous, and
// exact, since no piece rounds. It is a pure function of its stream: reading it earlier, later or not at all changes
// nothing. The walk ends after 2^20 steps, and the last drift stays.
type RandomWalk struct {
	offset sim.Local
	law    Walk
	last   uint64  // the piece that has no end
	marks  []piece // pieces 0, stride, 2*stride, ... as far as they were needed
	at     piece   // the piece last read
	stream sim.Rand
}

const (
	maxPieces = 1 << 20
	stride    = 64 // pieces between two marks
)

// piece is one stretch of constant drift: the k-th, from true time k*Every.
type piece struct {
	k     uint64
	shown uint64 // what the clock has shown to pass until its start, in whole ns
	carry uint64 // and the rest, in 10^-9 ns
	drift PPB
	r     sim.Rand // the stream, before the step to the next piece
}

// NewRandomWalk returns a clock with an initial offset and drift (held within the walk's Max) that wanders by law, with
// the stream r.
func NewRandomWalk(offset time.Duration, drift PPB, law Walk, r sim.Rand) (*RandomWalk, error) {
	if err := law.validate("Walk"); err != nil {
		return nil, err
	}
	return newWalk(offset, drift, law, r), nil
}

func newWalk(offset time.Duration, drift PPB, law Walk, r sim.Rand) *RandomWalk {
	first := piece{drift: drift.clamp(law.Max), r: r}
	return &RandomWalk{
		offset: sim.Local(offset),
		law:    law,
		last:   min(maxPieces, uint64(sim.Never)/uint64(law.Every)),
		marks:  []piece{first},
		at:     first,
	}
}

// Read returns what the clock shows at t.
func (w *RandomWalk) Read(t sim.Time) sim.Local {
	now := uint64(max(t, 0))
	w.at = w.piece(min(now/uint64(w.law.Every), w.last))
	shown, _ := advance(now-w.start(w.at), w.at.drift.rate(), w.at.carry)
	return after(w.offset, w.at.shown+shown)
}

// When returns the first time at which the clock shows at least l.
func (w *RandomWalk) When(l sim.Local) sim.Time {
	d := since(w.offset, l)
	if d == 0 {
		return 0
	}
	p := w.before(d)
	t := reach(d-p.shown, p.drift.rate(), p.carry)
	if t > uint64(sim.Never) {
		return sim.Never
	}
	return instant(w.start(p) + t)
}

// Drift returns the drift at t.
func (w *RandomWalk) Drift(t sim.Time) PPB {
	return w.piece(min(uint64(max(t, 0))/uint64(w.law.Every), w.last)).drift
}

// CloneClock returns a clock that shares no mutable state and goes on alike.
func (w *RandomWalk) CloneClock() sim.Clock {
	c := *w
	c.marks = slices.Clip(w.marks)
	return &c
}

func (w *RandomWalk) start(p piece) uint64 { return p.k * uint64(w.law.Every) }

// next returns the piece after p.
func (w *RandomWalk) next(p piece) piece {
	shown, rest := advance(uint64(w.law.Every), p.drift.rate(), p.carry)
	p.k++
	p.shown += shown
	p.carry = rest
	w.stream = p.r // a pointer to it does not make p escape
	p.drift = (p.drift + FromPPM(w.law.Step.Sample(&w.stream))).clamp(w.law.Max)
	p.r = w.stream
	return p
}

// piece returns the k-th piece, from the one last read if that is just before it, else from a mark.
func (w *RandomWalk) piece(k uint64) piece {
	p := w.at
	if k < p.k || k-p.k > stride {
		w.mark(func(last piece) bool { return last.k+stride > k })
		p = w.marks[k/stride]
	}
	for p.k < k {
		p = w.next(p)
	}
	return p
}

// before returns the last piece that starts before the clock shows d > 0 to have passed.
func (w *RandomWalk) before(d uint64) piece {
	p := w.at
	if p.shown >= d || d-p.shown > stride*uint64(w.law.Every) {
		w.mark(func(last piece) bool { return last.shown >= d })
		p = w.marks[sort.Search(len(w.marks), func(i int) bool { return w.marks[i].shown >= d })-1]
	}
	for p.k < w.last {
		n := w.next(p)
		if n.shown >= d {
			break
		}
		p = n
	}
	return p
}

// mark adds marks until the last one is enough, or the walk ends.
func (w *RandomWalk) mark(enough func(last piece) bool) {
	for {
		p := w.marks[len(w.marks)-1]
		if enough(p) || p.k+stride > w.last {
			return
		}
		for range stride {
			p = w.next(p)
		}
		w.marks = append(w.marks, p)
	}
}
