package detector

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lightcone/sim"
)

// Algorithm names a failure detector.
type Algorithm string

// The algorithms.
const (
	// Timeout suspects a node when its last heartbeat is longer ago than Config.Timeout.
	Timeout Algorithm = "timeout"
	// Growing is Timeout with a timeout that grows by Config.Step with each mistake: eventually perfect under partial
	// synchrony (Chandra and Toueg 1996, figure 10).
	Growing Algorithm = "growing"
	// Ping asks instead of waiting to be told: it suspects a node when an answer is not there Config.Timeout after its
	// question was sent. Question and answer are timed by one clock.
	Ping Algorithm = "ping"
	// NFDS is the detector of Chen, Toueg and Aguilera for synchronised clocks (2002, section 3): heartbeat i leaves at
	// i*Interval, and from i*Interval + Config.Delta on no older heartbeat counts.
	NFDS Algorithm = "nfd-s"
	// NFDE is their detector for clocks that are not synchronised (section 6.3): heartbeat i counts until the expected
	// arrival of heartbeat i+1, as estimated from the last Config.Window heartbeats, and Config.Alpha more.
	NFDE Algorithm = "nfd-e"
	// Phi suspects a node when the normal law fitted to the last Config.Window intervals between heartbeats gives a
	// silence of this length, or a longer one, a probability below 10^-Config.Threshold (Hayashibara et al. 2004).
	Phi Algorithm = "phi"
	// PhiExponential is Phi with an exponential law of the same mean, as in Cassandra.
	PhiExponential Algorithm = "phi-exponential"
)

// Algorithms returns all algorithms, the simplest first.
func Algorithms() []Algorithm {
	return []Algorithm{Timeout, Growing, Ping, NFDS, NFDE, Phi, PhiExponential}
}

// Pairs says who monitors whom.
type Pairs string

// The ways to pair nodes.
const (
	All  Pairs = "all"  // every node monitors every other
	Ring Pairs = "ring" // node i monitors node i+1, the last one node 0
	Star Pairs = "star" // node 0 monitors all others, and nobody else monitors
)

// DefaultWindow is how many heartbeats NFDE and Phi remember unless told otherwise.
const DefaultWindow = 100

// Config describes a failure detector. All nodes have the same.
type Config struct {
	Algorithm Algorithm // "": Timeout
	Pairs     Pairs     // "": All

	Interval time.Duration // eta: between two heartbeats, or questions, by the sender's clock
	Timeout  time.Duration // of Timeout and Ping; that with which Growing begins
	Step     time.Duration // of Growing: what a mistake adds to the timeout
	Delta    time.Duration // of NFDS: from the sending of a heartbeat to its freshness point
	Alpha    time.Duration // of NFDE: from the expected arrival of a heartbeat to its freshness point; may be negative
	Window   int           // of NFDE, Phi and PhiExponential: how many heartbeats are remembered; 0: DefaultWindow
	// Threshold is the level of suspicion at which Phi and PhiExponential suspect: 1 means one mistake in 10 intervals if
	// the law fits, 8 one in 100,000,000.
	Threshold float64
	MinSD     time.Duration // of Phi: the least standard deviation that it reckons with; without it, regular heartbeats make it jumpy
}

// Validate reports what is wrong with the configuration: all of it. Parameters of other algorithms are not looked at.
func (c Config) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("detector: Config."+format, args...)) }
	positive := func(name string, d time.Duration) {
		if d <= 0 || d > longest {
			bad("%s is %v, want more than 0s and at most %v", name, d, longest)
		}
	}
	positive("Interval", c.Interval)
	switch c.Pairs {
	case "", All, Ring, Star:
	default:
		bad("Pairs is %q, want all, ring or star", c.Pairs)
	}
	switch c.algorithm() {
	case Timeout, Ping:
		positive("Timeout", c.Timeout)
	case Growing:
		positive("Timeout", c.Timeout)
		positive("Step", c.Step)
	case NFDS:
		positive("Delta", c.Delta)
	case NFDE:
		if c.Alpha < -longest || c.Alpha > longest {
			bad("Alpha is %v, want -%v to %v", c.Alpha, longest, longest)
		}
	case Phi, PhiExponential:
		if !(c.Threshold > 0 && c.Threshold <= maxLevel) {
			bad("Threshold is %v, want more than 0 and at most %v", c.Threshold, maxLevel)
		}
		if c.algorithm() == Phi && (c.MinSD < 0 || c.MinSD > longest) {
			bad("MinSD is %v, want 0s to %v", c.MinSD, longest)
		}
	default:
		bad("Algorithm is %q, want %s", c.Algorithm, list(Algorithms()))
	}
	if slices.Contains([]Algorithm{NFDE, Phi, PhiExponential}, c.Algorithm) && (c.Window < 0 || c.Window > maxWindow) {
		bad("Window is %d, want 1 to %d, or 0 for %d", c.Window, maxWindow, DefaultWindow)
	}
	return errors.Join(errs...)
}

// The bounds of parameters, within which no arithmetic on them overflows.
const (
	longest   = 365 * 24 * time.Hour
	maxWindow = 100_000
	maxLevel  = 300
)

// list names algorithms for a message.
func list(all []Algorithm) string {
	var b strings.Builder
	for i, a := range all {
		switch {
		case i == 0:
		case i == len(all)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(a))
	}
	return b.String()
}

func (c Config) algorithm() Algorithm {
	if c.Algorithm == "" {
		return Timeout
	}
	return c.Algorithm
}

func (c Config) window() int {
	if c.Window == 0 {
		return DefaultWindow
	}
	return c.Window
}

// monitored returns the nodes that id monitors, in order.
func (c Config) monitored(id sim.NodeID, nodes int) (all []sim.NodeID) {
	for q := range sim.NodeID(nodes) {
		if c.monitors(id, q, nodes) {
			all = append(all, q)
		}
	}
	return all
}

// monitors reports whether p monitors q.
func (c Config) monitors(p, q sim.NodeID, nodes int) bool {
	switch {
	case p == q:
		return false
	case c.Pairs == Ring:
		return q == (p+1)%sim.NodeID(nodes)
	case c.Pairs == Star:
		return p == 0
	}
	return true
}

// NewMonitor returns the monitor of one node, for a monitoring node whose clock shows start and whose own schedule of
// questions, if it has one, begins then.
func (c Config) NewMonitor(start sim.Local) Monitor {
	switch c.algorithm() {
	case Growing:
		return NewTimeout(start, c.Timeout, c.Step)
	case Ping:
		return NewFreshness(start, start, c.Interval, c.Timeout)
	case NFDS:
		return NewFreshness(0, start, c.Interval, c.Delta)
	case NFDE:
		return NewExpected(start, c.Interval, c.Alpha, c.window())
	case Phi:
		return NewNormal(start, c.Interval, c.window(), c.Threshold, c.MinSD)
	case PhiExponential:
		return NewExponential(start, c.Interval, c.window(), c.Threshold)
	}
	return NewTimeout(start, c.Timeout, 0)
}
