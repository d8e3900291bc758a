package kv

import (
	"errors"
	"fmt"
)

// Budget keeps retries from multiplying the load on servers that are overloaded already (Beyer et al., Site Reliability
// Engineering, 2016, chapter 21): a bucket that failures empty and successes fill. It is gRPC's retry throttling
// (proposal A6): a client starts with Max tokens, an attempt that fails takes one, an operation that succeeds gives back
// Ratio, and with Max/2 or fewer there are neither retries nor hedges. The zero Budget allows everything.
type Budget struct {
	Max   int     // 1 to 1000; 0: no budget
	Ratio float64 // in thousandths; more than 0
}

const (
	milli     = 1000
	maxTokens = 1000
)

// Validate reports what is wrong with the budget: all of it.
func (b Budget) Validate() error {
	if b == (Budget{}) {
		return nil
	}
	var errs []error
	if b.Max < 1 || b.Max > maxTokens {
		errs = append(errs, fmt.Errorf("kv: Budget.Max is %d, want 1 to %d", b.Max, maxTokens))
	}
	if !(b.Ratio >= 1.0/milli && b.Ratio <= maxTokens) {
		errs = append(errs, fmt.Errorf("kv: Budget.Ratio is %v, want %v to %d", b.Ratio, 1.0/milli, maxTokens))
	}
	return errors.Join(errs...)
}

func (b Budget) full() int { return b.Max * milli }

func (b Budget) success(tokens int) int {
	return min(tokens+int(float64(b.Ratio*milli)), b.full())
}

func (b Budget) failure(tokens int) int { return max(tokens-milli, 0) }

func (b Budget) allows(tokens int) bool { return b.Max == 0 || tokens > b.full()/2 }
