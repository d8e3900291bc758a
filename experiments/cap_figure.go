package experiments

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"

	"gonum.org/v1/gonum/stat"

	"lightcone/sim/check"
)

// capTable is a row for each store, side and phase.
func capTable(runs []capRun) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"store", "side", "phase", "asked", "answered", "mean_ms", "reads", "stale"})
	for _, run := range runs {
		for side := range run.cells {
			for phase, c := range run.cells[side] {
				mean := ""
				if len(c.latencies) > 0 {
					mean = decimals(stat.Mean(c.latencies, nil))
				}
				w.Write([]string{run.name, sideNames[side], phaseNames[phase], strconv.Itoa(c.asked), strconv.Itoa(c.ok), mean, strconv.Itoa(c.reads), strconv.Itoa(c.stale)})
			}
		}
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// capFigures draws what the clients of both sides saw of each store.
func capFigures(p *Plan, d division, runs []capRun, reigns []reign) ([]File, error) {
	var files []File
	for i, run := range runs {
		l := &timeline{
			Title:   []string{"A consistent store (Raft) in a partition", "An available store (R=W=1, last write wins) in a partition"}[i],
			Caption: fmt.Sprintf("seed %d; each point is an operation, at the time at which it was asked for", p.Seed),
			End:     p.Config.Until, History: run.outcome.History, Groups: []string{"majority side", "minority side"},
			Group: func(o *check.Operation) int { return d.side(o) }, Faults: p.Faults,
		}
		for id := range p.Scenario.NodeCount() {
			l.Servers = append(l.Servers, fmt.Sprintf("n%d", id))
		}
		if i == 0 {
			l.Reigns, l.Role = reigns, "leader"
		}
		list, err := l.files(run.name)
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	return files, nil
}
