package experiments

import (
	"bytes"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

func availabilityOf(t *testing.T, text string, q AvailabilityQuery) (*AvailabilityReport, DiagramText) {
	t.Helper()
	source, err := OpenDiagram(text, nil)
	require.NoError(t, err)
	d, err := source.Parse()
	require.NoError(t, err)
	r, err := q.Evaluate(source.Name, d)
	require.NoError(t, err)
	return r, source
}

var plainQuery = AvailabilityQuery{Cuts: 10, Target: math.NaN(), Seed: 1}

func TestAvailabilityFiles(t *testing.T) {
	q := plainQuery
	q.Simulate = true
	for _, text := range []string{
		"series(db(mttf=500h, mttr=2h), parallel(2 * web(mttf=100h, mttr=5h)))",
		"series(20 * a_part_with_a_long_name(u=1e-9))", // more parts than a figure shows, and outages that are forced
		"parallel(0.9, series(0.5, 1))",
	} {
		r, source := availabilityOf(t, text, q)
		files, err := r.ResultFiles(source)
		require.NoError(t, err)
		for _, f := range files {
			require.NotEmpty(t, f.Data, f.Name)
			if strings.HasSuffix(f.Name, ".png") {
				_, err := png.Decode(bytes.NewReader(f.Data))
				require.NoError(t, err, f.Name)
			}
		}
		require.Len(t, files, 13)
		require.Equal(t, manifestFile, files[12].Name)
		again, source := availabilityOf(t, text, q)
		same, err := again.ResultFiles(source)
		require.NoError(t, err)
		require.Equal(t, files, same, "the same inputs, the same bytes")
	}
}

// Without a simulation there are no figures of it, and where nothing fails there is no end of nines to draw.
func TestAvailabilityFilesWithoutSimulation(t *testing.T) {
	for text, ladder := range map[string]string{"0": "nines.svg nines.png ", "1": "", "series(0.9, 0.8)": "nines.svg nines.png "} {
		r, source := availabilityOf(t, text, plainQuery)
		files, err := r.ResultFiles(source)
		require.NoError(t, err)
		require.Equal(t, "diagram.rbd parts.csv cuts.csv "+ladder+"importance.svg importance.png summary.json manifest.json", strings.Join(names(files), " "))
	}
}

// A simulation that goes wrong is seen to: here the exact value is not that of the diagram.
func TestAvailabilityVerdictDiffers(t *testing.T) {
	d, err := reliability.Parse("parallel(2 * x(mttf=100h, mttr=10h))")
	require.NoError(t, err)
	exact, err := d.Evaluate()
	require.NoError(t, err)
	exact.Unavailability *= 1.5
	r := &AvailabilityReport{}
	r.simulation, err = simulateDiagram(d, exact, 1)
	require.NoError(t, err)
	r.addSimulation()
	require.False(t, r.Agrees())
	require.Equal(t, "violation", r.Verdicts[0].Verdict)
	require.Equal(t, "pass", r.Verdicts[1].Verdict)
}

// An hour has no place beside 1e-12 hours: what cannot be simulated is refused, and not said to differ.
func TestSimulationOfUnlikeTimes(t *testing.T) {
	for _, text := range []string{"x(mttf=1e-5h, mttr=1e9h)", "x(mttf=1000h, mttr=1e-9h)"} {
		d, err := reliability.Parse(text)
		require.NoError(t, err)
		_, err = AvailabilityQuery{Simulate: true, Target: math.NaN()}.Evaluate("x", d)
		require.ErrorContains(t, err, "want them less unlike: the shorter is lost in rounding")
	}
}

func TestAvailabilityTarget(t *testing.T) {
	target := func(text string, hours float64) (*AvailabilityTarget, error) {
		d, err := reliability.Parse(text)
		require.NoError(t, err)
		r, err := AvailabilityQuery{Target: 0.01, Mission: hours}.Evaluate("x", d)
		if err != nil {
			return nil, err
		}
		return r.Target, nil
	}
	never, err := target("x(mttf=10h, mttr=0)", 720)
	require.NoError(t, err)
	require.Equal(t, &AvailabilityTarget{0.01, 720, 1, 0}, never)
	rarely, err := target("x(mttf=100000h, mttr=1h)", 720)
	require.NoError(t, err)
	lambda := 712.8 / 100000 // of failures in the hours up; one of them that takes longer than 7.2 hours, or two or three
	want := 0.
	for n, power := 1, lambda; n <= 8; n, power = n+1, power*lambda/float64(n+1) {
		longer, term := 0., math.Exp(-7.2)
		for k := range n {
			longer += term
			term *= 7.2 / float64(k+1)
		}
		want += math.Exp(-lambda) * power * longer
	}
	require.InEpsilon(t, want, rarely.Missed, 1e-12)
	_, err = target("x(mttf=1h, mttr=1ms)", 1e15)
	require.ErrorContains(t, err, "may see 1e+15 failures, want at most 1e+07: a shorter --mission")
}

func TestOpenDiagram(t *testing.T) {
	for arg, want := range map[string]DiagramText{
		"series(0.9, 0.8)": {"diagram", "diagram", "series(0.9, 0.8)"},
		"0.9":              {"diagram", "diagram", "0.9"},
		"99.9%":            {"diagram", "diagram", "99.9%"},
		"-":                {"diagram", "standard input", "0.5"},
		"":                 {"diagram", "diagram", ""},
		"db":               {"diagram", "diagram", "db"},
		strings.Repeat("parallel(0.9, 0.9) # a long one", 200): {"diagram", "diagram", strings.Repeat("parallel(0.9, 0.9) # a long one", 200)},
	} {
		got, err := OpenDiagram(arg, strings.NewReader("0.5\n\n"))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := OpenDiagram("-", strings.NewReader(strings.Repeat("#", MaxSize+1)))
	require.ErrorContains(t, err, "standard input: got more than")
}

func TestLasting(t *testing.T) {
	for want, hours := range map[string]float64{
		"14.4 days": 345.17904, "1.1 h": 1.096, "5.4 min": 0.09, "25.5 s": 25.5 / 3600, "314 ms": 0.314 / 3600, "3824 years": 3824 * 8760, "36 h": 36,
		"0 s": 0, "1 h": 0.99999, "+Inf": math.Inf(1), "1e+12 years": 8760e12, "0.001 ns": 1e-12 / 3600,
	} {
		require.Equal(t, want, Lasting(hours))
	}
}
