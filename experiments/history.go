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
	return nil
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
		if slices.Contains(wanted, c.name) {
			v := c.judge(o.History)
			v.Name = c.name
			o.Verdicts = append(o.Verdicts, v)
		}
	}
}
