package table

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// example is a small sweep: a numeric factor in seconds, named cases, a plain number.
func example() *Table {
	nan := math.NaN()
	t := &Table{
		Factors: []Factor{
			{Name: "params.retry", Unit: "s", Numeric: true, Levels: []Level{{"10ms", 0.01}, {"150ms", 0.15}}},
			{Name: "policy", Levels: []Level{{"none", nan}, {"full, with \"jitter\"", nan}}},
			{Name: "network.loss", Numeric: true, Levels: []Level{{"0", 0}, {"0.1", 0.1}}},
		},
		Measures: []Measure{{"pings per round", ""}, {"latency, p99", "ms"}, {"total (all)", ""}, {"lost", "of rounds (all)"}},
	}
	for a := range 2 {
		for b := range 2 {
			for c := range 2 {
				t.Points = append(t.Points, []int{a, b, c})
			}
		}
	}
	for p := range t.Points {
		for s := range 3 {
			x := float64(p*3 + s)
			r := Row{Point: p, Seed: uint64(s + 1), Verdict: "pass", Digest: fmt.Sprintf("%016x", p*3+s), Events: uint64(100 * s), VirtualTime: x / 7,
				Values: []float64{1 + x/3, nan, -x, 1e-9 * x}}
			if s == 2 {
				r.Verdict, r.Failed, r.Values[1] = "violation", "agreement, of all", math.Inf(1)
			}
			t.Rows = append(t.Rows, r)
		}
	}
	return t
}

func csvOf(t require.TestingT, table *Table) string {
	var b bytes.Buffer
	require.NoError(t, table.WriteCSV(&b))
	return b.String()
}

func TestCSVNamesItsColumns(t *testing.T) {
	text := csvOf(t, example())
	lines := strings.Split(text, "\n")
	require.Equal(t, `params.retry,params.retry (s),policy,network.loss,seed,verdict,failed,digest,events,virtual_time_s,`+
		`pings per round,"latency, p99 (ms)",total (all) (),lost (of rounds (all))`, lines[0])
	require.Equal(t, `10ms,0.01,none,0,1,pass,,0000000000000000,0,0,1,,-0,0`, lines[1])
	require.Len(t, lines, 1+24+1)
}

// same compares tables in which NaN equals NaN, and 0 differs from -0.
func same(t require.TestingT, want, got *Table) {
	require.Equal(t, fmt.Sprintf("%#v", want), fmt.Sprintf("%#v", got))
}

func TestCSVComesBackAsItWent(t *testing.T) {
	want := example()
	got, err := ReadCSV("runs.csv", strings.NewReader(csvOf(t, want)))
	require.NoError(t, err)
	same(t, want, got)
}

func TestCSVOfAnythingComesBackAsItWent(t *testing.T) {
	for seed := range uint64(500) {
		want := drawTable(rand.New(rand.NewPCG(seed, 5)))
		text := csvOf(t, want)
		got, err := ReadCSV("runs.csv", strings.NewReader(text))
		require.NoError(t, err, text)
		same(t, want, got)
		require.Equal(t, text, csvOf(t, got))
	}
}

