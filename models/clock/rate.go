package clock

import (
	"math"
	"math/bits"
	"strconv"

	"lightcone/sim"
)

// PPB is how much faster than true time a clock runs, in parts per billion: with a drift of d it shows 1 + d/10^9
// seconds a second.
type PPB int64

const (
	// PPM is one part per million, about 86 ms a day. Quartz is good to some tens of them.
	PPM PPB = 1000
	// MaxDrift is the largest drift, either way: a clock never stands still nor runs at twice the true rate.
	MaxDrift PPB = billion - 1

	billion = 1_000_000_000
)

// FromPPM returns a drift given in parts per million, rounded to parts per billion and held within MaxDrift.
func FromPPM(ppm float64) PPB {
	return PPB(max(-float64(MaxDrift), min(math.Round(float64(ppm*1000)), float64(MaxDrift))))
}

// String returns the drift in parts per million, such as "12.5ppm".
func (d PPB) String() string { return strconv.FormatFloat(float64(d)/1000, 'f', -1, 64) + "ppm" }

// rate returns the clock's rate in units of 10^-9.
func (d PPB) rate() uint64 { return uint64(billion + d) }

// clamp returns d held within +-most.
func (d PPB) clamp(most PPB) PPB { return max(-most, min(d, most)) }

// advance returns how much a clock shows to have passed after t ns at a rate, floor((t*rate + carry) / 10^9), and the
// remainder. With carry below 10^9, t below 2^63 and rate below 2*10^9 the result fits.
func advance(t, rate, carry uint64) (shown, rest uint64) {
	hi, lo := bits.Mul64(t, rate)
	lo, c := bits.Add64(lo, carry, 0)
	return bits.Div64(hi+c, lo, billion)
}

// reach is the inverse of advance: the least t after which the clock shows at least d to have passed. It is
// math.MaxUint64 if no true time is late enough.
func reach(d, rate, carry uint64) uint64 {
	if d == 0 {
		return 0
	}
	hi, lo := bits.Mul64(d, billion)
	lo, borrow := bits.Sub64(lo, carry, 0)
	lo, c := bits.Add64(lo, rate-1, 0)
	hi = hi - borrow + c
	if hi >= rate {
		return math.MaxUint64
	}
	t, _ := bits.Div64(hi, lo, rate)
	return t
}

// after returns base + d, at most the end of the range.
func after(base sim.Local, d uint64) sim.Local {
	if room := uint64(math.MaxInt64) - uint64(base); d > room {
		return math.MaxInt64
	}
	return sim.Local(uint64(base) + d)
}

// since returns l - base, 0 if that is negative.
func since(base, l sim.Local) uint64 {
	if l <= base {
		return 0
	}
	return uint64(l) - uint64(base)
}

// instant returns t as a true time, Never if it is beyond.
func instant(t uint64) sim.Time {
	if t > uint64(sim.Never) {
		return sim.Never
	}
	return sim.Time(t)
}

// plus returns l + d, held within the range of Local.
func plus(l sim.Local, d int64) sim.Local {
	switch s := l + sim.Local(d); {
	case d > 0 && s < l:
		return math.MaxInt64
	case d < 0 && s > l:
		return math.MinInt64
	default:
		return s
	}
}
