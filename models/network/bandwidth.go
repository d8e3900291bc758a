package network

import (
	"math/bits"
	"time"

	"lightcone/sim"
)

// Bandwidth puts a transmitter before Inner: it sends the messages of a link one after another, at Rate, and what waits
// is held in a queue of Buffer bytes. A message of s bytes takes 8 s / Rate seconds, rounded up to nanoseconds, to
// leave, after those before it, and then makes its way through Inner.
//
// A message for which the buffer has no room is dropped (drop-tail), with Cause Overflow. The buffer holds what has
// not yet left, of the message in transmission too. A message is transmitted once, even if Inner then loses or doubles
// it. Inner sees it at the time of sending.
type Bandwidth struct {
	Inner  sim.Network // nil: delivers at once
	Rate   int64       // bits per second
	Buffer int64       // bytes; 0: without bound
	Uplink bool        // one transmitter per sender, shared by its links, instead of one per link

	links links[sim.Time] // when the transmitter will have sent all it holds
}

const nanobits = 8 * 1_000_000_000 // nanoseconds to send a byte at one bit per second

// everyone stands for all receivers of an uplink.
const everyone = sim.Nobody

// Route queues p, and sends it on.
func (n *Bandwidth) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	to := p.To
	if n.Uplink {
		to = everyone
	}
	busy, _ := n.links.at(p.From, to)
	wait := max(0, busy.Sub(p.Now))
	size := uint64(max(0, p.Size()))
	if n.Buffer > 0 && n.bytes(wait)+size > uint64(n.Buffer) {
		return append(dst, sim.Copy{Cause: sim.Overflow})
	}
	leaves := later(wait, n.transmission(size))
	*busy = p.Now.Add(leaves)
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	for i := first; i < len(dst); i++ {
		dst[i].Delay = later(dst[i].Delay, leaves)
	}
	return dst
}

// transmission is the time that size bytes take, rounded up.
func (n *Bandwidth) transmission(size uint64) time.Duration {
	hi, lo := bits.Mul64(size, nanobits)
	if hi >= uint64(n.Rate) {
		return century
	}
	q, rem := bits.Div64(hi, lo, uint64(n.Rate))
	if rem > 0 {
		q++
	}
	return time.Duration(min(q, uint64(century)))
}

// bytes is what is sent in d, rounded down.
func (n *Bandwidth) bytes(d time.Duration) uint64 {
	hi, lo := bits.Mul64(uint64(d), uint64(n.Rate))
	if hi >= nanobits {
		return 1 << 62
	}
	q, _ := bits.Div64(hi, lo, nanobits)
	return min(q, 1<<62)
}

// CloneNetwork clones the state of the transmitters, and Inner.
func (n *Bandwidth) CloneNetwork() sim.Network {
	c := *n
	c.Inner, c.links = clone(n.Inner), n.links.clone()
	return &c
}

// Validate reports a rate that is not positive and a negative buffer.
func (n *Bandwidth) Validate() error {
	p := problems{model: "Bandwidth"}
	if n.Rate < 1 {
		p.add("Rate", n.Rate, "at least 1 bit per second")
	}
	if n.Buffer < 0 {
		p.add("Buffer", n.Buffer, "0 (without bound) or bytes")
	}
	return p.join(n.Inner)
}
