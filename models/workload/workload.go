package workload

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Workload is what one client asks for, and when.
type Workload struct {
	Arrivals Arrivals  // an open loop; nil: a closed one
	Think    dist.Dist // a closed loop: from an answer to the next question, in nanoseconds; nil: no time
	Keys     Keys
	Mix      Mix
	Ops      uint64 // how many operations; 0: without end
}

// Ask is one thing to ask for.
type Ask struct {
	Wait time.Duration // since the last question if Open, else since the last answer
	Open bool
	Kind Kind
	Key  string // k0, k1, ...
}

// The parts of an Ask, each with its own stream.
const (
	forWait uint64 = 1 + iota
	forKind
	forKey
)

// Next returns what to ask for the n-th time, from 0; ok false is the end. It draws one number from r, and from that all
// it needs.
func (w Workload) Next(n uint64, r *sim.Rand) (ask Ask, ok bool) {
	if w.Ops > 0 && n >= w.Ops {
		return Ask{}, false
	}
	name := r.Uint64()
	waits, kinds, keys := sim.NewRand(name, forWait), sim.NewRand(name, forKind), sim.NewRand(name, forKey)
	return Ask{
		Wait: w.wait(n, &waits),
		Open: w.Arrivals != nil,
		Kind: w.Mix.draw(&kinds),
		Key:  KeyName(w.Keys.Draw(&keys)),
	}, true
}

func (w Workload) wait(n uint64, r *sim.Rand) time.Duration {
	switch {
	case w.Arrivals != nil && n == 0:
		return w.Arrivals.First(r)
	case w.Arrivals != nil:
		return w.Arrivals.Gap(r)
	case w.Think != nil:
		return dist.Duration(w.Think, r)
	}
	return 0
}

// KeyName returns the name of a key by its number.
func KeyName(i int64) string { return "k" + strconv.FormatInt(i, 10) }

// Validate reports everything that is wrong with the workload.
func (w Workload) Validate() error {
	var errs []error
	if w.Arrivals != nil && w.Think != nil {
		errs = append(errs, errors.New("workload: Workload has Arrivals and Think, want one of them: an open loop or a closed one"))
	}
	if w.Arrivals != nil {
		errs = append(errs, w.Arrivals.Validate())
	}
	if w.Think != nil {
		if err := w.Think.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("workload: Workload.Think: %w", err))
		}
	}
	if w.Keys == nil {
		errs = append(errs, errors.New("workload: Workload.Keys is nil, want a law of keys"))
	} else {
		errs = append(errs, w.Keys.Validate())
	}
	return errors.Join(append(errs, w.Mix.Validate())...)
}
