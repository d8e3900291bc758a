package experiments

import (
	"encoding/json"
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/sim"
)

var allBugs = flag.Bool("all-bugs", false, "hunt every planted bug of every protocol, not only those of kv")

// Every planted bug is caught, by a check that should catch it, and without one nothing falls.
func TestBugsAreCaught(t *testing.T) {
	h := &BugHunt{Protocol: "kv", Tries: 20, Runs: 5}
	if *allBugs {
		h.Protocol = ""
	}
	fates, err := h.Run()
	require.NoError(t, err)
	none := 0
	for _, f := range fates {
		switch {
		case f.Scripted:
		case f.Bug.Name == "":
			none++
			require.False(t, f.Caught, "%s without a bug fails at seed %d: %v", f.Protocol, f.Seed, f.Fell)
			require.Equal(t, 5, f.Tried)
		default:
			require.True(t, f.AsExpected(), "%s with %s: %v fell at seed %d, want %s", f.Protocol, f.Bug.Name, f.Fell, f.Seed, f.Bug.Property)
			require.Equal(t, int(f.Seed), f.Tried)
		}
	}
	require.Positive(t, none)

	again, err := (&BugHunt{Protocol: h.Protocol, Tries: 20, Runs: 5, Workers: 1}).Run()
	require.NoError(t, err)
	require.Equal(t, string(SummaryOfBugs(fates).JSON()), string(SummaryOfBugs(again).JSON()), "whatever the number of workers")
	var doc BugsSummary
	require.NoError(t, json.Unmarshal(SummaryOfBugs(fates).JSON(), &doc))
	require.Len(t, doc.Bugs, len(fates))
}

// A bug that is not caught says so.
func TestBugThatIsNotCaught(t *testing.T) {
	h := &BugHunt{Tries: 2}
	f := &BugFate{Protocol: "kv", Bug: protocols.Bug{Name: "no-dedup", Property: "linearizable", Scenario: "kv-hunt", Set: []string{"clients.count=1"}}}
	require.NoError(t, h.hunt(f, 2, []string{"clients.tokens=false", "network.loss=0", "network.duplicate=0", "network.reorder=null", "faults=null", "params.bug=no-dedup"}))
	require.False(t, f.Caught)
	require.False(t, f.AsExpected())
	require.Equal(t, 2, f.Tried)

	_, err := (&BugHunt{Protocol: "pingpong", Tries: 1}).Run()
	require.ErrorContains(t, err, `bugs of "pingpong", want a protocol that has some, one of contention, `)
	f.Bug.Scenario = "kv-hun"
	require.ErrorContains(t, h.hunt(f, 1, nil), `bug "no-dedup" of kv: experiments: scenario is "kv-hun", want`)
}

// Every bug's settings fit its scenario, and what should catch it is a check of that scenario.
func TestBugsAreWellDescribed(t *testing.T) {
	for _, e := range protocols.Catalog() {
		for _, b := range e.Bugs {
			require.NotEmpty(t, b.About, "%s %s", e.Name, b.Name)
			require.NotEmpty(t, b.Property, "%s %s", e.Name, b.Name)
			if b.Scenario == "" {
				continue
			}
			s, _, err := Open(b.Scenario, append(b.Set[:len(b.Set):len(b.Set)], "params.bug="+b.Name)...)
			require.NoError(t, err, "%s %s", e.Name, b.Name)
			require.Equal(t, e.Name, s.Protocol, b.Name)
			p, err := s.Plan(1)
			require.NoError(t, err, "%s %s", e.Name, b.Name)
			names := map[string]bool{}
			for _, property := range p.Config.Properties {
				names[property.Name] = property.Mode != sim.Sometimes
			}
			for _, c := range p.historyChecks() {
				names[c.Name] = true
			}
			for _, want := range (&BugFate{Bug: b}).Expected() {
				require.True(t, names[want], "%s %s is to be caught by %q, which is not checked", e.Name, b.Name, want)
			}
		}
	}
}
