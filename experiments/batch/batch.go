package batch

import "context"

// Job names one run: the r-th replication of a point of the grid, both from 0.
type Job struct{ Point, Replication int }

// Task is a grid of runs, each of which comes to one record.
type Task struct {
	// Key names what is run, down to the last setting and the version of the program. A directory belongs to one key.
	Key string
	// About says the same for people, one line each, in the same order for every key: what is compared when keys differ.
	About []string
	// Points is how many points the grid has.
	Points int
	// Need returns how many replications a point is to have, given the records of those it has, which are the first. It is
	// asked with none, then whenever all that it asked for are there, until it asks for no more. It depends on its
	// arguments alone, so that a sweep asks for the same runs whatever the number of cores, shards and interruptions.
	Need func(point int, records [][]byte) int
	// Run makes a run: its record is one line of text without its end. The same job, the same bytes. It is called from
	// several goroutines at once. An error means that the run cannot be made, and ends the batch; a run that failed is a
	// record.
	Run func(Job) ([]byte, error)
}

// Records holds the record of each run, by point and replication.
type Records [][][]byte

// Options say how a batch is worked off.
type Options struct {
	Workers  int                 // how many runs at once; 0: as many as there are cores
	Progress func(p Progress)    // called after each run, from one goroutine; may be nil
	Failed   func(r []byte) bool // whether a record is that of a run that failed, for Progress; may be nil
}

// Progress is how far a batch is.
type Progress struct {
	Done, Known int // runs that are over, and runs that are known to be needed
	Resumed     int // of Done, those that were there from the start
	Failed      int
}

// Shard is a part of a batch: Index of Count, from 0. The whole is {0, 1}.
type Shard struct{ Index, Count int }

// Run works off a batch, going on where an earlier call with the same key stopped: dir keeps a journal of the runs that
// are over. When the context is cancelled, runs in flight are brought to their end and kept, and the error is the
// context's. Nothing but the runs in flight is lost if the process is killed or the disk fills.
func Run(ctx context.Context, dir string, t Task, o Options) (Records, error) {
	panic("batch: not yet")
}

// RunShard does so for a part, and leaves one file in dir, complete or not at all, that Merge reads. A part that is
// complete already is left as it is.
func RunShard(ctx context.Context, dir string, t Task, s Shard, o Options) error {
	panic("batch: not yet")
}

// Merge reads the parts in dir. It refuses a set that is not of this key, that misses a part, or in which two parts have
// the same run, and says which.
func Merge(dir string, t Task) (Records, error) { panic("batch: not yet") }
