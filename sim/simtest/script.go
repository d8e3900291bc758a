package simtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lightcone/sim"
)

// Setup makes the configuration of a script from its line "nodes N ARG...". Faults and observers are the script's
// business.
type Setup func(nodes int, args []string) (sim.Config, error)

// Scripts runs the scripts in dir, all files that end in .txt, each as a subtest. A script is a story in blocks:
// commands, a line "----", and what they print, up to an empty line. With -update the files are rewritten with what
// they print now: read the difference.
//
//	# The first ping is lost and asked again.
//	nodes 2 rounds=1 retry=10ms
//	drop n0->n1#1
//	run until 5ms
//	----
//	0s        n0 starts
//	0s        n0 sends n0->n1#1: Ping{Round:0}
//	...
//
// The commands are
//
//	seed S                    before nodes; else 1
//	nodes N ARG...            makes the world, as Setup reads it
//	step [N]                  executes the next N events
//	run [until T | for D]     runs to a time, for a duration, or to the end
//	deliver [n0->n1#3]        runs until the next message, or this one, is received
//	drop n0->n1#3             the network will lose this message
//	crash n0 [after K]        now, or after K effects of the next handler that has any
//	recover n0, pause n0, resume n0
//	cut NAME n0 n1 | n2       a partition
//	heal [NAME]               ends it, or all
//	stepwall n0 D             steps the node's wall clock
//	hide KIND...              leaves kinds of events out from now on, such as timer-set
//	show [n0...]              prints the state of nodes
//	verdict                   prints how the properties fared so far
//
// A command that fails prints "error: ..." and the script goes on.
func Scripts(t *testing.T, dir string, setup Setup) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("simtest: Scripts found no *.txt in %s, want at least one", dir)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			runFile(t, f, setup, Updating())
		})
	}
}

func runFile(t testing.TB, file string, setup Setup, update bool) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := parseBlocks(string(text))
	if err != nil {
		t.Fatal(fmt.Errorf("%s:%w", file, err))
	}
	s := &script{setup: setup, seed: 1}
	defer s.close()
	for i := range blocks {
		b := &blocks[i]
		got := s.run(b.commands)
		if got != b.want && !update {
			t.Errorf("%s:%d: got\n%s\nwant\n%s\n(-update rewrites it)", file, b.line, got, b.want)
		}
		b.want = got
	}
	if update {
		if err := os.WriteFile(file, []byte(printBlocks(blocks)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// block is some commands and what they print.
type block struct {
	line     int      // of the file, from 1, where it begins
	commands []string // with comments and empty lines, as they stand
	want     string   // lines ended by \n
}

const separator = "----"

// parseBlocks reads a script. An error begins with the line.
func parseBlocks(text string) ([]block, error) {
	var blocks []block
	var now block
	answer := false // after the separator
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case answer && line == "":
			blocks, now, answer = append(blocks, now), block{}, false
		case answer:
			now.want += line + "\n"
		case line == separator:
			answer = true
			if now.line == 0 {
				return nil, fmt.Errorf("%d: a %s without commands before it", i+1, separator)
			}
		default:
			if now.line == 0 {
				now.line = i + 1
			}
			now.commands = append(now.commands, line)
		}
	}
	if !answer {
		return nil, fmt.Errorf("%d: commands without a %s after them", now.line, separator)
	}
	return append(blocks, now), nil
}

func printBlocks(blocks []block) string {
	var b strings.Builder
	for i, x := range blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(strings.Join(x.commands, "\n") + "\n" + separator + "\n" + x.want)
	}
	return b.String()
}
