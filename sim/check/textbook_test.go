package check_test

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
)

// verdicts runs checks by name: "linearizable+" must hold, "sequential-" must be violated, "causal?" is undecided.
func verdicts(t *testing.T, h check.History, o check.Options, want string) {
	t.Helper()
	for _, w := range strings.Fields(want) {
		name, sign := w[:len(w)-1], w[len(w)-1:]
		c, ok := check.Find(name)
		require.True(t, ok, name)
		r := c.Run(h, o)
		require.Equal(t, name, r.Name)
		require.Equal(t, map[string]check.Verdict{"+": check.Holds, "-": check.Violated, "?": check.Undecided}[sign], r.Verdict, "%v", r)
		require.NotEmpty(t, r.Detail)
		require.NotContains(t, r.Detail, "\n")
		if r.Verdict == check.Violated {
			require.NotEmpty(t, r.Witness.Story)
			for _, op := range r.Witness.Ops {
				require.Contains(t, h, op)
			}
			if name != "convergence" && name != "effects-once" {
				require.Equal(t, check.Violated, c.Run(r.Witness.Ops, o).Verdict, "the witness of %v\n%v", r, r.Witness)
			}
		}
	}
}

const (
	allSessions = "read-your-writes+ monotonic-reads+ monotonic-writes+ writes-follow-reads+ "
	allCausal   = "causal+ causal-convergence+ causal-memory+ "
)

func TestRegisters(t *testing.T) {
	for _, c := range []struct {
		name string
		h    check.History
		want string
	}{
		{"concurrent reads of a write in order", timed(t, "1 w x a 0 10", "2 w x b 20 100", "3 r x a 30 40", "3 r x b 50 60"), "linearizable+ quorum-rule+ sequential+"},
		{"new-old inversion: regular, not atomic (Lamport 1986; Attiya, Bar-Noy & Dolev 1995)",
			timed(t, "1 w x a 0 10", "2 w x b 20 100", "3 r x b 30 40", "4 r x a 50 60"), "linearizable- quorum-rule+ sequential+"},
		{"stale read", timed(t, "1 w x a 0 10", "1 w x b 20 30", "2 r x a 40 50"), "linearizable- quorum-rule- sequential+ " + allSessions},
		{"read of nothing after a write", timed(t, "1 w x a 0 10", "2 r x - 20 30"), "linearizable- quorum-rule- sequential+"},
		{"a write without reply that is read, then not", timed(t, "1 w x a 0 10", "2 w x b 20 -", "3 r x b 30 40", "3 r x a 50 60"), "linearizable- sequential+"},
		{"a write without reply that is read late", timed(t, "1 w x a 0 10", "2 w x b 20 -", "3 r x a 30 40", "3 r x b 50 60"), "linearizable+"},
		{"a value that nobody wrote", timed(t, "1 w x a 0 10", "2 r x b 20 30"), "linearizable- sequential- causal- read-your-writes-"},
		{"a read before its write", timed(t, "2 r x a 0 5", "1 w x a 10 20"), "linearizable- sequential+ causal+"},
		{"a client that asks at the moment of its answer", timed(t, "1 w x a 0 10", "1 r x - 10 20"), "linearizable- sequential- read-your-writes-"},
		{"the same write by a client that asks after its answer, and by one that meets it", timed(t, "2 d x 0 10", "2 w x a 10 -", "3 w x a 10 -"), "linearizable+"},
		{"of equal writes nobody knows which was read: fresh", timed(t, "1 w x a 0 40", "2 w x a 5 6", "2 w x b 10 20", "3 r x a 50 60"), "linearizable+ quorum-rule?"},
		{"of equal writes nobody knows which was read: stale", timed(t, "1 w x a 0 10", "1 w x b 20 30", "2 r x a 40 50", "1 w x a 60 70"), "linearizable- quorum-rule?"},
		{"two clients each of which asks at the moment of its answer",
			timed(t, "1 w x a 0 10", "2 w y b 0 10", "1 r x a 10 20", "2 r y b 10 20"), "linearizable+ sequential+"},
		{"and the second does not find what it wrote",
			timed(t, "1 w x a 0 10", "2 w y b 0 10", "1 r x a 10 20", "2 r y - 10 20"), "linearizable? sequential- read-your-writes-"},
		{"two clients that meet at a moment", timed(t, "1 w x a 0 10", "2 r x - 10 20"), "linearizable+"},
	} {
		t.Run(c.name, func(t *testing.T) { verdicts(t, c.h, check.Options{}, c.want) })
	}
}

