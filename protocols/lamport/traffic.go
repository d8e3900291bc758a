package lamport

import (
	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// NewTraffic returns a process that makes random traffic and stamps every event of it by a logical clock.
func NewTraffic(params traffic.Params) *traffic.Process[Stamp] {
	return &traffic.Process[Stamp]{Params: params, Clock: new(stamper), Before: clockCondition}
}

// TrafficProperties returns what must hold of NewTraffic: the Clock Condition, and that messages arrived.
func TrafficProperties() []sim.Property { return traffic.Properties[Stamp]() }

// clockCondition is what C1 and C2 ask of a pair of events: time alone advances, with no help from the process's name.
func clockCondition(a, b Stamp) bool { return a.Time < b.Time }

// stamper is a Clock that knows its process.
type stamper struct{ clock Clock }

func (s *stamper) Local(env *sim.Env) Stamp { return Stamp{s.clock.Tick(), env.ID()} }
func (s *stamper) Send(env *sim.Env) Stamp  { return Stamp{s.clock.Send(), env.ID()} }
func (s *stamper) Receive(env *sim.Env, m Stamp) Stamp {
	return Stamp{s.clock.Receive(m.Time), env.ID()}
}

func (s *stamper) Restore(last Stamp) { s.clock.Restore(last.Time) }

func (s *stamper) Clone() traffic.Clock[Stamp] {
	c := *s
	return &c
}
