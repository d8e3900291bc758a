package clock

import (
	"fmt"
	"math"
	"math/bits"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Query asks a time server what time it is. Processes behind a Synced never see one; networks and observers do.
type Query struct {
	Seq uint64    // names the exchange, among all of the client's incarnations
	T1  sim.Local // the client's wall clock when it left
}

// Reply is the answer of a time server.
type Reply struct {
	Seq uint64
	T1  sim.Local // that of the Query
	T2  sim.Local // the server's wall clock when the Query arrived
	T3  sim.Local // and when the Reply left
}

// Size is that of an NTP packet without extensions over UDP and IPv4: 48 + 8 + 20 bytes.
func (Query) Size() int { return 76 }

// Size is that of an NTP packet without extensions over UDP and IPv4: 48 + 8 + 20 bytes.
func (Reply) Size() int { return 76 }

func (q Query) String() string { return fmt.Sprintf("time? #%d", q.Seq) }
func (r Reply) String() string { return fmt.Sprintf("time #%d is %v", r.Seq, r.T3) }

// Sample is one exchange with a time server: the client's wall clock when the query left (T1) and when the reply
// arrived (T4), and the server's when the query arrived (T2) and when the reply left (T3).
type Sample struct{ T1, T2, T3, T4 sim.Local }

// Offset estimates how far the server's clock is ahead of the client's, ((T2 - T1) + (T3 - T4)) / 2 rounded down
// (RFC 5905, section 8). If neither clock drifts during the exchange, it is too large by half the asymmetry:
// see AsymmetryError.
func (s Sample) Offset() time.Duration {
	a, b := s.T2-s.T1, s.T3-s.T4
	return time.Duration(a>>1 + b>>1 + a&b&1) // half of a + b, which need not fit
}

// Delay returns the round-trip time without the server's part, (T4 - T1) - (T3 - T2) (RFC 5905, section 8).
func (s Sample) Delay() time.Duration { return time.Duration((s.T4 - s.T1) - (s.T3 - s.T2)) }

// AsymmetryError is what an exchange is wrong by whose query took there and whose reply took back: (there - back) / 2,
// rounded down.
func AsymmetryError(there, back time.Duration) time.Duration { return (there - back) >> 1 }

// AsymmetrySD is the standard deviation of the error of exchanges whose ways take independent times of these laws:
// sqrt(Var(there) + Var(back)) / 2, in the unit of the laws. With both uniform on [5 ms, 15 ms] it is 2.0412 ms.
func AsymmetrySD(there, back dist.Dist) float64 {
	return math.Sqrt(dist.Var(there)+dist.Var(back)) / 2
}

// CristianBound is the largest error, either way, of a clock set by one exchange that took rtt, when no message takes
// less than least: rtt/2 - least, rounded up (Cristian 1989, section 3, for clocks that do not drift during the
// exchange).
func CristianBound(rtt, least time.Duration) time.Duration { return rtt - rtt/2 - least }

// SkewBound is the largest skew between two clocks that drift by at most rho either way, when every period of true time
// they are brought within eps of each other: eps + 2 * rho * period, rounded up, at most math.MaxInt64. None of the
// three is negative. It is reached when one is as fast and the other as slow as can be.
func SkewBound(eps time.Duration, rho PPB, period time.Duration) time.Duration {
	hi, lo := bits.Mul64(2*uint64(rho), uint64(period))
	lo, c := bits.Add64(lo, billion-1, 0)
	if hi += c; hi >= billion {
		return math.MaxInt64
	}
	apart, _ := bits.Div64(hi, lo, billion)
	return time.Duration(after(sim.Local(eps), apart))
}
