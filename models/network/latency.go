package network

import (
	"fmt"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Latency delays every copy by a draw from Law, in nanoseconds, on top of what Inner does. Each message draws for
// itself, so that messages overtake each other when the law is wider than the gaps between them (FIFO keeps them in
// line).
type Latency struct {
	Inner sim.Network // nil: delivers at once
	Law   dist.Dist   // ns; what is below 0 counts as 0
}

// Route delays what Inner delivers.
func (n Latency) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	for i := first; i < len(dst); i++ {
		dst[i].Delay = later(dst[i].Delay, dist.Duration(n.Law, r))
	}
	return dst
}

// CloneNetwork clones Inner.
func (n Latency) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports a missing or wrong law.
func (n Latency) Validate() error {
	p := problems{model: "Latency"}
	p.law("Law", n.Law, false)
	return p.join(n.Inner)
}

// Jitter spreads a delay round its base: delay = base * Factor + Extra, each drawn afresh for every copy. The zero
// Jitter keeps the base to the nanosecond.
type Jitter struct {
	Factor dist.Dist // no unit; nil: 1
	Extra  dist.Dist // ns; nil: 0
}

// delay draws one delay.
func (j Jitter) delay(base time.Duration, r *sim.Rand) time.Duration {
	d := base
	if j.Factor != nil {
		d = scale(base, j.Factor.Sample(r))
	}
	if j.Extra != nil {
		d = later(d, dist.Duration(j.Extra, r))
	}
	return d
}

// scale returns d * by to the nearest nanosecond, in [0, a century].
func scale(d time.Duration, by float64) time.Duration {
	x := float64(float64(d)*by) + 0.5
	switch {
	case !(x >= 1):
		return 0
	case x >= float64(century):
		return century
	}
	return time.Duration(x)
}

func (j Jitter) validate(p *problems) {
	p.law("Jitter.Factor", j.Factor, true)
	p.law("Jitter.Extra", j.Extra, true)
}

// LatencyMatrix delays every copy by what a table says of the sender's and the receiver's places: Delay[a][b] is the
// one-way delay from place a to place b, and Delay[a][a] that between two nodes of place a.
type LatencyMatrix struct {
	Inner  sim.Network       // nil: delivers at once
	Delay  [][]time.Duration // square
	Place  []int             // node i is at Place[i mod len(Place)]; nil: at place i mod len(Delay)
	Jitter Jitter
}

// Route delays what Inner delivers.
func (n LatencyMatrix) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	first := len(dst)
	dst = route(n.Inner, dst, p, r)
	base := n.Delay[n.place(p.From)][n.place(p.To)]
	for i := first; i < len(dst); i++ {
		dst[i].Delay = later(dst[i].Delay, n.Jitter.delay(base, r))
	}
	return dst
}

func (n *LatencyMatrix) place(id sim.NodeID) int {
	if len(n.Place) == 0 {
		return int(id) % len(n.Delay)
	}
	return n.Place[int(id)%len(n.Place)]
}

// CloneNetwork clones Inner; the table is shared, for nobody changes it.
func (n LatencyMatrix) CloneNetwork() sim.Network { n.Inner = clone(n.Inner); return n }

// Validate reports a table that is empty or not square, negative delays, and places that are not in it.
func (n LatencyMatrix) Validate() error {
	p := problems{model: "LatencyMatrix"}
	if len(n.Delay) == 0 {
		p.add("Delay", "empty", "at least one place")
	}
	for a, row := range n.Delay {
		if len(row) != len(n.Delay) {
			p.add(fmt.Sprintf("Delay[%d]", a), fmt.Sprintf("%d long", len(row)), fmt.Sprintf("%d, as there are rows", len(n.Delay)))
		}
		for b, d := range row {
			if d < 0 || d > century {
				p.add(fmt.Sprintf("Delay[%d][%d]", a, b), d, "0 to 100 years")
			}
		}
	}
	for i, k := range n.Place {
		if k < 0 || k >= len(n.Delay) {
			p.add(fmt.Sprintf("Place[%d]", i), k, "a row of Delay")
		}
	}
	n.Jitter.validate(&p)
	return p.join(n.Inner)
}
