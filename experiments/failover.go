package experiments

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"lightcone/experiments/figure"
	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/primarybackup"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed failover/scenario.yaml
var failoverScenario []byte

// failoverStudy asks what a failover costs, by who decides it, what keeps the old primary away, and when writes are
// acknowledged: seconds with two primaries, writes lost (the recovery point) and time without a primary (the recovery
// time).
//
// The times from a crash to the new primary are compared with their bounds and their mean, primarybackup.Config.Takeover,
// which follow from the timeout, the interval of pings and the fixed delays.
type failoverStudy struct{}

func (failoverStudy) Name() string { return "failover" }
func (failoverStudy) About() string {
	return "what a failover costs, by how it is done: two primaries, lost writes, and time without a primary beside its bounds"
}
func (failoverStudy) Scenario() []byte { return failoverScenario }

// failoverVariant is a way to fail over.
type failoverVariant struct {
	name    string
	set     []string
	primary int // the first
	safe    bool
}

func failoverVariants() []failoverVariant {
	return []failoverVariant{
		{"naive", []string{"nodes=3", "params.failover=naive", "params.fencing=false"}, 0, false},
		{"naive, fenced", []string{"nodes=3", "params.failover=naive"}, 0, false},
		{"view service", []string{"params.fencing=false"}, 1, false},
		{"view service, fenced", nil, 1, true},
		{"view service, leased", []string{"params.lease=300ms", "params.drift-bound=200", "params.reads=local"}, 1, true},
	}
}

// What happens to the primary.
const (
	failCrash     = "crash"
	failPause     = "pause"
	failPartition = "partition"
)

var (
	failures     = []string{failCrash, failPause, failPartition}
	replications = []string{"sync", "semi-sync", "async"}
)

// failoverRuns is how many failovers there are of each kind, and crashRuns how many more after crashes, both while
// clients write and while none asks, to know the mean time of a takeover.
const (
	failoverRuns = 8
	crashRuns    = 40
)

// drawFailover names the draws of the study.
const drawFailover = 0x6661696c6f766572 // "failover"

// failoverCell is what the failovers of one kind came to.
type failoverCell struct {
	variant, replication, failure string
	safe                          bool
	runs                          int
	overlap, reach                float64 // seconds: the mean, the most
	contested, lost, acknowledged float64 // writes in all runs
	takeovers, downtimes          []float64
	expected, least, most         float64   // of takeovers after a crash
	quiet, busy                   []float64 // of further crashes with synchronous replication: while no client asks, while they write
}

func (s failoverStudy) Analyse(p *Plan) (*Analysis, error) {
	params, ok := p.Scenario.Params.(*protocols.PrimaryBackupParams)
	switch {
	case !ok:
		return nil, fmt.Errorf("protocol is %q, want primary-backup, whose ways to fail over are compared", p.Scenario.Protocol)
	case p.Scenario.Clients == nil:
		return nil, fmt.Errorf("clients are missing, want some, whose writes are lost or not")
	case p.Scenario.Network.Latency != nil && !p.Scenario.Network.Latency.constant() || p.Scenario.Disk.Latency != nil && !p.Scenario.Disk.Latency.constant():
		return nil, fmt.Errorf("network.latency or disk.latency varies, want constant ones, by which the bounds are computed")
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p, params) }}, nil
}

func (s failoverStudy) report(p *Plan, params *protocols.PrimaryBackupParams) (*Report, error) {
	var cells []*failoverCell
	r := sim.NewRand(p.Seed, sim.ForStudy, drawFailover)
	for _, v := range failoverVariants() {
		for _, replication := range replications {
			for _, failure := range failures {
				cell, err := s.cell(p, params, v, replication, failure, &r)
				if err != nil {
					return nil, err
				}
				cells = append(cells, cell)
			}
		}
	}
	rep := &Report{Picture: trace.Options{From: sim.Time(2980 * time.Millisecond), To: sim.Time(3250 * time.Millisecond)}}
	rep.Measures, rep.Verdicts = failoverFindings(cells)
	rep.Files = append(rep.Files, File{"failover.csv", failoverTable(cells)})
	figures, err := failoverFigures(cells)
	rep.Files = append(rep.Files, figures...)
	return rep, err
}

