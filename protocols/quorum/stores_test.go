package quorum_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

const (
	calm   = 2500 * ms // when the faults of a swarm are over
	finish = 8 * time.Second
)

var everything = quorum.Config{
	Servers: 5, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Repair: true, HandOff: 40 * ms, HintEvery: 100 * ms,
	SyncEvery: 100 * ms, Leaves: 4, Timeout: 150 * ms,
}

func with(c quorum.Config, change func(*quorum.Config)) quorum.Config {
	change(&c)
	return c
}

var stores = map[string]quorum.Config{
	"wall clock":     everything,
	"hybrid clock":   with(everything, func(c *quorum.Config) { c.Versions = quorum.Hybrid }),
	"vectors":        with(everything, func(c *quorum.Config) { c.Versions = quorum.Vector }),
	"sloppy":         with(everything, func(c *quorum.Config) { c.Sloppy = true }),
	"sloppy vectors": with(everything, func(c *quorum.Config) { c.Sloppy, c.Versions = true, quorum.Vector }),
	"one of three":   with(everything, func(c *quorum.Config) { c.Quorums = quorum.Threshold{N: 3, R: 1, W: 1} }),
	"weighted": with(everything, func(c *quorum.Config) {
		c.Quorums = quorum.Weighted{Votes: []int{2, 1, 1}, R: 2, W: 3}
	}),
	"grid": with(everything, func(c *quorum.Config) {
		c.Servers, c.Quorums = 6, quorum.Grid{Rows: 2, Columns: 2}
	}),
	"anti-entropy alone": with(everything, func(c *quorum.Config) { c.Repair, c.HandOff = false, 0 }),
}

var shopping = kv.Plain{Ops: 40, Keys: 6, Think: 30 * ms, Gets: 5, Puts: 5, Deletes: 1}

// Whatever the mechanisms, through crashes, partitions, losses, duplicates, late messages, and clocks that are wrong: the claims
// of Properties hold, and when the faults are over the replicas converge.
func TestDynamoInTrouble(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "sloppy vectors" && name != "wall clock" {
				t.Skip("two are enough for a quick look")
			}
			newServer, claims := dynamo(c)
			cfg := world(c.Servers, 4, newServer, append(claims, quorum.ConvergedAfter(sim.Time(calm))), kv.ClientConfig{Workload: shopping})
			cfg.Until = sim.Time(finish)
			o := simtest.Options{
				Vary: func(seed uint64, cfg *sim.Config) {
					cfg.Faults = []sim.Fault{trouble(seed, c.Servers, cfg.Nodes, calm)}
				},
				Check: func(v sim.View, _ *sim.Result) error { return quorum.Converged(v) },
			}
			if testing.Short() || name != "sloppy vectors" {
				o.Runs = 5
			}
			simtest.Run(t, cfg, o)
		})
	}
}

var registers = map[string]quorum.ABDConfig{
	"majority":      {Servers: 5, WriteBack: true, Resend: 40 * ms, Timeout: 200 * ms},
	"single writer": {Servers: 5, WriteBack: true, SingleWriter: true, Resend: 40 * ms, Timeout: 200 * ms},
	"home":          {Servers: 5, WriteBack: true, Home: true, Resend: 40 * ms, Timeout: 200 * ms},
	"weighted":      {Servers: 5, WriteBack: true, Quorums: quorum.Weighted{Votes: []int{3, 1, 1, 1, 1}, R: 4, W: 4}, Resend: 40 * ms, Timeout: 200 * ms},
	"grid":          {Servers: 4, WriteBack: true, Quorums: quorum.Grid{Rows: 2, Columns: 2}, Resend: 40 * ms, Timeout: 200 * ms},
	"read one":      {Servers: 3, WriteBack: true, Quorums: quorum.ReadOneWriteAll(3), Resend: 40 * ms, Timeout: 200 * ms},
	"no resending":  {Servers: 5, WriteBack: true, Timeout: 200 * ms},
}

// The worlds that the tests of ABD run.
func registerWorld(c quorum.ABDConfig) sim.Config {
	newServer, claims := abd(c)
	client := kv.ClientConfig{Timeout: 300 * ms, Workload: kv.Plain{Ops: 60, Keys: 1, Think: 15 * ms, Gets: 1, Puts: 1}}
	if c.Home { // makes it sound
		client.Repeat, client.Retry, client.Timeout = true, kv.Fixed{Wait: 20 * ms, Attempts: 4}, 120*ms
	}
	cfg := world(c.Servers, 4, newServer, claims, client)
	cfg.Until = sim.Time(finish)
	return cfg
}

