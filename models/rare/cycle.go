package rare

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/reliability"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// Cycle is what fails and is repaired from one time at which all is well until the next, drawn by laws that may be
// forced.
type Cycle struct {
	Plan      fault.Plan // times since the first failure, which is at 0; the last entry makes all well
	LogWeight float64    // the logarithm of the likelihood of the plan under the true laws over that under those it was drawn by
	Plain     float64    // the length of an unforced cycle, the time before its first failure included, or its mean; hours
}

// Sampled is what cycles came to.
type Sampled struct {
	Down   reliability.Weighted   // hours down in a cycle
	Terms  []reliability.Weighted // of them, by measure.Term; empty if outages are not accounted
	Length reliability.Tally      // hours of a cycle
	Cycles int
	Events uint64 // executed
	Quiet  Quiet

	weighted []float64 // each cycle's weighted downtime, hours
}

// Unavailability returns the share of time in which the service is down: the mean of the weighted downtime of a cycle
// over the mean length of a cycle. An error says which diagnostic of the weights is bad, or how the windows are too
// short; then there is no interval.
func (s *Sampled) Unavailability(level float64) (reliability.Estimate, error) {
	e, err := s.Down.Share(&s.Length, level)
	return e, errors.Join(err, s.Quiet.Err())
}

// Term returns the share of time in which the service is down on account of a term.
func (s *Sampled) Term(t measure.Term, level float64) (reliability.Estimate, error) {
	if int(t) >= len(s.Terms) {
		return reliability.Estimate{}, fmt.Errorf("rare: Term is %v, want one that was accounted: Run.Majority was not set", t)
	}
	return s.Terms[t].Share(&s.Length, level)
}

const (
	perWorld  = 250        // cycles that share a world
	forCycles = 0x6379636c // the purpose of the seeds of worlds: "cycl"
)

// Sample runs the protocol through n cycles, many in each world, with a window between one and the next in which it
// settles, and within them wherever nothing fails for longer than a window. Run.Plan and Run.Until are ignored.
//
// The downtime of a cycle counts from its first failure to that of the next, so that what a repair leaves behind counts
// too, and has the weight of its own cycle. Cycles are taken to be independent of those before: who leads when one
// begins must not matter, which it does not if the nodes fail alike.
func (r Run) Sample(cycles iter.Seq[Cycle], n int) (*Sampled, error) {
	if r.Window <= 0 || n < 1 {
		return nil, fmt.Errorf("rare: Sample of %d cycles with windows of %v, want at least 1 and more than 0s", n, r.Window)
	}
	s := &Sampled{}
	if r.Majority > 0 {
		s.Terms = make([]reliability.Weighted, 1+len(measure.Terms()))
	}
	seeds := sim.NewRand(r.Config.Seed, sim.ForStudy, forCycles)
	var batch []Cycle
	for c := range cycles {
		batch = append(batch, c)
		if s.Cycles++; len(batch) == perWorld || s.Cycles == n {
			r.Config.Seed = seeds.Uint64()
			if err := r.sampleWorld(batch, s); err != nil {
				return nil, err
			}
			batch = batch[:0]
		}
		if s.Cycles == n {
			return s, nil
		}
	}
	return nil, fmt.Errorf("rare: Sample has %d cycles, want %d", s.Cycles, n)
}

// CheckSample samples with its windows and with windows twice as long, through the same cycles, which must come again
// when they are ranged over again, and compares them: the weighted downtimes of cycles may differ by chance, but not by
// more than four standard errors on average. An error says in what way the window is too short.
func (r Run) CheckSample(cycles iter.Seq[Cycle], n int) (*Sampled, error) {
	twice := r
	twice.Window *= 2
	a, err1 := r.Sample(cycles, n)
	b, err2 := twice.Sample(cycles, n)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	var difference reliability.Tally
	for i := range a.weighted {
		difference.Add(a.weighted[i] - b.weighted[i])
	}
	if mean, bound := difference.Mean(), float64(4*difference.StandardError()); math.Abs(mean) > bound {
		return nil, fmt.Errorf("rare: windows of %v and of %v differ by %.3g h of weighted downtime in a cycle, more than four standard errors, which are %.3g h: want longer windows",
			r.Window, twice.Window, mean, bound)
	}
	return a, a.Quiet.Err()
}

// sampleWorld runs cycles one after the other in one world.
func (r Run) sampleWorld(cycles []Cycle, s *Sampled) error {
	var starts []sim.Time
	r.Plan = nil
	at := sim.Time(r.Window)
	for _, c := range cycles {
		starts = append(starts, at)
		last := at
		for _, e := range c.Plan {
			last = at + e.Time
			r.Plan = append(r.Plan, sim.At{Time: last, Action: e.Action})
		}
		at = last + sim.Time(r.Window)
	}
	r.Until = at
	res, err := r.Do()
	if err != nil {
		return err
	}
	if res.Report.From >= starts[0] {
		return fmt.Errorf("rare: the service is not settled within the window of %v that the first cycle begins with: want a longer window", r.Window)
	}
	s.Events += res.Events
	s.Quiet.add(res.Quiet)
	if i := s.count(cycles, starts, res.Report); i < len(cycles) {
		return fmt.Errorf("rare: the service is down when cycle %d of a world begins, %v after all was well again: want a longer window", i, r.Window)
	}
	return nil
}

// count counts the downtime of each cycle, and returns how many began settled: fewer than there are, if one did not.
func (s *Sampled) count(cycles []Cycle, starts []sim.Time, r *measure.Report) int {
	next := 0
	for i, c := range cycles {
		region := measure.Span{From: starts[i], To: r.To}
		if i+1 < len(starts) {
			region.To = starts[i+1]
		}
		var down time.Duration
		terms := make([]time.Duration, len(s.Terms))
		for ; next < len(r.Outages) && r.Outages[next].From < region.To; next++ {
			o := r.Outages[next]
			if i+1 < len(starts) && o.To > region.To {
				return i + 1
			}
			if o.From < region.From { // before the first cycle
				continue
			}
			down += o.Length()
			for _, p := range o.Parts {
				terms[p.Term] += p.Length()
			}
		}
		s.Down.Add(c.LogWeight, down.Hours())
		s.weighted = append(s.weighted, float64(dist.Exp(c.LogWeight)*down.Hours()))
		for t := range s.Terms {
			s.Terms[t].Add(c.LogWeight, terms[t].Hours())
		}
		s.Length.Add(c.Plain)
	}
	return len(cycles)
}
