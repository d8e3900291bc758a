package workload

import (
	"errors"
	"fmt"
	"math"

	"lightcone/sim"
)

// Kind is what is asked of a key. The kinds have the numbers of check.Kind.
type Kind uint8

// The kinds of operations.
const (
	Get Kind = iota
	Put
	Append
	CompareAndSwap
	Delete
)

var kindNames = [...]string{"get", "put", "append", "cas", "delete"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Mix is the shares of the kinds of operations: weights, which need not sum to 1.
type Mix struct{ Get, Put, Append, CompareAndSwap, Delete float64 }

// weights returns the weights by Kind.
func (m Mix) weights() [5]float64 {
	return [...]float64{m.Get, m.Put, m.Append, m.CompareAndSwap, m.Delete}
}

func (m Mix) total() float64 { return m.Get + m.Put + m.Append + m.CompareAndSwap + m.Delete }

// Share returns the probability of a kind.
func (m Mix) Share(k Kind) float64 { return m.weights()[k] / m.total() }

// draw draws a kind.
func (m Mix) draw(r *sim.Rand) Kind {
	weights := m.weights()
	u, last := float64(r.Float64()*m.total()), Get
	for k, w := range weights {
		if w == 0 {
			continue
		}
		if u < w {
			return Kind(k)
		}
		u, last = u-w, Kind(k)
	}
	return last // rounding
}

// Validate reports everything that is wrong with the mix.
func (m Mix) Validate() error {
	var errs []error
	for k, w := range m.weights() {
		if !(w >= 0 && w <= math.MaxFloat32) {
			errs = append(errs, fmt.Errorf("workload: Mix has %v as the weight of %v, want 0 or more", w, Kind(k)))
		}
	}
	if m == (Mix{}) {
		errs = append(errs, errors.New("workload: Mix has no weights, want some kind of operation"))
	}
	return errors.Join(errs...)
}
