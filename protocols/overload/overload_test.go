package overload_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/overload"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// storm is a server asked for 70 % of what it can serve, which stalls for 8 s from second 10 on, and clients that ask again
// at once, up to four times.
func storm(seed uint64, set func(*overload.Config, *kv.ClientConfig)) (sim.Config, *overload.Watch) {
	server := overload.Config{Service: 10 * ms, Law: overload.Exponential, Workers: 1}
	client := kv.ClientConfig{Workload: poisson(1.4), Timeout: 500 * ms, Deadline: 2 * time.Second, Retry: kv.Fixed{Attempts: 4}}
	if set != nil {
		set(&server, &client)
	}
	cfg := config(server, 50, client, ms)
	watch := overload.NewWatch(2 * time.Second)
	cfg.Seed, cfg.Until, cfg.Observers = seed, sim.Time(80*time.Second), []sim.Observer{watch}
	cfg.Faults = []sim.Fault{sim.Schedule{
		{Time: sim.Time(10 * time.Second), Action: sim.Pause{Node: 0}},
		{Time: sim.Time(18 * time.Second), Action: sim.Resume{Node: 0}},
	}}
	return cfg, watch
}

func report(t testing.TB, seed uint64, set func(*overload.Config, *kv.ClientConfig)) overload.Report {
	t.Helper()
	cfg, watch := storm(seed, set)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return watch.Report(w.Now())
}

// An outage of 8 s, and what is served after it.
func Example() {
	run := func(set func(*overload.Config, *kv.ClientConfig)) {
		cfg, watch := storm(1, set)
		w, err := sim.New(cfg)
		if err != nil {
			fmt.Println(err)
			return
		}
		r := watch.Report(w.Run().Now)
		fmt.Printf("recovered %v, %.1f attempts for each operation after the outage\n", r.Recovered, r.Amplified)
	}
	run(nil)
	run(func(_ *overload.Config, c *kv.ClientConfig) { c.Budget = kv.Budget{Max: 10, Ratio: 0.1} })
	run(func(_ *overload.Config, c *kv.ClientConfig) { c.Propagate = true })
	// Output:
	// recovered false, 4.0 attempts for each operation after the outage
	// recovered true, 1.0 attempts for each operation after the outage
	// recovered true, 1.1 attempts for each operation after the outage
}

// Waiting before asking again does not end the overload, with jitter or without; fewer retries, and useful work, do.
func TestWhatEndsAnOverload(t *testing.T) {
	backoff := func(r kv.Retrier) func(*overload.Config, *kv.ClientConfig) {
		return func(_ *overload.Config, c *kv.ClientConfig) { c.Retry = r }
	}
	for _, c := range []struct {
		name      string
		set       func(*overload.Config, *kv.ClientConfig)
		recovered bool
	}{
		{"at once", nil, false},
		{"exponential", backoff(kv.Exponential{Base: 100 * ms, Cap: 10 * time.Second, Attempts: 4}), false},
		{"full jitter", backoff(kv.FullJitter{Base: 100 * ms, Cap: 10 * time.Second, Attempts: 4}), false},
		{"never", backoff(nil), true},
		{"budget", func(_ *overload.Config, c *kv.ClientConfig) { c.Budget = kv.Budget{Max: 10, Ratio: 0.1} }, true},
		{"short queue", func(s *overload.Config, _ *kv.ClientConfig) { s.Queue = 30 }, true},
		{"patience", func(s *overload.Config, _ *kv.ClientConfig) { s.Patience = 400 * ms }, true},
		{"deadlines", func(_ *overload.Config, c *kv.ClientConfig) { c.Propagate = true }, true},
		{"last come, first served", func(s *overload.Config, _ *kv.ClientConfig) { s.Discipline = overload.LIFO }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(3) {
				r := report(t, seed+1, c.set)
				require.Equal(t, c.recovered, r.Recovered, "seed %d: %+v", seed+1, r)
				require.Equal(t, sim.Time(10*time.Second), r.From)
				require.Equal(t, sim.Time(18*time.Second), r.To)
				if !c.recovered {
					require.Less(t, r.Served[2], 0.01)
				}
			}
		})
	}
}

// How long the queue of an outage takes, as a fluid: a requests come in a second and c are served. After D seconds a*D wait,
// and if nothing is asked for again the last to wait for longer than the timeout T comes (a*D - c*T)/(c - a) seconds after the
// outage. Chance makes the queue end, for good, a little later.
func TestDrain(t *testing.T) {
	const a, c, d, timeout = 50.0, 100.0, 8.0, 0.5
	const runs = 20
	sum := 0.0
	for seed := range uint64(runs) {
		r := report(t, seed+1, func(s *overload.Config, c *kv.ClientConfig) {
			s.Law, c.Retry, c.Workload = overload.Constant, nil, poisson(a/50)
		})
		require.True(t, r.Recovered)
		sum += r.After.Seconds()
	}
	require.InDelta(t, (a*d-c*timeout)/(c-a), sum/runs, 1, "to whole seconds")
}

