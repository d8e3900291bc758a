package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/consensus"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed raft-elections/scenario.yaml
var raftElectionsScenario []byte

// raftElections asks how long the first election takes, against the range of the timeouts.
//
// Many elections are run, each in a world of its own, for our Raft with all servers up and with one down, and for etcd's.
// Beside each mean stands that of electionModel, an independent program for the same rules. And with messages of a fixed
// delay, the share of elections that the first round does not decide stands beside its closed form, splitVote.
type raftElections struct{}

func (raftElections) Name() string { return "raft-elections" }
func (raftElections) About() string {
	return "time until there is a leader against the range of timeouts, in our Raft and in etcd's, beside a model and a closed form"
}
func (raftElections) Scenario() []byte { return raftElectionsScenario }

func (s raftElections) Analyse(p *Plan) (*Analysis, error) {
	base, err := fitsElections(p.Scenario)
	if err != nil {
		return nil, err
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p, base) }}, nil
}

// fitsElections returns the model of a scenario's first election, or what of the scenario it does not cover.
func fitsElections(s *Scenario) (electionModel, error) {
	params, ok := s.Params.(*protocols.RaftParams)
	if !ok {
		return electionModel{}, fmt.Errorf("protocol is %q, want raft, beside which etcdraft is run", s.Protocol)
	}
	n := &s.Network
	errs := refuse("the model has only timeouts and delays", []part{
		{"network.timing", n.Timing != nil}, {"network.matrix", n.Matrix != ""}, {"network.loss", n.Loss != nil}, {"network.bursts", n.Bursts != nil},
		{"network.duplicate", n.Duplicate != nil}, {"network.reorder", n.Reorder != nil}, {"network.corrupt", n.Corrupt != nil},
		{"network.bandwidth", n.Bandwidth != nil}, {"clocks.drift", s.Clocks.Drift != nil}, {"clocks.walk", s.Clocks.Walk != nil},
		{"clocks.sync", s.Clocks.Sync != nil}, {"disk.latency", s.Disk.Latency != nil}, {"faults", len(s.Faults) > 0}, {"clients", s.Clients != nil},
		{"params.pre-vote", params.PreVote}, {"params.bug", params.Bug != ""},
	})
	fast, slow, ok := bounds(n.Latency)
	if !ok {
		errs = append(errs, errors.New("network.latency is not constant or uniform, want one of these, which the model knows"))
	}
	m := electionModel{Servers: s.NodeCount(), Up: s.NodeCount(), Fast: fast, Slow: slow, Min: inMilliseconds(params.ElectionMin), Max: inMilliseconds(params.ElectionMax)}
	if least := electionParts[0] * (m.Max - m.Min); ok && least < m.Slow {
		errs = append(errs, fmt.Errorf("params.election-max is %v, want so much that a fifth of the range of timeouts is more than the slowest message, %gms: "+
			"within less the vote is always split", params.ElectionMax, m.Slow))
	}
	return m, errors.Join(errs...)
}

func inMilliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// bounds returns the least and the most of a law that is constant or uniform, in milliseconds.
func bounds(l *Law) (least, most float64, ok bool) {
	if l == nil {
		return 1, 1, true
	}
	switch d := l.Dist.(type) {
	case dist.Constant:
		return d.Value / 1e6, d.Value / 1e6, true
	case dist.Uniform:
		return d.Lo / 1e6, d.Hi / 1e6, true
	}
	return 0, 0, false
}

// electionSeries is one curve of the study: what is run, over the ranges.
type electionSeries struct {
	name   string
	set    []string // of the scenario
	up     int
	tick   float64 // timeouts are whole numbers of it, in milliseconds; 0: any
	ranges []float64
	fixed  bool // messages take a fixed time: split votes are counted
}

// electionPoint is what many elections at one range came to.
type electionPoint struct {
	series     string
	spread     float64 // of the timeouts, in milliseconds
	mean, tail Measure // ms
	split      Measure // share of elections that the first round did not decide
	elections  int
}

// electionParts are the ranges, in parts of the scenario's.
var electionParts = []float64{0.2, 0.25, 1. / 3, 0.5, 1, 2}

const (
	electionRuns  = 400
	modelRuns     = 10_000
	drawElections = 0x656c656374 // "elect"
)

// series returns what is run. The timeouts of etcd's Raft are from the least to twice that.
func (raftElections) series(p *Plan, m electionModel) []electionSeries {
	var wide []float64
	for _, part := range electionParts {
		wide = append(wide, part*(m.Max-m.Min))
	}
	delay := fmt.Sprintf("network.latency=%gms", (m.Fast+m.Slow)/2)
	down := fmt.Sprintf("faults=[{kind: crash, node: %d, at: 0s}]", m.Servers-1)
	etcd := []string{"protocol=etcdraft", fmt.Sprintf("params={election-min: %gms, heartbeat: %gms, tick: 2ms}", m.Min, 2*math.Floor(m.Min/6))}
	return []electionSeries{
		{name: "raft, all up", up: m.Servers, ranges: wide},
		{name: "raft, one down", set: []string{down}, up: m.Servers - 1, ranges: wide},
		{name: "etcd's Raft, all up", set: etcd, up: m.Servers, tick: 2, ranges: []float64{m.Min}},
		{name: "raft, fixed delay, all up", set: []string{delay}, up: m.Servers, ranges: wide, fixed: true},
		{name: "raft, fixed delay, one down", set: []string{delay, down}, up: m.Servers - 1, ranges: wide, fixed: true},
	}
}

