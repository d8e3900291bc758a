package experiments

import (
	"strings"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/sim/check"
)

// Topic is a group of things that a scenario can name.
type Topic struct {
	Name  string
	Items []Item
}

// Item is one of them.
type Item struct{ Name, About string }

// Topics returns what there is: protocols, models, studies, checks and planted bugs.
func Topics() []Topic {
	var names, claims, bugs []Item
	for _, e := range protocols.Catalog() {
		names = append(names, Item{e.Name, e.About})
		claims = append(claims, claimsOf(e)...)
		for _, b := range e.Bugs {
			bugs = append(bugs, Item{b.Name, e.Name + ": " + b.About})
		}
	}
	var studies []Item
	for _, s := range Studies() {
		studies = append(studies, Item{s.Name(), s.About()})
	}
	checks := []Item{
		{checkTiming, "the network kept to its timing model"},
		{checkRecord, recordAbout},
	}
	for _, c := range check.All() {
		checks = append(checks, Item{c.Name, "of what clients saw: " + c.About})
	}
	return []Topic{{"protocols", names}, {"models", models()}, {"studies", studies}, {"checks", append(checks, claims...)}, {"bugs", bugs}}
}

// claimsOf returns the properties of a protocol, with its default parameters.
func claimsOf(e protocols.Entry) []Item {
	instance, err := e.Build(e.Params(), 3)
	if err != nil {
		return nil
	}
	var items []Item
	for _, p := range instance.Properties {
		items = append(items, Item{p.Name, e.Name + ", " + p.Mode.String()})
	}
	return items
}

// models returns the models by the keys with which a scenario names them: the schema says what they are.
func models() []Item {
	var items []Item
	defs := describeScenario().Definitions
	for _, part := range []struct{ key, def string }{{"network", "Network"}, {"network.timing", "Timing"}, {"clocks", "Clocks"}, {"disk", "Disk"}} {
		for pair := defs[part.def].Properties.Oldest(); pair != nil; pair = pair.Next() {
			items = append(items, Item{part.key + "." + pair.Key, pair.Value.Description})
		}
	}
	for _, f := range faultForms {
		items = append(items, Item{"faults: " + f.kind, "with " + strings.Join(f.takes, ", ")})
	}
	return append(items, Item{"laws", strings.Join(dist.Names(), ", ")})
}
