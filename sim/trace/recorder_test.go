package trace

import (
	"slices"
	"strings"
	"testing"

	"lightcone/sim"
)

func TestRecorderLimits(t *testing.T) {
	full := everythingTrace(t)
	n := uint64(len(full.Events))
	first := record(t, everything(), Keep{Events: 20}, everythingHeader)
	if h := first.Header; len(first.Events) != 20 || h.LeftAfter != n-20 || h.LeftBefore != 0 || h.Limit != "events" || h.End != full.Header.End || h.Complete() {
		t.Errorf("the first 20 of %d: %d events, %+v", n, len(first.Events), h)
	}
	last := record(t, everything(), Keep{Last: 20}, everythingHeader)
	if h := last.Header; h.LeftBefore != n-20 || h.LeftAfter != 0 || h.Limit != "" || !slices.EqualFunc(last.Events, full.Events[n-20:], sameEvent) {
		t.Errorf("the last 20 of %d: %d events, %+v", n, len(last.Events), h)
	}
	most := sizeOf(&full.Events[0]) * 50
	small := record(t, everything(), Keep{Bytes: most}, everythingHeader)
	size := int64(0)
	for i := range small.Events {
		size += sizeOf(&small.Events[i])
	}
	if size > most || size < most*9/10 || small.Header.Limit != "bytes" || uint64(len(small.Events))+small.Header.LeftAfter != n {
		t.Errorf("%d bytes of events in a limit of %d, %+v", size, most, small.Header)
	}
	if !full.Header.Complete() {
		t.Errorf("the whole run is not complete: %+v", full.Header)
	}
}

func sameEvent(a, b Event) bool { return len(differences(&a, &b)) == 0 }

func TestRecorderLevels(t *testing.T) {
	full := everythingTrace(t)
	for _, l := range []Level{Messages, Faults} {
		tr := record(t, everything(), Keep{}, Header{Level: l})
		var want []Event
		for _, e := range full.Events {
			if l.Records(e.Kind) {
				want = append(want, e)
			}
		}
		if !slices.EqualFunc(tr.Events, want, sameEvent) || len(want) == 0 || len(want) == len(full.Events) {
			t.Errorf("level %v: %d events, want %d of %d", l, len(tr.Events), len(want), len(full.Events))
		}
	}
	for k := sim.Init; k <= sim.Custom; k++ {
		if k.Fault() && !Faults.Records(k) {
			t.Errorf("level faults leaves out %v", k)
		}
		if Faults.Records(k) && !Messages.Records(k) || !Full.Records(k) {
			t.Errorf("levels are not nested at %v", k)
		}
	}
}

// TestRecorderCountsNodes records a run without saying how many nodes it has.
func TestRecorderCountsNodes(t *testing.T) {
	r := &Recorder{}
	w, err := sim.New(everything(r))
	if err != nil {
		t.Fatal(err)
	}
	w.Run()
	if n := r.Trace().Header.Nodes; n != 4 {
		t.Errorf("%d nodes, want 4", n)
	}
	if n := new(Recorder).Trace().Header.Nodes; n != 1 {
		t.Errorf("%d nodes in no run, want 1: a trace has at least one", n)
	}
}

// TestRecorderFromTheMiddle attaches a recorder to a run under way.
func TestRecorderFromTheMiddle(t *testing.T) {
	w, err := sim.New(everything())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.RunUntil(milli(50)); err != nil {
		t.Fatal(err)
	}
	r := &Recorder{Header: Header{Nodes: 4, Seed: 7}}
	w.Observe(r)
	w.Run()
	tr := r.Trace()
	if err := tr.Check(); err != nil || tr.Header.LeftBefore == 0 {
		t.Errorf("%d left out before: %v", tr.Header.LeftBefore, err)
	}
}

type pair struct {
	A, b int
	Next *pair
}

type level9 int

type pointed struct{ n int }

func (p *pointed) String() string { return strings.Repeat("p", p.n) }

func TestText(t *testing.T) {
	seven := 7
	tests := []struct {
		value      any
		text, typ_ string
	}{
		{nil, "", ""},
		{"as it is", "as it is", "string"},
		{42, "42", "int"},
		{level9(3), "level9(3)", "trace.level9"},
		{milli(5), "5ms", "sim.Time"},
		{pair{1, 2, &pair{A: 3}}, "pair{A:1 b:2 Next:{A:3 b:0 Next:nil}}", "trace.pair"},
		{&pair{A: 1}, "pair{A:1 b:0 Next:nil}", "*trace.pair"},
		{&pointed{2}, "pp", "*trace.pointed"},
		{(*pointed)(nil), "nil", "*trace.pointed"},
		{map[int]string{10: "x", 9: "y", 100: "z"}, `{9:"y" 10:"x" 100:"z"}`, "map[int]string"},
		{map[string]*int{"b": &seven, "a": nil}, `{"a":nil "b":7}`, "map[string]*int"},
		{[]byte("a\x00"), `"a\x00"`, "[]uint8"},
		{[]any{1.5, true, "q", nil, func() {}}, `[1.5 true "q" nil func]`, "[]interface {}"},
		{struct{}{}, "{}", "struct {}"},
		{sim.Words{A: 1, B: 2, C: 3}, "1 2 3", "sim.Words"},
		{struct{ at sim.Time }{milli(1)}, "{at:1ms}", "struct { at sim.Time }"},
		{"not UTF-8: \xff.", "not UTF-8: \uFFFD.", "string"},
	}
	for _, tt := range tests {
		if got := string(appendText(nil, tt.value)); got != tt.text {
			t.Errorf("%T: %s, want %s", tt.value, got, tt.text)
		}
		if got := typeOf(tt.value); got != tt.typ_ {
			t.Errorf("%T: type %s, want %s", tt.value, got, tt.typ_)
		}
	}
}

// TestTextIsBounded prints values that have no end.
func TestTextIsBounded(t *testing.T) {
	ring := &pair{A: 1}
	ring.Next = ring
	if s := string(appendText(nil, ring)); strings.Count(s, "A:1") > maxNested+2 || !strings.Contains(s, ellipsis) {
		t.Errorf("a ring: %s", s)
	}
	for _, v := range []any{make([]int, 1_000_000), strings.Repeat("é", 1_000_000)} {
		if s := string(appendText(nil, v)); len(s) > maxText+2*len(ellipsis)+2 || !strings.Contains(s, ellipsis) {
			t.Errorf("%T of a million: %d bytes", v, len(s))
		}
	}
	if s := jsonOf(make([]int, 1_000_000)); s != "" {
		t.Errorf("JSON of %d bytes is kept", len(s))
	}
}