// cell runs the failovers of one kind. They begin at any time between two pings.
func (s failoverStudy) cell(p *Plan, params *protocols.PrimaryBackupParams, v failoverVariant, replication, failure string, r *sim.Rand) (*failoverCell, error) {
	c := &failoverCell{variant: v.name, replication: replication, failure: failure, safe: v.safe && replication == "sync", runs: p.times(failoverRuns)}
	for range c.runs {
		report, err := s.failover(p, params, v, replication, failure, r)
		if err != nil {
			return nil, err
		}
		c.add(report)
	}
	if c.hasBounds() {
		var err1, err2 error
		c.quiet, err1 = s.crashes(p, params, v, "clients.workload.operations=1")
		c.busy, err2 = s.crashes(p, params, v)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
	}
	cfg := primarybackup.Config{Servers: p.Scenario.NodeCount(), Replication: primarybackup.Replication(replication), Acks: params.Acks,
		Ping: params.Ping, Timeout: params.Timeout}
	if v.primary == 0 {
		cfg.Failover, cfg.Servers = primarybackup.Naive, 3
	}
	if v.name == "view service, leased" {
		cfg.Lease, cfg.Drift = 300*time.Millisecond, 200
	}
	least, mean, most := cfg.Takeover(constantOf(p.Scenario.Network.Latency, time.Millisecond), constantOf(p.Scenario.Disk.Latency, 0))
	c.least, c.expected, c.most = least.Seconds(), mean.Seconds(), most.Seconds()
	return c, nil
}

// crashes returns the times of the takeovers, in seconds, after crashes with synchronous replication, with further settings.
func (s failoverStudy) crashes(p *Plan, params *protocols.PrimaryBackupParams, v failoverVariant, more ...string) (times []float64, err error) {
	r := sim.NewRand(p.Seed, sim.ForStudy, drawFailover, uint64(slices.IndexFunc(failoverVariants(), func(o failoverVariant) bool { return o.name == v.name })))
	for range p.times(crashRuns) {
		report, err := s.failover(p, params, v, "sync", failCrash, &r, append(more, "duration=5s")...)
		if err != nil {
			return nil, err
		}
		for _, d := range report.Takeovers {
			times = append(times, d.Seconds())
		}
	}
	return times, nil
}

// hasBounds reports whether the time of a takeover is known beforehand: of a crash, and with backups that have one log.
func (c *failoverCell) hasBounds() bool { return c.failure == failCrash && c.replication == "sync" }

// failover runs one, with further settings.
func (failoverStudy) failover(p *Plan, params *protocols.PrimaryBackupParams, v failoverVariant, replication, failure string, r *sim.Rand, more ...string) (primarybackup.Report, error) {
	at := 3*time.Second + r.Duration(0, params.Ping)
	sets := append(slices.Clone(v.set), "params.replication="+replication, "faults=[]", "faults[0]="+failoverFault(v, failure, at))
	scenario, err := p.Scenario.With(append(sets, more...)...)
	if err != nil {
		return primarybackup.Report{}, err
	}
	plan, err := scenario.Plan(r.Uint64())
	if err != nil {
		return primarybackup.Report{}, err
	}
	w := primarybackup.NewWatch()
	plan.Config.Observers = append(plan.Config.Observers, w)
	plan.Config.Properties = nil // what falls is measured here
	world, err := sim.New(plan.Config)
	if err != nil {
		return primarybackup.Report{}, err
	}
	if err := world.Run().Err; err != nil {
		return primarybackup.Report{}, err
	}
	return w.Report(world.Now()), nil
}

// failoverFault is the fault of a scenario that fells the primary.
func failoverFault(v failoverVariant, failure string, at time.Duration) string {
	if failure != failPartition {
		return fmt.Sprintf("{kind: %s, node: %d, at: %v, for: 1500ms}", failure, v.primary, at)
	}
	others := []int{0, 1, 2, 3}
	if v.primary == 0 {
		others = others[:3]
	}
	to := ""
	for _, id := range others {
		if id != v.primary {
			to += fmt.Sprintf("%d, ", id)
		}
	}
	return fmt.Sprintf("{kind: partition, from: [%d], to: [%s], at: %v, for: 1500ms}", v.primary, to[:len(to)-2], at)
}

// constantOf is the duration of a law that is constant.
func constantOf(l *Law, otherwise time.Duration) time.Duration {
	if l == nil {
		return otherwise
	}
	return time.Duration(l.Dist.(dist.Constant).Value)
}

func (c *failoverCell) add(r primarybackup.Report) {
	c.overlap += r.Overlap.Seconds() / float64(c.runs)
	c.reach = math.Max(c.reach, r.Reach.Seconds())
	c.contested += float64(r.Contested)
	c.lost += float64(r.Lost)
	c.acknowledged += float64(r.Acknowledged)
	for _, d := range r.Takeovers {
		c.takeovers = append(c.takeovers, d.Seconds())
	}
	for _, d := range r.Downtimes {
		c.downtimes = append(c.downtimes, d.Seconds())
	}
}

