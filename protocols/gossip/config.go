package gossip

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lightcone/sim"
)

// Mode says who gives the rumour to whom in a call.
type Mode string

// The modes.
const (
	Push     Mode = "push"      // the caller tells
	Pull     Mode = "pull"      // the caller asks, and is told
	PushPull Mode = "push-pull" // the caller tells if it knows, and asks if it does not
)

func (m Mode) pushes() bool { return m != Pull }
func (m Mode) pulls() bool  { return m != Push }

// Timing says when a node's rounds begin.
type Timing string

// The timings.
const (
	Aligned   Timing = "aligned"   // when the node's clock shows a multiple of Round
	Staggered Timing = "staggered" // every Round, from a time that each node draws from [0, Round)
	Poisson   Timing = "poisson"   // after exponential times of mean Round
)

// Stop says when a node that knows the rumour loses interest in it (Demers et al., section 1.4).
type Stop string

// The stop rules.
const (
	Never           Stop = "never"
	BlindCounter    Stop = "blind-counter"    // after K rounds
	BlindCoin       Stop = "blind-coin"       // after each round with probability 1/K
	FeedbackCounter Stop = "feedback-counter" // after K rounds in a row in which all whom it told knew already
	FeedbackCoin    Stop = "feedback-coin"    // with probability 1/K whenever somebody whom it told knew already
)

func (s Stop) feedback() bool { return s == FeedbackCounter || s == FeedbackCoin }
func (s Stop) blind() bool    { return s == BlindCounter || s == BlindCoin }

// Config is how a rumour is spread. Mode and Round are needed; the zero value of the others is a default.
type Config struct {
	Mode    Mode
	Round   time.Duration // on each node's own clock
	Fanout  int           // how many different nodes a node calls in a round; 0 is 1
	Timing  Timing        // "" is Aligned
	Stop    Stop          // "" is Never
	K       int           // of the stop rule; 0 is 1
	Sources int           // nodes 0 to Sources-1 know the rumour from the start; 0 is 1
	Durable bool          // what a node knows survives a crash
	Bug     Bug           // "" is none
}

// Bug names a fault of implementation, planted on purpose; "" is none.
type Bug string

// The faults of implementation.
const (
	// CallsItself draws partners from all nodes, the caller among them.
	CallsItself Bug = "calls-itself"
	// AskTaken takes the question for the answer: who is asked for the rumour believes to have heard it.
	AskTaken Bug = "ask-taken"
	// TellsOnce loses interest after the first round, whatever the stop rule: what is lost then is not told again.
	TellsOnce Bug = "tells-once"
	// SamePartner draws the partners of the first round in all rounds.
	SamePartner Bug = "same-partner"
	// ForgetsRepeated drops the rumour when it is heard again, as code does that toggles a mark instead of setting it.
	ForgetsRepeated Bug = "forgets-repeated"
)

// Bugs returns all of them.
func Bugs() []Bug { return []Bug{CallsItself, AskTaken, TellsOnce, SamePartner, ForgetsRepeated} }

// maxFanout bounds Config.Fanout.
const maxFanout = 64

// Validate reports what is wrong with the configuration for that many nodes: all of it.
func (c Config) Validate(nodes int) error {
	c = c.withDefaults()
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("gossip: Config."+format, args...)) }
	if !slices.Contains([]Mode{Push, Pull, PushPull}, c.Mode) {
		bad("Mode is %q, want push, pull or push-pull", c.Mode)
	}
	if c.Round <= 0 {
		bad("Round is %v, want more than 0", c.Round)
	}
	if most := min(nodes-1, maxFanout); c.Fanout < 1 || c.Fanout > max(most, 1) {
		bad("Fanout is %d, want 1 to %d", c.Fanout, max(most, 1))
	}
	if !slices.Contains([]Timing{Aligned, Staggered, Poisson}, c.Timing) {
		bad("Timing is %q, want aligned, staggered or poisson", c.Timing)
	}
	switch {
	case !slices.Contains([]Stop{Never, BlindCounter, BlindCoin, FeedbackCounter, FeedbackCoin}, c.Stop):
		bad("Stop is %q, want never, blind-counter, blind-coin, feedback-counter or feedback-coin", c.Stop)
	case c.Stop.feedback() && c.Mode == Pull:
		bad("Stop is %s with pull, want never, blind-counter or blind-coin: who asks does not know, so nobody is told in vain", c.Stop)
	}
	if c.K < 1 || c.K > maxK {
		bad("K is %d, want 1 to %d", c.K, maxK)
	}
	if c.Sources < 1 || c.Sources > nodes {
		bad("Sources is %d, want 1 to %d, the number of nodes", c.Sources, nodes)
	}
	if c.Bug != "" && !slices.Contains(Bugs(), c.Bug) {
		bad("Bug is %q, want none or one of %s", c.Bug, strings.Trim(fmt.Sprint(Bugs()), "[]"))
	}
	return errors.Join(errs...)
}

// maxK bounds Config.K.
const maxK = 1000

func (c Config) withDefaults() Config {
	c.Fanout, c.K, c.Sources = orOne(c.Fanout), orOne(c.K), orOne(c.Sources)
	if c.Timing == "" {
		c.Timing = Aligned
	}
	if c.Stop == "" {
		c.Stop = Never
	}
	return c
}

func orOne(n int) int {
	if n == 0 {
		return 1
	}
	return n
}

// New returns what makes the processes of a world (sim.Config.New). They share the configuration.
func New(c Config) func(sim.NodeID) sim.Process {
	c = c.withDefaults()
	return func(sim.NodeID) sim.Process { return &Process{cfg: &c} }
}

// roundOf is the number of the aligned round in which the clock shows l: from 1, and 0 for what was known before.
func (c *Config) roundOf(l sim.Local) int {
	if l < 0 {
		return 0
	}
	return int(l/sim.Local(c.Round)) + 1
}
