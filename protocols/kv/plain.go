package kv

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"lightcone/sim"
)

// Plain is the plainest Workload: uniform keys, kinds by weight, and a wait between half and one and a half times Think.
type Plain struct {
	Ops   int           // how many; 0: for ever
	Keys  int           // k0, k1, ...
	Think time.Duration // the mean wait
	Open  bool          // an open loop

	Gets, Puts, Appends, Swaps, Deletes int // the weights of the kinds
}

// Validate reports what is wrong with the workload: all of it.
func (p Plain) Validate() error {
	var errs []error
	if p.Ops < 0 {
		errs = append(errs, fmt.Errorf("kv: Plain.Ops is %d, want 0 (for ever) or more", p.Ops))
	}
	if p.Keys < 1 {
		errs = append(errs, fmt.Errorf("kv: Plain.Keys is %d, want at least 1", p.Keys))
	}
	if p.Think < 0 {
		errs = append(errs, fmt.Errorf("kv: Plain.Think is %v, want 0 or more", p.Think))
	}
	total := 0
	for kind, w := range p.weights() {
		total += w
		if w < 0 {
			errs = append(errs, fmt.Errorf("kv: Plain's weight of %v is %d, want 0 or more", Kind(kind), w))
		}
	}
	if total == 0 {
		errs = append(errs, errors.New("kv: Plain's weights are all 0, want some kind of operation"))
	}
	return errors.Join(errs...)
}

// weights returns the weights by Kind.
func (p Plain) weights() [5]int { return [...]int{p.Gets, p.Puts, p.Appends, p.Swaps, p.Deletes} }

// Next draws an operation.
func (p Plain) Next(n uint64, r *sim.Rand) (Ask, bool) {
	if p.Ops > 0 && n >= uint64(p.Ops) {
		return Ask{}, false
	}
	half := p.Think / 2
	return Ask{Wait: r.Duration(half, 3*half), Open: p.Open, Kind: p.kind(r), Key: "k" + strconv.Itoa(r.IntN(p.Keys))}, true
}

func (p Plain) kind(r *sim.Rand) Kind {
	total := 0
	for _, w := range p.weights() {
		total += w
	}
	i := r.IntN(total)
	for kind, w := range p.weights() {
		if i < w {
			return Kind(kind)
		}
		i -= w
	}
	panic("kv: Plain's weights are all 0")
}
