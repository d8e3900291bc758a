package kv

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"lightcone/sim"
	"lightcone/sim/check"
)

// Workload says what a client asks for, and when. It is a value without mutable state: all that changes is n and r.
type Workload interface {
	// Next returns what to ask for the n-th time, from 0; ok false ends the client's work. r is a stream of the client's for
	// nothing else, so that retries do not change what it asks for. A client that was restarted begins again at 0.
	Next(n uint64, r *sim.Rand) (ask Ask, ok bool)
}

// Ask is one thing to ask for. The client makes up the value to write, which no other operation of the run writes. A
// CompareAndSwap expects the last value of the key that this client saw.
type Ask struct {
	Wait time.Duration // on the client's clock, since it last asked if Open, else since it last had an answer or gave up
	Open bool          // open loop: ask whether or not the answer to the last is there
	Kind Kind
	Key  string
}

// ClientConfig describes a client. The zero value of every field but Servers, Workload and Timeout has a documented
// meaning.
type ClientConfig struct {
	Servers  int           // the servers are nodes 0 to Servers-1
	Contacts []sim.NodeID  // whom of them it asks, as long as none refers it to a leader; none: all
	Workload Workload      // what it asks for
	Timeout  time.Duration // how long it waits for the reply to one attempt, on its own clock
	Deadline time.Duration // how long it waits for an operation, from when it asked; 0: for ever
	Retry    Retrier       // nil: one attempt
	Budget   Budget        // bounds the share of retries and hedges; the zero Budget does not
	Hedge    time.Duration // asks a second server too if the first has not answered within this; 0: never. Writes only with Tokens
	Tokens   bool          // registers sessions, and sends a Token with every operation
	Sticky   bool          // goes on asking the server that answered last; else a random one each time
	Lanes    int           // how many operations may be under way at once, each in a session of its own; more wait. 0: any number

	// Propagate tells servers with every attempt how long its answer is waited for (Request.Within), so that they need not
	// serve what nobody waits for.
	Propagate bool
	// NoDuplicates says that the network delivers no message twice. Only then is a refusal final, and an operation whose
	// attempts were all refused has failed: where a request may have a second copy, the server that refused the first may
	// accept that one.
	NoDuplicates bool
	// Repeat asks again for a write without Tokens even if an attempt may have been executed, so that it may take effect
	// twice. Otherwise such a write is asked for again only if all its attempts were refused.
	Repeat bool
}

// Validate reports what is wrong with the configuration: all of it.
func (c ClientConfig) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("kv: ClientConfig."+format, args...)) }
	if c.Servers < 1 {
		bad("Servers is %d, want at least 1", c.Servers)
	}
	for i, id := range c.Contacts {
		if id < 0 || int(id) >= c.Servers {
			bad("Contacts[%d] is %v, want one of the %d servers", i, id, c.Servers)
		}
	}
	if c.Workload == nil {
		bad("Workload is nil, want what to ask for")
	}
	if c.Timeout <= 0 {
		bad("Timeout is %v, want more than 0", c.Timeout)
	}
	if c.Deadline < 0 {
		bad("Deadline is %v, want 0 (for ever) or more", c.Deadline)
	}
	if c.Hedge < 0 {
		bad("Hedge is %v, want 0 (never) or more", c.Hedge)
	}
	if c.Lanes < 0 {
		bad("Lanes is %d, want 0 (any number) or more", c.Lanes)
	}
	return errors.Join(append(errs, validate(c.Workload), validate(c.Retry), c.Budget.Validate())...)
}

// validate asks a part of a configuration that can tell whether it is sound.
func validate(part any) error {
	if v, ok := part.(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}

// Client is a process that asks servers for operations, and says honestly what came of each: OK if a server said so,
// Failed if every attempt was certainly in vain, else Unknown. It notes each with an Invoked and a Returned. All of it
// is volatile: a client that comes back after a crash has other sessions, other numbers and other values to write.
type Client struct {
	Counts    Counts
	Latencies []time.Duration // of the operations that ended as OK, on the client's clock, in the order in which they ended

	cfg       ClientConfig
	contacts  []sim.NodeID
	self      sim.NodeID
	life      uint64     // the node's incarnation
	numbered  uint64     // operations and registrations of this life
	asks      sim.Rand   // the stream of the workload
	drawn     uint64     // what the workload was asked for so far
	next      Ask        // what it will ask for
	more      bool       // there is a next
	thinking  bool       // next waits for its time, not for an answer
	lanes     []lane     // one for each operation that was ever under way at once
	queue     []task     // operations that wait for a lane
	tokens    int        // of the Budget, in thousandths
	favourite sim.NodeID // Sticky: the server that answered last, or Nobody
	seen      map[string]string
}

// task is an operation under way or waiting to be.
type task struct {
	id    uint64
	op    Op
	asked sim.Local
}

// NewClient returns a client. The configuration must be one that Validate accepts.
func NewClient(cfg ClientConfig) *Client { return &Client{cfg: cfg, favourite: sim.Nobody} }

// Init begins the work.
func (c *Client) Init(env *sim.Env) {
	c.self, c.life = env.ID(), uint64(env.Incarnation())
	c.contacts = c.cfg.Contacts
	if len(c.contacts) == 0 {
		c.contacts = make([]sim.NodeID, c.cfg.Servers)
		for i := range c.contacts {
			c.contacts[i] = sim.NodeID(i)
		}
	}
	c.asks = sim.NewRand(env.Rand().Uint64())
	c.tokens = c.cfg.Budget.full()
	c.seen = map[string]string{}
	c.draw()
	c.think(env)
}

// Receive handles the reply of a server.
func (c *Client) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Reply:
		c.onReply(env, from, m)
	default:
		panic(fmt.Sprintf("kv: client got a %T, want a Reply", m))
	}
}