// drawTable draws a table of awkward names and numbers. Labels that are no numbers have a letter.
func drawTable(r *rand.Rand) *Table {
	table := &Table{Points: [][]int{{}}}
	for i := range r.IntN(4) {
		table.Factors = append(table.Factors, drawFactor(r, drawText(r)+strconv.Itoa(i)))
		var more [][]int
		for _, p := range table.Points {
			for l := range table.Factors[i].Levels {
				more = append(more, append(append([]int{}, p...), l))
			}
		}
		table.Points = more
	}
	for i := range r.IntN(4) {
		name := fmt.Sprint("m", i, drawText(r), pick(r, "", " (a)", "(b)", " ()"))
		table.Measures = append(table.Measures, Measure{name, pick(r, "", "s", "of runs", "m(x)")})
	}
	for p := range table.Points {
		for s := range 1 + r.IntN(2) {
			row := Row{Point: p, Seed: uint64(s) + math.MaxUint64 - 1, Verdict: drawText(r), Digest: "00000000deadbeef",
				Events: r.Uint64(), VirtualTime: math.Abs(drawFinite(r)), Values: []float64{}}
			if r.IntN(2) == 0 {
				row.Failed = drawText(r)
			}
			for range table.Measures {
				row.Values = append(row.Values, pick(r, drawFinite(r), drawFinite(r), math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1)))
			}
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}

func drawFactor(r *rand.Rand, name string) Factor {
	f := Factor{Name: name, Numeric: r.IntN(2) == 0}
	if f.Numeric {
		f.Unit = pick(r, "", "s", "m(x)")
	}
	plain := f.Numeric && r.IntN(2) == 0
	for range 1 + r.IntN(3) {
		l := Level{Value: drawFinite(r)}
		if l.Label = formatFloat(l.Value); !plain {
			l.Label += pick(r, "x", "\"", ", ü")
		}
		if !f.Numeric {
			l.Value = math.NaN()
		}
		f.Levels = append(f.Levels, l)
	}
	return f
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func drawText(r *rand.Rand) string {
	text := []string{"a"}
	for range r.IntN(6) {
		text = append(text, pick(r, `"`, ",", ";", "'", " ", "=", "ß", "世", ".", "b", "#"))
	}
	return strings.Join(append(text, "z"), "")
}

// drawFinite draws any finite number, by its bits.
func drawFinite(r *rand.Rand) float64 {
	for {
		if x := math.Float64frombits(r.Uint64()); !math.IsNaN(x) && !math.IsInf(x, 0) {
			return x
		}
	}
}

const head = "loss,seed,verdict,failed,digest,events,virtual_time_s,pings\n"
const fine = "0.1,1,pass,,0123456789abcdef,5,1.5,2\n"

func TestCSVSaysWhereItIsWrong(t *testing.T) {
	_, err := ReadCSV("runs.csv", strings.NewReader(head+fine))
	require.NoError(t, err, "the file in which each test breaks one thing is whole")
	for name, test := range map[string]struct{ text, want string }{
		"empty":                {"", `table: runs.csv is empty, want a line of names`},
		"another file":         {"a,b\n1,2\n", `runs.csv:1:1: columns are a, b, want seed, verdict, failed, digest, events, virtual_time_s after the factors`},
		"a name twice":         {"loss," + head + fine, `runs.csv:1:6: name of column 2 is "loss", which an earlier column has`},
		"a measure of spaces":  {strings.Replace(head, "pings", "pings  (ms)", 1) + fine, `runs.csv:1:55: name of the measure is "pings ", want no spaces at its ends`},
		"a name of spaces":     {strings.Replace(head, "loss", " loss", 1) + fine, `runs.csv:1:1: name of column 1 is " loss", want no spaces at its ends`},
		"a byte order mark":    {"\ufeff" + head + fine, `characters that print`},
		"values without label": {"loss (s)," + head[5:] + fine, `factor is "loss (s)", want its labels in a column without a unit before`},
		"a column short":       {head + fine + "0.1,2,pass,,0123456789abcdef,5,1.5\n", `runs.csv:3:1: row has 7 columns, want 8`},
		"a row cut off":        {head + fine + "0.1,2,pa", `runs.csv:3:1: row has 3 columns, want 8`},
		"a quote too many":     {head + `0.1,1,"pa"ss,`, `runs.csv:2:`},
		"a seed":               {head + strings.Replace(fine, ",1,", ",-1,", 1), `runs.csv:2:5: seed is "-1", want a whole number`},
		"a seed twice":         {head + fine + fine, `runs.csv:3:5: seed is 1 for the second time`},
		"seeds that fall":      {head + strings.Replace(fine, ",1,", ",2,", 1) + fine, `runs.csv:3:5: seed is 1 after 2, want them to rise`},
		"points that mix":      {head + fine + "0.2" + fine[3:] + strings.Replace(fine, ",1,", ",2,", 1), `runs.csv:4:1: row is of a point that has rows above others`},
		"a digest":             {head + strings.Replace(fine, "abcdef", "ABCDEF", 1), `runs.csv:2:13: digest is "0123456789ABCDEF", want 16 hexadecimal digits`},
		"no verdict":           {head + strings.Replace(fine, "pass", "", 1), `runs.csv:2:7: verdict is "", want a name`},
		"events":               {head + strings.Replace(fine, ",5,", ",5.5,", 1), `runs.csv:2:30: events is "5.5", want a whole number`},
		"time":                 {head + strings.Replace(fine, "1.5", "-1.5", 1), `runs.csv:2:32: virtual_time_s is "-1.5", want a number of seconds`},
		"a hexadecimal value":  {head + strings.Replace(fine, ",2\n", ",0x2\n", 1), `runs.csv:2:36: pings is "0x2", want a number, or nothing`},
		"a value of nan":       {head + strings.Replace(fine, ",2\n", ",NaN\n", 1), `runs.csv:2:36: pings is "NaN", want a number, or nothing`},
		"no level":             {head + fine[3:], `runs.csv:2:1: level of loss is "", want a name`},
		"two values":           {"loss,loss (s)," + head[5:] + "1s,1" + fine[3:] + "1s,2,2" + fine[5:], `runs.csv:3:4: value of loss is 2 at 1s, and 1 above, want one`},
		"no value":             {"loss,loss (s)," + head[5:] + "1s,x" + fine[3:], `runs.csv:2:4: value of loss is "x", want a finite number`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadCSV("runs.csv", strings.NewReader(test.text))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestCSVSaysAllThatIsWrong(t *testing.T) {
	_, err := ReadCSV("runs.csv", strings.NewReader(head+strings.ReplaceAll(fine, ",5,1.5,", ",x,y,")))
	require.ErrorContains(t, err, `events is "x"`)
	require.ErrorContains(t, err, `virtual_time_s is "y"`)
	_, err = ReadCSV("runs.csv", strings.NewReader(head+strings.Repeat("bad\n", 100)))
	require.ErrorContains(t, err, "and 80 more problems")
}

func TestWhatCannotBeReadIsNotWritten(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Table)
		want   string
	}{
		"a factor named seed":    {func(t *Table) { t.Factors[1].Name = "seed" }, `factor name is "seed"`},
		"a line in a label":      {func(t *Table) { t.Factors[1].Levels[0].Label = "a\nb" }, `level of policy is "a\nb", want characters that print`},
		"a label twice":          {func(t *Table) { t.Factors[1].Levels[0] = t.Factors[1].Levels[1] }, `two levels of policy`},
		"no number":              {func(t *Table) { t.Factors[0].Levels[0].Value = math.NaN() }, `level 10ms of params.retry is NaN`},
		"a unit of half":         {func(t *Table) { t.Measures[0].Unit = "m)(" }, `unit of pings per round is "m)(", want parentheses in pairs`},
		"two measures":           {func(t *Table) { t.Measures[0] = t.Measures[1] }, `two columns are "latency, p99 (ms)"`},
		"a point without runs":   {func(t *Table) { t.Points = append(t.Points, []int{0, 0, 1}) }, `point 8 has no run, want at least 1`},
		"a level that is not":    {func(t *Table) { t.Points[0][0] = 2 }, `point 0 has level 2 of params.retry, want 0 to 1`},
		"too few values":         {func(t *Table) { t.Rows[3].Values = nil }, `row 3 has 0 values, want 4`},
		"rows out of order":      {func(t *Table) { t.Rows[1].Seed = 1 }, `row 1 is of point 0, seed 1, after point 0, seed 1`},
		"a digest":               {func(t *Table) { t.Rows[0].Digest = "" }, `row 0 has digest ""`},
		"a verdict":              {func(t *Table) { t.Rows[0].Verdict = "" }, `verdict of row 0 is "", want a name`},
		"a measure named seed":   {func(t *Table) { t.Measures[0] = Measure{"seed", ""} }, `two columns are "seed"`},
		"points of one too many": {func(t *Table) { t.Points[0] = []int{0, 0, 0, 0} }, `point 0 has 4 levels, want 3`},
		"a row of no point":      {func(t *Table) { t.Rows[0].Point = 9 }, `row 0 is of point 9`},
		"time that runs back":    {func(t *Table) { t.Rows[0].VirtualTime = -1 }, `row 0 has virtual time -1`},
	} {
		t.Run(name, func(t *testing.T) {
			table := example()
			test.change(table)
			require.ErrorContains(t, table.WriteCSV(&bytes.Buffer{}), test.want)
			require.Error(t, table.WriteParquet(&bytes.Buffer{}))
			require.Error(t, table.WriteSummaryCSV(&bytes.Buffer{}))
		})
	}
}

func TestASweepWithoutFactorsHasOnePoint(t *testing.T) {
	want := &Table{Points: [][]int{{}}, Measures: []Measure{{"x", ""}}, Rows: []Row{{Seed: 1, Verdict: "pass", Digest: "0123456789abcdef", Values: []float64{1}}}}
	got, err := ReadCSV("runs.csv", strings.NewReader(csvOf(t, want)))
	require.NoError(t, err)
	same(t, want, got)
}

func FuzzReadCSV(f *testing.F) {
	f.Add(head + fine)
	f.Add(csvOf(f, example()))
	f.Fuzz(func(t *testing.T, text string) {
		table, err := ReadCSV("runs.csv", strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := ReadCSV("runs.csv", strings.NewReader(csvOf(t, table)))
		require.NoError(t, err)
		same(t, table, again)
	})
}
