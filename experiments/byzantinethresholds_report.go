package experiments

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"lightcone/models/reliability"
)

// liarMeasures are the counts of three and four generals with one liar. Of the 30 behaviours of one liar among three, 4
// break a condition: a lieutenant that says retreat, or nothing, of an order to attack makes the other retreat. Of those
// among four, none.
func liarMeasures(oral, signed []liarCell) []Measure {
	var list []Measure
	for _, c := range []struct {
		cells    []liarCell
		n        int
		expected float64
	}{{oral, 3, 4}, {oral, 4, 0}, {signed, 3, 0}, {signed, 4, 0}} {
		for _, cell := range c.cells {
			if cell.n == c.n && cell.liars == 1 {
				m := plainMeasure("broken, "+cell.title(), "behaviours", float64(cell.broken), cell.cases)
				m.Low, m.High, m.Expected = m.Value, m.Value, c.expected
				list = append(list, m)
			}
		}
	}
	return list
}

func liarVerdicts(oral, signed, short []liarCell) []Verdict {
	count := func(cells []liarCell, of, want func(*liarCell) bool) (good, all, runs int) {
		for i := range cells {
			if c := &cells[i]; !c.vacuous() && of(c) {
				all++
				runs += c.cases
				if want(c) {
					good++
				}
			}
		}
		return good, all, runs
	}
	any := func(*liarCell) bool { return true }
	guaranteed, unharmed := (*liarCell).guaranteed, func(c *liarCell) bool { return !c.breakable() }
	every := append(append(append([]liarCell(nil), oral...), signed...), short...)

	held, safe, runs := count(oral, guaranteed, unharmed)
	fell, open, _ := count(oral, func(c *liarCell) bool { return !c.guaranteed() }, (*liarCell).breakable)
	sealed, signedCells, signedRuns := count(signed, guaranteed, unharmed)
	cut, shortCells, _ := count(short, any, (*liarCell).breakable)
	exact, exhausted, cases := count(every, func(c *liarCell) bool { return c.all }, func(c *liarCell) bool {
		return float64(c.cases) == behaviours(c.config(), c.liars)
	})
	counted, oralCells, _ := count(oral, any, func(c *liarCell) bool { return c.miscounted == 0 })
	return []Verdict{
		verdict("oral messages: agreement wherever n > 3 liars", held == safe, "%d of %d points, %d runs", held, safe, runs),
		verdict("oral messages: broken wherever n <= 3 liars", fell == open, "%d of %d points", fell, open),
		verdict("signatures: agreement at any n", sealed == signedCells, "%d of %d points, %d runs", sealed, signedCells, signedRuns),
		verdict("signatures: broken with a round less", cut == shortCells, "%d of %d points, SM(0) with one liar", cut, shortCells),
		verdict("as many behaviours as there are", exact == exhausted, "%d of %d points run exhaustively, %d runs", exact, exhausted, cases),
		verdict("messages as by the formula", counted == oralCells, "%d of %d points, whatever the liars say", counted, oralCells),
	}
}

// liarTable is the cells as CSV.
func liarTable(cells []liarCell) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"messages", "n", "liars", "m", "guaranteed", "how", "behaviours", "ic1_broken", "ic2_broken", "broken", "share_agreed", "low", "high", "broken_by_contrary", "messages_a_run"})
	for _, c := range cells {
		if c.vacuous() {
			continue
		}
		kind, how, worst := "oral", "drawn", strconv.FormatBool(c.worst)
		if c.signed {
			kind = "signed"
		}
		agreed := reliability.Wilson(c.cases-c.broken, c.cases, 0.95)
		low, high := decimals(agreed.Low), decimals(agreed.High)
		if c.all {
			how, low, high, worst = "all", "", "", ""
		}
		w.Write([]string{kind, strconv.Itoa(c.n), strconv.Itoa(c.liars), strconv.Itoa(c.m), strconv.FormatBool(c.guaranteed()), how, strconv.Itoa(c.cases),
			strconv.Itoa(c.ic1), strconv.Itoa(c.ic2), strconv.Itoa(c.broken), decimals(agreed.Value), low, high, worst, strconv.Itoa(c.messages)})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// clusterTable compares what clusters cost and give: a majority of 2f+1 nodes stands f that crash, and 3f+1 nodes stand
// f of any behaviour. Each node is faulty with a probability, independently; the cluster fails if more than f are.
func clusterTable() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"faults", "f", "nodes", "node_unavailability", "cluster_unavailability"})
	for _, kind := range []struct {
		name string
		each int
	}{{"crash", 2}, {"byzantine", 3}} {
		for f := 1; f <= mostLiars; f++ {
			for _, q := range []float64{0.1, 0.01, 0.001} {
				n := kind.each*f + 1
				u, err := unavailabilityOf(n, f, q)
				if err != nil {
					return nil, err
				}
				w.Write([]string{kind.name, strconv.Itoa(f), strconv.Itoa(n), decimals(q), decimals(u)})
			}
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes(), nil
}

// unavailabilityOf is the probability that more than f of n nodes are faulty.
func unavailabilityOf(n, f int, q float64) (float64, error) {
	r, err := reliability.KofN(n-f, reliability.Copies(n, reliability.Part{Name: "node", Q: q})...).Evaluate()
	return r.Unavailability, err
}
