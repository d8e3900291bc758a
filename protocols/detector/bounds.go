package detector

import (
	"math"
	"time"
)

// LeastTimeout is the least timeout with which Timeout is never wrong, whatever the run, in the synchronous model: when
// no message is lost or takes longer than delta, and no clock runs faster or slower than true time by more than drift
// parts per billion.
//
// Two heartbeats leave at most Interval/(1-drift) apart, rounded up to a nanosecond, by true time; they arrive at most
// delta further apart than they left; and in that time the monitor's clock advances by no more than (1+drift) of it,
// rounded up. Clocks that do not drift make it Interval + delta. There are runs, with any timeout less, in which a
// live node is suspected.
func LeastTimeout(interval, delta time.Duration, drift int64) time.Duration {
	gap := ceilDiv(int64(interval), billion, billion-drift) + int64(delta)
	return time.Duration(ceilDiv(gap, billion+drift, billion))
}

// DetectionBound is how long after a crash a node is suspected at the latest by Timeout in the synchronous model of
// LeastTimeout: a heartbeat that left at the crash takes delta, and then the timeout runs out on a slow clock. It is in
// true time.
func DetectionBound(timeout, delta time.Duration, drift int64) time.Duration {
	return delta + time.Duration(ceilDiv(int64(timeout)+1, billion, billion-drift))
}

const billion = int64(time.Second)

// ceilDiv returns a*num/den rounded up, for a product of at most math.MaxInt64 squared.
func ceilDiv(a, num, den int64) int64 {
	q, r := mulDiv(uint64(a), uint64(num), uint64(den))
	if q > math.MaxInt64-1 {
		return math.MaxInt64
	}
	if r > 0 {
		q++
	}
	return int64(q)
}