// Attiya & Welch, "Sequential consistency versus linearizability", 1994, section 1; the last is the litmus test of store
// buffers, which Lamport 1979 begins with.
func TestSequentialButNotLinearizable(t *testing.T) {
	verdicts(t, timed(t, "1 w x 1 0 10", "2 r x - 20 30", "2 r x 1 40 50"), check.Options{}, "linearizable- sequential+")
	verdicts(t, program(t, "w x 1; r y -", "w y 1; r x -"), check.Options{}, "linearizable- sequential- "+allCausal+allSessions)
	verdicts(t, program(t, "w x 1; r y 1", "w y 1; r x -"), check.Options{}, "sequential+")
	// independent reads of independent writes
	verdicts(t, program(t, "w x 1", "w y 1", "r x 1; r y -", "r y 1; r x -"), check.Options{}, "sequential- "+allCausal)
}

// Bouajjani, Enea, Guerraoui & Hamza 2017, figure 3, (a) to (e).
func TestFigureOfBadPatterns(t *testing.T) {
	for _, c := range []struct {
		name string
		h    check.History
		want string
	}{
		{"a: CM but not CCv", program(t, "w x 1; r x 2", "w x 2; r x 1"), "causal+ causal-memory+ causal-convergence- sequential-"},
		{"b: CCv but not CM", program(t, "w z 1; w x 1; w y 1", "w x 2; r z -; r y 1; r x 2"), "causal+ causal-convergence+ causal-memory- sequential-"},
		{"c: CC but not CM nor CCv", program(t, "w x 1", "w x 2; r x 1; r x 2"), "causal+ causal-memory- causal-convergence- sequential-"},
		{"d: all three but not sequential", program(t, "w x 1; r y -; w y 1; r x 1", "w x 2; r y -; w y 2; r x 2"), allCausal + "sequential-"},
		{"e: none", program(t, "w x 1; w y 1", "r y 1; w x 2", "r x 2; r x 1"), "causal- causal-memory- causal-convergence- sequential-"},
	} {
		t.Run(c.name, func(t *testing.T) { verdicts(t, c.h, check.Options{}, c.want) })
	}
}

// Ahamad et al. 1995: readers may see concurrent writes in different orders, and writes that cause each other may not.
func TestCausalMemory(t *testing.T) {
	verdicts(t, program(t, "w x 1; w x 3", "r x 1; w x 2", "r x 1; r x 3; r x 2", "r x 1; r x 2; r x 3"), check.Options{}, "causal+ causal-memory+ causal-convergence- sequential-")
	verdicts(t, program(t, "w x 1", "r x 1; w x 2", "r x 2; r x 1", "r x 1; r x 2"), check.Options{}, "causal- causal-memory- causal-convergence- monotonic-reads-")
	verdicts(t, program(t, "r y 1; w x 1", "r x 1; w y 1"), check.Options{}, "causal- sequential-")
	verdicts(t, program(t, "w x 1; w y 1", "r y 1; r x -"), check.Options{}, "causal-")
	verdicts(t, program(t, "w x 1; cas x 1 2", "r x 2; r x 1"), check.Options{}, "causal- monotonic-reads-")
}

