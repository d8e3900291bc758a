package experiments

import (
	"slices"
	"time"

	"lightcone/models/clock"
	"lightcone/models/dist"
	"lightcone/sim"
)

// clock returns what makes the nodes' clocks; nil if they are perfect.
func (s *Scenario) clock() (func(sim.NodeID, *sim.Rand) sim.Clock, error) {
	c := &s.Clocks
	if c.Offset == nil && c.Drift == nil && c.Walk == nil && len(c.Steps) == 0 {
		return nil, nil
	}
	var spec clock.Spec
	if c.Offset != nil {
		spec.Offset = c.Offset.Dist
	}
	if c.Drift != nil {
		spec.Drift = c.Drift.Dist
	}
	if w := c.Walk; w != nil {
		spec.Walk = &clock.Walk{Every: time.Duration(w.Every), Step: w.Step.Dist, Max: clock.FromPPM(float64(w.Max))}
	}
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	return func(id sim.NodeID, r *sim.Rand) sim.Clock {
		own := spec
		own.Steps = c.stepsOf(id)
		return own.Clock(id, r)
	}, nil
}

// stepsOf returns the steps of one node's wall clock, in order of time.
func (c *Clocks) stepsOf(id sim.NodeID) []clock.Step {
	var steps []clock.Step
	for _, s := range c.Steps {
		if s.Nodes == nil || slices.Contains(s.Nodes, NodeRef(id)) {
			steps = append(steps, clock.Step{At: sim.Time(s.At), By: time.Duration(s.By)})
		}
	}
	slices.SortStableFunc(steps, func(a, b clock.Step) int { return int(min(1, max(-1, a.At-b.At))) })
	return steps
}

// synchronised wraps processes so that they keep their wall clocks synchronised, if the scenario says so.
func (s *Scenario) synchronised(newProcess func(sim.NodeID) sim.Process) (func(sim.NodeID) sim.Process, error) {
	c := s.Clocks.Sync
	if c == nil {
		return newProcess, nil
	}
	method, _ := clock.ParseMethod(c.Method)
	sync := clock.Sync{Method: method, Server: sim.NodeID(c.Server), Every: time.Duration(c.Every)}
	if err := sync.Validate(s.Population()); err != nil {
		return nil, err
	}
	return func(id sim.NodeID) sim.Process { return sync.Process(newProcess(id)) }, nil
}

// disk is durable storage by laws: a latency, and independent fates of what a crash catches in flight.
type disk struct {
	latency    dist.Dist
	kept, torn float64
}

// disk returns the scenario's durable storage; nil if writes are durable at once.
func (s *Scenario) disk() sim.Disk {
	if s.Disk.Latency == nil {
		return nil
	}
	return disk{s.Disk.Latency.Dist, float64(s.Disk.Kept), float64(s.Disk.Torn)}
}

// Latency draws how long a write takes.
func (d disk) Latency(_ sim.Time, _ sim.NodeID, _ string, _ any, r *sim.Rand) time.Duration {
	return dist.Duration(d.latency, r)
}

// Fate draws what a crash makes of a write in flight.
func (d disk) Fate(_ sim.NodeID, _ string, _ any, r *sim.Rand) sim.WriteFate {
	switch u := r.Float64(); {
	case u < d.torn:
		return sim.WriteTorn
	case u < d.torn+d.kept:
		return sim.WriteKept
	}
	return sim.WriteGone
}