// With one retry, all of what is asked for twice is more than what can be served if more than half of that is asked for.
func TestThreshold(t *testing.T) {
	for _, load := range []float64{30, 40, 60, 70} {
		r := report(t, 1, func(_ *overload.Config, c *kv.ClientConfig) {
			c.Retry, c.Workload = kv.Fixed{Attempts: 2}, poisson(load/50)
		})
		require.Equal(t, 2*load < 100, r.Recovered, "%v of 100 requests a second: %+v", load, r)
	}
}

func TestProperties(t *testing.T) {
	cfg, _ := storm(0, func(s *overload.Config, c *kv.ClientConfig) {
		s.Workers, s.Service, s.Queue, c.Propagate = 3, 30*ms, 40, true
	})
	cfg.Until = sim.Time(25 * time.Second)
	simtest.Run(t, cfg, simtest.Options{Runs: 2})
}

// Every planted bug is caught, by the property that is about it.
func TestBugsAreCaught(t *testing.T) {
	for _, c := range []struct {
		bug  overload.Bug
		fell string
	}{
		{overload.NoBound, "the queue keeps its bound"},
		{overload.LostWorker, "no worker idles while a request waits"},
		{overload.LostRequest, "every request is accounted for"},
	} {
		t.Run(string(c.bug), func(t *testing.T) {
			cfg, _ := storm(1, func(s *overload.Config, k *kv.ClientConfig) { s.Queue, s.Bug, k.Propagate = 200, c.bug, true })
			w, err := sim.New(cfg)
			require.NoError(t, err)
			require.Equal(t, sim.Violation, w.Run().Verdict)
			require.ErrorContains(t, w.Err(), c.fell)
		})
	}
}

// The server step by step: two workers, a queue of one, and a request that nobody waits for any more.
func TestHandlers(t *testing.T) {
	c := overload.Config{Service: 10 * ms, Law: overload.Constant, Workers: 2, Queue: 2}
	s := overload.New(c, kv.ServerConfig{})
	r := simtest.Record(t, s, 0, 9)
	r.Init()
	ask := func(id uint64, within time.Duration) simtest.Effects {
		return r.Receive(3, kv.Request{ID: id, Op: kv.Op{Kind: kv.Get, Key: "k"}, Within: within})
	}
	first := ask(1, 0)
	require.Equal(t, 10*ms, first.Timers[0].After)
	second := ask(2, 0)
	require.Len(t, second.Timers, 1)
	require.Empty(t, ask(3, 5*ms).Timers, "it waits")
	require.Empty(t, ask(4, 0).Timers)
	require.Equal(t, []simtest.Sent{{To: 3, Message: kv.Reply{ID: 5, Status: kv.Unavailable}}}, ask(5, 0).Sends, "the queue is full")
	require.Equal(t, 2, s.Waiting())

	r.Sleep(10 * ms)
	did := r.Timeout(first.Timers[0].Tag)
	require.Equal(t, []simtest.Sent{{To: 3, Message: kv.Reply{ID: 1}}}, did.Sends)
	require.Len(t, did.Timers, 1, "request 4 is served: nobody waits for 3")
	require.Equal(t, overload.Counts{Came: 5, Served: 1, Refused: 1, Expired: 1, Began: 3, Waited: 10 * ms, Area: 20 * ms, Worked: 10 * ms}, s.Counts)
	require.Equal(t, 2, s.Serving())
	require.Empty(t, r.Timeout(second.Timers[0].Tag).Timers)
	require.Equal(t, 1, s.Serving())
}

// A request is thrown away if it has waited longer than its client or the server has patience, not if just as long.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		within, patience time.Duration
		served           bool
	}{
		{10 * ms, 0, true}, {10*ms - 1, 0, false}, {0, 10 * ms, true}, {0, 10*ms - 1, false}, {20 * ms, 5 * ms, false}, {5 * ms, 20 * ms, false}, {0, 0, true},
	} {
		s := overload.New(overload.Config{Service: 10 * ms, Law: overload.Constant, Workers: 1, Patience: c.patience}, kv.ServerConfig{})
		r := simtest.Record(t, s, 0, 2)
		r.Init()
		r.Receive(1, kv.Request{ID: 1})
		r.Receive(1, kv.Request{ID: 2, Within: c.within})
		r.Sleep(10 * ms)
		r.Timeout(overload.FirstWorker)
		require.Equal(t, c.served, s.Serving() == 1, "%+v", c)
		require.Equal(t, !c.served, s.Counts.Expired == 1, "%+v", c)
	}
}

// Last come, first served.
func TestDiscipline(t *testing.T) {
	for _, d := range []overload.Discipline{overload.FIFO, overload.LIFO} {
		s := overload.New(overload.Config{Service: ms, Law: overload.Constant, Workers: 1, Discipline: d}, kv.ServerConfig{})
		r := simtest.Record(t, s, 0, 2)
		r.Init()
		for id := range uint64(6) {
			r.Receive(1, kv.Request{ID: id})
		}
		var order []uint64
		for range 6 {
			order = append(order, r.Timeout(overload.FirstWorker).Sends[0].Message.(kv.Reply).ID)
		}
		want := []uint64{0, 1, 2, 3, 4, 5}
		if d == overload.LIFO {
			want = []uint64{0, 5, 4, 3, 2, 1}
		}
		require.Equal(t, want, order)
	}
}

