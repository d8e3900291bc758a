package cmd_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the outputs and the code in README.md anew")

// block is one fenced block of README.
type block struct {
	language   string
	text       string
	start, end int // of the text
}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

func readme(t *testing.T) (text string, blocks []block) {
	t.Helper()
	data, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	for _, m := range fence.FindAllSubmatchIndex(data, -1) {
		blocks = append(blocks, block{string(data[m[2]:m[3]]), string(data[m[4]:m[5]]), m[4], m[5]})
	}
	require.NotEmpty(t, blocks)
	return string(data), blocks
}

// rewrite replaces the text of a block.
func rewrite(t *testing.T, readme string, b block, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile("../README.md", []byte(readme[:b.start]+text+readme[b.end:]), 0o644))
}

// TestREADMECommands runs every command in README, in order, in one fresh directory; where a block of text follows,
// it is what the command prints. A make target is only looked up: this test is part of one.
func TestREADMECommands(t *testing.T) {
	text, blocks := readme(t)
	bin := filepath.Join(t.TempDir(), "lightcone")
	run(t, "..", "go", "build", "-o", bin, "./cmd/lightcone")
	work := t.TempDir()
	saveScenarios(t, work, blocks)
	makefile, err := os.ReadFile("../Makefile")
	require.NoError(t, err)
	commands := 0
	for i, b := range blocks {
		if b.language != "sh" {
			continue
		}
		for line := range strings.Lines(b.text) {
			line = strings.TrimSpace(line)
			commands++
			if target, ok := strings.CutPrefix(line, "make "); ok {
				require.Contains(t, string(makefile), "\n"+target+": ##", "README names a target that there is not")
				continue
			}
			args, ok := strings.CutPrefix(line, "go run ./cmd/lightcone ")
			require.True(t, ok, "command %q is of no known form", line)
			out := run(t, work, bin, words(args)...)
			require.NotEmpty(t, out, line)
			if i+1 < len(blocks) && blocks[i+1].language == "text" {
				if *update {
					rewrite(t, text, blocks[i+1], out)
					text, blocks = readme(t)
				}
				require.Equal(t, blocks[i+1].text, out, "what %q prints is not what README shows", line)
			}
		}
	}
	require.GreaterOrEqual(t, commands, 6)
}

// saveScenarios writes the scenarios that README shows to files: a block of YAML names its file in its first line.
func saveScenarios(t *testing.T, dir string, blocks []block) {
	t.Helper()
	for _, b := range blocks {
		if b.language == "yaml" {
			name, ok := strings.CutPrefix(strings.SplitN(b.text, "\n", 2)[0], "# ")
			require.True(t, ok, "a block of YAML begins with %q, want a comment that names its file", name)
			write(t, filepath.Join(dir, name), b.text)
		}
	}
}

// words splits a command into its words; a word may stand in double quotes.
func words(line string) (list []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			list = append(list, part)
		} else {
			list = append(list, strings.Fields(part)...)
		}
	}
	return list
}

// TestREADMEProtocol keeps the protocol in README the code of protocols/pingpong, and at most 40 lines.
func TestREADMEProtocol(t *testing.T) {
	code, err := os.ReadFile("../protocols/pingpong/pingpong.go")
	require.NoError(t, err)
	require.LessOrEqual(t, strings.Count(string(code), "\n"), 40)
	text, blocks := readme(t)
	first := find(t, blocks, "go", 0)
	if *update {
		rewrite(t, text, first, string(code))
		_, blocks = readme(t)
		first = find(t, blocks, "go", 0)
	}
	require.Equal(t, string(code), first.text)
}

// TestREADMEModule makes the module that README describes, with the test that it shows, and runs it.
func TestREADMEModule(t *testing.T) {
	_, blocks := readme(t)
	mod := find(t, blocks, "mod", 0).text
	require.Contains(t, mod, "=> ../lightcone")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), strings.Replace(mod, "../lightcone", absolute(t, ".."), 1))
	write(t, filepath.Join(dir, "mine_test.go"), find(t, blocks, "go", 1).text)
	out := run(t, dir, "go", "test", "-count=1", "-v", "./...")
	require.Contains(t, out, "--- PASS: Test")
}

// TestREADMEModuleByWorkspace does the same with a go.work.
func TestREADMEModuleByWorkspace(t *testing.T) {
	text, blocks := readme(t)
	require.Contains(t, text, "go work init . ../lightcone")
	dir := t.TempDir()
	before, _, _ := strings.Cut(find(t, blocks, "mod", 0).text, "require")
	write(t, filepath.Join(dir, "go.mod"), before)
	write(t, filepath.Join(dir, "mine_test.go"), find(t, blocks, "go", 1).text)
	run(t, dir, "go", "work", "init", ".", absolute(t, ".."))
	require.Contains(t, run(t, dir, "go", "test", "-count=1", "-v", "."), "--- PASS: Test")
}

var clone = flag.Bool("readme.clone", false, "follow README's study in a fresh clone, and say how long that takes")

// TestREADMEStudy follows the section on a study of one's own word for word, as somebody new would: from a clone of the
// repository to a figure.
func TestREADMEStudy(t *testing.T) {
	if !*clone {
		t.Skip("a clone is built from nothing: -readme.clone")
	}
	dir, start := filepath.Join(t.TempDir(), "lightcone"), time.Now()
	run(t, "..", "git", "clone", "--quiet", "--no-hardlinks", ".", dir)
	text, blocks := readme(t)
	saveScenarios(t, dir, blocks)
	begin := strings.Index(text, "## A study of your own")
	require.Positive(t, begin)
	end := begin + 1 + strings.Index(text[begin+1:], "\n## ")
	commands := 0
	for _, b := range blocks {
		if b.language != "sh" || b.start < begin || b.start > end {
			continue
		}
		for line := range strings.Lines(b.text) {
			words := words(strings.TrimSpace(line))
			run(t, dir, words[0], words[1:]...)
			commands++
		}
	}
	require.GreaterOrEqual(t, commands, 2)
	for _, name := range []string{"out/retries/report.html", "out/retries/runs.csv", "tail.svg"} {
		require.FileExists(t, filepath.Join(dir, name))
	}
	t.Logf("from a clone to a figure of one's own: %.0f s", time.Since(start).Seconds())
}

func find(t *testing.T, blocks []block, language string, n int) block {
	t.Helper()
	for _, b := range blocks {
		if b.language == language {
			if n == 0 {
				return b
			}
			n--
		}
	}
	require.FailNow(t, "README has too few blocks", language)
	return block{}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "NO_COLOR=1", "GOFLAGS=", "GOPROXY=off")
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s %v in %s:\n%s", name, args, dir, out)
	return string(out)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	require.NoError(t, err)
	return abs
}
