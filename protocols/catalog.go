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

	// Serves says that its nodes answer kv.Request, so that a scenario can add clients: nodes beside the protocol's own,
	// numbered after them.
	Serves bool
	// Lies says that its messages know what a liar would make of them (fault.Falsifiable), so that a scenario can have liars
	// that do more than keep silent, repeat themselves and delay.
	Lies bool
	// Bugs are the faults of implementation that its parameters can plant.
	Bugs []Bug
}

// Bug is a fault of implementation, planted on purpose by the parameter bug: NAME.
type Bug struct {
	Name     string
	About    string   // what is wrong, in one sentence, with its source
	Property string   // the property or history check that should catch it
	Scenario string   // the built-in scenario in which it is hunted
	Set      []string // settings of that scenario that bring it out, as key=value
}

// Instance is a protocol ready to run.
type Instance struct {
	New        func(sim.NodeID) sim.Process // for sim.Config.New
	Properties []sim.Property
	Moments    []sim.Property           // Sometimes properties that are checked only where a scenario names them
	Measures   func(sim.View) []Measure // reads the measures off a run at its end; never nil
	Watch      func() Watcher           // makes an observer for one run, which measures what cannot be read at its end; nil for none

	// Serving says whether the service can serve now, whatever its clients see: a predicate on the world, by which its
	// availability is weighted with time. It is asked after steps that changed a process, so it is cheap. nil: what the
	// protocol offers has no such state, or needs every node.
	Serving func(sim.View) bool

	// Promises are the checks of package check that hold of what its clients see, by name: linearizable, ... None if it
	// promises nothing, or serves nobody.
	Promises []string
}

// Watcher is an observer that measures. Its measures come beside those of the Instance.
type Watcher interface {
	sim.Observer
	Measures(end sim.View) []Measure
}

// Catalog returns all protocols, in the order in which a newcomer meets them.
func Catalog() []Entry {
	return []Entry{
		pingPong(),
		idleEntry(),
		checkpointJob(),
		contentionEntry(),
		gossipEntry(),
		lamportTraffic(),
		lamportMutex(),
		vectorTraffic(),
		hlcTraffic(),
		clocks(),
		detectorEntry(),
		singleKV(),
		overloadEntry(),
		quorumStore(),
		abd(),
		primaryBackup(),
		raftEntry(),
		etcdRaft(),
		byzantineGenerals(),
	}
}
