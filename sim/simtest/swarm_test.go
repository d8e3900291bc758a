package simtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

// dice is a process that notes a number from 0 to 5 and panics on a wish.
type dice struct {
	eyes   int
	panics int // on this number; -1 for none
}

func (d *dice) Init(env *sim.Env) {
	d.eyes = env.Rand().IntN(6)
	env.Note(d.eyes)
	if d.eyes == d.panics {
		panic(fmt.Sprintf("%d eyes", d.eyes))
	}
}
func (d *dice) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (d *dice) Timeout(*sim.Env, any)                     {}

// throws says what each seed of 1 to n throws.
func throws(n int) (eyes []int) {
	for seed := range uint64(n) {
		cfg := diceConfig(-1)
		cfg.Seed = seed + 1
		w, err := sim.New(cfg)
		if err != nil {
			panic(err)
		}
		w.Run()
		eyes = append(eyes, w.View().Process(0).(*dice).eyes)
	}
	return eyes
}

func diceConfig(panics int, ps ...sim.Property) sim.Config {
	return sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return &dice{panics: panics} }, Properties: ps}
}

// eyes is a property that holds of a throw.
func eyes(mode sim.Mode, name string, holds func(int) bool) sim.Property {
	return sim.Property{Name: name, Mode: mode, Check: func(v sim.View) error {
		if d, ok := v.Process(0).(*dice); ok && holds(d.eyes) {
			return nil
		}
		return errors.New("it does not")
	}}
}

func swarmFailures(cfg sim.Config, o Options, r request) string {
	return failures("TestDice", func(t testing.TB) { runSwarm(t, cfg, o, r) })
}

func TestRunTriesSeedsFromOne(t *testing.T) {
	var seeds []uint64
	count := func(seed uint64, _ *sim.Config) { seeds = append(seeds, seed) }
	for _, c := range []struct {
		name string
		o    Options
		r    request
		want []uint64
	}{
		{"options", Options{Runs: 3}, request{}, []uint64{1, 2, 3}},
		{"the flag overrides", Options{Runs: 3}, request{runs: 2}, []uint64{1, 2}},
		{"one seed", Options{Runs: 3}, request{oneSeed: true, seed: 0, runs: 2}, []uint64{0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			seeds = nil
			c.o.Vary = count
			if f := swarmFailures(diceConfig(-1), c.o, c.r); f != "" {
				t.Fatal(f)
			}
			if fmt.Sprint(seeds) != fmt.Sprint(c.want) {
				t.Errorf("ran seeds %v, want %v", seeds, c.want)
			}
		})
	}
	seeds = nil
	swarmFailures(diceConfig(-1), Options{Vary: count}, request{})
	if len(seeds) != DefaultRuns {
		t.Errorf("ran %d seeds, want %d", len(seeds), DefaultRuns)
	}
}

func TestRunReportsTheFirstFailure(t *testing.T) {
	const runs = 20
	high := func(n int) bool { return n >= 4 }
	var bad []uint64
	for i, n := range throws(runs) {
		if high(n) {
			bad = append(bad, uint64(i)+1)
		}
	}
	if len(bad) < 2 || len(bad) == runs {
		t.Fatalf("%d of %d seeds throw high: this test wants some and not all", len(bad), runs)
	}
	got := swarmFailures(diceConfig(-1, eyes(sim.Always, "none high", func(n int) bool { return !high(n) })), Options{Runs: runs}, request{})
	for _, want := range []string{
		fmt.Sprintf("seed %d: violation", bad[0]),
		`always property "none high": it does not`,
		"event 2, virtual time 0s, digest ",
		fmt.Sprintf("replay: go test -run '^TestDice$' ./sim/simtest -sim.seed=%d", bad[0]),
		fmt.Sprintf("%d of 20 seeds failed: %s", len(bad), list(bad)),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant it to contain %q", got, want)
		}
	}
}

func TestRunReportsPanicsAndChecks(t *testing.T) {
	seed := uint64(1)
	got := swarmFailures(diceConfig(throws(1)[0]), Options{}, request{oneSeed: true, seed: seed})
	for _, want := range []string{"seed 1: panic", "eyes on n0", "swarm_test.go", "replay: "} {
		if !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant it to contain %q", got, want)
		}
	}
	got = swarmFailures(diceConfig(-1), Options{Check: func(v sim.View, r *sim.Result) error {
		if r.Seed == 3 {
			return errors.New("I do not like it")
		}
		return nil
	}}, request{})
	for _, want := range []string{"seed 3: check: I do not like it", "event 2, virtual time 0s", "-sim.seed=3", "1 of 20 seeds failed"} {
		if !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant it to contain %q", got, want)
		}
	}
}

func TestRunWantsSometimesPropertiesSeen(t *testing.T) {
	never := eyes(sim.Sometimes, "seven", func(n int) bool { return n == 6 })
	often := eyes(sim.Sometimes, "odd", func(n int) bool { return n%2 == 0 })
	got := swarmFailures(diceConfig(-1, never, often), Options{}, request{})
	if want := `sometimes property "seven" held in none of 20 runs`; !strings.Contains(got, want) {
		t.Errorf("got %q, want it to contain %q", got, want)
	}
	if strings.Contains(got, "odd") {
		t.Errorf("got %q, but an odd throw was seen", got)
	}
	if got := swarmFailures(diceConfig(-1, never), Options{}, request{oneSeed: true, seed: 4}); got != "" {
		t.Errorf("a replay of one seed fails with %q, want it to pass: the swarm is not run", got)
	}
}

