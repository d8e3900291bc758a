package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"lightcone/models/fault"
	"lightcone/models/reliability"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/measure"
)

// The measures of how available a run was.
const (
	byTimeName    = "availability by time"
	byProbesName  = "availability by probes"
	byRequestName = "availability by requests"
	outagesName   = "outages"
	mttfName      = "mean time to failure"
	mttrName      = "mean time to repair"
	ninesName     = "nines"
	longestName   = "longest outage"
	excusedName   = "excused downtime"
)

// fourErrors is the level of an interval of four standard errors either way, as those of all measures are.
const fourErrors = 0.99993665751633

// fewestCycles is how many outages an interval is made of at least: four standard errors of fewer say nothing.
const fewestCycles = 10

// servedMeasures are the measures of how available a run was.
func (p *Plan) servedMeasures(r *measure.Report, h check.History) []Measure {
	up, down, open := r.Cycles()
	cycles := reliability.Cycles{Up: inSeconds(up), Down: inSeconds(down), Open: open}
	none := reliability.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	u, mttf, mttr, nines := none, none, none, none
	u.Value = r.Unavailability()
	if len(down) > 0 {
		u, mttf, mttr = cycles.Unavailability(fourErrors), cycles.MUT(fourErrors), cycles.MDT(fourErrors)
		nines = u.Nines()
	}
	if len(down) < fewestCycles {
		for _, e := range []*reliability.Estimate{&u, &mttf, &mttr, &nines} {
			e.Low, e.High = math.NaN(), math.NaN()
		}
	}
	n := r.Failures()
	byTime := estimated(byTimeName, "of the time", u.Complement(), n)
	byTime.Expected = p.exact()
	list := []Measure{byTime, p.probed(r)}
	if p.Scenario.Clients != nil {
		list = append(list, p.requested(r, h))
	}
	list = append(list,
		plainMeasure(outagesName, "outages", float64(len(r.Outages)), 1),
		estimated(mttfName, "s", mttf, n), estimated(mttrName, "s", mttr, n), estimated(ninesName, "nines", nines, n),
		plainMeasure(longestName, "s", r.Longest().Seconds(), max(1, len(r.Outages))))
	if p.majority() && p.Scenario.Availability.Works == "" {
		for _, t := range measure.Terms() {
			list = append(list, plainMeasure("downtime by "+t.String(), "of the time", ratioOf(r.Term(t), r.Length()), 1))
		}
	}
	if b := p.Scenario.Availability.Budget; b != nil {
		list = append(list, plainMeasure(excusedName, "of the downtime", excusedShare(r, p.excused(*b, r.To)), max(1, len(r.Outages))))
	}
	return list
}

// estimated is an estimate as a measure.
func estimated(name, unit string, e reliability.Estimate, n int) Measure {
	return Measure{Name: name, Unit: unit, Value: e.Value, N: max(n, 1), Low: e.Low, High: e.High, Expected: math.NaN()}
}

// probed is what probes found. Given the run they are independent, so their interval is that of a share; what is
// expected is the availability by time.
func (p *Plan) probed(r *measure.Report) Measure {
	rate := Frequency(defaultProbes)
	if f := p.Scenario.Availability.Probes; f != nil {
		rate = *f
	}
	probes := r.Probe(p.Seed, float64(rate))
	n := probes.Served + probes.Refused
	m := plainMeasure(byProbesName, "of probes", probes.Availability(), max(1, n))
	if n > 0 {
		e := reliability.Wilson(probes.Served, n, fourErrors)
		m.Low, m.High, m.Expected = e.Low, e.High, 1-r.Unavailability()
	}
	return m
}

// requestPieces is into how many pieces of time the requests are divided: they are not independent, but pieces that are
// longer than outages nearly are.
const requestPieces = 40

// requested is what clients saw, of those that asked while it was measured and could have had an answer.
func (p *Plan) requested(r *measure.Report, h check.History) Measure {
	span := p.asking(r)
	all := measure.CountRequests(requestsOf(h), span)
	m := plainMeasure(byRequestName, "of operations", all.Availability(), max(1, all.All()))
	var shares []float64
	for _, piece := range measure.RequestsBy(requestsOf(h), span, pieceOf(span)) {
		if piece.All() > 0 {
			shares = append(shares, piece.Availability())
		}
	}
	if len(shares) > 1 {
		e := reliability.Student(shares, fourErrors)
		half := (e.High - e.Low) / 2
		m.Low, m.High = math.Max(0, m.Value-half), math.Min(1, m.Value+half)
	}
	return m
}

