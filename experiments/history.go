package experiments

import (
	"slices"

	"lightcone/sim/check"
)

// historyCheck is a check of what clients saw.
type historyCheck struct {
	name, about string
	judge       func(check.History) Verdict
}

// historyChecks returns the checks of what clients saw, from the strongest.
func historyChecks() []historyCheck {
	return []historyCheck{
		{name: "linearizable", about: "every operation takes effect at one moment between its invocation and its response"},
		{name: "sequential", about: "there is one order of all operations in which each client's are in its own"},
		{name: "causal", about: "what may have caused an operation, every client sees before it"},
		{name: "read-your-writes", about: "a client reads what it has written, or what came after"},
		{name: "monotonic-reads", about: "a client does not read what is older than what it has read"},
		{name: "monotonic-writes", about: "the writes of a client take effect in its order"},
		{name: "writes-follow-reads", about: "what a client writes comes after what it has read"},
		{name: "convergence", about: "after the run all replicas hold the same"},
	}
}

func isHistoryCheck(name string) bool {
	return slices.ContainsFunc(historyChecks(), func(c historyCheck) bool { return c.name == name })
}

// judgeHistory judges what clients saw by what the scenario asks for or, if it does not say, by what the protocol
// promises.
func (o *Outcome) judgeHistory() {
	if o.Plan.Scenario.Clients == nil {
		return
	}
	wanted := o.Plan.Scenario.Checks
	if wanted == nil {
		wanted = o.Plan.Instance.Promises
	}
	for _, c := range historyChecks() {
		if slices.Contains(wanted, c.name) && c.judge != nil {
			v := c.judge(o.History)
			v.Name = c.name
			o.Verdicts = append(o.Verdicts, v)
		}
	}
}
