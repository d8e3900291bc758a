package kv_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// rough loses one message in ten, delays one in ten by up to 400 ms, and duplicates a share.
type rough struct{ duplicates float64 }

func (n rough) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	way := func() sim.Copy {
		if r.Bool(0.1) {
			return sim.Copy{Delay: r.Duration(20*ms, 400*ms)}
		}
		return sim.Copy{Delay: r.Duration(ms, 5*ms)}
	}
	if r.Bool(0.1) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	if r.Bool(n.duplicates) {
		dst = append(dst, way())
	}
	return append(dst, way())
}

// restarts crashes node 0 again and again, half of the times in the middle of a handler, for the first three seconds.
type restarts struct{}

func (restarts) Next(now sim.Time, v sim.View, r *sim.Rand) (sim.Time, sim.Action, bool) {
	const calm, end = sim.Time(3 * time.Second), sim.Time(4 * time.Second)
	switch {
	case now >= end:
		return 0, nil, false
	case now >= calm: // a crash that was planned has come by then: clients keep the server busy
		return end, sim.Recover{Node: 0}, true
	case !v.Up(0):
		return now.Add(r.Duration(ms, 100*ms)), sim.Recover{Node: 0}, true
	case r.Bool(0.5):
		return now.Add(r.Duration(10*ms, 400*ms)), sim.CrashDuring{Node: 0, After: r.IntN(4)}, true
	}
	return now.Add(r.Duration(10*ms, 400*ms)), sim.Crash{Node: 0}, true
}

// troubled are clients that append to and read two keys.
var troubled = kv.ClientConfig{
	Servers: 2, Timeout: 40 * ms, Deadline: 300 * ms, Retry: kv.FullJitter{Base: 5 * ms, Cap: 200 * ms}, Hedge: 25 * ms, Tokens: true, Sticky: true, Lanes: 2,
	Workload: kv.Plain{Ops: 80, Keys: 2, Think: 60 * ms, Open: true, Gets: 1, Appends: 1},
}

// trouble is a world of a server that is restarted, another that refers to it, and four clients, on a rough network and
// disks that take their time.
func trouble(server kv.ServerConfig, client kv.ClientConfig) sim.Config {
	network := rough{0.1}
	if client.NoDuplicates {
		network.duplicates = 0
	}
	return sim.Config{
		Nodes: client.Servers + 4, Network: network, Disk: sim.LatentDisk{Min: ms, Max: 8 * ms, Kept: 0.3, Torn: 0.3},
		Faults: []sim.Fault{restarts{}}, Limits: sim.Limits{Events: 1_000_000}, Properties: kv.Properties(),
		New: func(id sim.NodeID) sim.Process {
			switch {
			case id == 0:
				return kv.NewServer(server)
			case int(id) < client.Servers:
				return kv.Referrer{To: 0}
			}
			return kv.NewClient(client)
		},
	}
}

// atomic judges a history of appends and reads of one key against the final value: each append that was acknowledged is
// there once, each that failed is not, each unknown one at most once; each read saw a beginning of the value; and what
// returned before something else was asked for comes before it. With unique values that is linearizability.
func atomic(h check.History, final string) error {
	place := map[string]int{} // of an append, from 1
	for i, v := range strings.Split(final, "c")[1:] {
		if _, twice := place["c"+v]; twice {
			return fmt.Errorf("c%s took effect twice", v)
		}
		place["c"+v] = i + 1
	}
	after := make([]int, len(h)) // how many appends an operation comes after, itself included; -1 for none that is known
	for i, o := range h {
		after[i] = -1
		n, there := place[o.Op.Value]
		switch {
		case o.Op.Kind == kv.Append && there && o.Outcome == check.Failed:
			return fmt.Errorf("%s failed, and took effect", o.Op.Value)
		case o.Op.Kind == kv.Append && there:
			after[i] = n
		case o.Op.Kind == kv.Append && o.Outcome == check.OK:
			return fmt.Errorf("%s was acknowledged, and is lost", o.Op.Value)
		case o.Op.Kind == kv.Get && o.Outcome == check.OK && !strings.HasPrefix(final, o.Result.Value):
			return fmt.Errorf("operation %d read %q, which the value never was", o.ID, o.Result.Value)
		case o.Op.Kind == kv.Get && o.Outcome == check.OK:
			after[i] = strings.Count(o.Result.Value, "c")
		}
	}
	for i, a := range h {
		for j, b := range h {
			if after[j] >= 0 && a.Return < b.Invoke && (after[i] > after[j] || after[i] == after[j] && b.Op.Kind == kv.Append) {
				return fmt.Errorf("operation %d returned before %d was asked for, and comes after it", i, j)
			}
		}
	}
	return nil
}

