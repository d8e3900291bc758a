package check_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
)

// anything is a random history with all kinds of operations and outcomes, of clients that ask for one thing at a time.
func anything(seed uint64, unknowns bool) check.History {
	r := rand.New(rand.NewPCG(seed, 2))
	words := []string{"", "a", "b c", "q\"\\", "line\nend", "ü,;", "17", ":k"}
	word := func() string { return words[r.IntN(len(words))] }
	free := make([]sim.Time, 4)
	var h check.History
	for i := range 30 {
		client := r.IntN(len(free))
		o := check.Operation{ID: i, Client: client, Outcome: check.Outcome(r.IntN(3)), Invoke: free[client] + sim.Time(r.IntN(10))}
		o.Op = check.Op{Kind: check.Kind(r.IntN(5)), Key: word()}
		o.Return = o.Invoke + sim.Time(r.IntN(10))
		if o.Op.Kind != check.Get && o.Op.Kind != check.Delete {
			o.Op.Value = word()
		}
		if o.Op.Kind == check.CompareAndSwap {
			o.Op.Expect = word()
		}
		if o.Outcome == check.Unknown && !unknowns {
			o.Outcome = check.OK
		}
		yes := r.IntN(2) == 0
		switch {
		case o.Outcome != check.OK:
		case o.Op.Kind == check.Get && yes:
			o.Result = check.Result{Value: word(), Found: true}
		case o.Op.Kind == check.CompareAndSwap:
			o.Result.Swapped = yes
		case o.Op.Kind == check.Delete:
			o.Result.Found = yes
		}
		free[client] = o.Return + 1
		if o.Outcome == check.Unknown {
			o.Return = sim.Never
		}
		h = append(h, o)
	}
	return numbered(h...)
}

func TestJSONLRoundTrip(t *testing.T) {
	for seed := range uint64(50) {
		h := anything(seed, true)
		var b bytes.Buffer
		require.NoError(t, check.WriteJSONL(&b, h))
		got, err := check.ReadJSONL(&b)
		require.NoError(t, err)
		require.Equal(t, h, got)
	}
	empty, err := check.ReadJSONL(strings.NewReader("{\"format\":\"lightcone history 1\"}\n"))
	require.NoError(t, err)
	require.Empty(t, empty)
}

func TestEDNRoundTrip(t *testing.T) {
	for seed := range uint64(50) {
		h := anything(seed, false)
		var b bytes.Buffer
		require.NoError(t, check.WriteEDN(&b, h))
		got, err := check.ReadEDN(&b)
		require.NoError(t, err)
		require.Equal(t, h, got)
	}
}

// A client that asks at the moment of its answer stays one process, and asks after it; others that ask then did before it.
func TestEDNOfAClientThatAsksAtOnce(t *testing.T) {
	h := timed(t, "1 w x a 0 10", "2 w x b 10 20", "1 r x a 10 20", "1 r x b 20 30")
	var b bytes.Buffer
	require.NoError(t, check.WriteEDN(&b, h))
	got, err := check.ReadEDN(&b)
	require.NoError(t, err)
	require.Equal(t, h, got)
}

// An operation of unknown outcome ends its process, as in Jepsen: what the client does next is another's.
func TestEDNRoundTripWithUnknowns(t *testing.T) {
	for seed := range uint64(50) {
		h := anything(seed, true)
		var b bytes.Buffer
		require.NoError(t, check.WriteEDN(&b, h))
		got, err := check.ReadEDN(&b)
		require.NoError(t, err)
		over := map[int]bool{}
		for i := range got {
			require.False(t, over[got[i].Client], "an operation of a process after one that is unknown")
			over[got[i].Client] = got[i].Outcome == check.Unknown
			got[i].Client = h[i].Client
		}
		require.Equal(t, h, got)
	}
}

// A history in the form that Jepsen's register tests write, with what its tools add: indices, nemesis, tags, comments.
func TestReadJepsen(t *testing.T) {
	const text = `; a register
{:process 0, :type :invoke, :f :write, :value 3, :time 10, :index 0}
{:process :nemesis, :type :info, :f :start, :value nil, :time 11, :index 1}
#jepsen.history.Op{:index 2, :time 12, :type :invoke, :process 1, :f :cas, :value [3 4]}
{:process 0, :type :ok, :f :write, :value 3, :time 20, :index 3}
{:process 1, :type :fail, :f :cas, :value [3 4], :time 21, :error :mismatch}
{:process 2 :type :invoke :f :read :value nil :time 22}
{:process 3 :type :invoke :f :write :value 5 :time 23}
{:process 2 :type :ok :f :read :value 3 :time 30}
{:process 3 :type :info :f :write :value 5 :time 31 :error :timeout}
`
	want := check.History{
		{ID: 0, Op: check.Op{Kind: check.Put, Value: "3"}, Outcome: check.OK, Invoke: 10, Return: 20},
		{ID: 1, Client: 1, Op: check.Op{Kind: check.CompareAndSwap, Expect: "3", Value: "4"}, Outcome: check.OK, Invoke: 12, Return: 21},
		{ID: 2, Client: 2, Op: check.Op{Kind: check.Get}, Outcome: check.OK, Result: check.Result{Value: "3", Found: true}, Invoke: 22, Return: 30},
		{ID: 3, Client: 3, Op: check.Op{Kind: check.Put, Value: "5"}, Invoke: 23, Return: sim.Never},
	}
	for name, text := range map[string]string{"lines": text, "vector": "[" + text + "]"} {
		t.Run(name, func(t *testing.T) {
			h, err := check.ReadEDN(strings.NewReader(text))
			require.NoError(t, err)
			require.Equal(t, want, h)
		})
	}
	h, err := check.ReadEDN(strings.NewReader(`{:process 0 :type :invoke :f :cas :value [7 [1 2]] :time 1} {:process 0 :type :ok :f :cas :value [7 [1 2]] :time 2}`))
	require.NoError(t, err)
	require.Equal(t, check.Op{Kind: check.CompareAndSwap, Key: "7", Expect: "1", Value: "2"}, h[0].Op)
	require.True(t, h[0].Result.Swapped)
}

