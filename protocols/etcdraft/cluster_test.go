package etcdraft_test

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/protocols/consensus"
	"lightcone/protocols/etcdraft"
	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

const ms = time.Millisecond

// untidy loses and duplicates 5 % of the messages each, and delivers 5 % of the copies late.
type untidy struct{}

func (untidy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(.05) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	copies := 1
	if r.Bool(.05) {
		copies = 2
	}
	for range copies {
		d := r.Duration(ms, 3*ms)
		if r.Bool(.05) {
			d += r.Duration(20*ms, 420*ms)
		}
		dst = append(dst, sim.Copy{Delay: d})
	}
	return dst
}

// trouble crashes and partitions servers until a time.
func trouble(servers int, until time.Duration) sim.Fault {
	var all []sim.NodeID
	for id := range sim.NodeID(servers) {
		all = append(all, id)
	}
	return fault.Model{
		Laws: []fault.Law{
			fault.Renewal{Nodes: all, Up: dist.Exponential{Mean: 4e9}, Down: dist.Exponential{Mean: 5e8}},
			fault.Partitions{Up: dist.Exponential{Mean: 3e9}, Down: dist.Uniform{Lo: 2e8, Hi: 2e9}},
		},
		Until:  sim.Time(until),
		Budget: fault.Budget{F: servers / 2, Of: fault.Stopped},
	}
}

// cluster is servers, and clients that ask them.
func cluster(t testing.TB, cfg etcdraft.Config, clients int) sim.Config {
	t.Helper()
	require.NoError(t, cfg.Validate())
	client := kv.ClientConfig{Servers: cfg.Servers, Timeout: 200 * ms, Deadline: 5 * time.Second, Tokens: true, Sticky: true,
		Workload: kv.Plain{Keys: 3, Think: 40 * ms, Gets: 2, Puts: 2, Appends: 1}, Retry: kv.FullJitter{Base: 5 * ms, Cap: 500 * ms}}
	require.NoError(t, client.Validate())
	return sim.Config{
		Nodes: cfg.Servers + clients,
		New: func(id sim.NodeID) sim.Process {
			if int(id) < cfg.Servers {
				return etcdraft.New(id, cfg)
			}
			return kv.NewClient(client)
		},
		Disk:       sim.LatentDisk{Min: ms / 10, Max: 2 * ms, Kept: .3, Torn: .2},
		Properties: consensus.Properties(cfg.Servers),
	}
}

// hostile is a run with everything that can go wrong until two thirds of it are over, and must then recover.
func hostile(t testing.TB, cfg etcdraft.Config, until time.Duration) sim.Config {
	c := cluster(t, cfg, 3)
	c.Network, c.Until = untidy{}, sim.Time(until)
	c.Faults = []sim.Fault{trouble(cfg.Servers, until*2/3)}
	c.Properties = append(c.Properties, consensus.Coverage(cfg.Servers)...)
	c.Properties = append(c.Properties, consensus.Recovers(cfg.Servers, sim.Time(until*2/3), 3*time.Second))
	return c
}

func TestSurvivesEverything(t *testing.T) {
	configs := map[string]etcdraft.Config{
		"plain":                    {Servers: 5, SnapshotEvery: 40},
		"prevote and check quorum": {Servers: 3, SnapshotEvery: 30, PreVote: true, CheckQuorum: true, Reads: etcdraft.ReadIndex, FollowerReads: true},
		"one entry a message":      {Servers: 3, SnapshotEvery: 25, MaxMessage: 1, Window: 1, Reads: etcdraft.ReadLease, CheckQuorum: true},
	}
	for name, cfg := range configs {
		t.Run(name, func(t *testing.T) {
			runs := 8
			if testing.Short() {
				runs = 1
			}
			c := hostile(t, cfg, 12*time.Second)
			if testing.Short() {
				c.Properties = consensus.Properties(cfg.Servers)
			}
			if cfg.CheckQuorum { // a leader that is cut off steps down before another is elected, or nearly
				c.Properties = slices.DeleteFunc(c.Properties, func(p sim.Property) bool { return p.Name == "two lead at once" })
			}
			seen := kv.NewRecorder()
			c.Observers = []sim.Observer{seen}
			simtest.Run(t, c, simtest.Options{Runs: runs, Check: func(v sim.View, r *sim.Result) error {
				require.Greater(t, kv.CountsOf(v).OK, 20)
				report := check.Linearizable(seen.History(sim.Never), check.Options{})
				require.Equal(t, check.Holds, report.Verdict, "%v", report)
				return nil
			}})
		})
	}
}

