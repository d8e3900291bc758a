package renewal

import (
	"errors"
	"fmt"
	"strconv"

	"lightcone/models/dist"
	"lightcone/sim"
)

// System is parts that alternate between up and down. Any one unit of time will do, the same for all laws.
type System struct {
	Parts []Part
	// Works reports whether the system is up when exactly the parts with up[i] are. It must not keep up, nor change it.
	Works func(up []bool) bool
	// Crews is how many repairs can be under way at once: what fails meanwhile waits, first come first served. 0 is a
	// crew for each part.
	Crews  int
	Shocks []Shock
}

// Part is one part of a system.
type Part struct {
	Name string    // names its streams; unique; default: its number, from 0
	Up   dist.Dist // time to failure, from new; nil: it never fails by itself
	Down dist.Dist // time to repair, once a crew is at it
}

// Shock is a common cause: it strikes now and then, and fails several parts at once.
type Shock struct {
	Name  string    // names its streams; unique; default: its number, from 0
	Every dist.Dist // time from one to the next
	Parts []int     // whom it can hit
	Hit   float64   // the probability that it hits, each part for itself; 1: all
}

// Validate reports everything that is wrong with the system.
func (s System) Validate() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("renewal: System."+format, args...)) }
	if len(s.Parts) == 0 {
		wrong("Parts is empty, want at least one")
	}
	if s.Works == nil {
		wrong("Works is nil, want a function")
	}
	if s.Crews < 0 {
		wrong("Crews is %d, want at least 1, or 0 for one each", s.Crews)
	}
	law := func(where string, d dist.Dist) {
		if d == nil {
			wrong("%s is nil, want a law", where)
		} else if err := d.Validate(); err != nil {
			wrong("%s: %w", where, err)
		} else if d.Quantile(0) < 0 || !(dist.Mean(d) > 0) {
			wrong("%s is %v, want a law of times", where, d)
		}
	}
	seen := map[string]bool{}
	named := func(kind string, i int, name string) {
		if key := kind + nameOf(name, i); seen[key] {
			wrong("%s[%d].Name is %q, want a name of its own", kind, i, nameOf(name, i))
		} else {
			seen[key] = true
		}
	}
	for i, p := range s.Parts {
		named("Parts", i, p.Name)
		if p.Up != nil {
			law(fmt.Sprintf("Parts[%d].Up", i), p.Up)
		}
		law(fmt.Sprintf("Parts[%d].Down", i), p.Down)
	}
	for i, k := range s.Shocks {
		named("Shocks", i, k.Name)
		law(fmt.Sprintf("Shocks[%d].Every", i), k.Every)
		if !(k.Hit > 0 && k.Hit <= 1) {
			wrong("Shocks[%d].Hit is %v, want a probability above 0", i, k.Hit)
		}
		for _, p := range k.Parts {
			if p < 0 || p >= len(s.Parts) {
				wrong("Shocks[%d].Parts has %d, want 0 to %d", i, p, len(s.Parts)-1)
			}
		}
	}
	return errors.Join(errs...)
}

func nameOf(name string, i int) string {
	if name == "" {
		return strconv.Itoa(i)
	}
	return name
}

// The purposes of streams, beside others outside the engine.
const (
	forRenewals = 0x72656e6577616c + iota // "renewal"
	forForced
)

// What the streams of one part or shock are for.
const (
	forFailure = iota
	forRepair
	forHits
)

// keys name the streams of all parts, then of all shocks.
func (s System) keys() []uint64 {
	var keys []uint64
	for i, p := range s.Parts {
		keys = append(keys, hash("part "+nameOf(p.Name, i)))
	}
	for i, k := range s.Shocks {
		keys = append(keys, hash("shock "+nameOf(k.Name, i)))
	}
	return keys
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(s) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

func stream(seed, key, of uint64) sim.Rand {
	return sim.NewRand(seed, sim.ForStudy, forRenewals, key, of)
}
