package experiments

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/protocols"
	"lightcone/sim"
)

// BugHunt hunts the planted bugs of protocols: each in its scenario, with its settings, seed after seed until it is
// caught. And the protocol without a bug, in the same scenarios with the same settings, which must never be.
type BugHunt struct {
	Protocol string         // "": all
	Tries    int            // how many seeds are tried for each bug
	Runs     int            // how many seeds the protocol runs without a bug, with each of the settings
	Workers  int            // how many runs at once; 0: as many as there are cores
	Told     func(*BugFate) // called as soon as there is one more; may be nil
}

// BugFate is what the hunt for one bug came to, or the hunt for none.
type BugFate struct {
	Protocol string
	Bug      protocols.Bug // with an empty Name: the protocol without a bug
	Scripted bool          // random runs do not reach it: a scripted scenario beside the protocol's code shows it
	Tried    int           // seeds that were run
	Caught   bool          // something fell
	Seed     uint64        // at which
	Fell     Verdict       // what fell first
}

// AsExpected reports whether a bug was caught by the check that should catch it; and whether the protocol without one
// never failed.
func (f *BugFate) AsExpected() bool {
	switch {
	case f.Scripted:
		return true
	case f.Bug.Name == "":
		return !f.Caught
	}
	return f.Caught && slices.Contains(f.Expected(), f.Fell.Name)
}

// Expected returns the checks of which one should catch the bug.
func (f *BugFate) Expected() []string {
	if f.Bug.Property == "" {
		return nil
	}
	return strings.Split(f.Bug.Property, ", ")
}

// Run hunts, bug after bug in the order of the catalog. The error names a protocol that has none, or a scenario that
// cannot be run.
func (h *BugHunt) Run() ([]*BugFate, error) {
	var fates []*BugFate
	var names []string
	for _, e := range protocols.Catalog() {
		if len(e.Bugs) == 0 {
			continue
		}
		names = append(names, e.Name)
		if h.Protocol != "" && e.Name != h.Protocol {
			continue
		}
		some, err := h.entry(e)
		if err != nil {
			return nil, err
		}
		fates = append(fates, some...)
	}
	if len(fates) == 0 {
		return nil, fmt.Errorf("experiments: bugs of %q, want a protocol that has some, %s", shorten(h.Protocol, 80), oneOf(h.Protocol, names))
	}
	return fates, nil
}

func (h *BugHunt) entry(e protocols.Entry) ([]*BugFate, error) {
	var fates []*BugFate
	var settings []protocols.Bug // one bug for each of the settings
	for _, b := range e.Bugs {
		f := &BugFate{Protocol: e.Name, Bug: b, Scripted: b.Scenario == ""}
		if err := h.hunt(f, h.Tries, append(slices.Clone(b.Set), "params.bug="+b.Name)); err != nil {
			return nil, err
		}
		fates = append(fates, f)
		if !f.Scripted && !slices.ContainsFunc(settings, func(other protocols.Bug) bool {
			return other.Scenario == b.Scenario && slices.Equal(other.Set, b.Set)
		}) {
			settings = append(settings, b)
		}
	}
	for _, b := range settings {
		f := &BugFate{Protocol: e.Name, Bug: protocols.Bug{Scenario: b.Scenario, Set: b.Set}}
		if err := h.hunt(f, h.Runs, b.Set); err != nil {
			return nil, err
		}
		fates = append(fates, f)
	}
	return fates, nil
}

// hunt runs the scenario of a bug until something falls.
func (h *BugHunt) hunt(f *BugFate, seeds int, sets []string) error {
	if !f.Scripted && seeds > 0 {
		s, _, err := Open(f.Bug.Scenario, sets...)
		if err != nil {
			return fmt.Errorf("experiments: bug %q of %s: %w", f.Bug.Name, f.Protocol, err)
		}
		hunt := &Hunt{Scenario: s, First: 1, Last: uint64(seeds), Workers: h.Workers}
		if f.Bug.Name != "" {
			hunt.From = sim.Liveness // an undecided check has not caught it
		}
		found, err := hunt.Run()
		if err != nil {
			return fmt.Errorf("experiments: bug %q of %s: %w", f.Bug.Name, f.Protocol, err)
		}
		f.Tried = found.Total()
		if len(found.Failures) > 0 {
			f.Caught, f.Seed, f.Fell = true, found.Failures[0].Seed, found.Failures[0].First
		}
	}
	if h.Told != nil {
		h.Told(f)
	}
	return nil
}
