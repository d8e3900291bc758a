package experiments

import (
	"errors"
	"slices"

	"lightcone/models/fault"
	"lightcone/models/network"
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

	without   []string           // lines of faults that were removed
	certifier *network.Certifier // nil if there is no timing model to certify
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
		Seed: seed, Nodes: s.NodeCount(), Until: sim.Time(s.Duration), Disk: s.disk(),
		Properties: s.selected(instance.Properties), Limits: s.limits(),
	}
	if p.Config.Nodes > 1024 {
		p.Config.Naming = sim.PerSender
	}
	return p, errors.Join(p.bindNetwork(), p.bindClocks(), p.bindFaults())
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
	process, errSync := p.Scenario.synchronised(p.Instance.New)
	p.Config.Clock, p.Config.New = clock, process
	return errors.Join(errClock, errSync)
}

// lanes names each node by its region.
func (s *Scenario) lanes() []string {
	if len(s.Regions) == 0 {
		return nil
	}
	lanes := make([]string, s.NodeCount())
	for i := range lanes {
		lanes[i] = s.Regions[i%len(s.Regions)]
	}
	return lanes
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

// selected returns the properties that are to be checked.
func (s *Scenario) selected(all []sim.Property) []sim.Property {
	var wanted []sim.Property
	for _, p := range all {
		if s.checks(p.Name) {
			wanted = append(wanted, p)
		}
	}
	return wanted
}
