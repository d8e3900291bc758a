package experiments

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/sim"
)

// planOf reads a scenario of three idle nodes with more in it, and plans seed 1.
func planOf(t testing.TB, more string) *Plan {
	t.Helper()
	s, err := Read("kinds.yaml", []byte("protocol: idle\nnodes: 3\nduration: 1m\n"+more))
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	return p
}

// degrees are the keys that the kinds of faults need.
var degrees = map[string]string{
	"omit-send": "p: 0.5, max: 3, peers: [0]", "omit-receive": "p: 0.5", "slow": "factor: 10, work: 2ms", "drift": "ppm: -200", "disk-slow": "factor: 3",
	"lose-writes": "p: 1", "tear-writes": "p: 0.25, max: 1", "lie": "how: silent", "clock-step": "by: 1s", "wall-step": "by: -1s", "rot": "key: term, undetected: true",
	"disturb": "loss: 0.5, delay: 1ms, from: [0], name: burst", "partition": "name: split", "heal": "name: split",
}

// What each kind of fault does at a stated time for two seconds.
var statedLines = map[string]string{
	"crash": "1s crash n1\n3s recover n1\n", "recover": "1s recover n1\n", "stop": "1s crash n1\n", "pause": "1s pause n1\n3s resume n1\n", "resume": "1s resume n1\n",
	"isolate":      "1s cut isolate-1.n1 {n1} | {n0 n2}\n3s heal isolate-1.n1\n",
	"mute":         "1s cut mute-1.n1 {n1} -/> {n0 n2}\n3s heal mute-1.n1\n",
	"deafen":       "1s cut deafen-1.n1 {n0 n2} -/> {n1}\n3s heal deafen-1.n1\n",
	"partition":    "1s cut split {n1} | {n0 n2}\n3s heal split\n",
	"heal":         "1s heal split\n",
	"omit-send":    "1s omit sends of n1 to {n0} with 0.5 at most 3 as omit-send-1.n1\n3s heal omit-send-1.n1\n",
	"omit-receive": "1s omit receives of n1 with 0.5 as omit-receive-1.n1\n3s heal omit-receive-1.n1\n",
	"slow":         "1s slow n1 by 10 with handlers of 2ms as slow-1.n1\n3s heal slow-1.n1\n",
	"drift":        "1s drift clock of n1 by -200ppm as drift-1.n1\n3s heal drift-1.n1\n",
	"clock-step":   "1s step clock of n1 by 1s\n",
	"wall-step":    "1s step wall clock of n1 by -1s\n",
	"disk-slow":    "1s slow disk of n1 by 3 as disk-slow-1.n1\n3s heal disk-slow-1.n1\n",
	"disk-full":    "1s fill disk of n1 as disk-full-1.n1\n3s heal disk-full-1.n1\n",
	"disk-lost":    "1s crash n1 losing its disk\n3s recover n1\n",
	"disk-old":     "1s crash n1 restoring its backup\n3s recover n1\n",
	"backup":       "1s back up disk of n1\n",
	"lose-writes":  "1s lose writes of n1 with 1 as lose-writes-1.n1\n3s heal lose-writes-1.n1\n",
	"tear-writes":  "1s tear writes of n1 with 0.25 at most 1 as tear-writes-1.n1\n3s heal tear-writes-1.n1\n",
	"rot":          "1s rot n1 \"term\" undetected\n",
	"disturb":      "1s disturb {n0} | all losing 0.5 delaying 1ms as burst\n3s heal burst\n",
	"lie":          "1s lie n1 by silent as lie-1.n1\n3s heal lie-1.n1\n",
}

func TestEveryKindAtAStatedTime(t *testing.T) {
	require.Len(t, statedLines, len(faultForms))
	for _, form := range faultForms {
		text := "faults: [{kind: " + form.kind + ", at: 1s" + comma(degrees[form.kind])
		if slices.Contains(form.takes, "node") {
			text += ", node: 1"
		}
		if slices.Contains(form.takes, "for") {
			text += ", for: 2s"
		}
		require.Equal(t, statedLines[form.kind], planOf(t, text+"}]\n").Faults.String(), form.kind)
	}
}

