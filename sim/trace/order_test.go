package trace

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

// closure is happened-before by its definition: the transitive closure of process order and messages.
func closure(t *Trace) [][]bool {
	n := len(t.Events)
	before := make([][]bool, n)
	for b := range t.Events {
		before[b] = make([]bool, n)
		e := &t.Events[b]
		if e.Node == sim.Nobody {
			continue
		}
		direct := []int{}
		for a := b - 1; a >= 0; a-- {
			if t.Events[a].Node == e.Node {
				direct = append(direct, a)
				break
			}
		}
		if e.Kind == sim.Deliver {
			for a := range b {
				if t.Events[a].Kind == sim.Send && t.Events[a].ID == e.Link {
					direct = append(direct, a)
				}
			}
		}
		for _, a := range direct {
			before[b][a] = true
			for c := range a {
				before[b][c] = before[b][c] || before[a][c]
			}
		}
	}
	return before
}

// TestOrderAgainstClosure compares vector clocks, and above eagerLanes lanes the search, with the definition.
func TestOrderAgainstClosure(t *testing.T) {
	for _, nodes := range []int{1, 2, 5, eagerLanes, eagerLanes + 1} {
		for seed := range uint64(3) {
			tr := randomTrace(seed, nodes, 400)
			o, before := NewOrder(tr), closure(tr)
			for b := range tr.Events {
				for a := range tr.Events {
					if got := o.HappenedBefore(a, b); got != before[b][a] {
						t.Fatalf("%d nodes, seed %d: HappenedBefore(%d, %d) is %v", nodes, seed, a, b, got)
					}
					lanes := tr.Events[a].Node != sim.Nobody && tr.Events[b].Node != sim.Nobody
					if got := o.Concurrent(a, b); got != (lanes && a != b && !before[b][a] && !before[a][b]) {
						t.Fatalf("%d nodes, seed %d: Concurrent(%d, %d) is %v", nodes, seed, a, b, got)
					}
				}
				checkCones(t, o, before, b)
			}
		}
	}
}

// checkCones compares the past and the future of an event with the definition.
func checkCones(t *testing.T, o *Order, before [][]bool, i int) {
	t.Helper()
	past, future := o.Past(i), o.Future(i)
	for e := range before {
		node := o.trace.Events[e].Node
		if node == sim.Nobody {
			continue
		}
		self := e == i
		if got, want := o.Index(e) < int(past[node]), before[i][e] || self; got != want {
			t.Fatalf("event %d in the past of %d: %v, want %v", e, i, got, want)
		}
		if got, want := o.Index(e) >= int(future[node]), before[e][i] || self; got != want {
			t.Fatalf("event %d in the future of %d: %v, want %v", e, i, got, want)
		}
	}
}

// TestChain checks that chains are ways in happened-before with as few messages as any, which relaxing over all edges
// finds too.
func TestChain(t *testing.T) {
	tr := randomTrace(4, 5, 300)
	o, before := NewOrder(tr), closure(tr)
	for a := range tr.Events {
		fewest := messagesFrom(o, a)
		for b := range tr.Events {
			chain := o.Chain(a, b)
			if (chain != nil) != before[b][a] {
				t.Fatalf("Chain(%d, %d) is %v, happened before: %v", a, b, chain, before[b][a])
			}
			if chain == nil {
				continue
			}
			messages := 0
			for n := 1; n < len(chain); n++ {
				from, to := chain[n-1], chain[n]
				switch {
				case tr.Events[from].Node == tr.Events[to].Node && from < to:
				case o.Sent(to) == from:
					messages++
				default:
					t.Fatalf("Chain(%d, %d) is %v: no way from %d to %d", a, b, chain, from, to)
				}
			}
			if chain[0] != a || chain[len(chain)-1] != b || messages != fewest[b] {
				t.Fatalf("Chain(%d, %d) is %v with %d messages, want %d", a, b, chain, messages, fewest[b])
			}
		}
	}
}

// messagesFrom returns for each event the least number of messages between lanes on a way from a.
func messagesFrom(o *Order, a int) []int {
	const far = 1 << 30
	least := make([]int, len(o.index))
	for i := range least {
		least[i] = far
	}
	least[a] = 0
	for i := a + 1; i < len(least); i++ {
		if at := o.index[i]; at > 0 {
			least[i] = min(least[i], least[o.lane[o.trace.Events[i].Node][at-1]])
		}
		if s := o.Sent(i); s >= 0 && o.trace.Events[s].Node != o.trace.Events[i].Node {
			least[i] = min(least[i], least[s]+1)
		}
	}
	return least
}

