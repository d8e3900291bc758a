package fault

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

const sec = sim.Time(time.Second)

// everyAction is a plan with every kind of action, and its text.
func everyAction() (Plan, string) {
	return Plan{
			{Time: 0, Action: sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1}}},
			{Time: 1, Action: sim.Heal{}},
			{Time: sec + sec/2, Action: sim.Crash{Node: 2}},
			{Time: sec + sec/2, Action: sim.CrashDuring{Node: 3, After: 2}},
			{Time: 2 * sec, Action: sim.Recover{Node: 2}},
			{Time: 2 * sec, Action: sim.Pause{Node: 1}},
			{Time: 2250 * sec / 1000, Action: sim.Resume{Node: 1}},
			{Time: 3 * sec, Action: sim.Cut{Name: "halves", From: []sim.NodeID{0, 1}, To: []sim.NodeID{2, 3, 4}}},
			{Time: 3 * sec, Action: sim.Cut{Name: "mute.n0.1", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}, OneWay: true}},
			{Time: 4 * sec, Action: sim.Lie{Node: 3, How: "silent"}},
			{Time: 4 * sec, Action: sim.Lie{Name: "lie.n4.1", Node: 4, How: "twofaced"}},
			{Time: 5 * sec, Action: sim.OmitSends{Name: "o1", Node: 2, P: 0.3, Max: 5, Peers: []sim.NodeID{0, 1}}},
			{Time: 5 * sec, Action: sim.OmitSends{Node: 2, P: 1}},
			{Time: 5 * sec, Action: sim.OmitReceives{Name: "o2", Node: 2, P: 1e-9, Peers: []sim.NodeID{0}}},
			{Time: 5 * sec, Action: sim.Slow{Name: "s1", Node: 2, Factor: 10, Work: time.Millisecond}},
			{Time: 5 * sec, Action: sim.Slow{Node: 2, Factor: 1.5}},
			{Time: 5 * sec, Action: sim.Drift{Name: "c1", Node: 2, PPM: 200}},
			{Time: 5 * sec, Action: sim.Drift{Node: 1, PPM: -500000}},
			{Time: 5 * sec, Action: sim.StepClock{Node: 2, By: 3 * time.Second}},
			{Time: 5 * sec, Action: sim.SlowDisk{Name: "d1", Node: 2, Factor: 1e9}},
			{Time: 5 * sec, Action: sim.FullDisk{Name: "f1", Node: 2}},
			{Time: 5 * sec, Action: sim.FullDisk{Node: 0}},
			{Time: 6 * sec, Action: sim.LoseWrites{Name: "w1", Node: 2, P: 0.5, Max: 3}},
			{Time: 6 * sec, Action: sim.TearWrites{Name: "w2", Node: 2, P: 0.5}},
			{Time: 6 * sec, Action: sim.Rot{Node: 2, Key: "term"}},
			{Time: 6 * sec, Action: sim.Rot{Node: 2, Key: "a #\n\"{ \xff", Undetected: true}},
			{Time: 6 * sec, Action: sim.Rot{Node: 2}},
			{Time: 6 * sec, Action: sim.Rot{Node: 2, Undetected: true}},
			{Time: 6 * sec, Action: sim.Backup{Node: 2}},
			{Time: 6 * sec, Action: sim.LoseDisk{Node: 2}},
			{Time: 6 * sec, Action: sim.OldDisk{Node: 2}},
			{Time: 7 * sec, Action: sim.Disturb{Name: "b1", From: []sim.NodeID{0}, To: []sim.NodeID{1, 2}, Loss: 0.3, Delay: 50 * time.Millisecond, Jitter: 10 * time.Millisecond}},
			{Time: 7 * sec, Action: sim.Disturb{Name: "b2", Loss: 0.3}},
			{Time: 7 * sec, Action: sim.Disturb{From: []sim.NodeID{0}, OneWay: true, Delay: time.Second}},
			{Time: 7 * sec, Action: sim.Disturb{To: []sim.NodeID{0, 3}, Jitter: time.Second}},
			{Time: 90 * sec, Action: sim.Heal{Name: "halves"}},
			{Time: sim.Never, Action: sim.StepWall{Node: 2, By: -300 * time.Millisecond}},
		}, `0s cut  {n0} | {n1}
1ns heal
1.5s crash n2
1.5s crash n3 after effect 2
2s recover n2
2s pause n1
2.25s resume n1
3s cut halves {n0 n1} | {n2 n3 n4}
3s cut mute.n0.1 {n0} -/> {n1 n2}
4s lie n3 by silent
4s lie n4 by twofaced as lie.n4.1
5s omit sends of n2 to {n0 n1} with 0.3 at most 5 as o1
5s omit sends of n2 with 1
5s omit receives of n2 from {n0} with 1e-09 as o2
5s slow n2 by 10 with handlers of 1ms as s1
5s slow n2 by 1.5
5s drift clock of n2 by 200ppm as c1
5s drift clock of n1 by -500000ppm
5s step clock of n2 by 3s
5s slow disk of n2 by 1e+09 as d1
5s fill disk of n2 as f1
5s fill disk of n0
6s lose writes of n2 with 0.5 at most 3 as w1
6s tear writes of n2 with 0.5 as w2
6s rot n2 "term"
6s rot n2 "a #\n\"{ \xff" undetected
6s rot n2
6s rot n2 undetected
6s back up disk of n2
6s crash n2 losing its disk
6s crash n2 restoring its backup
7s disturb {n0} | {n1 n2} losing 0.3 delaying 50ms jitter 10ms as b1
7s disturb all losing 0.3 as b2
7s disturb {n0} -/> all delaying 1s
7s disturb all | {n0 n3} jitter 1s
1m30s heal halves
2562047h47m16.854775807s step wall clock of n2 by -300ms
`
}