func TestRunLogsEveryEvent(t *testing.T) {
	f := &fakeT{name: "TestDice"}
	runSwarm(f, diceConfig(-1), Options{}, request{oneSeed: true, seed: 9, verbose: true})
	got := strings.Join(f.logs, "\n")
	for _, want := range []string{"seed 9", "n0 starts", "n0 notes: "} {
		if !strings.Contains(got, want) {
			t.Errorf("logged:\n%s\nwant it to contain %q", got, want)
		}
	}
}

func TestRunIsStrictUnlessLenient(t *testing.T) {
	strict := func(o Options) (on bool) {
		o.Vary = func(_ uint64, cfg *sim.Config) { on = cfg.Strict }
		swarmFailures(diceConfig(-1), o, request{})
		return on
	}
	if !strict(Options{}) || strict(Options{Lenient: true}) {
		t.Errorf("strict is %v by default and %v when lenient", strict(Options{}), strict(Options{Lenient: true}))
	}
}

func TestRunReportsAnInvalidConfiguration(t *testing.T) {
	if got := swarmFailures(sim.Config{Until: -1}, Options{}, request{}); !strings.Contains(got, "Nodes is 0") {
		t.Errorf("got %q, want the configuration's error", got)
	}
}

func TestLimitsAreFailures(t *testing.T) {
	cfg := gossipRun(newGossip)
	cfg.Limits.Events = 10
	if got := swarmFailures(cfg, Options{Runs: 1}, request{}); !strings.Contains(got, "limit reached: 10 events") {
		t.Errorf("got %q, want the limit", got)
	}
}

func TestParseRequest(t *testing.T) {
	r, err := parseRequest("0x10", "7", "true")
	if err != nil || r != (request{seed: 16, oneSeed: true, runs: 7, verbose: true}) {
		t.Errorf("got %+v, %v", r, err)
	}
	if r, err := parseRequest("", "", ""); err != nil || r != (request{}) {
		t.Errorf("nothing said gives %+v, %v", r, err)
	}
	_, err = parseRequest("-1", "none", "perhaps")
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three errors", err)
	}
	for _, runs := range []string{"0", "-3"} {
		if _, err := parseRequest("", runs, ""); err == nil {
			t.Errorf("%s runs are accepted", runs)
		}
	}
}

// -sim.v=false is said, and wins over LIGHTCONE_V.
func TestVerboseFlagTellsFalseFromNothing(t *testing.T) {
	before := *verboseFlag
	defer func() { *verboseFlag = before }()
	t.Setenv("LIGHTCONE_V", "1")
	for said, want := range map[string]bool{"": true, "false": false, "true": true} {
		*verboseFlag = said
		if r, err := asked(); err != nil || r.verbose != want {
			t.Errorf("-sim.v %q with LIGHTCONE_V=1 gives %v, %v; want %v", said, r.verbose, err, want)
		}
	}
}

func TestReplayLineNamesTheTest(t *testing.T) {
	for name, want := range map[string]string{
		"TestX":          "^TestX$",
		"TestX/a_b/c":    "^TestX$/^a_b$/^c$",
		"TestX/5_(fast)": `^TestX$/^5_\(fast\)$`,
		"TestX/it's":     "^TestX$/^it.s$",
	} {
		if got := runPattern(name); got != want {
			t.Errorf("pattern of %s is %s, want %s", name, got, want)
		}
	}
	if got := packagePath(); got != "./sim/simtest" {
		t.Errorf("package is %q", got)
	}
}

func TestDeterminismHolds(t *testing.T) { Determinism(t, gossipRun(newGossip)) }

func TestDeterminismNamesTheFirstEventThatDiffers(t *testing.T) {
	n := 0
	cfg := gossipRun(func(sim.NodeID) sim.Process {
		n++
		return &late{after: time.Duration(n) * time.Millisecond}
	})
	got := failures("TestX", func(t testing.TB) { Determinism(t, cfg) })
	for _, want := range []string{"two runs of seed 1 differ", "first in:  event 2 at 0s, n0 sets a timer for 1ms", "other has: event 2 at 0s, n0 sets a timer for 4ms"} {
		if !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant it to contain %q", got, want)
		}
	}
}

// late sets one timer.
type late struct{ after time.Duration }

func (l *late) Init(env *sim.Env)                         { env.After(l.after, nil) }
func (l *late) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (l *late) Timeout(*sim.Env, any)                     {}

// Values that print alike are compared too.
func TestDeterminismSeesInsideValues(t *testing.T) {
	n := 0
	cfg := diceConfig(-1)
	cfg.New = func(sim.NodeID) sim.Process { n++; return &says{secret{n}} }
	got := failures("TestX", func(t testing.TB) { Determinism(t, cfg) })
	if !strings.Contains(got, "they print alike, and differ in a value") {
		t.Errorf("got %q, want it to see the difference", got)
	}
}

type secret struct{ n int }

func (secret) String() string { return "secret" }

type says struct{ what any }

func (s *says) Init(env *sim.Env)                         { env.Note(s.what) }
func (s *says) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (s *says) Timeout(*sim.Env, any)                     {}
