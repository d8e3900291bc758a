package quorum_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// judge says whether a history has stale reads, and whether it is linearizable.
func judge(h check.History) (stale int, linear error) {
	s := check.MeasureStaleness(h, nil)
	switch r := check.Linearizable(h, check.Options{}); r.Verdict {
	case check.Holds:
	case check.Violated:
		linear = errors.New(r.Detail)
	default:
		panic(r.String())
	}
	return s.Stale, linear
}

// The registers of ABD with the write-back are linearizable, whatever goes wrong and whatever the quorums.
func TestABDIsLinearizable(t *testing.T) {
	for name, c := range registers {
		t.Run(name, func(t *testing.T) {
			cfg := registerWorld(c)
			rec := kv.NewRecorder()
			cfg.Observers = []sim.Observer{rec}
			o := simtest.Options{
				Vary: func(seed uint64, cfg *sim.Config) { vary(seed, cfg, c.Servers) },
				Check: func(sim.View, *sim.Result) error {
					_, err := judge(rec.History(sim.Never))
					return err
				},
			}
			if name != "majority" {
				o.Runs = 5
			}
			if testing.Short() {
				o.Runs = 2
			}
			simtest.Run(t, cfg, o)
		})
	}
}

// What else is promised holds too: to clients of a single writer also without the write-back.
func TestABDKeepsItsPromises(t *testing.T) {
	regular := registers["single writer"]
	regular.WriteBack = false
	for _, c := range []quorum.ABDConfig{registers["majority"], regular} {
		require.NotEmpty(t, c.Promises())
		cfg := registerWorld(c)
		rec := kv.NewRecorder()
		cfg.Observers = []sim.Observer{rec}
		simtest.Run(t, cfg, simtest.Options{Runs: 3,
			Vary: func(seed uint64, cfg *sim.Config) { vary(seed, cfg, c.Servers) },
			Check: func(sim.View, *sim.Result) error {
				for _, name := range c.Promises() {
					promised, ok := check.Find(name)
					if !ok {
						return errors.New("no check " + name)
					}
					r := promised.Run(rec.History(sim.Never), check.Options{RealTime: c.WriteBack, Budget: 20_000})
					if r.Verdict == check.Violated || r.Verdict == check.Undecided && name != "sequential" {
						return errors.New(r.String())
					}
				}
				return nil
			},
		})
	}
}

// quiet is a store that nothing befalls but delays.
func quiet(newServer func() sim.Process, claims []sim.Property) (sim.Config, *kv.Recorder) {
	cfg := world(3, 4, newServer, claims, kv.ClientConfig{Workload: kv.Plain{Ops: 40, Keys: 1, Think: 5 * ms, Gets: 3, Puts: 1}})
	rec := kv.NewRecorder()
	cfg.Network, cfg.Disk, cfg.Clock = mesh{late: 0.1}, nil, nil
	cfg.Observers = []sim.Observer{rec}
	return cfg, rec
}

// sweep runs seeds, all of which must keep the store's claims and have no stale read, and returns those whose history is
// not linearizable.
func sweep(t *testing.T, seeds uint64, newServer func() sim.Process, claims []sim.Property) (broken []uint64) {
	t.Helper()
	for seed := uint64(1); seed <= seeds; seed++ {
		cfg, rec := quiet(newServer, claims)
		cfg.Seed = seed
		w, err := sim.New(cfg)
		require.NoError(t, err)
		require.NoError(t, w.Run().Err)
		h := rec.History(sim.Never)
		stale, linear := judge(h)
		require.Zero(t, stale, "seed %d", seed)
		if linear != nil {
			if len(broken) == 0 {
				t.Logf("seed %d: no read is stale, but %v", seed, linear)
			}
			broken = append(broken, seed)
		}
	}
	return broken
}