// tell is a small language for traces: each line an event, "n0 send n1" and so on; messages between two nodes arrive in
// order.
func tell(lines string) *Trace {
	tr := &Trace{Header: Header{Nodes: 3}}
	k := map[string]uint64{}
	sent := map[string][]uint64{}
	last := map[string]uint64{}
	for n, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		w := strings.Fields(line)
		e := Event{ID: uint64(n + 1), Time: sim.Time(n) * sim.Time(time.Millisecond), From: sim.Nobody, To: sim.Nobody}
		fmt.Sscanf(w[0], "n%d", &e.Node)
		e.Kind, _ = sim.ParseKind(w[1])
		e.At, e.Local, e.Wall = e.Time, sim.Local(e.Time), sim.Local(e.Time)
		key := w[0]
		switch e.Kind {
		case sim.Send:
			e.From = e.Node
			fmt.Sscanf(w[2], "n%d", &e.To)
			key += w[2]
			k[key]++
			e.K = k[key]
			sent[key] = append(sent[key], e.ID)
			e.Value = Value{Type: "string", Text: fmt.Sprintf("m%d", e.ID)}
		case sim.Deliver:
			e.To = e.Node
			fmt.Sscanf(w[2], "n%d", &e.From)
			key = w[2] + w[0]
			e.Link, sent[key] = sent[key][0], sent[key][1:]
			e.K, e.Value = tr.Events[e.Link-1].K, tr.Events[e.Link-1].Value
		case sim.Persist, sim.TimerSet:
			last[key+w[2]] = e.ID
			e.Text = w[2]
		case sim.Durable, sim.WriteLost, sim.Timeout:
			e.Link, e.Text = last[key+w[2]], w[2]
		}
		tr.Events = append(tr.Events, e)
		tr.Header.End = e.Time
	}
	return tr
}

// TestInformedPassesCrashesOnlyByWrites: n0 tells n1 twice; n1 writes what it heard first, crashes, and tells n2.
func TestInformedPassesCrashesOnlyByWrites(t *testing.T) {
	tr := tell(`
		n0 init
		n0 send n1
		n1 deliver n0
		n1 persist x
		n1 durable x
		n0 send n1
		n1 deliver n0
		n1 persist y
		n1 crash
		n1 recover
		n1 init
		n1 send n2
		n2 deliver n1`)
	o := NewOrder(tr)
	ids := func(places []int) (ids []uint64) {
		for _, i := range places {
			ids = append(ids, tr.Events[i].ID)
		}
		return ids
	}
	if got, want := ids(o.Informed(12)), []uint64{1, 2, 3, 4, 10, 11, 12, 13}; !slices.Equal(got, want) {
		t.Errorf("informed: events %v, want %v: the write of x and what it came from, and nothing of y", got, want)
	}
	if past := o.Past(12); !slices.Equal(past, []int32{3, 9, 1}) {
		t.Errorf("past: %v, want all of n0, all of n1 and its own event", past)
	}
}

// TestInformedIsInPast checks on random traces that the cone is part of the past, and all of it where nothing crashes.
func TestInformedIsInPast(t *testing.T) {
	for seed := range uint64(5) {
		tr := randomTrace(seed, 4, 200)
		o, before := NewOrder(tr), closure(tr)
		for i := range tr.Events {
			in := o.Informed(i)
			crashed, past := false, 0
			for a := range tr.Events {
				if before[i][a] || a == i && tr.Events[i].Node != sim.Nobody {
					past++
					crashed = crashed || tr.Events[a].Kind == sim.Recovered
				}
			}
			for _, a := range in {
				if a != i && !before[i][a] {
					t.Fatalf("seed %d: event %d informs %d, and did not happen before it", seed, a, i)
				}
			}
			if !crashed && len(in) != past {
				t.Fatalf("seed %d: %d events inform event %d, want all %d before it", seed, len(in), i, past)
			}
		}
	}
}

func TestWhy(t *testing.T) {
	tr := tell(`
		n0 init
		n0 timer-set go
		n0 timeout go
		n1 init
		n0 send n1
		n1 deliver n0
		n1 send n2
		n2 deliver n1`)
	for i := range tr.Events {
		switch tr.Events[i].ID {
		case 2:
			tr.Events[i].Time = 0 // set by Init
		case 5, 7:
			sender := map[uint64]int{5: 2, 7: 5}[tr.Events[i].ID] // the handler before
			tr.Events[i].Time = tr.Events[sender].Time
		}
	}
	got := NewOrder(tr).Why(7)
	want := []string{
		"n0 starts",
		"n0 sets a timer, due in 1ms",
		"n0's timer fires, set 2ms earlier",
		"n0 sends m5 to n1",
		"n1 receives m5 from n0, sent 3ms earlier",
		"n1 sends m7 to n2",
		"n2 receives m7 from n1, sent 2ms earlier",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLate: n0 sets a timer with its message; the message arrives after it fired, and so does the answer. A second one
// is in time.
func TestLate(t *testing.T) {
	c := everything()
	tr := record(t, c, Keep{}, Header{})
	o := NewOrder(tr)
	late := o.lateDeliveries()
	var got []string
	for i := range tr.Events {
		if late[i] {
			got = append(got, tr.Events[i].Name().String()+" "+tr.Events[i].Value.Text)
		}
	}
	// n3's second job takes 35 ms and its retry timer 26 ms by a clock that runs 6 % fast: the job is late and its
	// answer too. All other jobs that arrive are answered within 22 ms, or when their timer has been stopped.
	want := []string{"n3->n0#2 job 2", "n0->n3#2 done{N:2}"}
	if !slices.Equal(got, want) {
		t.Errorf("late: %v, want %v", got, want)
	}
}
