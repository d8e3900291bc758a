package experiments

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"lightcone/models/rare"
	"lightcone/models/reliability"
	"lightcone/protocols"
	"lightcone/sim"
	"lightcone/sim/measure"
	"lightcone/sim/trace"
)

//go:embed availability-raft/scenario.yaml
var availabilityRaftScenario []byte

// availabilityRaft asks how available a Raft of 3, 5 and 7 servers is, and evaluates each in four ways: by the majority
// formula, exactly; by a chain with failovers; by simulated renewals; and by the protocol, in forced cycles of failures
// with windows around them.
//
// The chain is told how long a failover takes, by failovers that are measured one by one, in runs of their own; beside
// these stands what the timeouts make of it, failoverMean. Nothing is fitted.
//
// Not modelled: disks that take time or fail, snapshots sent to servers that were away for long, load, loss and
// partitions, and people: a server that crashes always comes back.
type availabilityRaft struct{}

func (availabilityRaft) Name() string { return "availability-raft" }
func (availabilityRaft) About() string {
	return "how available 3, 5 and 7 servers are, by formula, chain, renewals and protocol, and what the difference is"
}
func (availabilityRaft) Scenario() []byte { return availabilityRaftScenario }

// How much is run.
const (
	raftCycles        = 1000 // for each server: about as many crashes of a leader
	raftFailovers     = 300
	raftForce         = 0.2
	compositeCycles   = 16_000
	compositeWindow   = 32 * time.Second
	compositeFailover = 5.0 // seconds
	shockEvery        = 240 * time.Hour
	shockHit          = 0.7
)

func (s availabilityRaft) Analyse(p *Plan) (*Analysis, error) {
	params, ok := p.Scenario.Params.(*protocols.RaftParams)
	n := &p.Scenario.Network
	errs := refuse("the time of a failover is computed for crashes and constant delays", []part{
		{"clients", p.Scenario.Clients != nil}, {"network.timing", n.Timing != nil}, {"network.matrix", n.Matrix != ""}, {"network.loss", n.Loss != nil},
		{"network.bursts", n.Bursts != nil}, {"network.reorder", n.Reorder != nil}, {"network.duplicate", n.Duplicate != nil}, {"network.corrupt", n.Corrupt != nil},
		{"network.bandwidth", n.Bandwidth != nil}, {"disk.latency", p.Scenario.Disk.Latency != nil}, {"clocks", p.Scenario.document.get("clocks") != nil},
	})
	if !ok {
		return nil, fmt.Errorf("protocol is %q, want raft, whose failovers are computed", p.Scenario.Protocol)
	}
	if n.Latency != nil && !n.Latency.constant() {
		errs = append(errs, errors.New("network.latency varies, want a constant one"))
	}
	if params.PreVote || params.CheckQuorum || params.Bug != "" {
		errs = append(errs, errors.New("params.pre-vote, params.check-quorum or params.bug is set, want none of them: the failover is computed without"))
	}
	if a := p.Scenario.Availability; a == nil || a.Window == 0 || a.Works != "" {
		errs = append(errs, errors.New("availability.window is not set or availability.works is, want a window, and the protocol's own service"))
	}
	d, err := replicatedOf(p.Scenario)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	d.Window, d.Failovers, d.Force = time.Duration(p.Scenario.Availability.Window), p.times(raftFailovers), raftForce
	return &Analysis{Finish: func(_ sim.View, o *Outcome) (*Report, error) { return s.report(p, d, params, o) }}, nil
}

// failoverMean is the mean time, in seconds, from the crash of a leader at any moment between two heartbeats to the next
// election: the least of the followers' timeouts, uniform between a and b, runs from the last heartbeat, which was sent
// half an interval ago and took a delay; then there and back for the votes. Split votes are left out.
func failoverMean(p *protocols.RaftParams, servers int, delay time.Duration) float64 {
	a, b, h, l := p.ElectionMin.Seconds(), p.ElectionMax.Seconds(), p.Heartbeat.Seconds(), delay.Seconds()
	return a + (b-a)/float64(servers) - h/2 + 3*l
}

