package experiments

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"lightcone/experiments/figure"
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
	f := &figure.Figure{
		Title:   "How long outages last",
		Caption: fmt.Sprintf("%s; %d outages in %s", caption, len(r.Outages), roundly(r.Length())),
		X:       figure.Axis{Label: "length of an outage (s)", Log: true},
		Y:       figure.Axis{Label: "share that are longer", Log: true},
	}
	for _, name := range termOrder(groups) {
		f.Layers = append(f.Layers, figure.CDF{Name: fmt.Sprintf("%s (%d)", name, len(groups[name])), Values: groups[name], Complement: true})
	}
	return figureFiles(f, "outages")
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

// roundly writes a duration for people: 3h12m, 40 days, 2.5 years of 365 days.
func roundly(d time.Duration) string {
	const day, year = 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d == year:
		return "1 year"
	case d > year:
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
	if d >= 10*time.Microsecond {
		return fmt.Sprintf("%.3gms", float64(d)/float64(time.Millisecond))
	}
	return d.String()
}
