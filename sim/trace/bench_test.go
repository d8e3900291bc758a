package trace

import (
	"bytes"
	"io"
	"testing"

	"lightcone/sim"
)

// benchmarkEvents are the events of a run, as an observer sees them.
func benchmarkEvents(b *testing.B) []sim.Event {
	var events []sim.Event
	c := everything(sim.ObserverFunc(func(e *sim.Event) { events = append(events, *e) }))
	w, err := sim.New(c)
	if err != nil {
		b.Fatal(err)
	}
	w.Run()
	return events
}

func BenchmarkWriter(b *testing.B) {
	events := benchmarkEvents(b)
	b.ReportAllocs()
	w, err := NewWriter(io.Discard, Header{Nodes: 4}, Keep{Events: 1 << 40, Bytes: 1 << 60})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		w.Observe(&events[i%len(events)])
	}
}

func BenchmarkRecorder(b *testing.B) {
	events := benchmarkEvents(b)
	b.ReportAllocs()
	r := &Recorder{Header: Header{Nodes: 4}, Keep: Keep{Last: 100_000}}
	for i := 0; b.Loop(); i++ {
		r.Observe(&events[i%len(events)])
	}
}

func BenchmarkRead(b *testing.B) {
	t := everythingTrace(b)
	var buf bytes.Buffer
	if err := writeJSONL(&buf, t); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(bytes.NewReader(buf.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(t.Events)), "ns/event")
}

func BenchmarkOrder(b *testing.B) {
	t := randomTrace(1, 8, 20_000)
	b.ReportAllocs()
	for b.Loop() {
		NewOrder(t)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(t.Events)), "ns/event")
}
