package experiments

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/experiments/figure"
	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/reliability"
	"lightcone/protocols/idle"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed thousand-machines/scenario.yaml
var thousandScenario []byte

// thousandMachines asks how many failures a cluster of many machines sees in a day, when each fails once a year.
//
// The machines of the scenario fail at a constant rate: counts are Poisson's, day by day and hour by hour. The same
// machines are then let fail by Weibull's law with the shape of the records of Los Alamos (Schroeder and Gibson, DSN 2006:
// .47 to .69), which makes a new cluster worse and an old one hardly different, for the machines are many and independent;
// and with a fifth of the failures in batches, which makes the bad days.
//
// Not modelled: repairs (machines are back after a minute: failures are counted, not outages), daily and weekly rhythms,
// machines that differ.
type thousandMachines struct{}

func (thousandMachines) Name() string { return "thousand-machines" }
func (thousandMachines) About() string {
	return "failures a day of a thousand machines: at a constant rate beside Poisson, ageing as measured, and in batches"
}
func (thousandMachines) Scenario() []byte { return thousandScenario }

const (
	machineShape   = .6
	machineWarmup  = 3 // years: as long as a new cluster still shows
	machineYears   = 12
	machineWorlds  = 3
	batchShare     = .2
	largestBatch   = 20
	mostADay       = 30 // the last bin of the counts
	drawMachines   = 0x6d616368696e65
	month          = 30 // days
	machineYear    = 365
	renewalSteps   = 2000
	dispersionGrid = 40
)

func (s thousandMachines) Analyse(p *Plan) (*Analysis, error) {
	mttf, ok := crashes(p.Scenario)
	if !ok || p.Scenario.Protocol != "idle" || p.Scenario.NodeCount() < 2*largestBatch {
		return nil, fmt.Errorf("protocol is %q with %d nodes, want idle with at least %d, and as the only fault crashes of all with an exponential time up",
			p.Scenario.Protocol, p.Scenario.NodeCount(), 2*largestBatch)
	}
	c := machinePark{p.Scenario.NodeCount(), mttf / 24, float64(drawn(p.Scenario.Faults[0].Down, 0, 0)) / float64(24*time.Hour)}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p, c) }}, nil
}

// machinePark is how many machines there are, and what they are up and down for on average, in days.
type machinePark struct {
	machines int
	up, down float64
}

// perDay is the number of failures a day in the long run.
func (c machinePark) perDay() float64 { return float64(c.machines) / (c.up + c.down) }

// machineLaws are the ways in which the machines fail.
func (c machinePark) laws() []machineLaw {
	ns := func(days float64) float64 { return days * float64(24*time.Hour) }
	down := dist.Constant{Value: ns(c.down)}
	weibull := reliability.Weibull{Shape: machineShape, Scale: c.up / dist.Exp(dist.Lgamma(1+1/machineShape))}
	size, squares := batches(batchShare, largestBatch)
	return []machineLaw{
		{"constant rate", fault.Renewal{Up: dist.Exponential{Mean: ns(c.up)}, Down: down}, c.perDay(), 1, 0},
		{fmt.Sprintf("Weibull, shape %g", machineShape), fault.Renewal{Up: dist.Weibull{Shape: machineShape, Scale: ns(weibull.Scale)}, Down: down},
			math.NaN(), math.NaN(), weibull.Scale},
		{fmt.Sprintf("%g%% in batches to %d", 100*batchShare, largestBatch), fault.Batches{Share: batchShare, Size: largestBatch,
			Every: dist.Exponential{Mean: ns(size / c.perDay())}, Down: down}, c.perDay() / size, squares / size, 0},
	}
}

// machineLaw is one way to fail, and what is expected of it: events a day (a batch is one), and the variance of the
// failures of a day over their mean.
type machineLaw struct {
	name       string
	law        fault.Law
	events     float64
	dispersion float64
	scale      float64 // of Weibull's law, in days
}

// batches returns the mean and the mean square of the failures of an event, one of which is a batch or a single failure.
func batches(share float64, most int) (mean, square float64) {
	sizes, squares := 0., 0.
	for n := 2; n <= most; n++ {
		sizes += float64(n)
		squares += float64(n * n)
	}
	sizes, squares = sizes/float64(most-1), squares/float64(most-1)
	often := share / (share + sizes*(1-share))
	return often*sizes + 1 - often, often*squares + 1 - often
}

// machineDays are the failures of each day and hour, in worlds of their own, and those of the first month.
type machineDays struct {
	machineLaw
	days     []float64
	hours    int // without a failure
	allHours int
	first    []float64 // failures of the first month, by world
}

func (thousandMachines) report(p *Plan, c machinePark) (*Report, error) {
	laws := c.laws()
	all := make([]machineDays, len(laws))
	if err := sideBySide(len(laws), func(i int) (err error) {
		all[i], err = c.count(p, i, laws[i])
		return err
	}); err != nil {
		return nil, err
	}
	r := &Report{Files: []File{{"days.csv", machineTable(all, c)}}, Picture: trace.Options{From: sim.Time(time.Second)}}
	r.Measures, r.Verdicts = c.findings(all)
	figures, err := machineFigure(all, c)
	r.Files = append(r.Files, figures...)
	return r, err
}

