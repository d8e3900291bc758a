package experiments

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/rare"
	"lightcone/models/reliability"
	"lightcone/sim"
	"lightcone/sim/measure"
)

// Availability says how the availability of a run is measured: when the service could serve, what its clients saw, and
// what probes at random times find.
type Availability struct {
	Works  string     `yaml:"works" jsonschema_description:"a diagram over the nodes that says when the service works, such as kofn(2, n0, n1, n2); by default when the protocol can serve"`
	Probes *Frequency `yaml:"probes" jsonschema_description:"how often, on average, a probe at a random time looks whether the service can serve; by default 10/s"`
	WarmUp Duration   `yaml:"warm-up" jsonschema_description:"what is left out at the start; then measuring begins when the service serves with all nodes up"`
	Window Duration   `yaml:"window" jsonschema_description:"simulates only so long after each fault and each repair and takes the rest of the time until the next to be as it was then; events and files but outages.csv and lanes show the time that was simulated"`
	Budget *int       `yaml:"budget" jsonschema:"minimum=0" jsonschema_description:"how many nodes may be in trouble at once: downtime while more are is excused"`
}

// checkQuiet is the check that the time that was left out was quiet.
const checkQuiet = "the time left out is quiet"

// defaultProbes is how often a probe comes unless the scenario says otherwise.
const defaultProbes = 10

var nodeName = regexp.MustCompile(`\bn(0|[1-9][0-9]*)\b`)

// diagram reads the diagram over so many nodes: a part for each node that it names, up with the probability that
// value says.
func (a *Availability) diagram(nodes int, value func(node int) string) (*reliability.Diagram, error) {
	var text strings.Builder
	text.WriteString(a.Works)
	named := map[string]bool{}
	for _, name := range nodeName.FindAllString(a.Works, -1) {
		if id, err := strconv.Atoi(name[1:]); err == nil && id < nodes && !named[name] {
			named[name] = true
			fmt.Fprintf(&text, "\n%s = part(%s)", name, value(id))
		}
	}
	d, err := reliability.Parse(text.String())
	if err != nil {
		return nil, err
	}
	for _, p := range d.Parts() {
		if !named[p.Name] {
			return nil, fmt.Errorf("part %q, which is no node", p.Name)
		}
	}
	return d, nil
}

// always is the value of a node in a diagram that is not evaluated.
func always(int) string { return "a=1" }

// availability checks the section.
func (c *checker) availability() {
	const path = "$.availability"
	a := c.Availability
	if a == nil {
		return
	}
	if c.Duration > 0 && a.WarmUp >= c.Duration {
		c.bad(path+".warm-up", "", fmt.Sprintf("less than the scenario's duration, %v", time.Duration(c.Duration)))
	}
	if c.has("availability", "window") {
		c.window(a, path+".window")
	}
	if a.Budget != nil && c.nodes > 0 && *a.Budget >= c.nodes {
		c.bad(path+".budget", "", fmt.Sprintf("less than the number of nodes, %d", c.nodes))
	}
	if c.nodes < 1 || c.nodes > MaxNodes {
		return
	}
	if c.has("availability", "works") {
		c.works(a, path+".works")
	} else if entry, ok := c.entry(); ok && !concerns(c.given, "$.params") {
		if in, err := entry.Build(c.Params, c.nodes); err == nil && in.Serving == nil {
			c.bad(path+".works", "nothing with "+c.Protocol+", which serves nobody", "a diagram over the nodes, such as kofn(2, n0, n1, n2)")
		}
	}
}

func (c *checker) window(a *Availability, path string) {
	switch {
	case a.Window == 0:
		c.bad(path, "", "more than 0s")
	case c.Duration == 0:
		c.bad(path, "a window without a duration", "how long the run is: duration")
	case c.Clients != nil:
		c.bad(path, "a window with clients", "no clients: they would see the time around faults alone")
	case a.WarmUp >= a.Window:
		c.bad(path, "", fmt.Sprintf("more than warm-up, %v", time.Duration(a.WarmUp)))
	case c.WarmUp > 0:
		c.bad("$.warm-up", "a warm-up beside availability.window", "one of availability.warm-up, which is shorter than the window")
	case len(c.Faults) == 0:
		c.bad(path, "a window without faults", "faults, around which it simulates")
	}
}

// bindWindow leaves out the time between faults, if the scenario wants it.
func (p *Plan) bindWindow() error {
	a := p.Scenario.Availability
	if a == nil || a.Window == 0 {
		return nil
	}
	short, m, err := rare.Compress(p.Faults, p.Config.Until, time.Duration(a.Window))
	if err != nil {
		return err
	}
	p.Faults, p.window, p.Config.Until = short, m, m.End()
	p.schedule()
	return nil
}

// realFaults are the faults in real time, also where the run is of another.
func (p *Plan) realFaults() fault.Plan {
	if p.window == nil {
		return p.Faults
	}
	real := slices.Clone(p.Faults)
	for i := range real {
		real[i].Time = p.window.Real(real[i].Time)
	}
	return real
}

func (c *checker) works(a *Availability, path string) {
	_, err := a.diagram(c.nodes, always)
	if err == nil {
		return
	}
	const want = "a diagram over the nodes, such as kofn(2, n0, n1, n2)"
	var syntax *reliability.ParseError
	if v := c.document.follow(path); errors.As(err, &syntax) && !strings.Contains(a.Works, "\n") && syntax.Line == 1 {
		before := []rune(v.raw)[:min(syntax.Column-1, utf8.RuneCountInString(v.raw))]
		c.problems = append(c.problems, v.problemAt(len(string(before)), path, syntax.Got, syntax.Want))
		return
	}
	c.bad(path, shorten(err.Error(), 120), want)
}

