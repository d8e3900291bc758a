package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"time"

	"lightcone/sim"
	"lightcone/sim/trace"
)

// shares counts messages and how many the wall clock inverts, measured and expected.
type shares struct {
	messages, inverted int
	mean, variance     float64 // of the number of inverted ones, given the clocks
}

func (s *shares) add(f *flight) {
	s.messages++
	if f.inverted() {
		s.inverted++
	}
	p := f.chance()
	s.mean += p
	s.variance += p * (1 - p)
}

// measure returns the share of inverted messages. Low and High are four standard errors either way, and at least one
// message, below which a count says nothing.
func (s *shares) measure(name string) Measure {
	n := math.Max(1, float64(s.messages))
	share := float64(s.inverted) / n
	err := math.Max(4*math.Sqrt(s.variance), 1) / n
	return Measure{Name: name, Unit: "of messages", Value: share, N: s.messages,
		Low: math.Max(0, share-err), High: share + err, Expected: s.mean / n}
}

// clocksWANReport compares the clocks with what was true of a run. The trace, which may be nil, is what pictures show.
func clocksWANReport(p *Plan, w *stampWatch, t *trace.Trace) (*Report, error) {
	if len(w.flights) == 0 {
		return nil, fmt.Errorf("no message arrived that was sent %v before the end, want a longer run", slowest)
	}
	var all shares
	links := make([]shares, p.Config.Nodes*p.Config.Nodes)
	for _, f := range w.flights {
		all.add(f)
		links[int(f.from)*p.Config.Nodes+int(f.to)].add(f)
	}
	c := w.count()
	r := &Report{}
	r.Measures = append(r.Measures,
		all.measure("messages that the wall clock inverts"),
		shareOf("causal pairs that the wall clock inverts", "of causal pairs", c.inverted, c.causal, math.NaN()),
		shareOf("causal pairs that Lamport clocks invert", "of causal pairs", c.lamport, c.causal, 0),
		shareOf("causal pairs that hybrid clocks invert", "of causal pairs", c.hybrid, c.causal, 0),
		shareOf("pairs ordered by Lamport clocks that are concurrent", "of ordered pairs", c.ordered-(c.causal-c.lamport), c.ordered, math.NaN()),
		shareOf("vector stamps that are not the causal past", "of events", c.wrong, c.events, 0),
	)
	r.Verdicts = append(r.Verdicts,
		verdict("inverted as expected", Agree(r.Measures[0]) == Agrees,
			"%d of %d messages inverted, expected %.1f +- %.1f (4 standard errors)", all.inverted, all.messages, all.mean, 4*math.Sqrt(all.variance)),
		linksVerdict(p, links),
		verdict("lamport never inverts", c.lamport == 0, "%d of %d causal pairs inverted", c.lamport, c.causal),
		verdict("hybrid never inverts", c.hybrid == 0, "%d of %d causal pairs inverted", c.hybrid, c.causal),
		verdict("vector is exact", c.wrong == 0, "%d of %d stamps are not the causal past", c.wrong, c.events),
	)
	r.Files = append(r.Files, File{"links.csv", linkTable(p, links)})
	figures, v, err := clocksWANFigure(p)
	if err != nil {
		return nil, err
	}
	r.Verdicts = append(r.Verdicts, v)
	r.Files = append(r.Files, figures...)
	r.Picture = invertedPair(w, t)
	return r, nil
}

// shareOf returns a measured share that is a plain ratio of counts.
func shareOf(name, unit string, part, whole int, expected float64) Measure {
	share := float64(part) / math.Max(1, float64(whole))
	m := Measure{Name: name, Unit: unit, Value: share, N: whole, Low: math.NaN(), High: math.NaN(), Expected: expected}
	if !math.IsNaN(expected) { // a certainty, not an estimate
		m.Low, m.High = share, share
	}
	return m
}

