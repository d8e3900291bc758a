package protocols_test

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

func find(t *testing.T, name string) protocols.Entry {
	t.Helper()
	for _, e := range protocols.Catalog() {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("no protocol %q", name)
	return protocols.Entry{}
}

func TestEntriesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range protocols.Catalog() {
		t.Run(e.Name, func(t *testing.T) {
			require.Regexp(t, regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), e.Name)
			require.False(t, seen[e.Name], "the name is taken")
			seen[e.Name] = true
			require.NotEmpty(t, e.About)

			p := reflect.TypeOf(e.Params())
			require.Equal(t, reflect.Pointer, p.Kind())
			if p.Elem().NumField() > 0 { // else there is nothing to share
				require.NotSame(t, e.Params(), e.Params())
			}
			for i := range p.Elem().NumField() {
				f := p.Elem().Field(i)
				require.NotEmpty(t, f.Tag.Get("yaml"), f.Name)
				require.Contains(t, f.Tag.Get("jsonschema"), "description=", f.Name)
			}
		})
	}
}

// Every protocol, with its defaults, on five nodes, passes its own properties.
func TestDefaultsRun(t *testing.T) {
	for _, e := range protocols.Catalog() {
		t.Run(e.Name, func(t *testing.T) {
			in, err := e.Build(e.Params(), 5)
			require.NoError(t, err)
			require.NotEmpty(t, in.Properties)
			cfg := sim.Config{Nodes: 5, New: in.New, Properties: in.Properties, Until: sim.Time(2 * time.Second)}
			if e.Serves {
				serve(&cfg)
			}
			simtest.Run(t, cfg, simtest.Options{Runs: 3, Check: func(v sim.View, _ *sim.Result) error {
				for _, m := range in.Measures(v) {
					require.NotEmpty(t, m.Name)
					require.NotEmpty(t, m.Unit)
					require.Positive(t, m.N, m.Name)
					if !e.Serves { // else it may count what only faults bring about
						require.Positive(t, m.Value, m.Name)
					}
				}
				return nil
			}})
		})
	}
}

// serve adds clients beside the servers, and leaves what needs faults to happen to other tests.
func serve(cfg *sim.Config) {
	servers, newServer := cfg.Nodes, cfg.New
	client := kv.ClientConfig{Servers: servers, Timeout: 500 * time.Millisecond,
		Workload: kv.Plain{Keys: 2, Think: 10 * time.Millisecond, Gets: 1, Puts: 1}}
	cfg.Nodes += 3
	cfg.New = func(id sim.NodeID) sim.Process {
		if int(id) < servers {
			return newServer(id)
		}
		return kv.NewClient(client)
	}
	cfg.Properties = slices.DeleteFunc(slices.Clone(cfg.Properties), func(p sim.Property) bool { return p.Mode == sim.Sometimes })
}

func TestBuildReportsEverything(t *testing.T) {
	cases := map[string]struct {
		params any
		nodes  int
		want   []string
	}{
		"pingpong":      {&protocols.PingPongParams{}, 1, []string{"rounds is 0", "retry is 0s", "has 1 nodes, want at least 2"}},
		"lamport-mutex": {&protocols.MutexParams{Entries: -1, Hold: -1}, 0, []string{"Entries is -1", "Hold is -1ns", "has 0 nodes"}},
		"clocks":        {&protocols.TrafficParams{LocalShare: 2}, 0, []string{"Interval is 0s", "LocalShare is 2", "has 0 nodes"}},
		"vector":        {&protocols.PingPongParams{}, 3, []string{"params are a *protocols.PingPongParams, want a *protocols.TrafficParams"}},
		"hlc":           {nil, 3, []string{"want a *protocols.TrafficParams"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := find(t, name).Build(c.params, c.nodes)
			for _, w := range c.want {
				require.ErrorContains(t, err, w)
			}
		})
	}
}

func TestParamsReadFromYAML(t *testing.T) {
	p := find(t, "pingpong").Params().(*protocols.PingPongParams)
	require.NoError(t, yaml.Unmarshal([]byte("retry: 250ms\n"), p))
	require.Equal(t, &protocols.PingPongParams{Rounds: 10, Retry: 250 * time.Millisecond}, p)
}

func measure(t *testing.T, e protocols.Entry, params any, cfg sim.Config, name string) protocols.Measure {
	t.Helper()
	in, err := e.Build(params, cfg.Nodes)
	require.NoError(t, err)
	cfg.New = in.New
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	for _, m := range in.Measures(w.View()) {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no measure %q", name)
	return protocols.Measure{}
}

// The message count of the mutex is exact, and known.
func TestMutexMeasure(t *testing.T) {
	e := find(t, "lamport-mutex")
	m := measure(t, e, e.Params(), sim.Config{Seed: 1, Nodes: 7}, "messages per entry")
	require.Equal(t, 18.0, m.Value)
	require.Equal(t, 18.0, m.Expected)

	cut := measure(t, e, e.Params(), sim.Config{Seed: 1, Nodes: 7, Until: sim.Time(60 * time.Millisecond)}, "messages per entry")
	require.True(t, math.IsNaN(cut.Expected), "a run that is cut short says nothing")
}

// loses half of all messages.
type half struct{}

func (half) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(0.5) {
		return dst
	}
	return append(dst, sim.Copy{Delay: time.Millisecond})
}

// The interval of the mean number of pings covers 1/(1-p)^2 = 4, and its width is that of the law: 8 sqrt(12/n) with
// variance 12.
func TestPingPongMeasure(t *testing.T) {
	const rounds = 10_000
	m := measure(t, find(t, "pingpong"), &protocols.PingPongParams{Rounds: rounds, Retry: 5 * time.Millisecond},
		sim.Config{Seed: 1, Nodes: 2, Network: half{}}, "pings per round")
	require.Equal(t, rounds, m.N)
	require.Less(t, m.Low, 4.0)
	require.Greater(t, m.High, 4.0)
	require.InEpsilon(t, 8*math.Sqrt(12.0/rounds), m.High-m.Low, 0.1)
}