// serving returns when the service of the plan works.
func (p *Plan) serving() (func(sim.View) bool, error) {
	nodes := p.Scenario.NodeCount()
	if p.Scenario.Availability.Works == "" {
		return p.Instance.Serving, nil
	}
	d, err := p.Scenario.Availability.diagram(nodes, always)
	if err != nil {
		return nil, err
	}
	return diagramServes(d), nil
}

// diagramServes is a diagram over nodes as a predicate on the world: a node works if it is up and not paused.
func diagramServes(d *reliability.Diagram) func(sim.View) bool {
	var ids []sim.NodeID
	for _, part := range d.Parts() {
		id, _ := strconv.Atoi(part.Name[1:])
		ids = append(ids, sim.NodeID(id))
	}
	up := make([]bool, len(ids))
	known, works := false, false
	return func(v sim.View) bool {
		changed := !known
		for i, id := range ids {
			if now := v.Works(id); now != up[i] {
				up[i], changed = now, true
			}
		}
		if changed {
			known, works = true, d.Works(up)
		}
		return works
	}
}

// track returns what follows the availability of the run; nil if the scenario does not want it.
func (p *Plan) track() (*measure.Track, error) {
	a := p.Scenario.Availability
	if a == nil {
		return nil, nil
	}
	serves, err := p.serving()
	if err != nil || serves == nil {
		return nil, errors.Join(err, orError(serves == nil, "availability is measured of a protocol that serves nobody, want a diagram: works"))
	}
	t := &measure.Track{Serving: serves, Servers: p.Scenario.NodeCount(), From: sim.Time(max(a.WarmUp, p.Scenario.WarmUp)), Settled: true}
	if a.Works == "" && p.majority() {
		t.Majority = p.Scenario.NodeCount()/2 + 1
	}
	return t, nil
}

// exact is the availability of the diagram in the long run, if all that goes wrong are crashes drawn by laws, at most one
// for each node; else NaN.
func (p *Plan) exact() float64 {
	s := p.Scenario
	if s.Availability.Works == "" || s.Domains != nil || s.Budget != nil {
		return math.NaN()
	}
	down := make([]float64, s.NodeCount())
	for i := range s.Faults {
		f := &s.Faults[i]
		for _, k := range s.document.follow(element("$.faults", i)).keys {
			if !slices.Contains([]string{"kind", "node", "nodes", "up", "down"}, k.name) || f.Kind != "crash" || f.Up == nil {
				return math.NaN()
			}
		}
		whom := f.targets()
		for id := range down {
			if whom != nil && !slices.Contains(whom, sim.NodeID(id)) {
				continue
			}
			if down[id] > 0 {
				return math.NaN()
			}
			mttf, mttr := dist.Mean(f.Up.Dist), dist.Mean(f.Down.Dist)
			down[id] = mttr / (mttf + mttr)
		}
	}
	d, err := s.Availability.diagram(len(down), func(id int) string { return fmt.Sprintf("u=%v", down[id]) })
	if err != nil {
		return math.NaN()
	}
	r, err := d.Evaluate()
	if err != nil {
		return math.NaN()
	}
	return r.Availability
}

// majority reports whether the protocol decides by a majority of all its nodes, so that outages can be accounted.
func (p *Plan) majority() bool {
	return p.Scenario.Protocol == "raft" || p.Scenario.Protocol == "etcdraft"
}

func orError(bad bool, text string) error {
	if bad {
		return errors.New("experiments: " + text)
	}
	return nil
}

// serve lets the availability of a run be measured, if the scenario wants that and the run is measured at all.
func (p *Plan) serve(cfg *sim.Config, quick bool) (*measure.Track, error) {
	if quick {
		return nil, nil
	}
	t, err := p.track()
	if t != nil {
		t.Attach(cfg)
	}
	return t, err
}

// report adds how available the service was, with figures if the run is recorded.
func (o *Outcome) report(t *measure.Track, x Execution) error {
	if t == nil {
		return nil
	}
	o.Served = t.Report(o.Result.Now)
	o.simulated = o.Served
	if m := o.Plan.window; m != nil {
		quiet := m.Quiet(o.Served)
		v := verdictOf(checkQuiet, quiet.Err())
		if v.Verdict == sim.Pass {
			v.Detail = fmt.Sprintf("%d windows, in %d of which the service changed late", quiet.Windows, quiet.Disturbed)
		}
		o.Verdicts = append(o.Verdicts, v)
		o.Served = m.Report(o.Served)
	}
	o.Measures = append(o.Measures, o.Plan.servedMeasures(o.Served, o.History)...)
	if x.Lean {
		return nil
	}
	o.Files = append(o.Files, File{"outages.csv", o.Plan.outagesTable(o.Served)})
	if o.Plan.Scenario.Clients != nil {
		o.Files = append(o.Files, File{"requests.csv", o.Plan.requestsTable(o.Served, o.History)})
	}
	if !x.Record {
		return nil
	}
	files, err := servedFigures(o.Plan, o.Served)
	o.Files = append(o.Files, files...)
	return err
}
