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

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/reliability"
	"lightcone/protocols/idle"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed durability/scenario.yaml
var durabilityScenario []byte

// durability asks how long data last that are rebuilt from what is left of them, and where replicas should lie.
//
// Replicas, RAID and Reed-Solomon stripes on disks that wear out and are rebuilt race against the next failure, in worlds
// of idle nodes; the share that is lost within the scenario's time stands beside that of the Markov chain. With the times
// of real disks the chain alone says how long data last. And when one node of a hundred fails at once, data whose
// replicas lie anywhere are lost sooner than data on few sets of nodes (copysets: Cidon et al., USENIX ATC 2013), but
// less of them: both are simulated, beside their closed forms.
//
// Not modelled: latent errors that a rebuild finds, rebuilds that take longer the more there is to do, failures that come
// together other than all at once.
type durability struct{}

func (durability) Name() string { return "durability" }
func (durability) About() string {
	return "data lost before they are rebuilt, beside a chain, and random placement of replicas against copysets"
}
func (durability) Scenario() []byte { return durabilityScenario }

func (s durability) Analyse(p *Plan) (*Analysis, error) {
	mttf, ok := crashes(p.Scenario)
	mttr := 0.
	if ok {
		var down dist.Exponential
		down, ok = p.Scenario.Faults[0].Down.Dist.(dist.Exponential)
		mttr = down.Mean / float64(time.Hour)
	}
	if !ok || p.Scenario.Protocol != "idle" {
		return nil, fmt.Errorf("protocol is %q, want idle, and as the only fault crashes of all with exponential times up and down", p.Scenario.Protocol)
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p, mttf, mttr) }}, nil
}

const (
	durableWorlds = 3000
	drawDurable   = 0x6c617374 // "last"
	diskMTTF      = 1e6        // hours, of real disks: an annual failure rate of 0.9 %
	diskRebuild   = 24.
)

// storageScheme is a way to store data.
type storageScheme struct {
	name string
	of   func(mttf, mttr float64) reliability.Storage
}

var schemes = []storageScheme{
	{"2 replicas", func(f, r float64) reliability.Storage { return reliability.Replication(2, f, r) }},
	{"3 replicas", func(f, r float64) reliability.Storage { return reliability.Replication(3, f, r) }},
	{"3 replicas, one rebuild at a time", func(f, r float64) reliability.Storage {
		s := reliability.Replication(3, f, r)
		s.Serial = true
		return s
	}},
	{"RAID 5 of 8", func(f, r float64) reliability.Storage { return reliability.RAID5(8, f, r) }},
	{"RAID 6 of 8", func(f, r float64) reliability.Storage { return reliability.RAID6(8, f, r) }},
	{"RAID 6 of 8, one rebuild at a time", func(f, r float64) reliability.Storage {
		s := reliability.RAID6(8, f, r)
		s.Serial = true
		return s
	}},
	{"Reed-Solomon 6+3", func(f, r float64) reliability.Storage { return reliability.ReedSolomon(6, 3, f, r) }},
}

// race is what came of one scheme.
type race struct {
	name string
	lost Measure // share of the data, within the scenario's time
	real reliability.Storage
}

