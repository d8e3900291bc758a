package detector_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/clock"
	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/protocols/detector"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// untidy loses, duplicates and reorders.
func untidy() sim.Network {
	return network.Duplicate{P: 0.1, Inner: network.Loss{P: 0.2, Inner: network.Latency{Law: exponential(60 * ms)}}}
}

func config(c detector.Config, nodes int) sim.Config {
	return sim.Config{
		Nodes: nodes, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: untidy(), Until: sim.Time(10 * time.Second),
		Clock: func(id sim.NodeID, r *sim.Rand) sim.Clock {
			return clock.Drift{Offset: r.Duration(0, time.Second), By: clock.PPB(r.IntN(400)-200) * clock.PPM}
		},
		Properties: c.Properties(),
	}
}

func TestContract(t *testing.T) {
	for _, c := range every() {
		t.Run(string(c.Algorithm), func(t *testing.T) {
			cfg := config(c, 3)
			cfg.Until = sim.Time(3 * time.Second)
			simtest.TestProcess(t, cfg)
		})
	}
}

func TestDeterminism(t *testing.T) {
	for _, c := range every() {
		simtest.Determinism(t, config(c, 4))
	}
}

// What a seed means, on every platform: the digest of a run of all algorithms, one after the other.
func TestGoldenDigest(t *testing.T) {
	var all []string
	for _, c := range every() {
		cfg := config(c, 4)
		cfg.Seed = 7
		w, err := sim.New(cfg)
		require.NoError(t, err)
		require.NoError(t, w.Run().Err)
		all = append(all, fmt.Sprintf("%s %016x", c.Algorithm, w.Digest()))
	}
	require.Equal(t, `timeout 531e16cfc5310dbc
growing 0708aeddc9bbb052
ping c43cc1581c782e1b
nfd-s fc46651f1f9f8bf3
nfd-e a2adae7b2f405cc2
phi cf0ce4ae85b3a730
phi-exponential 58d51b07595ff427`, strings.Join(all, "\n"))
}

// Crashes, pauses, cuts and stepped clocks on an untidy network: the outputs follow the deadlines, and in the end
// whoever is down is suspected and nobody is for ever who is not.
func TestSwarm(t *testing.T) {
	for _, c := range every() {
		t.Run(string(c.Algorithm), func(t *testing.T) {
			cfg := config(c, 4)
			cfg.Properties = append(cfg.Properties, crashSeen(), mistakeMade(sim.Never))
			simtest.Run(t, cfg, simtest.Options{Runs: 10, Vary: func(seed uint64, cfg *sim.Config) {
				r := sim.NewRand(seed, sim.ForStudy)
				moment := func(second int) sim.Time {
					return sim.Time(r.Duration(0, time.Second)) + sim.Time(second)*sim.Time(time.Second)
				}
				cfg.Shuffle = seed%2 == 0
				cfg.Faults = []sim.Fault{sim.Schedule{
					{Time: moment(1), Action: sim.Crash{Node: 2}},
					{Time: moment(2), Action: sim.Pause{Node: 1}},
					{Time: moment(3), Action: sim.Recover{Node: 2}},
					{Time: moment(4), Action: sim.Resume{Node: 1}},
					{Time: moment(5), Action: sim.Cut{Name: "trench", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2, 3}}},
					{Time: moment(6), Action: sim.StepWall{Node: 0, By: r.Duration(-time.Second, time.Second)}},
					{Time: moment(7), Action: sim.Heal{Name: "trench"}},
					{Time: moment(8), Action: sim.Crash{Node: 3}},
				}}
			}})
		})
	}
}

