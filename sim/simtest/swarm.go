package simtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lightcone/sim"
)

// Options say how Run runs a configuration. The zero Options are the usual ones.
type Options struct {
	// Runs is how many seeds, 1 to Runs; 0 means DefaultRuns. The flags override it.
	Runs int
	// Vary changes the configuration for a seed: other faults, another network. Nil: all seeds run the same.
	Vary func(seed uint64, cfg *sim.Config)
	// Check judges a finished run beyond its properties. Nil: nothing more.
	Check func(v sim.View, r *sim.Result) error
	// Lenient switches strict mode off (sim.Config.Strict).
	Lenient bool
}

// Run runs cfg over seeds and fails the test if a run fails, or if a Sometimes property held in none. cfg.Seed is not
// looked at, cfg.Strict is on unless Lenient.
func Run(t testing.TB, cfg sim.Config, o Options) {
	t.Helper()
	r, err := asked()
	if err != nil {
		t.Fatal(err)
	}
	runSwarm(t, cfg, o, r)
}

func runSwarm(t testing.TB, cfg sim.Config, o Options, r request) {
	t.Helper()
	s := swarm{t: t, cfg: cfg, options: o, request: r}
	seeds := r.seeds(o)
	for _, seed := range seeds {
		if err := s.run(seed); err != nil {
			s.failed = append(s.failed, seed)
			if len(s.failed) == 1 {
				s.first = err
			}
		}
	}
	switch {
	case len(s.failed) > 0:
		t.Errorf("%v%s", s.first, s.others(len(seeds)))
	case !r.oneSeed:
		s.checkSeen(len(seeds))
	}
}

// swarm is the runs of one test.
type swarm struct {
	t       testing.TB
	cfg     sim.Config
	options Options
	request request

	failed []uint64
	first  error
	seen   []sometimes
}

// sometimes is how a Sometimes property fared in the swarm.
type sometimes struct {
	name string
	runs int // in which it held
}

// run runs one seed. The error says everything about its failure.
func (s *swarm) run(seed uint64) error {
	cfg := s.cfg
	cfg.Seed, cfg.Strict, cfg.Replay = seed, !s.options.Lenient, replayLine(s.t, seed)
	if s.request.verbose {
		cfg.Observers = append(cfg.Observers[:len(cfg.Observers):len(cfg.Observers)], s.logger(seed))
	}
	if s.options.Vary != nil {
		s.options.Vary(seed, &cfg)
	}
	w, err := sim.New(cfg)
	if err != nil {
		return err
	}
	res := w.Run()
	for _, p := range res.Properties {
		if p.Mode == sim.Sometimes {
			s.note(p.Name, p.Verdict == sim.Pass)
		}
	}
	if res.Failed() {
		return report(res, cfg.Replay)
	}
	if s.options.Check != nil {
		if err := s.options.Check(w.View(), res); err != nil {
			return fmt.Errorf("seed %d: check: %w\n    %s\n    replay: %s", seed, err, where(res), cfg.Replay)
		}
	}
	return nil
}

func (s *swarm) logger(seed uint64) sim.Observer {
	return sim.ObserverFunc(func(e *sim.Event) {
		s.t.Logf("seed %d  %6d  %12v  %s", seed, e.ID, e.Time, Describe(e))
	})
}

func (s *swarm) note(name string, held bool) {
	i := 0
	for i < len(s.seen) && s.seen[i].name != name {
		i++
	}
	if i == len(s.seen) {
		s.seen = append(s.seen, sometimes{name: name})
	}
	if held {
		s.seen[i].runs++
	}
}

// checkSeen fails the test for every Sometimes property that no run showed.
func (s *swarm) checkSeen(runs int) {
	s.t.Helper()
	for _, p := range s.seen {
		if p.runs == 0 {
			s.t.Errorf("sometimes property %q held in none of %d runs: they tested nothing of it", p.name, runs)
		}
	}
}

func (s *swarm) others(runs int) string {
	if runs == 1 {
		return ""
	}
	return fmt.Sprintf("\n    %d of %d seeds failed: %s", len(s.failed), runs, list(s.failed))
}

// list prints numbers, not too many.
func list(ns []uint64) string {
	const most = 12
	parts := make([]string, 0, most+1)
	for i, n := range ns {
		if i == most {
			parts = append(parts, "...")
			break
		}
		parts = append(parts, fmt.Sprint(n))
	}
	return strings.Join(parts, " ")
}

// report says how a run failed and how to see it again.
func report(r *sim.Result, replay string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %v", r.Seed, r.Verdict)
	for _, p := range r.Properties {
		if p.Verdict == r.Verdict && r.Failed() {
			fmt.Fprintf(&b, "\n    %v property %q: %v", p.Mode, p.Name, p.Detail)
		}
	}
	if e, ok := r.Err.(*sim.Error); ok && r.Verdict != sim.Violation && r.Verdict != sim.Liveness {
		fmt.Fprintf(&b, "\n    %s", e.What)
		if e.Node != sim.Nobody {
			fmt.Fprintf(&b, " on %v", e.Node)
		}
		if e.Stack != "" {
			fmt.Fprintf(&b, "\n%s", e.Stack)
		}
	}
	fmt.Fprintf(&b, "\n    %s\n    replay: %s", where(r), replay)
	return errors.New(b.String())
}

// where says at which point a run ended.
func where(r *sim.Result) string {
	return fmt.Sprintf("event %d, virtual time %v, digest %016x", r.Records, r.Now, r.Digest)
}
