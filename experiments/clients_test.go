package experiments

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
)

// served is a store on one of three nodes, and four clients.
const served = `protocol: kv
nodes: 3
duration: 2s
network: {latency: "uniform(1ms, 4ms)"}
clients: {count: 4, timeout: 50ms, workload: {think: 20ms}}
`

// Clients are nodes after the servers, and are asked for by nobody else.
func TestClientsAreNodes(t *testing.T) {
	p := planned(t, served)
	require.Equal(t, 3, p.Scenario.NodeCount())
	require.Equal(t, 7, p.Config.Nodes)
	require.Equal(t, []string{"", "", "", "client", "client", "client", "client"}, p.Lanes)
	o := executed(t, p)
	require.Equal(t, sim.Pass, o.Verdict())
	require.Greater(t, len(o.History), 200)
	for _, op := range o.History {
		require.True(t, op.Client >= 3 && op.Client < 7)
	}

	p = planned(t, served, "regions=[eu-west-1, us-east-1]", "network={matrix: aws}", "clients.regions=[us-west-1, us-east-1, eu-west-1]", "clients.near=true")
	require.Equal(t, []string{"eu-west-1", "us-east-1", "eu-west-1", "client us-west-1", "client us-east-1", "client eu-west-1", "client us-west-1"}, p.Lanes)
	s := p.Scenario
	require.Empty(t, s.contacts(0), "no server in its region: it asks all")
	require.Equal(t, []sim.NodeID{1}, s.contacts(1))
	require.Equal(t, []sim.NodeID{0, 2}, s.contacts(2))
}

// Faults without nodes are the servers'; those that name clients are drawn beside them, and change none of theirs.
func TestFaultsAndClients(t *testing.T) {
	servers := func(p *Plan) (lines []string) {
		for _, e := range p.Faults {
			if line := fault.Line(e); !slices.ContainsFunc([]string{"n3", "n4", "n5", "n6"}, func(n string) bool { return line[len(line)-2:] == n }) {
				lines = append(lines, line)
			}
		}
		return lines
	}
	const faults = `faults:
- {kind: crash, up: exponential(mean=200ms), down: 50ms}
- {kind: partition, up: 300ms, down: 100ms, shapes: [one, halves]}
`
	alone := planned(t, served+faults)
	for _, e := range alone.Faults {
		require.NotRegexp(t, `n[3-6]`, fault.Line(e))
	}
	more := planned(t, served+faults+"- {kind: crash, nodes: [3, 5], up: exponential(mean=200ms), down: 50ms}\n")
	require.Equal(t, servers(alone), servers(more))
	require.Greater(t, len(more.Faults), len(alone.Faults))

	p := planned(t, served+`faults:
- {kind: partition, nodes: [0], at: 100ms, for: 10ms}
- {kind: partition, nodes: [0, 4], at: 200ms, for: 10ms}
- {kind: partition, from: [5], to: [0], at: 300ms, for: 10ms}
`)
	require.Equal(t, `100ms cut cut-1 {n0} | {n1 n2}
110ms heal cut-1
200ms cut cut-2 {n0 n4} | {n1 n2 n3 n5 n6}
210ms heal cut-2
300ms cut cut-3 {n5} | {n0}
310ms heal cut-3
`, p.Faults.String())
}

// What is written in a scenario is what the client is made of.
func TestClientConfig(t *testing.T) {
	s := scenario(t, served, `clients={count: 1, timeout: 50ms, deadline: 1s, hedge: 10ms, tokens: true, sticky: true, repeat: true, lanes: 3,
		retry: {policy: equal-jitter, base: 5ms, cap: 2s, attempts: 7, budget: {tokens: 10, ratio: 0.1}}}`)
	c := s.client(0)
	require.Equal(t, kv.EqualJitter{Base: 5 * time.Millisecond, Cap: 2 * time.Second, Attempts: 7}, c.Retry)
	require.Equal(t, kv.Budget{Max: 10, Ratio: 0.1}, c.Budget)
	require.True(t, c.Tokens && c.Sticky && c.Repeat && c.NoDuplicates)
	require.Equal(t, []time.Duration{50 * time.Millisecond, time.Second, 10 * time.Millisecond}, []time.Duration{c.Timeout, c.Deadline, c.Hedge})
	require.Equal(t, 3, c.Lanes)
	for policy, want := range map[string]kv.Retrier{
		"{policy: none}":                            nil,
		"{policy: fixed, base: 1s}":                 kv.Fixed{Wait: time.Second},
		"{policy: exponential, base: 1s}":           kv.Exponential{Base: time.Second, Cap: 24 * time.Hour},
		"{policy: full-jitter, base: 1s, cap: 3s}":  kv.FullJitter{Base: time.Second, Cap: 3 * time.Second},
		"{policy: decorrelated, base: 1s, cap: 3s}": kv.DecorrelatedJitter{Base: time.Second, Cap: 3 * time.Second},
	} {
		require.Equal(t, want, scenario(t, served, "clients.retry="+policy).client(0).Retry, policy)
	}
	require.False(t, scenario(t, served, "network.duplicate=0.1").client(0).NoDuplicates)
}