// Timeout handles a timer.
func (c *Client) Timeout(env *sim.Env, tag any) {
	a := tag.(alarm)
	switch a.reason() {
	case arrival:
		c.arrive(env)
	case attemptOver:
		c.onAttemptOver(env, &c.lanes[a.lane()])
	case hedgeDue:
		c.onHedgeDue(env, &c.lanes[a.lane()])
	}
}

// alarm is the tag of a timer: what it is for, and in which lane. A small number is boxed without allocation.
type alarm uint32

const (
	arrival     = iota // the next operation is due
	attemptOver        // the reply has not come in time, or the wait before the next attempt is over
	hedgeDue           // time to ask a second server too
)

var alarmNames = [...]string{"next operation", "attempt", "hedge"}

func newAlarm(reason, lane int) alarm { return alarm(lane<<2 | reason) }
func (a alarm) reason() int           { return int(a & 3) }
func (a alarm) lane() int             { return int(a >> 2) }
func (a alarm) String() string        { return alarmNames[a.reason()] }

// draw asks the workload for the next operation.
func (c *Client) draw() {
	c.next, c.more = c.cfg.Workload.Next(c.drawn, &c.asks)
	c.drawn++
}

// think lets the time before the next operation pass, as soon as it runs.
func (c *Client) think(env *sim.Env) {
	if !c.more || c.thinking || !c.next.Open && c.underWay() > 0 {
		return
	}
	c.thinking = true
	env.After(c.next.Wait, newAlarm(arrival, 0))
}

// underWay counts the operations whose outcome is open.
func (c *Client) underWay() int {
	return c.Counts.Asked - c.Counts.OK - c.Counts.Failed - c.Counts.Unknown
}

// arrive asks for the next operation, or has it wait for a lane.
func (c *Client) arrive(env *sim.Env) {
	c.thinking = false
	t := task{id: c.number(), asked: env.Now()}
	t.op = c.operation(c.next, t.id)
	c.Counts.Asked++
	env.Note(Invoked{t.id, t.op})
	c.draw()
	c.think(env)
	if l := c.freeLane(); l != nil {
		c.begin(env, l, t)
	} else {
		c.queue = append(c.queue, t)
	}
}

// number names an operation or a registration; a later life of this node has other numbers.
func (c *Client) number() uint64 {
	c.numbered++
	return c.life<<32 + c.numbered
}

// operation makes up what is written: c7.12 is by node 7, number 12; c7r1.12 the same after its first restart.
func (c *Client) operation(a Ask, id uint64) Op {
	op := Op{Kind: a.Kind, Key: a.Key}
	if a.Kind == CompareAndSwap {
		op.Expect = c.seen[a.Key]
	}
	if a.Kind != Get && a.Kind != Delete {
		op.Value = c.value(id)
	}
	return op
}

func (c *Client) value(id uint64) string {
	b := append(make([]byte, 0, 24), 'c')
	b = strconv.AppendInt(b, int64(c.self), 10)
	if c.life > 0 {
		b = strconv.AppendUint(append(b, 'r'), c.life, 10)
	}
	return string(strconv.AppendUint(append(b, '.'), id&(1<<32-1), 10))
}

// finish ends the operation of a lane.
func (c *Client) finish(env *sim.Env, l *lane, outcome check.Outcome, result Result) {
	l.stop(env)
	t := l.task
	l.busy, l.task, l.call = false, task{}, call{}
	env.Note(Returned{t.id, outcome, result})
	switch outcome {
	case check.OK:
		c.Counts.OK++
		c.Latencies = append(c.Latencies, env.Now().Sub(t.asked))
		c.learn(t.op, result)
	case check.Failed:
		c.Counts.Failed++
	case check.Unknown:
		c.Counts.Unknown++
	}
	if len(c.queue) > 0 {
		t, c.queue = c.queue[0], c.queue[1:]
		c.begin(env, l, t)
	}
	c.think(env)
}

// learn remembers the value that a key has now, as far as this operation shows it.
func (c *Client) learn(op Op, r Result) {
	switch op.Kind {
	case Get:
		c.seen[op.Key] = r.Value
	case Put:
		c.seen[op.Key] = op.Value
	case CompareAndSwap:
		if r.Swapped {
			c.seen[op.Key] = op.Value
		}
	case Delete:
		delete(c.seen, op.Key)
	}
}
