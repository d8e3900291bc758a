package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"lightcone/models/network"
	"lightcone/protocols"
	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed raft-cost/scenario.yaml
var raftCostScenario []byte

// raftCost asks what a committed entry costs a Raft, in messages and in time, by the number of servers and where they
// are.
//
// An entry is a message to each of the n-1 others and an answer from each (figure 3.1 of Ongaro's dissertation): 2(n-1)
// messages if entries share none. Between two entries the leader sends a heartbeat whenever nothing was sent for h. With
// entries that come as a Poisson stream of rate a, the number of heartbeats between two of them is floor(T/h) of an
// exponential T, whose mean is 1/(e^(ah)-1): in all 2(n-1)/(1-e^(-ah)) messages an entry.
//
// An entry is committed when the fastest others that make a majority with the leader have answered: a round trip to the
// floor(n/2)-th nearest of them. A client waits for that and for its own round trip to the leader.
//
// Not modelled: entries that share messages (max-batch is 1), disks, bandwidth, queues, jitter.
type raftCost struct{}

func (raftCost) Name() string { return "raft-cost" }
func (raftCost) About() string {
	return "what a committed entry of Raft costs in messages, bytes and time, for 3 to 9 servers in one region, on one continent and around the world"
}
func (raftCost) Scenario() []byte { return raftCostScenario }

// The measures of the study.
const (
	costMessages = "messages per entry, with heartbeats"
	costBytes    = "bytes per entry, with heartbeats"
	commitName   = "commit latency"
	costLeader   = sim.NodeID(0)
)

// Analyse is that of one run.
func (s raftCost) Analyse(p *Plan) (*Analysis, error) { return s.Watch(p) }

// Watch counts and times what entries cost in one run.
func (raftCost) Watch(p *Plan) (*Analysis, error) {
	form, err := costOf(p.Scenario)
	if err != nil {
		return nil, err
	}
	w := &costWatch{from: sim.Time(p.Scenario.WarmUp), asked: map[question]sim.Time{}}
	return &Analysis{
		Observers: []sim.Observer{w},
		Finish:    func(v sim.View, o *Outcome) (*Report, error) { return w.report(form), nil },
	}, nil
}

// Expect returns the closed forms at a point. That of messages without heartbeats is in the scenario.
func (raftCost) Expect(s *Sweep, p Point) ([]Expectation, error) {
	scenario, err := s.At(p)
	if err != nil {
		return nil, err
	}
	form, err := costOf(scenario)
	if err != nil {
		return nil, err
	}
	return []Expectation{
		{Point: p.Index, Measure: costMessages, Expected: form.messages, Source: "2(n-1)/(1-e^(-ah))"},
		{Point: p.Index, Measure: commitName, Expected: form.commit, Source: "the leader's round trip to its majority"},
		{Point: p.Index, Measure: medianName, Expected: form.client, Source: "that and the client's round trip to the leader"},
	}, nil
}

// Figures adds none to those that the scenario declares.
func (raftCost) Figures(*Swept) ([]SweptFigure, error) { return nil, nil }

// costForm is what is expected of a run.
type costForm struct {
	messages       float64 // an entry, with heartbeats
	commit, client float64 // ms; client: of the first client
}

// costOf returns the closed forms of a scenario, or what of the scenario they do not cover.
func costOf(s *Scenario) (costForm, error) {
	params, ok := s.Params.(*protocols.RaftParams)
	if !ok || s.Clients == nil {
		return costForm{}, fmt.Errorf("protocol is %q, want raft, with clients", s.Protocol)
	}
	n, w := &s.Network, &s.Clients.Workload
	errs := refuse("the closed forms know only the matrix", []part{
		{"network.timing", n.Timing != nil}, {"network.jitter", n.Jitter != nil}, {"network.loss", n.Loss != nil}, {"network.bursts", n.Bursts != nil},
		{"network.duplicate", n.Duplicate != nil}, {"network.reorder", n.Reorder != nil}, {"network.corrupt", n.Corrupt != nil},
		{"network.bandwidth", n.Bandwidth != nil}, {"disk.latency", s.Disk.Latency != nil}, {"clocks.drift", s.Clocks.Drift != nil},
		{"clocks.walk", s.Clocks.Walk != nil}, {"clients.hedge", s.Clients.Hedge > 0}, {"clients.tokens", s.Clients.Tokens}, {"params.bug", params.Bug != ""},
	})
	switch {
	case n.Matrix == "":
		errs = append(errs, errors.New("network.matrix is not set, want one, from which the latencies are computed"))
	case params.MaxBatch != 1:
		errs = append(errs, fmt.Errorf("params.max-batch is %d, want 1: the closed forms are for entries that share no messages", params.MaxBatch))
	case s.Clients.Count != 1 || w.Loop != "open" || w.Rate == nil || (w.Arrivals != "" && w.Arrivals != "poisson") || w.Mix == nil || w.Mix.Get > 0:
		errs = append(errs, errors.New("clients are others than one that writes in an open loop with Poisson arrivals, which is what the closed forms are for"))
	case !s.Clients.Sticky:
		errs = append(errs, errors.New("clients.sticky is false, want true: who asks elsewhere first waits longer"))
	case s.NodeCount() < 2:
		errs = append(errs, errors.New("nodes is 1, want 2 or more"))
	}
	if err := errors.Join(errs...); err != nil {
		return costForm{}, err
	}
	trip, err := s.roundTrips()
	if err != nil {
		return costForm{}, err
	}
	majority := majorityTrip(s.NodeCount(), int(costLeader), trip)
	form := costForm{commit: inMilliseconds(majority)}
	form.client = inMilliseconds(majority + trip(s.NodeCount(), int(costLeader)))
	form.messages = float64(2*(s.NodeCount()-1)) / -math.Expm1(-float64(*w.Rate)*params.Heartbeat.Seconds())
	return form, nil
}

