package experiments

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/models/network"
	"lightcone/sim"
)

// planned reads a scenario and binds it to seed 1.
func planned(t testing.TB, yaml string, sets ...string) *Plan {
	t.Helper()
	s, err := Read("a.yaml", []byte(yaml), sets...)
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	return p
}

// executed runs a plan with its trace recorded.
func executed(t testing.TB, p *Plan) *Outcome {
	t.Helper()
	o, err := p.Execute(Execution{Record: true})
	require.NoError(t, err)
	return o
}

const chatter = "protocol: clocks\nnodes: 4\nduration: 2s\nparams: {interval: 10ms}\n"

func TestStatedFaults(t *testing.T) {
	p := planned(t, chatter+`faults:
- {kind: partition, at: 300ms, for: 200ms, nodes: [0, 1]}
- {kind: crash, at: 100ms, for: 1s, node: 2}
- {kind: pause, at: 150ms, nodes: [0, 3]}
- {kind: resume, at: 160ms, node: 0}
- {kind: wall-step, at: 1s, node: 1, by: -20ms}
- {kind: partition, at: 1200ms, from: [0], to: [1, 2], one-way: true, name: west}
- {kind: heal, at: 1300ms, name: west}
- {kind: crash, at: 1400ms, node: 1, effect: 3}
- {kind: crash, at: 1900ms, for: 5s, node: 3}
`)
	require.Equal(t, strings.TrimLeft(`
100ms crash n2
150ms pause n0
150ms pause n3
160ms resume n0
300ms cut cut-1 {n0 n1} | {n2 n3}
500ms heal cut-1
1s step wall clock of n1 by -20ms
1.1s recover n2
1.2s cut west {n0} -/> {n1 n2}
1.3s heal west
1.4s crash n1 after effect 3
1.9s crash n3
`, "\n"), p.Faults.String())

	again, err := fault.ParsePlan(p.Faults.String())
	require.NoError(t, err)
	require.Equal(t, p.Faults, again)
}

// What the seed draws lies within the run, alternates, and loses one entry at a time when it is edited.
func TestDrawnFaults(t *testing.T) {
	p := planned(t, chatter+`faults:
- {kind: crash, nodes: [1, 2], up: exponential(mean=200ms), down: 50ms}
- {kind: partition, up: 300ms, down: 100ms, shapes: [one, halves]}
- {kind: wall-step, node: 0, up: 400ms, by: "normal(mean=0ms, sd=5ms)"}
- {kind: pause, node: 3, up: 700ms, down: 10ms}
`)
	counts := map[string]int{}
	for _, e := range p.Faults {
		require.Less(t, e.Time, sim.Time(2*time.Second))
		counts[strings.Fields(e.Action.String())[0]]++
	}
	// Constant laws say exactly how often: a cut every 400 ms from 300 ms on, a step every 400 ms, a pause at 700 and
	// 1410 ms.
	require.Equal(t, 5, counts["cut"])
	require.Equal(t, 4, counts["heal"], "that of 2 s is after the end")
	require.Equal(t, 4, counts["step"])
	require.Equal(t, 2, counts["pause"])
	require.Positive(t, counts["crash"])

	line := fault.Line(p.Faults[2])
	before := p.Faults.String()
	require.NoError(t, p.Without(line))
	require.Equal(t, strings.Replace(before, line+"\n", "", 1), p.Faults.String())
	require.ErrorContains(t, p.Without("1s crash n9"), `without is "1s crash n9", want a fault of the plan`)
}

func TestRegionsAndMatrix(t *testing.T) {
	p := planned(t, "protocol: pingpong\nnodes: 3\nregions: [eu-west-1, us-east-1]\nparams: {rounds: 1, retry: 1s}\nnetwork: {matrix: aws}\n")
	require.Equal(t, []string{"eu-west-1", "us-east-1", "eu-west-1"}, p.Lanes)
	o := executed(t, p)
	// A round is one round trip, and then nothing is left to happen: the cancelled retry does not keep the run going.
	rtt, err := network.AWS().RTT("eu-west-1", "us-east-1")
	require.NoError(t, err)
	var last sim.Time
	for _, e := range o.Trace.Events {
		if e.Kind == sim.Deliver {
			last = e.Time
		}
	}
	require.Equal(t, sim.Time(2*(rtt/2)), last)
}

// Each layer of the network leaves its mark: the share of its kind is within 4 standard errors of what the scenario
// says.
func TestNetworkLayers(t *testing.T) {
	const share = 0.3
	for _, c := range []struct {
		name, network string
		count         func(sim.Stats) uint64
	}{
		{"loss", "loss: 0.3", func(s sim.Stats) uint64 { return s.Dropped[sim.Loss] }},
		{"duplicate", "duplicate: 0.3", func(s sim.Stats) uint64 { return s.Duplicated }},
		{"corrupt", "corrupt: {share: 0.3}", func(s sim.Stats) uint64 { return s.Dropped[sim.Corrupt] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := executed(t, planned(t, chatter, "duration=10s", "network={"+c.network+"}")).Result.Stats
			n := float64(s.Sent)
			require.Greater(t, n, 2000.0)
			require.InDelta(t, share, float64(c.count(s))/n, 4*0.459/sqrt(n)) // sqrt(.3*.7) = .458
		})
	}
	t.Run("bursts", func(t *testing.T) {
		s := executed(t, planned(t, chatter, "duration=20s", "network={bursts: {loss: 0.2, length: 3}}")).Result.Stats
		require.InDelta(t, 0.2, float64(s.Dropped[sim.Loss])/float64(s.Sent), 0.05)
	})
	t.Run("queue", func(t *testing.T) {
		s := executed(t, planned(t, chatter, "network={bandwidth: 8kbit/s, queue: 200B}")).Result.Stats
		require.Positive(t, s.Dropped[sim.Overflow], "100 ms a message on a link that gets one each 40 ms")
	})
	t.Run("fifo", func(t *testing.T) {
		require.Positive(t, overtakings(executed(t, planned(t, chatter, "network={latency: 'uniform(0ms, 50ms)'}"))))
		require.Zero(t, overtakings(executed(t, planned(t, chatter, "network={latency: 'uniform(0ms, 50ms)', fifo: true}"))))
	})
}

