package experiments

import (
	"bytes"
	"errors"
	"slices"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
)

// implied are the checks that need not be made where a stronger one holds.
var implied = map[string][]string{
	"linearizable": {"sequential", "causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"},
	"sequential":   {"causal", "read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"},
	"causal":       {"read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads"},
}

func isHistoryCheck(name string) bool {
	_, ok := check.Find(name)
	return ok
}

// historyChecks returns the checks of what clients saw that are to be made: those that the scenario names or, if it names
// none, the strongest of those that the protocol promises.
func (p *Plan) historyChecks() []check.Check {
	if p.Scenario.Clients == nil {
		return nil
	}
	wanted := p.Scenario.Checks
	if wanted == nil {
		wanted = slices.DeleteFunc(slices.Clone(p.Instance.Promises), func(name string) bool {
			return slices.ContainsFunc(p.Instance.Promises, func(stronger string) bool { return slices.Contains(implied[stronger], name) })
		})
	}
	return slices.DeleteFunc(check.All(), func(c check.Check) bool { return !slices.Contains(wanted, c.Name) })
}

// judgeHistory judges what clients saw. What shows a violation is among the files.
func (o *Outcome) judgeHistory(v sim.View) {
	// Where one log orders the writes, one that returned before another was asked for is the older version.
	options := check.Options{RealTime: slices.Contains(o.Plan.Instance.Promises, "linearizable")}
	for i, c := range o.Plan.historyChecks() {
		if i == 0 {
			options.Replicas = replicas(v, o.Plan.Scenario.NodeCount())
		}
		r := c.Run(o.History, options)
		o.Verdicts = append(o.Verdicts, Verdict{c.Name, historyVerdict(r.Verdict), r.Detail})
		if r.Witness != nil {
			o.witnesses = append(o.witnesses, witness{c.Name, r.Witness})
		}
	}
}

func historyVerdict(v check.Verdict) sim.Verdict {
	switch v {
	case check.Holds:
		return sim.Pass
	case check.Violated:
		return sim.Violation
	}
	return sim.Undecided
}

// replicas returns what the servers that are up hold at the end, if they keep it in stores.
func replicas(v sim.View, servers int) []check.Replica {
	var all []check.Replica
	for id := range sim.NodeID(servers) {
		p, ok := v.Process(id).(interface{ Store() *kv.Store })
		if !ok {
			continue
		}
		r := check.Replica{Name: id.String(), State: map[string]string{}}
		for _, pair := range p.Store().Dump() {
			r.State[pair.Key] = pair.Value
		}
		all = append(all, r)
	}
	return all
}

// witness is what shows that a check fell.
type witness struct {
	check string
	*check.Witness
}

// historyFiles are the history and what shows its violations.
func (o *Outcome) historyFiles() ([]File, error) {
	if o.History == nil {
		return nil, nil
	}
	var b bytes.Buffer
	if err := check.WriteJSONL(&b, o.History); err != nil {
		return nil, err
	}
	files := []File{{"history.jsonl", b.Bytes()}}
	for _, w := range o.witnesses {
		list, err := witnessFiles("witness-"+w.check, w.Witness)
		if err != nil {
			return nil, err
		}
		files = append(files, list...)
	}
	return files, nil
}

// witnessFiles is what shows a violation, in words and as a picture.
func witnessFiles(name string, w *check.Witness) ([]File, error) {
	var text, svg bytes.Buffer
	if err := errors.Join(w.WriteText(&text), w.WriteSVG(&svg)); err != nil {
		return nil, err
	}
	return []File{{name + ".txt", text.Bytes()}, {name + ".svg", svg.Bytes()}}, nil
}
