package simtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

// gossipSetup reads "nodes N [until=D]".
func gossipSetup(_ int, args []string) (sim.Config, error) {
	cfg := gossipRun(newGossip)
	cfg.Until, cfg.Limits.Events = 0, 200
	for _, a := range args {
		until, ok := strings.CutPrefix(a, "until=")
		d, err := time.ParseDuration(until)
		if !ok || err != nil {
			return cfg, fmt.Errorf("gossip has no argument %q", a)
		}
		cfg.Until = sim.Time(d)
	}
	cfg.Network = sim.ConstantDelay(time.Millisecond)
	cfg.Properties = []sim.Property{{Name: "n0 has heard of n1", Mode: sim.Eventually, Check: func(v sim.View) error {
		if g, ok := v.Process(0).(*gossip); ok && len(g.heard) > 1 {
			return nil
		}
		return errors.New("not yet")
	}}}
	return cfg, nil
}

func TestScripts(t *testing.T) { Scripts(t, "testdata", gossipSetup) }

func write(t *testing.T, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "script.txt")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

const story = `# A story.

nodes 1
hide timer-set badge
step
----
0s        n0 starts

run until 1ms
----
1ms       n0 has a timeout
1ms       n0 writes heard: 1
1ms       n0 has heard on disk
`

func TestScriptThatTellsTheTruthPasses(t *testing.T) {
	if got := failures("TestX", func(ft testing.TB) { runFile(ft, write(t, story), gossipSetup, false) }); got != "" {
		t.Error(got)
	}
}

func TestScriptThatLiesFails(t *testing.T) {
	file := write(t, strings.Replace(story, "writes heard: 1", "writes heard: 2", 1))
	got := failures("TestX", func(ft testing.TB) { runFile(ft, file, gossipSetup, false) })
	for _, want := range []string{"script.txt:9: got\n", "writes heard: 1", "want\n", "writes heard: 2"} {
		if !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant it to contain %q", got, want)
		}
	}
}

func TestUpdateWritesTheTruthAndNothingElse(t *testing.T) {
	file := write(t, strings.Replace(story, "1ms       n0 writes heard: 1\n", "", 1))
	if got := failures("TestX", func(ft testing.TB) { runFile(ft, file, gossipSetup, true) }); got != "" {
		t.Error(got)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != story {
		t.Errorf("updated to:\n%s\nwant:\n%s", got, story)
	}
}

func TestScriptsThatAreNoScripts(t *testing.T) {
	for text, want := range map[string]string{
		"----\n":             "script.txt:1: a ---- without commands",
		"nodes 1\nstep\n":    "script.txt:1: commands without a ----",
		story + "\n\nstep\n": "commands without a ----",
	} {
		got := failures("TestX", func(ft testing.TB) { runFile(ft, write(t, text), gossipSetup, false) })
		if !strings.Contains(got, want) {
			t.Errorf("%q gives %q, want it to contain %q", text, got, want)
		}
	}
}

// What the commands say when they are wrong.
func TestScriptErrors(t *testing.T) {
	for command, want := range map[string]string{
		"step":                                  "step before nodes",
		"nodes":                                 "nodes wants a number",
		"nodes x":                               `number is "x"`,
		"nodes 2 colour=red":                    `gossip has no argument "colour=red"`,
		"nodes 0":                               "Nodes is 0",
		"seed":                                  "got 0 words",
		"hide stars":                            "no such kind",
		"nodes 2\nnodes 2":                      "a second nodes",
		"nodes 2\nseed 3":                       "seed after nodes",
		"nodes 2\njump":                         `no command "jump"`,
		"nodes 2\ncrash":                        "crash wants a node",
		"nodes 2\ncrash x":                      `node is "x"`,
		"nodes 2\ncrash n0 later":               "want one node",
		"nodes 2\ncrash n7":                     "node is n7, want n0 to n1",
		"nodes 2\nshow n7":                      "node is n7, want n0 to n1",
		"nodes 2\ncut a n0 n1":                  "cut wants NAME",
		"nodes 2\ncut a n0 | x":                 `node is "x"`,
		"nodes 2\ncut a n0 | n8":                "node is n8",
		"nodes 2\nstepwall n0":                  "stepwall wants",
		"nodes 2\nstepwall n0 5":                `duration is "5"`,
		"nodes 2\nrun off":                      "run off, want run",
		"nodes 2\nrun until dawn":               `duration is "dawn"`,
		"nodes 2\ndrop n0-n1#1":                 `message is "n0-n1#1"`,
		"nodes 2\ndrop n0->n1#0":                `message is "n0->n1#0"`,
		"nodes 2\nrun until 1ms\ndrop n0->n1#1": "it has been sent already",
		"nodes 1 until=1ms\nrun\ncrash n0\nrun\nstep 100": "nothing is left to happen",
		"nodes 1\nstep\ncrash n0\ndeliver":                "nothing is left to happen",
		"nodes 1\ncrash n0":                               "it is not up",
		"nodes 1\nstep\ncrash n0\npause n0":               "it is not up",
		"nodes 1\nhide timeout\nrun":                      "limit reached",
	} {
		s := &script{setup: gossipSetup, seed: 1}
		got := s.run(strings.Split(command, "\n"))
		if !strings.Contains(got, "error: ") || !strings.Contains(got, want) {
			t.Errorf("%q prints:\n%swant it to contain %q", command, got, want)
		}
		s.close()
	}
}
