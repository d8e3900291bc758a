package quorum_test

import (
	"slices"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
)

const ms = time.Millisecond

// mesh loses, duplicates and delays messages: most take 1 to 10 ms, some up to half a second.
type mesh struct{ loss, twice, late float64 }

func (n mesh) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(n.loss) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	copies := 1
	if r.Bool(n.twice) {
		copies = 2
	}
	for range copies {
		d := r.Duration(ms, 10*ms)
		if r.Bool(n.late) {
			d += r.Duration(20*ms, 420*ms)
		}
		dst = append(dst, sim.Copy{Delay: d})
	}
	return dst
}

var rough = mesh{loss: 0.05, twice: 0.05, late: 0.05}

// trouble draws crashes, also in the middle of handlers, and partitions of the servers, until a time; then all is well.
func trouble(seed uint64, servers, nodes int, until time.Duration) sim.Schedule {
	r := sim.NewRand(seed, sim.ForStudy, 77)
	var s sim.Schedule
	at := func(t time.Duration, a sim.Action) { s = append(s, sim.At{Time: sim.Time(t), Action: a}) }
	for t := 100 * ms; t < until; t += r.Duration(50*ms, 400*ms) {
		id := sim.NodeID(r.IntN(servers))
		switch r.IntN(4) {
		case 0:
			at(t, sim.Crash{Node: id})
			at(t+r.Duration(20*ms, 300*ms), sim.Recover{Node: id})
		case 1:
			at(t, sim.CrashDuring{Node: id, After: r.IntN(6)})
			at(t+r.Duration(20*ms, 300*ms), sim.Recover{Node: id})
		case 2:
			perm := r.Perm(nodes)
			cut := 1 + r.IntN(nodes-1)
			a, b := ids(perm[:cut]), ids(perm[cut:])
			at(t, sim.Cut{Name: "cut", From: a, To: b, OneWay: r.Bool(0.3)})
			at(t+r.Duration(50*ms, 400*ms), sim.Heal{Name: "cut"})
		case 3:
			at(t, sim.StepWall{Node: id, By: r.Duration(-200*ms, 200*ms)})
		}
	}
	at(until, sim.Heal{})
	for id := range sim.NodeID(servers) {
		at(until, sim.Recover{Node: id})
		at(until+time.Second, sim.Recover{Node: id}) // a crash that was armed late
	}
	slices.SortStableFunc(s, func(a, b sim.At) int { return int(a.Time - b.Time) })
	return s
}

func ids(ns []int) []sim.NodeID {
	var out []sim.NodeID
	for _, n := range ns {
		out = append(out, sim.NodeID(n))
	}
	return out
}

// skewed gives each node a clock that is off by up to 50 ms.
func skewed(_ sim.NodeID, r *sim.Rand) sim.Clock { return offset(r.Duration(0, 50*ms)) }

type offset time.Duration

func (o offset) Read(t sim.Time) sim.Local { return sim.Local(t) + sim.Local(o) }
func (o offset) When(l sim.Local) sim.Time { return sim.Time(l) - sim.Time(o) }

// world is a store with clients in trouble.
func world(servers, clients int, newServer func() sim.Process, properties []sim.Property, c kv.ClientConfig) sim.Config {
	c.Servers = servers
	if c.Timeout == 0 {
		c.Timeout = 300 * ms
	}
	if c.Workload == nil {
		c.Workload = kv.Plain{Ops: 120, Keys: 2, Think: 10 * ms, Gets: 1, Puts: 1}
	}
	return sim.Config{
		Nodes: servers + clients,
		New: func(id sim.NodeID) sim.Process {
			if int(id) < servers {
				return newServer()
			}
			return kv.NewClient(c)
		},
		Network:    rough,
		Clock:      skewed,
		Disk:       sim.LatentDisk{Min: 0, Max: 4 * ms, Kept: 0.3, Torn: 0.3},
		Properties: properties,
		Until:      sim.Time(4 * time.Second),
	}
}

func dynamo(c quorum.Config) (func() sim.Process, []sim.Property) {
	if err := c.Validate(); err != nil {
		panic(err)
	}
	return func() sim.Process { return quorum.NewDynamo(c) }, c.Properties()
}

func abd(c quorum.ABDConfig) (func() sim.Process, []sim.Property) {
	if err := c.Validate(); err != nil {
		panic(err)
	}
	return func() sim.Process { return quorum.NewABD(c) }, c.Properties()
}
