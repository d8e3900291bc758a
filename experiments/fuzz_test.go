package experiments

import (
	"errors"
	"os"
	"testing"
	"unicode/utf8"
)

// FuzzScenario: whatever the bytes, Read returns a scenario that can be planned, or swept, and that the schema accepts, or
// problems that have a place, and never panics.
func FuzzScenario(f *testing.F) {
	for _, file := range faulty(f) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range Studies() {
		f.Add(s.Scenario())
	}
	f.Add([]byte(lossy + "baseline: {policy: few}\nplot: [{x: network.loss, y: pings per round, by: policy, log: y}]\n" +
		"expect: [{measure: pings per round, value: 1/(1-loss)^2, within: 5%, because: x, where: {policy: few}}, {measure: rounds, at-least: params.rounds}]\n"))
	f.Add([]byte("protocol: raft\nnodes: 3\nduration: 9s\nuntil: a leader is elected\nwarm-up: 1s\nseeds: {precision: 5%, of: terms, at-least: 20, at-most: 100}\n" +
		"vary: {params.heartbeat: {from: 10ms, to: 90ms, count: 3, scale: log}, nodes: {from: 1, to: 9, step: 4, whole: true}, faults: [null, [{kind: heal, at: 1s}]]}\n" +
		"full: {vary.nodes: [3], seeds: 1..9}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read("f.yaml", data)
		if err == nil {
			if ps := scenarioSchema().check(s.document); len(ps) > 0 {
				t.Fatalf("read, but the schema says: %v", ps)
			}
			if s.Population() > 20 { // a million outages of a hundred nodes are a gigabyte
				return
			}
			_, _ = s.Plan(1)
			if s.Vary.size() <= 20 {
				fuzzSweep(t, s)
			}
			return
		}
		var ps Problems
		if !errors.As(err, &ps) || len(ps) == 0 {
			t.Fatalf("error is %T, want problems", err)
		}
		for _, p := range ps {
			if p.Got == "" || p.Want == "" || len(data) <= MaxSize && p.Line < 1 {
				t.Fatalf("problem is %+v, want a place, what was got and what was wanted", p)
			}
			if !utf8.ValidString(p.String()) {
				t.Fatalf("problem prints as %q, want UTF-8", p.String())
			}
		}
	})
}

// fuzzSweep: a scenario that is read is a sweep with points that are read, or problems.
func fuzzSweep(t *testing.T, s *Scenario) {
	w, err := newSweep(s, nil)
	if err != nil {
		return
	}
	for i := range w.Extent().Points {
		if _, err := w.At(w.Point(i)); err != nil {
			t.Fatalf("point %d of a sweep that was checked: %v", i, err)
		}
		if _, err := s.With(w.Point(i).Set...); err != nil {
			t.Fatalf("point %d of a sweep that was checked, by its settings %q: %v", i, w.Point(i).Set, err)
		}
	}
}

// FuzzRepro: whatever the bytes, ReadRepro returns a repro or problems, and its plan is a plan or an error.
func FuzzRepro(f *testing.F) {
	f.Add([]byte(`{"format": "lightcone repro 1", "version": "0.1.0", "scenario": "a", "source": "protocol: pingpong\nnodes: 2\n", "set": ["params.rounds=2"],
		"seed": 7, "drop": ["n0->n1#1"], "without": [], "property": "", "digest": "0123456789abcdef", "records": 3, "every": 1, "trail": "AAECAwQF"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadRepro("f.json", data)
		if err != nil {
			var ps Problems
			if !errors.As(err, &ps) {
				t.Fatalf("error is %T, want problems", err)
			}
			return
		}
		if p, err := r.Plan(); err == nil && p == nil {
			t.Fatal("neither a plan nor an error")
		}
	})
}