// count runs the machines for some years, in several worlds.
func (c machinePark) count(p *Plan, number int, l machineLaw) (machineDays, error) {
	d := machineDays{machineLaw: l}
	seeds := sim.NewRand(p.Seed, sim.ForStudy, drawMachines, uint64(number))
	for range p.times(machineWorlds) {
		const days = (machineWarmup + machineYears) * machineYear
		until := sim.Time(days * 24 * time.Hour)
		plan, err := fault.Model{Laws: []fault.Law{l.law}, Until: until}.Draw(seeds.Uint64(), c.machines)
		if err != nil {
			return d, err
		}
		hours := make([]int, 24*days)
		w, err := sim.New(sim.Config{Seed: seeds.Uint64(), Nodes: c.machines, New: idle.New, Faults: []sim.Fault{plan.Schedule()}, Until: until,
			Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
				if e.Kind == sim.Crashed {
					hours[min(int(e.Time/sim.Time(time.Hour)), len(hours)-1)]++
				}
			})}})
		if err != nil {
			return d, err
		}
		if r := w.Run(); r.Err != nil {
			return d, r.Err
		}
		d.add(hours)
	}
	return d, nil
}

// add takes the failures of each hour of a world.
func (d *machineDays) add(hours []int) {
	first := 0
	for _, n := range hours[:24*month] {
		first += n
	}
	d.first = append(d.first, float64(first))
	hours = hours[24*machineYear*machineWarmup:]
	for len(hours) > 0 {
		sum := 0
		for _, n := range hours[:24] {
			sum += n
			d.allHours++
			if n == 0 {
				d.hours++
			}
		}
		d.days = append(d.days, float64(sum))
		hours = hours[24:]
	}
}

// quiet is the share of days without a failure.
func (d *machineDays) quiet() Measure {
	quiet := 0
	for _, n := range d.days {
		if n == 0 {
			quiet++
		}
	}
	m := shareBeside(quiet, len(d.days), math.Exp(-d.events))
	m.Name, m.Unit = "days without a failure, "+d.name, "of days"
	return m
}

// busy is the share of hours with a failure.
func (d *machineDays) busy() Measure {
	m := shareBeside(d.allHours-d.hours, d.allHours, -math.Expm1(-d.events/24))
	m.Name, m.Unit = "hours with a failure, "+d.name, "of hours"
	return m
}

// spread is the variance of the failures of a day over their mean, with the error that the fourth moment gives.
func (d *machineDays) spread() Measure {
	m := plainMeasure("variance over mean of a day, "+d.name, "failures", 0, len(d.days))
	mean, variance := stat.MeanVariance(d.days, nil)
	n := float64(len(d.days))
	fourth := stat.Moment(4, d.days, nil)
	se := math.Sqrt((fourth-variance*variance)/n) / mean
	m.Value, m.Low, m.High, m.Expected = variance/mean, variance/mean-4*se, variance/mean+4*se, d.dispersion
	return m
}

// findings is what of the days is printed, and whether they agree.
func (c machinePark) findings(all []machineDays) (measures []Measure, verdicts []Verdict) {
	constant, aged, batched := &all[0], &all[1], &all[2]
	weibull := reliability.Weibull{Shape: machineShape, Scale: aged.scale}
	aged.dispersion = agedDispersion(weibull, c)
	for i := range all {
		mean := sampleMean("failures a day, "+all[i].name, "failures", all[i].days)
		mean.Expected = c.perDay()
		if all[i].scale > 0 {
			c.age(&mean, weibull)
		}
		measures = append(measures, mean, all[i].quiet(), all[i].busy(), all[i].spread())
	}
	young := plainMeasure("failures of a new cluster's first month, "+aged.name, "failures", stat.Mean(aged.first, nil), len(aged.first))
	renewed, err := reliability.Renewals(weibull, month, renewalSteps)
	if err == nil {
		young.Expected = float64(c.machines) * renewed
		se := math.Sqrt(young.Expected / float64(len(aged.first)))
		young.Low, young.High = young.Value-4*se, young.Value+4*se
	}
	measures = append(measures, young)
	agreeing, of, off := 0, 0, []string(nil)
	for _, m := range measures {
		if Agree(m) != Unknown {
			of++
			if Agree(m) == Agrees {
				agreeing++
			} else {
				off = append(off, m.Name)
			}
		}
	}
	chi, p := poissonFit(constant.days, c.perDay())
	return measures, []Verdict{
		verdict("counts as in the closed forms", agreeing == of, "%d of %d measures%s", agreeing, of, offList(off)),
		verdict("at a constant rate days are Poisson's", p > .001, "chi-square %.3g, as large by chance with probability %.2g", chi, p),
		verdict("a new cluster is worse than an old one", young.Value > 2*c.perDay()*month, "%.0f failures in its first month, %.0f in a later one, with times to failure of shape %g",
			young.Value, c.perDay()*month, machineShape),
		verdict("batches make the bad days", worst(batched.days) > 2*worst(constant.days), "one day in a thousand has %.0f failures or more with batches, %.0f without",
			worst(batched.days), worst(constant.days)),
	}
}

