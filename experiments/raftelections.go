package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/consensus"
	"lightcone/sim"
	"lightcone/sim/trace"
)

var (
	//go:embed raft-elections/scenario.yaml
	raftElectionsScenario []byte
	//go:embed etcd-elections/scenario.yaml
	etcdElectionsScenario []byte
)

// raftElections asks how long the first election takes: in one study of our Raft against the range of the timeouts, with
// servers down and clocks that drift; in another beside the Raft of etcd.
//
// A run is one election. Beside the means and the 90th percentiles of a point stand those of electionModel, an
// independent program for the same rules; and beside the share of elections that the first round does not decide, where
// messages have a fixed delay, its closed form, splitVote.
type raftElections struct {
	name, about string
	scenario    []byte
}

func electionStudies() []Study {
	return []Study{
		raftElections{"raft-elections", "time until there is a leader against the range of timeouts, with servers down and clocks that drift, beside a model and a closed form", raftElectionsScenario},
		raftElections{"etcd-elections", "time until there is a leader in our Raft and in etcd's, beside a model", etcdElectionsScenario},
	}
}

func (s raftElections) Name() string     { return s.name }
func (s raftElections) About() string    { return s.about }
func (s raftElections) Scenario() []byte { return s.scenario }

// The measures of the studies.
const (
	electedName   = "time until a leader is elected"
	splitName     = "undecided first rounds"
	fastestName   = "won by the fastest clock"
	drawElections = 0x656c656374 // "elect"
)

// Analyse is that of one election.
func (s raftElections) Analyse(p *Plan) (*Analysis, error) { return s.Watch(p) }

// Watch reads off one election what the runner does not.
func (raftElections) Watch(p *Plan) (*Analysis, error) {
	m, err := fitsElections(p.Scenario)
	if err != nil {
		return nil, err
	}
	return &Analysis{Finish: func(v sim.View, _ *Outcome) (*Report, error) {
		return &Report{Measures: electionMeasures(v), Picture: trace.Options{From: max(0, v.Now()-sim.Time(4e6*m.Slow)), To: v.Now()}}, nil
	}}, nil
}

