package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"lightcone/sim"
)

func encode(t testing.TB, tr *Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tr, "jsonl", Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	traces := []*Trace{record(t, everything(), Keep{JSON: true}, everythingHeader), {Header: Header{Nodes: 1}}}
	for seed := range uint64(20) {
		traces = append(traces, randomTrace(seed, 1+int(seed)%7, 300))
	}
	for _, tr := range traces {
		file := encode(t, tr)
		back, err := Read(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("seed %d: %v", tr.Header.Seed, err)
		}
		if len(tr.Events) > 0 && !reflect.DeepEqual(tr, back) {
			t.Errorf("seed %d: the trace read is not the trace written: %v", tr.Header.Seed, Diverge(tr, back))
		}
		if again := encode(t, back); !bytes.Equal(file, again) {
			t.Errorf("seed %d: writing what was read gives another file", tr.Header.Seed)
		}
	}
}

func TestRoundTripOfOddTexts(t *testing.T) {
	for _, text := range []string{"", " ", "a\"b\\c", "line\nbreak\ttab", "\x00\x1f", "日本 é 𝄞", "\u2028</script>", "�"} {
		tr := &Trace{Header: Header{Title: text, Nodes: 1, Lanes: []string{text}, Digest: text}}
		tr.Events = []Event{{ID: 1, Kind: sim.Note, From: sim.Nobody, To: sim.Nobody, Value: Value{Type: "string", Text: text}, Text: text}}
		back, err := Read(bytes.NewReader(encode(t, tr)))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if !reflect.DeepEqual(tr, back) {
			t.Errorf("%q came back as %+v", text, back)
		}
	}
}

// TestWriterStreams compares the file that is written while the run happens with that of the trace in memory.
func TestWriterStreams(t *testing.T) {
	var file bytes.Buffer
	h := everythingHeader
	h.Nodes, h.Seed = 4, 7
	w, err := NewWriter(&file, h, Keep{JSON: true})
	if err != nil {
		t.Fatal(err)
	}
	tr := record(t, everything(w), Keep{JSON: true}, everythingHeader)
	if err := w.Close(tr.Header.End, tr.Header.Digest); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file.Bytes(), encode(t, tr)) {
		t.Error("the Writer's file differs from that of the Recorder's trace")
	}
}

func TestWriterLimits(t *testing.T) {
	for _, k := range []Keep{{Events: 10}, {Bytes: 2000}} {
		var file bytes.Buffer
		w, err := NewWriter(&file, Header{Nodes: 4, Seed: 7}, k)
		if err != nil {
			t.Fatal(err)
		}
		full := record(t, everything(w), Keep{}, Header{})
		if err := w.Close(0, ""); err != nil {
			t.Fatal(err)
		}
		tr, err := Read(&file)
		if err != nil {
			t.Fatal(err)
		}
		n := len(tr.Events)
		if n == 0 || n == len(full.Events) || tr.Header.Limit == "" || n+int(tr.Header.LeftAfter) != len(full.Events) {
			t.Errorf("%+v: %d events, %d left out, limit %q; want %d in all and a limit", k, n, tr.Header.LeftAfter, tr.Header.Limit, len(full.Events))
		}
	}
}

type brokenDisk struct{}

func (brokenDisk) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriterReportsErrors(t *testing.T) {
	w, err := NewWriter(brokenDisk{}, Header{Nodes: 1}, Keep{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(0, ""); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Close returned %v, want %v", err, io.ErrShortWrite)
	}
	_, err = NewWriter(io.Discard, Header{Nodes: 0, Level: 9, Lanes: []string{"a"}}, Keep{Last: 1})
	for _, want := range []string{"Nodes is 0", "Level is 9", "Lanes has 1 names", "Keep.Last is 1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("NewWriter returned %v, want it to say %q", err, want)
		}
	}
}

