package clock

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"lightcone/sim"
)

// Step moves a wall clock at a true time: forward if By is positive, else back.
type Step struct {
	At sim.Time
	By time.Duration
}

// Stepped is a clock whose wall reading is stepped on a schedule, as by an operator, a leap second or a bad time
// server. Its monotonic reading is that of the clock below and never steps.
type Stepped struct {
	clock sim.Clock
	at    []sim.Time
	total []int64 // total[i] is the sum of the steps up to the i-th, held within the range of int64
}

// NewStepped returns a clock whose wall time takes steps, which must be in order of time.
func NewStepped(clock sim.Clock, steps ...Step) (*Stepped, error) {
	if err := validSteps("NewStepped: steps", steps); err != nil {
		return nil, err
	}
	if clock == nil {
		return nil, errors.New("clock: NewStepped: clock is nil, want a clock")
	}
	return stepped(clock, steps), nil
}

func stepped(clock sim.Clock, steps []Step) *Stepped {
	s := &Stepped{clock: clock}
	var sum sim.Local
	for _, step := range steps {
		sum = plus(sum, int64(step.By))
		s.at = append(s.at, step.At)
		s.total = append(s.total, int64(sum))
	}
	return s
}

func validSteps(what string, steps []Step) error {
	var errs []error
	for i, s := range steps {
		switch {
		case s.At < 0:
			errs = append(errs, fmt.Errorf("clock: %s[%d].At is %v, want 0 or later", what, i, s.At))
		case i > 0 && s.At < steps[i-1].At:
			errs = append(errs, fmt.Errorf("clock: %s[%d].At is %v, want no earlier than the step before it, at %v", what, i, s.At, steps[i-1].At))
		}
	}
	return errors.Join(errs...)
}

// Read returns what the monotonic clock shows at t.
func (s *Stepped) Read(t sim.Time) sim.Local { return s.clock.Read(t) }

// When returns the first time at which the monotonic clock shows at least l.
func (s *Stepped) When(l sim.Local) sim.Time { return s.clock.When(l) }

// Wall returns what the wall clock shows at t: the clock below with all the steps up to t, that of t itself included.
func (s *Stepped) Wall(t sim.Time) sim.Local {
	l := wall(s.clock, t)
	if i := sort.Search(len(s.at), func(i int) bool { return s.at[i] > t }); i > 0 {
		return plus(l, s.total[i-1])
	}
	return l
}

// CloneClock returns a clock that shares no mutable state.
func (s *Stepped) CloneClock() sim.Clock {
	c := &Stepped{clock: s.clock, at: slices.Clip(s.at), total: slices.Clip(s.total)}
	if below, ok := s.clock.(sim.ClockCloner); ok {
		c.clock = below.CloneClock()
	}
	return c
}

func wall(c sim.Clock, t sim.Time) sim.Local {
	if w, ok := c.(sim.Waller); ok {
		return w.Wall(t)
	}
	return c.Read(t)
}
