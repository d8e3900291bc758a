package experiments

import (
	"slices"
	"time"

	"lightcone/experiments/figure"
	"lightcone/models/fault"
	"lightcone/sim"
	"lightcone/sim/check"
)

// timeline is a figure of a run: how long each operation took, and below it what became of the servers in the meantime.
type timeline struct {
	Title, Caption string
	End            sim.Time
	History        check.History
	Group          func(o *check.Operation) int // which of Groups an operation belongs to; nil: all to the first
	Groups         []string                     // what the groups of operations are called in the legend
	Servers        []string
	Role           string // of those who reign; "" if nobody does
	Reigns         []reign
	Faults         fault.Plan
}

// files renders the figure as name.svg and name.png.
func (l *timeline) files(name string) ([]File, error) {
	axis := figure.Axis{Max: seconds(l.End)}
	below := axis
	below.Label = "time (s)"
	return figureFiles(&figure.Figure{Title: l.Title, Caption: l.Caption, Panels: []figure.Panel{
		{X: axis, Y: figure.Axis{Label: "latency (ms)", Log: true}, Layers: l.operations()},
		{X: below, Y: figure.Axis{Categories: l.Servers}, Layers: []figure.Layer{l.shade(), l.lanes()}},
	}}, name)
}

// operations draws latency over time. Operations without an answer stand at the top.
func (l *timeline) operations() []figure.Layer {
	ok := make([]figure.Dots, len(l.Groups))
	unknown := figure.Rug{Name: "no answer"}
	for i := range l.History {
		o := &l.History[i]
		at := seconds(o.Invoke)
		if o.Outcome != check.OK {
			unknown.At = append(unknown.At, at)
			continue
		}
		g := 0
		if l.Group != nil {
			g = l.Group(o)
		}
		ms := max(float64(o.Return.Sub(o.Invoke))/float64(time.Millisecond), 0.001)
		ok[g].Data = append(ok[g].Data, figure.XY{X: at, Y: ms})
	}
	layers := []figure.Layer{l.shade()}
	for g, dots := range ok {
		if dots.Name = l.Groups[g]; len(dots.Data) > 0 {
			layers = append(layers, dots)
		}
	}
	if len(unknown.At) > 0 {
		layers = append(layers, unknown)
	}
	return layers
}

// shade shades the times at which the network is divided.
func (l *timeline) shade() figure.Bands {
	return figure.Bands{Name: "partition", Spans: l.bands()}
}

// lanes draws a lane for each server: where it is up, down, and where it reigns.
func (l *timeline) lanes() figure.Lanes {
	lanes := figure.Lanes{Role: l.Role}
	add := func(lane int, from, to sim.Time, state figure.State) {
		lanes.Spans = append(lanes.Spans, figure.Span{Lane: lane, From: seconds(from), To: seconds(to), State: state})
	}
	for i := range l.Servers {
		add(i, 0, l.End, figure.Up)
		for _, down := range l.outages(sim.NodeID(i)) {
			add(i, down.from, down.to, figure.Down)
		}
	}
	for _, r := range l.Reigns {
		add(int(r.node), r.from, r.to, figure.Leading)
	}
	return lanes
}

// outages returns when a server is down.
func (l *timeline) outages(id sim.NodeID) []reign {
	var down []reign
	for _, e := range l.Faults {
		switch a := e.Action.(type) {
		case sim.Crash:
			if a.Node == id {
				down = append(down, reign{id, e.Time, l.End})
			}
		case sim.Recover:
			if n := len(down); a.Node == id && n > 0 && down[n-1].to == l.End {
				down[n-1].to = e.Time
			}
		}
	}
	return down
}

// bands returns when the network is divided, in seconds.
func (l *timeline) bands() []figure.Band { return divisions(l.Faults, 0, l.End, seconds) }

// divisions returns when a cut of a plan holds, within two times, in a unit.
func divisions(faults fault.Plan, from, to sim.Time, in func(sim.Time) float64) []figure.Band {
	type open struct {
		figure.Band
		name string
		over bool
	}
	var all []open
	for _, e := range faults {
		switch a := e.Action.(type) {
		case sim.Cut:
			all = append(all, open{Band: figure.Band{From: in(max(e.Time, from)), To: in(to)}, name: a.Name})
		case sim.Heal:
			for i := range all {
				if !all[i].over && (a.Name == "" || a.Name == all[i].name) {
					all[i].To, all[i].over = in(min(e.Time, to)), true
				}
			}
		}
	}
	var bands []figure.Band
	for _, b := range all {
		if b.From < b.To && !slices.Contains(bands, b.Band) {
			bands = append(bands, b.Band)
		}
	}
	return bands
}

func seconds(t sim.Time) float64 { return float64(t) / float64(time.Second) }
