package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"lightcone/models/reliability"
)

// mostBars bounds how many parts a figure shows.
const mostBars = 12

// ResultFiles returns the report as files: the diagram's text, tables, figures, the summary and the manifest, which
// comes last.
func (r *AvailabilityReport) ResultFiles(source DiagramText) ([]File, error) {
	files := []File{{"diagram.rbd", []byte(source.Text)}, {"parts.csv", r.partsTable()}, {"cuts.csv", r.cutsTable()}}
	for _, draw := range []func() ([]File, error){r.ladderFigure, r.importanceFigure, r.convergenceFigure, r.againstFigure} {
		figure, err := draw()
		if err != nil {
			return nil, err
		}
		files = append(files, figure...)
	}
	files = append(files, File{"summary.json", nil})
	r.Files = names(append(files, File{Name: manifestFile}))
	files[len(files)-1].Data = r.JSON()
	m := Manifest{Format: manifestFormat, Version: Version, Scenario: r.Name, Seed: r.Seed, Set: []string{}, Digest: r.Digest}
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		m.Files = append(m.Files, ManifestFile{f.Name, len(f.Data), hex.EncodeToString(sum[:])})
	}
	return append(files, File{manifestFile, indented(m)}), unique(files)
}

func csvNumber(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

// partsTable is a row for each part.
func (r *AvailabilityReport) partsTable() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"part", "unavailability", "mttf_hours", "mttr_hours", "single_point", "birnbaum", "criticality", "fussell_vesely", "raw", "rrw"})
	for _, p := range r.Parts {
		w.Write([]string{p.Name, csvNumber(&p.Unavailability), csvNumber(p.MTTF), csvNumber(p.MTTR), strconv.FormatBool(p.SinglePoint), csvNumber(&p.Birnbaum),
			csvNumber(p.Criticality), csvNumber(p.FussellVesely), csvNumber(p.RAW), csvNumber(p.RRW)})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// cutsTable is a row for each cut set that is listed.
func (r *AvailabilityReport) cutsTable() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"order", "probability", "parts"})
	for _, s := range r.CutSets.Sets {
		w.Write([]string{strconv.Itoa(len(s.Parts)), csvNumber(&s.Probability), strings.Join(s.Parts, " ")})
	}
	w.Flush()
	return b.Bytes()
}

// ladderFigure draws the nines of the parts that matter most and of the system, with the simulated interval.
func (r *AvailabilityReport) ladderFigure() ([]File, error) {
	caption := fmt.Sprintf("%s; the %d parts that matter most, and the system", r.Name, min(mostBars, len(r.Parts)))
	if r.simulation != nil {
		caption += "; bar: ±4 standard errors"
	}
	f := newFigure("Nines of the parts and of the system", caption, "", "nines")
	var labels []string
	var parts, system plotter.XYs
	most := 1.
	add := func(xy *plotter.XYs, name string, u float64) {
		nines := reliability.Nines(u)
		if u > 0 {
			*xy = append(*xy, plotter.XY{X: float64(len(labels)), Y: max(nines, 0)})
			most = max(most, nines)
		}
		labels = append(labels, name)
	}
	for _, p := range r.Parts[:min(mostBars, len(r.Parts))] {
		add(&parts, p.Name, p.Unavailability)
	}
	at := float64(len(labels))
	add(&system, "system", r.Unavailability)
	for i, series := range []struct {
		name string
		xy   plotter.XYs
	}{{"part", parts}, {"system, exact", system}} {
		if len(series.xy) == 0 {
			continue
		}
		marks, err := plotter.NewScatter(series.xy)
		if err != nil {
			return nil, err
		}
		marks.GlyphStyle = draw.GlyphStyle{Color: []color.RGBA{blue, black}[i], Radius: vg.Points(9), Shape: level{}}
		f.Add(marks)
		f.Legend.Add(series.name, marks)
	}
	if r.simulation != nil {
		e := reliability.Estimate{Value: r.simulation.measures[0].Value, Low: r.simulation.measures[0].Low, High: r.simulation.measures[0].High}.Nines()
		if !math.IsNaN(e.Low) && !math.IsInf(e.Value, 0) {
			if err := addSeries(f, "system, simulated", []estimate{{at + 0.25, e.Value, e.Low, e.High}}, seriesStyle(1)); err != nil {
				return nil, err
			}
		}
	}
	f.NominalX(upright(labels)...)
	f.X.Min, f.X.Max = -0.6, at+0.8
	if len(labels) > 6 {
		f.X.Tick.Label.Rotation = math.Pi / 5
		f.X.Tick.Label.XAlign, f.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
	}
	f.Y.Tick.Marker = plot.ConstantTicks(ninesTicks(most))
	f.Y.Min, f.Y.Max = 0, math.Ceil(most+0.1)+0.2*most
	return figureFiles(f, "nines")
}