// judge judges a whole run.
func judge(v sim.View, h check.History) error {
	server, ok := v.Process(0).(*kv.Server)
	if !ok {
		return fmt.Errorf("the server is down")
	}
	for _, key := range []string{"k0", "k1"} {
		of := slices.DeleteFunc(slices.Clone(h), func(o check.Operation) bool { return o.Op.Key != key })
		if err := atomic(of, server.Store().Get(key).Value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// runs is how many seeds a swarm of this package has.
func runs() int {
	if testing.Short() {
		return 4
	}
	return simtest.DefaultRuns
}

// What a client asked for takes effect once, and what was acknowledged is not lost: whatever is lost, repeated and late,
// and wherever the server crashes.
func TestOnceDespiteEverything(t *testing.T) {
	closed, certain := troubled, troubled
	closed.Workload = kv.Plain{Ops: 80, Keys: 2, Think: 60 * ms, Gets: 1, Appends: 1}
	certain.NoDuplicates, certain.Sticky, certain.Retry = true, false, kv.Fixed{Wait: 5 * ms, Attempts: 2}
	for name, c := range map[string]struct {
		server kv.ServerConfig
		client kv.ClientConfig
		seen   func(kv.Counts) bool // what the case is about
	}{
		"log":             {kv.ServerConfig{}, troubled, func(c kv.Counts) bool { return c.Unknown > 0 && c.Late > 0 }},
		"snapshots":       {kv.ServerConfig{Snapshot: 5}, troubled, func(c kv.Counts) bool { return c.Redirects > 0 && c.Hedges > 0 }},
		"sessions expire": {kv.ServerConfig{Snapshot: 50, Expiry: 100 * ms}, troubled, func(c kv.Counts) bool { return c.Expired > 0 }},
		"closed loop":     {kv.ServerConfig{Snapshot: 20}, closed, func(c kv.Counts) bool { return c.Unknown > 0 }},
		"certain to fail": {kv.ServerConfig{Snapshot: 20}, certain, func(c kv.Counts) bool { return c.Failed > 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			var rec *kv.Recorder
			var sum kv.Counts
			restarted := 0
			simtest.Run(t, trouble(c.server, c.client), simtest.Options{
				Runs: runs(),
				Vary: func(_ uint64, cfg *sim.Config) { rec = kv.NewRecorder(); cfg.Observers = []sim.Observer{rec} },
				Check: func(v sim.View, _ *sim.Result) error {
					sum, restarted = sum.Add(kv.CountsOf(v)), restarted+v.Incarnation(0)
					return judge(v, rec.History(sim.Never))
				},
			})
			t.Logf("%+v, %d restarts", sum, restarted)
			require.True(t, c.seen(sum))
			require.Greater(t, sum.Attempts, sum.Asked*11/10)
			require.Positive(t, restarted)
		})
	}
}

// mixed are clients that do everything to many keys.
func mixed() kv.ClientConfig {
	c := troubled
	c.Deadline = time.Second
	c.Workload = kv.Plain{Ops: 80, Keys: 8, Think: 60 * ms, Open: true, Gets: 4, Puts: 2, Appends: 1, Swaps: 2, Deletes: 1}
	return c
}

func TestHistoriesAreLinearizable(t *testing.T) {
	var rec *kv.Recorder
	simtest.Run(t, trouble(kv.ServerConfig{Snapshot: 20}, mixed()), simtest.Options{
		Runs: runs(),
		Vary: func(_ uint64, cfg *sim.Config) { rec = kv.NewRecorder(); cfg.Observers = []sim.Observer{rec} },
		Check: func(v sim.View, _ *sim.Result) error {
			if r := check.Linearizable(rec.History(sim.Never), check.Options{}); r.Verdict != check.Holds {
				return errors.New(r.String())
			}
			return nil
		},
	})
}

// caught returns the first seed at which a planted bug shows, and how.
func caught(t *testing.T, cfg sim.Config, judge func(sim.View, check.History) error) (uint64, error) {
	t.Helper()
	for seed := uint64(1); seed <= 20; seed++ {
		rec := kv.NewRecorder()
		cfg.Seed, cfg.Observers = seed, []sim.Observer{rec}
		w, err := sim.New(cfg)
		require.NoError(t, err)
		require.NoError(t, w.Run().Err)
		if err := judge(w.View(), rec.History(sim.Never)); err != nil {
			return seed, err
		}
	}
	return 0, nil
}

// Each planted bug shows in what is there in the end, and in the history alone.
func TestPlantedBugsAreCaught(t *testing.T) {
	for bug, want := range map[kv.Bug]string{
		kv.VolatileSessions:   "took effect twice",
		kv.NoDedup:            "took effect twice",
		kv.ReplyBeforeDurable: "and is lost",
		kv.DirtyRead:          "which the value never was",
		kv.TrimEarly:          "and is lost",
	} {
		t.Run(string(bug), func(t *testing.T) {
			server := kv.ServerConfig{Snapshot: 5, Bug: bug}
			seed, err := caught(t, trouble(server, troubled), judge)
			require.ErrorContains(t, err, want, "seed %d", seed)
			seed, err = caught(t, trouble(server, troubled), func(_ sim.View, h check.History) error {
				if r := check.Linearizable(h, check.Options{}); r.Verdict == check.Violated {
					return errors.New(r.String())
				}
				return nil
			})
			t.Logf("seed %d: %v", seed, err)
			require.Error(t, err)
		})
	}
}

func TestServerContract(t *testing.T) {
	simtest.TestProcess(t, trouble(kv.ServerConfig{Snapshot: 5}, troubled))
}

func TestServerDeterminism(t *testing.T) {
	simtest.Determinism(t, trouble(kv.ServerConfig{Snapshot: 5}, troubled))
}

// What a seed means.
func TestGolden(t *testing.T) {
	cfg := trouble(kv.ServerConfig{Snapshot: 5}, troubled)
	cfg.Seed = 1
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	require.Equal(t, uint64(0x5e4006c99df74557), r.Digest)
}

func TestServerReportsEverything(t *testing.T) {
	err := kv.ServerConfig{Expiry: -1, Snapshot: -1, Bug: "none"}.Validate()
	for _, want := range []string{"kv: ServerConfig.Expiry is -1ns", "kv: ServerConfig.Snapshot is -1",
		`kv: ServerConfig.Bug is "none", want none or one of volatile-sessions no-dedup reply-before-durable dirty-read trim-early`} {
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, kv.ServerConfig{Bug: kv.NoDedup}.Validate())
}

func TestReferrer(t *testing.T) {
	r := simtest.Record(t, kv.Referrer{To: 2}, 1, 3)
	require.Empty(t, r.Init())
	require.Equal(t, []simtest.Sent{{To: 0, Message: kv.Reply{ID: 9, Status: kv.NotLeader, Leader: 2}}}, r.Receive(0, kv.Request{ID: 9}).Sends)
}
