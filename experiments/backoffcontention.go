package experiments

import (
	_ "embed"
	"fmt"
	"slices"
	"time"

	"lightcone/experiments/figure"
	"lightcone/protocols"
	"lightcone/protocols/contention"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed backoff-contention/scenario.yaml
var backoffContentionScenario []byte

// backoffContention asks what back-off costs clients that contend for one row, beside Brooker's model in a program of its
// own.
type backoffContention struct{}

func (backoffContention) Name() string { return "backoff-contention" }

func (backoffContention) About() string {
	return "ways to back off from one row that everybody wants to write: time and calls beside Brooker's model (2015)"
}

func (backoffContention) Scenario() []byte { return backoffContentionScenario }

// Analyse shows the first collisions.
func (s backoffContention) Analyse(p *Plan) (*Analysis, error) {
	if p.Scenario.Protocol != "contention" {
		return nil, fmt.Errorf("protocol is %q, want contention, whose calls the study counts", p.Scenario.Protocol)
	}
	finish := func(sim.View, *Outcome) (*Report, error) {
		return &Report{Picture: trace.Options{To: sim.Time(70 * time.Millisecond)}}, nil
	}
	return &Analysis{Finish: finish}, nil
}

// Names of the protocol's measures.
const (
	completionName = "completion time"
	callsName      = "calls"
)

// Expect has the means of the model, if the point's scenario is one: those that are known, within 1 % in calls and 2 % in
// time, or else those of runs of contentionModel.
func (backoffContention) Expect(s *Sweep, p Point) ([]Expectation, error) {
	at, err := s.At(p)
	if err != nil {
		return nil, err
	}
	m, ok := at.contention()
	if !ok {
		return nil, nil
	}
	if known, ok := m.known(); ok {
		source := "Brooker's model, 1000 runs of another program"
		return []Expectation{
			{Measure: completionName, Expected: known.ms, Within: 0.02, Source: source},
			{Measure: callsName, Expected: known.calls, Within: 0.01, Source: source},
		}, nil
	}
	runs := min(200, 10_000/m.Clients)
	ended, calls := m.means(runs)
	source := fmt.Sprintf("Brooker's model, %d runs", runs)
	return []Expectation{
		{Measure: completionName, Expected: ended.mean(), Error: ended.error(), Source: source},
		{Measure: callsName, Expected: calls.mean(), Error: calls.error(), Source: source},
	}, nil
}

// contention returns the model of a scenario in which nothing else happens; ok is false if there is none.
func (s *Scenario) contention() (m contentionModel, ok bool) {
	params, is := s.Params.(*protocols.ContentionParams)
	n := &s.Network
	plain := is && params.Bug == "" && n.Latency != nil && n.Timing == nil && n.Matrix == "" && n.Jitter == nil && n.Loss == nil && n.Bursts == nil &&
		n.Duplicate == nil && n.Reorder == nil && !n.FIFO && n.Corrupt == nil && n.Bandwidth == nil && len(s.Faults) == 0 && s.Domains == nil && s.Duration == 0 && s.Until == "" &&
		s.Clocks.Drift == nil && s.Clocks.Walk == nil && s.Clocks.Sync == nil
	if !plain {
		return m, false
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
	return contentionModel{Clients: s.NodeCount() - 1, Policy: params.Policy, Base: ms(params.Base), Cap: ms(params.Cap), Hop: n.Latency.Dist}, true
}

// Figures draws when the calls are made.
func (s backoffContention) Figures(r *Swept) ([]SweptFigure, error) {
	points, err := contended(r)
	if len(points) == 0 {
		return nil, err
	}
	f := &figure.Figure{Title: "When clients call", Columns: 2, Shared: true}
	for _, p := range points {
		c, err := r.callTimes(p)
		if err != nil {
			return nil, err
		}
		f.Caption = fmt.Sprintf("%d clients, the first %d s; means of %d runs", c.clients, callsUntil/time.Second, c.runs)
		f.Panels = append(f.Panels, figure.Panel{
			Title: c.policy,
			X:     figure.Axis{Label: "time (s)", Max: callsUntil.Seconds()},
			Y:     figure.Axis{Label: "calls per 50 ms"},
			Layers: []figure.Layer{
				figure.Steps{Name: "calls", Data: c.steps},
			},
		})
	}
	return []SweptFigure{{"instants", f}}, nil
}

// What the figure of calls shows: of 100 clients, or the most that there are, one panel a policy.
const (
	callsUntil  = 5 * time.Second
	callsEach   = 50 * time.Millisecond
	callRuns    = 10 // of each point, at most
	callPanels  = 6
	callClients = 100
)

// contended returns the points of the figure of calls: for each policy, the first one with 100 clients, or else with the
// most.
func contended(r *Swept) (points []int, err error) {
	policy, err := r.Table.Factor("params.policy")
	if err != nil {
		return nil, nil // it is not varied
	}
	best, most := map[int]int{}, map[int]int{} // by policy: the point, and its clients
	for i, levels := range r.Table.Points {
		at, err := r.Sweep.At(r.Sweep.Point(i))
		if err != nil {
			return nil, err
		}
		p, n := levels[policy], at.NodeCount()-1
		if n > most[p] && most[p] != callClients || n == callClients && most[p] != n {
			best[p], most[p] = i, n
		}
	}
	for level := range r.Table.Factors[policy].Levels {
		if p, ok := best[level]; ok && len(points) < callPanels {
			points = append(points, p)
		}
	}
	return points, nil
}

// called is when calls were made at a point.
type called struct {
	policy  string
	clients int
	runs    int
	steps   []figure.XY // means, by time
}

// callTimes runs a point again, with its first seeds, and counts calls.
func (r *Swept) callTimes(point int) (c called, err error) {
	at, err := r.Sweep.At(r.Sweep.Point(point))
	if err != nil {
		return c, err
	}
	c.policy, c.clients = at.Params.(*protocols.ContentionParams).Policy, at.NodeCount()-1
	counts := make([]float64, callsUntil/callsEach)
	watch := sim.ObserverFunc(func(e *sim.Event) {
		if _, ok := e.Value.(contention.Write); ok && e.Kind == sim.Send && e.Time < sim.Time(callsUntil) {
			counts[e.Time/sim.Time(callsEach)]++
		}
	})
	rows := r.Table.At(point)
	c.runs = min(callRuns, len(rows))
	for _, row := range rows[:c.runs] {
		p, err := at.Plan(row.Seed)
		if err != nil {
			return c, err
		}
		cfg := p.Config
		cfg.Observers = append(slices.Clone(cfg.Observers), watch)
		w, err := sim.New(cfg)
		if err != nil {
			return c, err
		}
		w.Run()
	}
	for i, n := range counts {
		c.steps = append(c.steps, figure.XY{X: float64(i) * callsEach.Seconds(), Y: n / float64(c.runs)})
	}
	return c, nil
}
