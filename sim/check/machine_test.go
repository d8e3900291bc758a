package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
)

func add(client int, v string, from, to sim.Time) check.Call[queueOp, string] {
	return check.Call[queueOp, string]{Client: client, In: queueOp(v), Outcome: check.OK, Invoke: from, Return: to}
}

func remove(client int, v string, from, to sim.Time) check.Call[queueOp, string] {
	return check.Call[queueOp, string]{Client: client, Out: v, Outcome: check.OK, Invoke: from, Return: to}
}

// Herlihy & Wing 1990, figure 1: histories of a queue that are acceptable and that are not.
func TestQueuesOfTheFigure(t *testing.T) {
	for _, c := range []struct {
		name  string
		calls []check.Call[queueOp, string]
		want  check.Verdict
	}{
		{"a: concurrent additions in either order", []check.Call[queueOp, string]{add(1, "x", 0, 20), add(2, "y", 10, 30), remove(2, "y", 40, 50), remove(1, "x", 60, 70), add(1, "z", 80, 90)}, check.Holds},
		{"b: the second before the first", []check.Call[queueOp, string]{add(1, "x", 0, 10), add(2, "y", 20, 30), remove(1, "y", 40, 50)}, check.Violated},
		{"c: removed before the addition returned", []check.Call[queueOp, string]{add(1, "x", 0, 100), remove(2, "x", 50, 60)}, check.Holds},
		{"d: removed twice", []check.Call[queueOp, string]{add(1, "x", 0, 10), add(2, "y", 5, 15), remove(1, "y", 20, 30), remove(2, "y", 40, 50)}, check.Violated},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, check.LinearizableTo(queue(), c.calls, check.Options{}).Verdict)
		})
	}
}

// A call without an answer may have happened or not, and a failed one has not.
func TestOpenCalls(t *testing.T) {
	lost := add(1, "x", 0, sim.Never)
	lost.Outcome = check.Unknown
	calls := []check.Call[queueOp, string]{lost, add(2, "y", 10, 20), remove(3, "y", 30, 40), remove(3, "x", 50, 60)}
	require.Equal(t, check.Holds, check.LinearizableTo(queue(), calls, check.Options{}).Verdict)
	require.Equal(t, check.Holds, check.LinearizableTo(queue(), calls[:3], check.Options{}).Verdict)
	calls[0].Outcome = check.Failed
	require.Equal(t, check.Violated, check.LinearizableTo(queue(), calls, check.Options{}).Verdict)
}

// A call that returned before it was invoked is no call.
func TestMalformedCalls(t *testing.T) {
	r := check.LinearizableTo(queue(), []check.Call[queueOp, string]{add(1, "x", 0, 10), remove(2, "x", 30, 20)}, check.Options{})
	require.Equal(t, check.Undecided, r.Verdict)
	require.Contains(t, r.Detail, "call 1 returned at 20ns")
}

// A lock that two hold at once. With a hash, states are found faster, and the verdict is the same.
func TestLocks(t *testing.T) {
	type call = check.Call[bool, bool] // acquire or release; whether it was granted
	lock := check.Machine[bool, bool, bool]{
		Init: func() bool { return false },
		Step: func(held, acquire bool, granted *bool) (bool, bool) {
			if !acquire {
				return false, held
			}
			return true, granted == nil || *granted == !held
		},
		Equal: func(a, b bool) bool { return a == b },
	}
	take := func(client int, granted bool, from, to sim.Time) call {
		return call{Client: client, In: true, Out: granted, Outcome: check.OK, Invoke: from, Return: to}
	}
	release := call{Client: 1, Outcome: check.OK, Invoke: 20, Return: 30}
	good := []call{take(1, true, 0, 10), take(2, false, 5, 15), release, take(2, true, 25, 40)}
	bad := []call{take(1, true, 0, 10), take(2, true, 12, 15), release}
	for _, hash := range []func(bool) uint64{nil, func(bool) uint64 { return 7 }} {
		lock.Hash = hash
		require.Equal(t, check.Holds, check.LinearizableTo(lock, good, check.Options{}).Verdict)
		require.Equal(t, check.Violated, check.LinearizableTo(lock, bad, check.Options{}).Verdict)
	}
}
