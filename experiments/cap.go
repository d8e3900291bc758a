package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/quorum"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/trace"
)

//go:embed cap/scenario.yaml
var capScenario []byte

// capStudy asks what a partition does to a store that stays consistent and to one that stays available: Brewer's
// conjecture as Gilbert and Lynch proved it (SIGACT News 33(2), 2002). The first is a Raft. The second keeps every key on
// all servers, answers from the one that was asked (R=W=1), and lets the last write win when the network is whole again.
//
// What must be: on the consistent store no operation that is asked for in the minority is answered before the partition
// is over, and all clients together see one register; on the available one all are answered, and they do not. What that
// costs without a partition (PACELC) stands beside the mean that follows from the law of the delays.
type capStudy struct{}

func (capStudy) Name() string { return "cap" }
func (capStudy) About() string {
	return "the same partition under a consistent and an available store: what each side's clients see, and what holds after healing"
}
func (capStudy) Scenario() []byte { return capScenario }

// division is the partition that the study is about.
type division struct {
	from, to sim.Time
	deadline sim.Time            // how long a client waits for an operation
	minority map[sim.NodeID]bool // the side without a majority of the servers, with its clients
}

func (s capStudy) Analyse(p *Plan) (*Analysis, error) {
	d, err := divided(p)
	if err != nil {
		return nil, err
	}
	w := newReignWatch("leader")
	return &Analysis{
		Observers: []sim.Observer{w},
		Finish:    func(v sim.View, o *Outcome) (*Report, error) { return s.report(p, d, w.settle(v.Now()), o) },
	}, nil
}

// divided returns the partition of a scenario, or what keeps the study from being about it.
func divided(p *Plan) (d division, err error) {
	s := p.Scenario
	if _, ok := s.Params.(*protocols.RaftParams); !ok || s.Clients == nil || s.Clients.Deadline == 0 || s.Network.Latency == nil {
		return d, errors.New("want protocol raft, clients with a deadline, and network.latency")
	}
	cuts := 0
	for _, e := range p.Faults {
		switch a := e.Action.(type) {
		case sim.Cut:
			cuts++
			d.from = e.Time
			small := a.From
			if 2*len(serversOf(a.From, s.NodeCount())) > s.NodeCount() {
				small = a.To
			}
			d.minority = map[sim.NodeID]bool{}
			for _, id := range small {
				d.minority[id] = true
			}
		case sim.Heal:
			d.to = e.Time
		default:
			return d, fmt.Errorf("faults include %v, want one partition and nothing else", e.Action)
		}
	}
	d.deadline = sim.Time(s.Clients.Deadline)
	if cuts != 1 || d.to < d.from+2*d.deadline || p.Config.Until < d.to+2*d.deadline {
		return d, fmt.Errorf("faults are %d partitions from %v to %v, want one that lasts at least two deadlines of the clients, and two before the end", cuts, d.from, d.to)
	}
	return d, nil
}

func serversOf(side []sim.NodeID, servers int) []sim.NodeID {
	return slices.DeleteFunc(slices.Clone(side), func(id sim.NodeID) bool { return int(id) >= servers })
}

// The phases of a run. An operation belongs to that in which it was asked for; those asked for so late in the partition
// that they may wait for its end belong to none.
const (
	beforeDivision = iota
	duringDivision
	afterDivision
	noPhase
)

var phaseNames = []string{"before", "during", "after"}

func (d *division) phase(o *check.Operation) int {
	switch {
	case o.Invoke < d.deadline: // there may be no leader yet
		return noPhase
	case o.Invoke < d.from-d.deadline:
		return beforeDivision
	case o.Invoke >= d.from && o.Invoke < d.to-d.deadline:
		return duringDivision
	case o.Invoke >= d.to:
		return afterDivision
	}
	return noPhase
}

// side is 0 for clients of the majority, 1 for those of the minority.
func (d *division) side(o *check.Operation) int {
	if d.minority[sim.NodeID(o.Client)] {
		return 1
	}
	return 0
}

var sideNames = []string{"majority", "minority"}

// capCell is what the clients of one side saw in one phase.
type capCell struct {
	asked, ok    int
	stale, reads int
	latencies    []float64 // ms
}

// capRun is what came of one store.
type capRun struct {
	name    string
	cells   [2][3]capCell // by side and phase
	report  check.Report  // of linearizability
	rewound int           // keys of which both sides acknowledged a write, and one was undone
	split   int           // keys to which both sides wrote
	outcome *Outcome
	agreed  sim.PropertyResult // available store: when all replicas were equal again
}

