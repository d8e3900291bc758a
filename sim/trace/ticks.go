package trace

import "lightcone/sim"

// tick is a mark on the axis.
type tick struct {
	x     float64
	label string
}

// ticks returns at most n marks: round times, or in a mapping by order the times of moments.
func (a *axis) ticks(n int) []tick {
	n = max(n, 4)
	var ticks []tick
	if a.mapping == Rank || a.mapping == Compressed {
		next := 0.0
		for _, p := range a.moments {
			if p.x >= next {
				ticks = append(ticks, tick{p.x, p.time.String()})
				next = p.x + 1/float64(n)
			}
		}
		return ticks
	}
	step := roundStep((a.hi - a.lo) / int64(n))
	t := a.lo / step * step
	if t < a.lo {
		t += step
	}
	for t <= a.hi {
		ticks = append(ticks, tick{a.scale(t), sim.Time(t).String()})
		if a.hi-t < step {
			break
		}
		t += step
	}
	return ticks
}

// roundStep returns the least of 1, 2, 5, 10, 20, 50, ... that is at least n.
func roundStep(n int64) int64 {
	step := int64(1)
	for step < n {
		for _, f := range [...]int64{2, 5, 10} {
			if s := step * f; s >= n || f == 10 {
				step = s
				break
			}
		}
	}
	return step
}

// name says what the axis shows.
func (a *axis) name() string {
	switch a.mapping {
	case Rank:
		return "order of events, an equal step each; labels are true time"
	case Compressed:
		return "true time, gaps by their logarithm"
	case OwnClock:
		return "each lane by its node's monotonic clock"
	case WallClock:
		return "each lane by its node's wall clock"
	}
	return "true time"
}
