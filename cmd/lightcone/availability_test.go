package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments"
)

// The course's examples, as it prints them.
func TestAvailabilityOfTheCourse(t *testing.T) {
	for diagram, want := range map[string]string{
		"series(0.99, 0.99, 0.99, 0.99)":   "96.06 %",
		"series(5 * 0.99)":                 "95.099 %",
		"series(2 * 0.95)":                 "90.25 %",
		"parallel(0.95, 0.95)":             "99.75 %",
		"parallel(3 * 0.95)":               "99.9875 %",
		"kofn(2, 3 * 0.99)":                "99.9702 %",
		"majority(5 * 0.99)":               "99.9990149 %",
		"parallel(0.95, 0.95, 0.95, 0.95)": "99.999375 %",
		"series(parallel(3 * 95%), parallel(2 * 99%), kofn(2, 3 * 90%))": "97.178 %",
		"0.99999999999": "99.999999999 %",
		"0.5":           "50 %",
		"1":             "100 %",
	} {
		code, out, errs := lightcone(t, "availability", diagram)
		require.Equal(t, exitPass, code, errs)
		require.Regexp(t, `\n  availability +`+regexp.QuoteMeta(want)+"\n", out, diagram)
		require.NotContains(t, out, "\x1b")
	}
}

const shop = `# a shop
db(mttf=500h, mttr=2h)
web = parallel(2 * server(mttf=100h, mttr=5h))
series(web, db)
`

func TestAvailabilityOfAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("shop.rbd", []byte(shop), 0o644))
	code, out, errs := lightcone(t, "availability", "shop.rbd", "--mission", "30d", "--target", "99%", "--cuts", "1")
	require.Equal(t, exitPass, code, errs)
	for _, want := range []string{
		`^series\(web=parallel\(server\.1\(mttf=100h, mttr=5h\), server\.2\(mttf=100h, mttr=5h\)\), db\(mttf=500h, mttr=2h\)\)\n`,
		`\n  unavailability +0\.0062426 +2\.205 nines\n`, // 1 - (1 - q^2)(1 - d), q = 5/105, d = 2/502
		`\n  downtime +2\.28 days a year +4\.49 h in 30 days\n`,
		`\n  mean up time +14\.3 days\n  mean down time +2\.16 h\n`,
		`\nthe first 30 days, from all parts up\n  no failure of the system +12\.69 % +exact\n`,
		`\nchance that 30 days are at least 99 % available: \d\d\.\d+ %, if times up and down were exponential\n`,
		`\n  db +0\.00398406 .* single point of failure\n`,
		`\n2 minimal cut sets \(1 of 1, 1 of 2\)\n  0\.00398406  db\n  and 1 more\n`,
	} {
		require.Regexp(t, want, out)
	}
}

func TestAvailabilityIsBrief(t *testing.T) {
	text := "x = 0.9; y = 0.8; series(in(zone=0.999, 60 * 0.99)"
	for n := 2; n < 10; n++ {
		text += ", parallel(" + strings.Repeat("0.9, ", n) + "0.9)"
	}
	code, out, errs := lightcone(t, "availability", text+")")
	require.Equal(t, exitPass, code, errs)
	require.Contains(t, out, "\n  note: defined and not used: x, y\n")
	require.Contains(t, out, "\n  and 73 more parts, which matter less\n", "61 parts in the zone and 52 in parallel, of which 40 are shown")
	require.Contains(t, out, "\n69 minimal cut sets (61 of 1, 1 of 3, 1 of 4, 1 of 5, 1 of 6, 1 of 7, ...)\n")
	require.Contains(t, out, "\n  and 59 more\n")
}

func TestAvailabilityJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("shop.rbd", []byte(shop), 0o644))
	code, out, errs := lightcone(t, "availability", "shop.rbd", "--json", "--simulate", "--out", "res", "--mission", "720h")
	require.Equal(t, exitPass, code, errs)
	var keys []string
	d := json.NewDecoder(strings.NewReader(out))
	_, err := d.Token()
	require.NoError(t, err)
	for d.More() {
		key, err := d.Token()
		require.NoError(t, err)
		keys = append(keys, key.(string))
		require.NoError(t, d.Decode(new(json.RawMessage)))
	}
	require.Equal(t, "format version name seed digest diagram unused availability unavailability nines downtime_hours_per_year downtime_hours_per_month "+
		"failures_per_hour failures_per_year mut_hours mdt_hours parts single_points cut_sets path_sets min_cut_bound crews mission target verdicts measures files",
		strings.Join(keys, " "))

	var r experiments.AvailabilityReport
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	db, web := 2./502, (5./105)*(5./105)
	u := db + web - db*web
	require.InEpsilon(t, u, r.Unavailability, 1e-12)
	frequency := (1-web)/502 + (1-db)*2*(5./105)/105 // each part's own, where it is critical
	require.InEpsilon(t, frequency, *r.Frequency, 1e-12)
	require.InEpsilon(t, u/frequency, *r.MDT, 1e-12)
	require.Equal(t, []string{"db"}, r.SinglePoints)
	require.Len(t, r.Measures, 4)
	for _, m := range r.Measures {
		require.True(t, *m.Agrees, m.Name)
	}
	require.Nil(t, r.Target)
	require.Positive(t, r.Mission.Failed)
	for _, f := range r.Files {
		info, err := os.Stat(f)
		require.NoError(t, err)
		require.Positive(t, info.Size(), f)
	}
	require.Contains(t, r.Files, filepath.Join("res", "convergence.svg"))

	_, again, _ := lightcone(t, "availability", "shop.rbd", "--json", "--simulate", "--out", "res", "--mission", "720h")
	require.Equal(t, out, again, "the same inputs, the same bytes, over earlier results")
	_, other, _ := lightcone(t, "availability", "shop.rbd", "--json", "--simulate", "--seed", "2")
	var o experiments.AvailabilityReport
	require.NoError(t, json.Unmarshal([]byte(other), &o))
	require.NotEqual(t, *r.Measures[0].Value, *o.Measures[0].Value)
}

