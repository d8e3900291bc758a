package protocols

import (
	"errors"
	"math"
	"time"

	"lightcone/protocols/primarybackup"
	"lightcone/sim"
)

// PrimaryBackupParams are the parameters of "primary-backup".
type PrimaryBackupParams struct {
	Replication   string        `yaml:"replication" jsonschema:"enum=sync,enum=semi-sync,enum=async,description=when a write is acknowledged: when it is durable on all backups of the view or on some of them or on none"`
	Acks          int           `yaml:"acks" jsonschema:"minimum=1,description=semi-sync: how many backups must have a write"`
	Failover      string        `yaml:"failover" jsonschema:"enum=view-service,enum=naive,description=who replaces the primary: node 0 or each backup by itself; naive is unsafe"`
	Fencing       bool          `yaml:"fencing" jsonschema:"description=servers refuse to take part in views that are over; without it is unsafe"`
	Lease         time.Duration `yaml:"lease" jsonschema:"description=how long a primary serves on one answer of the view service; 0s is without leases"`
	DriftBound    int           `yaml:"drift-bound" jsonschema:"minimum=0,maximum=999999,description=lease: how far the rate of any clock is from true time at most in parts per million"`
	Reads         string        `yaml:"reads" jsonschema:"enum=replicated,enum=local,description=how a get is served: through the log or from the store of the primary; local is unsafe without a lease"`
	Ping          time.Duration `yaml:"ping" jsonschema:"description=how often servers ping the view service and primaries their backups"`
	Timeout       time.Duration `yaml:"timeout" jsonschema:"description=silence after which a server counts as failed"`
	SnapshotEvery int           `yaml:"snapshot-every" jsonschema:"minimum=0,description=applied entries between snapshots; 0 is none"`
	SnapshotChunk int           `yaml:"snapshot-chunk" jsonschema:"minimum=1,description=bytes of a snapshot sent at once"`
	MaxBatch      int           `yaml:"max-batch" jsonschema:"minimum=1,description=entries sent at once"`
	SessionExpiry time.Duration `yaml:"session-expiry" jsonschema:"description=how long a session lasts that is not used; 0s is for ever"`
	Bug           string        `yaml:"bug" jsonschema:"description=a fault of implementation to plant; empty is none"`
}

func (p PrimaryBackupParams) config(servers int) primarybackup.Config {
	return primarybackup.Config{
		Servers: servers, Replication: primarybackup.Replication(p.Replication), Acks: p.Acks,
		Failover: primarybackup.Failover(p.Failover), Unfenced: !p.Fencing,
		Lease: p.Lease, Drift: primarybackup.PPM(p.DriftBound), Reads: primarybackup.Reads(p.Reads),
		Ping: p.Ping, Timeout: p.Timeout, Compact: p.SnapshotEvery, Chunk: p.SnapshotChunk, Batch: p.MaxBatch,
		Expiry: p.SessionExpiry, Bug: primarybackup.Bug(p.Bug),
	}
}

func primaryBackup() Entry {
	return Entry{
		Name:   "primary-backup",
		About:  "A key-value store with a primary, backups and a view service (Alsberg and Day, 1976; Budhiraja et al., 1993)",
		Serves: true,
		Bugs:   primaryBackupBugs(),
		Params: func() any {
			return &PrimaryBackupParams{Replication: "sync", Acks: 1, Failover: "view-service", Fencing: true, DriftBound: 200, Reads: "replicated",
				Ping: 50 * time.Millisecond, Timeout: 200 * time.Millisecond, SnapshotChunk: 16384, MaxBatch: 64}
		},
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[PrimaryBackupParams]("primary-backup", params)
			if err != nil {
				return Instance{}, err
			}
			cfg := p.config(nodes)
			if err := errors.Join(atLeast("primary-backup", 1, nodes), cfg.Validate()); err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        func(id sim.NodeID) sim.Process { return primarybackup.New(cfg, id) },
				Properties: append(cfg.Properties(), cfg.Coverage()...),
				Measures:   func(v sim.View) []Measure { return primaryBackupMeasures(v, nodes) },
				Watch:      func() Watcher { return &primaryBackupWatch{primarybackup.NewWatch()} },
				Serving:    cfg.Serving,
				Promises:   primaryBackupPromises(cfg),
			}, nil
		},
	}
}

// primaryBackupPromises are what clients may rely on: all, or nothing. Where acknowledged writes can be lost a client
// sees its own write vanish, and a later one of its own without the one before; where a stale primary answers reads it
// sees the past after the present.
func primaryBackupPromises(c primarybackup.Config) []string {
	if !c.Linearizable() {
		return nil
	}
	return []string{"linearizable", "sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"}
}

// primaryBackupMeasures reads off the servers that are up what they did since they last started.
func primaryBackupMeasures(v sim.View, servers int) []Measure {
	promotions, transfers := 0, 0
	var view primarybackup.Number
	for id := range sim.NodeID(servers) {
		switch p := v.Process(id).(type) {
		case *primarybackup.Replica:
			promotions += p.Counts().Promotions
			transfers += p.Counts().Transfers
			view = max(view, p.View().Number)
		case *primarybackup.Service:
			view = max(view, p.View().Number)
		}
	}
	return []Measure{
		count("views", "views", int(view)),
		count("promotions", "promotions", promotions),
		count("state transfers", "transfers", transfers),
	}
}

// primaryBackupWatch measures what failovers cost.
type primaryBackupWatch struct{ *primarybackup.Watch }

func (w *primaryBackupWatch) Measures(v sim.View) []Measure {
	r := w.Report(v.Now())
	return []Measure{
		seconds("two primaries", r.Overlap),
		count("writes acknowledged", "writes", r.Acknowledged),
		count("writes acknowledged by a stale primary", "writes", r.Contested),
		count("writes lost", "writes", r.Lost),
		seconds("recovery point", r.Reach),
		meanSeconds("takeover", r.Takeovers),
		meanSeconds("downtime", r.Downtimes),
		seconds("longest time without a write", r.Gap),
	}
}

// seconds is a Measure of one duration.
func seconds(name string, d time.Duration) Measure {
	m := count(name, "s", 0)
	m.Value = d.Seconds()
	return m
}

// meanSeconds is a Measure of the mean of durations; NaN if there are none.
func meanSeconds(name string, all []time.Duration) Measure {
	m := Measure{Name: name, Unit: "s", Value: math.NaN(), N: len(all), Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
	if len(all) == 0 {
		return m
	}
	var sum, squares float64
	for _, d := range all {
		sum += d.Seconds()
	}
	m.Value = sum / float64(len(all))
	if len(all) < 2 {
		return m
	}
	for _, d := range all {
		e := d.Seconds() - m.Value
		squares += float64(e * e)
	}
	se := math.Sqrt(squares / float64(len(all)-1) / float64(len(all)))
	m.Low, m.High = m.Value-float64(4*se), m.Value+float64(4*se)
	return m
}
