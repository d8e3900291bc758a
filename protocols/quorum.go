package protocols

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/protocols/quorum"
	"lightcone/sim"
)

// QuorumParams are the parameters of "quorum".
type QuorumParams struct {
	Replicas int   `yaml:"replicas" jsonschema:"minimum=1,description=N: how many servers keep each key"`
	Read     int   `yaml:"read" jsonschema:"minimum=1,description=R: how many of them must answer a read"`
	Write    int   `yaml:"write" jsonschema:"minimum=1,description=W: how many must have a write before it is acknowledged"`
	Votes    []int `yaml:"votes" jsonschema:"description=the votes of the replicas by their place in the preference list; read and write then count votes. Default: one each"`

	Versions   string        `yaml:"versions" jsonschema:"enum=wall,enum=hybrid,enum=vector,description=how versions compete: the last write wins by wall clock or by hybrid clock; or version vectors with siblings"`
	Resolution time.Duration `yaml:"resolution" jsonschema:"description=the tick of the wall clocks that stamp writes"`
	Narrow     bool          `yaml:"narrow" jsonschema:"description=whether no more replicas are asked than are needed: random ones instead of all"`
	Repair     bool          `yaml:"repair" jsonschema:"description=whether reads bring replicas up to date that they find behind"`
	Sloppy     bool          `yaml:"sloppy" jsonschema:"description=whether the next servers stand in for replicas that do not answer and count"`
	HandOff    time.Duration `yaml:"hand-off" jsonschema:"description=after how long without an answer a write is kept as a hint for the replica; 0s for never"`
	HintEvery  time.Duration `yaml:"hint-every" jsonschema:"description=how often hints are offered to the replicas that they are for"`
	SyncEvery  time.Duration `yaml:"sync-every" jsonschema:"description=how often a server compares its Merkle trees with those of another; 0s for never"`
	Grace      time.Duration `yaml:"grace" jsonschema:"description=how old a tombstone must be to be thrown away; 0s for never"`
	Timeout    time.Duration `yaml:"timeout" jsonschema:"description=how long a coordinator waits for the replicas"`
	Bug        string        `yaml:"bug" jsonschema:"description=a fault of implementation to plant; none if empty"`
}

func (p QuorumParams) config(servers int) quorum.Config {
	var q quorum.System = quorum.Threshold{N: p.Replicas, R: p.Read, W: p.Write}
	if len(p.Votes) > 0 {
		q = quorum.Weighted{Votes: p.Votes, R: p.Read, W: p.Write}
	}
	return quorum.Config{
		Servers: servers, Quorums: q, Versions: quorum.Versions(p.Versions), Resolution: p.Resolution, Narrow: p.Narrow,
		Repair: p.Repair, Sloppy: p.Sloppy, HandOff: p.HandOff, HintEvery: p.HintEvery, SyncEvery: p.SyncEvery,
		Grace: p.Grace, Timeout: p.Timeout, Bug: quorum.Bug(p.Bug),
	}
}

func quorumStore() Entry {
	return Entry{
		Name:  "quorum",
		About: "A key-value store in the manner of Dynamo: any R of N replicas to read, any W to write",
		Params: func() any {
			return &QuorumParams{
				Replicas: 3, Read: 2, Write: 2, Versions: "wall", Resolution: time.Microsecond, Repair: true,
				HintEvery: 500 * time.Millisecond, Timeout: time.Second,
			}
		},
		Serves: true,
		Lies:   true,
		Bugs:   quorumBugs(),
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[QuorumParams]("quorum", params)
			if err != nil {
				return Instance{}, err
			}
			c := p.config(nodes)
			if err := errors.Join(atLeast("quorum", 1, nodes), c.Validate()); err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        func(sim.NodeID) sim.Process { return quorum.NewDynamo(c) },
				Properties: c.Properties(),
				Measures:   quorumMeasures,
				Serving:    c.Serving,
			}, nil
		},
	}
}

