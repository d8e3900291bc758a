package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// work is a batch while it is worked off: one goroutine hands out runs and keeps what comes of them, others make them.
type work struct {
	grid     *grid
	journal  *journal
	options  Options
	progress Progress

	running int      // runs handed out that are not back
	broken  []result // runs that could not be made
	lost    error    // why the journal cannot be written
}

// result is what came of a run.
type result struct {
	entry
	err error
}

func newWork(g *grid, j *journal, o Options, unreadable int) *work {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Failed == nil {
		o.Failed = func([]byte) bool { return false }
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	w := &work{grid: g, journal: j, options: o}
	w.progress = Progress{Done: g.done, Known: g.known, Resumed: g.done, Unreadable: unreadable}
	for _, p := range g.points {
		for _, record := range p.records {
			if record != nil && o.Failed(record) {
				w.progress.Failed++
			}
		}
	}
	return w
}

// do makes the runs that are missing.
func (w *work) do(ctx context.Context) error {
	jobs, results := make(chan Job), make(chan result, w.options.Workers) // what waits there is lost with the process
	var workers sync.WaitGroup
	for range w.options.Workers {
		workers.Go(func() {
			for j := range jobs {
				results <- w.grid.task.make(j)
			}
		})
	}
	w.begin()
	w.handOut(ctx, jobs, results)
	close(jobs)
	workers.Wait()
	return w.outcome(ctx)
}

// begin shows what is there from the start.
func (w *work) begin() { w.options.Progress(w.progress) }

// outcome says why the batch is not complete.
func (w *work) outcome(ctx context.Context) error {
	var first error
	if len(w.broken) > 0 {
		first = slices.MinFunc(w.broken, func(a, b result) int { return a.compare(b.Job) }).err
	}
	switch err := errors.Join(first, w.lost); {
	case err != nil:
		return err
	case w.grid.done < w.grid.known:
		return ctx.Err()
	}
	if err := w.grid.unasked(); err != nil {
		return fmt.Errorf("batch: %s: %w", w.journal.name, err)
	}
	return nil
}

// handOut hands out runs and keeps what comes of them, until there are none or something is wrong.
func (w *work) handOut(ctx context.Context, jobs chan<- Job, results <-chan result) {
	var list []result
	for {
		next, ok := w.grid.next()
		to := jobs
		if !ok || len(w.broken) > 0 || w.lost != nil || ctx.Err() != nil {
			to = nil
		}
		if to == nil && w.running == 0 {
			return
		}
		select {
		case to <- next:
			w.running++
			w.grid.took(next)
		case r := <-results:
			list = append(list[:0], r)
			for len(results) > 0 {
				list = append(list, <-results)
			}
			w.keep(list)
		}
	}
}

// keep writes runs that are over to the journal.
func (w *work) keep(list []result) {
	w.running -= len(list)
	entries := make([]entry, 0, len(list))
	for _, r := range list {
		if r.err == nil {
			entries = append(entries, r.entry)
		} else {
			w.broken = append(w.broken, r)
		}
	}
	if w.lost == nil {
		w.lost = w.journal.append(entries)
	}
	if w.lost != nil {
		return
	}
	for _, e := range entries {
		w.grid.put(e)
		w.progress.Done, w.progress.Known = w.grid.done, w.grid.known
		if w.options.Failed(e.record) {
			w.progress.Failed++
		}
		w.options.Progress(w.progress)
	}
}

// make makes a run.
func (t Task) make(j Job) result {
	record, err := t.Run(j)
	if err == nil && strings.Contains(string(record), "\n") {
		err = fmt.Errorf("record is %q, want one line without its end", excerpt([]rune(string(record)), 0))
	}
	if err != nil {
		return result{entry{j, nil}, fmt.Errorf("batch: %v: %w", j, err)}
	}
	return result{entry{j, append([]byte{}, record...)}, nil}
}
