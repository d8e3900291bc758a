package detector_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/network"
	"lightcone/protocols/detector"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func swim(c detector.SwimConfig, nodes int) sim.Config {
	return sim.Config{
		Nodes: nodes, New: func(sim.NodeID) sim.Process { return detector.NewSwim(c) }, Network: sim.ConstantDelay(ms), Properties: c.Properties(),
	}
}

// firstDetection is how many whole periods after a crash of node 0 it takes until somebody suspects it, and how many until
// everybody does.
func firstDetection(t *testing.T, c detector.SwimConfig, nodes int, seed uint64) (first, last int) {
	t.Helper()
	cfg := swim(c, nodes)
	seen := 0
	cfg.Seed = seed
	cfg.Faults = []sim.Fault{sim.Schedule{{Time: sim.Time(c.Period * 5 / 2), Action: sim.Crash{Node: 0}}}}
	cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		if _, ok := e.Value.(detector.Suspected); !ok || e.Kind != sim.Note {
			return
		}
		last = int(e.Time/sim.Time(c.Period)) - 3 // the crash is in the third period
		if seen++; seen == 1 {
			first = last
		}
	})}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	for i := sim.Time(1); seen == 0 || c.RoundRobin && seen < nodes-1; i++ {
		require.NoError(t, w.RunUntil(i*sim.Time(c.Period)))
	}
	return first, last
}

// The first detection takes 1/(1-(1-1/n)^n) periods for n others: 1.5301 of 10 members, 1.5773 of 100.
func TestSwimFirstDetection(t *testing.T) {
	require.InDelta(t, 1.5301, detector.FirstDetection(10), 5e-5)
	require.InDelta(t, 1.5773, detector.FirstDetection(100), 2e-4)
	require.InDelta(t, math.E/(math.E-1), detector.FirstDetection(100_000), 1e-4)
	require.Equal(t, 1.0, detector.FirstDetection(2))
	c := detector.SwimConfig{Period: time.Second, Timeout: 100 * ms, Helpers: 1}
	for nodes, runs := range map[int]int{3: sample(), 10: sample(), 100: sample() / 15} {
		want := detector.FirstDetection(nodes)
		sum := 0
		for seed := range uint64(runs) {
			n, _ := firstDetection(t, c, nodes, seed)
			sum += n
		}
		// Geometric: with mean m the variance is m(m-1).
		require.InDelta(t, want, float64(sum)/float64(runs), 4*math.Sqrt(want*(want-1)/float64(runs)), "%d members", nodes)
	}
}

// In turn, everybody has asked the crashed node after two passes less one, at the latest.
func TestSwimRoundRobinIsBounded(t *testing.T) {
	c := detector.SwimConfig{Period: time.Second, Timeout: 100 * ms, RoundRobin: true}
	const nodes = 8
	slowest := 0
	for seed := range uint64(100) {
		_, last := firstDetection(t, c, nodes, seed)
		require.LessOrEqual(t, last, 2*(nodes-1)-1)
		slowest = max(slowest, last)
	}
	require.Greater(t, slowest, nodes-1, "and not always after one")
}

// A live node does not answer with the probability of the closed form; helpers make it rarer.
func TestSwimFalseAlarms(t *testing.T) {
	for _, helpers := range []int{0, 1, 3} {
		for _, loss := range []float64{0.05, 0.3} {
			c := detector.SwimConfig{Period: 100 * ms, Timeout: 10 * ms, Helpers: helpers}
			cfg := swim(c, 6)
			cfg.Network = network.Loss{P: loss, Inner: sim.ConstantDelay(ms)}
			cfg.Until = sim.Time(sample()) * sim.Time(100*ms)
			w, err := sim.New(cfg)
			require.NoError(t, err)
			require.NoError(t, w.Run().Err)
			periods, unanswered := 0, 0
			for id := range sim.NodeID(6) {
				n := w.View().Process(id).(*detector.Swim).Counts()
				periods, unanswered = periods+n.Periods, unanswered+n.Unanswered
			}
			want := c.FalseAlarm(loss)
			require.InDelta(t, want, float64(unanswered)/float64(periods), 4*math.Sqrt(want*(1-want)/float64(periods)), fmt.Sprint(helpers, loss))
		}
	}
	require.InDelta(t, (1-0.81)*(1-0.6561)*(1-0.6561), detector.SwimConfig{Helpers: 2}.FalseAlarm(0.1), 1e-12)
}

