package contention

import (
	"fmt"
	"time"

	"lightcone/protocols/kv"
	"lightcone/sim"
)

// row is the node that everybody contends for.
const row sim.NodeID = 0

// State is what a client is doing.
type State uint8

// The states of a client, in the order in which it goes through them.
const (
	Reading State = iota // has asked for the version
	Writing              // has written, and waits for the answer
	Waiting              // was refused, and backs off
	Done                 // its write was accepted
)

var stateNames = [...]string{"reads", "writes", "backs off", "done"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state(%d)", uint8(s))
}

// Client writes the row once.
type Client struct {
	State  State
	Calls  int           // writes that it made
	Waited time.Duration // how long it backed off, in all
	Ended  sim.Local     // when it learnt that its write was accepted

	policy kv.Retrier
	bug    Bug
	wait   time.Duration // the last one
	from   int           // the version that it read last
	timer  sim.Timer     // Impatient
}

// New returns the processes of a world: the row on node 0, clients on the others. The configuration must be one that
// Validate accepts.
func New(c Config) func(sim.NodeID) sim.Process {
	return func(id sim.NodeID) sim.Process {
		if id == row {
			return &Row{bug: c.Bug}
		}
		return &Client{policy: c.retrier(), bug: c.Bug}
	}
}

// Init reads the version.
func (c *Client) Init(env *sim.Env) { c.read(env) }

func (c *Client) read(env *sim.Env) {
	c.State = Reading
	env.Send(row, Read{})
}

// Timeout begins again.
func (c *Client) Timeout(env *sim.Env, _ any) {
	if c.bug == StaleRetry {
		c.write(env)
		return
	}
	c.read(env)
}

// Receive handles an answer of the row.
func (c *Client) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Version:
		c.from = m.Number
		c.write(env)
	case Written:
		c.onWritten(env, m)
	default:
		panic(fmt.Sprintf("contention: client got a %T, want a Version or a Written", m))
	}
}

func (c *Client) write(env *sim.Env) {
	c.State = Writing
	c.Calls++
	env.Send(row, Write{c.from})
	if c.bug == Impatient {
		c.timer = env.After(patience, nil)
	}
}

func (c *Client) onWritten(env *sim.Env, m Written) {
	if c.bug == Impatient && !env.Cancel(c.timer) {
		return // it has begun again
	}
	if m.Accepted {
		c.State, c.Ended = Done, env.Now()
		return
	}
	c.State = Waiting
	c.wait, _ = c.policy.Next(c.Calls+1, c.wait, env.Rand())
	c.Waited += c.wait
	env.After(c.wait, nil)
}

// Clone returns an independent copy.
func (c *Client) Clone() sim.Process {
	d := *c
	return &d
}
