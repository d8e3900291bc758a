package experiments

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"lightcone/models/fault"
	"lightcone/models/reliability"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed trace-replay
var traceReplayFiles embed.FS

// traceReplay asks whether a service is as available as the log of its nodes' failures says: the time that the engine's
// view of the nodes makes the diagram false, beside the time that the intervals of the log do.
type traceReplay struct{}

func (traceReplay) Name() string { return "trace-replay" }
func (traceReplay) About() string {
	return "a log of failures replayed: availability to the nanosecond that of the log"
}

func (traceReplay) Scenario() []byte {
	text, _ := traceReplayFiles.ReadFile("trace-replay/scenario.yaml") // it is embedded
	return text
}

// Files are the traces that the scenario names.
func (traceReplay) Files() fs.FS {
	files, _ := fs.Sub(traceReplayFiles, "trace-replay") // it is embedded
	return files
}

// Analyse compares the measured availability with that of the traces.
func (s traceReplay) Analyse(p *Plan) (*Analysis, error) {
	v, err := replayed(p)
	if err != nil {
		return nil, err
	}
	return &Analysis{Finish: func(_ sim.View, o *Outcome) (*Report, error) { return s.compare(p, o, v) }}, nil
}

// replayed returns the intervals of the scenario's trace, if that is all that goes wrong.
func replayed(p *Plan) (fault.Intervals, error) {
	s := p.Scenario
	if len(s.Faults) != 1 || s.Faults[0].Trace == "" || s.Faults[0].Kind != "crash" && s.Faults[0].Kind != "pause" || s.Domains != nil || s.Budget != nil {
		return nil, fmt.Errorf("faults are %d, want one, a crash or pause with a trace", len(s.Faults))
	}
	if s.Availability == nil || s.Availability.Works == "" || s.Availability.Window > 0 || s.Availability.WarmUp > 0 {
		return nil, fmt.Errorf("availability is not that of a diagram from the start to the end, want works, no warm-up and no window")
	}
	return s.Faults[0].intervals, nil
}

func (s traceReplay) compare(p *Plan, o *Outcome, v fault.Intervals) (*Report, error) {
	down, err := p.downIn(v)
	if err != nil {
		return nil, err
	}
	verdict := Verdict{Name: "availability is that of the trace", Verdict: sim.Pass, Detail: fmt.Sprintf("down for %v of %v", down, o.Served.Length())}
	if got := o.Served.Down(); got != down {
		verdict.Verdict, verdict.Detail = sim.Violation, fmt.Sprintf("down for %v, want %v", got, down)
	}
	return &Report{Verdicts: []Verdict{verdict}, Picture: trace.Options{To: 8 * sim.Time(time.Second)}}, nil
}

// downIn is how long the diagram of the scenario is false of the nodes that a trace leaves up, until the end of the run.
func (p *Plan) downIn(v fault.Intervals) (time.Duration, error) {
	nodes := p.Scenario.NodeCount()
	d, err := p.Scenario.Availability.diagram(nodes, always)
	if err != nil {
		return 0, err
	}
	spans := v.Outages(nodes, p.Config.Until, func(up []bool) bool { return d.Works(partsUp(d, up)) })
	return spans.Total(), nil
}

// partsUp returns which parts of a diagram over nodes are up.
func partsUp(d *reliability.Diagram, up []bool) []bool {
	var list []bool
	for _, part := range d.Parts() {
		var id int
		fmt.Sscan(strings.TrimPrefix(part.Name, "n"), &id) // the diagram's parts are nodes
		list = append(list, up[id])
	}
	return list
}