// ABDParams are the parameters of "abd".
type ABDParams struct {
	Quorums   string        `yaml:"quorums" jsonschema:"enum=majority,enum=weighted,enum=read-one-write-all,enum=grid,description=which sets of servers are quorums"`
	Votes     []int         `yaml:"votes" jsonschema:"description=weighted: the votes of the servers"`
	Read      int           `yaml:"read" jsonschema:"description=weighted: the votes that a read takes"`
	Write     int           `yaml:"write" jsonschema:"description=weighted: the votes that a write takes"`
	Columns   int           `yaml:"columns" jsonschema:"description=grid: how many columns the servers stand in"`
	Writers   string        `yaml:"writers" jsonschema:"enum=multi,enum=single,description=whether any server coordinates writes; or server 0 alone which then need not ask for the last timestamp"`
	Home      bool          `yaml:"home" jsonschema:"description=whether one server coordinates all writes of a client so that the client may repeat them"`
	WriteBack bool          `yaml:"write-back" jsonschema:"description=whether a read brings what it found to a write quorum before it returns"`
	Resend    time.Duration `yaml:"resend" jsonschema:"description=how often servers that have not answered are asked again; 0s for never"`
	Timeout   time.Duration `yaml:"timeout" jsonschema:"description=how long a server waits for a quorum"`
	Bug       string        `yaml:"bug" jsonschema:"description=a fault of implementation to plant; none if empty"`
}

func (p ABDParams) config(servers int) (quorum.ABDConfig, error) {
	c := quorum.ABDConfig{
		Servers: servers, SingleWriter: p.Writers == "single", Home: p.Home, WriteBack: p.WriteBack, Resend: p.Resend,
		Timeout: p.Timeout, Bug: quorum.Bug(p.Bug),
	}
	var errs []error
	if p.Writers != "single" && p.Writers != "multi" {
		errs = append(errs, fmt.Errorf("protocols: abd writers is %q, want single or multi", p.Writers))
	}
	switch p.Quorums {
	case "majority":
	case "weighted":
		c.Quorums = quorum.Weighted{Votes: p.Votes, R: p.Read, W: p.Write}
	case "read-one-write-all":
		c.Quorums = quorum.ReadOneWriteAll(servers)
	case "grid":
		if p.Columns < 1 || servers%p.Columns != 0 {
			errs = append(errs, fmt.Errorf("protocols: abd columns is %d, want a divisor of the servers, which are %d", p.Columns, servers))
			break
		}
		c.Quorums = quorum.Grid{Rows: servers / p.Columns, Columns: p.Columns}
	default:
		errs = append(errs, fmt.Errorf("protocols: abd quorums is %q, want majority, weighted, read-one-write-all or grid", p.Quorums))
	}
	return c, errors.Join(append(errs, c.Validate())...)
}

func abd() Entry {
	return Entry{
		Name:  "abd",
		About: "Atomic registers over quorums, without consensus: Attiya, Bar-Noy and Dolev; several writers as by Lynch and Shvartsman",
		Params: func() any {
			return &ABDParams{
				Quorums: "majority", Columns: 1, Writers: "multi", WriteBack: true, Resend: 100 * time.Millisecond, Timeout: time.Second,
			}
		},
		Serves: true,
		Lies:   true,
		Bugs:   abdBugs(),
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[ABDParams]("abd", params)
			if err != nil {
				return Instance{}, err
			}
			c, err := p.config(nodes)
			if err := errors.Join(atLeast("abd", 1, nodes), err); err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        func(sim.NodeID) sim.Process { return quorum.NewABD(c) },
				Properties: c.Properties(),
				Measures:   abdMeasures,
				Serving:    c.Serving,
				Promises:   c.Promises(),
			}, nil
		},
	}
}

// quorumMeasures reads what the servers have counted since they last started, and how far the replicas are apart.
func quorumMeasures(v sim.View) []Measure {
	c := quorum.CountsOf(v)
	perSync := count("entries per sync", "entries", 0)
	perSync.Value = math.NaN()
	if c.Syncs > 0 {
		perSync.Value, perSync.N = float64(c.Exchanged)/float64(c.Syncs), c.Syncs
	}
	return []Measure{
		count("replicas repaired", "entries", c.Repaired),
		count("hints kept", "hints", c.HintsKept),
		count("hints delivered", "hints", c.HintsDelivered),
		count("reads with siblings", "reads", c.Siblings),
		count("hashes compared", "hashes", c.Compared),
		count("entries exchanged", "entries", c.Exchanged),
		perSync,
		count("tombstones collected", "tombstones", c.Collected),
		count("entries that differ", "entries", quorum.Diverged(v)),
	}
}

func abdMeasures(v sim.View) []Measure {
	c := quorum.CountsOf(v)
	return []Measure{
		count("reads answered", "reads", c.Gets),
		count("writes answered", "writes", c.Puts),
		count("entries that differ", "entries", quorum.Diverged(v)),
	}
}
