package experiments

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"sync"
	"time"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/rare"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
	"lightcone/protocols/idle"
	"lightcone/sim"
)

// diagramWays is one diagram evaluated in three ways: exactly, by simulated renewals of its parts, and in a world whose
// nodes crash and recover.
type diagramWays struct {
	Name, Text string
	Exact      reliability.Result
	Renewals   reliability.Estimate // of the unavailability
	World      reliability.Estimate
	Events     uint64 // of the world
}

// How much is run for one diagram.
const (
	worldOutages = 1000
	worldCrashes = 200_000 // bounds a world in which outages are rarer
)

// worldHour is how long an hour of a diagram takes in a world: centuries would not fit otherwise.
const worldHour = time.Second

// evaluate reads a diagram and evaluates it. The world's laws are those of the parts, each a node, unless law says
// otherwise.
func evaluate(name, text string, seed uint64, outages int, law func(d *reliability.Diagram) ([]fault.Law, int, func(up []bool) bool)) (*diagramWays, error) {
	d, err := reliability.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	w := &diagramWays{Name: name, Text: text}
	if w.Exact, err = d.Evaluate(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	system, err := renewal.Of(d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	found, err := system.Run(renewal.Run{Seed: seed, Outages: outages})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	w.Renewals = found.Unavailability(fourErrors)
	if law == nil {
		law = partsCrash(system)
	}
	laws, nodes, works := law(d)
	hours := float64(worldOutages) * (found.MUT(fourErrors).Value + found.MDT(fourErrors).Value)
	hours = math.Min(hours, worldCrashes/crashRate(system))
	return w, w.world(laws, nodes, works, sim.Time(hours*float64(worldHour)), seed)
}

// partsCrash makes a node of each part.
func partsCrash(system renewal.System) func(d *reliability.Diagram) ([]fault.Law, int, func(up []bool) bool) {
	return func(d *reliability.Diagram) ([]fault.Law, int, func(up []bool) bool) {
		var laws []fault.Law
		for i, p := range system.Parts {
			if p.Up != nil {
				laws = append(laws, fault.Renewal{Name: p.Name, Nodes: []sim.NodeID{sim.NodeID(i)}, Up: inWorld(p.Up), Down: inWorld(p.Down)})
			}
		}
		return laws, len(system.Parts), d.Works
	}
}

func inWorld(hours dist.Dist) dist.Dist {
	return dist.Exponential{Mean: dist.Mean(hours) * float64(worldHour)}
}

// crashRate is how many parts fail in an hour.
func crashRate(s renewal.System) float64 {
	rate := 0.0
	for _, p := range s.Parts {
		if p.Up != nil {
			rate += 1 / (dist.Mean(p.Up) + dist.Mean(p.Down))
		}
	}
	return rate
}

// world runs the nodes under the laws and measures how long works is false of who is up.
func (w *diagramWays) world(laws []fault.Law, nodes int, works func(up []bool) bool, until sim.Time, seed uint64) error {
	plan, err := fault.Model{Laws: laws, Until: until}.Draw(seed, nodes)
	if err != nil {
		return fmt.Errorf("%s: %w", w.Name, err)
	}
	up := make([]bool, nodes)
	run := rare.Run{Config: sim.Config{Seed: seed, Nodes: nodes, New: idle.New}, Plan: plan, Until: until, Serving: func(v sim.View) bool {
		for i := range up {
			up[i] = v.Works(sim.NodeID(i))
		}
		return works(up)
	}}
	res, err := run.Do()
	if err != nil {
		return fmt.Errorf("%s: %w", w.Name, err)
	}
	ups, downs, open := res.Report.Cycles()
	w.World = reliability.Cycles{Up: inSeconds(ups), Down: inSeconds(downs), Open: open}.Unavailability(fourErrors)
	w.Events = res.Events
	return nil
}

// measure is the unavailability by renewals beside the exact one.
func (w *diagramWays) measure() Measure {
	e := w.Renewals
	return Measure{Name: w.Name, Unit: "of the time down", Value: e.Value, Low: e.Low, High: e.High, N: e.N, Expected: w.Exact.Unavailability}
}

// waysAgree are the verdicts on both ways of simulating.
func waysAgree(all []*diagramWays) []Verdict {
	renewals, worlds := 0, 0
	for _, w := range all {
		if w.Renewals.Covers(w.Exact.Unavailability) {
			renewals++
		}
		if w.World.Covers(w.Exact.Unavailability) {
			worlds++
		}
	}
	return []Verdict{
		verdict("renewals agree with the exact values", renewals == len(all), "%d of %d within four standard errors", renewals, len(all)),
		verdict("worlds agree with the exact values", worlds == len(all), "%d of %d within four standard errors", worlds, len(all)),
	}
}

// diagramTable is a row for each diagram and way.
func diagramTable(all []*diagramWays) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"system", "way", "outages", "unavailability", "low", "high", "nines", "hours_a_year", "exact", "agrees", "diagram"})
	for _, d := range all {
		exact := d.Exact.Unavailability
		for _, way := range []struct {
			name string
			e    reliability.Estimate
		}{{"exact", reliability.Estimate{Value: exact, Low: exact, High: exact}}, {"renewals", d.Renewals}, {"world", d.World}} {
			w.Write([]string{d.Name, way.name, strconv.Itoa(way.e.N), decimals(way.e.Value), decimals(way.e.Low), decimals(way.e.High),
				decimals(-math.Log10(way.e.Value)), decimals(way.e.Value * hoursAYear), decimals(exact), strconv.FormatBool(way.e.Covers(exact)), d.Text})
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

const hoursAYear = 8760 // of 365 days

// sideBySide calls f for 0 to n-1, as many at once as there are processors, and joins the errors in that order.
func sideBySide(n int, f func(i int) error) error {
	errs := make([]error, n)
	var busy sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		slots <- struct{}{}
		busy.Go(func() {
			errs[i] = f(i)
			<-slots
		})
	}
	busy.Wait()
	return errors.Join(errs...)
}
