package renewal

import (
	"errors"
	"fmt"
	"iter"
	"math"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Forcing says how much failures are hastened in a cycle. The zero Forcing is a good one.
type Forcing struct {
	// Failures is how many further failures are expected, beside those of the true laws, before the next repair ends,
	// while something is down and the system has not been: spread evenly over all parts and shocks that can strike. It
	// bounds the weight, by e^Failures for each stretch between transitions. 0 is 1. Where three or more must be down at
	// once, 2 or 3 takes half the cycles; more takes more again.
	Failures float64
	// First is the same while all is up, over as long as the first failure takes on average: it evens out which part is
	// the first to fail, so that rare kinds of a first failure are seen. 0 is 0.2.
	First float64
	// Multiply, if above 0, multiplies the hazards by a constant instead of Failures, whatever the repairs: the weight
	// is not bounded then.
	Multiply float64
}

// Validate reports everything that is wrong with the forcing.
func (f Forcing) Validate() error {
	var errs []error
	for _, x := range []struct {
		name  string
		value float64
	}{{"Failures", f.Failures}, {"First", f.First}, {"Multiply", f.Multiply}} {
		if !(x.value >= 0 && x.value <= math.MaxFloat64) {
			errs = append(errs, fmt.Errorf("renewal: Forcing.%s is %v, want at least 0", x.name, x.value))
		}
	}
	if f.Multiply > 0 && f.Failures > 0 {
		errs = append(errs, errors.New("renewal: Forcing.Multiply and Failures are both set, want one of them"))
	}
	return errors.Join(errs...)
}

func (f Forcing) withDefaults() Forcing {
	if f.Failures == 0 {
		f.Failures = 1
	}
	if f.First == 0 {
		f.First = 0.2
	}
	return f
}

// Transition is a part that fails or is repaired.
type Transition struct {
	At   float64 // since the start of the cycle
	Part int
	Up   bool
}

// Cycle is what happens from all parts up to all parts up again, with failures hastened. The expectation under the true
// laws of anything about a cycle is that of e^LogWeight times it; the long-run share of time of a state is the
// expectation of e^LogWeight times the time in it over that of Plain.
type Cycle struct {
	Transitions []Transition // the first is a failure, the last the repair of what was the last to be down; until the next cycle
	LogWeight   float64      // the logarithm of the likelihood ratio: of the true laws over the forced ones
	Length      float64      // when the last transition was
	Down        float64      // for how long the system was
	Outages     int          // how often it went down
	Plain       float64      // the length of a cycle from the same start that was not forced
}

// Forced yields cycles without end: each from where a cycle of the system as it is starts, which goes on beside. With
// exponential laws all cycles are independent. With others the parts have an age when a cycle starts, and successive
// cycles depend on each other, weakly where failures are rare. A system in which the parts are hardly ever all up has
// cycles that are too long to force, and the sequence stops when one has more than a million transitions.
func (s System) Forced(f Forcing, seed uint64) (iter.Seq[Cycle], error) {
	if err := errors.Join(s.Validate(), f.Validate()); err != nil {
		return nil, err
	}
	return func(yield func(Cycle) bool) {
		plain := s.start(seed)
		r := newForcedRun(s, f.withDefaults())
		for n := uint64(0); ; n++ {
			if !r.cycle(plain, seed, n) {
				return
			}
			length, ok := plain.cycle()
			if !ok {
				return
			}
			r.Plain = length
			if !yield(r.Cycle) {
				return
			}
		}
	}, nil
}

const longestCycle = 1_000_000

// cycle goes from all parts up to all parts up.
func (e *engine) cycle() (length float64, ok bool) {
	start := e.base + e.now
	for range longestCycle {
		if !e.step() {
			return 0, false
		}
		if e.down == 0 && e.changed {
			return e.base + e.now - start, true
		}
	}
	return 0, false
}

// forcedRun runs one forced cycle after the other.
//
// The clock of a part that is up, or of a shock, strikes when the hazard that it has used reaches its exponential
// number. While it is hastened by c, it uses hazard c times as fast, and the weight counts e^((c-1) H) for a stretch in
// which it would have used H, and 1/c for striking. A clock of a law with steps is not hastened.
type forcedRun struct {
	System
	Forcing
	Cycle
	sources []source
	up      []bool
	down    int
	works   bool // in this cycle so far: after an outage nothing is hastened any more
	now     float64
	free    int
	waiting queue
	mean    float64 // time to the first failure, about
}

// source is a part, or a shock.
type source struct {
	of      hazard // nil: it has steps, or never strikes
	sampled bool   // it has steps: at was drawn from the law
	key     uint64
	r       sim.Rand

	born   float64 // when its clock was started, in the time of the cycle: before 0 by the age that it had
	left   float64 // hazard left until it strikes
	used   float64 // cumulative hazard at the time of the last transition
	factor float64 // how much it is hastened
	at     float64 // when it strikes, or the repair ends; +Inf: never, or it waits for a crew
}

func newForcedRun(s System, f Forcing) *forcedRun {
	r := &forcedRun{System: s, Forcing: f, sources: make([]source, len(s.Parts)+len(s.Shocks)), up: make([]bool, len(s.Parts))}
	keys, rate := s.keys(), 0.0
	for i := range r.sources {
		x := &r.sources[i]
		x.key = keys[i]
		if law := r.law(i); law != nil {
			x.of = hazardOf(law)
			x.sampled = x.of == nil
			rate += 1 / dist.Mean(law)
		}
	}
	r.mean = 1 / rate
	return r
}

// law returns what the clock of a part or shock follows, nil for none.
func (r *forcedRun) law(i int) dist.Dist {
	if i < len(r.Parts) {
		return r.Parts[i].Up
	}
	return r.Shocks[i-len(r.Parts)].Every
}

// cycle runs the n-th cycle, from where the plain engine stands, with all parts up. It reports whether the cycle ended.
func (r *forcedRun) cycle(plain *engine, seed, n uint64) bool {
	r.Cycle = Cycle{Transitions: r.Transitions[:0]}
	r.now, r.down, r.works, r.waiting = 0, 0, true, queue{}
	r.free = r.Crews
	if r.Crews == 0 {
		r.free = len(r.Parts)
	}
	for i := range r.sources {
		x := &r.sources[i]
		x.r = sim.NewRand(seed, sim.ForStudy, forForced, x.key, n)
		if i < len(r.Parts) {
			r.up[i] = true
		}
		r.renew(i, plain.since[i]-plain.now)
		if x.sampled {
			x.at = plain.at[i] - plain.now
		}
	}
	r.hasten()
	for len(r.Transitions) == 0 || r.down > 0 {
		if !r.step() || len(r.Transitions) > longestCycle {
			return false
		}
	}
	r.Length = r.now
	return true
}

// renew starts the clock of a source that was born at a time.
func (r *forcedRun) renew(i int, born float64) {
	x := &r.sources[i]
	x.born, x.at, x.factor = born, math.Inf(1), 1
	switch {
	case x.sampled:
		x.at = born + r.law(i).Sample(&x.r)
	case x.of != nil:
		x.left = dist.Exponential{Mean: 1}.Sample(&x.r)
		x.used = x.of.at(r.now - born)
	}
}

// step goes to the next transition.
func (r *forcedRun) step() bool {
	next := 0
	for i := range r.sources {
		if r.sources[i].at < r.sources[next].at {
			next = i
		}
	}
	at := r.sources[next].at
	if math.IsInf(at, 1) {
		return false
	}
	r.use(at)
	wasUp := r.Works(r.up)
	if !wasUp {
		r.Down += at - r.now
	}
	r.now = at
	switch {
	case next >= len(r.Parts):
		r.strike(next)
	case r.up[next]:
		r.LogWeight -= dist.Log(r.sources[next].factor)
		r.fail(next)
	default:
		r.repaired(next)
	}
	if up := r.Works(r.up); !up {
		r.works = false
		if wasUp {
			r.Outages++
		}
	}
	r.hasten()
	return true
}

// use lets all clocks run until a time, and weighs what they used.
func (r *forcedRun) use(until float64) {
	for i := range r.sources {
		x := &r.sources[i]
		if !r.running(i) {
			continue
		}
		used := x.of.at(until - x.born)
		h := used - x.used
		x.left -= float64(x.factor * h)
		x.used = used
		r.LogWeight += float64((x.factor - 1) * h)
	}
}

// running reports whether the clock of a source runs, and by a hazard.
func (r *forcedRun) running(i int) bool {
	return r.sources[i].of != nil && (i >= len(r.Parts) || r.up[i])
}

// hasten sets the factors of all clocks, and when they strike therefore.
func (r *forcedRun) hasten() {
	running, repaired := 0, math.Inf(1)
	for i := range r.sources {
		if r.running(i) {
			running++
		} else if i < len(r.Parts) && !r.up[i] {
			repaired = min(repaired, r.sources[i].at)
		}
	}
	share, over := 0.0, 0.0 // further strikes of each source, over which time
	switch {
	case !r.works:
	case r.down == 0:
		share, over = r.First/float64(running), r.mean
	default:
		share, over = r.Failures/float64(running), repaired-r.now
	}
	for i := range r.sources {
		if !r.running(i) {
			continue
		}
		x := &r.sources[i]
		x.factor = 1
		if share > 0 {
			x.factor = r.factor(x, share, over)
		}
		x.at = x.strikes(r.now)
	}
}

// factor returns by how much to hasten a source for so many further strikes over a time.
func (r *forcedRun) factor(x *source, share, over float64) float64 {
	if r.Multiply > 0 && r.down > 0 {
		return r.Multiply
	}
	h := x.of.at(r.now+over-x.born) - x.used
	if !(h > 0) || math.IsInf(h, 1) {
		return 1
	}
	return 1 + share/h
}

// strikes returns when a source strikes.
func (x *source) strikes(now float64) float64 {
	return max(now, x.born+x.of.inverse(x.used+max(0, x.left)/x.factor))
}

func (r *forcedRun) strike(i int) {
	x, k := &r.sources[i], r.Shocks[i-len(r.Parts)]
	r.LogWeight -= dist.Log(x.factor)
	for _, p := range k.Parts {
		if hit := x.r.Bool(k.Hit); hit && r.up[p] {
			r.fail(p)
		}
	}
	r.renew(i, r.now)
}

func (r *forcedRun) fail(i int) {
	r.up[i] = false
	r.down++
	r.Transitions = append(r.Transitions, Transition{At: r.now, Part: i})
	if r.free == 0 {
		r.waiting.push(int32(i))
		r.sources[i].at = math.Inf(1)
		return
	}
	r.free--
	r.repair(i)
}

func (r *forcedRun) repair(i int) {
	x := &r.sources[i]
	x.at = r.now + r.Parts[i].Down.Sample(&x.r)
}

func (r *forcedRun) repaired(i int) {
	r.up[i] = true
	r.down--
	r.Transitions = append(r.Transitions, Transition{At: r.now, Part: i, Up: true})
	r.renew(i, r.now)
	if r.waiting.len() == 0 {
		r.free++
		return
	}
	r.repair(int(r.waiting.pop()))
}