// electionMeasures says of a leader, if there is one, in which round it was elected and whether its clock is the fastest.
func electionMeasures(v sim.View) []Measure {
	split, fastest := math.NaN(), math.NaN()
	for id := range sim.NodeID(v.Nodes()) {
		n, ok := v.Process(id).(consensus.Node)
		if !ok || !n.Leader() {
			continue
		}
		split, fastest = indicator(n.Term() > 1), indicator(id == fastestClock(v))
	}
	return []Measure{plainMeasure(splitName, "of elections", split, 1), plainMeasure(fastestName, "of elections", fastest, 1)}
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// fastestClock is the node whose clock shows the most, of those that are up; of equals the first.
func fastestClock(v sim.View) sim.NodeID {
	fastest := sim.Nobody
	for id := range sim.NodeID(v.Nodes()) {
		if v.Up(id) && (fastest == sim.Nobody || v.Local(id) > v.Local(fastest)) {
			fastest = id
		}
	}
	return fastest
}

// fitsElections returns the model of a scenario's first election, or what of the scenario it does not cover.
func fitsElections(s *Scenario) (electionModel, error) {
	m := electionModel{Servers: s.NodeCount(), Up: s.NodeCount()}
	preVote, bug := false, ""
	switch p := s.Params.(type) {
	case *protocols.RaftParams:
		m.Min, m.Max, preVote, bug = inMilliseconds(p.ElectionMin), inMilliseconds(p.ElectionMax), p.PreVote, p.Bug
	case *protocols.EtcdRaftParams: // from the least to twice that
		m.Min, m.Max, m.Tick, preVote = inMilliseconds(p.ElectionMin), 2*inMilliseconds(p.ElectionMin), inMilliseconds(p.Tick), p.PreVote
	default:
		return m, fmt.Errorf("protocol is %q, want raft or etcdraft", s.Protocol)
	}
	n := &s.Network
	errs := refuse("the model has only timeouts and delays", []part{
		{"network.timing", n.Timing != nil}, {"network.matrix", n.Matrix != ""}, {"network.loss", n.Loss != nil}, {"network.bursts", n.Bursts != nil},
		{"network.duplicate", n.Duplicate != nil}, {"network.reorder", n.Reorder != nil}, {"network.corrupt", n.Corrupt != nil},
		{"network.bandwidth", n.Bandwidth != nil}, {"clocks.walk", s.Clocks.Walk != nil}, {"clocks.sync", s.Clocks.Sync != nil},
		{"disk.latency", s.Disk.Latency != nil}, {"clients", s.Clients != nil}, {"params.pre-vote", preVote}, {"params.bug", bug != ""},
	})
	var ok bool
	if m.Fast, m.Slow, ok = bounds(n.Latency); !ok {
		errs = append(errs, errors.New("network.latency is not constant or uniform, want one of these, which the model knows"))
	}
	if ok && m.Max-m.Min <= m.Slow {
		errs = append(errs, fmt.Errorf("the range of timeouts is %gms, want more than the slowest message, %gms: within less the vote is always split", m.Max-m.Min, m.Slow))
	}
	if m.Drift, ok = evenDrift(s.Clocks.Drift); !ok {
		errs = append(errs, fmt.Errorf("clocks.drift is %s, want a law that is uniform around 0, which the model knows", s.Clocks.Drift.Text))
	}
	for _, f := range s.Faults {
		if f.Kind != "crash" || f.Node == nil || f.At == nil || *f.At > 0 || f.For != nil {
			errs = append(errs, errors.New("faults are others than crashes of single nodes at 0s for ever, which is all that the model knows"))
			break
		}
		m.Up--
	}
	return m, errors.Join(errs...)
}

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

// evenDrift returns how far clocks go wrong either way, as a share, if they do so evenly.
func evenDrift(l *DriftLaw) (most float64, ok bool) {
	if l == nil {
		return 0, true
	}
	d, ok := l.Dist.(dist.Uniform)
	return d.Hi / 1e6, ok && d.Lo == -d.Hi
}

// Expect returns what the model makes of a point, and the closed form of split votes where it applies.
func (raftElections) Expect(s *Sweep, p Point) ([]Expectation, error) {
	scenario, err := s.At(p)
	if err != nil {
		return nil, err
	}
	m, err := fitsElections(scenario)
	if err != nil {
		return nil, err
	}
	e := s.Extent()
	return m.expect(p.Index, min(200_000, max(4000, 4*e.Most/e.Points))), nil
}

// expect draws so many elections of the model.
func (m electionModel) expect(point, runs int) []Expectation {
	r := sim.NewRand(uint64(point), sim.ForStudy, drawElections)
	times := make([]float64, runs)
	split, fastest := 0.0, 0.0
	for i := range times {
		e := m.run(&r)
		times[i] = e.at / 1000
		split += indicator(e.term > 1)
		fastest += indicator(e.fastest)
	}
	n := float64(runs)
	share := func(k float64) (p, e float64) { return k / n, math.Sqrt(k / n * (1 - k/n) / n) }
	const source = "a model of the first election, by itself"
	list := []Expectation{{Measure: electedName, Statistic: "mean", Source: source}, {Measure: electedName, Statistic: "p90", Source: source}}
	list[0].Expected, list[0].Error = meanError(times)
	list[1].Expected, list[1].Error = quantileError(times, 0.9)
	first := Expectation{Measure: splitName, Statistic: "share", Source: source}
	first.Expected, first.Error = share(split)
	if m.Fast == m.Slow && m.Drift == 0 && m.Tick == 0 {
		first.Expected, first.Error, first.Source = splitVote(m.Servers, m.Up, m.Fast/(m.Max-m.Min)), 0, "Σ C(s,k) l^k (1-l)^(s-k)"
	}
	won := Expectation{Measure: fastestName, Statistic: "share", Source: source}
	won.Expected, won.Error = share(fastest)
	if m.Drift == 0 { // all are as fast, and have the same chance
		won.Expected, won.Error, won.Source = 1/float64(m.Up), 0, "1/s"
	}
	list = append(list, first, won)
	for i := range list {
		list[i].Point = point
	}
	return list
}

// meanError is the mean of a sample and its standard error.
func meanError(xs []float64) (mean, err float64) {
	n := float64(len(xs))
	for _, x := range xs {
		mean += x / n
	}
	for _, x := range xs {
		err += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(err / (n - 1) / n)
}

// quantileError is a quantile of a sample and its standard error: half of what lies between the ranks one standard
// deviation of the rank either way.
func quantileError(xs []float64, p float64) (q, err float64) {
	slices.Sort(xs)
	n := float64(len(xs))
	off := math.Sqrt(n * p * (1 - p))
	at := func(rank float64) float64 { return xs[int(math.Max(0, math.Min(n-1, rank)))] }
	return at(n * p), (at(n*p+off) - at(n*p-off)) / 2
}

// Figures adds none to those that the scenario declares.
func (raftElections) Figures(*Swept) ([]SweptFigure, error) { return nil, nil }