// With R + W > N, clocks that are right, and nothing worse than delays, no read is stale: none returns a version older than
// one whose write had returned. Yet what clients see is not linearizable: of two reads during a write, the earlier finds it
// and the later does not. So it is with ABD's registers without the write-back; with it, never.
func TestNoStaleReadIsNotLinearizable(t *testing.T) {
	store, storeClaims := dynamo(quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}})
	regular, regularClaims := abd(quorum.ABDConfig{Servers: 3})
	atomic, atomicClaims := abd(quorum.ABDConfig{Servers: 3, WriteBack: true})
	for _, c := range []struct {
		name      string
		newServer func() sim.Process
		claims    []sim.Property
		broken    bool
	}{
		{"R+W>N", store, storeClaims, true},
		{"ABD without the write-back", regular, regularClaims, true},
		{"ABD", atomic, atomicClaims, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := sweep(t, 20, c.newServer, c.claims)
			t.Logf("seeds that are not linearizable: %v", broken)
			require.Equal(t, c.broken, len(broken) > 0)
		})
	}
}

// The story of testdata/new_old_inversion.txt as a history: no stale read, and no order that explains it. With the write-back,
// as in testdata/write_back.txt, there is one.
func TestNewOldInversion(t *testing.T) {
	for _, writeBack := range []bool{false, true} {
		t.Run(fmt.Sprint(writeBack), func(t *testing.T) {
			asks := map[sim.NodeID]kv.Ask{3: {Kind: kv.Put, Key: "x"}, 4: {Wait: 30 * ms, Kind: kv.Get, Key: "x"}, 5: {Wait: 80 * ms, Kind: kv.Get, Key: "x"}}
			contact := map[sim.NodeID]sim.NodeID{3: 0, 4: 0, 5: 1}
			rec := kv.NewRecorder()
			w, err := sim.New(sim.Config{
				Nodes: 6, Network: near{3}, Until: sim.Time(180 * ms), Observers: []sim.Observer{rec},
				Drop: []sim.MessageName{{From: 0, To: 1, K: 2}, {From: 0, To: 2, K: 2}, {From: 1, To: 0, K: map[bool]uint64{false: 3, true: 4}[writeBack]}},
				New: func(id sim.NodeID) sim.Process {
					if id < 3 {
						return quorum.NewABD(quorum.ABDConfig{Servers: 3, WriteBack: writeBack})
					}
					return kv.NewClient(kv.ClientConfig{Servers: 3, Contacts: []sim.NodeID{contact[id]}, Timeout: 170 * ms, Workload: once(asks[id])})
				},
			})
			require.NoError(t, err)
			require.NoError(t, w.Run().Err)
			h := rec.History(sim.Never)
			require.Len(t, h, 3)
			require.True(t, h[1].Result.Found)
			require.Equal(t, writeBack, h[2].Result.Found, "the later read")
			stale, linear := judge(h)
			require.Zero(t, stale)
			require.Equal(t, writeBack, linear == nil, "%v", linear)
		})
	}
}

// once is a workload of one operation.
type once kv.Ask

func (o once) Next(n uint64, _ *sim.Rand) (kv.Ask, bool) { return kv.Ask(o), n == 0 }

// farOff gives each node a clock that is off by up to half a second.
func farOff(_ sim.NodeID, r *sim.Rand) sim.Clock { return offset(r.Duration(0, 500*ms)) }

// A write by a server whose clock is behind is lost at once, even to the client that wrote it: by true time reads are stale
// that are not by the quorum rule. This is why Dynamo promises no session guarantee. A hybrid clock does not help a server
// that has not heard of the clock that is ahead.
func TestClockSkewLosesWrites(t *testing.T) {
	for _, versions := range []quorum.Versions{quorum.Wall, quorum.Hybrid} {
		t.Run(string(versions), func(t *testing.T) {
			newServer, claims := dynamo(quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Versions: versions})
			stale := 0
			for seed := uint64(1); seed <= 10; seed++ {
				cfg, rec := quiet(newServer, claims)
				cfg.Seed, cfg.Clock = seed, farOff
				w, err := sim.New(cfg)
				require.NoError(t, err)
				require.NoError(t, w.Run().Err, "by the quorum rule no read is stale")
				n, _ := judge(rec.History(sim.Never))
				stale += n
			}
			t.Logf("%d stale reads", stale)
			require.Positive(t, stale)
		})
	}
}