// simtest.TestProcess walks all that a process holds, and does not come back from the protobuf library's tables of types.
// So the rules of a process are tested here: strict mode, in every swarm, sees to messages, writes and Envs; these are
// the others.

// A crash after any effect of any handler is survived.
func TestCrashesAnywhere(t *testing.T) {
	c := cluster(t, etcdraft.Config{Servers: 3, SnapshotEvery: 5}, 1)
	c.Until, c.Strict = sim.Time(5*time.Second), true
	for seed := range uint64(4) {
		var faults sim.Schedule
		for i := range sim.Time(16) {
			id, at := sim.NodeID(i%3), sim.Time(250*ms)*(i+1)
			faults = append(faults, sim.At{Time: at, Action: sim.CrashDuring{Node: id, After: int(i)%5 + int(seed)%2}},
				sim.At{Time: at + sim.Time(200*ms), Action: sim.Recover{Node: id}})
		}
		c.Seed, c.Faults = seed, []sim.Fault{faults}
		w, err := sim.New(c)
		require.NoError(t, err)
		r := w.Run()
		require.NoError(t, r.Err)
		require.Greater(t, r.Stats.Crashes, uint64(10))
		require.Equal(t, sim.Pass, r.Verdict)
	}
}

func TestUnknownMessagesPanic(t *testing.T) {
	w, err := sim.New(cluster(t, etcdraft.Config{Servers: 1}, 1))
	require.NoError(t, err)
	w.Steps(2)
	require.NoError(t, w.Inject(1, 0, "what"))
	require.ErrorContains(t, w.RunUntil(sim.Time(time.Second)), "got a string, want a Message or a kv.Request")
}

func TestDeterminism(t *testing.T) {
	c := hostile(t, etcdraft.Config{Servers: 3, SnapshotEvery: 20}, 3*time.Second)
	c.Seed = 1
	simtest.Determinism(t, c)
}

func digest(t testing.TB, c sim.Config) uint64 {
	w, err := sim.New(c)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	return r.Digest
}

// What a seed means.
func TestGoldenDigest(t *testing.T) {
	c := cluster(t, etcdraft.Config{Servers: 5, PreVote: true}, 0)
	c.Seed, c.Properties, c.Network, c.Until = 42, nil, untidy{}, sim.Time(20*time.Second)
	c.Faults = []sim.Fault{sim.Schedule{{Time: sim.Time(time.Second), Action: sim.Crash{Node: 0}}, {Time: sim.Time(2 * time.Second), Action: sim.Crash{Node: 1}},
		{Time: sim.Time(3 * time.Second), Action: sim.Recover{Node: 0}}, {Time: sim.Time(4 * time.Second), Action: sim.Recover{Node: 1}}}}
	require.Equal(t, "05ccffcbf59c20a5", fmt.Sprintf("%016x", digest(t, c)))
}

// raft's timeouts come from the seed also when worlds run side by side, and when somebody else in the program draws
// random numbers; and they do not come from elsewhere.
func TestWorldsInParallelAreTheSame(t *testing.T) {
	seeds := 6
	if testing.Short() {
		seeds = 2
	}
	c := hostile(t, etcdraft.Config{Servers: 3, SnapshotEvery: 20}, 4*time.Second)
	c.Properties = nil
	alone := make([]uint64, seeds)
	for i := range alone {
		c.Seed = uint64(i)
		alone[i] = digest(t, c)
	}
	require.NotEqual(t, alone[0], alone[1])
	together := make([][4]uint64, seeds)
	stop := make(chan struct{})
	var worlds, other sync.WaitGroup
	for i := range together {
		for k := range together[i] {
			worlds.Go(func() {
				c := c
				c.Seed = uint64(i)
				together[i][k] = digest(t, c)
			})
		}
	}
	other.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = rand.Read(make([]byte, 8))
				runtime.Gosched()
			}
		}
	})
	worlds.Wait()
	close(stop)
	other.Wait()
	for i := range together {
		for _, d := range together[i] {
			require.Equal(t, alone[i], d, "seed %d", i)
		}
	}
}

// What others read from crypto/rand is what they always read.
func TestOthersKeepTheirRandomness(t *testing.T) {
	a, b := make([]byte, 16), make([]byte, 16)
	_, err := rand.Read(a)
	require.NoError(t, err)
	_, err = rand.Reader.Read(b)
	require.NoError(t, err)
	require.NotEqual(t, a, b)
	require.NotEqual(t, make([]byte, 16), a)
}