// ninesTicks are the rungs of a ladder of nines, with how long each is down in a year.
func ninesTicks(most float64) []plot.Tick {
	var ticks []plot.Tick
	every := int(math.Ceil(most / 8))
	for n := 0; float64(n) <= most+1; n += max(every, 1) {
		down := math.Pow10(-n) * reliability.Year * float64(time.Hour)
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprintf("%d: %s a year", n, Lasting(down/float64(time.Hour)))})
	}
	return ticks
}

// Lasting writes a time in hours with three digits and the unit that suits it; a year has 365 days.
func Lasting(hours float64) string {
	units := []struct {
		name  string
		hours float64
	}{{"years", reliability.Year}, {"days", 24}, {"h", 1}, {"min", 1. / 60}, {"s", 1. / 3600}, {"ms", 1e-3 / 3600}, {"us", 1e-6 / 3600}, {"ns", 1e-9 / 3600}}
	switch {
	case hours == 0:
		return "0 s"
	case math.IsInf(hours, 0) || math.IsNaN(hours):
		return fmt.Sprint(hours)
	}
	for _, u := range units {
		least := u.hours
		if u.name == "days" || u.name == "years" {
			least *= 2
		}
		if hours >= least*0.9995 || u.name == "ns" {
			return threeDigits(hours/u.hours) + " " + u.name
		}
	}
	return ""
}

// threeDigits writes a number with three significant digits, without an exponent if it is of a usual size.
func threeDigits(f float64) string {
	if f >= 999.5 && f < 1e6 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}

// upright cuts names that are too long for an axis.
func upright(labels []string) []string {
	list := make([]string, len(labels))
	for i, l := range labels {
		list[i] = shorten(l, 16)
	}
	return list
}

// importanceFigure draws the importance of the parts as bars.
func (r *AvailabilityReport) importanceFigure() ([]File, error) {
	n := min(mostBars, len(r.Parts))
	caption := fmt.Sprintf("%s; %d of %d parts", r.Name, n, len(r.Parts))
	f := newFigure("How much each part matters to the unavailability", caption, "share of the unavailability", "")
	var labels []string
	var cuts, critical plotter.Values
	for i := range n {
		p := r.Parts[n-1-i]                                // the first on top
		labels = append(labels, "   "+shorten(p.Name, 20)) // plot leaves too little room for them
		cuts = append(cuts, orZero(p.FussellVesely))
		critical = append(critical, orZero(p.Criticality))
	}
	thick := vg.Points(min(9, 70/float64(n)))
	for i, bars := range []struct {
		name   string
		values plotter.Values
	}{{"down in a minimal cut set that is down (Fussell-Vesely)", cuts}, {"would bring it up alone (criticality)", critical}} {
		b, err := plotter.NewBarChart(bars.values, thick)
		if err != nil {
			return nil, err
		}
		b.Horizontal, b.Color, b.LineStyle.Width = true, seriesStyle(i).color, 0
		b.Offset = thick * vg.Length(0.5-float64(i))
		f.Add(b)
		f.Legend.Add(bars.name, b)
	}
	f.NominalY(labels...)
	f.Y.Min, f.Y.Max = -0.6, float64(n)-0.4+0.25*float64(n)+0.4
	f.X.Min, f.X.Max = 0, 0.01
	for _, v := range slices.Concat(cuts, critical) {
		f.X.Max = min(1.02, max(f.X.Max, 1.1*v))
	}
	return figureFiles(f, "importance")
}

