package trace

import (
	"strings"
	"testing"

	"lightcone/sim"
)

// TestStatsAreTheEngines compares what the trace shows with what the engine counted.
func TestStatsAreTheEngines(t *testing.T) {
	r := &Recorder{Header: Header{Nodes: 4}}
	w, err := sim.New(everything(r))
	if err != nil {
		t.Fatal(err)
	}
	want := w.Run().Stats
	got := r.Trace().Stats()
	if uint64(got.Sent) != want.Sent || uint64(got.Delivered) != want.Delivered || uint64(got.Duplicated) != want.Duplicated ||
		uint64(got.InFlight) != want.InFlight {
		t.Errorf("got %+v, the engine counted %+v", got, want)
	}
	for cause, n := range got.Lost {
		if uint64(n) != want.Dropped[cause] {
			t.Errorf("%d copies lost by %v, the engine counted %d", n, sim.Cause(cause), want.Dropped[cause])
		}
	}
}

func TestCheckAcceptsRuns(t *testing.T) {
	for _, k := range []Keep{{}, {Last: 50}, {Events: 50}} {
		for _, l := range []Level{Full, Messages, Faults} {
			tr := record(t, everything(), k, Header{Level: l})
			if err := tr.Check(); err != nil {
				t.Errorf("%+v, level %v: %v", k, l, err)
			}
		}
	}
	for seed := range uint64(10) {
		if err := randomTrace(seed, 4, 300).Check(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// TestCheckFindsBrokenLaws plants one fault in a good trace at a time.
func TestCheckFindsBrokenLaws(t *testing.T) {
	good := func() *Trace {
		return tell(`
			n0 init
			n1 init
			n0 send n1
			n1 deliver n0
			n1 crash
			n1 recover
			n1 init`)
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		spoil func(*Trace)
		says  string
	}{
		{"two fates", func(tr *Trace) {
			again := tr.Events[3]
			again.ID, again.Time, again.At = 8, tr.Header.End, tr.Header.End
			tr.Events = append(tr.Events, again)
		}, "event 8: a second fate of copy 0 of n0->n1#1"},
		{"a dead node acts", func(tr *Trace) {
			tr.Events[5].Kind = sim.Note
		}, "event 6: a note on n1, which is down"},
		{"a dead node crashes", func(tr *Trace) {
			tr.Events[5].Kind = sim.Crashed
		}, "event 6: a crash on n1, which is down"},
		{"a running node recovers", func(tr *Trace) {
			tr.Events[4].Kind = sim.Note
		}, "event 6: a recover on n1, which is up"},
		{"a paused node acts", func(tr *Trace) {
			tr.Events[4].Kind, tr.Events[5].Kind = sim.Paused, sim.Note
		}, "event 7: a init on n1, which is paused"},
		{"time falls", func(tr *Trace) {
			tr.Events[6].Time = 0
		}, "event 7: t is 0, want at least 5000000"},
		{"received, never sent", func(tr *Trace) {
			tr.Events = append(tr.Events[:2], tr.Events[3:]...)
		}, "event 4: link is 3, which is not there"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tr := good()
			tt.spoil(tr)
			if err := tr.Check(); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want it to say %q", err, tt.says)
			}
		})
	}
}

func TestDiverge(t *testing.T) {
	a, b := everythingTrace(t), everythingTrace(t)
	if d := Diverge(a, b); d != nil {
		t.Fatalf("two runs of one seed: %v", d)
	}
	i := len(b.Events) / 2
	for b.Events[i].Kind != sim.Deliver {
		i++
	}
	b.Events[i].Time += 5
	d := Diverge(a, b)
	if d == nil || d.Index != [2]int{i, i} || d.Same != uint64(i) || d.Event != a.Events[i].ID || len(d.Fields) != 1 || !strings.HasPrefix(d.Fields[0], "t is ") {
		t.Fatalf("got %+v, want event %d to differ in its time", d, a.Events[i].ID)
	}
	for _, want := range []string{"the runs part at event", "both", "first ", "second", a.Sentence(i)} {
		if !strings.Contains(d.String(), want) {
			t.Errorf("%q is not in\n%v", want, d)
		}
	}
	b = everythingTrace(t)
	b.Events = b.Events[:100]
	if d := Diverge(a, b); d == nil || d.Index != [2]int{100, 100} || !strings.Contains(d.String(), "second  ends at") {
		t.Errorf("got %v, want that the second ends after 100 events", d)
	}
	b.Header.LeftAfter = 5
	if d := Diverge(a, b); d != nil {
		t.Errorf("got %v, want none: the second trace left out the rest", d)
	}
	b.Header.Seed = 8
	if d := Diverge(a, b); d == nil || !strings.Contains(d.String(), "the seed is 7 in the first and 8 in the second") {
		t.Errorf("got %v, want that the seeds differ", d)
	}
	last := record(t, everything(), Keep{Last: 60}, everythingHeader)
	if d := Diverge(a, last); d != nil {
		t.Errorf("the whole run and its last 60 events: %v", d)
	}
}
