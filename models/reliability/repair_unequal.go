package reliability

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// SharedCrews returns the chain of a system of parts with mean times of their own that share repair crews (0: one crew for
// each part), and which of its states the system works in. Crews take parts in the order in which they failed, and finish
// what they have begun. Parts are up at first, in state 0. The chain has 2^n states for n parts without waiting, and up
// to e n! with it; one that is too large is an error. For a diagram d: SharedCrews(d.Parts(), d.Works, 1).
func SharedCrews(parts []Part, works func(up []bool) bool, crews int) (*Chain, func(state int) bool, error) {
	if err := checkShared(parts, crews); err != nil {
		return nil, nil, err
	}
	if crews == 0 {
		crews = len(parts)
	}
	c, states, err := Explore("", func(down string, move func(string, float64)) {
		for i, p := range parts {
			if strings.IndexByte(down, byte(i)) < 0 {
				move(inService(down+string([]byte{byte(i)}), crews), 1/p.MTTF)
			}
		}
		for at := range min(crews, len(down)) {
			move(inService(down[:at]+down[at+1:], crews), 1/parts[down[at]].MTTR)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	up := make([]bool, len(states))
	for s, down := range states {
		all, names := make([]bool, len(parts)), make([]string, len(down))
		for i := range all {
			all[i] = strings.IndexByte(down, byte(i)) < 0
		}
		for i := range down {
			names[i] = parts[down[i]].Name
		}
		up[s] = works(all)
		c.names[s] = strings.TrimSpace(strings.Join(names, " ") + " down")
	}
	return c, func(state int) bool { return up[state] }, nil
}

// inService sorts the parts that crews are at: only the order of those that wait matters.
func inService(down string, crews int) string {
	b := []byte(down)
	slices.Sort(b[:min(crews, len(b))])
	return string(b)
}

func checkShared(parts []Part, crews int) error {
	var errs []error
	if len(parts) < 1 || len(parts) > 255 {
		errs = append(errs, fmt.Errorf("reliability: SharedCrews: %d parts, want 1 to 255", len(parts)))
	}
	if crews < 0 {
		errs = append(errs, fmt.Errorf("reliability: SharedCrews: crews is %d, want at least 1, or 0 for one for each part", crews))
	}
	for _, p := range parts {
		if !isTime(p.MTTF) || !isTime(p.MTTR) {
			errs = append(errs, fmt.Errorf("reliability: SharedCrews: part %q: MTTF is %v and MTTR %v, want both, finite and more than 0", p.Name, p.MTTF, p.MTTR))
		}
	}
	return errors.Join(errs...)
}