func verdict(name string, ok bool, format string, args ...any) Verdict {
	v := Verdict{Name: name, Detail: fmt.Sprintf(format, args...)}
	if !ok {
		v.Verdict = sim.Violation
	}
	return v
}

// deviation is how far a link is from what is expected, in standard errors; less than one message is none.
func (s *shares) deviation() float64 {
	d := math.Abs(float64(s.inverted) - s.mean)
	if d <= 1 {
		return 0
	}
	return d / math.Max(math.Sqrt(s.variance), 0.25)
}

// agrees reports whether the count is within four standard errors of what is expected.
func (s *shares) agrees() bool { return s.deviation() <= 4 }

// linksVerdict says how many links are as expected, and which is farthest off.
func linksVerdict(p *Plan, links []shares) Verdict {
	used, agreeing, worst := 0, 0, 0
	for i := range links {
		if links[i].messages == 0 {
			continue
		}
		used++
		if links[i].agrees() {
			agreeing++
		}
		if links[i].deviation() > links[worst].deviation() {
			worst = i
		}
	}
	far := "none is off by more than one message"
	if s := &links[worst]; s.deviation() > 0 {
		far = fmt.Sprintf("farthest off is %s to %s: %d of %d, expected %.1f +- %.1f", p.laneOf(worst/p.Config.Nodes),
			p.laneOf(worst%p.Config.Nodes), s.inverted, s.messages, s.mean, 4*math.Sqrt(s.variance))
	}
	return verdict("links as expected", agreeing == used, "%d of %d links (links.csv); %s", agreeing, used, far)
}

// laneOf is a node's number and its region.
func (p *Plan) laneOf(node int) string { return fmt.Sprintf("n%d %s", node, p.Lanes[node]) }

// linkTable is links.csv: a row a link.
func linkTable(p *Plan, links []shares) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"from", "from_region", "to", "to_region", "messages", "inverted", "expected", "standard_error",
		"share", "expected_share", "agrees"})
	n := p.Config.Nodes
	for i := range links {
		s := &links[i]
		if s.messages == 0 {
			continue
		}
		w.Write([]string{sim.NodeID(i / n).String(), p.Lanes[i/n], sim.NodeID(i % n).String(), p.Lanes[i%n],
			strconv.Itoa(s.messages), strconv.Itoa(s.inverted), fmt.Sprintf("%.3f", s.mean), fmt.Sprintf("%.3f", math.Sqrt(s.variance)),
			fmt.Sprintf("%.6f", float64(s.inverted)/float64(s.messages)), fmt.Sprintf("%.6f", s.mean/float64(s.messages)),
			strconv.FormatBool(s.agrees())})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// invertedPair points out, in the picture, the recorded message that seems to arrive the longest before it was sent.
func invertedPair(w *stampWatch, t *trace.Trace) trace.Options {
	if t == nil {
		return trace.Options{}
	}
	recorded := make(map[uint64]bool, len(t.Events))
	for i := range t.Events {
		recorded[t.Events[i].ID] = true
	}
	var worst *flight
	for _, f := range w.flights {
		if f.inverted() && recorded[f.send] && recorded[f.received] && (worst == nil || f.backwards() > worst.backwards()) {
			worst = f
		}
	}
	if worst == nil {
		return trace.Options{}
	}
	const around = sim.Time(250 * time.Millisecond)
	return trace.Options{
		Mapping: trace.WallClock,
		From:    max(0, worst.sent-around), To: worst.sent + around,
		Marks: []trace.Mark{{
			Events:  []uint64{worst.send, worst.received},
			Caption: fmt.Sprintf("by wall clock received %v before it was sent", worst.backwards().Round(10*time.Microsecond)),
		}},
	}
}

// backwards is by how much wall time ran backwards from a message's sending to its receipt.
func (f *flight) backwards() time.Duration { return f.stamps[0].Wall.Sub(f.stamps[1].Wall) }