// roundTrips returns the time from a node to another and back, by the matrix of the scenario: twice what a message takes.
func (s *Scenario) roundTrips() (func(a, b int) time.Duration, error) {
	m, places := network.AWS(), s.places()
	if len(places) == 0 {
		return nil, errors.New("regions is not set, want the places of the nodes")
	}
	for _, place := range places {
		if _, err := m.RTT(place, place); err != nil {
			return nil, err
		}
	}
	return func(a, b int) time.Duration {
		d, _ := m.RTT(places[a], places[b]) // both are there
		return 2 * (d / 2)                  // one way is half, rounded down
	}, nil
}

// majorityTrip is the time in which a leader hears from so many others that they make a majority with it.
func majorityTrip(servers, leader int, trip func(a, b int) time.Duration) time.Duration {
	if servers == 1 {
		return 0
	}
	var away []time.Duration
	for other := range servers {
		if other != leader {
			away = append(away, trip(leader, other))
		}
	}
	slices.Sort(away)
	return away[servers/2-1]
}

// costWatch is an observer that counts what entries cost, once the warm-up is over.
type costWatch struct {
	from sim.Time

	first  uint64   // round of the leader's that sent the first entry; 0: none yet
	begun  sim.Time // when it did
	rounds []costRound
	last   int // the latest of rounds with an entry
	others int // messages of other leaders

	asked  map[question]sim.Time
	commit []time.Duration
}

// costRound is what one round of the leader's cost: an entry, or a heartbeat, to all others, and their answers.
type costRound struct {
	messages, bytes int
	entry           bool
}

// question is a request of a client.
type question struct {
	client sim.NodeID
	id     uint64
}

// Wants says which events it needs.
func (w *costWatch) Wants(k sim.Kind) bool { return k == sim.Send || k == sim.Deliver }

// Observe counts a message to the round that it belongs to, and times what lies between a request and its answer.
func (w *costWatch) Observe(e *sim.Event) {
	if e.Time < w.from {
		return
	}
	switch m := e.Value.(type) {
	case raft.AppendEntries:
		if e.Kind == sim.Send {
			w.appended(e, m)
		}
	case raft.AppendEntriesReply:
		if e.Kind == sim.Send {
			w.count(m.Round, m.Size())
		}
	case kv.Request:
		if e.Kind == sim.Deliver && e.To == costLeader {
			w.asked[question{e.From, m.ID}] = e.Time
		}
	case kv.Reply:
		q := question{e.To, m.ID}
		if at, ok := w.asked[q]; ok && e.Kind == sim.Send && e.From == costLeader && m.Status == kv.OK {
			w.commit = append(w.commit, e.Time.Sub(at))
			delete(w.asked, q)
		}
	}
}

func (w *costWatch) appended(e *sim.Event, m raft.AppendEntries) {
	if e.From != costLeader {
		w.others++
		return
	}
	entry := len(m.Entries) > 0
	if w.first == 0 && entry {
		w.first, w.begun = m.Round, e.Time
	}
	w.count(m.Round, m.Size())
	if i := int(m.Round - w.first); w.first > 0 && entry && i >= 0 {
		w.rounds[i].entry = true
		w.last = max(w.last, i)
	}
}

// count adds a message to its round.
func (w *costWatch) count(round uint64, bytes int) {
	if w.first == 0 || round < w.first {
		return
	}
	i := int(round - w.first)
	for len(w.rounds) <= i {
		w.rounds = append(w.rounds, costRound{})
	}
	w.rounds[i].messages++
	w.rounds[i].bytes += bytes
}

// report sums up what lies between the first entry and the last: from an entry on, up to the next.
func (w *costWatch) report(form costForm) *Report {
	messages, bytes, entries := 0, 0, 0
	for _, r := range w.rounds[:w.last] {
		messages, bytes = messages+r.messages, bytes+r.bytes
		if r.entry {
			entries++
		}
	}
	m := plainMeasure(costMessages, "messages", ratio(messages, entries), entries)
	m.Expected = form.messages
	commit := exactMean(commitName, w.commit)
	commit.Expected = form.commit
	return &Report{
		Measures: []Measure{m, plainMeasure(costBytes, "bytes", ratio(bytes, entries), entries), commit},
		Verdicts: []Verdict{verdict("node 0 leads alone", w.others == 0 && entries > 0, "%d entries of its own, %d messages of other leaders", entries, w.others)},
		Picture:  trace.Options{From: max(0, w.begun-sim.Time(10*time.Millisecond)), To: w.begun.Add(w.longest() + 10*time.Millisecond)},
	}
}

// longest is the longest time until a commit.
func (w *costWatch) longest() time.Duration {
	if len(w.commit) == 0 {
		return 0
	}
	return slices.Max(w.commit)
}

// exactMean is the mean of times that are expected to be all the same: from the least of them to the greatest.
func exactMean(name string, times []time.Duration) Measure {
	m := plainMeasure(name, "ms", math.NaN(), len(times))
	if len(times) == 0 {
		return m
	}
	sum := time.Duration(0)
	for _, t := range times {
		sum += t
	}
	m.Value = inMilliseconds(sum) / float64(len(times))
	m.Low, m.High = inMilliseconds(slices.Min(times)), inMilliseconds(slices.Max(times))
	return m
}
