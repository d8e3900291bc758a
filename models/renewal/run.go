package renewal

import (
	"errors"
	"fmt"
	"iter"
	"math"

	"lightcone/models/reliability"
)

// Run says how long a system is simulated: exactly one of Horizon, Outages and Stop is set.
type Run struct {
	Seed    uint64
	Horizon float64                   // until then, whatever goes on: the last outage may be open
	Outages int                       // until so many outages have ended
	Stop    *reliability.RelativeStop // until the unavailability is known that well, at Level

	Level float64 // of Stop; 0 is .95

	// Warmup is for how long the system runs before its outages count. Counting then starts with the next end of an
	// outage, where a cycle starts: a system that starts with all parts up and new is more available than it stays.
	Warmup float64
	// Fresh counts from the start instead, with all parts up and new: for the first hours of a system.
	Fresh bool

	Keep bool // list the outages in Result.Outages
}

// Validate reports everything that is wrong with the run.
func (r Run) Validate() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("renewal: Run."+format, args...)) }
	ends := 0
	for _, set := range []bool{r.Horizon != 0, r.Outages != 0, r.Stop != nil} {
		if set {
			ends++
		}
	}
	if ends != 1 {
		wrong("Horizon, Outages, Stop: %d are set, want one", ends)
	}
	if r.Horizon < 0 || !(r.Horizon <= math.MaxFloat64) {
		wrong("Horizon is %v, want more than 0", r.Horizon)
	}
	if r.Outages < 0 {
		wrong("Outages is %d, want at least 1", r.Outages)
	}
	if r.Stop != nil {
		if err := r.Stop.Validate(); err != nil {
			wrong("Stop: %w", err)
		}
	}
	if !(r.Level >= 0 && r.Level < 1) {
		wrong("Level is %v, want between 0 and 1, or 0 for .95", r.Level)
	}
	if !(r.Warmup >= 0 && r.Warmup <= math.MaxFloat64) {
		wrong("Warmup is %v, want at least 0", r.Warmup)
	}
	if r.Fresh && r.Warmup > 0 {
		wrong("Fresh is set with a Warmup, want one of them")
	}
	return errors.Join(errs...)
}

func (r Run) level() float64 {
	if r.Level == 0 {
		return .95
	}
	return r.Level
}

// Outage is one outage of the system.
type Outage struct {
	From, To float64 // since the start
	Blame    []int   // the parts that were down when it began: those that brought it down, and those that left no choice
	Open     bool    // it has not ended: the run ended first, at To
}

// Result is what a run found. Its intervals are those of the tally.
type Result struct {
	reliability.CycleTally
	From, To    float64  // what was counted
	Outages     []Outage // with Run.Keep
	Transitions int      // of parts and shocks, those of the warm-up included
}

// maxTransitions bounds a run in which the system never fails, so that it is an error and not endless.
const maxTransitions = 1 << 32

// ErrNoOutages is that of a system which cannot fail any more, or does so too rarely to wait for.
var ErrNoOutages = errors.New("renewal: no more outages")

// Run simulates the system. The same seed gives the same run.
func (s System) Run(r Run) (*Result, error) {
	if err := errors.Join(s.Validate(), r.Validate()); err != nil {
		return nil, err
	}
	e := s.start(r.Seed)
	m := meter{engine: e, Run: r, Result: &Result{}, since: math.NaN()}
	if r.Fresh {
		m.since = 0
	}
	if !e.works {
		m.begin()
	}
	for !m.done() {
		if r.Horizon > 0 && e.at[e.next()]+e.base >= r.Horizon {
			m.end(r.Horizon)
			break
		}
		was := e.works
		if !e.step() || e.transitions > maxTransitions {
			return nil, fmt.Errorf("%w: %d so far, in %d transitions", ErrNoOutages, m.N(), e.transitions)
		}
		if was != e.works {
			m.turn()
		}
	}
	m.Transitions = e.transitions
	return m.Result, nil
}

// meter counts the outages of an engine.
type meter struct {
	*engine
	Run
	*Result
	since  float64 // when the cycle under way began; NaN: nothing counts yet
	failed float64 // when the outage under way began
	blame  []int   // all lists of blame, one after the other
	asked  int     // for which number of cycles Stop was asked last
}

func (m *meter) time() float64 { return m.base + m.now }

// turn counts that the system failed, or works again.
func (m *meter) turn() {
	if !m.works {
		m.begin()
		return
	}
	now := m.time()
	if math.IsNaN(m.since) {
		if now >= m.Warmup {
			m.since, m.From, m.To = now, now, now
		}
		return
	}
	m.Add(m.failed-m.since, now-m.failed)
	m.keep(now, false)
	m.since, m.To = now, now
}

func (m *meter) begin() {
	m.failed = m.time()
	if m.Keep {
		m.blame = m.blame[len(m.blame):]
		for i, up := range m.up {
			if !up {
				m.blame = append(m.blame, i)
			}
		}
	}
}

func (m *meter) keep(to float64, open bool) {
	if m.Keep {
		m.Result.Outages = append(m.Result.Outages, Outage{From: m.failed, To: to, Blame: m.blame[:len(m.blame):len(m.blame)], Open: open})
	}
}

// end counts what is left when time is up.
func (m *meter) end(at float64) {
	m.To = at
	switch {
	case math.IsNaN(m.since):
		m.From = at
	case m.works:
		m.Rest(at-m.since, 0, false)
	default:
		m.Rest(m.failed-m.since, at-m.failed, true)
		m.keep(at, true)
	}
}

func (m *meter) done() bool {
	switch n := m.N(); {
	case m.Run.Outages > 0:
		return n >= m.Run.Outages
	case m.Stop != nil && n >= m.asked+max(1, m.asked/64):
		m.asked = n
		return m.Stop.Done(m.Unavailability(m.level()))
	}
	return false
}

// Lives yields how long the system works, with all parts up and new at the start, until it is first down: without end,
// each from streams of its own. Where it never fails the sequence stops.
func (s System) Lives(seed uint64) (iter.Seq[float64], error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return func(yield func(float64) bool) {
		for life := uint64(0); ; life++ {
			e := s.start(seed + life*0x9e3779b97f4a7c15)
			for e.works {
				if !e.step() || e.transitions > maxTransitions {
					return
				}
			}
			if !yield(e.base + e.now) {
				return
			}
		}
	}, nil
}