// Whatever a law or a trace draws is what the same fault at a stated time would be, but for its name.
func TestEveryKindByLawAndByTrace(t *testing.T) {
	verb := func(s string) string {
		words := strings.Fields(s)
		if words[1] == "cut" { // what follows is its name
			return "cut"
		}
		return words[1] + " " + words[2]
	}
	drawn, traced := 0, 0
	for _, form := range faultForms {
		if form.drawn {
			drawn++
			text := "faults: [{kind: " + form.kind + ", up: 1s" + comma(degrees[form.kind])
			if form.targets {
				text += ", node: 1"
			}
			if form.repaired {
				text += ", down: 2s"
			}
			plan := planOf(t, text+"}]\n").Faults
			if form.kind == "disk-old" {
				require.Equal(t, "0s back up disk of n1", fault.Line(plan[0]))
				plan = plan[1:]
			}
			require.Equal(t, verb(statedLines[form.kind]), verb(fault.Line(plan[0])), form.kind)
			require.Equal(t, sim.Time(time.Second), plan[0].Time)
			switch { // 1s up and 2s down for a minute, whose end undoes nothing
			case form.kind == "stop":
				require.Len(t, plan, 1)
			case form.kind == "disk-old":
				require.Len(t, plan, 39+19, "with a backup after each repair")
			case form.repaired:
				require.Len(t, plan, 39, form.kind)
			default:
				require.Len(t, plan, 59, form.kind)
			}
		}
		if slices.Contains(form.takes, "trace") {
			traced++
			plan := planOf(t, fmt.Sprintf("faults:\n- kind: %s\n  trace: |\n    node,down,up\n    n1,1s,3s\n    n1,59s,2m\n%s", form.kind, inLines(degrees[form.kind]))).Faults
			lines := strings.SplitAfter(statedLines[form.kind], "\n")
			require.Len(t, plan, 3, form.kind)
			require.Equal(t, verb(lines[0]), verb(fault.Line(plan[0])))
			require.Equal(t, strings.Fields(lines[1])[1], strings.Fields(fault.Line(plan[1]))[1])
			require.Equal(t, 3*sim.Time(time.Second), plan[1].Time)
			require.Equal(t, 59*sim.Time(time.Second), plan[2].Time)
		}
	}
	require.Equal(t, 22, drawn)
	require.Equal(t, 16, traced)
}

// comma continues a mapping.
func comma(keys string) string {
	if keys == "" {
		return ""
	}
	return ", " + keys
}

// inLines writes keys of a mapping in lines.
func inLines(keys string) string {
	if keys == "" {
		return ""
	}
	var b strings.Builder
	list := strings.Split(keys, ", ")
	for _, k := range list {
		b.WriteString("  " + k + "\n")
	}
	return b.String()
}

func TestCrewsInAScenario(t *testing.T) {
	p := planOf(t, "faults: [{kind: crash, up: 1s, down: 2s, crews: 1}]\n")
	require.Equal(t, "1s crash n0\n1s crash n1\n1s crash n2\n3s recover n0\n", p.Faults[:4].String())
	require.Contains(t, p.Faults.String(), "7s recover n2\n", "the third waits for the two before it")
}

func TestDomainsInAScenario(t *testing.T) {
	for place, want := range map[string]string{
		"groups: [2, 1]":       "1s crash n0\n1s crash n1\n1s crash n2\n",
		"spread: [3]":          "1s crash n0\n1s crash n1\n1s crash n2\n",
		"places: [eu, us, eu]": "1s crash n0\n1s crash n2\n1s crash n1\n",
	} {
		p := planOf(t, "domains: {levels: [{name: zone, up: 1s, down: 2s}], "+place+"}\n")
		require.Equal(t, want, p.Faults[:3].String())
	}
	p := planOf(t, "domains: {levels: [{name: zone}, {name: rack, up: 1s, down: 2s, kind: isolate}], places: [a/x, a/x, b/y]}\n")
	require.Equal(t, "1s cut domains.a/x.1 {n0 n1} | {n2}\n1s cut domains.b/y.1 {n2} | {n0 n1}\n", p.Faults[:2].String())
}

func TestBudgetInAScenario(t *testing.T) {
	const faults = `
faults:
  - {kind: crash, up: exponential(mean=2s), down: exponential(mean=2s)}
  - {kind: slow, factor: 3, up: exponential(mean=2s), down: exponential(mean=2s)}
  - {kind: isolate, node: 2, at: 7s}
`
	end := sim.Time(time.Minute)
	require.NotEmpty(t, fault.Excused(planOf(t, faults).Faults, 3, 1, end))
	p := planOf(t, faults+"budget: {f: 1, healed: 40s}\n")
	require.Empty(t, fault.Excused(p.Faults, 3, 1, end))
	require.LessOrEqual(t, p.Faults[len(p.Faults)-1].Time, 40*sim.Time(time.Second))
	for _, v := range p.Faults.Troubles(3, end, fault.AnyTrouble) {
		require.LessOrEqual(t, v.To, 40*sim.Time(time.Second), "all is well from then on")
	}
	for i := range p.Faults { // an edited plan keeps within it, too
		p := planOf(t, faults+"budget: {f: 1, healed: 40s}\n")
		require.NoError(t, p.Without(fault.Line(p.Faults[i])))
		require.Empty(t, fault.Excused(fault.Plan(p.Config.Faults[0].(sim.Schedule)), 3, 1, end))
	}
}

