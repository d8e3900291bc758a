// Package batch works off many runs on all cores or machines, and keeps what is done whatever interrupts it.
//
// A Task is a grid of points with replications. What comes of it does not depend on the number of cores, on shards, or on
// how often it was interrupted: records are ordered by point and replication.
package batch
