package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"lightcone/experiments/figure"
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
	var labels []string
	var parts, system []figure.XY
	most := 1.
	add := func(xy *[]figure.XY, name string, u float64) {
		nines := reliability.Nines(u)
		if u > 0 {
			*xy = append(*xy, figure.XY{X: float64(len(labels)), Y: max(nines, 0)})
			most = max(most, nines)
		}
		labels = append(labels, name)
	}
	for _, p := range r.Parts[:min(mostBars, len(r.Parts))] {
		add(&parts, p.Name, p.Unavailability)
	}
	at := float64(len(labels))
	add(&system, "system", r.Unavailability)
	f := &figure.Figure{Title: "Nines of the parts and of the system", Caption: caption, X: figure.Axis{Categories: labels},
		Y: figure.Axis{Label: "nines", Ticks: ninesTicks(most), Max: most * 1.08}}
	if len(parts) > 0 {
		f.Layers = append(f.Layers, figure.Curve{Form: "part", Data: parts})
	}
	if len(system) > 0 {
		f.Layers = append(f.Layers, figure.Curve{Form: "system, exact", Data: system})
	}
	if r.simulation != nil {
		e := reliability.Estimate{Value: r.simulation.measures[0].Value, Low: r.simulation.measures[0].Low, High: r.simulation.measures[0].High}.Nines()
		if !math.IsNaN(e.Low) && !math.IsInf(e.Value, 0) {
			f.Layers = append(f.Layers, figure.Points{Name: "system, simulated", Data: []figure.Estimate{{X: at, Y: e.Value, Low: e.Low, High: e.High}}})
			f.Y.Max = max(f.Y.Max, min(e.High, 1.5*most)*1.03)
		}
	}
	if len(f.Layers) == 0 {
		return nil, nil // nothing fails: there is no end of nines
	}
	return figureFiles(f, "nines")
}

// ninesTicks are the rungs of a ladder of nines, with how long each is down in a year.
func ninesTicks(most float64) []figure.Tick {
	var ticks []figure.Tick
	every := int(math.Ceil(most / 8))
	for n := 0; float64(n) <= most+1; n += max(every, 1) {
		down := math.Pow10(-n) * reliability.Year * float64(time.Hour)
		ticks = append(ticks, figure.Tick{At: float64(n), Label: fmt.Sprintf("%d: %s a year", n, Lasting(down/float64(time.Hour)))})
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

// importanceFigure draws the importance of the parts as bars.
func (r *AvailabilityReport) importanceFigure() ([]File, error) {
	n := min(mostBars, len(r.Parts))
	caption := fmt.Sprintf("%s; %d of %d parts", r.Name, n, len(r.Parts))
	f := &figure.Figure{Title: "How much each part matters to the unavailability", Caption: caption, X: figure.Axis{Label: "share of the unavailability"}}
	var cuts, critical []figure.Estimate
	bar := func(at int, v float64) figure.Estimate { return figure.Estimate{X: float64(at), Y: v, Low: v, High: v} }
	for i, p := range r.Parts[:n] {
		f.Y.Categories = append(f.Y.Categories, shorten(p.Name, 24))
		cuts, critical = append(cuts, bar(i, orZero(p.FussellVesely))), append(critical, bar(i, orZero(p.Criticality)))
	}
	f.Layers = []figure.Layer{figure.Bars{Name: "down in a minimal cut set that is down (Fussell-Vesely)", Data: cuts},
		figure.Bars{Name: "would bring it up alone (criticality)", Data: critical}}
	return figureFiles(f, "importance")
}

// convergenceFigure draws the simulated unavailability with its interval as evidence grows, beside the exact one.
func (r *AvailabilityReport) convergenceFigure() ([]File, error) {
	if r.simulation == nil {
		return nil, nil
	}
	s := r.simulation
	var points []figure.Estimate
	most := 1.
	for _, step := range s.steps {
		e := step.e
		if math.IsNaN(e.Low) {
			continue
		}
		points = append(points, figure.Estimate{X: float64(step.n), Y: e.Value / r.Unavailability, Low: e.Low / r.Unavailability, High: e.High / r.Unavailability})
		most = max(most, min(e.High/r.Unavailability, 4))
	}
	if len(points) == 0 {
		return nil, nil
	}
	return figureFiles(&figure.Figure{
		Title:   "Unavailability as more is simulated",
		Caption: fmt.Sprintf("%s; %s; bars: ±4 standard errors", r.Name, s.method),
		X:       figure.Axis{Label: s.unit, Log: true},
		Y:       figure.Axis{Label: "unavailability / exact", Max: most * 1.15},
		Layers:  []figure.Layer{figure.Rule{Form: "exact", At: 1}, figure.Points{Name: "simulated", Data: points}},
	}, "convergence")
}

// againstFigure draws all that was simulated over what was computed.
func (r *AvailabilityReport) againstFigure() ([]File, error) {
	if r.simulation == nil {
		return nil, nil
	}
	s := r.simulation
	f := &figure.Figure{
		Title:   "Simulated against exact",
		Caption: fmt.Sprintf("%s; %s, %d %s; bars: ±4 standard errors", r.Name, s.method, s.measures[0].N, s.unit),
		Y:       figure.Axis{Label: "simulated / exact"},
	}
	var points []figure.Estimate
	spread := 0.01
	for i, m := range s.measures {
		p := figure.Estimate{X: float64(i), Y: m.Value / m.Expected, Low: m.Low / m.Expected, High: m.High / m.Expected}
		points = append(points, p)
		f.X.Categories = append(f.X.Categories, m.Name)
		for _, y := range []float64{p.Y, p.Low, p.High} {
			if !math.IsNaN(y) {
				spread = max(spread, math.Abs(y-1))
			}
		}
	}
	f.Y.Min, f.Y.Max = max(0, 1-1.2*spread), 1+1.2*spread
	f.Layers = []figure.Layer{figure.Rule{Form: "exact", At: 1}, figure.Points{Name: "simulated", Data: points}}
	return figureFiles(f, "simulated")
}