// requestsOf is a history as what was asked for and how it ended.
func requestsOf(h check.History) []measure.Request {
	list := make([]measure.Request, len(h))
	for i, o := range h {
		list[i].At = o.Invoke
		switch o.Outcome {
		case check.OK:
			list[i].End = measure.Answered
		case check.Failed:
			list[i].End = measure.Failed
		}
	}
	return list
}

// asking is the time in which who asked could have had an answer before the end of the run.
func (p *Plan) asking(r *measure.Report) measure.Span {
	return measure.Span{From: r.From, To: max(r.From, r.To-sim.Time(p.patience()))}
}

func pieceOf(s measure.Span) time.Duration { return s.Length()/requestPieces + 1 }

// requestsTable is requests.csv: a row for each piece of the time, with what clients saw and, beside it, for what share of
// the piece the service could serve.
func (p *Plan) requestsTable(r *measure.Report, h check.History) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"from_s", "to_s", "ok", "failed", "unknown", "by_requests", "by_time"})
	span := p.asking(r)
	width := sim.Time(pieceOf(span))
	for i, n := range measure.RequestsBy(requestsOf(h), span, time.Duration(width)) {
		from := span.From + sim.Time(i)*width
		piece := measure.Span{From: from, To: min(from+width, span.To)}
		w.Write([]string{nanoseconds(piece.From.Sub(0)), nanoseconds(piece.To.Sub(0)), strconv.Itoa(n.OK), strconv.Itoa(n.Failed), strconv.Itoa(n.Unknown),
			decimals(n.Availability()), decimals(1 - ratioOf(r.DownIn(piece), piece.Length()))})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// patience is how long a client may wait for an answer.
func (p *Plan) patience() time.Duration {
	c := p.Scenario.Clients
	return time.Duration(max(c.Deadline, c.Timeout))
}

// excused returns when more nodes were in trouble than the budget allows.
func (p *Plan) excused(budget int, until sim.Time) fault.Spans {
	return fault.Excused(p.realFaults(), p.Scenario.NodeCount(), budget, until)
}

// ratioOf is a share of time; NaN of none.
func ratioOf(part, whole time.Duration) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// excusedShare is the share of the downtime that is excused; NaN without downtime.
func excusedShare(r *measure.Report, excused fault.Spans) float64 {
	var sum time.Duration
	for i := range r.Outages {
		sum += excusedOf(r.Outages[i].Span, excused)
	}
	return ratioOf(sum, r.Down())
}

func excusedOf(s measure.Span, excused fault.Spans) time.Duration {
	return excused.Clip(s.From, s.To).Total()
}

func inSeconds(list []time.Duration) []float64 {
	var s []float64
	for _, d := range list {
		s = append(s, d.Seconds())
	}
	return s
}

// outagesTable is outages.csv: a row for each outage.
func (p *Plan) outagesTable(r *measure.Report) []byte {
	var excused fault.Spans
	if b := p.Scenario.Availability.Budget; b != nil {
		excused = p.excused(*b, r.To)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"from_s", "to_s", "length_s", "begun_before", "open", "blame", "after", "terms", "excused_s"})
	for i := range r.Outages {
		o := &r.Outages[i]
		w.Write([]string{nanoseconds(o.From.Sub(0)), nanoseconds(o.To.Sub(0)), nanoseconds(o.Length()), strconv.FormatBool(o.Begun), strconv.FormatBool(o.Open),
			blameText(o), o.After, termsText(o), nanoseconds(excusedOf(o.Span, excused))})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// nanoseconds writes a duration in seconds, exactly.
func nanoseconds(d time.Duration) string {
	text := fmt.Sprintf("%d.%09d", d/time.Second, d%time.Second)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// blameText names the faults that were active when an outage began.
func blameText(o *measure.Outage) string {
	var names []string
	for _, f := range o.Blame {
		names = append(names, f.Text)
	}
	return strings.Join(names, "; ")
}

// termsText says to what an outage is accounted.
func termsText(o *measure.Outage) string {
	var list []string
	for _, part := range o.Parts {
		list = append(list, fmt.Sprintf("%v %s", part.Term, nanoseconds(part.Length())))
	}
	return strings.Join(list, "; ")
}
