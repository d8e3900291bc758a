package hlc

import (
	"fmt"

	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// NewTraffic returns a process that makes random traffic and stamps every event of it by a hybrid clock over Env.Wall.
func NewTraffic(params traffic.Params) *traffic.Process[Timestamp] {
	return &traffic.Process[Timestamp]{Params: params, Clock: new(stamper), Before: Timestamp.Before}
}

// TrafficProperties returns what must hold of NewTraffic: timestamps follow happened-before, and none runs ahead of
// every wall clock.
func TrafficProperties() []sim.Property {
	ahead := sim.Property{Name: "l is a wall reading", Mode: sim.Always, Check: neverAhead}
	return append(traffic.Properties[Timestamp](), ahead)
}

// neverAhead checks that l is the greatest wall reading in the causal past of the process's last event: at least its
// own greatest, at most the greatest of all. It is silent once a process has crashed, whose readings are then gone.
func neverAhead(v sim.View) error {
	var highest *sim.Local
	for id := range sim.NodeID(v.Nodes()) {
		if !v.Up(id) || v.Incarnation(id) > 0 {
			return nil
		}
		if s := stamperOf(v, id); s != nil && (highest == nil || s.highest > *highest) {
			highest = &s.highest
		}
	}
	for id := range sim.NodeID(v.Nodes()) {
		s := stamperOf(v, id)
		switch {
		case s == nil:
		case s.clock.now.L < s.highest:
			return fmt.Errorf("%v has l = %v, below the %v that its wall clock showed", id, s.clock.now.L, s.highest)
		case s.clock.now.L > *highest:
			return fmt.Errorf("%v has l = %v, above the %v that any wall clock showed", id, s.clock.now.L, *highest)
		}
	}
	return nil
}

// stamperOf returns the clock of a node that has seen an event, else nil.
func stamperOf(v sim.View, id sim.NodeID) *stamper {
	if p, ok := v.Process(id).(*traffic.Process[Timestamp]); ok {
		if s, ok := p.Clock.(*stamper); ok && s.clock.started {
			return s
		}
	}
	return nil
}

// stamper is a Clock over the node's wall clock.
type stamper struct {
	clock   Clock
	highest sim.Local // the greatest reading of the wall clock at an event
}

func (s *stamper) Local(env *sim.Env) Timestamp { return s.clock.Tick(s.read(env)) }
func (s *stamper) Send(env *sim.Env) Timestamp  { return s.clock.Tick(s.read(env)) }
func (s *stamper) Receive(env *sim.Env, m Timestamp) Timestamp {
	return s.clock.Receive(s.read(env), m)
}

func (s *stamper) read(env *sim.Env) sim.Local {
	pt := env.Wall()
	if !s.clock.started || pt > s.highest {
		s.highest = pt
	}
	return pt
}

func (s *stamper) Restore(last Timestamp) {
	s.clock.Restore(last)
	s.highest = last.L
}

func (s *stamper) Clone() traffic.Clock[Timestamp] {
	c := *s
	return &c
}
