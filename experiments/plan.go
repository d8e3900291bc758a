package experiments

import (
	"errors"
	"slices"
	"strings"

	"lightcone/models/fault"
	"lightcone/models/network"
	"lightcone/models/rare"
	"lightcone/protocols"
	"lightcone/sim"
)

// Bounds of a run whose scenario states no limit of its own: in events, with and without a duration.
const (
	DefaultEvents        = 100_000_000
	DefaultEventsForever = 10_000_000
)

// Plan is a run, ready to be made: a scenario and a seed, bound to the engine and its models. It serves one run: what
// it certifies the run with has state.
type Plan struct {
	Scenario *Scenario
	Seed     uint64
	Config   sim.Config         // without observers of the caller's
	Instance protocols.Instance // the protocol, with the scenario's parameters
	Lanes    []string           // each node's region; nil if there are none
	Faults   fault.Plan         // what goes wrong and when, drawn up front
	Full     bool               // a study runs as much as a paper wants, not as little as makes it seconds

	without   []string           // lines of faults that were removed
	certifier *network.Certifier // nil if there is no timing model to certify
	window    *rare.Map          // the times of a run with windows to real ones; nil without
}

// Plan binds the scenario to a seed. The error says what the models refuse.
func (s *Scenario) Plan(seed uint64) (*Plan, error) {
	entry, ok := s.entry()
	if !ok {
		return nil, errors.New("experiments: protocol is " + s.Protocol + ", want one of the catalog")
	}
	instance, err := entry.Build(s.Params, s.NodeCount())
	if err != nil {
		return nil, err
	}
	p := &Plan{Scenario: s, Seed: seed, Instance: instance, Lanes: s.lanes()}
	p.Config = sim.Config{
		Seed: seed, Nodes: s.Population(), Until: sim.Time(s.Duration), Disk: s.disk(),
		Properties: s.selected(instance), Limits: s.limits(),
	}
	if p.Config.Nodes > 1024 {
		p.Config.Naming = sim.PerSender
	}
	return p, errors.Join(p.bindNetwork(), p.bindClocks(), p.bindFaults(), p.bindWindow())
}

// fullTimes is how many times as many worlds, cycles or runs of its own a study makes in full.
const fullTimes = 10

// times is how many worlds, cycles or runs a study makes that has n of them by default.
func (p *Plan) times(n int) int {
	if p.Full {
		return fullTimes * n
	}
	return n
}

func (p *Plan) bindNetwork() error {
	n, claim, claims, err := p.Scenario.network(p.Seed)
	if err != nil {
		return err
	}
	p.Config.Network = n
	if claims && p.Scenario.checks(checkTiming) {
		p.certifier = network.NewCertifier(claim)
		p.Config.Observers = append(p.Config.Observers, p.certifier)
	}
	return nil
}

func (p *Plan) bindClocks() error {
	clock, errClock := p.Scenario.clock()
	everybody, errClients := p.Scenario.withClients(p.Instance.New)
	process, errSync := p.Scenario.synchronised(everybody)
	p.Config.Clock, p.Config.New = clock, process
	return errors.Join(errClock, errClients, errSync)
}

// lanes names each node by its region, and clients as such.
func (s *Scenario) lanes() []string {
	lanes := s.places()
	if s.Clients == nil {
		return lanes
	}
	if lanes == nil {
		lanes = make([]string, s.Population())
	}
	for i := range s.Clients.Count {
		name := &lanes[s.NodeCount()+i]
		*name = strings.TrimSpace("client " + *name)
	}
	return lanes
}

// places returns the region of every node, clients too; nil if there are no regions.
func (s *Scenario) places() []string {
	if len(s.Regions) == 0 {
		return nil
	}
	places := make([]string, s.Population())
	for i := range places {
		places[i] = s.placeOf(i)
	}
	return places
}

func (s *Scenario) placeOf(node int) string {
	regions := s.Regions
	if i := node - s.NodeCount(); i >= 0 {
		if s.Clients.Regions != nil {
			regions = s.Clients.Regions
		}
		node = i
	}
	return regions[node%len(regions)]
}

func (s *Scenario) limits() sim.Limits {
	l := sim.Limits{Events: uint64(s.Limits.Events), Pending: s.Limits.Pending, Instant: uint64(s.Limits.Instant)}
	switch {
	case l.Events > 0:
	case s.Duration > 0:
		l.Events = DefaultEvents
	default:
		l.Events = DefaultEventsForever
	}
	return l
}

// checks reports whether a check is wanted.
func (s *Scenario) checks(name string) bool {
	return s.Checks == nil || slices.Contains(s.Checks, name)
}

// selected returns the properties that are to be checked, and the one that ends the run.
func (s *Scenario) selected(in protocols.Instance) []sim.Property {
	var wanted []sim.Property
	add := func(p sim.Property, checked bool) {
		if p.Ends = p.Name == s.Until; p.Ends || checked {
			wanted = append(wanted, p)
		}
	}
	for _, p := range in.Properties {
		add(p, s.checks(p.Name))
	}
	for _, p := range in.Moments {
		add(p, slices.Contains(s.Checks, p.Name))
	}
	return wanted
}
