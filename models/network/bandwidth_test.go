package network_test

import (
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/sim"
)

// sized is a message of so many bytes.
type sized int

func (s sized) Size() int { return int(s) }

// 125 bytes are 1,000 bits: a millisecond at a megabit per second.
const megabit, packet = 1_000_000, sized(125)

func TestBandwidthIsSerialisationPlusQueue(t *testing.T) {
	l := over(&network.Bandwidth{Rate: megabit, Inner: sim.ConstantDelay(10 * ms)})
	l.message = packet
	equal(t, 11*ms, l.one(t, 0).Delay, "sends, then travels")
	equal(t, 12*ms, l.one(t, 0).Delay, "waits for the first")
	equal(t, 12500*time.Microsecond, l.one(t, at(ms/2)).Delay, "waits for the rest of both")
	equal(t, 11*ms, l.one(t, at(3*ms)).Delay, "finds the link idle")
	l.message = sized(1)
	equal(t, 11*ms+8*time.Microsecond, l.one(t, at(3*ms)).Delay)
	l.message = sized(0)
	equal(t, 11*ms+8*time.Microsecond, l.one(t, at(3*ms)).Delay)
}

func TestTransmissionRoundsUp(t *testing.T) {
	l := over(&network.Bandwidth{Rate: 3_000_000_000})
	l.message = sized(1)
	equal(t, time.Duration(3), l.one(t, 0).Delay) // 8/3 ns
}

func TestUplinkIsSharedByTheSendersLinks(t *testing.T) {
	for _, uplink := range []bool{false, true} {
		net := &network.Bandwidth{Rate: megabit, Uplink: uplink}
		var got []time.Duration
		for _, to := range []sim.NodeID{1, 2, 3} {
			l := &travel{net: net, to: to, message: packet}
			got = append(got, l.one(t, 0).Delay)
		}
		other := &travel{net: net, from: 1, to: 2, message: packet}
		want := []time.Duration{ms, ms, ms}
		if uplink {
			want = []time.Duration{ms, 2 * ms, 3 * ms}
		}
		equal(t, want, got)
		equal(t, ms, other.one(t, 0).Delay, "another sender has a transmitter of its own")
	}
}

// queue is the obvious bounded queue of a link that sends a byte a microsecond: it sends one byte after the other.
type queue struct {
	room int
	held int // bytes not yet sent
	now  int // microseconds
}

// offer returns when a message leaves, in microseconds, and whether there was room for it.
func (q *queue) offer(now, size int) (leaves int, ok bool) {
	for ; q.now < now; q.now++ {
		q.held = max(0, q.held-1)
	}
	if q.held+size > q.room {
		return 0, false
	}
	q.held += size
	return now + q.held, true
}

func TestBufferDropsTheTail(t *testing.T) {
	l := over(&network.Bandwidth{Rate: 8 * megabit, Buffer: 4_000})
	q := queue{room: 4_000}
	r := sim.NewRand(1)
	dropped, now := 0, 0
	for range 20_000 {
		now += r.IntN(1600)
		size := r.IntN(1500)
		l.message = sized(size)
		c := l.one(t, at(time.Duration(now)*time.Microsecond))
		leaves, ok := q.offer(now, size)
		if !ok {
			dropped++
			equal(t, sim.Copy{Cause: sim.Overflow}, c)
			continue
		}
		equal(t, sim.Copy{Delay: time.Duration(leaves-now) * time.Microsecond}, c)
	}
	between(t, 100, 10_000, dropped)
}

// Pollaczek and Khinchine: with Poisson arrivals and constant service the mean wait is rho / (2 (1 - rho)) services,
// 2.0 at a load of 0.8 (Kleinrock 1975, section 5.6). The standard error is that of 100 batches, long against the
// queue's memory.
func TestQueueWaitsAsMD1(t *testing.T) {
	const rho, batches, size = 0.8, 100, 6_000
	l := over(&network.Bandwidth{Rate: megabit})
	l.message = packet
	arrivals := sim.NewRand(1)
	means := make([]float64, batches)
	now := sim.Time(0)
	for b := -1; b < batches; b++ { // the first batch fills the queue
		sum := 0.0
		for range size {
			now = now.Add(dist.Duration(dist.Exponential{Mean: float64(ms) / rho}, &arrivals))
			sum += float64(l.one(t, now).Delay-ms) / float64(ms)
		}
		if b >= 0 {
			means[b] = sum / size
		}
	}
	mean, sd := stat.MeanStdDev(means, nil)
	se := sd / math.Sqrt(batches)
	requireMean(t, rho/(2*(1-rho)), mean, se)
	holds(t, se < 0.05, "the test can tell 2.0 from an M/M/1 queue's 4.0")
}
