package check

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Verdict is what a check found out. The zero Verdict is Undecided: nothing holds unless a check says so.
type Verdict uint8

// The verdicts.
const (
	Undecided Verdict = iota // the budget ran out, or the check cannot judge this history; Report.Detail says which
	Holds                    // the history is as promised
	Violated                 // it is not, and Report.Witness shows it
)

var verdictNames = [...]string{"undecided", "ok", "violated"}

func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("verdict(%d)", uint8(v))
}

// Report is what a check says of a history.
type Report struct {
	Name    string // of the check
	Verdict Verdict
	Detail  string   // in one line
	Witness *Witness // Violated: the operations that show it; nil if they are not what shows it
	Steps   int64    // what the verdict cost, in steps of a search; the same on every machine
}

func (r Report) String() string { return fmt.Sprintf("%s: %v: %s", r.Name, r.Verdict, r.Detail) }

// DefaultBudget is how many steps a search may take for each key unless told otherwise: about a second.
const DefaultBudget = 2_000_000

// Options say how to check, and what is known besides the history. The zero value is sensible.
type Options struct {
	// Budget bounds each search, in steps, so that the verdict does not depend on the machine. 0: DefaultBudget.
	Budget int64
	// Versions returns the values written to a key from the oldest version to the newest, as the store itself orders
	// them; values it leaves out are of unknown age. nil: the age is derived from the history, see RealTime.
	Versions func(key string) []string
	// RealTime says that a write that returned before another was invoked is the older version. It is so wherever one
	// log or one leader orders the writes, and is not where wall clocks do. Without it and without Versions, only
	// causality says which version is older.
	RealTime bool
	// Replicas are the states of the replicas after the run, for Converged and EffectsOnce.
	Replicas []Replica
}

// Replica is the state of one copy of the data.
type Replica struct {
	Name  string
	State map[string]string
}

func (o Options) budget() int64 {
	if o.Budget > 0 {
		return o.Budget
	}
	return DefaultBudget
}

// Validate reports what no history can have: all of it.
func (h History) Validate() error {
	var errs []error
	bad := func(i int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("check: operation %d (place %d): "+format, append([]any{h[i].ID, i}, args...)...))
	}
	for i := range h {
		o := &h[i]
		if int(o.Op.Kind) >= len(kindNames) {
			bad(i, "kind is %v, want get, put, append, cas or delete", o.Op.Kind)
		}
		if int(o.Outcome) >= len(outcomeNames) {
			bad(i, "outcome is %v, want unknown, ok or failed", o.Outcome)
		}
		if o.Outcome == Unknown && o.Return != sim.Never {
			bad(i, "it is unknown and returned at %v, want never", o.Return)
		}
		if o.Outcome != Unknown && o.Return == sim.Never {
			bad(i, "it is %v and never returned, want a time", o.Outcome)
		}
		if o.Op.Kind == Get && !o.Result.Found && o.Result.Value != "" {
			bad(i, "it found nothing and returned %q, want nothing", o.Result.Value)
		}
		if o.Return < o.Invoke {
			bad(i, "it returned at %v and was invoked at %v, want no sooner", o.Return, o.Invoke)
		}
		if i > 0 && h[i-1].Invoke > o.Invoke {
			bad(i, "it was invoked at %v and the one before at %v, want the order of invocation", o.Invoke, h[i-1].Invoke)
		}
		if len(errs) == 20 {
			return errors.Join(append(errs, errors.New("check: and so on"))...)
		}
	}
	return errors.Join(errs...)
}
