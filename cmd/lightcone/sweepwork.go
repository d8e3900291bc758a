package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"lightcone/experiments/batch"
)

// undertaking is what is worked off.
type undertaking struct {
	name  string // what people call it
	dir   string // where its runs are kept
	again string // how to go on when it was interrupted
}

// working is a batch that is worked off with its progress shown and interrupts heeded: the first lets the runs in flight
// end, the second ends the process.
type working struct {
	undertaking
	last batch.Progress // what was last known of it
	bar  *bar           // nil off a terminal
	out  io.Writer      // for messages: above the bar
}

// work calls do, which works off a batch, with a context that an interrupt ends, and reports whether the batch is complete.
// An interruption is no error: it is told, and has an exit code.
func (c *command) work(u undertaking, workers int, failed func([]byte) bool, do func(context.Context, batch.Options) error) (ok bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w := &working{undertaking: u, out: c.err}
	if c.shows() {
		w.bar = newBar(c.err, u.name)
		w.out = w.bar.all
	}
	defer context.AfterFunc(ctx, func() {
		stop() // the next interrupt has its usual effect
		fmt.Fprintf(w.out, "%s: interrupted; what is being run is finished, and kept (interrupt again to end at once)\n", u.name)
	})()
	err = do(ctx, batch.Options{Workers: workers, Failed: failed, Progress: w.progress})
	w.bar.end()
	var changed *batch.ChangedError
	var disk syscall.Errno
	switch {
	case errors.As(err, &changed):
		fmt.Fprintf(c.err, "%v\nlightcone: %s is of no use to this program, want it removed\n", err, u.dir)
		c.code = exitNondeterminism
		return false, nil
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.err, "%s: %s\n", u.name, w.kept())
		c.code = exitUndecided
		return false, nil
	case errors.As(err, &disk) && w.last.Known > 0:
		return false, fmt.Errorf("%w\nlightcone: %s", err, w.kept())
	}
	return err == nil, err
}

// kept says what of an unfinished batch is there.
func (w *working) kept() string {
	return fmt.Sprintf("%d of %d runs are done, and kept in %s: %s", w.last.Done, w.last.Known, w.dir, w.again)
}

// progress is called after each run.
func (w *working) progress(p batch.Progress) {
	if w.last.Known == 0 && p.Unreadable > 0 {
		fmt.Fprintf(w.out, "%s: %d lines of the journal cannot be read (a disk that failed, or power that was lost): their runs are made again\n", w.name, p.Unreadable)
	}
	w.last = p
	w.bar.show(p)
}

// bar is the progress of a batch on a terminal.
type bar struct {
	all   *mpb.Progress
	bar   *mpb.Bar
	began time.Time
	shown time.Time
	now   atomic.Pointer[batch.Progress]
}

// barEvery is how often the bar is drawn.
const barEvery = 150 * time.Millisecond

func newBar(w io.Writer, name string) *bar {
	b := &bar{began: time.Now()}
	b.now.Store(&batch.Progress{})
	b.all = mpb.New(mpb.WithOutput(w), mpb.WithAutoRefresh(), mpb.WithRefreshRate(barEvery))
	b.bar = b.all.New(0, mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]"), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return name + "  " + counts(*b.now.Load()) + " " })),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + pace(*b.now.Load(), time.Since(b.began)) })))
	return b
}

// show draws how far the batch is, not more often than one can see.
func (b *bar) show(p batch.Progress) {
	if b == nil {
		return
	}
	b.now.Store(&p)
	if now := time.Now(); now.Sub(b.shown) >= barEvery {
		b.shown = now
		b.bar.SetTotal(int64(p.Known), false)
		b.bar.SetCurrent(int64(p.Done))
	}
}

// end clears the bar away.
func (b *bar) end() {
	if b == nil {
		return
	}
	b.bar.Abort(true)
	b.all.Wait()
}

// counts is done/known, when they are known.
func counts(p batch.Progress) string {
	if p.Known == 0 {
		return "reading"
	}
	return fmt.Sprintf("%d/%d", p.Done, p.Known)
}

// shows reports whether progress is shown: on a terminal that can.
func (c *command) shows() bool { return terminal(c.err) && os.Getenv("TERM") != "dumb" }

// busy says on a terminal what is being done, until the function that it returns is called.
func (c *command) busy(text string) (done func()) {
	if !c.shows() {
		return func() {}
	}
	fmt.Fprint(c.err, text)
	return func() { fmt.Fprint(c.err, "\r\x1b[K") }
}

// pace is the rate, the time left and the failures, of what was done since the start.
func pace(p batch.Progress, since time.Duration) string {
	text := ""
	if made := p.Done - p.Resumed; made > 0 && since > 0 {
		rate := float64(made) / since.Seconds()
		text = perSecond(rate)
		if left := p.Known - p.Done; left > 0 {
			text += "  " + about(saturated(float64(left)/rate)) + " left"
		}
	}
	if p.Failed > 0 {
		text += fmt.Sprintf("  %d failed", p.Failed)
	}
	return text
}

// perSecond is a rate in three digits.
func perSecond(rate float64) string {
	if rate >= 100 {
		return strconv.FormatFloat(rate, 'f', 0, 64) + "/s"
	}
	return strconv.FormatFloat(rate, 'g', 3, 64) + "/s"
}