func (s availabilityRaft) report(p *Plan, d Replicated, params *protocols.RaftParams, o *Outcome) (*Report, error) {
	all, shocked, composite, doubled, err := s.runAll(p, d)
	if err != nil {
		return nil, err
	}
	r := &Report{Picture: firstFailover(o)}
	for _, c := range all {
		formula := plainMeasure(fmt.Sprintf("majority formula, %d nodes", c.Nodes), "of the time", c.Way(wayFormula).Unavailability, 1)
		r.Measures = append(r.Measures, c.measure(), formula)
	}
	delay := constantOf(p.Scenario.Network.Latency, time.Millisecond)
	for _, c := range all {
		f := plainMeasure(fmt.Sprintf("failover, %d nodes", c.Nodes), "s", c.Failover.Unavailability, d.Failovers)
		f.Low, f.High, f.Expected = c.Failover.Low, c.Failover.High, failoverMean(params, c.Nodes, delay)
		r.Measures = append(r.Measures, f)
	}
	batches := plainMeasure("unavailability, 3 nodes with shocks", "of the time", shocked.Way(wayProtocol).Unavailability, 1)
	batches.Low, batches.High = shocked.Way(wayProtocol).Low, shocked.Way(wayProtocol).High
	r.Measures = append(r.Measures, batches, composite)
	r.Verdicts = append(comparisonVerdicts(all), shocked.shockVerdict(), verdict("the composite of validation within 1 %", math.Abs(composite.Value/composite.Expected-1) < 0.01,
		"%.4g by the protocol, %.4g by formula with a failover of %v s", composite.Value, composite.Expected, compositeFailover), doubled)
	both := append(slices.Clone(all), shocked)
	r.Files = []File{{"ways.csv", waysTable(both)}, {"gap.csv", gapTable(both)}, {"comparison.json", indented(both)}}
	figures, err := availabilityFigures(all)
	r.Files = append(r.Files, figures...)
	return r, err
}

// runAll runs what the study is made of, side by side: the comparisons, the composite, and the run with longer windows.
func (availabilityRaft) runAll(p *Plan, d Replicated) ([]*Comparison, *Comparison, Measure, Verdict, error) {
	sizes := []int{7, 5, 3} // the longest first
	all := make([]*Comparison, len(sizes))
	errs := make([]error, len(sizes)+3)
	var shocked *Comparison
	var composite Measure
	var doubled Verdict
	var busy sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	start := func(f func()) {
		slots <- struct{}{}
		busy.Go(func() {
			f()
			<-slots
		})
	}
	for i, n := range sizes {
		d.Nodes, d.Cycles = n, p.times(raftCycles)*n
		sized := d
		start(func() { all[len(sizes)-1-i], errs[i] = CompareAvailability(sized, p.Seed) })
	}
	start(func() { composite, errs[len(sizes)] = compositeMeasure(p) })
	start(func() { doubled, errs[len(sizes)+1] = doubledWindows(p, d) })
	shaken := d
	shaken.Nodes, shaken.Cycles, shaken.ShockEvery, shaken.Hit = 3, 3*p.times(raftCycles), shockEvery, shockHit
	start(func() { shocked, errs[len(sizes)+2] = CompareAvailability(shaken, p.Seed) })
	busy.Wait()
	return all, shocked, composite, doubled, errors.Join(errs...)
}

// comparisonVerdicts says who agrees, and what the formula leaves out.
func comparisonVerdicts(all []*Comparison) []Verdict {
	chain, renewals, formula := 0, 0, 0
	var z, gaps string
	for i, c := range all {
		if c.Agrees(wayChain, wayProtocol) {
			chain++
		}
		if c.Agrees(wayFormula, wayRenewals) {
			renewals++
		}
		if c.Agrees(wayFormula, wayProtocol) {
			formula++
		}
		if i > 0 {
			z, gaps = z+", ", gaps+"; "
		}
		z += fmt.Sprintf("%.2g", c.z(wayChain, wayProtocol))
		gaps += fmt.Sprintf("%d nodes: %s", c.Nodes, c.Verdict)
	}
	return []Verdict{
		verdict("chain and protocol agree", chain == len(all), "for %d of %d sizes, z = %s", chain, len(all), z),
		verdict("renewals agree with the formula", renewals == len(all), "for %d of %d sizes: both know nothing of leaders", renewals, len(all)),
		verdict("the formula does not agree with the protocol", formula == 0, "%s", gaps),
	}
}

// shockVerdict says that shocks make the difference where there are shocks.
func (c *Comparison) shockVerdict() Verdict {
	correlation := 0.0
	for _, g := range c.Gap {
		if g.Term == measure.Correlation.String() {
			correlation = g.Gap
		}
	}
	gap := c.Way(wayProtocol).Unavailability - c.Way(wayChain).Unavailability
	return verdict("with shocks, the chain does not agree either", !c.Agrees(wayChain, wayProtocol) && correlation > gap/2,
		"%.3g of the %.3g that the chain is short, with %.0f %% of the failures in shocks, is correlation", correlation, gap, 100*shockHit/shockEvery.Hours()*c.MTTF)
}

// z is how far two ways are apart, in standard errors.
func (c *Comparison) z(a, b string) float64 {
	for _, p := range c.Pairs {
		if p.A == a && p.B == b {
			return p.Z
		}
	}
	return math.NaN()
}

