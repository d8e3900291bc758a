package lamport

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lightcone/sim"
)

// Message is what the processes of Mutex send each other: a Request, an Acknowledge or a Release, with its timestamp.
type Message interface{ timestamp() Time }

// Request asks for the resource: the message Tm:Pi.
type Request struct{ Time Time }

// Acknowledge answers a Request, so that the requester hears something later than its own message.
type Acknowledge struct{ Time Time }

// Release says that the sender has released the resource.
type Release struct{ Time Time }

func (m Request) timestamp() Time     { return m.Time }
func (m Acknowledge) timestamp() Time { return m.Time }
func (m Release) timestamp() Time     { return m.Time }

// MutexParams say how often and for how long each process wants the resource.
type MutexParams struct {
	Entries int           // how often each process takes the resource, then it only answers
	Think   time.Duration // mean time between a release and the next request; uniform in [Think/2, 3*Think/2]
	Hold    time.Duration // how long a process holds the resource
}

// Validate reports what is wrong with the parameters: all of it.
func (p MutexParams) Validate() error {
	var errs []error
	if p.Entries < 0 {
		errs = append(errs, fmt.Errorf("lamport: MutexParams.Entries is %d, want 0 or more", p.Entries))
	}
	if p.Think < 0 {
		errs = append(errs, fmt.Errorf("lamport: MutexParams.Think is %v, want 0 or more", p.Think))
	}
	if p.Hold < 0 {
		errs = append(errs, fmt.Errorf("lamport: MutexParams.Hold is %v, want 0 or more", p.Hold))
	}
	return errors.Join(errs...)
}

// State is what a process of Mutex is doing.
type State uint8

// The states of a process of Mutex, in the order in which it goes through them.
const (
	Thinking State = iota // it does not want the resource
	Waiting               // its request is out
	Holding               // it has the resource
)

var stateNames = [...]string{"thinking", "waiting", "holding"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state(%d)", uint8(s))
}

// Mutex is one of the processes that share a resource which only one of them may hold at a time, granted in the order
// in which it was requested (section "Ordering the Events Totally"). There is no central scheduler.
type Mutex struct {
	MutexParams
	State   State
	Entered int // how often it took the resource

	clock Clock
	queue []Stamp // the request queue, in the order =>; a process has at most one request in it
	heard []Time  // by process: the timestamp of the last message from it
	mine  Stamp   // the own request, while Waiting or Holding
}

// NewMutex returns a process for the given parameters.
func NewMutex(params MutexParams) *Mutex { return &Mutex{MutexParams: params} }

// Init starts to think.
func (p *Mutex) Init(env *sim.Env) {
	p.heard = make([]Time, env.Nodes())
	p.think(env)
}

func (p *Mutex) think(env *sim.Env) {
	p.State = Thinking
	if p.Entered < p.Entries {
		half := p.Think / 2
		env.After(env.Rand().Duration(half, 3*half), nil)
	}
}

// Timeout ends the thinking or the holding.
func (p *Mutex) Timeout(env *sim.Env, _ any) {
	switch p.State {
	case Thinking:
		p.request(env)
	case Holding:
		p.release(env)
	}
}

// request is rule 1: put the request on the own queue and send it to every other process.
func (p *Mutex) request(env *sim.Env) {
	p.State = Waiting
	p.mine = Stamp{p.clock.Send(), env.ID()}
	p.enqueue(p.mine)
	env.Broadcast(Request{p.mine.Time})
	p.enterIfGranted(env)
}

// release is rule 3: remove the own request and tell every other process.
func (p *Mutex) release(env *sim.Env) {
	p.remove(env.ID())
	env.Note("release")
	env.Broadcast(Release{p.clock.Send()})
	p.think(env)
}

// Receive handles a message.
func (p *Mutex) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	msg, ok := m.(Message)
	if !ok {
		panic(fmt.Sprintf("lamport: message is a %T, want a Request, an Acknowledge or a Release", m))
	}
	p.clock.Receive(msg.timestamp())
	p.heard[from] = msg.timestamp()
	switch m := msg.(type) {
	case Request: // rule 2
		p.enqueue(Stamp{m.Time, from})
		env.Send(from, Acknowledge{p.clock.Send()})
	case Acknowledge:
	case Release: // rule 4
		p.remove(from)
	default:
		panic(fmt.Sprintf("lamport: unknown message %T", m))
	}
	p.enterIfGranted(env)
}

// enterIfGranted is rule 5: the resource is granted when the own request is the first of the queue and every other
// process has sent something later than it.
func (p *Mutex) enterIfGranted(env *sim.Env) {
	if p.State != Waiting || p.queue[0] != p.mine {
		return
	}
	for _, peer := range env.Peers() {
		if !p.mine.Before(Stamp{p.heard[peer], peer}) {
			return
		}
	}
	p.State = Holding
	p.Entered++
	env.Note("enter")
	env.After(p.Hold, nil)
}

func (p *Mutex) enqueue(s Stamp) {
	i := 0
	for i < len(p.queue) && p.queue[i].Before(s) {
		i++
	}
	p.queue = slices.Insert(p.queue, i, s)
}

// remove takes the request of a process from the queue.
func (p *Mutex) remove(id sim.NodeID) {
	p.queue = slices.DeleteFunc(p.queue, func(s Stamp) bool { return s.Node == id })
}

// Clone returns an independent copy.
func (p *Mutex) Clone() sim.Process {
	c := *p
	c.queue = slices.Clone(p.queue)
	c.heard = slices.Clone(p.heard)
	return &c
}

// Badge shows the state and the time of the own request.
func (p *Mutex) Badge() (role, text string) {
	if p.State == Thinking {
		return p.State.String(), ""
	}
	return p.State.String(), fmt.Sprintf("since %v", p.mine)
}
