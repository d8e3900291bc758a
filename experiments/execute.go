package experiments

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lightcone/protocols"
	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/measure"
	"lightcone/sim/trace"
)

// Execution says how a plan is run.
type Execution struct {
	Study  Study  // nil: the scenario alone
	Strict bool   // check what processes must not do; the digest is the same
	Record bool   // keep the trace
	Quick  bool   // verdicts only, for one of many runs: no measures, and no trail to tell where another run parts from it
	Lean   bool   // verdicts and measures: no trail, no files
	Replay string // the line that repeats the run, which a failure prints
}

// Outcome is what a run came to.
type Outcome struct {
	Plan     *Plan
	Result   *sim.Result
	Verdicts []Verdict // properties first, then the runner's checks, then the study's
	Measures []Measure
	Files    []File        // the study's
	History  check.History // what clients asked for and were told; nil if there are none
	Picture  trace.Options // how to draw the trace
	Trace    *trace.Trace  // nil unless recorded
	Trail    Trail
	Served   *measure.Report // how available the service was; nil unless the scenario wants it measured

	simulated *measure.Report // Served, in the time of the run where that is compressed
	witnesses []witness
}

// Execute makes the planned world and runs it to its end. An error means that there was no run; a run that failed is an
// Outcome with its verdicts.
func (p *Plan) Execute(x Execution) (*Outcome, error) {
	cfg := p.Config
	cfg.Strict, cfg.Replay = x.Strict, x.Replay
	cfg.Observers = slices.Clone(cfg.Observers)
	var analysis *Analysis
	if x.Study != nil {
		var err error
		if analysis, err = x.Study.Analyse(p); err != nil {
			return nil, fmt.Errorf("experiments: study %s: %w", x.Study.Name(), err)
		}
		cfg.Observers = append(cfg.Observers, analysis.Observers...)
	}
	var recorder *trace.Recorder
	if x.Record {
		recorder = p.recorder()
		cfg.Observers = append(cfg.Observers, recorder)
	}
	var clients *kv.Recorder
	if p.Scenario.Clients != nil {
		clients = kv.NewRecorder()
		cfg.Observers = append(cfg.Observers, clients)
	}
	trail := newTrailObserver()
	m := &measuring{}
	if !x.Quick {
		m = p.measuring()
		cfg.Observers = append(cfg.Observers, m.observers()...)
	}
	if !x.Quick && !x.Lean {
		cfg.Observers = append(cfg.Observers, trail)
	}
	served, err := p.serve(&cfg, x.Quick)
	if err != nil {
		return nil, err
	}
	w, err := sim.New(cfg)
	if err != nil {
		return nil, err
	}
	trail.world = w
	o := &Outcome{Plan: p, Result: w.Run()}
	o.Trail = trail.finish(o.Result)
	if recorder != nil {
		o.keep(recorder)
	}
	if clients != nil {
		o.History = clients.History(o.Result.Now + 1)
	}
	if !x.Quick {
		o.Measures = append(m.measures(p, o.History, w.View()), p.Scenario.timeUntil(o.Result)...)
	}
	o.judge(w.View())
	if err := o.report(served, x); err != nil {
		return nil, err
	}
	if err := o.analyse(analysis, w.View()); err != nil {
		return nil, err
	}
	o.focus()
	return o, nil
}

// recorder returns what records the run as the scenario wants.
func (p *Plan) recorder() *trace.Recorder {
	s := p.Scenario
	level, _ := trace.ParseLevel(s.Trace.Level) // the default is Full, the first
	keep := s.Trace.Events
	if keep == 0 {
		keep = defaultTraceEvents
	}
	return &trace.Recorder{
		Header: trace.Header{Scenario: s.Name, Title: s.About, Seed: p.Seed, Nodes: p.Config.Nodes, Lanes: p.Lanes, Level: level},
		Keep:   trace.Keep{Events: keep},
	}
}

// defaultTraceEvents is how many events are recorded unless the scenario says otherwise.
const defaultTraceEvents = 100_000