func TestAvailabilitySimulatesRareOutagesAndPlainProbabilities(t *testing.T) {
	for diagram, how := range map[string]string{
		"majority(5 * node(mttf=1000h, mttr=1h))": "times up and down of the parts, failures hastened and weighted",
		"parallel(2 * 0.9)":                       "states of the parts drawn at random",
		"parallel(4 * 0.999)":                     "times up and down of the parts, failures hastened and weighted",
	} {
		code, out, errs := lightcone(t, "availability", diagram, "--simulate")
		require.Equal(t, exitPass, code, errs)
		require.Contains(t, out, "\nsimulated, seed 1: "+how+"\n")
		require.Regexp(t, `\n  unavailability, of the time .* agrees\n`, out)
	}
}

// The values are C1_3of5_c2 and C1_1of3_c1 of testdata/vectors.json in models/reliability.
func TestAvailabilityWithCrews(t *testing.T) {
	for text, want := range map[string]string{"kofn(3, 5 * n(mttf=1000h, mttr=10h))": "1.44153e-05", "parallel(3 * n(mttf=1000h, mttr=10h))": "5.82182e-06"} {
		crews := "1"
		if strings.HasPrefix(text, "kofn") {
			crews = "2"
		}
		code, out, errs := lightcone(t, "availability", text, "--crews", crews)
		require.Equal(t, exitPass, code, errs)
		require.Contains(t, out, "\n  unavailability  "+want+"\n")
	}
}

func TestAvailabilityOfWhatIsWrong(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("bad.rbd", []byte("a = series(b, 0.9)\nb = parallel(a,\n  1.5)\n"), 0o644))
	require.NoError(t, os.Mkdir("kept", 0o755))
	require.NoError(t, os.WriteFile("kept/mine.txt", nil, 0o644))
	for _, tt := range []struct {
		name, want string
		args       []string
	}{
		{"syntax", "diagram:1:11: got the end, want \",\" or \")\"\n    series(0.9\n              ^\n", []string{"series(0.9"}},
		{"all at once, with a caret", "diagram:1:8: got \"1.2\", want a probability from 0 to 1\n    series(1.2, x)\n           ^\n" +
			"diagram:1:13: got \"x\", want the name of a part", []string{"series(1.2, x)"}},
		{"a file", "bad.rbd:1:12: got \"b\", want a diagram without cycles: b -> a -> b\n    a = series(b, 0.9)\n               ^\nbad.rbd:3:3: got \"1.5\"", []string{"bad.rbd"}},
		{"k", "want 1 to 2, the number of blocks", []string{"kofn(3, 0.9, 0.9)"}},
		{"MTTF", "want a mean time to failure of more than 0", []string{"db(mttf=0h, mttr=1h)"}},
		{"name twice", "want a name of its own: line 1, column 8 defines this one", []string{"series(a=0.9, a=0.8)"}},
		{"no file", `diagram is "shop.rbd", want a file that exists or a diagram such as series(0.99, 0.999)`, []string{"shop.rbd"}},
		{"a directory", "kept is a directory, want a file", []string{"kept"}},
		{"nothing", "got the end, want a system", []string{""}},
		{"no argument", "availability has 0 arguments, want 1", nil},
		{"mission", `--mission: time is "3", want more than 0`, []string{"0.9", "--mission", "3"}},
		{"mission of what has no times", `part "part1" has no MTTF and MTTR, want both`, []string{"0.9", "--mission", "3h"}},
		{"target", `--target: availability is "2", want a probability from 0 to 1`, []string{"0.9", "--target", "2"}},
		{"target of what has no times", "--target needs mean times up and down", []string{"0.9", "--target", "99%"}},
		{"crews", "--crews is -1, want at least 1, or 0 for a crew for each part", []string{"0.9", "--crews", "-1"}},
		{"crews of what has no times", `part "part1": MTTF is 0 and MTTR 0, want both`, []string{"0.9", "--crews", "1"}},
		{"a chain too large", "number of states is more than 262144, want fewer: the chain is too large, for --crews", []string{"kofn(3, 12 * n(mttf=1000h, mttr=10h))", "--crews", "1"}},
		{"cuts", "--cuts is -1, want at least 0", []string{"0.9", "--cuts", "-1"}},
		{"what is always up", "--simulate: the system is down with probability 0", []string{"1", "--simulate"}},
		{"somebody's directory", "kept holds another file (mine.txt)", []string{"0.9", "--out", "kept"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := lightcone(t, append([]string{"availability"}, tt.args...)...)
			require.Equal(t, exitUsage, code)
			require.Empty(t, out)
			require.Contains(t, errs, tt.want)
		})
	}
	left, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, left, 2, "nothing is left behind")
}