// availableStore is how the available store differs from the scenario.
var availableStore = []string{"protocol=quorum", "clients.tokens=false"}

func (s capStudy) report(p *Plan, d division, reigns []reign, o *Outcome) (*Report, error) {
	available, err := s.available(p, d)
	if err != nil {
		return nil, err
	}
	runs := []capRun{d.read("consistent", o), available}
	r := &Report{Picture: trace.Options{From: d.from - sim.Time(40*time.Millisecond), To: d.from + sim.Time(120*time.Millisecond)}}
	r.Measures = capMeasures(p, runs)
	r.Verdicts = capVerdicts(runs, d)
	r.Files = []File{{"sides.csv", capTable(runs)}}
	if w := available.report.Witness; w != nil {
		files, err := witnessFiles("available-witness", w)
		if err != nil {
			return nil, err
		}
		r.Files = append(r.Files, files...)
	}
	figures, err := capFigures(p, d, runs, reigns)
	r.Files = append(r.Files, figures...)
	return r, err
}

// available runs the available store.
func (capStudy) available(p *Plan, d division) (capRun, error) {
	n := p.Scenario.NodeCount()
	s, err := p.Scenario.With(append(slices.Clone(availableStore),
		fmt.Sprintf("params={replicas: %d, read: 1, write: 1, repair: true, sync-every: 200ms}", n))...)
	if err != nil {
		return capRun{}, err
	}
	plan, err := s.Plan(p.Seed)
	if err != nil {
		return capRun{}, err
	}
	plan.Config.Properties = append(plan.Config.Properties, quorum.ConvergedAfter(d.to))
	o, err := plan.Execute(Execution{Quick: true})
	if err != nil {
		return capRun{}, err
	}
	run := d.read("available", o)
	run.agreed = o.Result.Properties[len(o.Result.Properties)-1]
	run.rewound, run.split = d.rewound(o.History)
	return run, nil
}

// read sorts what clients saw by side and phase.
func (d *division) read(name string, o *Outcome) capRun {
	run := capRun{name: name, outcome: o}
	linearizable, _ := check.Find("linearizable")
	run.report = linearizable.Run(o.History, check.Options{})
	for i := range o.History {
		op := &o.History[i]
		phase := d.phase(op)
		if phase == noPhase {
			continue
		}
		c := &run.cells[d.side(op)][phase]
		c.asked++
		if op.Outcome == check.OK {
			c.ok++
			c.latencies = append(c.latencies, float64(op.Return.Sub(op.Invoke))/1e6)
		}
	}
	for _, a := range check.MeasureStaleness(o.History, nil).Ages {
		op := &o.History[a.Op]
		if phase := d.phase(op); phase != noPhase {
			c := &run.cells[d.side(op)][phase]
			c.reads++
			if a.Versions > 0 {
				c.stale++
			}
		}
	}
	return run
}

// rewound counts the keys to which both sides wrote while they were apart, and of these the keys of which a side's last
// acknowledged value was the other's when it was next read after the end.
func (d *division) rewound(h check.History) (rewound, split int) {
	last := map[string]*[2]*check.Operation{}
	var keys []string
	for i := range h {
		o := &h[i]
		if o.Op.Kind != check.Put || o.Outcome != check.OK || o.Invoke < d.from || o.Return >= d.to {
			continue
		}
		if last[o.Op.Key] == nil {
			last[o.Op.Key] = &[2]*check.Operation{}
			keys = append(keys, o.Op.Key)
		}
		if w := &last[o.Op.Key][d.side(o)]; *w == nil || (*w).Return < o.Return {
			*w = o
		}
	}
	for _, key := range keys {
		if last[key][0] == nil || last[key][1] == nil {
			continue
		}
		split++
		if d.undone(h, key, *last[key]) {
			rewound++
		}
	}
	return rewound, split
}

// undone reports whether a client read, after the end of the partition, the other side's last write of a key.
func (d *division) undone(h check.History, key string, last [2]*check.Operation) bool {
	return slices.ContainsFunc(h, func(o check.Operation) bool {
		return o.Op.Key == key && o.Op.Kind == check.Get && o.Outcome == check.OK && o.Invoke >= d.to && o.Result.Value == last[1-d.side(&o)].Op.Value
	})
}