func (o *Outcome) keep(r *trace.Recorder) {
	r.Header.End = o.Result.Now
	o.Trace = r.Trace()
	o.Trace.Header.Digest = Hex(o.Result.Digest)
}

// Hex is how a digest is written.
func Hex(digest uint64) string { return fmt.Sprintf("%016x", digest) }

// judge collects the verdicts of the properties, of how the run ended, and of the runner's own checks.
func (o *Outcome) judge(view sim.View) {
	for _, r := range o.Result.Properties {
		if r.Name == measure.PropertyName {
			continue // it cannot fall
		}
		o.Verdicts = append(o.Verdicts, Verdict{r.Name, r.Verdict, propertyDetail(r)})
	}
	if v := o.Result.Verdict; v == sim.Panicked || v == sim.LimitReached || v == sim.Nondeterminism {
		o.Verdicts = append(o.Verdicts, Verdict{"run", v, strings.TrimPrefix(errorText(o.Result.Err), v.String()+": ")})
	}
	o.judgeHistory(view)
	if c := o.Plan.certifier; c != nil {
		o.Verdicts = append(o.Verdicts, verdictOf(checkTiming, c.Err(o.Result.Now)))
	}
	if o.Trace != nil && o.Plan.Scenario.checks(checkRecord) {
		o.judgeRecord()
	}
}

// judgeRecord checks the record of the run, if all of it was kept. A check that the scenario names is undecided if not.
func (o *Outcome) judgeRecord() {
	switch {
	case o.Trace.Header.Complete():
		v := verdictOf(checkRecord, o.Trace.Check())
		if v.Verdict == sim.Pass {
			v.Detail = recordAbout
		}
		o.Verdicts = append(o.Verdicts, v)
	case o.Plan.Scenario.Checks != nil:
		o.Verdicts = append(o.Verdicts, Verdict{checkRecord, sim.Undecided, "the trace does not hold the whole run: trace.events or trace.level leaves some out"})
	}
}

// propertyDetail says when and why a property came to its verdict.
func propertyDetail(r sim.PropertyResult) string {
	switch {
	case r.Verdict == sim.Violation:
		return fmt.Sprintf("fell at %v, event %d: %s", r.Time, r.Event, r.Detail)
	case r.Verdict != sim.Pass:
		return r.Detail
	case r.Mode != sim.Always:
		return fmt.Sprintf("held at %v, event %d", r.Time, r.Event)
	}
	return ""
}

func verdictOf(name string, err error) Verdict {
	if err != nil {
		return Verdict{name, sim.Violation, err.Error()}
	}
	return Verdict{name, sim.Pass, ""}
}

func errorText(err error) string {
	var e *sim.Error
	if errors.As(err, &e) {
		text := e.What
		if e.Node != sim.Nobody {
			text += " on " + e.Node.String()
		}
		return fmt.Sprintf("%s, at %v, event %d", text, e.Time, e.Event)
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

// analyse adds what a study finds.
func (o *Outcome) analyse(a *Analysis, v sim.View) error {
	if a == nil || a.Finish == nil {
		return nil
	}
	r, err := a.Finish(v, o)
	if err != nil {
		return fmt.Errorf("experiments: study %s: %w", o.Plan.Scenario.Name, err)
	}
	for _, m := range r.Measures {
		i := slices.IndexFunc(o.Measures, func(have protocols.Measure) bool { return have.Name == m.Name })
		if i >= 0 {
			o.Measures[i] = m
			continue
		}
		o.Measures = append(o.Measures, m)
	}
	o.Verdicts = append(o.Verdicts, r.Verdicts...)
	o.Files, o.Picture = append(o.Files, r.Files...), r.Picture
	return nil
}

// Verdict is the worst of the verdicts.
func (o *Outcome) Verdict() sim.Verdict {
	worst := sim.Pass
	for _, v := range o.Verdicts {
		worst = max(worst, v.Verdict)
	}
	return worst
}