func TestPlanText(t *testing.T) {
	plan, text := everyAction()
	require.NoError(t, plan.Validate(5))
	require.Equal(t, text, plan.String())
	parsed, err := ParsePlan(text)
	require.NoError(t, err)
	require.Equal(t, plan, parsed)
}

func TestParsePlanIgnoresCommentsAndSpace(t *testing.T) {
	plan, err := ParsePlan("# what happened\n\n  1s\tcrash   n2  # the leader\r\n2s cut x{n0 n1}|{n2}\n2s cut {n0}-/>{n1}")
	require.NoError(t, err)
	require.Equal(t, Plan{
		{Time: sec, Action: sim.Crash{Node: 2}},
		{Time: 2 * sec, Action: sim.Cut{Name: "x", From: []sim.NodeID{0, 1}, To: []sim.NodeID{2}}},
		{Time: 2 * sec, Action: sim.Cut{From: []sim.NodeID{0}, To: []sim.NodeID{1}, OneWay: true}},
	}, plan)
	empty, err := ParsePlan("")
	require.NoError(t, err)
	require.Empty(t, empty)
}

func TestParsePlanSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"soon crash n1":                     `line 1, column 1: got "soon", want a time since the start, such as 1.5s`,
		"-1s crash n1":                      `line 1, column 1: got "-1s", want a time since the start, such as 1.5s`,
		"1.5 crash n1":                      `line 1, column 1: got "1.5", want a time since the start, such as 1.5s`,
		"\n1s explode n1":                   `line 2, column 4: got "explode", want crash, recover, pause, resume, cut, heal, step, lie, omit, slow, drift, fill, lose, tear, rot, back or disturb`,
		"1s":                                `line 1, column 3: got the end of the line, want crash, recover, pause, resume, cut, heal, step, lie, omit, slow, drift, fill, lose, tear, rot, back or disturb`,
		"1s crash 2":                        `line 1, column 10: got "2", want a node, such as n0`,
		"1s crash n-1":                      `line 1, column 10: got "n-1", want a node, such as n0`,
		"1s crash n2147483648":              `line 1, column 10: got "n2147483648", want a node, such as n0`,
		"1s crash n1 after lunch":           `line 1, column 19: got "lunch", want "effect"`,
		"1s crash n1 after effect -1":       `line 1, column 26: got "-1", want a number, such as 3`,
		"1s recover n1 now":                 `line 1, column 15: got "now", want the end of the line`,
		"1s cut a {n0} / {n1}":              `line 1, column 15: got "/", want "|" or "-/>"`,
		"1s cut a {n0 | {n1}":               `line 1, column 14: got "|", want a node, such as n0`,
		"1s cut a {n0} | {n1":               `line 1, column 20: got the end of the line, want a node, such as n0`,
		"1s cut a b {n0} | {n1}":            `line 1, column 10: got "b", want "{"`,
		"1s step wall clock of n1 by a lot": `line 1, column 29: got "a", want a duration, such as -300ms`,
		"1s crash n1\n500ms recover n1":     `line 2, column 1: got "500ms", want no earlier than the entry before it, at 1s`,
		"1s " + strings.Repeat("x", 100):    `line 1, column 4: got "` + strings.Repeat("x", 40) + `...", want crash,`,
		"1s cut \x00 {n0} | {n1}":           `line 1, column 8: got "\x00", want a name`,
		"1s heal \xff":                      `line 1, column 9: got "\xff", want a name`,
		"1s omit things of n1 with 1":       `line 1, column 9: got "things", want "sends"`,
		"1s omit sends of n1":               `line 1, column 20: got the end of the line, want "with"`,
		"1s omit sends of n1 with NaN":      `line 1, column 26: got "NaN", want a number, such as 0.3`,
		"1s omit sends of n1 with 1 at 3":   `line 1, column 31: got "3", want "most"`,
		"1s slow n1 by -2":                  `line 1, column 15: got "-2", want a number, such as 0.3`,
		"1s slow n1 by 2 with handlers":     `line 1, column 30: got the end of the line, want "of"`,
		"1s slow n1 by 2 as":                `line 1, column 19: got the end of the line, want a name`,
		"1s slow disk n1 by 2":              `line 1, column 14: got "n1", want "of"`,
		"1s drift clock of n1 by 3":         `line 1, column 25: got "3", want parts per million, such as -200ppm`,
		"1s step clock of n1 by ages":       `line 1, column 24: got "ages", want a duration, such as -300ms`,
		"1s rot n1 term":                    `line 1, column 11: got "term", want the end of the line`,
		"1s rot n1 \"term # x":              `line 1, column 11: got "\"term", want a text in quotes, such as "term"`,
		"1s crash n1 losing its mind":       `line 1, column 24: got "mind", want "disk"`,
		"1s disturb {n0} losing 1":          `line 1, column 17: got "losing", want "|" or "-/>"`,
		"1s disturb all -/> all losing 1":   `line 1, column 20: got "all", want a side, such as {n0}`,
		"1s disturb all delaying -1s":       `line 1, column 25: got "-1s", want a duration, such as 10ms`,
		"9999999999s crash n1":              `line 1, column 1: got "9999999999s", want a time`,
	} {
		_, err := ParsePlan(text)
		require.ErrorContains(t, err, "fault: plan "+want, "%q", text)
		var syntax *SyntaxError
		require.ErrorAs(t, err, &syntax)
	}
}