func TestContract(t *testing.T) {
	cfg, _ := storm(1, func(s *overload.Config, c *kv.ClientConfig) { s.Queue, c.Propagate = 2, true })
	cfg.Faults = []sim.Fault{sim.Schedule{
		{Time: sim.Time(400 * ms), Action: sim.Crash{Node: 0}},
		{Time: sim.Time(600 * ms), Action: sim.Recover{Node: 0}},
	}}
	simtest.TestProcess(t, cfg)
}

// What seed 1 means.
func TestDigest(t *testing.T) {
	cfg, _ := storm(1, nil)
	cfg.Until = sim.Time(20 * time.Second)
	cfg.Observers = nil
	simtest.Determinism(t, cfg)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.Equal(t, "36fdda0c7305ac87", fmt.Sprintf("%016x", w.Run().Digest))
}

// The watch, fed by hand: ten seconds of which the third and fourth are the outage; in the fifth half is served, in the sixth
// and later all. The last second does not count, as what it asks for may still be answered.
func TestWatch(t *testing.T) {
	w := overload.NewWatch(time.Second)
	see := func(at time.Duration, kind sim.Kind, v any) {
		w.Observe(&sim.Event{Kind: kind, Time: sim.Time(at), Node: 1, Value: v})
	}
	id := uint64(0)
	ask := func(at, answer time.Duration, attempts int) {
		id++
		see(at, sim.Note, kv.Invoked{ID: id})
		for range attempts {
			see(at, sim.Send, kv.Request{ID: id})
		}
		if answer > 0 {
			see(at+answer, sim.Note, kv.Returned{ID: id, Outcome: check.OK})
		}
	}
	second := func(n int) time.Duration { return time.Duration(n) * time.Second }
	for s := range 12 {
		if s == 2 {
			w.Observe(&sim.Event{Kind: sim.Paused, Time: sim.Time(second(2))})
		}
		if s == 4 {
			w.Observe(&sim.Event{Kind: sim.Resumed, Time: sim.Time(second(4))})
		}
		switch s {
		case 2, 3:
			ask(second(s), 0, 3)
			ask(second(s)+ms, 1001*ms, 1) // too late
		case 4:
			ask(second(s), 0, 1)
			ask(second(s)+ms, 1000*ms, 2)
		case 11:
			ask(second(s), 0, 1)
		default:
			ask(second(s), ms, 1)
			ask(second(s)+ms, ms, 1)
		}
	}
	r := w.Report(sim.Time(second(12)))
	require.Equal(t, overload.Report{Outage: true, From: sim.Time(second(2)), To: sim.Time(second(4)), Before: 2, Served: [3]float64{1, 0, 13.0 / 14},
		Peak: 2, Amplified: 15.0 / 14, Recovered: true, After: time.Second}, r)
	require.False(t, w.Report(sim.Time(second(10))).Recovered, "four good seconds are not enough")
	require.Equal(t, 3, w.Seconds[5].Answered, "one of them asked for in the second before")
}

// The peak is of the time since the outage began, and the load before it that of the second half: what a cold start asks
// for again counts for neither.
func TestPeakIsSinceTheOutage(t *testing.T) {
	w := overload.NewWatch(time.Second)
	attempt := func(second, times int) {
		for range times {
			w.Observe(&sim.Event{Kind: sim.Send, Time: sim.Time(second) * sim.Time(time.Second), Node: 1, Value: kv.Request{}})
		}
	}
	ask := func(second int) {
		w.Observe(&sim.Event{Kind: sim.Note, Time: sim.Time(second) * sim.Time(time.Second), Node: 1, Value: kv.Invoked{ID: uint64(second)}})
	}
	for s, attempts := range []int{40, 1, 2, 2, 5, 1} {
		ask(s)
		attempt(s, attempts)
	}
	w.Observe(&sim.Event{Kind: sim.Paused, Time: sim.Time(4 * time.Second)})
	r := w.Report(sim.Time(7 * time.Second))
	require.Equal(t, 2.0, r.Before)
	require.Equal(t, 1+4/2.0, r.Peak)
}

func TestErrors(t *testing.T) {
	err := overload.Config{Queue: -1, Discipline: "random", Patience: -1, Bug: "none"}.Validate()
	require.EqualError(t, err, "overload: Config.Service is 0s, want more than 0s, at most 24h0m0s\n"+
		"overload: Config.Law is \"\", want exponential or constant\noverload: Config.Workers is 0, want 1 to 10000\n"+
		"overload: Config.Queue is -1, want 0 (any number) or more\noverload: Config.Discipline is \"random\", want fifo or lifo\n"+
		"overload: Config.Patience is -1ns, want 0s (for ever) or more\noverload: Config.Bug is \"none\", want none or one of no-bound lost-worker lost-request")
	require.NoError(t, overload.Config{Service: ms, Law: overload.Constant, Workers: 1}.Validate())
}