// compositeMeasure is the unavailability of three servers that fail once in 1000 s, are repaired in 100 s, and have
// failovers of 5 s, by the protocol, beside the sum of both parts by formula. What of it is for want of a majority
// follows from the schedule alone, and is taken exactly; the rest is measured.
//
// With pre-vote, check-quorum and no entry at the start of a term, a failover takes E1 = a + (b-a)/3 - h/2 + 5l after a
// crash, as failoverMean has it with one more round; after a repair that brings the majority back, when the old leader
// has given up, it takes about E2 = a + (b-a)/2 + 4l, since who has restarted refuses votes for a. The timeouts are
// chosen by that, so that the mean over both is about 5 s.
func compositeMeasure(p *Plan) (Measure, error) {
	s, err := Read("composite.yaml", []byte(`
protocol: raft
nodes: 3
params: {election-min: 5050ms, election-max: 5250ms, heartbeat: 500ms, pre-vote: true, check-quorum: true, no-entry-at-term-start: true}
network: {latency: 100us}
faults: [{kind: crash, up: "exponential(mean=1000s)", down: "exponential(mean=100s)"}]
duration: 1h
`))
	if err != nil {
		return Measure{}, err
	}
	d, err := replicatedOf(s)
	if err != nil {
		return Measure{}, err
	}
	d.Window = compositeWindow
	run, err := d.run(p.Seed)
	if err != nil {
		return Measure{}, err
	}
	cycles, err := rare.Markov{Nodes: d.Nodes, Need: 2, MTTF: d.MTTF, MTTR: d.MTTR}.Cycles(p.Seed)
	if err != nil {
		return Measure{}, err
	}
	sampled, err := run.Sample(cycles, p.times(compositeCycles))
	if err != nil {
		return Measure{}, err
	}
	if err := sampled.Quiet.Err(); err != nil {
		return Measure{}, err
	}
	quorum, err := majorityFormula(d)
	if err != nil {
		return Measure{}, err
	}
	m := plainMeasure("composite, 3 nodes", "of the time", quorum, p.times(compositeCycles))
	m.Low, m.High = quorum, quorum
	for _, t := range []measure.Term{measure.Failover, measure.CatchUp} {
		e, err := sampled.Term(t, fourErrors)
		if err != nil {
			return Measure{}, err
		}
		m.Value += e.Value
		m.Low, m.High = m.Low+e.Low, m.High+e.High
	}
	m.Expected = reliability.Leader{Nodes: d.Nodes, MTTF: d.MTTF.Hours(), MTTR: d.MTTR.Hours(), Failover: compositeFailover / 3600}.Composite()
	return m, nil
}

// doubledWindows runs the scenario's own schedule with windows twice as long too.
func doubledWindows(p *Plan, d Replicated) (Verdict, error) {
	d.Nodes = p.Scenario.NodeCount()
	run, err := d.run(p.Seed)
	if err != nil {
		return Verdict{}, err
	}
	run.Plan, run.Until = p.realFaults(), sim.Time(p.Scenario.Duration)
	c, err := run.Check()
	if c == nil {
		return Verdict{}, err
	}
	v := verdictOf("windows twice as long say the same", err)
	if err == nil {
		v.Detail = fmt.Sprintf("%.3g s of downtime more or less in each of 40 pieces of the time, standard error %.3g s", math.Abs(c.Difference), c.Error)
	}
	return v, nil
}

// firstFailover is the part of the run around the first outage.
func firstFailover(o *Outcome) trace.Options {
	const before, after = sim.Time(300 * time.Millisecond), sim.Time(300 * time.Millisecond)
	if o.simulated != nil && len(o.simulated.Outages) > 0 {
		first := o.simulated.Outages[0]
		return trace.Options{From: max(0, first.From-before), To: first.To + after}
	}
	return trace.Options{To: sim.Time(5 * time.Second)}
}

// waysTable is ways.csv: a row for each way and size.
func waysTable(all []*Comparison) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"nodes", "mttf_h", "way", "unavailability", "low", "high", "nines", "seconds_a_year", "z_to_protocol"})
	for _, c := range all {
		for _, way := range c.Ways {
			z := ""
			if way.Name != wayProtocol {
				z = decimals(c.z(way.Name, wayProtocol))
			}
			w.Write([]string{strconv.Itoa(c.Nodes), decimals(c.MTTF), way.Name, decimals(way.Unavailability), decimals(way.Low), decimals(way.High), decimals(-math.Log10(way.Unavailability)),
				decimals(way.Unavailability * 365 * 86400), z})
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// gapTable is gap.csv: to what the protocol's unavailability is accounted, beside the formula's.
func gapTable(all []*Comparison) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"nodes", "mttf_h", "term", "unavailability", "beyond_the_formula"})
	for _, c := range all {
		for _, g := range c.Gap {
			w.Write([]string{strconv.Itoa(c.Nodes), decimals(c.MTTF), g.Term, decimals(g.Unavailability), decimals(g.Gap)})
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}