func TestParsePlanReportsEveryLine(t *testing.T) {
	_, err := ParsePlan("1s crash x\n2s crash n1\nnever crash n1\n")
	require.EqualError(t, err, "fault: plan line 1, column 10: got \"x\", want a node, such as n0\n"+
		"fault: plan line 3, column 1: got \"never\", want a time since the start, such as 1.5s")
	_, err = ParsePlan(strings.Repeat("x\n", 1000))
	require.Equal(t, maxReported, strings.Count(err.Error(), "\n"))
	require.ErrorContains(t, err, "line 11: more errors")
}

func TestParseLine(t *testing.T) {
	e, err := ParseLine("2s crash n1 after effect 0")
	require.NoError(t, err)
	require.Equal(t, sim.At{Time: 2 * sec, Action: sim.CrashDuring{Node: 1}}, e)
	_, err = ParseLine("2s")
	require.Error(t, err)
	_, err = ParseLine("")
	require.Error(t, err)
}

func TestPlanInJSON(t *testing.T) {
	plan, _ := everyAction()
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var back Plan
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, plan, back)
	require.Error(t, json.Unmarshal([]byte(`"1s explode"`), &back))
	require.Equal(t, plan, back, "an error leaves the plan as it was")
}

func TestPlanValidateReportsAllProblems(t *testing.T) {
	err := Plan{
		{Time: -1, Action: sim.Crash{Node: 3}},
		{Time: -2, Action: sim.CrashDuring{Node: -1, After: -5}},
		{Time: 0},
		{Time: 0, Action: sim.Cut{Name: "two words", From: []sim.NodeID{0, 0}}},
		{Time: 0, Action: sim.Heal{Name: "{"}},
	}.Validate(3)
	require.EqualError(t, err, "fault: Plan[0].Time is -1ns, want 0 or later\n"+
		"fault: Plan[0].Action.Node is n3, want n0 to n2\n"+
		"fault: Plan[1].Time is -2ns, want 0 or later\n"+
		"fault: Plan[1].Time is -2ns, want no earlier than the entry before it, at -1ns\n"+
		"fault: Plan[1].Action.After is -5, want 0 or more\n"+
		"fault: Plan[1].Action.Node is n-1, want n0 to n2\n"+
		"fault: Plan[2].Action is nil, want an action\n"+
		"fault: Plan[3].Action.Name is \"two words\", want a name without spaces, braces and #\n"+
		"fault: Plan[3].Action.From has 2 nodes and To 0, want at least 1 each\n"+
		"fault: Plan[3].Action.From[1] is n0, which is there already\n"+
		"fault: Plan[4].Action.Name is \"{\", want a name without spaces, braces and #")
}