// TestReadErrors reads files with one thing wrong each.
func TestReadErrors(t *testing.T) {
	const head = `{"lightcone":1,"seed":1,"nodes":2,"level":"full"}` + "\n"
	const send = `{"id":1,"t":5,"kind":"send","node":0,"from":0,"to":1,"k":1}` + "\n"
	const end1 = `{"end":9,"events":1}` + "\n"
	tests := []struct {
		name, file   string
		line, column int
		says         string
	}{
		{"empty", "", 1, 1, "got an empty file, want a header"},
		{"other format", `{"lightcone":2}` + "\n", 1, 14, `got "2}", want a whole number from 1 to 1`},
		{"not JSON", "hello\n", 1, 1, "want an object"},
		{"header incomplete", `{"lightcone":1,"seed":1,"nodes":2}` + "\n" + `{"end":0,"events":0}` + "\n", 1, 1, "level is missing"},
		{"lanes", `{"lightcone":1,"seed":1,"nodes":2,"lanes":["a"],"level":"full"}` + "\n" + `{"end":0,"events":0}` + "\n", 1, 1, "lanes is 1 names, want none, or one for each of 2 nodes"},
		{"too many nodes", `{"lightcone":1,"seed":1,"nodes":99999999,"level":"full"}` + "\n", 1, 33, "want a whole number from 1 to 4194304"},
		{"unknown key", head + `{"id":1,"t":0,"kind":"init","node":0,"color":"red"}` + "\n" + `{"end":0,"events":1}` + "\n", 2, 38, `got "\"color\":\"red\"}", want a key of an event: id, t, kind`},
		{"twice", head + `{"id":1,"id":1,"t":0,"kind":"init","node":0}` + "\n", 2, 9, `want "id" only once`},
		{"kind", head + `{"id":1,"t":0,"kind":"explode","node":0}` + "\n", 2, 22, "want the name of a kind of event"},
		{"fraction", head + `{"id":1,"t":0.5,"kind":"init","node":0}` + "\n", 2, 13, "want a whole number"},
		{"huge", head + `{"id":18446744073709551616,"t":0,"kind":"init","node":0}` + "\n", 2, 7, "want a whole number from 1"},
		{"missing", head + `{"id":1,"t":0}` + "\n", 2, 1, "kind is missing"},
		{"no such node", head + `{"id":1,"t":0,"kind":"init","node":2}` + "\n" + `{"end":0,"events":1}` + "\n", 2, 36, "node is 2, want a node from 0 to 1"},
		{"no node", head + `{"id":1,"t":0,"kind":"init"}` + "\n", 2, 1, "node is none"},
		{"ID again", head + send + send + end1, 3, 7, "id is 1, want more than 1"},
		{"time falls", head + send + `{"id":2,"t":4,"kind":"init","node":0}` + "\n" + end1, 3, 13, "t is 4, want at least 5"},
		{"dangling", head + send + `{"id":3,"t":6,"kind":"deliver","node":1,"from":0,"to":1,"k":1,"link":2}` + "\n" + end1, 3, 70, "link is 2, which is not there"},
		{"link to another kind", head + `{"id":1,"t":5,"kind":"init","node":0}` + "\n" + `{"id":3,"t":6,"kind":"deliver","node":1,"from":0,"to":1,"k":1,"link":1}` + "\n", 3, 70, "link is 1, of kind init, want the ID of its send"},
		{"link to another message", head + send + `{"id":3,"t":6,"kind":"deliver","node":1,"from":0,"to":1,"k":2,"link":1}` + "\n", 3, 70, "which sends n0->n1#1"},
		{"link ahead", head + `{"id":3,"t":6,"kind":"deliver","node":1,"from":0,"to":1,"k":2,"link":4}` + "\n", 2, 70, "want the ID of an earlier event"},
		{"delivered elsewhere", head + send + `{"id":3,"t":6,"kind":"deliver","node":0,"from":0,"to":1,"k":1,"link":1}` + "\n", 3, 39, "node is n0, want the receiver, n1"},
		{"lost for nothing", head + send + `{"id":3,"t":6,"kind":"drop","from":0,"to":1,"k":1,"link":1}` + "\n", 3, 1, "cause is none"},
		{"died before", head + send + `{"id":3,"t":6,"kind":"drop","from":0,"to":1,"k":1,"link":1,"cause":"loss","at":5}` + "\n", 3, 80, "at is 5, want at least"},
		{"role of a send", head + `{"id":1,"t":5,"kind":"send","node":0,"from":0,"to":1,"k":1,"role":"x"}` + "\n", 2, 67, "role is one, want none, in an event of kind send"},
		{"bad UTF-8", head + `{"id":1,"t":0,"kind":"note","node":0,"type":"string","value":"` + "\xff" + `"}` + "\n", 2, 63, "want valid UTF-8"},
		{"bad escape", head + `{"id":1,"t":0,"kind":"note","node":0,"type":"string","value":"\q"}` + "\n", 2, 63, "valid escapes"},
		{"bad JSON value", head + `{"id":1,"t":0,"kind":"note","node":0,"type":"string","json":{"a":1,}}` + "\n", 2, 61, "want valid JSON"},
		{"deep", head + `{"id":1,"t":0,"kind":"note","node":0,"type":"string","json":` + strings.Repeat("[", 100_000) + "\n", 2, 125, "nested at most 64 deep"},
		{"cut short", head + send, 3, 1, "the file was cut short"},
		{"cut within a line", head + send[:30], 2, 31, "want the end of the line"},
		{"count", head + send + `{"end":9,"events":2}` + "\n", 3, 1, "events is 2, want 1"},
		{"end", head + send + `{"end":4,"events":1}` + "\n", 3, 1, "end is 4, want at least 5"},
		{"more after the end", head + send + end1 + send, 4, 1, "want nothing after the closing line"},
		{"left out before", head + `{"id":7,"t":6,"kind":"deliver","node":1,"from":0,"to":1,"k":2,"link":4}` + "\n" + end1, 3, 1, "leftBefore is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tt.file))
			var first *Error
			if !errors.As(err, &first) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if first.Line != tt.line || first.Column != tt.column || !strings.Contains(first.Error(), tt.says) {
				t.Errorf("got  %v\nwant line %d, column %d, ... %s", first, tt.line, tt.column, tt.says)
			}
		})
	}
}