func (s raftElections) report(p *Plan, base electionModel) (*Report, error) {
	var points []electionPoint
	for i, series := range s.series(p, base) {
		for _, spread := range series.ranges {
			pt, err := s.point(p, base, series, i, spread)
			if err != nil {
				return nil, err
			}
			points = append(points, pt)
		}
	}
	r := &Report{Picture: trace.Options{To: sim.Time(base.Max * 1e6)}}
	r.Measures, r.Verdicts = electionFindings(points, base)
	r.Files = append(r.Files, File{"elections.csv", electionTable(points)})
	figures, err := electionFigures(points, base)
	r.Files = append(r.Files, figures...)
	return r, err
}

// point runs the elections of one range, in worlds of their own, and the model's.
func (raftElections) point(p *Plan, base electionModel, series electionSeries, number int, spread float64) (electionPoint, error) {
	m := base
	m.Up, m.Max, m.Tick = series.up, m.Min+spread, series.tick
	if series.fixed {
		m.Fast = (m.Fast + m.Slow) / 2
		m.Slow = m.Fast
	}
	sets := slices.Clone(series.set)
	if series.tick == 0 {
		sets = append(sets, fmt.Sprintf("params.election-max=%gms", m.Max))
	}
	scenario, err := p.Scenario.With(sets...)
	if err != nil {
		return electionPoint{}, err
	}
	r := sim.NewRand(p.Seed, sim.ForStudy, drawElections, uint64(number), math.Float64bits(spread))
	var times, model []float64
	split := 0
	for range electionRuns {
		at, term, err := firstElection(scenario, r.Uint64())
		if err != nil {
			return electionPoint{}, err
		}
		times = append(times, at)
		if term > 1 {
			split++
		}
	}
	for range modelRuns {
		at, _ := m.run(&r)
		model = append(model, at)
	}
	pt := electionPoint{series: series.name, spread: spread, elections: electionRuns, mean: meanBeside(times, model), tail: quantileBeside(times, model, 0.9)}
	if series.fixed {
		expected := splitVote(m.Servers, m.Up, m.Fast/spread)
		pt.split = shareBeside(split, electionRuns, expected)
	}
	return pt, nil
}

// firstElection runs a world until there is a leader: when that is, in milliseconds, and in which of the terms that
// there were.
func firstElection(s *Scenario, seed uint64) (at float64, term consensus.Term, err error) {
	p, err := s.Plan(seed)
	if err != nil {
		return 0, 0, err
	}
	cfg := p.Config
	cfg.Properties = nil
	w, err := sim.New(cfg)
	if err != nil {
		return 0, 0, err
	}
	defer w.Close()
	for w.Step() {
		v := w.View()
		if p.Config.Until > 0 && v.Now() > p.Config.Until {
			break
		}
		for id := range sim.NodeID(v.Nodes()) {
			if n, ok := v.Process(id).(consensus.Node); ok && n.Leader() {
				return float64(v.Now()) / 1e6, n.Term(), nil
			}
		}
	}
	if err := w.Err(); err != nil {
		return 0, 0, err
	}
	return 0, 0, fmt.Errorf("there is no leader at %v with seed %d, want a longer duration", w.Now(), seed)
}

// meanBeside is a mean with the one of the model, and the interval in which they may differ.
func meanBeside(times, model []float64) Measure {
	m := plainMeasure("", "ms", 0, len(times))
	var sd, modelSD float64
	m.Value, sd = stat.MeanStdDev(times, nil)
	m.Expected, modelSD = stat.MeanStdDev(model, nil)
	se := math.Hypot(sd/math.Sqrt(float64(len(times))), modelSD/math.Sqrt(float64(len(model))))
	m.Low, m.High = m.Value-4*se, m.Value+4*se
	return m
}

// shareBeside is a share with its closed form, and four standard errors, of the closed form's own, either way.
func shareBeside(part, whole int, expected float64) Measure {
	m := plainMeasure("", "of elections", ratio(part, whole), whole)
	n := float64(whole)
	se := math.Max(4*math.Sqrt(expected*(1-expected)/n), 1/n)
	m.Low, m.High, m.Expected = math.Max(0, m.Value-se), math.Min(1, m.Value+se), expected
	return m
}

// electionFindings is what of the points is printed, and whether they agree.
func electionFindings(points []electionPoint, base electionModel) (measures []Measure, verdicts []Verdict) {
	means, splits, agreeing, splitting := 0, 0, 0, 0
	var off []string
	for _, pt := range points {
		if pt.split.N > 0 {
			splits++
			if Agree(pt.split) == Agrees {
				splitting++
			} else {
				off = append(off, fmt.Sprintf("%s, %gms", pt.series, pt.spread))
			}
			continue
		}
		means++
		if Agree(pt.mean) == Agrees && Agree(pt.tail) == Agrees {
			agreeing++
		} else {
			off = append(off, fmt.Sprintf("%s, %gms", pt.series, pt.spread))
		}
		if pt.spread == base.Max-base.Min || pt.spread == base.Min {
			mean, tail := pt.mean, pt.tail
			mean.Name = fmt.Sprintf("election, timeouts %g to %g ms, %s, mean", base.Min, base.Min+pt.spread, pt.series)
			tail.Name = strings.TrimSuffix(mean.Name, "mean") + "90th percentile"
			measures = append(measures, mean, tail)
		}
	}
	return measures, []Verdict{
		verdict("elections as in the model", agreeing == means, "%d of %d points (elections.csv)%s", agreeing, means, offList(off)),
		verdict("split votes as in the closed form", splitting == splits, "%d of %d points (elections.csv)", splitting, splits),
	}
}

func offList(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; off: " + strings.Join(names, "; ")
}
