package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/protocols/detector"
	"lightcone/sim"
)

// The timing models of the table: heartbeats every 100 ms, delays of at most 300 ms where there is a bound.
const (
	timingInterval = 100 * time.Millisecond
	timingBound    = 300 * time.Millisecond
	timingGST      = sim.Time(2 * time.Second)
	timingEnd      = sim.Time(30 * time.Minute)
)

// timingRow is a detector in a timing model.
type timingRow struct {
	model, claim string
	config       detector.Config
	network      sim.Network
	holds        func(timingRow) bool

	suspicions []sim.Time // when a live node was suspected
	settled    sim.Time   // from when on the claim is about mistakes
}

// late counts the mistakes after the time that the claim is about.
func (r timingRow) late() (n int) {
	for _, t := range r.suspicions {
		if t > r.settled {
			n++
		}
	}
	return n
}

// until counts the mistakes up to a time.
func (r timingRow) until(t sim.Time) (n int) {
	for _, s := range r.suspicions {
		if s <= t {
			n++
		}
	}
	return n
}

// timingModels runs the detectors whose claims the table lists.
func timingModels(seed uint64) ([]timingRow, error) {
	least := detector.LeastTimeout(timingInterval, timingBound, 0)
	constant := func(timeout time.Duration) detector.Config {
		return detector.Config{Algorithm: detector.Timeout, Pairs: detector.Star, Interval: timingInterval, Timeout: timeout}
	}
	growing := detector.Config{Algorithm: detector.Growing, Pairs: detector.Star, Interval: timingInterval, Timeout: timingInterval, Step: 20 * time.Millisecond}
	synchronous := network.Synchronous{Inner: spread{}, Delta: timingBound}
	partially := network.PartiallySynchronous{
		Before: network.Loss{P: 0.3, Inner: network.Latency{Law: dist.Pareto{Min: float64(time.Millisecond), Alpha: 0.7}}},
		Inner:  spread{}, Delta: timingBound, GST: timingGST, EarlyLoss: true,
	}
	settled := timingGST.Add(least)
	most := int((least - growing.Timeout + growing.Step - 1) / growing.Step)
	none := func(r timingRow) bool { return r.late() == 0 }
	recurring := func(r timingRow) bool {
		n := r.until(timingEnd)
		return n > r.until(timingEnd/2) && r.until(timingEnd/2) > r.until(timingEnd/4)
	}
	rows := []timingRow{
		{model: "synchronous", claim: "never wrong", config: constant(least), network: synchronous, holds: none},
		{model: "synchronous", claim: "wrong, with a nanosecond less", config: constant(least - 1), network: synchronous, holds: recurring},
		{model: "partially synchronous", claim: "wrong for ever", config: constant(least - 1), network: partially, holds: recurring},
		{model: "partially synchronous", claim: fmt.Sprintf("at most %d mistakes after GST", most), config: growing, network: partially, settled: settled,
			holds: func(r timingRow) bool { return r.late() <= most && r.until(timingEnd) == r.until(timingEnd/2) }},
	}
	for _, a := range detector.Algorithms() {
		c := detector.Config{Algorithm: a, Pairs: detector.Star, Interval: timingInterval, Timeout: least, Step: 100 * time.Millisecond, Delta: timingBound,
			Alpha: timingBound, Threshold: 3, Window: 20}
		rows = append(rows, timingRow{model: "asynchronous", claim: "wrong for ever", config: c, network: &detector.Adversary{Config: c}, holds: recurring})
	}
	for i := range rows {
		r := &rows[i]
		_, err := observeDetector(r.config, sim.Config{Seed: seed, Network: r.network, Until: timingEnd, Observers: []sim.Observer{
			sim.ObserverFunc(func(e *sim.Event) {
				if _, ok := e.Value.(detector.Suspected); ok && e.Kind == sim.Note {
					r.suspicions = append(r.suspicions, e.Time)
				}
			}),
		}})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// spread delays a message by nothing or by the bound of the table, at random: within a bound nothing is worse.
type spread struct{}

func (spread) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(0.5) {
		return append(dst, sim.Copy{Delay: timingBound})
	}
	return append(dst, sim.Copy{})
}

// timingTable is the rows as CSV.
func timingTable(rows []timingRow) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"model", "algorithm", "timeout", "claim", "mistakes in a quarter", "in half", "in all", "after it settled", "holds"})
	for _, r := range rows {
		timeout := ""
		switch r.config.Algorithm {
		case detector.Timeout, detector.Growing, detector.Ping:
			timeout = r.config.Timeout.String()
		}
		w.Write([]string{r.model, string(r.config.Algorithm), timeout, r.claim, strconv.Itoa(r.until(timingEnd / 4)), strconv.Itoa(r.until(timingEnd / 2)),
			strconv.Itoa(r.until(timingEnd)), strconv.Itoa(r.late()), strconv.FormatBool(r.holds(r))})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// timingVerdicts is whether the claims hold, of each timing model.
func timingVerdicts(rows []timingRow) (all []Verdict) {
	for _, model := range []string{"synchronous", "partially synchronous", "asynchronous"} {
		holding, of := 0, 0
		for _, r := range rows {
			if r.model != model {
				continue
			}
			of++
			if r.holds(r) {
				holding++
			}
		}
		all = append(all, verdict("detectors in the "+model+" model", holding == of, "%d of %d claims hold (timing.csv)", holding, of))
	}
	return all
}
