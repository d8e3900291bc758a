package protocols

import (
	"errors"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// KVParams are the parameters of "kv".
type KVParams struct {
	Expiry   time.Duration `yaml:"expiry" jsonschema:"description=how long a session lasts unused by the server's clock; 0s is for ever"`
	Snapshot int           `yaml:"snapshot" jsonschema:"minimum=0,description=how many records the server logs before a snapshot takes their place; 0 is no snapshots"`
	Bug      kv.Bug        `yaml:"bug" jsonschema:"description=a fault of implementation; empty is none"`
}

func singleKV() Entry {
	return Entry{
		Name:   "kv",
		About:  "A key-value store on one server, with a durable log and sessions; other nodes refer to it",
		Params: func() any { return &KVParams{Expiry: time.Hour, Snapshot: 100} },
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[KVParams]("kv", params)
			if err != nil {
				return Instance{}, err
			}
			cfg := kv.ServerConfig{Expiry: p.Expiry, Snapshot: p.Snapshot, Bug: p.Bug}
			return Instance{
				New: func(id sim.NodeID) sim.Process {
					if id == 0 {
						return kv.NewServer(cfg)
					}
					return kv.Referrer{To: 0}
				},
				Properties: kv.Properties(),
				Measures:   kvMeasures,
				Serving:    func(v sim.View) bool { return v.Works(0) },
				Promises:   []string{"linearizable", "sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads", "effects-once"},
			}, errors.Join(cfg.Validate(), atLeast("kv", 1, nodes))
		},
		Serves: true,
		Lies:   true,
		Bugs: []Bug{
			{string(kv.VolatileSessions), "the table of sessions is in memory only: a retry after a restart takes effect again (Birrell and Nelson 1984)",
				"linearizable", "kv-hunt", nil},
			{string(kv.NoDedup), "tokens are ignored: every copy of a request is executed", "linearizable", "kv-hunt", nil},
			{string(kv.ReplyBeforeDurable), "the answer leaves before its record is on the disk: a crash loses an acknowledged write", "linearizable", "kv-hunt", nil},
			{string(kv.DirtyRead), "a get is answered from memory: it shows a write that a crash then takes back", "linearizable", "kv-hunt", nil},
			{string(kv.TrimEarly), "records are removed before the snapshot in their stead is on the disk: a crash in between loses both", "linearizable", "kv-hunt",
				[]string{"params.snapshot=5"}},
		},
	}
}

// kvMeasures counts what the server executed since it last started.
func kvMeasures(v sim.View) []Measure {
	executed := 0
	if s, ok := v.Process(0).(*kv.Server); ok {
		executed = int(s.Executed)
	}
	return []Measure{count("commands", "commands", executed)}
}