func sqrt(x float64) float64 {
	y := x
	for range 60 {
		y = (y + x/y) / 2
	}
	return y
}

// overtakings counts messages that arrive before an earlier one of their link.
func overtakings(o *Outcome) (n int) {
	latest := map[[2]sim.NodeID]uint64{}
	for _, e := range o.Trace.Events {
		if e.Kind != sim.Deliver {
			continue
		}
		link := [2]sim.NodeID{e.From, e.To}
		if e.K < latest[link] {
			n++
		}
		latest[link] = max(latest[link], e.K)
	}
	return n
}

// The timing models hold their bounds whatever lies below, and are certified; a run that broke its model would be told.
func TestTimingModels(t *testing.T) {
	slow := "latency: 'uniform(0ms, 300ms)', loss: 0.2"
	for _, c := range []struct{ timing, verdict string }{
		{"{model: synchronous, delta: 100ms}", "pass"},
		{"{model: partially-synchronous, delta: 100ms, gst: 500ms}", "pass"},
		{"{model: partially-synchronous, delta: 'uniform(50ms, 100ms)', gst: 'uniform(0s, 1s)', early-loss: true}", "pass"},
		{"{model: asynchronous, held: 0.1, starved: {share: 0.2, for: 100ms}, reversed: {share: 0.5, for: 50ms}}", "pass"},
	} {
		o := executed(t, planned(t, chatter, "network={timing: "+c.timing+", "+slow+"}"))
		require.Equal(t, c.verdict, verdictNamed(t, o, checkTiming).Verdict.String(), c.timing)
	}
	o := executed(t, planned(t, chatter, "network={timing: {model: synchronous, delta: 10ms}}", "faults=[{kind: partition, at: 1s, nodes: [0]}]"))
	require.Equal(t, sim.Violation, verdictNamed(t, o, checkTiming).Verdict, "a partition is no part of the synchronous model")
	require.Contains(t, verdictNamed(t, o, checkTiming).Detail, "was lost (partition)")
}

func verdictNamed(t testing.TB, o *Outcome, name string) Verdict {
	t.Helper()
	for _, v := range o.Verdicts {
		if v.Name == name {
			return v
		}
	}
	t.Fatalf("no verdict named %s in %v", name, o.Verdicts)
	return Verdict{}
}

func TestClocks(t *testing.T) {
	p := planned(t, chatter+`clocks:
  offset: 5ms
  drift: 100ppm
  steps: [{at: 1s, by: -3ms, nodes: [2]}]
`)
	w, err := sim.New(p.Config)
	require.NoError(t, err)
	w.Run()
	v := w.View()
	// At 2 s a clock that is 5 ms ahead and 100 ppm fast shows 2 s + 5 ms + 200 µs; node 2's was stepped back by 3 ms.
	require.Equal(t, 2*time.Second+5200*time.Microsecond, time.Duration(v.Wall(0)))
	require.Equal(t, 2*time.Second+2200*time.Microsecond, time.Duration(v.Wall(2)))
	require.Equal(t, v.Local(0), v.Local(2), "a step is the wall clock's only")

	p = planned(t, chatter, "clocks={offset: 'uniform(-1s, 1s)', sync: {method: cristian, server: 1, every: 500ms}}", "network={latency: 2ms}")
	w, err = sim.New(p.Config)
	require.NoError(t, err)
	w.Run()
	for id := range sim.NodeID(4) { // symmetric delays: no error is left
		require.InDelta(t, float64(w.View().Wall(1)), float64(w.View().Wall(id)), 1, "node %v", id)
	}
}

func TestChecks(t *testing.T) {
	names := func(sets ...string) (list []string) {
		for _, v := range executed(t, planned(t, chatter, sets...)).Verdicts {
			list = append(list, v.Name)
		}
		return list
	}
	require.Equal(t, []string{"stamps follow happened-before", "a message arrived", "record"}, names())
	require.Equal(t, []string{"record"}, names("checks=[record]"))
	require.Equal(t, []string{"a message arrived"}, names("checks=[a message arrived]"))
	require.Empty(t, names("checks=[]"))
}

func TestDisk(t *testing.T) {
	p := planned(t, chatter, "disk={latency: 'uniform(1ms, 3ms)', kept: 0.25, torn: 0.5}")
	r := sim.NewRand(1)
	var fates [3]int
	for range 4000 {
		d := p.Config.Disk.Latency(0, 0, "k", nil, &r)
		require.True(t, d >= time.Millisecond && d <= 3*time.Millisecond, "%v", d)
		fates[p.Config.Disk.Fate(0, "k", nil, &r)]++
	}
	require.InDelta(t, 2000, fates[sim.WriteTorn], 4*sqrt(4000*.5*.5))
	require.InDelta(t, 1000, fates[sim.WriteKept], 4*sqrt(4000*.25*.75))
	require.InDelta(t, 1000, fates[sim.WriteGone], 4*sqrt(4000*.25*.75))
}
