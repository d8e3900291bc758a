package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
)

// Job names one run: the r-th replication of a point of the grid, both from 0.
type Job struct{ Point, Replication int }

func (j Job) String() string {
	return fmt.Sprintf("replication %d of point %d", j.Replication, j.Point)
}

// compare orders jobs by point and replication.
func (j Job) compare(k Job) int {
	return cmp.Or(cmp.Compare(j.Point, k.Point), cmp.Compare(j.Replication, k.Replication))
}

// Task is a grid of runs, each of which comes to one record.
type Task struct {
	// Key names what is run, down to the last setting and the version of the program. A directory belongs to one key.
	Key string
	// About says the same for people, one line each, in the same order for every key: what is compared when keys differ.
	About []string
	// Points is how many points the grid has.
	Points int
	// Need returns how many replications a point is to have, given the records of those it has, which are the first. It is
	// asked with none; if the task is sequential, then also whenever all that it asked for are there, until it asks for no
	// more. It depends on its arguments alone, so that a sweep asks for the same runs whatever the number of cores, shards
	// and interruptions.
	Need func(point int, records [][]byte) int
	// Sequential is whether Need looks at the records.
	Sequential bool
	// Run makes a run: its record is one line of text without its end. The same job, the same bytes. It is called from
	// several goroutines at once. An error means that the run cannot be made, and ends the batch; a run that failed is a
	// record.
	Run func(Job) ([]byte, error)
}

func (t Task) check() error {
	var errs []error
	if t.Key == "" || strings.Contains(t.Key, "\n") {
		errs = append(errs, fmt.Errorf("batch: Task.Key is %q, want one line of text", t.Key))
	}
	for i, line := range t.About {
		if strings.Contains(line, "\n") {
			errs = append(errs, fmt.Errorf("batch: Task.About[%d] is %q, want one line of text", i, line))
		}
	}
	if t.Points < 1 {
		errs = append(errs, fmt.Errorf("batch: Task.Points is %d, want at least 1", t.Points))
	}
	if t.Need == nil || t.Run == nil {
		errs = append(errs, errors.New("batch: Task.Need or Task.Run is nil, want both"))
	}
	return errors.Join(errs...)
}

// Records holds the record of each run, by point and replication.
type Records [][][]byte

// Options say how a batch is worked off.
type Options struct {
	Workers  int                 // how many runs at once; 0: as many as there are cores
	Progress func(p Progress)    // called at the start and after each run, from one goroutine; may be nil
	Failed   func(r []byte) bool // whether a record is that of a run that failed, for Progress; may be nil
}

// Progress is how far a batch is.
type Progress struct {
	Done, Known int // runs that are over, and runs that are known to be needed
	Resumed     int // of Done, those that were there from the start
	Failed      int // of Done
	Unreadable  int // lines of the journal that could not be read, whose runs are made again
}

// Run works off a batch, going on where an earlier call with the same key stopped: dir keeps a journal of the runs that
// are over, and nothing else. When the context is cancelled, runs in flight are brought to their end and kept, and the
// error is the context's. Nothing but the runs in flight is lost if the process is killed or the disk fills.
func Run(ctx context.Context, dir string, t Task, o Options) (Records, error) {
	g, err := run(ctx, dir, t, Shard{0, 1}, o)
	if err != nil {
		return nil, err
	}
	return g.all(), nil
}

// run works off a part of a batch.
func run(ctx context.Context, dir string, t Task, s Shard, o Options) (*grid, error) {
	if err := errors.Join(t.check(), s.check()); err != nil {
		return nil, err
	}
	held, err := hold(dir)
	if err != nil {
		return nil, err
	}
	defer held.release()
	j, kept, err := openJournal(dir, t, s)
	if err != nil {
		return nil, err
	}
	g, err := resume(j.name, t, s, kept)
	if err == nil {
		err = newWork(g, j, o, kept.unreadable).do(ctx)
	}
	if err = errors.Join(err, j.close()); err != nil {
		return nil, err
	}
	return g, nil
}

// resume makes a grid of the runs that a journal has, after making one of them again.
func resume(name string, t Task, s Shard, kept runs) (*grid, error) {
	entries, err := ordered(name, kept.entries)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		if err := again(name, t, entries[0]); err != nil {
			return nil, err
		}
	}
	return newGrid(t, s, entries), nil
}

// again makes a run again, and reports if it comes out differently.
func again(name string, t Task, e entry) error {
	if e.Point >= t.Points {
		return fmt.Errorf("batch: %s has %v, want points up to %d", name, e.Job, t.Points-1)
	}
	record, err := t.Run(e.Job)
	if err != nil {
		return fmt.Errorf("batch: %v: %w", e.Job, err)
	}
	if string(record) != string(e.record) {
		return &ChangedError{Name: name, Job: e.Job, Recorded: string(e.record), Got: string(record)}
	}
	return nil
}
