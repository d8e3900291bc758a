package experiments

// BugsSummary is the machine-readable account of a hunt for bugs: one JSON document with stable keys.
type BugsSummary struct {
	Version string       `json:"version"`
	Bugs    []BugSummary `json:"bugs"`
}

// BugSummary is the fate of one bug. Bug is empty for the protocol without one.
type BugSummary struct {
	Protocol string   `json:"protocol"`
	Bug      string   `json:"bug"`
	About    string   `json:"about"`
	Scenario string   `json:"scenario"`
	Set      []string `json:"set"`
	Expected []string `json:"expected"`
	Scripted bool     `json:"scripted"`
	Tried    int      `json:"tried"`
	Caught   bool     `json:"caught"`
	Seed     *uint64  `json:"seed"` // null if nothing fell
	Check    string   `json:"check"`
	Verdict  string   `json:"verdict"`
	Detail   string   `json:"detail"`
}

// SummaryOfBugs returns the account of what became of bugs.
func SummaryOfBugs(fates []*BugFate) *BugsSummary {
	s := &BugsSummary{Version: Version, Bugs: []BugSummary{}}
	for _, f := range fates {
		b := BugSummary{Protocol: f.Protocol, Bug: f.Bug.Name, About: f.Bug.About, Scenario: f.Bug.Scenario, Set: append([]string{}, f.Bug.Set...),
			Expected: append([]string{}, f.Expected()...), Scripted: f.Scripted, Tried: f.Tried, Caught: f.Caught}
		if f.Caught {
			b.Seed, b.Check, b.Verdict, b.Detail = &f.Seed, f.Fell.Name, f.Fell.Verdict.String(), f.Fell.Detail
		}
		s.Bugs = append(s.Bugs, b)
	}
	return s
}

// JSON returns the summary as an indented document.
func (s *BugsSummary) JSON() []byte { return indented(s) }
