package main

import (
	"fmt"
	"math"
	"runtime"
	"strconv"
	"time"

	"lightcone/experiments"
	"lightcone/experiments/batch"
)

// Bounds beyond which a sweep wants to be told --yes.
const (
	mostRuns = 1_000_000
	mostEver = 50_000_000 // with --yes: the results of a sweep are put together in memory
	mostTime = time.Hour
)

// For an estimate, one run at each of so many points is timed, so often, for so long in all; of a sweep of few runs, or of
// long ones, the first alone.
const (
	timedPoints = 8
	timedOften  = 3
	timedFor    = 2 * time.Second
	fewRuns     = 1000
	longRun     = 10 * time.Second
)

// extent says how large a sweep is: 11 points x 1000 seeds = 11000 runs.
func extent(e experiments.Extent) string {
	seeds, runs := strconv.Itoa(e.Most/e.Points), strconv.Itoa(e.Most)
	if e.Least != e.Most {
		seeds, runs = strconv.Itoa(e.Least/e.Points)+" to "+seeds, strconv.Itoa(e.Least)+" to "+runs
	}
	if e.Most == e.Points {
		return fmt.Sprintf("%s x 1 seed = %s", many(e.Points, "point"), many(e.Most, "run"))
	}
	return fmt.Sprintf("%s x %s seeds = %s runs", many(e.Points, "point"), seeds, runs)
}

// many is 1 point, 2 points.
func many(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// cost is what a sweep is estimated to need.
type cost struct {
	time  time.Duration // on one core
	bytes float64       // of the journal
}

// estimate times some runs, each by the shortest time that it took: the first at a point also reads its scenario.
func estimate(t batch.Task, e experiments.Extent) (cost, error) {
	spent, size, err := timed(t, batch.Job{}, 1)
	if err != nil || spent >= longRun || e.Most <= fewRuns {
		return scaled(spent, size, 1, e), err
	}
	began, made := time.Now(), min(timedPoints, e.Points)
	spent, size = 0, 0
	for i := range made {
		j := batch.Job{Point: i * e.Points / made, Replication: min(1, e.Most/e.Points-1)}
		d, n, err := timed(t, j, timedOften)
		if err != nil {
			return cost{}, err
		}
		spent, size = spent+d, size+n
		if time.Since(began) >= timedFor {
			made = i + 1
			break
		}
	}
	return scaled(spent, size, made, e), nil
}

// timed makes a run so often, and returns the shortest time that it took and how large its record is.
func timed(t batch.Task, j batch.Job, often int) (shortest time.Duration, size int, err error) {
	shortest = math.MaxInt64
	for range often {
		began := time.Now()
		record, err := t.Run(j)
		if err != nil {
			return 0, 0, err
		}
		shortest, size = min(shortest, time.Since(began)), len(record)
		if shortest >= timedFor {
			break
		}
	}
	return shortest, size, nil
}

// scaled is the cost of a sweep of which so many runs took so long and have records of so many bytes.
func scaled(spent time.Duration, size, made int, e experiments.Extent) cost {
	runs := float64(e.Most) / float64(made)
	const perLine = 24
	return cost{saturated(spent.Seconds() * runs), (float64(size) + perLine*float64(made)) * runs}
}

// saturated is a time in seconds as a duration, at most the longest there is.
func saturated(seconds float64) time.Duration {
	return time.Duration(min(seconds*float64(time.Second), math.MaxInt64/2))
}

// on is how long it takes on so many cores.
func (c cost) on(workers int) time.Duration { return c.time / time.Duration(workers) }

// possible reports a sweep whose results no machine would hold.
func possible(name string, e experiments.Extent) error {
	if e.Least <= mostEver {
		return nil
	}
	return fmt.Errorf("lightcone: %s is %s, want at most %d runs, with --yes too: the results of a sweep are put together in memory", name, extent(e), mostEver)
}

// allowed reports a sweep that is too large to be begun without a word.
func allowed(name string, e experiments.Extent, c cost, workers int) error {
	if e.Most <= mostRuns && c.on(workers) <= mostTime {
		return nil
	}
	return fmt.Errorf("lightcone: %s is %s, estimated at %s on %s and %s, want at most %d runs and %s; --yes runs it all the same",
		name, extent(e), about(c.on(workers)), many(workers, "core"), space(c.bytes), mostRuns, about(mostTime))
}

// cores is how many runs are made at once.
func cores(workers int) int {
	if workers > 0 {
		return workers
	}
	return runtime.GOMAXPROCS(0)
}

// about is a duration in its largest unit: 3 days, 12 min.
func about(d time.Duration) string {
	const day = 24 * time.Hour
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{365 * day, " years"}, {day, " days"}, {time.Hour, " h"}, {time.Minute, " min"}} {
		if n := float64(d) / float64(u.unit); n >= 1 {
			if n >= 10 {
				n = math.Round(n)
			}
			return strconv.FormatFloat(math.Round(10*n)/10, 'f', -1, 64) + u.name
		}
	}
	return strconv.Itoa(int(math.Ceil(d.Seconds()))) + " s"
}

// space is a size in its largest unit: 120 GB.
func space(n float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e12, " TB"}, {1e9, " GB"}} {
		if n >= u.size {
			return strconv.FormatFloat(math.Round(n/u.size), 'f', -1, 64) + u.name
		}
	}
	return strconv.FormatFloat(math.Ceil(n/1e6), 'f', -1, 64) + " MB"
}
