package experiments

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/measure"
)

// runServed runs a scenario and returns what it came to.
func runServed(t testing.TB, seed uint64, yaml string, sets ...string) *Outcome {
	t.Helper()
	s, err := Read("served.yaml", []byte(yaml), sets...)
	require.NoError(t, err)
	p, err := s.Plan(seed)
	require.NoError(t, err)
	o, err := p.Execute(Execution{})
	require.NoError(t, err)
	require.NoError(t, o.Result.Err)
	return o
}

func measured(t testing.TB, o *Outcome, name string) Measure {
	t.Helper()
	for _, m := range o.Measures {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no measure %q", name)
	return Measure{}
}

func fileOf(t testing.TB, o *Outcome, name string) string {
	t.Helper()
	for _, f := range o.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	t.Fatalf("no file %q", name)
	return ""
}

const statedFaults = `
protocol: idle
nodes: 3
duration: 100s
availability: {works: "kofn(2, n0, n1, n2)", budget: 1}
faults:
  - {kind: crash, node: 0, at: 10s, for: 30s}
  - {kind: crash, node: 1, at: 20s, for: 5s}
  - {kind: pause, node: 2, at: 50s, for: 10s}
  - {kind: crash, node: 1, at: 55s, for: 2s}
  - {kind: crash, node: 0, at: 98s}
  - {kind: crash, node: 2, at: 99s}
`

// Where everything is stated, everything measured is exact.
func TestAvailabilityOfStatedFaults(t *testing.T) {
	o := runServed(t, 1, statedFaults)
	require.InDelta(t, 1-8.0/100, measured(t, o, byTimeName).Value, 1e-12)
	require.Equal(t, 3.0, measured(t, o, outagesName).Value)
	require.Equal(t, 5.0, measured(t, o, longestName).Value)
	require.Equal(t, 1.0, measured(t, o, excusedName).Value, "two of three are down in each")
	require.InDelta(t, -math.Log10(8.0/100), measured(t, o, ninesName).Value, 1e-9)
	require.Equal(t, Agrees, Agree(measured(t, o, byProbesName)))
	require.Equal(t, `from_s,to_s,length_s,begun_before,open,blame,after,terms,excused_s
20,25,5,false,false,crash n0; crash n1,crash n1,,5
55,57,2,false,false,pause n2; crash n1,crash n1,,2
99,100,1,false,true,crash n0; crash n2,crash n2,,1
`, fileOf(t, o, "outages.csv"))
	require.NotContains(t, fmt.Sprint(o.Verdicts), measure.PropertyName)

	o = runServed(t, 1, statedFaults, "availability.works=series(n0, n1, n2)")
	require.InDelta(t, 1-42.0/100, measured(t, o, byTimeName).Value, 1e-12)
	require.InDelta(t, 8.0/42, measured(t, o, excusedName).Value, 1e-12)

	o = runServed(t, 1, statedFaults, "availability={works: n1, warm-up: 30s}")
	require.InDelta(t, 1-2.0/60, measured(t, o, byTimeName).Value, 1e-12, "n0 is back at 40s")

	o = runServed(t, 1, statedFaults, "faults=[]")
	require.Equal(t, 1.0, measured(t, o, byTimeName).Value)
	require.True(t, math.IsNaN(measured(t, o, ninesName).Value), "without an outage nobody knows how many nines")
	require.Equal(t, "from_s,to_s,length_s,begun_before,open,blame,after,terms,excused_s\n", fileOf(t, o, "outages.csv"))
}

// Simulated against exact: a diagram over nodes that crash by laws has a closed form.
func TestAvailabilityOfDrawnFaults(t *testing.T) {
	const yaml = `
protocol: idle
nodes: 4
duration: 20000h
availability: {works: "series(parallel(n0, n1), n2)", probes: 0.001/s}
faults:
  - {kind: crash, nodes: [0, 1], up: "weibull(scale=9h, shape=0.7)", down: "exponential(mean=1h)"}
  - {kind: crash, nodes: [2], up: "exponential(mean=99h)", down: "lognormal(median=1h, sigma=0.5)"}
`
	m := measured(t, runServed(t, 1, yaml), byTimeName)
	shape := math.Gamma(1 + 1/0.7)
	q := 1 / (1 + 9*shape)
	r := math.Exp(0.125) / (99 + math.Exp(0.125))
	require.InDelta(t, (1-q*q)*(1-r), m.Expected, 1e-12)
	require.Equal(t, Agrees, Agree(m))
	for _, set := range []string{`faults[0].effect=1`, `faults[1].nodes=[0, 2]`, `faults[1]={kind: pause, up: 99h, down: 1h}`, `faults[1]={kind: crash, node: 2, at: 1h}`} {
		require.True(t, math.IsNaN(measured(t, runServed(t, 1, yaml, set, "duration=100h"), byTimeName).Expected), set)
	}
}

// Who asks at random sees the availability by time: requests that come as a Poisson process, each asked once of one
// server. Given the run they are independent, but for those under way when it crashes, of which there are few.
func TestRequestsSeeTheAvailabilityByTime(t *testing.T) {
	o := runServed(t, 1, `
protocol: kv
nodes: 1
duration: 2h
availability: {}
faults: [{kind: crash, up: "exponential(mean=60s)", down: "exponential(mean=20s)"}]
clients: {count: 2, timeout: 20ms, workload: {loop: open, rate: 4/s, keys: {count: 4}}}
checks: []
`)
	byTime, byRequests := measured(t, o, byTimeName), measured(t, o, byRequestName)
	a, n := byTime.Value, float64(byRequests.N)
	require.Greater(t, n, 50_000.0)
	require.InDelta(t, a, byRequests.Value, 4*math.Sqrt(a*(1-a)/n)+0.02/80)
	require.LessOrEqual(t, byRequests.Low, a)
	require.GreaterOrEqual(t, byRequests.High, a)
	rows := strings.Split(strings.TrimSpace(fileOf(t, o, "requests.csv")), "\n")
	require.Len(t, rows, 1+requestPieces)
	require.Equal(t, "from_s,to_s,ok,failed,unknown,by_requests,by_time", rows[0])
}

// The terms of an outage make up its length.
func TestDowntimeByTerm(t *testing.T) {
	o := runServed(t, 3, raftUnderFaults)
	sum := 0.0
	for _, term := range measure.Terms() {
		sum += measured(t, o, "downtime by "+term.String()).Value
	}
	require.InDelta(t, o.Served.Unavailability(), sum, 1e-12)
	require.Positive(t, measured(t, o, "downtime by failover").Value)
}

// A measured run is the run that it would be without.
func TestMeasuringChangesNothing(t *testing.T) {
	with, without := runServed(t, 3, raftUnderFaults), runServed(t, 3, raftUnderFaults, "availability=null")
	require.Equal(t, without.Result.Digest, with.Result.Digest)
	require.Nil(t, without.Served)
	require.NotEmpty(t, with.Served.Outages)
}

// For nodes that do nothing, windows change nothing of what is measured.
func TestWindowsOfIdleNodes(t *testing.T) {
	const yaml = `
protocol: idle
nodes: 3
duration: 100h
availability: {works: "majority(n0, n1, n2)", budget: 1, probes: 0.01/s}
faults: [{kind: crash, up: "exponential(mean=1h)", down: "weibull(scale=10m, shape=0.7)"}]
`
	full, short := runServed(t, 1, yaml), runServed(t, 1, yaml, "availability.window=1s")
	require.True(t, reflect.DeepEqual(full.Served, short.Served))
	require.Equal(t, fileOf(t, full, "outages.csv"), fileOf(t, short, "outages.csv"))
	require.Equal(t, measured(t, full, excusedName).Value, measured(t, short, excusedName).Value)
	require.Less(t, 100*short.Result.Now, full.Result.Now)
	require.NotEmpty(t, full.Served.Outages)
}

// A fault that is taken out of a plan is out of what is measured, with windows and without.
func TestMeasuringWithoutAFault(t *testing.T) {
	for _, c := range []struct{ set, line string }{{"availability.window=3s", "6s crash n1"}, {"availability.warm-up=0s", "20s crash n1"}} {
		s, err := Read("a.yaml", []byte(statedFaults), c.set)
		require.NoError(t, err)
		p, err := s.Plan(1)
		require.NoError(t, err)
		require.NoError(t, p.Without(c.line))
		o, err := p.Execute(Execution{Record: true})
		require.NoError(t, err)
		require.Len(t, o.Served.Outages, 2)
		require.Equal(t, 3*time.Second, o.Served.Down())
		require.Equal(t, 1.0, measured(t, o, excusedName).Value)
	}
}

func TestShortWindowsOfRaftAreAViolation(t *testing.T) {
	s, err := Read("a.yaml", availabilityRaftScenario, "availability.window=1s", "duration=240h")
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	o, err := p.Execute(Execution{})
	require.NoError(t, err)
	require.Equal(t, sim.Violation, o.Verdict())
	require.Contains(t, fmt.Sprint(o.Verdicts), "end before a connected majority serves")
}

func TestAvailabilitySectionIsChecked(t *testing.T) {
	const head = "protocol: idle\nnodes: 3\nduration: 1m\n"
	for _, c := range []struct{ yaml, path, got, want string }{
		{head + "availability: {}", "$.availability.works", "nothing with idle, which serves nobody", "a diagram over the nodes"},
		{head + "availability: {works: \"kofn(2, n0, n1, n3)\"}", "$.availability.works", `"n3"`, "that is defined"},
		{head + "availability: {works: \"kofn(4, n0, n1, n2)\"}", "$.availability.works", "4", ""},
		{head + "availability: {works: \"parallel(n0, 0.99)\"}", "$.availability.works", "no node", "a diagram over the nodes"},
		{head + "availability: {works: \"\"}", "$.availability.works", "", ""},
		{head + "availability: {works: n0, warm-up: 1m}", "$.availability.warm-up", "1m", "less than the scenario's duration"},
		{head + "availability: {works: n0, budget: 3}", "$.availability.budget", "3", "less than the number of nodes, 3"},
		{head + "availability: {works: n0, budget: -1}", "$.availability.budget", "-1", "at least 0"},
		{head + "availability: {works: n0, probes: 10}", "$.availability.probes", "10, a number without a unit", "how often in a second"},
		{head + "availability: {works: n0, window: 0s}", "$.availability.window", "0s", "more than 0s"},
		{head + "availability: {works: n0, window: 1s}", "$.availability.window", "a window without faults", "faults"},
		{"protocol: idle\nnodes: 3\navailability: {works: n0, window: 1s}", "$.availability.window", "a window without a duration", "duration"},
		{head + "availability: {works: n0, what: 1}", "$.availability", "what", ""},
		{head + "availability: {works: n0, window: 5s, warm-up: 6s}\nfaults: [{kind: crash, node: 0, at: 1s}]", "$.availability.window", "5s", "more than warm-up, 6s"},
		{"protocol: raft\nnodes: 3\nduration: 1m\nclients: {count: 1, timeout: 1s, workload: {think: 1s, keys: {count: 1}, mix: {get: 1}}}\navailability: {window: 5s}\n" +
			"faults: [{kind: crash, node: 0, at: 1s}]", "$.availability.window", "a window with clients", "no clients"},
	} {
		_, err := Read("a.yaml", []byte(c.yaml))
		require.Error(t, err, c.yaml)
		require.Contains(t, err.Error(), c.path, c.yaml)
		require.Contains(t, err.Error(), c.got, c.yaml)
		require.Contains(t, err.Error(), c.want, c.yaml)
	}
}

const raftUnderFaults = `
protocol: raft
nodes: 3
duration: 3m
availability: {warm-up: 2s}
faults:
  - {kind: crash, up: "exponential(mean=60s)", down: "exponential(mean=12s)"}
  - {kind: partition, shapes: [one, one-way], up: "exponential(mean=60s)", down: "exponential(mean=10s)"}
  - {kind: pause, up: "exponential(mean=100s)", down: "exponential(mean=5s)"}
clients: {count: 4, timeout: 250ms, deadline: 2s, repeat: true, retry: {policy: fixed, base: 20ms}, workload: {think: "exponential(mean=100ms)", keys: {count: 4}, mix: {get: 0.5, put: 0.5}}}
checks: []
`

// What serving means of each protocol is what its clients see: an operation that begins and ends in an outage is not
// answered, and one that begins when the service has been up for a while and stays so is.
func TestServingIsWhatClientsSee(t *testing.T) {
	for _, c := range []struct {
		protocol string
		sets     []string
	}{
		{"raft", nil},
		{"raft", []string{"nodes=5", "params.check-quorum=true", "params.pre-vote=true", "params.reads=read-index"}},
		{"etcdraft", nil},
		{"kv", []string{"nodes=1", "faults[1]=null"}},
		{"quorum", []string{"params.timeout=400ms"}},
		{"quorum", []string{"nodes=5", "params.replicas=5", "params.read=2", "params.write=4", "params.timeout=400ms"}},
		{"abd", []string{"params.timeout=400ms"}},
		{"abd", []string{"nodes=4", "params.quorums=grid", "params.columns=2", "params.timeout=400ms"}},
		{"primary-backup", []string{"nodes=4"}},
		{"primary-backup", []string{"nodes=4", "params.replication=semi-sync", "params.lease=300ms"}},
	} {
		t.Run(strings.Join(append([]string{c.protocol}, c.sets...), " "), func(t *testing.T) {
			sets := append([]string{"protocol=" + c.protocol}, c.sets...)
			if c.protocol == "kv" {
				sets = append(sets[:len(sets)-1], "faults=[{kind: crash, up: \"exponential(mean=60s)\", down: \"exponential(mean=12s)\"}]")
			}
			if testing.Short() && (c.protocol == "etcdraft" || len(c.sets) > 1) {
				t.Skip("one of each kind is enough")
			}
			within, steady, answered := 0, 0, 0
			for seed := range uint64(2) {
				o := runServed(t, seed, raftUnderFaults, sets...)
				require.NotEmpty(t, o.Served.Outages)
				a, b, ok := beside(t, o)
				within, steady, answered = within+a, steady+b, answered+ok
			}
			require.Greater(t, within, 10, "some operations fall into outages")
			require.Greater(t, steady, 1000)
			require.Greater(t, float64(answered)/float64(steady), 0.99, "%d of %d operations of a steady service are answered", answered, steady)
		})
	}
}

// beside compares a run's history with its outages.
func beside(t testing.TB, o *Outcome) (within, steady, answered int) {
	const patience, calm = 2 * time.Second, 3 * time.Second
	r := o.Served
	for _, op := range o.History {
		if op.Invoke < r.From || op.Invoke.Add(patience) > r.To {
			continue
		}
		end := min(op.Return, op.Invoke.Add(patience))
		up, down := true, false
		for _, out := range r.Outages {
			down = down || out.From < op.Invoke && op.Invoke.Add(patience) < out.To
			up = up && (out.To.Add(calm) < op.Invoke || out.From > op.Invoke.Add(patience))
			if op.Outcome == check.OK && op.Op.Kind.Writes() && out.From < op.Invoke && end < out.To {
				t.Errorf("an operation asked for at %v and answered at %v is within the outage from %v to %v (%v)", op.Invoke, op.Return, out.From, out.To, out.Blame)
			}
		}
		if down {
			within++
		}
		if up {
			steady++
			if op.Outcome == check.OK {
				answered++
			}
		}
	}
	return within, steady, answered
}