func TestReadReportsAllErrors(t *testing.T) {
	file := `{"lightcone":1,"seed":1,"nodes":2,"level":"full"}` + "\n" +
		strings.Repeat(`{"id":0,"t":-1,"kind":"what"}`+"\n", 5) + strings.Repeat("?\n", 100)
	_, err := ReadWithin(strings.NewReader(file), ReadLimits{Errors: 8})
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 9 || !strings.Contains(lines[0], "line 2,") || !strings.Contains(lines[7], "line 9,") || !strings.Contains(lines[8], "gave up after 8") {
		t.Errorf("got\n%v\nwant an error for each of lines 2 to 9, and that it gave up", err)
	}
}

// endless is a file whose second line has no end.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	if e.read == 0 {
		copy(b, "{}\n")
	}
	e.read += len(b)
	return len(b), nil
}

func TestReadLimits(t *testing.T) {
	e := &endless{}
	_, err := ReadWithin(e, ReadLimits{Line: 1 << 20})
	if err == nil || !strings.Contains(err.Error(), "want a line of at most 1048576 bytes") || e.read > 2<<20 {
		t.Errorf("after %d bytes: %v", e.read, err)
	}
	file := encode(t, randomTrace(1, 3, 50))
	if _, err := ReadWithin(bytes.NewReader(file), ReadLimits{Events: 49}); err == nil || !strings.Contains(err.Error(), "at most 49 events") {
		t.Errorf("50 events in a limit of 49: %v", err)
	}
	if _, err := ReadWithin(bytes.NewReader(file), ReadLimits{Events: 50}); err != nil {
		t.Errorf("50 events in a limit of 50: %v", err)
	}
}

// FuzzRead checks that no file makes the reader, or what draws what it read, panic, and that what is read is written
// the same again and again.
func FuzzRead(f *testing.F) {
	f.Add(encode(f, randomTrace(3, 3, 25)))
	f.Add([]byte(`{"lightcone":1,"seed":1,"nodes":2,"level":"faults"}` + "\n" + `{"id":7,"t":6,"kind":"drop","from":0,"to":1,"k":2,"link":4,"cause":"loss","at":9}` + "\n" + `{"end":9,"events":1}` + "\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		tr, err := ReadWithin(bytes.NewReader(file), ReadLimits{Line: 1 << 16, Events: 1000})
		if err != nil {
			return
		}
		once := encode(t, tr)
		back, err := Read(bytes.NewReader(once))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if twice := encode(t, back); !bytes.Equal(once, twice) {
			t.Fatal("written and read again, it is another file")
		}
		if tr.Header.Nodes > 100 {
			return
		}
		for m := TrueTime; m <= WallClock; m++ {
			for _, format := range []string{"text", "transcript", "svg"} {
				if err := Write(io.Discard, tr, format, Options{Mapping: m, Collapse: true, View: View(m % 2)}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, format := range []string{"shiviz", "perfetto"} {
			if err := Write(io.Discard, tr, format, Options{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestWriteRefusesUnknownFormats(t *testing.T) {
	err := Write(io.Discard, &Trace{Header: Header{Nodes: 1}}, "pdf", Options{})
	if err == nil || !strings.Contains(err.Error(), `format is "pdf", want one of text, transcript, svg`) {
		t.Errorf("got %v", err)
	}
	err = Write(io.Discard, &Trace{Header: Header{Nodes: 1}}, "svg", Options{View: AsNode, As: 3, From: 5, To: 2, MaxEvents: -1, Width: 3, Marks: []Mark{{Events: []uint64{8}}}})
	for _, want := range []string{"As is 3", "To is 2ns", "MaxEvents is -1", "Width is 3", "Marks[0] names event 8"} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}
