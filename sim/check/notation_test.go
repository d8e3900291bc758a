package check_test

import (
	"fmt"
	"strings"
	"testing"

	"lightcone/sim"
	"lightcone/sim/check"
)

// program is a history in the notation of the papers: for each process what it did, one after the other, "w x 1" a write
// and "r x 1" a read, "r x -" of the initial value, "cas x 1 2" a swap. The k-th operations of all processes are
// concurrent.
func program(t *testing.T, processes ...string) check.History {
	t.Helper()
	var h check.History
	for step := 0; ; step++ {
		some := false
		for p, text := range processes {
			ops := strings.Split(text, ";")
			if step >= len(ops) {
				continue
			}
			some = true
			o := operation(t, ops[step])
			o.ID, o.Client, o.Invoke, o.Return = len(h), p+1, sim.Time(10*step), sim.Time(10*step+5)
			h = append(h, o)
		}
		if !some {
			return h
		}
	}
}

// timed is a history in which each operation says who and when: "1 w x a 0 10"; without an end nobody replied.
func timed(t *testing.T, lines ...string) check.History {
	t.Helper()
	var h check.History
	for _, l := range lines {
		var client, from, to int
		f := strings.Fields(l)
		n := len(f)
		fmt.Sscan(f[0], &client)
		fmt.Sscan(f[n-2], &from)
		o := operation(t, strings.Join(f[1:n-2], " "))
		o.Client, o.Invoke = client, sim.Time(from)*ms
		if f[n-1] == "-" {
			o.Outcome, o.Result, o.Return = check.Unknown, check.Result{}, sim.Never
		} else {
			fmt.Sscan(f[n-1], &to)
			o.Return = sim.Time(to) * ms
		}
		h = append(h, o)
	}
	return numbered(h...)
}

func operation(t *testing.T, text string) check.Operation {
	f := strings.Fields(text)
	o := check.Operation{Outcome: check.OK, Op: check.Op{Key: f[1]}}
	switch f[0] {
	case "w":
		o.Op.Kind, o.Op.Value = check.Put, f[2]
	case "r":
		if f[2] != "-" {
			o.Result = check.Result{Value: f[2], Found: true}
		}
	case "a":
		o.Op.Kind, o.Op.Value = check.Append, f[2]
	case "cas":
		o.Op.Kind, o.Op.Expect, o.Op.Value, o.Result.Swapped = check.CompareAndSwap, f[2], f[3], true
	case "d":
		o.Op.Kind, o.Result.Found = check.Delete, true
	default:
		t.Fatalf("operation %q, want w, r, a, cas or d", text)
	}
	return o
}
