// Package table holds what a sweep measured, and reads it: tidy files with a row for each run, statistics with intervals,
// differences of two designs on the same seeds, differences of two sweeps.
//
//	t, err := table.ReadCSV("runs.csv", file)
//	m, err := t.Measure("latency, p99")
//	c := t.Cell(0, m)                    // at the first point: n, missing, mean, median, quantiles, least, most
//	d := t.Difference(m, 0, 1)           // the mean at the second point minus that at the first, on the same seeds
//	all, err := table.Compare(old, t)    // every measure at every point of two sweeps
//
// # Intervals
//
// Every Estimate says how its interval was made and from how many runs. Means have Student's, shares of runs Wilson's,
// quantiles those of order statistics, differences Student's over pairs with one seed, or Welch's. One run has no
// interval, and a statistic that a sample cannot bound has none either: neither is made up. Runs that have no value of a
// measure are left out and counted.
//
// # Not here
//
// Runs are taken as independent: seeds are. Where a run itself averages, its observations are no runs.
//
// # References
//
// Wilson 1927, Welch 1947, Holm 1979 (Scandinavian Journal of Statistics 6), David and Nagaraja 2003 (order statistics);
// package reliability has the first two and the last.
package table
