package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"lightcone/protocols"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/trace"
)

//go:embed quorum-staleness/scenario.yaml
var quorumStalenessScenario []byte

// quorumStaleness asks what a store with N replicas gives and takes for each R and W: how many reads are stale, how long
// reads and writes take, and how often an operation finds its quorum when servers crash.
//
// Beside staleness and latency stands staleModel, an independent program for the same rules; beside availability a
// closed form, servedShare; and where R+W>N, nothing may be stale at all.
type quorumStaleness struct{}

func (quorumStaleness) Name() string { return "quorum-staleness" }
func (quorumStaleness) About() string {
	return "stale reads, latency and availability for each R and W, beside the WARS model and closed forms"
}
func (quorumStaleness) Scenario() []byte { return quorumStalenessScenario }

func (s quorumStaleness) Analyse(p *Plan) (*Analysis, error) {
	m, err := fitsStaleness(p.Scenario)
	if err != nil {
		return nil, err
	}
	return &Analysis{Finish: func(_ sim.View, o *Outcome) (*Report, error) { return s.report(p, m, o) }}, nil
}

// fitsStaleness returns the model of a scenario, or what of the scenario it does not cover.
func fitsStaleness(s *Scenario) (staleModel, error) {
	params, ok := s.Params.(*protocols.QuorumParams)
	if !ok || s.Clients == nil {
		return staleModel{}, fmt.Errorf("protocol is %q, want quorum, with clients", s.Protocol)
	}
	n, w := &s.Network, &s.Clients.Workload
	errs := refuse("the model knows only quorums and delays", []part{
		{"network.timing", n.Timing != nil}, {"network.matrix", n.Matrix != ""}, {"network.loss", n.Loss != nil}, {"network.bursts", n.Bursts != nil},
		{"network.duplicate", n.Duplicate != nil}, {"network.reorder", n.Reorder != nil}, {"network.corrupt", n.Corrupt != nil}, {"network.fifo", n.FIFO},
		{"network.bandwidth", n.Bandwidth != nil}, {"disk.latency", s.Disk.Latency != nil},
		{"faults", len(s.Faults) > 0}, {"params.repair", params.Repair}, {"params.sloppy", params.Sloppy}, {"params.narrow", params.Narrow},
		{"params.votes", len(params.Votes) > 0}, {"params.hand-off", params.HandOff > 0}, {"params.sync-every", params.SyncEvery > 0}, {"params.bug", params.Bug != ""},
		{"clients.hedge", s.Clients.Hedge > 0}, {"clients.retry", s.Clients.Retry != nil}, {"clients.sticky", s.Clients.Sticky},
	})
	switch {
	case n.Latency == nil:
		errs = append(errs, errors.New("network.latency is not set, want a law, which the model draws from"))
	case s.Clients.Count != 1 || w.Keys.count() != 1 || w.Loop == "open" || w.Think == nil || !w.Think.constant():
		errs = append(errs, errors.New("clients are others than one that thinks for a fixed time, in a closed loop over one key, which is what the model is of"))
	case w.Mix == nil || w.Mix.Get <= 0 || w.Mix.Put <= 0 || w.Mix.Append+w.Mix.CAS+w.Mix.Delete > 0:
		errs = append(errs, errors.New("clients.workload.mix is not of gets and puts alone, want both and nothing else"))
	case params.Replicas != s.NodeCount():
		errs = append(errs, fmt.Errorf("params.replicas is %d, want all %d nodes", params.Replicas, s.NodeCount()))
	}
	if err := errors.Join(errs...); err != nil {
		return staleModel{}, err
	}
	return staleModel{N: params.Replicas, R: params.Read, W: params.Write, Delay: n.Latency.Dist, Think: float64(drawn(w.Think, 0, 0)) / 1e6,
		Writes: w.Mix.Put / (w.Mix.Get + w.Mix.Put)}, nil
}

// How much is run for a point: worlds of their own, so that their spread is the error of the mean, and operations in
// each.
const (
	staleWorlds   = 20
	staleTime     = 12 * time.Second
	staleModelOps = 60_000
	drawStale     = 0x7374616c65 // "stale"
	servedTime    = 20_000 * time.Second
	servedUp      = 900 * time.Second
	servedDown    = 100 * time.Second
	servedThink   = 200 * time.Second

	contendedTime     = 2 * time.Second
	contendingClients = 5
)

// stalePoint is what one choice of R and W came to.
type stalePoint struct {
	r, w                int
	worlds              int
	stale               Measure // of reads
	read, write         Measure // mean latency, ms
	readTail, writeTail Measure // 99th percentile, ms
	readable, writable  Measure // of operations asked for once
	unordered           int     // histories of several clients that are not linearizable
	witness             *check.Witness
}

