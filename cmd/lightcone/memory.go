package main

import (
	"os"
	"runtime/debug"

	"lightcone/experiments"
)

// How often garbage is collected: when the heap has grown by so many percent. Most runs live on a few megabytes and make
// much garbage; worlds of very many nodes are large themselves and make little.
const (
	garbageOfMany = 400 // percent: many small runs
	garbageUsual  = 100 // records of many runs beside them
	garbageOfBig  = 25  // large worlds, one for each core
	bigWorld      = 100_000
)

// collect sets how often garbage is collected, unless the user has.
func collect(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// spareMemory collects garbage as often as the worlds and the records of a sweep want.
func spareMemory(s *experiments.Sweep) {
	switch {
	case s.Population() >= bigWorld:
		collect(garbageOfBig)
	case s.Extent().Most >= mostRuns/10:
		collect(garbageUsual)
	}
}