func TestSwimProcess(t *testing.T) {
	c := detector.SwimConfig{Period: 100 * ms, Timeout: 30 * ms, Helpers: 2, RoundRobin: true}
	require.NoError(t, c.Validate())
	cfg := swim(c, 4)
	cfg.Network, cfg.Until = untidy(), sim.Time(2*time.Second)
	simtest.TestProcess(t, cfg)
	simtest.Determinism(t, cfg)
	cfg.Faults = []sim.Fault{sim.Schedule{
		{Time: sim.Time(500 * ms), Action: sim.Crash{Node: 1}}, {Time: sim.Time(900 * ms), Action: sim.Recover{Node: 1}},
		{Time: sim.Time(time.Second), Action: sim.Crash{Node: 3}},
	}}
	cfg.Properties = append(cfg.Properties, sim.Property{Name: "a crash is detected", Mode: sim.Sometimes, Check: func(v sim.View) error {
		if p, ok := v.Process(0).(*detector.Swim); ok && p.Suspects(3) && !v.Up(3) {
			return nil
		}
		return fmt.Errorf("not yet")
	}})
	simtest.Run(t, cfg, simtest.Options{Runs: 5})
	require.EqualError(t, detector.SwimConfig{Helpers: -1}.Validate(), "detector: SwimConfig.Period is 0s, want more than 0s and at most 8760h0m0s\n"+
		"detector: SwimConfig.Timeout is 0s, want more than 0s and less than Period, which is 0s\ndetector: SwimConfig.Helpers is -1, want 0 or more")
}

// The direct way is cut, and a helper finds the node alive.
func TestSwimHelper(t *testing.T) {
	p := detector.NewSwim(detector.SwimConfig{Period: time.Second, Timeout: 100 * ms, Helpers: 5})
	r := simtest.Record(t, p, 0, 3)
	did := r.Init()
	target, seq := did.Sends[0].To, did.Sends[0].Message.(detector.Query).Seq
	helper := 3 - target
	r.Sleep(100 * ms)
	require.Equal(t, []simtest.Sent{{To: helper, Message: detector.Help{Target: target, Seq: seq}}}, r.Timeout(did.Timers[0].Tag).Sends)
	r.Sleep(900 * ms)
	next := r.Timeout(did.Timers[1].Tag)
	require.Equal(t, []any{detector.Suspected{Of: target}}, next.Notes)
	require.True(t, p.Suspects(target))
	for next.Sends[0].To != target {
		next = r.Timeout(did.Timers[1].Tag)
	}
	require.Empty(t, r.Receive(target, detector.Answer{Seq: seq}).Notes, "too late")
	seq = next.Sends[0].Message.(detector.Query).Seq
	require.Equal(t, []any{detector.Trusted{Of: target}}, r.Receive(helper, detector.Helped{Target: target, Seq: seq}).Notes)

	require.Equal(t, []simtest.Sent{{To: 2, Message: detector.QueryFor{For: 1, Seq: 7}}}, r.Receive(1, detector.Help{Target: 2, Seq: 7}).Sends)
	require.Equal(t, []simtest.Sent{{To: 1, Message: detector.AnswerFor{For: 2, Seq: 7}}}, r.Receive(1, detector.QueryFor{For: 2, Seq: 7}).Sends)
	require.Equal(t, []simtest.Sent{{To: 2, Message: detector.Helped{Target: 1, Seq: 7}}}, r.Receive(1, detector.AnswerFor{For: 2, Seq: 7}).Sends)
}
