package check_test

import (
	"fmt"
	"os"
	"slices"

	"lightcone/sim"
	"lightcone/sim/check"
)

// A reader sees the value that a write is about to set, and the next one the value before.
func ExampleLinearizable() {
	op := func(client int, kind check.Kind, value string, from, to sim.Time) check.Operation {
		o := check.Operation{Client: client, Op: check.Op{Kind: kind, Key: "x", Value: value}, Outcome: check.OK, Invoke: from * ms, Return: to * ms}
		if kind == check.Get {
			o.Op.Value, o.Result = "", check.Result{Value: value, Found: true}
		}
		return o
	}
	report := check.Linearizable(check.History{
		op(1, check.Put, "a", 0, 10),
		op(2, check.Put, "b", 20, 100),
		op(3, check.Get, "b", 30, 40),
		op(4, check.Get, "a", 50, 60),
	}, check.Options{})
	fmt.Println(report.Verdict)
	report.Witness.WriteText(os.Stdout)
	// Output:
	// violated
	// c4 read x = "a" at 50ms..60ms, but "b", which c3 had read by 40ms, had replaced it: c3 read it at 30ms..40ms, after the write of "a" by c1 had returned at 10ms
	// c1 wrote x = "a", 0s..10ms
	// c2 wrote x = "b", 20ms..100ms
	// c3 read x: "b", 30ms..40ms
	// c4 read x: "a", 50ms..60ms
	//
	// c1  put x = "a"  |-----|  0s to 10ms
	// c2  put x = "b"              |-----------------------------|  20ms to 100ms
	// c3  get x: "b"                     |-----|  30ms to 40ms
	// c4  get x: "a"                                 |-----|  50ms to 60ms
}

// queueOp is what is asked of a first-in-first-out queue: to add a value, or to remove one if it is "".
type queueOp string

// queue is the specification of a queue: what it holds is a plain list, which Step copies.
func queue() check.Machine[[]string, queueOp, string] {
	return check.Machine[[]string, queueOp, string]{
		Init: func() []string { return nil },
		Step: func(q []string, in queueOp, out *string) ([]string, bool) {
			switch {
			case in != "":
				return append(slices.Clone(q), string(in)), true
			case len(q) == 0:
				return q, out == nil || *out == ""
			}
			return q[1:], out == nil || *out == q[0]
		},
		Equal: slices.Equal[[]string],
	}
}

// A queue whose first element is removed second (Herlihy & Wing 1990, figure 1b).
func ExampleLinearizableTo() {
	report := check.LinearizableTo(queue(), []check.Call[queueOp, string]{
		{Client: 1, In: "x", Outcome: check.OK, Invoke: 0, Return: 10},
		{Client: 2, In: "y", Outcome: check.OK, Invoke: 20, Return: 30},
		{Client: 1, In: "", Out: "y", Outcome: check.OK, Invoke: 40, Return: 50},
	}, check.Options{})
	fmt.Println(report)
	// Output:
	// linearizable: violated: c1  at 40ns..50ns cannot have returned y after what came before
}