// Terry et al. 1994, section 3: one guarantee fails, those beside it do not.
func TestSessionGuarantees(t *testing.T) {
	listed := func(order ...string) check.Options {
		return check.Options{Versions: func(string) []string { return order }}
	}
	for _, c := range []struct {
		name string
		h    check.History
		o    check.Options
		want string
	}{
		{"a password that does not work yet", program(t, "w x 1; r x -"), check.Options{}, "read-your-writes- monotonic-reads+ monotonic-writes+ writes-follow-reads+"},
		{"mail that disappears", program(t, "w x 1", "r x 1; r x -"), check.Options{}, "read-your-writes+ monotonic-reads- monotonic-writes+ writes-follow-reads+"},
		{"an older one by the store's order", program(t, "w x 1", "w x 2", "r x 2; r x 1"), listed("1", "2"), "monotonic-reads- read-your-writes+"},
		{"a newer one by the store's order", program(t, "w x 1", "w x 2", "r x 2; r x 1"), listed("2", "1"), "monotonic-reads+"},
		{"of unknown order", program(t, "w x 1", "w x 2", "r x 2; r x 1"), check.Options{}, "monotonic-reads+"},
		{"the later version is lost", program(t, "w x 1; w x 2"), listed("2", "1"), "monotonic-writes- writes-follow-reads+ read-your-writes+"},
		{"the later version is seen first", program(t, "w x 1; w x 2", "r x 2; r x 1"), check.Options{}, "monotonic-writes- writes-follow-reads+"},
		{"two sessions cross", program(t, "w x 1; w y 1", "w y 2; w x 2", "r x 2; r x 1", "r y 1; r y 2"), check.Options{}, "monotonic-writes-"},
		{"a reply before its question", program(t, "w x 1", "r x 1; w x 2", "r x 2; r x 1"), check.Options{}, "writes-follow-reads- monotonic-writes+"},
		{"the same by the store's order", program(t, "w x 1", "r x 1; w x 2"), listed("2", "1"), "writes-follow-reads- monotonic-writes+ monotonic-reads+"},
		{"readers disagree", program(t, "w x 1", "w x 2", "r x 1; r x 2", "r x 2; r x 1"), check.Options{}, "monotonic-writes? writes-follow-reads?"},
		{"own writes overwritten", program(t, "w x 1; r x 2; r x 2", "w x 2"), check.Options{}, allSessions},
		{"reads under way at once are in no order", timed(t, "1 w x 1 0 10", "2 r x 1 5 60", "1 w x 2 20 30", "2 r x 2 25 40"), check.Options{}, "linearizable+ " + allSessions},
		{"appends are not followed", program(t, "w x 1; a x 2"), check.Options{}, "read-your-writes? causal?"},
	} {
		t.Run(c.name, func(t *testing.T) { verdicts(t, c.h, c.o, c.want) })
	}
	// by real time, the second write is the newer one
	h := timed(t, "1 w x a 0 10", "2 w x b 20 30", "3 r x b 40 50", "3 r x a 60 70", "2 r x a 80 90")
	verdicts(t, h, check.Options{RealTime: true}, "monotonic-reads- read-your-writes-")
	verdicts(t, h, check.Options{}, "monotonic-reads+ read-your-writes+")
}

func TestEffectsOnce(t *testing.T) {
	state := func(v string) check.Options {
		return check.Options{Replicas: []check.Replica{{Name: "n0", State: map[string]string{"x": v}}}}
	}
	h := timed(t, "1 a x c1 0 10", "2 a x c2 0 -", "1 a x c3 20 30")
	for v, want := range map[string]string{
		"c1c3": "+", "c1c2c3": "+", "c1c3c2": "+", "c2c1c3": "+",
		"c1c3c1": "-", "c1": "-", "": "-", "c1c2c3c2": "-", "c1c3c4": "-",
	} {
		verdicts(t, h, state(v), "effects-once"+want)
	}
	verdicts(t, timed(t, "1 a x c1 0 10", "2 r x - 20 30"), check.Options{}, "effects-once-")
	verdicts(t, timed(t, "1 a x c1 0 10", "2 w x c2 20 30", "2 r x c2 40 50"), check.Options{}, "effects-once+")
	verdicts(t, timed(t, "1 a x c1 0 10", "2 a x c1 20 30"), check.Options{}, "effects-once?")
	// what was lost is lost, also if the same was read before, and whatever comes after
	verdicts(t, timed(t, "1 a x c1 0 10", "2 r x - 20 30", "1 a x c2 40 50"), check.Options{}, "effects-once-")
	verdicts(t, timed(t, "1 a x c1 0 10", "2 r x c1 20 30", "1 a x c2 40 50", "2 r x c1 60 70", "1 a x c3 80 90"), check.Options{}, "effects-once-")
}