func (s durability) report(p *Plan, mttf, mttr float64) (*Report, error) {
	until := time.Duration(p.Config.Until)
	races := make([]race, len(schemes))
	var placed []placedPoint
	if err := sideBySide(len(schemes)+1, func(i int) (err error) {
		if i == len(schemes) {
			placed, err = losePlacements(p)
			return err
		}
		races[i], err = s.race(p, i, schemes[i].of(mttf, mttr))
		return err
	}); err != nil {
		return nil, err
	}
	r := &Report{Files: []File{{"schemes.csv", raceTable(races)}, {"placement.csv", placementTable(placed)}}, Picture: trace.Options{}}
	agreeing := 0
	for _, x := range races {
		r.Measures = append(r.Measures, x.lost)
		if Agree(x.lost) == Agrees {
			agreeing++
		}
	}
	r.Verdicts = append(r.Verdicts, verdict("data are lost as the chain says", agreeing == len(races), "%d of %d schemes (schemes.csv)", agreeing, len(races)))
	three, serial := schemes[1].of(diskMTTF, diskRebuild), schemes[2].of(diskMTTF, diskRebuild)
	r.Verdicts = append(r.Verdicts, verdict("the textbook formula is that of one rebuild at a time",
		math.Abs(serial.ApproximateMTTDL()/serial.MTTDL()-1) < .001 && three.MTTDL() > 1.9*three.ApproximateMTTDL(),
		"three replicas on real disks: %.4g h by the formula, %.4g h one at a time, %.4g h all at once", three.ApproximateMTTDL(), serial.MTTDL(), three.MTTDL()))
	measures, verdicts := placementFindings(placed)
	r.Measures, r.Verdicts = append(r.Measures, measures...), append(r.Verdicts, verdicts...)
	one, err1 := raceFigure(races, mttf, mttr, until)
	two, err2 := placementFigure(placed)
	r.Files = append(append(r.Files, one...), two...)
	return r, errors.Join(err1, err2)
}

// race runs many copies of the data on disks of their own, and counts those that are lost.
func (durability) race(p *Plan, number int, s reliability.Storage) (race, error) {
	until, worlds := time.Duration(p.Config.Until), p.times(durableWorlds)
	x := race{name: schemes[number].name, real: schemes[number].of(diskMTTF, diskRebuild)}
	seeds := sim.NewRand(p.Seed, sim.ForStudy, drawDurable, uint64(number))
	lost := 0
	for range worlds {
		gone, err := loses(s, seeds.Uint64(), until)
		if err != nil {
			return x, err
		}
		if gone {
			lost++
		}
	}
	c, err := s.System().Chain()
	if err != nil {
		return x, err
	}
	expected, err := c.Passage(c.At(0), func(down int) bool { return down > s.Tolerates }, until.Hours())
	x.lost = shareBeside(lost, worlds, expected)
	x.lost.Name, x.lost.Unit = fmt.Sprintf("lost within %.4g days, %s", until.Hours()/24, x.name), "of data"
	return x, err
}

// loses runs the disks of one scheme until more are gone at once than it tolerates, and reports whether that came.
func loses(s reliability.Storage, seed uint64, until time.Duration) (bool, error) {
	law := fault.Renewal{Up: dist.Exponential{Mean: s.MTTF * float64(time.Hour)}, Down: dist.Exponential{Mean: s.MTTR * float64(time.Hour)}, Crews: s.System().Crews}
	plan, err := fault.Model{Laws: []fault.Law{law}, Until: sim.Time(until)}.Draw(seed, s.Units)
	if err != nil {
		return false, err
	}
	down := 0
	w, err := sim.New(sim.Config{Seed: seed, Nodes: s.Units, New: idle.New, Faults: []sim.Fault{plan.Schedule()}, Until: sim.Time(until),
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			switch e.Kind {
			case sim.Crashed:
				down++
			case sim.Recovered:
				down--
			}
		})}})
	if err != nil {
		return false, err
	}
	defer w.Close()
	for down <= s.Tolerates && w.Step() {
	}
	return down > s.Tolerates, w.Err()
}

// raceTable is the schemes as CSV, with what the chain says of real disks.
func raceTable(races []race) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"scheme", "n", "lost", "low", "high", "expected", "agrees", "mttdl_h_real_disks", "textbook_mttdl_h", "nines_a_year"})
	for _, x := range races {
		w.Write([]string{x.name, strconv.Itoa(x.lost.N), decimals(x.lost.Value), decimals(x.lost.Low), decimals(x.lost.High), decimals(x.lost.Expected),
			strconv.FormatBool(Agree(x.lost) == Agrees), decimals(x.real.MTTDL()), decimals(x.real.ApproximateMTTDL()),
			decimals(reliability.DurabilityNines(x.real.MTTDL(), hoursAYear))})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}