func TestHandlers(t *testing.T) {
	p := detector.New(detector.Config{Interval: 100 * ms, Timeout: 250 * ms})
	r := simtest.Record(t, p, 0, 3)
	did := r.Init()
	require.Equal(t, []simtest.Sent{{To: 1, Message: detector.Heartbeat{}}, {To: 2, Message: detector.Heartbeat{}}}, did.Sends)
	require.Len(t, did.Timers, 3)
	require.Equal(t, 250*ms+1, did.Timers[0].After, "the deadline is in time")
	require.Equal(t, 100*ms, did.Timers[2].After)
	overdue := did.Timers[0].Tag

	r.Sleep(90 * ms)
	did = r.Receive(1, detector.Heartbeat{})
	require.Equal(t, []simtest.Armed{{After: 250*ms + 1, Tag: overdue}}, did.Timers, "another timeout")
	r.Sleep(251 * ms)
	require.Equal(t, []any{detector.Suspected{Of: 1}}, r.Timeout(overdue).Notes)
	require.Empty(t, r.Timeout(overdue).Notes, "once")
	require.True(t, p.Suspects(1))
	require.False(t, p.Suspects(0), "itself")
	require.Equal(t, []sim.NodeID{1}, p.Suspected())
	role, text := p.Badge()
	require.Equal(t, "suspecting n1", role+" "+text)

	did = r.Receive(1, detector.Heartbeat{Seq: 1})
	require.Equal(t, []any{detector.Trusted{Of: 1}}, did.Notes)
	require.Equal(t, 250*ms+1, did.Timers[0].After)
	require.False(t, p.Suspects(1))
}

// A question is answered at once, with its number; the one who asks goes by when it asked.
func TestPingHandlers(t *testing.T) {
	p := detector.New(detector.Config{Algorithm: detector.Ping, Interval: 100 * ms, Timeout: 50 * ms})
	r := simtest.Record(t, p, 0, 2)
	require.Equal(t, []simtest.Sent{{To: 1, Message: detector.Query{}}}, r.Init().Sends)
	require.Equal(t, []simtest.Sent{{To: 1, Message: detector.Answer{Seq: 9}}}, r.Receive(1, detector.Query{Seq: 9}).Sends)
	r.Sleep(40 * ms)
	r.Receive(1, detector.Answer{})
	require.Equal(t, sim.Local(150*ms), p.Monitor(1).Deadline(), "50 ms after the next question")
}

// An answer to a question of a former life, which has a high number, is not taken for one to a question of this life.
func TestAnswersToAFormerLife(t *testing.T) {
	c := detector.Config{Algorithm: detector.Ping, Interval: 100 * ms, Timeout: 150 * ms, Pairs: detector.Star}
	w, err := sim.New(sim.Config{
		Nodes: 2, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: sim.ConstantDelay(40 * ms),
		Faults: []sim.Fault{sim.Schedule{
			{Time: sim.Time(5010 * ms), Action: sim.Crash{Node: 0}}, {Time: sim.Time(5020 * ms), Action: sim.Recover{Node: 0}},
			{Time: sim.Time(5090 * ms), Action: sim.Crash{Node: 1}},
		}},
		Until: sim.Time(6 * time.Second), Properties: []sim.Property{detector.StrongCompleteness(250*ms + 1)},
	})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.True(t, w.View().Process(0).(*detector.Process).Suspects(1))
}

// Who monitors whom, and that nobody is told who does not ask to be.
func TestPairs(t *testing.T) {
	for pairs, want := range map[detector.Pairs]string{
		"": "0-1 0-2 0-3 1-0 1-2 1-3 2-0 2-1 2-3 3-0 3-1 3-2", detector.Ring: "0-1 1-2 2-3 3-0", detector.Star: "0-1 0-2 0-3",
	} {
		c := detector.Config{Interval: 100 * ms, Timeout: 250 * ms, Pairs: pairs}
		cfg := sim.Config{Nodes: 4, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Until: 1}
		w, err := sim.New(cfg)
		require.NoError(t, err)
		w.Run()
		var got []string
		for p := range sim.NodeID(4) {
			for q := range sim.NodeID(4) {
				if w.View().Process(p).(*detector.Process).Monitor(q) != nil {
					got = append(got, fmt.Sprintf("%d-%d", p, q))
				}
			}
		}
		require.Equal(t, want, strings.Join(got, " "))
		require.Equal(t, uint64(len(got)), w.View().Stats().Sent)
	}
}

