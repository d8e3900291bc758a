package check

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// busy is a history of clients that ask all the time, of registers with values written once.
func busy(ops, clients, keys int) History {
	return shape{ops: ops, clients: clients, keys: keys, kinds: mixes[0], unknown: 100, tick: 1000}.random(rand.New(rand.NewPCG(1, 2)))
}

func TestManyClients(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	h := busy(n, 200, 1)
	require.Equal(t, Holds, Linearizable(h, Options{}).Verdict)
	stale := spoilRead(h)
	r := Linearizable(h, Options{})
	require.Equal(t, Violated, r.Verdict)
	require.Contains(t, r.Witness.Ops, h[stale])
	require.LessOrEqual(t, len(r.Witness.Ops), 6, "of each of two clusters the write, who ended first and who began last")
}

// spoilRead makes a read near the end return what a much earlier one did, and returns its place.
func spoilRead(h History) int {
	read := func(i int) bool { return h[i].Op.Kind == Get && h[i].Outcome == OK && h[i].Result.Found }
	late := len(h) * 9 / 10
	for !read(late) {
		late++
	}
	for early := late / 2; ; early-- {
		if read(early) && h[early].Op.Key == h[late].Op.Key && h[early].Result != h[late].Result {
			h[late].Result = h[early].Result
			return late
		}
	}
}

// What the zones need not be asked for: 10 clients, 20,000 operations of all kinds on 5 keys, with some that nobody
// heard of.
func TestLongMixedHistories(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 3000
	}
	for _, kinds := range mixes {
		t.Run(fmt.Sprint(kinds), func(t *testing.T) {
			h := shape{ops: n, clients: 10, keys: 5, kinds: kinds, unknown: 100, tick: 1000}.random(rand.New(rand.NewPCG(3, 4)))
			r := Linearizable(h, Options{})
			require.Equal(t, Holds, r.Verdict, "%v", r)
			t.Logf("%d steps", r.Steps)
			spoilRead(h)
			r = Linearizable(h, Options{})
			t.Logf("spoilt: %d steps", r.Steps)
			require.Equal(t, Violated, r.Verdict, "%v", r)
			require.LessOrEqual(t, len(r.Witness.Ops), 12, "%v", r.Witness)
		})
	}
}

// A verdict costs what it costs, on every machine; beyond the budget there is none.
func TestBudget(t *testing.T) {
	h := shape{ops: 300, clients: 8, keys: 1, kinds: mixes[1], unknown: 20}.random(rand.New(rand.NewPCG(5, 6)))
	whole := Linearizable(h, Options{})
	require.Equal(t, Holds, whole.Verdict)
	require.Equal(t, whole, Linearizable(h, Options{}))
	few := Linearizable(h, Options{Budget: 10})
	require.Equal(t, Undecided, few.Verdict)
	require.Equal(t, few, Linearizable(h, Options{Budget: 10}))
	require.Contains(t, few.Detail, "undecided within 10 steps")
}

// A reader sees two values change places more often than they were written, which causality has no word for as they were
// written more than once: this has to be searched.
func TestSequentialBudget(t *testing.T) {
	var h History
	for i := range 14 {
		o := Operation{ID: i, Client: i % 2, Op: Op{Kind: Put, Key: "x", Value: strconv.Itoa(i % 2)}, Outcome: OK, Invoke: sim.Time(10 * i), Return: sim.Time(10*i + 5)}
		if i >= 6 {
			o.Client, o.Op, o.Result = 2, Op{Kind: Get, Key: "x"}, Result{Value: o.Op.Value, Found: true}
		}
		h = append(h, o)
	}
	r := Sequential(h, Options{Budget: 5})
	require.Equal(t, Undecided, r.Verdict, "%v", r)
	require.Equal(t, r, Sequential(h, Options{Budget: 5}))
	require.Equal(t, Violated, Sequential(h, Options{}).Verdict, "%v", r)
	require.Equal(t, Holds, Sequential(h[:12], Options{}).Verdict)
}

func TestPictures(t *testing.T) {
	op := Operation{Client: 1, Op: Op{Kind: Put, Key: "x", Value: "<a&\x00\"b\">"}, Outcome: OK, Invoke: 10, Return: 20}
	read := Operation{ID: 1, Client: 2, Op: Op{Kind: Get, Key: "x"}, Outcome: OK, Invoke: 30, Return: 40}
	lost := Operation{ID: 2, Client: 3, Op: Op{Kind: Put, Key: "x", Value: "c"}, Invoke: 35, Return: sim.Never}
	r := Linearizable(History{op, read, lost}, Options{})
	require.Equal(t, Violated, r.Verdict)
	require.Len(t, r.Witness.Ops, 2)
	w := &Witness{Ops: History{op, read, lost}, Story: r.Witness.Story}
	var one, two, page bytes.Buffer
	require.NoError(t, w.WriteSVG(&one))
	require.NoError(t, w.WriteSVG(&two))
	require.Equal(t, one.String(), two.String())
	d := xml.NewDecoder(&one)
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	require.NoError(t, w.WriteHTML(&page))
	require.Contains(t, page.String(), "<html")
}

func BenchmarkZones(b *testing.B) {
	h := busy(1_000_000, 200, 1)
	b.ReportAllocs()
	for b.Loop() {
		if r := Linearizable(h, Options{}); r.Verdict != Holds {
			b.Fatal(r)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(h)), "ns/op-of-history")
}

func BenchmarkSearch(b *testing.B) {
	h := shape{ops: 20_000, clients: 10, keys: 5, kinds: mixes[len(mixes)-1], unknown: 100}.random(rand.New(rand.NewPCG(3, 4)))
	b.ReportAllocs()
	for b.Loop() {
		if r := Linearizable(h, Options{}); r.Verdict != Holds {
			b.Fatal(r)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(h)), "ns/op-of-history")
}
