package primarybackup_test

import (
	"errors"
	"time"

	"lightcone/models/clock"
	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/network"
	"lightcone/protocols/kv"
	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
)

const ms = float64(time.Millisecond)

// base is what the swarms run: everything quick, so that ten seconds hold many failovers.
func base() pb.Config {
	return pb.Config{Servers: 4, Ping: 20 * time.Millisecond, Timeout: 100 * time.Millisecond, Compact: 40, Chunk: 256, Drift: 50_000}
}

// leased reads from the primary's store, under a lease.
func leased(c pb.Config) pb.Config {
	c.Lease, c.Reads = 150*time.Millisecond, pb.Local
	return c
}

// load is clients with sessions, which go on until they have an answer.
type load struct {
	clients int
	work    kv.Plain
	tokens  bool
	roaming bool // they ask any server each time
}

func (l load) client(servers int) kv.ClientConfig {
	return kv.ClientConfig{
		Servers: servers, Workload: l.work, Tokens: l.tokens, Sticky: !l.roaming,
		Timeout: 60 * time.Millisecond, Deadline: 2 * time.Second,
		Retry: kv.FullJitter{Base: 10 * time.Millisecond, Cap: 80 * time.Millisecond},
	}
}

var usual = load{clients: 4, tokens: true, work: kv.Plain{Keys: 3, Think: 10 * time.Millisecond, Gets: 4, Puts: 4, Appends: 1, Swaps: 1, Deletes: 1}}

// roaming is the usual load from clients who may ask a primary that was replaced.
func roaming() load {
	l := usual
	l.roaming = true
	return l
}

// world returns a run of servers and clients.
func world(c pb.Config, l load) sim.Config {
	servers := c.Servers
	return sim.Config{
		Nodes: servers + l.clients,
		New: func(id sim.NodeID) sim.Process {
			if int(id) < servers {
				return pb.New(c, id)
			}
			return kv.NewClient(l.client(servers))
		},
		Network:    network.Latency{Law: dist.Uniform{Lo: 1 * ms, Hi: 8 * ms}},
		Properties: c.Properties(),
		Until:      sim.Time(10 * time.Second),
	}
}

// hostile has all faults, each kind in about half of the seeds.
func hostile(servers int) func(seed uint64, cfg *sim.Config) {
	return func(seed uint64, cfg *sim.Config) {
		r := sim.NewRand(seed, 77)
		var laws []fault.Law
		add := func(l fault.Law) {
			if r.Bool(0.5) {
				laws = append(laws, l)
			}
		}
		add(fault.Renewal{Up: dist.Exponential{Mean: 1500 * ms}, Down: dist.Exponential{Mean: 300 * ms}})
		add(fault.Renewal{Kind: fault.Midway, Effects: 6, Up: dist.Exponential{Mean: 2000 * ms}, Down: dist.Exponential{Mean: 150 * ms}})
		add(fault.Renewal{Kind: fault.Pause, Up: dist.Exponential{Mean: 2000 * ms}, Down: dist.Uniform{Lo: 50 * ms, Hi: 600 * ms}})
		add(fault.Partitions{Up: dist.Exponential{Mean: 800 * ms}, Down: dist.Uniform{Lo: 100 * ms, Hi: 600 * ms},
			Shapes: []fault.Shape{fault.Halves, fault.Split, fault.One, fault.OneWay, fault.Bridge}})
		cfg.Faults = []sim.Fault{plan(fault.Model{Laws: laws, Until: sim.Time(8 * time.Second)}, seed, servers)}
		net := sim.Network(network.Latency{Law: dist.Uniform{Lo: 1 * ms, Hi: 8 * ms}})
		if r.Bool(0.5) {
			net = network.Latency{Law: dist.Mixture{Parts: []dist.Part{{Weight: 0.9, Of: dist.Uniform{Lo: 1 * ms, Hi: 5 * ms}}, {Weight: 0.1, Of: dist.Uniform{Lo: 5 * ms, Hi: 200 * ms}}}}}
		}
		if r.Bool(0.5) {
			net = network.Loss{Inner: net, P: 0.05}
		}
		if r.Bool(0.5) {
			net = network.Duplicate{Inner: net, P: 0.05, Lag: dist.Uniform{Lo: 0, Hi: 50 * ms}}
		}
		cfg.Network = net
		if r.Bool(0.7) {
			cfg.Disk = sim.LatentDisk{Min: time.Millisecond, Max: 6 * time.Millisecond, Kept: 0.3, Torn: 0.3}
		}
		cfg.Clock = clock.Spec{Drift: dist.Uniform{Lo: -49_000, Hi: 49_000}}.Clock
	}
}

// longCuts keeps one server apart for longer than a lease, while clients still reach it, and lets clocks drift as much
// as they may.
func longCuts(servers int) func(seed uint64, cfg *sim.Config) {
	return func(seed uint64, cfg *sim.Config) {
		cfg.Faults = []sim.Fault{plan(fault.Model{Until: sim.Time(9 * time.Second), Laws: []fault.Law{
			fault.Partitions{Up: dist.Exponential{Mean: 300 * ms}, Down: dist.Uniform{Lo: 800 * ms, Hi: 2500 * ms}, Shapes: []fault.Shape{fault.One, fault.Halves}},
		}}, seed, servers)}
		cfg.Clock = clock.Spec{Drift: dist.Uniform{Lo: -49_000, Hi: 49_000}}.Clock
	}
}

// crashes strikes often, and writes are slow.
func crashes(servers int) func(seed uint64, cfg *sim.Config) {
	return func(seed uint64, cfg *sim.Config) {
		cfg.Faults = []sim.Fault{plan(fault.Model{Until: sim.Time(9 * time.Second), Laws: []fault.Law{
			fault.Renewal{Up: dist.Exponential{Mean: 600 * ms}, Down: dist.Exponential{Mean: 100 * ms}},
		}}, seed, servers)}
		cfg.Disk = sim.LatentDisk{Min: 10 * time.Millisecond, Max: 40 * time.Millisecond, Kept: 0.1, Torn: 0.3}
	}
}

func plan(m fault.Model, seed uint64, servers int) sim.Schedule {
	p, err := m.Draw(seed, servers)
	if err != nil {
		panic(errors.Join(errors.New("the faults of the test"), err))
	}
	return p.Schedule()
}