// failoverFindings says what holds of the ways to fail over.
func failoverFindings(cells []*failoverCell) (measures []Measure, verdicts []Verdict) {
	var unsafe, split, dual float64
	safe, within, takeovers := 0, 0, 0
	for _, c := range cells {
		switch {
		case c.safe:
			safe += c.runs
			unsafe += c.lost
		case c.variant == "naive" && c.failure == failPartition:
			split += c.overlap
		}
		if c.variant == "view service, leased" {
			dual += c.overlap
		}
		if !c.hasBounds() {
			continue
		}
		for _, d := range slices.Concat(c.takeovers, c.quiet, c.busy) {
			takeovers++
			if c.least-1e-9 <= d && d <= c.most+1e-9 {
				within++
			}
		}
		quiet, busy := c.takeover("takeover, "+c.variant, c.quiet), c.takeover("takeover, "+c.variant+", while clients write", c.busy)
		quiet.Expected = 1000 * c.expected
		measures = append(measures, quiet, busy)
	}
	return measures, []Verdict{
		verdict("fenced and synchronous: nothing is lost", unsafe == 0, "%g acknowledged writes lost, in %d failovers", unsafe, safe),
		verdict("leased: never two primaries", dual == 0, "%gs with two", dual),
		verdict("naive: a partition makes two primaries", split > 0, "%.2fs with two, on average over the ways to replicate", split/float64(len(replications))),
		verdict("takeovers after a crash are within their bounds", within == takeovers, "%d of %d, with synchronous replication", within, takeovers),
	}
}

// takeover is the mean of times that are uniform between the bounds.
func (c *failoverCell) takeover(name string, times []float64) Measure {
	m := plainMeasure(name, "ms", 1000*meanOf(times), len(times))
	se := 4 * 1000 * (c.most - c.least) / math.Sqrt(12*float64(len(times)))
	m.Low, m.High = m.Value-se, m.Value+se
	return m
}

func meanOf(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// failoverTable is failover.csv: a row a kind of failover.
func failoverTable(cells []*failoverCell) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"failover", "replication", "failure", "runs", "two_primaries_s", "writes_acknowledged", "by_a_stale_primary", "lost",
		"recovery_point_s", "takeover_s", "takeover_least", "takeover_expected", "takeover_most", "downtime_s"})
	for _, c := range cells {
		row := []string{c.variant, c.replication, c.failure, strconv.Itoa(c.runs), decimals(c.overlap), decimals(c.acknowledged), decimals(c.contested),
			decimals(c.lost), decimals(c.reach), decimals(meanOf(c.takeovers)), "", "", "", decimals(meanOf(c.downtimes))}
		if c.failure == failCrash {
			row[10], row[11], row[12] = decimals(c.least), decimals(c.expected), decimals(c.most)
		}
		w.Write(row)
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// failoverFigures draws the time with two primaries, and the writes lost, by the way to fail over.
func failoverFigures(cells []*failoverCell) ([]File, error) {
	variants := failoverVariants()
	place := func(variant string) float64 {
		return float64(slices.IndexFunc(variants, func(v failoverVariant) bool { return v.name == variant }))
	}
	var x figure.Axis
	for _, v := range variants {
		x.Categories = append(x.Categories, v.name)
	}
	two := &figure.Figure{Title: "Two primaries at once", Caption: fmt.Sprintf("synchronous replication; the mean of %d failovers", cells[0].runs),
		X: x, Y: figure.Axis{Label: "time with two primaries (s)"}}
	for _, failure := range failures {
		var points []figure.Estimate
		for _, c := range cells {
			if c.failure == failure && c.replication == "sync" {
				points = append(points, figure.Estimate{X: place(c.variant), Y: c.overlap, Low: c.overlap, High: c.overlap})
			}
		}
		two.Layers = append(two.Layers, figure.Bars{Name: "after a " + failure, Data: points})
	}
	lost := &figure.Figure{Title: "Acknowledged writes that are lost", Caption: fmt.Sprintf("of all, in %d crashes, %[1]d pauses and %[1]d partitions of the primary", cells[0].runs),
		X: x, Y: figure.Axis{Label: "share of acknowledged writes (%)"}}
	for _, replication := range replications {
		var points []figure.Estimate
		for i, v := range variants {
			sum, all := 0.0, 0.0
			for _, c := range cells {
				if c.variant == v.name && c.replication == replication {
					sum, all = sum+c.lost, all+c.acknowledged
				}
			}
			share := 100 * sum / all
			points = append(points, figure.Estimate{X: float64(i), Y: share, Low: share, High: share})
		}
		lost.Layers = append(lost.Layers, figure.Bars{Name: replication, Data: points})
	}
	return drawnFigures([]namedFigure{{"primaries", two}, {"lost", lost}})
}
