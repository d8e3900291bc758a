package kv_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
)

// observe plays events to a recorder.
func observe(r *kv.Recorder, events ...sim.Event) {
	for i := range events {
		events[i].ID = uint64(i + 1)
		r.Observe(&events[i])
	}
}

func note(at sim.Time, node sim.NodeID, v any) sim.Event {
	return sim.Event{Time: at, Kind: sim.Note, Node: node, Value: v}
}

func TestHistoryOfNotes(t *testing.T) {
	put, get := kv.Op{Kind: kv.Put, Key: "k", Value: "c2.1"}, kv.Op{Kind: kv.Get, Key: "k"}
	r := kv.NewRecorder()
	require.True(t, r.Wants(sim.Note) && r.Wants(sim.Init) && !r.Wants(sim.Send))
	events := []sim.Event{
		{Kind: sim.Init, Node: 2}, {Kind: sim.Init, Node: 3},
		note(10, 2, kv.Invoked{ID: 1, Op: put}),
		note(10, 3, kv.Invoked{ID: 1, Op: get}),
		note(20, 3, kv.Returned{ID: 1, Outcome: check.OK, Result: kv.Result{Value: "c2.1", Found: true}}),
		note(25, 3, kv.Returned{ID: 1, Outcome: check.OK}), // nothing is under way with this number
		note(30, 2, kv.Returned{ID: 1, Outcome: check.Unknown}),
		note(40, 2, "something else"),
		note(50, 2, kv.Invoked{ID: 2, Op: get}),
		note(60, 2, kv.Returned{ID: 2, Outcome: check.Failed}),
		note(70, 3, kv.Invoked{ID: 1<<32 + 1, Op: get}), // after a restart of node 3 of four
	}
	observe(r, events...)
	want := check.History{
		{ID: 0, Client: 2, Op: put, Invoke: 10, Return: sim.Never},
		{ID: 1, Client: 3, Op: get, Outcome: check.OK, Result: kv.Result{Value: "c2.1", Found: true}, Invoke: 10, Return: 20},
		{ID: 2, Client: 2, Op: get, Outcome: check.Failed, Invoke: 50, Return: 60},
		{ID: 3, Client: 7, Op: get, Invoke: 70, Return: sim.Never},
	}
	require.Equal(t, want, r.History(sim.Never))

	early := r.History(20)
	require.Len(t, early, 2)
	require.Equal(t, check.Operation{ID: 1, Client: 3, Op: get, Invoke: 10, Return: sim.Never}, early[1], "not known yet")
	require.Equal(t, want, r.History(sim.Never), "a history is a copy")

	observe(r, events[:4]...)
	require.Len(t, r.History(sim.Never), 2, "another run begins with its first record")
}

// A client that crashes leaves its operation open. In its next life it does not repeat the numbers and values of before.
func TestRestartedClient(t *testing.T) {
	rec := kv.NewRecorder()
	w, err := sim.New(sim.Config{Nodes: 2, Observers: []sim.Observer{rec}, Strict: true, Network: sim.ConstantDelay(10 * ms), New: func(id sim.NodeID) sim.Process {
		if id == 0 {
			return kv.NewServer(kv.ServerConfig{})
		}
		return kv.NewClient(kv.ClientConfig{Servers: 1, Timeout: time.Second, Tokens: true, Workload: list{putK, putK}})
	}, Faults: []sim.Fault{sim.Schedule{
		{Time: sim.Time(45 * ms), Action: sim.Crash{Node: 1}}, {Time: sim.Time(100 * ms), Action: sim.Recover{Node: 1}},
	}}})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	h := rec.History(sim.Never)
	require.Len(t, h, 4)
	var said []string
	for _, o := range h {
		said = append(said, o.Op.Value+" "+o.Outcome.String())
	}
	require.Equal(t, []string{"c1.1 ok", "c1.3 unknown", "c1r1.1 ok", "c1r1.3 ok"}, said)
	require.Equal(t, []int{1, 1, 3, 3}, []int{h[0].Client, h[1].Client, h[2].Client, h[3].Client})
	require.Equal(t, sim.Never, h[1].Return)
	require.Equal(t, 2, w.View().Process(0).(*kv.Server).Store().Sessions(), "one for each life")
}