func (pt *stalePoint) name() string { return fmt.Sprintf("R=%d W=%d", pt.r, pt.w) }

func (s quorumStaleness) report(p *Plan, base staleModel, o *Outcome) (*Report, error) {
	var points []stalePoint
	for r := 1; r <= base.N; r++ {
		for w := 1; w <= base.N; w++ {
			m := base
			m.R, m.W = r, w
			pt, err := s.point(p, m)
			if err != nil {
				return nil, err
			}
			points = append(points, pt)
		}
	}
	report := &Report{Picture: stalePicture(o)}
	report.Measures, report.Verdicts = staleFindings(points, base)
	report.Files = []File{{"quorums.csv", staleTable(points)}}
	for _, pt := range points {
		if pt.witness == nil {
			continue
		}
		files, err := witnessFiles("inversion", pt.witness)
		if err != nil {
			return nil, err
		}
		report.Files = append(report.Files, files...)
		break
	}
	figures, err := staleFigures(points, base, p.Scenario.Network.Latency.Text)
	report.Files = append(report.Files, figures...)
	return report, err
}

// point runs one choice of R and W, and the model of it.
func (s quorumStaleness) point(p *Plan, m staleModel) (stalePoint, error) {
	pt := stalePoint{r: m.R, w: m.W, worlds: p.times(staleWorlds)}
	seeds := sim.NewRand(p.Seed, sim.ForStudy, drawStale, uint64(m.R), uint64(m.W))
	quorums := []string{fmt.Sprintf("params.read=%d", m.R), fmt.Sprintf("params.write=%d", m.W)}
	busy, err := p.Scenario.With(append(quorums, "duration="+staleTime.String())...)
	if err != nil {
		return pt, err
	}
	var shares, reads, writes []float64
	for range pt.worlds {
		h, err := clientHistory(busy, seeds.Uint64())
		if err != nil {
			return pt, err
		}
		age := check.MeasureStaleness(h, nil)
		shares = append(shares, age.Share())
		r, w := latencies(h)
		reads, writes = append(reads, r...), append(writes, w...)
	}
	model := m.run(p.times(staleModelOps), &seeds)
	pt.stale = batchMean("of reads", shares, len(reads), float64(model.stale)/float64(len(model.reads)))
	pt.read, pt.readTail = meanBeside(reads, model.reads), quantileBeside(reads, model.reads, 0.99)
	pt.write, pt.writeTail = meanBeside(writes, model.writes), quantileBeside(writes, model.writes, 0.99)
	return pt, errors.Join(s.served(p, m, quorums, &seeds, &pt), s.contended(p, m, quorums, &seeds, &pt))
}

// contended runs a point at which nothing is stale with several clients, and counts the histories that are nevertheless
// not linearizable.
func (quorumStaleness) contended(p *Plan, m staleModel, quorums []string, seeds *sim.Rand, pt *stalePoint) error {
	if m.R+m.W <= m.N {
		return nil
	}
	shared, err := p.Scenario.With(append(quorums, fmt.Sprintf("clients.count=%d", contendingClients), "duration="+contendedTime.String())...)
	if err != nil {
		return err
	}
	linearizable, _ := check.Find("linearizable")
	for range pt.worlds {
		h, err := clientHistory(shared, seeds.Uint64())
		if err != nil {
			return err
		}
		if n := check.MeasureStaleness(h, nil).Stale; n > 0 {
			return fmt.Errorf("%s has %d stale reads with %d clients, want none", pt.name(), n, contendingClients)
		}
		if r := linearizable.Run(h, check.Options{}); r.Verdict == check.Violated {
			pt.unordered++
			if pt.witness == nil {
				pt.witness = r.Witness
			}
		}
	}
	return nil
}

// served measures how many operations find a quorum when servers crash and recover.
func (quorumStaleness) served(p *Plan, m staleModel, quorums []string, seeds *sim.Rand, pt *stalePoint) error {
	rare, err := p.Scenario.With(append(quorums, "duration="+servedTime.String(), fmt.Sprintf("clients.workload.think=%gs", servedThink.Seconds()),
		fmt.Sprintf(`faults=[{kind: crash, up: "exponential(mean=%gs)", down: "exponential(mean=%gs)"}]`, servedUp.Seconds(), servedDown.Seconds()))...)
	if err != nil {
		return err
	}
	var readable, writable []float64
	asked := 0
	for range pt.worlds {
		h, err := clientHistory(rare, seeds.Uint64())
		if err != nil {
			return err
		}
		var ok, all [2]int
		for _, o := range h {
			kind := 0
			if o.Op.Kind.Writes() {
				kind = 1
			}
			all[kind]++
			if o.Outcome == check.OK {
				ok[kind]++
			}
		}
		asked += all[0] + all[1]
		readable, writable = append(readable, ratio(ok[0], all[0])), append(writable, ratio(ok[1], all[1]))
	}
	up := float64(servedUp) / float64(servedUp+servedDown)
	pt.readable = batchMean("of reads", readable, asked/2, servedShare(m.N, m.R, up))
	pt.writable = batchMean("of writes", writable, asked/2, servedShare(m.N, m.W, up))
	return nil
}

