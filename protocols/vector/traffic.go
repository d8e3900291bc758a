package vector

import (
	"fmt"

	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// NewTraffic returns process id of nodes processes that make random traffic and stamp every event of it by a vector
// clock.
func NewTraffic(id sim.NodeID, nodes int, params traffic.Params) *traffic.Process[Vector] {
	return &traffic.Process[Vector]{
		Params: params,
		Clock:  &stamper{NewClock(id, nodes)},
		Before: Vector.Before,
	}
}

// TrafficProperties returns what must hold of NewTraffic: stamps follow happened-before, and nobody knows more events
// of a process than it had.
func TrafficProperties() []sim.Property {
	known := sim.Property{Name: "nobody knows the future", Mode: sim.Always, Check: nobodyKnowsTheFuture}
	return append(traffic.Properties[Vector](), known)
}

// nobodyKnowsTheFuture checks V_i[j] <= V_j[j], for processes that never crashed: the clock of a recovered one has
// begun anew.
func nobodyKnowsTheFuture(v sim.View) error {
	for j := range sim.NodeID(v.Nodes()) {
		known, ok := v.Process(j).(*traffic.Process[Vector])
		if !ok || v.Incarnation(j) > 0 {
			continue
		}
		own := known.Last.at(int(j))
		for i := range sim.NodeID(v.Nodes()) {
			p, ok := v.Process(i).(*traffic.Process[Vector])
			if ok && p.Last.at(int(j)) > own {
				return fmt.Errorf("%v knows %d events of %v, which had %d", i, p.Last.at(int(j)), j, own)
			}
		}
	}
	return nil
}

type stamper struct{ clock *Clock }

func (s *stamper) Local(*sim.Env) Vector               { return s.clock.Tick() }
func (s *stamper) Send(*sim.Env) Vector                { return s.clock.Send() }
func (s *stamper) Receive(_ *sim.Env, m Vector) Vector { return s.clock.Receive(m) }
func (s *stamper) Restore(last Vector)                 { s.clock.Restore(last) }
func (s *stamper) Clone() traffic.Clock[Vector]        { return &stamper{s.clock.Clone()} }
