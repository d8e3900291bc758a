package rare

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/models/fault"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// Run is a run of a protocol under a plan of faults, in full or with windows.
type Run struct {
	Config            sim.Config          // the world, without the plan; its Until is ignored
	Plan              fault.Plan          // in real time
	Until             sim.Time            // the end, in real time
	Serving           func(sim.View) bool // see measure.Track
	Servers, Majority int
	Window            time.Duration // 0: in full
	Timers            bool          // looks for the longest timer that a process sets
}

// Result is what a run came to.
type Result struct {
	Report *measure.Report // in real time, from when the service was settled
	Quiet  Quiet           // zero for a full run
	Events uint64          // executed
	Digest uint64
}

// Do runs it. An error is the run's own; how quiet the time was that it left out is for Quiet.Err to say.
func (r Run) Do() (*Result, error) {
	cfg, plan := r.Config, r.Plan
	cfg.Until = r.Until
	var m *Map
	if r.Window != 0 {
		var err error
		if plan, m, err = Compress(r.Plan, r.Until, r.Window); err != nil {
			return nil, err
		}
		cfg.Until = m.End()
	}
	if len(plan) > 0 {
		cfg.Faults = append(append([]sim.Fault{}, cfg.Faults...), plan.Schedule())
	}
	track := &measure.Track{Serving: r.Serving, Servers: r.Servers, Majority: r.Majority, Settled: true}
	track.Attach(&cfg)
	longest := &timers{}
	if r.Timers {
		cfg.Observers = append(cfg.Observers, longest)
	}
	w, err := sim.New(cfg)
	if err != nil {
		return nil, err
	}
	res := w.Run()
	if res.Err != nil {
		return nil, res.Err
	}
	out := &Result{Report: track.Report(w.Now()), Events: res.Events, Digest: res.Digest}
	if m != nil {
		out.Quiet = m.Quiet(out.Report)
		out.Quiet.Timer = longest.most
		out.Report = m.Report(out.Report)
	}
	return out, nil
}

// timers is an observer that finds the longest timer.
type timers struct{ most time.Duration }

// Wants says which events it needs.
func (t *timers) Wants(k sim.Kind) bool { return k == sim.TimerSet }

// Observe looks at one.
func (t *timers) Observe(e *sim.Event) { t.most = max(t.most, e.At.Sub(e.Time)) }

// Checked is a run with windows, and the same with windows twice as long.
type Checked struct {
	Result         // of the run as it was asked for
	Doubled Result // of the one with longer windows
	// Difference is the mean over the pieces of the time, in seconds, of the downtime of the first less that of the second,
	// and Error its standard error.
	Difference, Error float64
}

// pieces is into how many pieces of equal length the time is divided to compare two runs.
const pieces = 40

// Check runs it with its windows and with windows twice as long, on the same schedule, and compares them: the downtimes
// in pieces of the time may differ by chance, which is another in elections, but not by more than four standard errors
// on average. An error says in what way the window is too short.
func (r Run) Check() (*Checked, error) {
	if r.Window <= 0 {
		return nil, fmt.Errorf("rare: Run.Window is %v, want more than 0 to check it", r.Window)
	}
	twice := r
	twice.Window *= 2
	twice.Timers = true
	a, err1 := r.Do()
	b, err2 := twice.Do()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	c := &Checked{Result: *a, Doubled: *b}
	a.Quiet.Timer = b.Quiet.Timer
	if a.Report.Length() == 0 {
		return nil, fmt.Errorf("rare: the service never serves with all servers up, in windows of %v: want a longer window", r.Window)
	}
	c.Difference, c.Error = Compare(a.Report, b.Report, pieces)
	var errs []error
	if bound := float64(4 * c.Error); math.Abs(c.Difference) > bound {
		errs = append(errs, fmt.Errorf("rare: windows of %v and of %v differ by %.3g s of downtime in each of %d pieces of the time, more than four standard errors, which are %.3g s: want longer windows",
			r.Window, twice.Window, c.Difference, pieces, bound))
	}
	return c, errors.Join(append(errs, a.Quiet.Err())...)
}

// Compare compares the downtimes of two runs on one schedule, piece by piece of the time: the mean of the differences in
// seconds, and its standard error.
func Compare(a, b *measure.Report, pieces int) (mean, se float64) {
	from, to := max(a.From, b.From), min(a.To, b.To)
	x, y := byPiece(a, from, to, pieces), byPiece(b, from, to, pieces)
	var sum, squares float64
	for i := range x {
		d := (x[i] - y[i]).Seconds()
		sum += d
		squares += float64(d * d)
	}
	n := float64(pieces)
	mean = sum / n
	return mean, math.Sqrt(max(0, squares/n-float64(mean*mean)) / (n - 1))
}

// byPiece returns the downtime in each of so many pieces.
func byPiece(r *measure.Report, from, to sim.Time, n int) []time.Duration {
	down := make([]time.Duration, n)
	width := float64(to-from) / float64(n)
	edge := func(i int) sim.Time {
		if i == n {
			return to
		}
		return from + sim.Time(float64(width*float64(i)))
	}
	for _, o := range r.Outages {
		first := max(0, min(n-1, int(float64(o.From-from)/width)-1))
		for i := first; i < n && edge(i) < o.To; i++ {
			if lo, hi := max(edge(i), o.From), min(edge(i+1), o.To); hi > lo {
				down[i] += hi.Sub(lo)
			}
		}
	}
	return down
}
