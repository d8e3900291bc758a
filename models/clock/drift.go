package clock

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// Perfect is the clock that shows true time.
type Perfect = sim.PerfectClock

// Offset is a clock of the true rate that is ahead of true time by a constant, or behind if it is negative.
type Offset time.Duration

// Read returns t plus the offset.
func (o Offset) Read(t sim.Time) sim.Local { return after(sim.Local(o), uint64(max(t, 0))) }

// When returns the first time at which the clock shows at least l.
func (o Offset) When(l sim.Local) sim.Time { return instant(since(sim.Local(o), l)) }

// Drift is a clock with an initial offset and a constant drift: at true time t it shows Offset + floor(t * (1 +
// By/10^9)), computed without rounding errors.
type Drift struct {
	Offset time.Duration
	By     PPB // within +-MaxDrift
}

// Validate reports a drift that no clock has.
func (d Drift) Validate() error { return validDrift("Drift.By", d.By) }

// Read returns what the clock shows at t.
func (d Drift) Read(t sim.Time) sim.Local {
	shown, _ := advance(uint64(max(t, 0)), d.By.rate(), 0)
	return after(sim.Local(d.Offset), shown)
}

// When returns the first time at which the clock shows at least l.
func (d Drift) When(l sim.Local) sim.Time {
	return instant(reach(since(sim.Local(d.Offset), l), d.By.rate(), 0))
}

func validDrift(what string, d PPB) error {
	if d < -MaxDrift || d > MaxDrift {
		return fmt.Errorf("clock: %s is %v, want %v to %v", what, d, -MaxDrift, MaxDrift)
	}
	return nil
}
