package protocols

import (
	"errors"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/etcdraft"
	"lightcone/sim"
)

// EtcdRaftParams are the parameters of "etcdraft". Those that "raft" has too mean the same.
type EtcdRaftParams struct {
	ElectionMin   time.Duration `yaml:"election-min" jsonschema:"description=shortest election timeout; the longest is twice that"`
	Heartbeat     time.Duration `yaml:"heartbeat" jsonschema:"description=how often a leader sends a heartbeat"`
	Tick          time.Duration `yaml:"tick" jsonschema:"description=the unit of time; timeouts are whole numbers of it"`
	PreVote       bool          `yaml:"pre-vote" jsonschema:"description=ask whether an election could be won before standing for it"`
	CheckQuorum   bool          `yaml:"check-quorum" jsonschema:"description=a leader without a majority steps down and voters who hear a leader refuse candidates"`
	MaxMessage    int           `yaml:"max-message" jsonschema:"minimum=1,description=bytes of entries in one message; at least one entry"`
	Window        int           `yaml:"window" jsonschema:"minimum=1,description=messages with entries under way to one follower"`
	Reads         string        `yaml:"reads" jsonschema:"enum=log,enum=read-index,enum=lease,description=how a get is served"`
	FollowerReads bool          `yaml:"follower-reads" jsonschema:"description=followers serve gets at a read index that they ask the leader for"`
	SnapshotEvery int           `yaml:"snapshot-every" jsonschema:"minimum=0,description=applied entries between snapshots; 0 is none"`
	SessionExpiry time.Duration `yaml:"session-expiry" jsonschema:"description=how long a session lasts that is not used; 0s is for ever"`
}

func (p EtcdRaftParams) config(servers int) etcdraft.Config {
	reads := etcdraft.ReadMode(p.Reads)
	if reads == "log" {
		reads = etcdraft.ReadLog
	}
	return etcdraft.Config{
		Servers: servers, ElectionMin: p.ElectionMin, Heartbeat: p.Heartbeat, Tick: p.Tick, PreVote: p.PreVote, CheckQuorum: p.CheckQuorum,
		MaxMessage: p.MaxMessage, Window: p.Window, Reads: reads, FollowerReads: p.FollowerReads,
		SnapshotEvery: p.SnapshotEvery, SessionExpiry: p.SessionExpiry,
	}
}

func etcdRaft() Entry {
	return Entry{
		Name:   "etcdraft",
		About:  "The Raft of etcd, go.etcd.io/raft, as it is, with a key-value store on top",
		Serves: true,
		Params: func() any {
			return &EtcdRaftParams{ElectionMin: 150 * time.Millisecond, Heartbeat: 50 * time.Millisecond, Tick: 5 * time.Millisecond,
				MaxMessage: 64 << 10, Window: 16, Reads: "log"}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[EtcdRaftParams]("etcdraft", params)
			if err != nil {
				return Instance{}, err
			}
			c := p.config(nodes)
			if err := errors.Join(atLeast("etcdraft", 1, nodes), c.Validate()); err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        func(id sim.NodeID) sim.Process { return etcdraft.New(id, c) },
				Properties: consensus.Properties(nodes),
				Moments:    consensus.Moments(nodes),
				Measures:   func(v sim.View) []Measure { return etcdRaftMeasures(v, nodes) },
				Serving:    func(v sim.View) bool { return consensus.Serving(v, nodes) },
				Promises:   etcdRaftPromises(),
			}, nil
		},
	}
}

// etcdRaftPromises are what clients may rely on. (A lease does on clocks that do not drift too far apart; raft states no
// bound.)
func etcdRaftPromises() []string {
	return []string{"linearizable", "sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"}
}

// etcdRaftMeasures reads off the servers that are up what they did since they last started.
func etcdRaftMeasures(v sim.View, servers int) []Measure {
	var term consensus.Term
	var committed consensus.Index
	campaigns, elections := 0, 0
	for id := range sim.NodeID(servers) {
		p, ok := v.Process(id).(*etcdraft.Process)
		if !ok {
			continue
		}
		term, committed = max(term, p.Term()), max(committed, p.Committed())
		campaigns += p.Campaigns
		elections += p.Elections
	}
	return []Measure{
		count("terms", "terms", int(term)),
		count("elections stood for", "elections", campaigns),
		count("elections won", "elections", elections),
		count("committed entries", "entries", int(committed)),
		ratio("entries committed per second", "1/s", float64(committed), v.Now().Sub(0).Seconds()),
	}
}