// After a pause the sender says once that it lives, and goes on in its old rhythm.
func TestHeartbeatsAfterAPause(t *testing.T) {
	c := detector.Config{Interval: 100 * ms, Timeout: 250 * ms, Pairs: detector.Star}
	var sent []string
	w, err := sim.New(sim.Config{
		Nodes: 2, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Until: sim.Time(900 * ms),
		Faults: []sim.Fault{sim.Schedule{
			{Time: sim.Time(150 * ms), Action: sim.Pause{Node: 1}}, {Time: sim.Time(630 * ms), Action: sim.Resume{Node: 1}},
		}},
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			if e.Kind == sim.Send {
				sent = append(sent, fmt.Sprintf("%v at %v", e.Value, e.Time))
			}
		})},
	})
	require.NoError(t, err)
	w.Run()
	require.Equal(t, []string{
		"Heartbeat{0} at 0s", "Heartbeat{1} at 100ms", "Heartbeat{6} at 630ms", "Heartbeat{7} at 700ms", "Heartbeat{8} at 800ms", "Heartbeat{9} at 900ms",
	}, sent)
}

// A run by hand, with losses: two mistakes, of which one is corrected, and a crash.
func TestWatch(t *testing.T) {
	c := detector.Config{Interval: 100 * ms, Timeout: 150 * ms}
	r := observe(t, c, sim.Config{
		Network: sim.ConstantDelay(10 * ms), Until: sim.Time(3 * time.Second),
		Drop: []sim.MessageName{{From: 1, To: 0, K: 3}, {From: 1, To: 0, K: 6}, {From: 1, To: 0, K: 7}},
		Faults: []sim.Fault{sim.Schedule{
			{Time: sim.Time(1030 * ms), Action: sim.Crash{Node: 1}}, {Time: sim.Time(2 * time.Second), Action: sim.Recover{Node: 1}},
			{Time: sim.Time(2050 * ms), Action: sim.Crash{Node: 1}}, {Time: sim.Time(2100 * ms), Action: sim.Recover{Node: 1}},
			{Time: sim.Time(2500 * ms), Action: sim.Crash{Node: 1}},
		}},
	})
	// Heartbeats arrive at 10, 110, 310, 410, 710 ms and so on: suspected from 260 to 310 and from 560 to 710 ms.
	require.Equal(t, 2, r.Mistakes)
	require.Equal(t, []detector.Cycle{{Mistake: 50*ms - 1, Good: 250*ms + 1}}, r.Cycles)
	// The last heartbeats before the crashes arrive at 1010 and 2410 ms: the last crash comes before that of its instant.
	require.Equal(t, []time.Duration{130*ms + 1, 60*ms + 1}, r.Detections)
	require.Equal(t, 1, r.Undetected, "50 ms are too short")
	require.InDelta(t, 0.095, r.Detection().Value, 2e-9)
	require.InDelta(t, 0.035, r.Detection().SE, 1e-12)
}

// A crash ends the cycle that it falls into, of the node that is monitored and of the one that monitors; and who was not
// there all the time has not detected it.
func TestWatchCountsWhatItSawWhole(t *testing.T) {
	c := detector.Config{Interval: 100 * ms, Timeout: 150 * ms}
	crash := func(node sim.NodeID, from, to time.Duration) sim.Schedule {
		return sim.Schedule{{Time: sim.Time(from), Action: sim.Crash{Node: node}}, {Time: sim.Time(to), Action: sim.Recover{Node: node}}}
	}
	run := func(faults ...sim.Fault) detector.Report {
		return observe(t, c, sim.Config{ // a mistake from 260 to 310 ms, and one at 1.3 s or so
			Network: sim.ConstantDelay(10 * ms), Until: sim.Time(2 * time.Second), Faults: faults,
			Drop: []sim.MessageName{{From: 1, To: 0, K: 3}, {From: 1, To: 0, K: 12}},
		})
	}
	whole := run()
	require.Equal(t, 2, whole.Mistakes)
	require.Len(t, whole.Cycles, 1)
	for _, node := range []sim.NodeID{0, 1} {
		r := run(crash(node, 450*ms, 480*ms))
		require.Equal(t, 2, r.Mistakes)
		require.Empty(t, r.Cycles)
	}
	late := run(crash(1, 450*ms, 900*ms), crash(0, 460*ms, 500*ms))
	require.Empty(t, late.Detections)
	require.Zero(t, late.Undetected)
}