// evidenceTicks marks a logarithmic axis of counts at 1, 2 and 5 times the powers of ten, or at those alone if there are
// many.
func evidenceTicks(low, high float64) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	few := high < 300*low
	for power := 1.; power <= high; power *= 10 {
		for k := 1.; k < 10; k++ {
			t := plot.Tick{Value: k * power}
			if k == 1 || few && (k == 2 || k == 5) {
				t.Label = strconv.FormatFloat(t.Value, 'f', -1, 64)
			}
			if t.Value >= low && t.Value <= high {
				ticks = append(ticks, t)
			}
		}
	}
	return ticks
}

// convergenceFigure draws the simulated unavailability with its interval as evidence grows, beside the exact one.
func (r *AvailabilityReport) convergenceFigure() ([]File, error) {
	if r.simulation == nil {
		return nil, nil
	}
	s := r.simulation
	f := newFigure("Unavailability as more is simulated", fmt.Sprintf("%s; %s; bars: ±4 standard errors", r.Name, s.method), s.unit, "unavailability / exact")
	var points []estimate
	most := 1.
	for _, step := range s.steps {
		e := step.e
		if math.IsNaN(e.Low) {
			continue
		}
		points = append(points, estimate{float64(step.n), e.Value / r.Unavailability, e.Low / r.Unavailability, e.High / r.Unavailability})
		most = max(most, min(e.High/r.Unavailability, 4))
	}
	if len(points) == 0 {
		return nil, nil
	}
	first, last := points[0].X, points[len(points)-1].X
	if err := addCurve(f, "exact", plotter.XYs{{X: first * 0.8, Y: 1}, {X: last * 1.25, Y: 1}}); err != nil {
		return nil, err
	}
	if err := addSeries(f, "simulated", points, seriesStyle(0)); err != nil {
		return nil, err
	}
	f.X.Scale, f.X.Tick.Marker = plot.LogScale{}, evidenceTicks(first*0.8, last*1.25)
	f.X.Min, f.X.Max = first*0.8, last*1.25
	f.Y.Min, f.Y.Max = 0, most*1.15
	f.Legend.Left = false
	return figureFiles(f, "convergence")
}

// aroundOne are ticks at 1 and at round distances from it.
func aroundOne(spread float64) plot.ConstantTicks {
	step := math.Pow10(int(math.Floor(math.Log10(spread))))
	for spread/step > 2.5 {
		step *= 2
	}
	var ticks plot.ConstantTicks
	for k := math.Ceil(max(-4, -1/step)); k <= 4; k++ {
		at := 1 + k*step
		ticks = append(ticks, plot.Tick{Value: at, Label: strconv.FormatFloat(at, 'g', 10, 64)})
	}
	return ticks
}

// againstFigure draws all that was simulated over what was computed.
func (r *AvailabilityReport) againstFigure() ([]File, error) {
	if r.simulation == nil {
		return nil, nil
	}
	s := r.simulation
	f := newFigure("Simulated against exact", fmt.Sprintf("%s; %s, %d %s; bars: ±4 standard errors", r.Name, s.method, s.measures[0].N, s.unit), "", "simulated / exact")
	var points []estimate
	var labels []string
	spread := 0.01
	for i, m := range s.measures {
		p := estimate{float64(i), m.Value / m.Expected, m.Low / m.Expected, m.High / m.Expected}
		points = append(points, p)
		labels = append(labels, m.Name)
		for _, y := range []float64{p.Y, p.Low, p.High} {
			if !math.IsNaN(y) {
				spread = max(spread, math.Abs(y-1))
			}
		}
	}
	if err := addCurve(f, "exact", plotter.XYs{{X: -0.5, Y: 1}, {X: float64(len(points)) - 0.5, Y: 1}}); err != nil {
		return nil, err
	}
	if err := addSeries(f, "simulated", points, seriesStyle(0)); err != nil {
		return nil, err
	}
	f.NominalX(labels...)
	f.X.Min, f.X.Max = -0.5, float64(len(points))-0.5
	f.Y.Min, f.Y.Max = max(0, 1-1.3*spread), 1+1.6*spread
	f.Y.Tick.Marker = aroundOne(spread)
	return figureFiles(f, "simulated")
}