func TestConvergence(t *testing.T) {
	a, b := map[string]string{"x": "1", "y": "2"}, map[string]string{"x": "1", "y": "2"}
	o := check.Options{Replicas: []check.Replica{{"n0", a}, {"n1", b}}}
	verdicts(t, nil, o, "convergence+")
	verdicts(t, nil, check.Options{}, "convergence?")
	b["z"] = ""
	delete(b, "x")
	require.Equal(t, []check.Difference{{"x", []string{`"1"`, "none"}}, {"z", []string{"none", `""`}}}, check.Differences(o.Replicas))
	verdicts(t, nil, o, "convergence-")
}

// The key that is named is that of the witness: of several, the one that was violated first.
func TestTheKeyThatFellFirst(t *testing.T) {
	r := check.Linearizable(timed(t, "1 w x a 0 10", "1 w y a 20 30", "2 r y - 40 50", "2 r x - 60 70", "2 r z - 80 90"), check.Options{})
	require.Contains(t, r.Detail, "key y (2 of 3): c2 read y")
}

// The heading of a picture is as wide as the picture, with letters of nine pixels, which are wide ones.
func TestHeadingsFit(t *testing.T) {
	for _, h := range []check.History{
		timed(t, "1 w x a 0 10", "2 r x - 20 30"),
		timed(t, "2 r x a 123456789 987654321"),
		timed(t, "1 w x a 123456 234567", "1 w x b 345678 456789", "2 r x a 567890 678901"),
	} {
		r := check.Linearizable(h, check.Options{})
		var b bytes.Buffer
		require.NoError(t, r.Witness.WriteSVG(&b))
		m := regexp.MustCompile(`<svg [^>]* width="(\d+)"`).FindStringSubmatch(b.String())
		width, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		lines := regexp.MustCompile(`<text class="title" x="(\d+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(b.String(), -1)
		require.NotEmpty(t, lines)
		for _, l := range lines {
			x, err := strconv.Atoi(l[1])
			require.NoError(t, err)
			require.LessOrEqual(t, x+9*utf8.RuneCountInString(html.UnescapeString(l[2])), width, l[2])
		}
	}
}

// A history that no clock can have made is not judged.
func TestMalformedHistories(t *testing.T) {
	h := check.History{
		{Invoke: 10, Return: 5, Outcome: check.OK}, {Invoke: 3, Outcome: check.Unknown}, {Op: check.Op{Kind: 9}, Outcome: 7},
		{Invoke: 20, Return: sim.Never, Outcome: check.OK}, {Invoke: 30, Return: 40, Outcome: check.OK, Result: check.Result{Value: "a"}},
	}
	err := h.Validate()
	for _, want := range []string{
		"returned at 5ns", "want the order of invocation", "unknown and returned", "kind(9)", "outcome(7)", "is ok and never returned", `found nothing and returned "a"`,
	} {
		require.ErrorContains(t, err, want)
	}
	for _, c := range check.All() {
		if c.Name != "convergence" {
			require.Equal(t, check.Undecided, c.Run(h, check.Options{}).Verdict, c.Name)
			require.Equal(t, check.Holds, c.Run(nil, check.Options{}).Verdict, c.Name)
		}
	}
}