func TestTracesAreReadBesideTheScenario(t *testing.T) {
	const text = "protocol: idle\nnodes: 2\nduration: 1m\nfaults: [{kind: crash, trace: log.csv}]\n"
	dir := fstest.MapFS{"log.csv": {Data: []byte("node,from,to\nn1,2s,3s\n")}}
	s, err := ReadIn(dir, "t.yaml", []byte(text))
	require.NoError(t, err)
	require.Equal(t, []Attachment{{"log.csv", "node,from,to\nn1,2s,3s\n"}}, s.Files())
	s, err = s.With("nodes=3")
	require.NoError(t, err, "read once")
	p, err := s.Plan(1)
	require.NoError(t, err)
	require.Equal(t, "2s crash n1\n3s recover n1\n", p.Faults.String())

	for content, want := range map[string]string{
		"node,from,to\nn0,1s,2s\nn1,5s,4s\n":          "log.csv:3:7: $.faults[0].trace: got n1 down from 5s to 4s, want an end that is later than the beginning\n    n1,5s,4s\n          ^",
		"node,from,to\nn0,1s,5s\nn0,4s,6s\n":          "log.csv:3:4: $.faults[0].trace: got n0 down from 4s, want no overlap with line 2, n0 down from 1s to 5s\n    n0,4s,6s\n       ^",
		"node,from,to\nn0,-1s,5s\n":                   "log.csv:2:4: $.faults[0].trace: got \"-1s\", want a time since the start, such as 1.5s, or 90.5 in seconds\n    n0,-1s,5s\n       ^",
		"node,from,to\nn7,1s,5s\n":                    "log.csv:2:1: $.faults[0].trace: got \"n7\", want a node, n0 to n1\n    n7,1s,5s\n    ^",
		"node,from,to\nn9,1s,5s\nn1,x,1s\nn0,2s,2s\n": "log.csv:4:7",
	} {
		dir["log.csv"] = &fstest.MapFile{Data: []byte(content)}
		_, err := ReadIn(dir, "t.yaml", []byte(text))
		require.ErrorContains(t, err, want)
	}
	_, err = Read("t.yaml", []byte(text))
	require.ErrorContains(t, err, "t.yaml:4:31: $.faults[0].trace: got log.csv, no files to be read here, want the name of a CSV file beside the scenario")
	_, err = ReadIn(fstest.MapFS{}, "t.yaml", []byte(text))
	require.ErrorContains(t, err, "log.csv, no such file beside the scenario")
	_, err = ReadIn(dir, "t.yaml", []byte(strings.Replace(text, "log.csv", "../log.csv", 1)))
	require.ErrorContains(t, err, "want the name of a CSV file beside the scenario")
}

// Scenarios have every kind of failure that there is, and the schema names those that the checks know.
func TestEveryKindIsInScenarios(t *testing.T) {
	var known []string
	for _, form := range faultForms {
		known = append(known, form.kind)
	}
	for _, k := range fault.Kinds() {
		if k != fault.Midway { // a crash with an effect
			require.Contains(t, known, k.String())
		}
	}
	kind, _ := describeScenario().Definitions["Fault"].Properties.Get("kind")
	var named []string
	for _, v := range kind.Enum {
		named = append(named, v.(string))
	}
	require.Equal(t, known, named)
	require.Equal(t, "1s crash n0 after effect 2\n3s recover n0\n", planOf(t, "faults: [{kind: crash, node: 0, at: 1s, for: 2s, effect: 2}]\n").Faults.String())
}

// Whatever goes wrong, the time between can be left out, and each run of a repro is the same.
func TestEveryKindWithAWindow(t *testing.T) {
	var faults strings.Builder
	for i, form := range faultForms {
		fmt.Fprintf(&faults, "  - {kind: %s, at: %ds%s", form.kind, 5+10*i, comma(degrees[form.kind]))
		if slices.Contains(form.takes, "node") {
			faults.WriteString(", node: 1")
		}
		if slices.Contains(form.takes, "for") {
			faults.WriteString(", for: 3s")
		}
		faults.WriteString("}\n")
	}
	o := runServed(t, 1, "protocol: raft\nnodes: 3\nduration: 300s\navailability: {window: 2s}\nfaults:\n"+faults.String())
	require.NotNil(t, o.Served)
	require.Equal(t, 300*time.Second, o.Served.Transient.Length()+o.Served.Length())
}
