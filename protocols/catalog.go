package protocols

import "lightcone/sim"

// Entry is one protocol that a scenario can name.
type Entry struct {
	Name  string
	About string // one sentence
	// Params returns a pointer to a fresh struct that holds the defaults. Its fields have yaml names and descriptions
	// (struct tags yaml and jsonschema), durations are time.Duration.
	Params func() any
	// Build makes the protocol for a number of nodes, from what Params returned, changed as the user wanted. It reports
	// everything that is wrong with either.
	Build func(params any, nodes int) (Instance, error)
}

// Instance is a protocol ready to run.
type Instance struct {
	New        func(sim.NodeID) sim.Process // for sim.Config.New
	Properties []sim.Property
	Measures   func(sim.View) []Measure // reads the measures off a run at its end; never nil
}

// Catalog returns all protocols, in the order in which a newcomer meets them.
func Catalog() []Entry {
	return []Entry{
		pingPong(),
		lamportTraffic(),
		lamportMutex(),
		vectorTraffic(),
		hlcTraffic(),
		clocks(),
	}
}