// The measures, on cycles made up: mistakes of 1 and 3 s in 10 s each.
func TestReportMeans(t *testing.T) {
	r := detector.Report{Cycles: []detector.Cycle{{Mistake: time.Second, Good: 9 * time.Second}, {Mistake: 3 * time.Second, Good: 7 * time.Second}}}
	require.Equal(t, detector.Mean{N: 2, Value: 10}, r.Recurrence())
	require.Equal(t, detector.Mean{N: 2, Value: 2, SE: 1}, r.Mistake())
	require.Equal(t, detector.Mean{N: 2, Value: 8, SE: 1}, r.Good())
	require.InDelta(t, 0.8, r.Accuracy().Value, 1e-15)
	require.InDelta(t, 0.1, r.Accuracy().SE, 1e-15)
	require.Zero(t, detector.Report{}.Accuracy().N)
}

// Synchronised clocks make NFD-S work, here by NTP over the same network: drifting clocks alone do not.
func TestNFDSOnSynchronisedClocks(t *testing.T) {
	c := detector.Config{Algorithm: detector.NFDS, Interval: 500 * ms, Delta: 100 * ms, Pairs: detector.Star}
	run := func(sync bool) int {
		w := detector.NewWatch(c, 2)
		cfg := sim.Config{
			Nodes: 2, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: network.Latency{Law: dist.Uniform{Lo: 1e6, Hi: 5e6}},
			Until: sim.Time(20 * time.Minute), Observers: []sim.Observer{w},
			Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock { return clock.Drift{By: clock.PPB(id) * -200 * clock.PPM} },
		}
		if sync {
			s := clock.Sync{Method: clock.NTP, Server: 0, Every: 16 * time.Second}
			inner := cfg.New
			cfg.New = func(id sim.NodeID) sim.Process { return s.Process(inner(id)) }
		}
		world, err := sim.New(cfg)
		require.NoError(t, err)
		require.NoError(t, world.Run().Err)
		return w.Report().Mistakes
	}
	require.Zero(t, run(true))
	require.Greater(t, run(false), 1000)
}

// A fork goes on as the original does, and the two do not disturb each other: the adversary has a state.
func TestForkedAdversary(t *testing.T) {
	for _, c := range every() {
		c.Pairs = detector.Star
		w, err := sim.New(sim.Config{Nodes: 3, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: &detector.Adversary{Config: c}})
		require.NoError(t, err)
		require.NoError(t, w.RunUntil(sim.Time(20*time.Second)))
		fork, err := w.Fork()
		require.NoError(t, err)
		require.NoError(t, fork.RunUntil(sim.Time(40*time.Second)))
		require.NoError(t, w.RunUntil(sim.Time(40*time.Second)))
		require.Equal(t, fork.Digest(), w.Digest(), c.Algorithm)
	}
}

func TestScripts(t *testing.T) {
	simtest.Scripts(t, "testdata", func(nodes int, args []string) (sim.Config, error) {
		c := detector.Config{Interval: 100 * ms, Timeout: 250 * ms, Step: 50 * ms, Delta: 150 * ms, Alpha: 150 * ms, Threshold: 3, Window: 10, Pairs: detector.Star}
		if len(args) != 1 {
			return sim.Config{}, fmt.Errorf("the algorithm is missing")
		}
		c.Algorithm = detector.Algorithm(args[0])
		return sim.Config{
			Nodes: nodes, New: func(sim.NodeID) sim.Process { return detector.New(c) }, Network: sim.ConstantDelay(20 * ms), Properties: c.Properties(),
		}, c.Validate()
	})
}