// capMeasures are shares of operations that were answered, and what an answer takes while the network is whole.
func capMeasures(p *Plan, runs []capRun) []Measure {
	var list []Measure
	for _, run := range runs {
		for side, name := range sideNames {
			c := &run.cells[side][duringDivision]
			m := plainMeasure(fmt.Sprintf("%s store, answered in the %s during the partition", run.name, name), "of operations", ratio(c.ok, c.asked), c.asked)
			if run.name == "consistent" && side == 1 {
				m.Expected, m.Low, m.High = 0, m.Value, m.Value
			}
			list = append(list, m)
		}
	}
	for i, run := range runs {
		before := slices.Concat(run.cells[0][beforeDivision].latencies, run.cells[1][beforeDivision].latencies)
		m := plainMeasure(run.name+" store, mean latency while whole", "ms", 0, len(before))
		var sd float64
		m.Value, sd = stat.MeanStdDev(before, nil)
		se := sd / math.Sqrt(float64(len(before)))
		m.Low, m.High = m.Value-4*se, m.Value+4*se
		if i == 1 {
			mean, _ := p.Scenario.Network.Latency.Dist.Moments()
			m.Expected = 2 * mean / 1e6 // to the server that is asked, and back
		} else {
			m.Expected = replicatedLatency(p.Scenario.Network.Latency.Dist, p.Scenario.NodeCount(), p.Seed)
		}
		list = append(list, m)
	}
	agreed := plainMeasure("available store, time after healing until replicas agree", "ms", math.NaN(), 1)
	if a := runs[1].agreed; a.Verdict == sim.Pass {
		agreed.Value = float64(a.Time)/1e6 - float64(runs[1].healed())/1e6
	}
	return append(list, agreed,
		plainMeasure("available store, keys of which a side's acknowledged write was undone", "keys", float64(runs[1].rewound), runs[1].split))
}

func (r *capRun) healed() (at sim.Time) {
	for _, e := range r.outcome.Plan.Faults {
		if _, ok := e.Action.(sim.Heal); ok {
			at = e.Time
		}
	}
	return at
}

// drawCap names the draws of the study.
const drawCap = 0x636170 // "cap"

// replicatedLatency is the mean time of an operation on a replicated log of n servers, in ms, by a sample of many
// rounds: from a client to the leader, from there to the fastest others that make a majority with it and back, and to the
// client again. A message that overtakes another costs the log a little more: entries are taken in their order.
func replicatedLatency(delay dist.Dist, n int, seed uint64) float64 {
	const rounds = 100_000
	r := sim.NewRand(seed, sim.ForStudy, drawCap)
	draw := func() float64 { return math.Max(0, delay.Quantile(r.Float64())) / 1e6 }
	trips := make([]float64, n-1)
	sum := 0.0
	for range rounds {
		for i := range trips {
			trips[i] = draw() + draw()
		}
		slices.Sort(trips)
		sum += draw() + trips[n/2-1] + draw()
	}
	return sum / rounds
}

// capVerdicts are what each store must give, and what it cannot.
func capVerdicts(runs []capRun, d division) []Verdict {
	cp, ap := &runs[0], &runs[1]
	share := func(c capCell) float64 { return ratio(c.ok, c.asked) }
	major, minor := cp.cells[0][duringDivision], cp.cells[1][duringDivision]
	left, right := ap.cells[0][duringDivision], ap.cells[1][duringDivision]
	undone := verdict("available: acknowledged writes are undone", true, "of %d keys that both sides wrote to, %d were seen to go back", ap.split, ap.rewound)
	if ap.rewound == 0 {
		undone.Verdict = sim.Unseen // they were written again before anybody read them
	}
	return []Verdict{
		verdict("consistent: nothing is answered in the minority", minor.ok == 0 && minor.asked > 0, "%d of %d operations", minor.ok, minor.asked),
		verdict("consistent: the majority is served", share(major) >= 0.99, "%d of %d operations", major.ok, major.asked),
		verdict("consistent: linearizable", cp.report.Verdict == check.Holds, "%s", cp.report.Detail),
		verdict("available: both sides are served", share(left) >= 0.99 && share(right) >= 0.99, "%d of %d and %d of %d operations", left.ok, left.asked, right.ok, right.asked),
		verdict("available: not linearizable", ap.report.Verdict == check.Violated, "%s", ap.report.Detail),
		verdict("available: replicas agree after healing", ap.agreed.Verdict == sim.Pass, "%v after it", ap.agreed.Time.Sub(d.to)),
		undone,
	}
}