// age gives a mean what is expected of machines that are new at the start, and an interval as wide as their counts vary
// in the long run: those of days hang together a little, and vary as the square of the law's coefficient of variation
// (Cox, Renewal Theory, 1962, section 4.2).
func (c machinePark) age(mean *Measure, l reliability.Law) {
	const from, to = machineWarmup * machineYear, (machineWarmup + machineYears) * machineYear
	before, err1 := reliability.Renewals(l, from, renewalSteps)
	after, err2 := reliability.Renewals(l, to, renewalSteps)
	if errors.Join(err1, err2) != nil {
		return // there is nothing to compare with
	}
	mean.Expected = float64(c.machines) * (after - before) / (to - from)
	m, v := l.Moments()
	half := 4 * math.Sqrt(v/(m*m)*mean.Value/float64(mean.N))
	mean.Low, mean.High = mean.Value-half, mean.Value+half
}

// agedDispersion is the variance of the failures of a day over their mean for an old cluster: 1 + 2/t times the integral
// of m from 0 to t, less the mean number of a machine's in t (Cox, Renewal Theory, 1962, section 4.5).
func agedDispersion(l reliability.Law, c machinePark) float64 {
	sum := 0.
	for i := 1; i <= dispersionGrid; i++ { // the midpoints of a day
		m, err := reliability.Renewals(l, (float64(i)-.5)/dispersionGrid, dispersionGrid)
		if err != nil {
			return math.NaN()
		}
		sum += m / dispersionGrid
	}
	return 1 + 2*sum - 1/(c.up+c.down)
}

// worst is the number of failures that one day in a thousand reaches.
func worst(days []float64) float64 {
	counts := histogram(days, 1<<10)
	left := len(days) / 1000
	for n := len(counts) - 1; n > 0; n-- {
		if left -= counts[n]; left < 0 {
			return float64(n)
		}
	}
	return 0
}

func histogram(days []float64, bins int) []int {
	counts := make([]int, bins)
	for _, n := range days {
		counts[min(int(n), bins-1)]++
	}
	return counts
}

// poissonFit compares counts with Poisson's law by chi-square, over the bins in which at least 5 days are expected.
func poissonFit(days []float64, mean float64) (chi, p float64) {
	law := distuv.Poisson{Lambda: mean}
	counts, n := histogram(days, mostADay), float64(len(days))
	bins, rest, restExpected := 0, n, n
	for k := range counts {
		if want := n * law.Prob(float64(k)); want >= 5 {
			got := float64(counts[k])
			chi += (got - want) * (got - want) / want
			rest, restExpected = rest-got, restExpected-want
			bins++
		}
	}
	if restExpected > 0 {
		chi += (rest - restExpected) * (rest - restExpected) / restExpected
		bins++
	}
	return chi, distuv.ChiSquared{K: float64(bins - 1)}.Survival(chi)
}

// machineTable is the counts of days as CSV.
func machineTable(all []machineDays, c machinePark) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"failures", "poisson"}
	for _, d := range all {
		head = append(head, d.name)
	}
	w.Write(head)
	law := distuv.Poisson{Lambda: c.perDay()}
	for k := range mostADay {
		row := []string{strconv.Itoa(k), decimals(law.Prob(float64(k)))}
		for _, d := range all {
			row = append(row, decimals(float64(histogram(d.days, mostADay)[k])/float64(len(d.days))))
		}
		w.Write(row)
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// machineFigure draws the shares of days with so many failures.
func machineFigure(all []machineDays, c machinePark) ([]File, error) {
	law := distuv.Poisson{Lambda: c.perDay()}
	least := .5 / float64(len(all[0].days))
	var curve []figure.XY
	for k := range mostADay {
		if q := law.Prob(float64(k)); q > least {
			curve = append(curve, figure.XY{X: float64(k), Y: q})
		}
	}
	f := &figure.Figure{
		Title:   fmt.Sprintf("Failures a day of %d machines with a mean time to failure of %.4g days", c.machines, c.up),
		Caption: fmt.Sprintf("%d days each after %d years; the last point is %d and more; bars: ±4 standard errors", len(all[0].days), machineWarmup, mostADay-1),
		X:       figure.Axis{Label: "failures in a day"},
		Y:       figure.Axis{Label: "share of days", Log: true, Min: least, Max: 1},
		Layers:  []figure.Layer{figure.Curve{Form: "Poisson", Data: curve}},
	}
	for i, d := range all {
		var points []figure.Estimate
		n := float64(len(d.days))
		for k, count := range histogram(d.days, mostADay) {
			if count > 0 {
				q := float64(count) / n
				half := 4 * math.Sqrt(q*(1-q)/n)
				points = append(points, figure.Estimate{X: float64(k) + .15*float64(i-1), Y: q, Low: max(q-half, least), High: q + half})
			}
		}
		f.Layers = append(f.Layers, figure.Points{Name: d.name, Data: points})
	}
	return figureFiles(f, "days")
}