func TestReadersReportEverything(t *testing.T) {
	_, err := check.ReadJSONL(strings.NewReader(`{"format":"lightcone history 1"}
{"id":0,"client":1,"op":"push","key":"x","outcome":"ok","invoke":1,"return":2}
{"id":0,"client":1,"op":"get","key":"x","outcome":"fine","invoke":1,"return":2}
{"id":0,"client":1,"op":"put","key":"x","outcome":"ok","swapped":true,"invoke":1,"return":null}
{"id":0,"client":1,"op":"get","key":"x","outcome":"ok","invoke":1,"return":2,"note":"?"}
`))
	for _, want := range []string{`line 2: op is "push"`, `line 3: outcome is "fine"`, "line 4: put of a x that is ok has no value", "swapped of a put that is ok, want none",
		"has no return", `line 5: json: unknown field "note"`} {
		require.ErrorContains(t, err, want)
	}
	_, err = check.ReadJSONL(strings.NewReader("[]\n"))
	require.ErrorContains(t, err, `line 1 is "[]", want {"format":"lightcone history 1"}`)
	h, err := check.ReadJSONL(strings.NewReader("{\"format\":\"lightcone history 1\"}\n" + `{"id":0,"client":1,"op":"get","key":"x","outcome":"ok","invoke":5,"return":2}`))
	require.ErrorContains(t, err, "returned at 2ns and was invoked at 5ns")
	require.Nil(t, h, "a history that is not valid is not handed out")

	_, err = check.ReadEDN(strings.NewReader(`{:process 0 :type :ok :f :read :value nil :time 5}
{:process 0 :type :invoke :f :steal :value nil :time 5}
17
{:process 0 :type :invoke :f :read :value nil :time 4}
{:process "p" :type :invoke :f :read :value nil :time 5}
{:process 1 :type :invoke :f :cas :value 3 :time 5}
{:process 1 :type :begin :f :cas :value 3 :time 5}
{:process 1 :type :invoke :f :read :value nil :time 6} {:process 1 :type :invoke :f :read :value nil :time 6}
{:process`))
	for _, want := range []string{"line 1: process 0 completes an operation that it did not invoke", "line 2: :f is :steal", "line 3: 17, want a map", "line 4: :time is 4",
		`line 5: :process is "p"`, "line 6: the value of a :cas is 3, want [old new]", "line 7: :type is :begin", "line 8: process 1 invokes an operation while", "line 9: the text ends"} {
		require.ErrorContains(t, err, want)
	}
	var many strings.Builder
	for range 30 {
		fmt.Fprintln(&many, "nil")
	}
	_, err = check.ReadEDN(strings.NewReader(many.String()))
	require.ErrorContains(t, err, "10 more lines are wrong")
}

// What a reader takes, it takes again once it is written; and whatever comes, it does not panic.
func fuzzHistory(f *testing.F, read func(string) (check.History, error), write func(*bytes.Buffer, check.History) error) {
	for seed := range uint64(5) {
		var b bytes.Buffer
		require.NoError(f, write(&b, anything(seed, true)))
		f.Add(b.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := read(text)
		if err != nil {
			require.Empty(t, h)
			return
		}
		var b bytes.Buffer
		require.NoError(t, write(&b, h))
		again, err := read(b.String())
		require.NoError(t, err)
		require.Len(t, again, len(h))
	})
}

func FuzzReadJSONL(f *testing.F) {
	fuzzHistory(f, func(s string) (check.History, error) { return check.ReadJSONL(strings.NewReader(s)) },
		func(b *bytes.Buffer, h check.History) error { return check.WriteJSONL(b, h) })
}

func FuzzReadEDN(f *testing.F) {
	fuzzHistory(f, func(s string) (check.History, error) { return check.ReadEDN(strings.NewReader(s)) },
		func(b *bytes.Buffer, h check.History) error { return check.WriteEDN(b, h) })
}
