// Package checkpoint is a long job on a machine that crashes: it works, saves how far it has come, and after a crash
// begins again from what was saved.
//
//	cfg := sim.Config{Nodes: 1, New: checkpoint.New(checkpoint.Config{
//		Work: 100 * time.Hour, Every: 2 * time.Hour, Cost: 5 * time.Minute, Restart: 10 * time.Minute})}
//
// Each node has a job of its own. Saving often costs time, saving seldom loses work: the best interval between is what
// Young (1974) and Daly (2006) ask for.
//
// # Assumptions
//
// Crash-recovery: what was persisted survives, all else is gone. The job stops for as long as it saves, and a crash while
// it saves, or restarts, loses that as well. Times are measured on the node's own clock.
//
// # Not modelled
//
// Jobs on several machines that fail together, saving beside the work (asynchronous or incremental checkpoints), crashes
// that are noticed late, saved states that turn out to be damaged.
//
// # References
//
// J. W. Young, A first order approximation to the optimum checkpoint interval, CACM 17(9), 1974. J. T. Daly, A higher
// order estimate of the optimum checkpoint interval for restart dumps, Future Generation Computer Systems 22, 2006.
package checkpoint