func vary(seed uint64, cfg *sim.Config, servers int) {
	cfg.Faults = []sim.Fault{trouble(seed, servers, cfg.Nodes, calm)}
}

// A tombstone that is older than all else can go.
func TestTombstonesAreCollected(t *testing.T) {
	c := with(everything, func(c *quorum.Config) { c.Grace = 2 * time.Second })
	newServer, claims := dynamo(c)
	cfg := world(5, 3, newServer, claims, kv.ClientConfig{Workload: kv.Plain{Ops: 40, Keys: 3, Think: 20 * ms, Gets: 1, Puts: 1, Deletes: 1}})
	cfg.Until = sim.Time(finish)
	cfg.Disk = nil
	collected := 0
	simtest.Run(t, cfg, simtest.Options{Runs: 5, Check: func(v sim.View, _ *sim.Result) error {
		collected += quorum.CountsOf(v).Collected
		return quorum.Converged(v)
	}})
	require.Positive(t, collected)
}

// Anti-entropy sends what differs, and little else: with one key in 400 missing at one replica, the roots, the two
// children of the differing node at each of the 6 levels below, and the entries of one leaf of 64.
func TestAntiEntropySendsWhatDiffers(t *testing.T) {
	const keys = 400
	c := quorum.Config{Servers: 2, Quorums: quorum.Threshold{N: 2, R: 1, W: 1}, SyncEvery: 10 * time.Second, Leaves: 64}
	var asks []ask
	for i := range keys {
		asks = append(asks, ask{time.Duration(i) * ms, 0, put(0, "k"+time.Duration(i).String(), "v").Op})
	}
	w, err := sim.New(sim.Config{Nodes: 3, Network: near{2}, Drop: []sim.MessageName{{From: 0, To: 1, K: 100}}, Until: sim.Time(25 * time.Second),
		New: func(id sim.NodeID) sim.Process {
			if id == 2 {
				return &asker{asks}
			}
			return quorum.NewDynamo(c)
		}})
	require.NoError(t, err)
	require.NoError(t, w.RunUntil(sim.Time(time.Second)))
	require.Positive(t, quorum.Diverged(w.View()))
	require.NoError(t, w.Run().Err)
	require.NoError(t, quorum.Converged(w.View()))
	n := quorum.CountsOf(w.View())
	require.Equal(t, 1, n.Mended)
	require.Less(t, n.Exchanged, 15, "entries of one leaf, which has 400/(2*64), about 3, and the missing one back")
	require.Equal(t, 2*n.Syncs+2*6, n.Compared, "two roots a comparison, and two children at each level of one of them")
}

func TestDynamoContract(t *testing.T) {
	for _, versions := range []quorum.Versions{quorum.Vector, quorum.Wall, quorum.Hybrid} {
		t.Run(string(versions), func(t *testing.T) {
			if testing.Short() && versions != quorum.Vector {
				t.Skip("one is enough for a quick look")
			}
			c := with(everything, func(c *quorum.Config) {
				c.Servers, c.Quorums, c.Leaves, c.Sloppy, c.Versions = 3, quorum.Threshold{N: 2, R: 1, W: 2}, 2, true, versions
			})
			newServer, _ := dynamo(c)
			cfg := world(3, 1, newServer, nil, kv.ClientConfig{Workload: shopping})
			cfg.Faults = []sim.Fault{trouble(4, 3, 4, 400*ms)}
			simtest.TestProcess(t, cfg)
			if versions == quorum.Vector {
				simtest.Determinism(t, cfg)
			}
		})
	}
}

func TestABDContract(t *testing.T) {
	c := registers["majority"]
	c.Servers = 3
	cfg := registerWorld(c)
	cfg.Properties = nil
	simtest.TestProcess(t, cfg)
	simtest.Determinism(t, cfg)
}

// What a seed means. A change of these numbers goes into the changelog.
func TestGolden(t *testing.T) {
	newServer, claims := dynamo(stores["sloppy vectors"])
	store := world(5, 3, newServer, claims, kv.ClientConfig{Workload: shopping})
	for _, c := range []struct {
		cfg  sim.Config
		want uint64
	}{{store, 0xef829a333299f5f9}, {registerWorld(registers["majority"]), 0xef8f166f39b0c381}} {
		c.cfg.Seed = 7
		vary(7, &c.cfg, 5)
		w, err := sim.New(c.cfg)
		require.NoError(t, err)
		r := w.Run()
		require.NoError(t, r.Err)
		require.Equal(t, c.want, r.Digest, "%#x", r.Digest)
	}
}
