package fault

import (
	"errors"
	"fmt"
	"time"
)

// Budget bounds how much goes wrong at once: the f of a protocol that tolerates f failures. A node counts once, whatever
// ails it and however much.
type Budget struct {
	F      int           // the most nodes in trouble at once; 0 is no bound
	Of     Trouble       // what counts; default: any trouble
	Settle time.Duration // a node counts for so long after its trouble: until it has caught up with the others
}

// Validate reports all that is wrong with the budget.
func (b Budget) Validate() error {
	var errs []error
	if b.F < 0 {
		errs = append(errs, fmt.Errorf("fault: Budget.F is %d, want at least 1, or 0 for no bound", b.F))
	}
	if int(b.Of) >= len(troubleNames) {
		errs = append(errs, fmt.Errorf("fault: Budget.Of is %d, want any or stopped", b.Of))
	}
	if b.Settle < 0 {
		errs = append(errs, fmt.Errorf("fault: Budget.Settle is %v, want 0 or more", b.Settle))
	}
	return errors.Join(errs...)
}

// Within returns the plan without the entries that would put one node too many in trouble. A plan that a Model with the
// same budget has drawn is returned as it is; one from which entries were deleted may need it, since the node whose
// recovery was deleted stays down.
func (plan Plan) Within(nodes int, b Budget) Plan {
	if b.F == 0 {
		return plan
	}
	var kept Plan
	p := newPatients(nodes, b)
	for _, e := range plan {
		if p.admits(b.Of.ails(e.Action), e.Time) {
			p.apply(e)
			kept = append(kept, e)
		}
	}
	return kept
}
