package trace

import (
	"errors"
	"fmt"
	"io"

	"lightcone/sim"
)

// MaxNodes is how many nodes a recorded run may have.
const MaxNodes = 1 << 22

// validate checks what a header says before the run.
func (h *Header) validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("trace: Header."+format, args...)) }
	if h.Nodes < 1 || h.Nodes > MaxNodes {
		bad("Nodes is %d, want 1 to %d", h.Nodes, MaxNodes)
	}
	if len(h.Lanes) != 0 && len(h.Lanes) != h.Nodes {
		bad("Lanes has %d names, want none, or one for each of %d nodes", len(h.Lanes), h.Nodes)
	}
	if h.Level > Faults {
		bad("Level is %d, want Full, Messages or Faults", h.Level)
	}
	return errors.Join(errs...)
}

const bufferSize = 64 << 10

// Writer is an Observer that writes a run to a file while it happens: one JSON document a line, first the header, then
// the events, and last, from Close, what is known when the run is over. It allocates nothing an event for values that
// print without.
type Writer struct {
	w       io.Writer
	header  Header
	keep    Keep
	buf     []byte
	text    []byte
	written int64
	events  uint64
	seen    bool
	err     error
}

// NewWriter returns a Writer and writes the header. The Writer has to be closed.
func NewWriter(w io.Writer, h Header, k Keep) (*Writer, error) {
	err := h.validate()
	if k.Last != 0 {
		err = errors.Join(err, fmt.Errorf("trace: Keep.Last is %d, want 0: a file keeps the first events, a Recorder can keep the last", k.Last))
	}
	if err != nil {
		return nil, err
	}
	return &Writer{w: w, header: h, keep: k, buf: appendHeader(make([]byte, 0, 2*bufferSize), &h)}, nil
}

// Observe writes an event. An error in writing is returned by Close.
func (w *Writer) Observe(e *sim.Event) {
	w.header.End = max(w.header.End, e.Time)
	if !w.seen {
		w.seen, w.header.LeftBefore = true, e.ID-1
	}
	switch {
	case w.err != nil || !w.header.Level.Records(e.Kind):
		return
	case w.header.Limit != "":
		w.header.LeftAfter++
		return
	case w.events == w.keep.events():
		w.header.Limit, w.header.LeftAfter = "events", 1
		return
	}
	start := len(w.buf)
	r := recordOf(e)
	w.text = w.text[:0]
	if e.Value != nil {
		w.text = appendText(w.text, e.Value)
		r.Value.Type = typeOf(e.Value)
		if w.keep.JSON {
			r.Value.JSON = jsonOf(e.Value)
		}
	}
	w.buf = appendEvent(w.buf, &r, w.text)
	if w.written+int64(len(w.buf)) > w.keep.bytes() {
		w.buf = w.buf[:start]
		w.header.Limit, w.header.LeftAfter = "bytes", 1
		return
	}
	w.events++
	if len(w.buf) >= bufferSize {
		w.flush()
	}
}

func (w *Writer) flush() {
	if w.err == nil {
		_, w.err = w.w.Write(w.buf)
		w.written += int64(len(w.buf))
	}
	w.buf = w.buf[:0]
}

// Close writes the last line: when the run ended, if that was after its last event, and its digest. It returns the
// first error of writing, and does not close the underlying writer.
func (w *Writer) Close(end sim.Time, digest string) error {
	w.header.End = max(w.header.End, end)
	w.header.Digest = digest
	w.buf = appendFooter(w.buf, &w.header, w.events)
	w.flush()
	if w.err != nil {
		return fmt.Errorf("trace: writing events: %w", w.err)
	}
	return nil
}

// writeJSONL writes a trace as a Writer does.
func writeJSONL(w io.Writer, t *Trace) error {
	buf := appendHeader(make([]byte, 0, 2*bufferSize), &t.Header)
	for i := range t.Events {
		buf = appendEvent(buf, &t.Events[i], t.Events[i].Value.Text)
		if len(buf) >= bufferSize {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	_, err := w.Write(appendFooter(buf, &t.Header, uint64(len(t.Events))))
	return err
}
