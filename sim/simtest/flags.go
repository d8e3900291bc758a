package simtest

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
)

// The flags. They are texts so that "not given" can be told from every value: zero is a seed.
var (
	seedFlag    = flag.String("sim.seed", "", "run this seed only (LIGHTCONE_SEED)")
	runsFlag    = flag.String("sim.runs", "", "run seeds 1 to N (LIGHTCONE_RUNS)")
	verboseFlag = verboseOnce()
	updateFlag  = updateOnce()
)

// verboseOnce defines -sim.v, which may stand without a value.
func verboseOnce() *string {
	said := new(string)
	flag.BoolFunc("sim.v", "log every event (LIGHTCONE_V)", func(s string) error {
		*said = s
		return nil
	})
	return said
}

// updateOnce defines -update, unless another package has.
func updateOnce() flag.Value {
	if f := flag.Lookup("update"); f != nil {
		return f.Value
	}
	flag.Bool("update", false, "rewrite the expected files in testdata")
	return flag.Lookup("update").Value
}

// Updating reports whether the test was started with -update, and is to rewrite its expected files. A test that imports
// simtest asks here, as it cannot define the flag again.
func Updating() bool { return updateFlag.String() == "true" }

// DefaultRuns is how many seeds a test runs unless told otherwise.
const DefaultRuns = 20

// request is what the user asked for on the command line and in the environment.
type request struct {
	seed    uint64
	oneSeed bool
	runs    int // 0: not said
	verbose bool
}

// seeds returns the seeds to run.
func (r request) seeds(o Options) []uint64 {
	if r.oneSeed {
		return []uint64{r.seed}
	}
	n := r.runs
	if n == 0 {
		n = o.Runs
	}
	if n == 0 {
		n = DefaultRuns
	}
	s := make([]uint64, n)
	for i := range s {
		s[i] = uint64(i) + 1
	}
	return s
}

// asked reads the flags and the environment.
func asked() (request, error) {
	return parseRequest(
		first(*seedFlag, os.Getenv("LIGHTCONE_SEED")),
		first(*runsFlag, os.Getenv("LIGHTCONE_RUNS")),
		first(*verboseFlag, os.Getenv("LIGHTCONE_V")),
	)
}

func parseRequest(seed, runs, verbose string) (r request, err error) {
	var errs []error
	if seed != "" {
		r.oneSeed = true
		if r.seed, err = strconv.ParseUint(seed, 0, 64); err != nil {
			errs = append(errs, fmt.Errorf("simtest: the seed (-sim.seed, LIGHTCONE_SEED) is %q, want an integer from 0 to 2^64-1", seed))
		}
	}
	if runs != "" {
		if r.runs, err = strconv.Atoi(runs); err != nil || r.runs < 1 {
			errs = append(errs, fmt.Errorf("simtest: the number of runs (-sim.runs, LIGHTCONE_RUNS) is %q, want an integer of at least 1", runs))
		}
	}
	if verbose != "" {
		if r.verbose, err = strconv.ParseBool(verbose); err != nil {
			errs = append(errs, fmt.Errorf("simtest: verbosity (-sim.v, LIGHTCONE_V) is %q, want true or false", verbose))
		}
	}
	return r, errors.Join(errs...)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
