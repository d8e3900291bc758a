package simtest

import (
	"fmt"
	"testing"

	"lightcone/sim"
)

// Each calls f for the seeds that Run would run, 1 to runs unless a flag says otherwise, and fails the test with the
// first error and the line that replays it. It is for tests that drive their worlds by hand. The observers log every
// event if -sim.v is given; f adds them to its configuration.
func Each(t testing.TB, runs int, f func(seed uint64, log []sim.Observer) error) {
	t.Helper()
	r, err := asked()
	if err != nil {
		t.Fatal(err)
	}
	each(t, runs, r, f)
}

func each(t testing.TB, runs int, r request, f func(seed uint64, log []sim.Observer) error) {
	t.Helper()
	s := swarm{t: t, request: r}
	seeds := r.seeds(Options{Runs: runs})
	for _, seed := range seeds {
		var log []sim.Observer
		if r.verbose {
			log = append(log, s.logger(seed))
		}
		if err := f(seed, log); err != nil {
			if s.failed = append(s.failed, seed); s.first == nil {
				s.first = fmt.Errorf("%w\n    replay: %s", err, replayLine(t, seed))
			}
		}
	}
	if s.first != nil {
		t.Errorf("%v%s", s.first, s.others(len(seeds)))
	}
}
