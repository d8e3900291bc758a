package experiments

import (
	"errors"
	"os"
	"testing"
	"unicode/utf8"
)

// FuzzScenario: whatever the bytes, Read returns a scenario that can be planned or problems that have a place, and
// never panics.
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
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read("f.yaml", data)
		if err == nil {
			if s.Population() > 20 { // a million outages of a hundred nodes are a gigabyte
				return
			}
			_, _ = s.Plan(1)
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
