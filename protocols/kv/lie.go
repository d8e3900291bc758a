package kv

import "lightcone/sim"

// Falsify returns what a liar makes of a request: another value to be written, if it writes one.
func (m Request) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	m.Op = Falsehood(m.Op)
	return m
}

// Falsify returns what a liar makes of an answer: another value.
func (m Reply) Falsify(sim.NodeID, *sim.Rand) sim.Message {
	if m.Status == OK && m.Session == 0 {
		m.Result.Value, m.Result.Found = falseValue(m.Result.Value), true
	}
	return m
}

// Falsehood returns the operation with another value to be written, which no client writes.
func Falsehood(op Op) Op {
	switch op.Kind {
	case Put, Append, CompareAndSwap:
		op.Value = falseValue(op.Value)
	}
	return op
}

func falseValue(value string) string { return "not " + value }
