package simtest

import (
	"fmt"
	"testing"

	"lightcone/sim"
)

// Determinism runs cfg twice and fails the test if the runs differ, naming the first event that does. What is compared
// is every event with the contents of its message, note or value, and both hashes of the result.
func Determinism(t testing.TB, cfg sim.Config) {
	t.Helper()
	a, err := watchRun(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b, err := watchRun(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if d := divergence(a, b); d != "" {
		t.Errorf("two runs of seed %d differ: %s", cfg.Seed, d)
	}
}

// watchRun runs cfg to its end in strict mode.
func watchRun(cfg sim.Config) (*stream, error) {
	s := &stream{}
	cfg.Strict = true
	cfg.Observers = append(cfg.Observers[:len(cfg.Observers):len(cfg.Observers)], s)
	w, err := sim.New(cfg)
	if err != nil {
		return nil, err
	}
	s.result = w.Run()
	return s, nil
}

// stream is the events of a run, as an Observer.
type stream struct {
	events []happening
	result *sim.Result // once the run is over
}

// happening is an event in a form that can be kept and compared.
type happening struct {
	id    uint64
	at    sim.Time
	kind  sim.Kind
	node  sim.NodeID
	text  string
	print uint64 // fingerprint of Value
}

// Observe keeps an event.
func (s *stream) Observe(e *sim.Event) {
	s.events = append(s.events, happening{e.ID, e.Time, e.Kind, e.Node, Describe(e), sim.Fingerprint(e.Value)})
}

func (h happening) String() string { return fmt.Sprintf("event %d at %v, %s", h.id, h.at, h.text) }

// firstDifference returns the index of the first event that differs, -1 if none does.
func firstDifference(a, b []happening) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// divergence says where two runs part, "" if they do not.
func divergence(a, b *stream) string {
	if i := firstDifference(a.events, b.events); i >= 0 {
		return parting(a.events, b.events, i)
	}
	if a.result.Digest != b.result.Digest || a.result.Content != b.result.Content {
		return fmt.Sprintf("all %d events are alike, but the digests are %016x/%016x and %016x/%016x",
			len(a.events), a.result.Digest, a.result.Content, b.result.Digest, b.result.Content)
	}
	return ""
}

// parting prints event i of both runs.
func parting(a, b []happening, i int) string {
	text := func(hs []happening) string {
		if i >= len(hs) {
			return "nothing more"
		}
		return hs[i].String()
	}
	s := fmt.Sprintf("\n    first in:  %s\n    other has: %s", text(a), text(b))
	if text(a) == text(b) {
		s += "\n    they print alike, and differ in a value"
	}
	return s
}
