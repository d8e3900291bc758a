package experiments

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"lightcone/sim"
	"lightcone/sim/measure"
)

// servedFigures draws how long outages last, and when there were any and why.
func servedFigures(p *Plan, r *measure.Report) ([]File, error) {
	var files []File
	if len(r.Outages) > 0 {
		list, err := outageFigure(r, fmt.Sprintf("%s, seed %d", p.Scenario.Name, p.Seed))
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	l := &lanes{Title: "When the service could serve", Caption: fmt.Sprintf("%s, seed %d", p.Scenario.Name, p.Seed), Report: r, Faults: p.realFaults(), Names: p.nodeNames()}
	list, err := l.files("lanes")
	return append(files, list...), err
}

// nodeNames are the names of the nodes that run the protocol, with their regions.
func (p *Plan) nodeNames() []string {
	names := make([]string, p.Scenario.NodeCount())
	for i := range names {
		names[i] = sim.NodeID(i).String()
		if i < len(p.Lanes) {
			names[i] = p.laneOf(i)
		}
	}
	return names
}

// outageFigure draws the share of outages that are longer than a time, by what most of each is accounted to.
func outageFigure(r *measure.Report, caption string) ([]File, error) {
	groups := map[string][]float64{}
	for i := range r.Outages {
		o := &r.Outages[i]
		groups[mainTerm(o)] = append(groups[mainTerm(o)], o.Length().Seconds())
	}
	p := newFigure("How long outages last", fmt.Sprintf("%s; %d outages in %s", caption, len(r.Outages), roundly(r.Length())), "length of an outage (s)", "share that are longer")
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, decades{}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, decades{}
	least, most, count := math.Inf(1), 0.0, 0
	for i, name := range termOrder(groups) {
		lengths := groups[name]
		slices.Sort(lengths)
		count = max(count, len(lengths))
		least, most = math.Min(least, lengths[0]), math.Max(most, lengths[len(lengths)-1])
		if err := addLine(p, fmt.Sprintf("%s (%d)", name, len(lengths)), survival(lengths), seriesStyle(i)); err != nil {
			return nil, err
		}
	}
	p.X.Min, p.X.Max = math.Pow(10, math.Floor(math.Log10(least))), math.Pow(10, math.Ceil(math.Log10(most*1.0001)))
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(-math.Log10(float64(2*count)))), 1.2
	p.Legend.Left, p.Legend.Top = true, false
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(4), vg.Points(4)
	return figureFiles(p, "outages")
}

// mainTerm is what the longest part of an outage is accounted to.
func mainTerm(o *measure.Outage) string {
	if len(o.Parts) == 0 {
		return "all"
	}
	return slices.MaxFunc(o.Parts, func(a, b measure.Part) int { return cmp.Compare(a.Length(), b.Length()) }).Term.String()
}

// termOrder lists the names of groups in the order of the terms.
func termOrder(groups map[string][]float64) []string {
	var names []string
	for _, t := range append(measure.Terms(), measure.Unaccounted) {
		if _, ok := groups[t.String()]; ok {
			names = append(names, t.String())
		}
	}
	if _, ok := groups["all"]; ok {
		names = append(names, "all")
	}
	return names
}

// survival is the share of sorted values above each of them, as stairs; of the largest half a value is left, so that a
// logarithmic axis shows it.
func survival(sorted []float64) plotter.XYs {
	n := float64(len(sorted))
	xy := plotter.XYs{{X: sorted[0], Y: 1}}
	for i, x := range sorted {
		before, after := 1-float64(i)/n, 1-float64(i+1)/n
		if after == 0 {
			after = 0.5 / n
		}
		xy = append(xy, plotter.XY{X: x, Y: before}, plotter.XY{X: x, Y: after})
	}
	return xy
}

// decades marks a logarithmic axis: the powers of ten with their names, and the multiples of each without.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := int(math.Floor(math.Log10(low))); e <= int(math.Ceil(math.Log10(high))); e++ {
		for k := 1; k < 10; k++ {
			at := float64(k) * math.Pow(10, float64(e))
			if at < low*(1-1e-9) || at > high*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: at}
			if k == 1 {
				t.Label = powerOfTen(e)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

func powerOfTen(e int) string {
	if e >= -3 && e <= 3 {
		return strconv.FormatFloat(math.Pow(10, float64(e)), 'g', 1, 64)
	}
	return fmt.Sprintf("1e%d", e)
}

// roundly writes a duration for people: 3h12m, 40 days, 2.5 years of 365 days.
func roundly(d time.Duration) string {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d >= year:
		return fmt.Sprintf("%.3g years", d.Hours()/year.Hours())
	case d >= 2*day:
		return fmt.Sprintf("%.3g days", d.Hours()/day.Hours())
	case d >= 10*time.Minute:
		return d.Round(time.Minute).String()
	}
	return d.Round(time.Millisecond).String()
}

// brief writes a duration with three digits.
func brief(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%.3gh", d.Hours())
	case d >= time.Minute:
		return fmt.Sprintf("%.3gmin", d.Minutes())
	case d >= time.Second:
		return fmt.Sprintf("%.3gs", d.Seconds())
	}
	return fmt.Sprintf("%.3gms", float64(d)/float64(time.Millisecond))
}
