// Package table holds what a sweep measured, and reads it: tidy files with a row for each run, statistics with intervals,
// differences of two designs on the same seeds, differences of two sweeps.
package table
