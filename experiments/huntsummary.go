package experiments

import "lightcone/sim"

// HuntSummary is the machine-readable account of a hunt: one JSON document with stable keys.
type HuntSummary struct {
	Scenario    string         `json:"scenario"`
	Version     string         `json:"version"`
	Set         []string       `json:"set"`
	First       uint64         `json:"first"` // the seeds that were run
	Last        uint64         `json:"last"`
	Runs        int            `json:"runs"`
	Verdicts    map[string]int `json:"verdicts"` // runs by verdict
	Checks      []HuntCheck    `json:"checks"`
	Failures    []HuntFailure  `json:"failures"`
	Events      uint64         `json:"events"`
	VirtualTime float64        `json:"virtual_time"` // seconds
	Shrunk      *HuntShrunk    `json:"shrunk"`       // of the first failure; null if none
	Files       []string       `json:"files"`
}

// HuntCheck is how one check fared.
type HuntCheck struct {
	Name     string         `json:"name"`
	Verdicts map[string]int `json:"verdicts"` // runs by verdict
}

// HuntFailure is a seed at which the scenario fails.
type HuntFailure struct {
	Seed    uint64 `json:"seed"`
	Check   string `json:"check"`
	Verdict string `json:"verdict"`
	Detail  string `json:"detail"`
}

// HuntShrunk is what is left of a failing run.
type HuntShrunk struct {
	Check  string   `json:"check"`
	Digest string   `json:"digest"`
	Of     int      `json:"of"` // faults that the run had
	Runs   int      `json:"runs"`
	Faults []string `json:"faults"`
}

// Summary returns the account of the hunt; shrunk may be nil, files are the names of its files.
func (d *Hunted) Summary(shrunk *Shrunk, files []string) *HuntSummary {
	s := &HuntSummary{
		Scenario: d.Scenario.Name, Version: Version, Set: append([]string{}, d.Scenario.Set()...), First: d.First, Last: d.Last, Runs: d.Total(),
		Verdicts: byName(d.Runs), Checks: []HuntCheck{}, Failures: []HuntFailure{}, Events: d.Events,
		VirtualTime: float64(d.VirtualTime) / 1e9, Files: append([]string{}, files...),
	}
	for _, t := range d.Checks {
		s.Checks = append(s.Checks, HuntCheck{t.Name, byName(t.Runs)})
	}
	for _, f := range d.Failures {
		s.Failures = append(s.Failures, HuntFailure{f.Seed, f.First.Name, f.First.Verdict.String(), f.First.Detail})
	}
	if shrunk != nil {
		s.Shrunk = &HuntShrunk{shrunk.Check, Hex(shrunk.Outcome.Result.Digest), shrunk.Of, shrunk.Runs, shrunk.Faults()}
	}
	return s
}

// JSON returns the summary as an indented document.
func (s *HuntSummary) JSON() []byte { return indented(s) }

func byName(runs map[sim.Verdict]int) map[string]int {
	names := map[string]int{}
	for v, n := range runs {
		names[v.String()] = n
	}
	return names
}
