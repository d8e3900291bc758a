// Package batch works off many runs on all cores or machines, and keeps what is done whatever interrupts it.
//
// A Task is a grid of points with replications. What comes of it does not depend on the number of cores, on shards, or on
// how often it was interrupted: records are ordered by point and replication.
//
//	records, err := batch.Run(ctx, "out/sweep.partial", task, batch.Options{})
//
// # What is kept
//
// The directory holds a journal: a line for each run that is over, with a checksum, appended when the run ends. Run goes
// on from there. It first makes one of the journal's runs again; if that comes out differently, the program is another
// one, and that is an error (ChangedError). A journal of another key is an error too (MismatchError), which lists what
// differs. A line that cannot be read counts as a run that was not made.
//
// A process that is killed loses the runs in flight. A machine that loses power also loses the runs that ended in the
// second or two before: the journal is brought to the disk once a second, not after each run. When the disk is full, Run
// ends with an error that says so, and goes on when there is room again.
//
// A lock keeps a second process out of the directory; it goes with the process that holds it. Where the file system or the
// platform has no such locks, nothing keeps it out.
//
// # On many machines
//
// RunShard makes a part of the runs and leaves one file; Merge reads the files of all parts, wherever they were made. Runs
// are dealt out one by one, or, where the number of replications depends on their outcome (Task.Sequential), by whole
// points. Each part is made by a program of its own that knows its index and nothing of the others.
//
// # Not here
//
// Scheduling, copying of files between machines, retries: engines that run arrays of jobs have them.
package batch
