package protocols

import (
	"errors"
	"fmt"
	"time"

	"lightcone/protocols/hlc"
	"lightcone/protocols/lamport"
	"lightcone/protocols/traffic"
	"lightcone/protocols/vector"
	"lightcone/sim"
)

// Stamp is what "clocks" stamps each event with: four clocks at once.
type Stamp struct {
	Wall    sim.Local
	Lamport lamport.Stamp
	Vector  vector.Vector
	HLC     hlc.Timestamp
}

// String returns the wall time, in seconds, and the Lamport time: what a picture has room for.
func (s Stamp) String() string {
	return fmt.Sprintf("wall %.4fs L%d", time.Duration(s.Wall).Seconds(), s.Lamport.Time)
}

// followsHappenedBefore is what the logical clocks of s and t owe to s having happened before t. The wall clock owes
// nothing.
func (s Stamp) followsHappenedBefore(t Stamp) bool {
	return s.Lamport.Time < t.Lamport.Time && s.Vector.Before(t.Vector) && s.HLC.Before(t.HLC)
}

// NewClocks returns process id of nodes processes that make random traffic and stamp every event of it by wall clock,
// Lamport clock, vector clock and hybrid clock.
func NewClocks(id sim.NodeID, nodes int, params traffic.Params) *traffic.Process[Stamp] {
	return &traffic.Process[Stamp]{
		Params: params,
		Clock:  &fourClocks{vector: vector.NewClock(id, nodes)},
		Before: Stamp.followsHappenedBefore,
	}
}

// fourClocks is a traffic.Clock.
type fourClocks struct {
	lamport lamport.Clock
	vector  *vector.Clock
	hybrid  hlc.Clock
}

func (c *fourClocks) Local(env *sim.Env) Stamp {
	pt := env.Wall()
	return Stamp{pt, lamport.Stamp{Time: c.lamport.Tick(), Node: env.ID()}, c.vector.Tick(), c.hybrid.Tick(pt)}
}

func (c *fourClocks) Send(env *sim.Env) Stamp {
	pt := env.Wall()
	return Stamp{pt, lamport.Stamp{Time: c.lamport.Send(), Node: env.ID()}, c.vector.Send(), c.hybrid.Tick(pt)}
}

func (c *fourClocks) Receive(env *sim.Env, m Stamp) Stamp {
	pt := env.Wall()
	return Stamp{
		Wall:    pt,
		Lamport: lamport.Stamp{Time: c.lamport.Receive(m.Lamport.Time), Node: env.ID()},
		Vector:  c.vector.Receive(m.Vector),
		HLC:     c.hybrid.Receive(pt, m.HLC),
	}
}

func (c *fourClocks) Restore(last Stamp) {
	c.lamport.Restore(last.Lamport.Time)
	c.vector.Restore(last.Vector)
	c.hybrid.Restore(last.HLC)
}

func (c *fourClocks) Clone() traffic.Clock[Stamp] {
	d := *c
	d.vector = c.vector.Clone()
	return &d
}

// TrafficParams are the parameters of "clocks" and of the protocols that stamp by one clock.
type TrafficParams struct {
	Interval   time.Duration `yaml:"interval" jsonschema:"description=mean time between two events that a node starts by itself"`
	LocalShare float64       `yaml:"local-share" jsonschema:"minimum=0,maximum=1,description=the probability that such an event is a local one and sends nothing"`
	Durable    bool          `yaml:"durable" jsonschema:"description=whether the stamp of each event is written to storage before anybody hears of it and survives a crash"`
}

func clocks() Entry {
	return trafficEntry("clocks", "Random traffic, each event stamped by wall, Lamport, vector and hybrid clock",
		NewClocks, traffic.Properties[Stamp]())
}

func lamportTraffic() Entry {
	return trafficEntry("lamport", "Random traffic, each event stamped by a Lamport clock",
		func(_ sim.NodeID, _ int, p traffic.Params) *traffic.Process[lamport.Stamp] {
			return lamport.NewTraffic(p)
		},
		lamport.TrafficProperties())
}

func vectorTraffic() Entry {
	return trafficEntry("vector", "Random traffic, each event stamped by a vector clock",
		vector.NewTraffic, vector.TrafficProperties())
}

func hlcTraffic() Entry {
	return trafficEntry("hlc", "Random traffic, each event stamped by a hybrid logical clock",
		func(_ sim.NodeID, _ int, p traffic.Params) *traffic.Process[hlc.Timestamp] { return hlc.NewTraffic(p) },
		hlc.TrafficProperties())
}

// trafficEntry is the entry of traffic stamped with values of type S.
func trafficEntry[S any](name, about string, newProcess func(sim.NodeID, int, traffic.Params) *traffic.Process[S], claims []sim.Property) Entry {
	return Entry{
		Name:   name,
		About:  about,
		Params: func() any { return &TrafficParams{Interval: 20 * time.Millisecond, LocalShare: 0.2} },
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[TrafficParams](name, params)
			if err != nil {
				return Instance{}, err
			}
			tp := traffic.Params{Interval: p.Interval, LocalShare: p.LocalShare, Durable: p.Durable}
			return Instance{
				New:        func(id sim.NodeID) sim.Process { return newProcess(id, nodes, tp) },
				Properties: claims,
				Measures:   trafficMeasures[S],
			}, errors.Join(tp.Validate(), atLeast(name, 1, nodes))
		},
	}
}

func trafficMeasures[S any](v sim.View) []Measure {
	var locals, sends, receives int
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*traffic.Process[S]); ok {
			locals, sends, receives = locals+p.Locals, sends+p.Sends, receives+p.Receives
		}
	}
	return []Measure{
		count("local events", "events", locals),
		count("messages sent", "events", sends),
		count("messages received", "events", receives),
	}
}
