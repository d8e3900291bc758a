package clock

import (
	"time"

	"lightcone/sim"
)

const (
	stages     = 8        // NSTAGE (RFC 5905, section 7.2)
	phi    PPB = 15 * PPM // PHI, the drift that a clock is trusted to keep within (RFC 5905, section 7.2)
)

// filter is NTP's clock filter (RFC 5905, section 10): of the last eight samples, that of the least delay is the one to
// believe, since what made its round trip short left the least room for asymmetry. Age counts in the order, as in RFC
// 1305, section 4.1; in RFC 5905 it widens the error alone, which tells the two apart only where samples are old.
type filter struct {
	ring [stages]measure
	n    int       // how many were added
	used sim.Local // when the sample last believed was taken
	any  bool      // whether there was one
}

// measure is a sample in the ring. Its offset is kept relative to the client's clock as it is now.
type measure struct {
	offset, delay time.Duration
	at            sim.Local // on the monotonic clock
}

func (f *filter) add(m measure) {
	f.ring[f.n%stages] = m
	f.n++
}

// believe returns the sample of the least distance, which is half its delay and PHI for each second of its age; of
// equals the newest. ok is false if no sample is newer than the one that was last believed: a sample is used once, and
// none after a later one.
func (f *filter) believe(now sim.Local) (best measure, ok bool) {
	var least time.Duration
	for i := f.n - 1; i >= 0 && i >= f.n-stages; i-- {
		m := f.ring[i%stages]
		if d := m.distance(now); i == f.n-1 || d < least {
			best, least = m, d
		}
	}
	if f.n == 0 || f.any && best.at <= f.used {
		return measure{}, false
	}
	f.used, f.any = best.at, true
	return best, true
}

func (m measure) distance(now sim.Local) time.Duration {
	aged, _ := advance(since(m.at, now), uint64(phi), 0)
	return m.delay/2 + time.Duration(aged)
}

// shift keeps the samples' offsets relative to a clock that was moved by d.
func (f *filter) shift(d time.Duration) {
	for i := range f.ring {
		f.ring[i].offset -= d
	}
}
