package protocols

import (
	"errors"
	"math"
	"time"

	"lightcone/protocols/consensus"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// RaftParams are the parameters of "raft".
type RaftParams struct {
	ElectionMin        time.Duration `yaml:"election-min" jsonschema:"description=shortest election timeout"`
	ElectionMax        time.Duration `yaml:"election-max" jsonschema:"description=longest election timeout"`
	Heartbeat          time.Duration `yaml:"heartbeat" jsonschema:"description=how often an idle leader sends a heartbeat"`
	PreVote            bool          `yaml:"pre-vote" jsonschema:"description=ask whether an election could be won before standing for it (section 9.6)"`
	CheckQuorum        bool          `yaml:"check-quorum" jsonschema:"description=a leader without a majority steps down and voters who hear a leader refuse candidates (sections 6.2 and 4.2.3)"`
	MaxBatch           int           `yaml:"max-batch" jsonschema:"minimum=1,description=entries in one AppendEntries"`
	Window             int           `yaml:"window" jsonschema:"minimum=1,description=AppendEntries with entries under way to one follower; 1 is no pipelining"`
	NoEntryAtTermStart bool          `yaml:"no-entry-at-term-start" jsonschema:"description=a new leader does not begin with an empty entry"`
	Reads              string        `yaml:"reads" jsonschema:"enum=log,enum=read-index,enum=lease,enum=local,description=how a get is served; local is unsafe"`
	FollowerReads      bool          `yaml:"follower-reads" jsonschema:"description=followers serve gets at a read index that they ask the leader for"`
	DriftBound         int           `yaml:"drift-bound" jsonschema:"minimum=0,maximum=999999,description=lease: how far the rate of any clock is from true time at most in parts per million"`
	LeaseMargin        time.Duration `yaml:"lease-margin" jsonschema:"description=lease: ends this much sooner than the drift bound demands"`
	SnapshotEvery      int           `yaml:"snapshot-every" jsonschema:"minimum=0,description=applied entries between snapshots; 0 is none"`
	SnapshotKeep       int           `yaml:"snapshot-keep" jsonschema:"minimum=0,description=entries before a snapshot that stay in the log"`
	SnapshotChunk      int           `yaml:"snapshot-chunk" jsonschema:"minimum=1,description=bytes in one InstallSnapshot"`
	CatchUpRounds      int           `yaml:"catch-up-rounds" jsonschema:"minimum=1,description=rounds in which a new server must catch up"`
	SessionExpiry      time.Duration `yaml:"session-expiry" jsonschema:"description=how long a session lasts that is not used; 0s is for ever"`
	Bug                string        `yaml:"bug" jsonschema:"description=a fault of implementation to plant; empty is none"`
}

func defaultRaftParams() *RaftParams {
	return &RaftParams{ElectionMin: 150 * time.Millisecond, ElectionMax: 300 * time.Millisecond, Heartbeat: 50 * time.Millisecond,
		MaxBatch: 64, Window: 16, Reads: "log", SnapshotKeep: 16, SnapshotChunk: 4096, CatchUpRounds: 10}
}

func (p RaftParams) config(servers int) raft.Config {
	reads := raft.ReadMode(p.Reads)
	if reads == "log" {
		reads = raft.ReadLog
	}
	return raft.Config{
		Servers: servers, ElectionMin: p.ElectionMin, ElectionMax: p.ElectionMax, Heartbeat: p.Heartbeat,
		PreVote: p.PreVote, CheckQuorum: p.CheckQuorum,
		MaxBatch: p.MaxBatch, Window: p.Window, NoEntryAtTermStart: p.NoEntryAtTermStart,
		Reads: reads, FollowerReads: p.FollowerReads, DriftBound: p.DriftBound, LeaseMargin: p.LeaseMargin,
		SnapshotEvery: p.SnapshotEvery, SnapshotKeep: p.SnapshotKeep, SnapshotChunk: p.SnapshotChunk,
		CatchUpRounds: p.CatchUpRounds, SessionExpiry: p.SessionExpiry, Bug: raft.Bug(p.Bug),
	}
}

func raftEntry() Entry {
	return Entry{
		Name:   "raft",
		About:  "A replicated log by elected leaders, with a key-value store on top (Ongaro and Ousterhout, 2014)",
		Serves: true,
		Lies:   true,
		Bugs:   raftBugs(),
		Params: func() any { return defaultRaftParams() },
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[RaftParams]("raft", params)
			if err != nil {
				return Instance{}, err
			}
			servers, err := raft.Factory(p.config(nodes))
			if err := errors.Join(atLeast("raft", 1, nodes), err); err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        servers,
				Properties: consensus.Properties(nodes),
				Moments:    consensus.Moments(nodes),
				Measures:   func(v sim.View) []Measure { return raftMeasures(v, p, nodes) },
				Serving:    func(v sim.View) bool { return consensus.Serving(v, nodes) },
				Promises:   raftPromises(p),
			}, nil
		},
	}
}

// raftPromises are what clients may rely on. A bug breaks promises, it does not make fewer.
func raftPromises(p RaftParams) []string {
	if p.Reads == string(raft.ReadLocal) {
		return nil
	}
	return []string{"linearizable", "sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"}
}

// raftMeasures reads off the servers that are up what they did since they last started.
func raftMeasures(v sim.View, p RaftParams, servers int) []Measure {
	var term raft.Term
	var committed raft.Index
	var sum raft.Stats
	stats := v.Stats()
	steady := stats.Lost() == 0
	for id := range sim.NodeID(servers) {
		q, ok := v.Process(id).(*raft.Process)
		if !ok {
			steady = false
			continue
		}
		s := q.Stats()
		steady = steady && v.Incarnation(id) == 0 && q.Last() == q.Committed()
		term, committed = max(term, q.Term()), max(committed, q.Committed())
		sum.Campaigns += s.Campaigns
		sum.Elections += s.Elections
		sum.Replication += s.Replication
		sum.Proposals += s.Proposals
		sum.Commits += s.Commits
		sum.Latency += s.Latency
		sum.LatencySquared += s.LatencySquared
	}
	each := ratio("messages per entry", "messages", float64(sum.Replication), float64(sum.Proposals))
	if steady && term == 1 && p.MaxBatch == 1 { // else entries share messages, or are sent again
		each.Expected = float64(2 * (servers - 1))
	}
	return []Measure{
		count("terms", "terms", int(term)),
		count("elections stood for", "elections", sum.Campaigns),
		count("elections won", "elections", sum.Elections),
		count("committed entries", "entries", int(committed)),
		each,
		commitLatency(sum),
	}
}

// commitLatency is the mean time from the proposal of a command to its commit, on the leader's clock.
func commitLatency(s raft.Stats) Measure {
	m := Measure{Name: "commit latency", Unit: "ms", Value: math.NaN(), N: s.Commits, Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
	if s.Commits < 2 {
		return m
	}
	n := float64(s.Commits)
	mean := float64(s.Latency) / n
	variance := max(0, s.LatencySquared/n-float64(mean*mean))
	const ms = float64(time.Millisecond)
	half := 4 * math.Sqrt(variance/n) / ms
	m.Value = mean / ms
	m.Low, m.High = m.Value-half, m.Value+half
	return m
}

// ratio is a Measure without an interval; NaN if it is of nothing.
func ratio(name, unit string, a, b float64) Measure {
	m := Measure{Name: name, Unit: unit, Value: math.NaN(), N: 1, Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
	if b > 0 {
		m.Value = a / b
	}
	return m
}