// clientHistory runs a scenario for what its client sees.
func clientHistory(s *Scenario, seed uint64) (check.History, error) {
	plan, err := s.Plan(seed)
	if err != nil {
		return nil, err
	}
	o, err := plan.Execute(Execution{Quick: true})
	if err != nil {
		return nil, err
	}
	return o.History, o.Result.Err
}

// latencies returns how long the reads and the writes took that were answered, in milliseconds.
func latencies(h check.History) (reads, writes []float64) {
	for _, o := range h {
		switch ms := float64(o.Return.Sub(o.Invoke)) / 1e6; {
		case o.Outcome != check.OK:
		case o.Op.Kind.Writes():
			writes = append(writes, ms)
		default:
			reads = append(reads, ms)
		}
	}
	return reads, writes
}

// batchMean is the mean of shares that independent worlds came to, by four standard errors of it either way. A share
// that is the same in all of them, such as none at all, has an interval of nothing.
func batchMean(unit string, shares []float64, n int, expected float64) Measure {
	m := plainMeasure("", unit, 0, n)
	var sd float64
	m.Value, sd = stat.MeanStdDev(shares, nil)
	se := sd / math.Sqrt(float64(len(shares)))
	m.Low, m.High, m.Expected = math.Max(0, m.Value-4*se), math.Min(1, m.Value+4*se), expected
	return m
}

// quantileBeside is a quantile of a sample with its interval of order statistics, and the same quantile of the model.
func quantileBeside(sample, model []float64, p float64) Measure {
	slices.Sort(sample)
	slices.Sort(model)
	n := float64(len(sample))
	spread := 4 * math.Sqrt(n*p*(1-p))
	m := plainMeasure("", "ms", sample[int(n*p)], len(sample))
	m.Low, m.High = sample[max(0, int(n*p-spread))], sample[min(len(sample)-1, int(math.Ceil(n*p+spread)))]
	m.Expected = model[int(float64(len(model))*p)]
	return m
}

// staleFindings is what of the points is printed, and whether they agree.
func staleFindings(points []stalePoint, base staleModel) (measures []Measure, verdicts []Verdict) {
	agreeing := map[string]int{}
	strict, fresh, unordered, histories := 0, 0, 0, 0
	for _, pt := range points {
		for what, list := range map[string][]Measure{
			"stale": {pt.stale}, "latency": {pt.read, pt.readTail, pt.write, pt.writeTail}, "served": {pt.readable, pt.writable},
		} {
			for _, m := range list {
				if Agree(m) == Agrees {
					agreeing[what]++
				}
			}
		}
		if pt.r+pt.w > base.N {
			strict++
			if pt.stale.Value == 0 {
				fresh++
			}
			unordered, histories = unordered+pt.unordered, histories+pt.worlds
		}
		m := pt.stale
		m.Name = "stale reads, " + pt.name()
		measures = append(measures, m)
	}
	n := len(points)
	return measures, []Verdict{
		verdict("stale reads as in the model", agreeing["stale"] == n, "%d of %d points (quorums.csv)", agreeing["stale"], n),
		verdict("latencies as in the model", agreeing["latency"] == 4*n, "%d of %d means and 99th percentiles (quorums.csv)", agreeing["latency"], 4*n),
		verdict("availability as in the closed form", agreeing["served"] == 2*n, "%d of %d shares (quorums.csv)", agreeing["served"], 2*n),
		verdict("no stale read where R+W>N", fresh == strict, "%d of %d points", fresh, strict),
		verdict("which is not linearizability", unordered > 0, "%d of %d histories of %d clients, without a stale read, are not linearizable (inversion.txt)",
			unordered, histories, contendingClients),
	}
}

// stalePicture shows the first stale read of the run, with the write that it missed.
func stalePicture(o *Outcome) trace.Options {
	const around = 3 * sim.Time(time.Millisecond)
	for _, a := range check.MeasureStaleness(o.History, nil).Ages {
		if a.Versions > 0 {
			read := o.History[a.Op]
			from := read.Invoke - sim.Time(a.Behind)
			for _, w := range o.History[:a.Op] {
				if w.Return == from {
					from = w.Invoke
				}
			}
			return trace.Options{From: max(0, from-around), To: read.Return + around}
		}
	}
	return trace.Options{To: sim.Time(200 * time.Millisecond)}
}
