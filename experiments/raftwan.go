package experiments

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/experiments/figure"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/trace"
)

//go:embed raft-wan/scenario.yaml
var raftWANScenario []byte

// raftWAN asks what clients in five regions see of a Raft while regions are cut off and servers crash.
//
// No operation can be answered sooner than a round trip between its client and some server, the leader, and one between
// that and the nearest servers that make a majority with it. Every operation is compared with that bound.
type raftWAN struct{}

func (raftWAN) Name() string { return "raft-wan" }
func (raftWAN) About() string {
	return "what clients in five regions see of a Raft while regions are cut off and servers crash"
}
func (raftWAN) Scenario() []byte { return raftWANScenario }

func (s raftWAN) Analyse(p *Plan) (*Analysis, error) {
	w := newReignWatch("leader")
	return s.analysis(p, w, func(v sim.View, o *Outcome, r *Report) error { return s.draw(p, w.settle(v.Now()), v, o, r) })
}

// Watch is Analyse without what it draws.
func (s raftWAN) Watch(p *Plan) (*Analysis, error) {
	return s.analysis(p, newReignWatch("leader"), func(sim.View, *Outcome, *Report) error { return nil })
}

// analysis measures a run, and does what more there is to do.
func (raftWAN) analysis(p *Plan, w *reignWatch, more func(sim.View, *Outcome, *Report) error) (*Analysis, error) {
	if p.Scenario.Clients == nil || p.Scenario.Network.Matrix == "" {
		return nil, errors.New("clients or network.matrix is missing, want both: the study compares latencies with the matrix")
	}
	bound, err := fastestAnswers(p.Scenario)
	if err != nil {
		return nil, err
	}
	return &Analysis{Observers: []sim.Observer{w}, Finish: func(v sim.View, o *Outcome) (*Report, error) {
		reigns := w.settle(v.Now())
		none, several := overlap(reigns, v.Now())
		total := float64(v.Now())
		fastest, sooner := closest(o.History, bound)
		r := &Report{
			Measures: []Measure{
				plainMeasure("leaders elected", "elections", float64(len(reigns)), 1),
				plainMeasure("time without a leader", "of the time", float64(none)/total, 1),
				plainMeasure("time with a deposed leader beside the new one", "of the time", float64(several)/total, 1),
				fastest,
			},
			Verdicts: []Verdict{verdict("no answer before a majority can have heard", sooner == 0,
				"%d of %d operations are answered sooner than a round trip to a leader and one from there to a majority take", sooner, fastest.N)},
		}
		return r, more(v, o, r)
	}}, nil
}

// draw adds the picture, the timeline and its table to a report.
func (raftWAN) draw(p *Plan, reigns []reign, v sim.View, o *Outcome, r *Report) error {
	r.Picture = electionUnderPartition(p, reigns)
	r.Files = append(r.Files, File{"timeline.csv", timelineTable(p, o.History, reigns, v.Now())})
	sides, side := continents(p)
	picture := &timeline{
		Title: "Operations on a Raft in five regions", Caption: fmt.Sprintf("seed %d; each point is an operation, at the time at which it was asked for", p.Seed),
		End: v.Now(), History: o.History, Groups: sides, Group: side, Servers: p.Lanes[:p.Scenario.NodeCount()], Role: "leader", Reigns: reigns, Faults: p.Faults,
	}
	files, err := picture.files("timeline")
	r.Files = append(r.Files, files...)
	return err
}

// fastestAnswers returns the least time in which an operation of each client can be answered.
func fastestAnswers(s *Scenario) ([]time.Duration, error) {
	trip, err := s.roundTrips()
	if err != nil {
		return nil, err
	}
	servers := s.NodeCount()
	bounds := make([]time.Duration, s.Clients.Count)
	for c := range bounds {
		bounds[c] = sim.Never.Sub(0)
		for leader := range servers {
			bounds[c] = min(bounds[c], trip(servers+c, leader)+majorityTrip(servers, leader, trip))
		}
	}
	return bounds, nil
}

// closest returns how near the operations come to their bound, and how many are below it.
func closest(h check.History, bounds []time.Duration) (m Measure, sooner int) {
	m = plainMeasure("fastest operation, beside its bound", "ms", 0, 0)
	servers := -1
	for i := range h {
		if servers < 0 || h[i].Client < servers {
			servers = h[i].Client
		}
	}
	least := time.Duration(1<<63 - 1)
	for i := range h {
		o := &h[i]
		if o.Outcome != check.OK {
			continue
		}
		m.N++
		bound := bounds[(o.Client-servers)%len(bounds)]
		over := o.Return.Sub(o.Invoke) - bound
		if over < 0 {
			sooner++
		}
		if over < least {
			least = over
			m.Value, m.Expected = inMilliseconds(o.Return.Sub(o.Invoke)), inMilliseconds(bound)
		}
	}
	return m, sooner
}

// electionUnderPartition is the part of the run around the first election while the network is divided or, if there is
// none, around the last.
func electionUnderPartition(p *Plan, reigns []reign) trace.Options {
	if len(reigns) == 0 {
		return trace.Options{To: sim.Time(2 * time.Second)}
	}
	l := &timeline{End: p.Config.Until, Faults: p.Faults}
	at := reigns[len(reigns)-1].from
	for _, r := range reigns {
		t := seconds(r.from)
		if slices.ContainsFunc(l.bands(), func(b figure.Band) bool { return b.From < t && t < b.To }) {
			at = r.from
			break
		}
	}
	const before, after = sim.Time(450 * time.Millisecond), sim.Time(120 * time.Millisecond)
	return trace.Options{From: max(0, at-before), To: at + after}
}

// continents groups the clients by the first part of their region's name.
func continents(p *Plan) (names []string, of func(*check.Operation) int) {
	places := p.Scenario.places()
	var short []string
	for _, place := range places[p.Scenario.NodeCount():] {
		first, _, _ := strings.Cut(place, "-")
		if !slices.Contains(short, first) {
			short = append(short, first)
		}
	}
	for _, s := range short {
		names = append(names, "clients in "+s)
	}
	return names, func(o *check.Operation) int {
		first, _, _ := strings.Cut(places[o.Client%len(places)], "-")
		return slices.Index(short, first)
	}
}

// timelineTable is timeline.csv: a row a second.
func timelineTable(p *Plan, h check.History, reigns []reign, end sim.Time) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"second", "asked", "ok", "median_ms", "leaders"})
	i := 0
	for at := sim.Time(0); at < end; at += sim.Time(time.Second) {
		next := at + sim.Time(time.Second)
		asked := 0
		var latencies []time.Duration
		for ; i < len(h) && h[i].Invoke < next; i++ {
			asked++
			if h[i].Outcome == check.OK {
				latencies = append(latencies, h[i].Return.Sub(h[i].Invoke))
			}
		}
		slices.Sort(latencies)
		var leaders []string
		for _, r := range reigns {
			if r.from < next && r.to > at {
				leaders = append(leaders, p.laneOf(int(r.node)))
			}
		}
		w.Write([]string{strconv.Itoa(int(at.Sub(0) / time.Second)), strconv.Itoa(asked), strconv.Itoa(len(latencies)),
			decimals(quantile("", latencies, 0.5).Value), strings.Join(leaders, " + ")})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}
