package experiments

import (
	"fmt"
	"slices"
	"strings"

	"lightcone/models/fault"
)

// Shrunk is a failing run with the fewest faults that a search has found to be enough.
type Shrunk struct {
	Outcome *Outcome // of the run with those faults, recorded
	Check   string   // what falls
	Of      int      // how many faults the run had
	Left    int      // how many are left
	Runs    int      // how many runs the search took
}

// maxShrinkRuns bounds the search.
const maxShrinkRuns = 1000

// Shrink deletes faults of a run, as long as the same check still fails, until none can be spared (Zeller and
// Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002). A crash and its recovery, a cut and its healing
// go together. The run that is left is made once more, as x says.
func Shrink(s *Scenario, seed uint64, check string, x Execution) (*Shrunk, error) {
	whole, err := s.Plan(seed)
	if err != nil {
		return nil, err
	}
	all := outages(whole.Faults)
	h := &shrinking{scenario: s, seed: seed, check: check, strict: x.Strict, all: all}
	left := all
	if h.falls(all) {
		left = fewest(all, h.falls)
	}
	if h.err != nil {
		return nil, h.err
	}
	p, err := h.plan(left)
	if err != nil {
		return nil, err
	}
	o, err := p.Execute(x)
	if err != nil {
		return nil, err
	}
	return &Shrunk{Outcome: o, Check: check, Of: len(all), Left: len(left), Runs: h.runs}, nil
}

// outage is one fault with what undoes it, by the indices of their lines in the plan.
type outage []int

// outages groups the entries of a plan. Every entry is in one group.
func outages(plan fault.Plan) []outage {
	taken := make([]bool, len(plan))
	var all []outage
	for i, e := range plan {
		if taken[i] {
			continue
		}
		o := outage{i}
		if undo := fault.Undo(e.Action); undo != nil {
			for j := i + 1; j < len(plan); j++ {
				if !taken[j] && plan[j].Action.String() == undo.String() {
					taken[j] = true
					o = append(o, j)
					break
				}
			}
		}
		all = append(all, o)
	}
	return all
}

// shrinking is a search under way.
type shrinking struct {
	scenario *Scenario
	seed     uint64
	check    string
	strict   bool
	all      []outage
	runs     int
	err      error
}

// plan returns the run with only some of its faults.
func (h *shrinking) plan(kept []outage) (*Plan, error) {
	p, err := h.scenario.Plan(h.seed)
	if err != nil {
		return nil, err
	}
	keep := make([]bool, len(p.Faults))
	for _, o := range kept {
		for _, i := range o {
			keep[i] = true
		}
	}
	var without []string
	for i, e := range p.Faults {
		if !keep[i] {
			without = append(without, fault.Line(e))
		}
	}
	return p, p.Without(without...)
}

// falls reports whether the check still fails. When the search has cost enough, it says no.
func (h *shrinking) falls(kept []outage) bool {
	if h.err != nil || h.runs >= maxShrinkRuns {
		return false
	}
	h.runs++
	p, err := h.plan(kept)
	if err != nil {
		h.err = err
		return false
	}
	o, err := p.Execute(Execution{Strict: h.strict, Quick: true})
	if err != nil {
		h.err = err
		return false
	}
	for _, v := range o.Verdicts {
		if failed(v.Verdict) {
			return v.Name == h.check
		}
	}
	return false
}

// fewest returns some of the items that fail together, though they do not with any one of them left out: ddmin, for
// items that fail all together.
func fewest[T any](items []T, fails func([]T) bool) []T {
	if fails(nil) {
		return nil
	}
	for parts := 2; len(items) > 1; {
		less, ok := smaller(items, parts, fails)
		switch {
		case ok && len(less)*2 <= len(items): // one part alone
			items, parts = less, 2
		case ok:
			items, parts = less, max(parts-1, 2)
		case parts >= len(items):
			return items
		default:
			parts = min(2*parts, len(items))
		}
	}
	return items
}

// smaller tries each of so many parts of the items alone, then all but each.
func smaller[T any](items []T, parts int, fails func([]T) bool) ([]T, bool) {
	bound := func(i int) int { return i * len(items) / parts }
	for i := range parts {
		if part := items[bound(i):bound(i+1)]; fails(part) {
			return part, true
		}
	}
	for i := range parts {
		if rest := slices.Concat(items[:bound(i)], items[bound(i+1):]); parts > 2 && fails(rest) {
			return rest, true
		}
	}
	return nil, false
}

// Faults returns the faults that are left, a line each.
func (s *Shrunk) Faults() []string {
	lines := []string{}
	for _, e := range s.Outcome.Plan.Faults {
		lines = append(lines, fault.Line(e))
	}
	return lines
}

// Story tells in a few lines which faults are left and what falls.
func (s *Shrunk) Story() string {
	var b strings.Builder
	p := s.Outcome.Plan
	fmt.Fprintf(&b, "%s, seed %d: %d of %d faults are enough (%d runs)\n", p.Scenario.Name, p.Seed, s.Left, s.Of, s.Runs)
	for _, line := range s.Faults() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	for _, v := range s.Outcome.Verdicts {
		if failed(v.Verdict) {
			fmt.Fprintf(&b, "%v: %s: %s\n", v.Verdict, v.Name, v.Detail)
		}
	}
	return b.String()
}

// ResultFiles returns the files of the run that is left, with its story.
func (s *Shrunk) ResultFiles() ([]File, error) {
	s.Outcome.Files = append(s.Outcome.Files, File{"story.txt", []byte(s.Story())})
	return s.Outcome.ResultFiles()
}
