package consensustest

import (
	"time"

	"lightcone/sim"
)

// weather is the network of a cluster, whose conditions the test changes while it runs. The tester is never affected.
type weather struct {
	tester         sim.NodeID
	unreliable     bool
	longReordering bool
	slow           map[link]time.Duration
	last           map[link]sim.Time // when the latest message on a link arrives
}

type link struct{ from, to sim.NodeID }

func newWeather(tester sim.NodeID) *weather {
	return &weather{tester: tester, slow: map[link]time.Duration{}, last: map[link]sim.Time{}}
}

// Route delivers at once what the tester sends and gets.
func (n *weather) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	switch {
	case p.From == n.tester || p.To == n.tester:
		return append(dst, sim.Copy{})
	case !n.unreliable:
		return append(dst, sim.Copy{Delay: n.inOrder(p, n.slow[link{p.From, p.To}]+r.Duration(time.Millisecond, 3*time.Millisecond))})
	}
	c := sim.Copy{Delay: r.Duration(0, 27*time.Millisecond)}
	if r.Bool(0.1) {
		c.Cause = sim.Loss
	}
	if n.longReordering && r.Bool(1.0/3) {
		c.Delay += r.Duration(200*time.Millisecond, 2200*time.Millisecond)
	}
	return append(dst, c)
}

// inOrder lengthens the delay of a message so that it overtakes none on its link.
func (n *weather) inOrder(p *sim.Packet, d time.Duration) time.Duration {
	l := link{p.From, p.To}
	n.last[l] = max(n.last[l], p.Now.Add(d))
	return n.last[l].Sub(p.Now)
}

// meter counts what servers send each other.
type meter struct {
	servers  sim.NodeID
	messages int
	bytes    int
}

// Wants says that it counts what is sent.
func (m *meter) Wants(k sim.Kind) bool { return k == sim.Send }

// Observe counts a message.
func (m *meter) Observe(e *sim.Event) {
	if e.From < m.servers && e.To < m.servers && e.From != e.To {
		m.messages++
		m.bytes += sim.SizeOf(e.Value)
	}
}