func TestMergeKeepsOrder(t *testing.T) {
	a := Plan{{Time: 1, Action: sim.Crash{Node: 1}}, {Time: 3, Action: sim.Recover{Node: 1}}}
	b := Plan{{Time: 1, Action: sim.Crash{Node: 2}}, {Time: 2, Action: sim.Recover{Node: 2}}, {Time: sim.Never, Action: sim.Heal{}}}
	require.Equal(t, Plan{a[0], b[0], b[1], a[1], b[2]}, Merge(a, b))
}

func TestPlanDown(t *testing.T) {
	plan, err := ParsePlan("1s crash n0\n2s crash n1\n2s crash n0\n4s recover n0\n5s recover n0\n6s crash n0 after effect 1\n8s recover n0\n9s pause n0")
	require.NoError(t, err)
	for until, want := range map[sim.Time]time.Duration{0: 0, 3 * sec: 2 * time.Second, 4 * sec: 3 * time.Second, 7 * sec: 4 * time.Second, 100 * sec: 5 * time.Second} {
		require.Equal(t, want, plan.Down(0, until), "until %v", until)
	}
	require.Equal(t, time.Duration(math.MaxInt64)-2*time.Second, plan.Down(1, sim.Never), "never recovers")
	require.Zero(t, plan.Down(2, sim.Never))
}

// What parses prints to what parses to the same.
func FuzzParsePlan(f *testing.F) {
	_, text := everyAction()
	for line := range strings.Lines(text) {
		f.Add(line)
	}
	f.Add(text + "# comment\n\n")
	f.Add("1s cut | {n0} -/> {}")
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := ParsePlan(text)
		if err != nil {
			require.Nil(t, plan)
			return
		}
		again, err := ParsePlan(plan.String())
		require.NoError(t, err)
		require.Equal(t, plan, again)
	})
}