// The mix and the law of keys are those of the scenario, within 4 standard errors.
func TestWorkloadIsAsked(t *testing.T) {
	o := executed(t, planned(t, served, "duration=30s",
		"clients.workload={loop: open, rate: 50/s, keys: {law: hot, count: 5, hot: 2, share: 0.8}, mix: {get: 3, put: 1}, operations: 1000}"))
	require.Len(t, o.History, 4000)
	gets, hot := 0, 0
	for _, op := range o.History {
		if op.Op.Kind == check.Get {
			gets++
		}
		if op.Op.Key == "k0" || op.Op.Key == "k1" {
			hot++
		}
	}
	require.InDelta(t, 3000, gets, 4*sqrt(4000*.75*.25))
	require.InDelta(t, 3200, hot, 4*sqrt(4000*.8*.2))
	last := o.History[len(o.History)-1].Invoke
	require.InDelta(t, 20, seconds(last), 4*sqrt(1000)/50+1, "1000 operations at 50 a second")
}

func TestClientMeasures(t *testing.T) {
	p := planned(t, served, "network.loss=0.2", "faults=[{kind: crash, node: 0, at: 500ms, for: 300ms}]")
	o := executed(t, p)
	ok, unknown := 0, 0
	for _, op := range o.History {
		switch op.Outcome {
		case check.OK:
			ok++
		case check.Unknown:
			unknown++
		}
	}
	require.Positive(t, unknown)
	require.Equal(t, float64(len(o.History)), measureNamed(t, o, askedName).Value)
	underWay := unknown - int(measureNamed(t, o, unknownName).Value)
	require.True(t, underWay >= 0 && underWay <= 4, "each of 4 clients has at most one request under way")
	require.InDelta(t, float64(ok)/float64(len(o.History)-underWay), measureNamed(t, o, availabilityName).Value, 1e-12)
	require.InDelta(t, float64(o.Result.Stats.Sent)/float64(ok), measureNamed(t, o, messagesName).Value, 1e-12)
}

// A read that found nothing of a write that had returned is stale; what was asked for before the warm-up was over is left
// out, but for what it wrote.
func TestStaleReads(t *testing.T) {
	op := func(kind check.Kind, value string, invoke, end sim.Time) check.Operation {
		o := check.Operation{Op: check.Op{Kind: kind, Key: "k"}, Invoke: invoke, Return: end, Outcome: check.OK}
		if kind == check.Put {
			o.Op.Value = value
		} else {
			o.Result.Value, o.Result.Found = value, value != ""
		}
		return o
	}
	h := check.History{op(check.Put, "a", 0, 10), op(check.Get, "", 20, 30), op(check.Get, "a", 40, 50), op(check.Put, "b", 60, 70),
		op(check.Get, "a", 80, 90), op(check.Get, "b", 95, 99)}
	require.Equal(t, 0.5, staleReads(h, 0).Value)
	require.InDelta(t, 1.0/3, staleReads(h, 40).Value, 1e-12)
	require.True(t, math.IsNaN(staleReads(h, 100).Value))
}

// The interval of a quantile is between order statistics: of 1..n ms the ranks themselves.
func TestQuantile(t *testing.T) {
	var times []time.Duration
	for i := range 10_000 {
		times = append(times, time.Duration(i)*time.Millisecond)
	}
	m := quantile("x", times, 0.5)
	require.Equal(t, []float64{5000, 4800, 5200}, []float64{m.Value, m.Low, m.High}) // sd of the rank: 50
	m = quantile("x", times[:100], 0.99)
	require.Equal(t, 99.0, m.Value)
	require.True(t, m.High != m.High, "rank 103 of 100 is not there")
	require.True(t, quantile("x", nil, 0.5).Value != quantile("x", nil, 0.5).Value)
}
