package simtest

import (
	"fmt"
	"testing"
	"time"

	"lightcone/sim"
)

// Recorder gives a process one input at a time, in a world where nothing else happens, and returns what it does as
// data: to processes what net/http/httptest's recorder is to handlers.
//
//	r := simtest.Record(t, &pingpong.Process{Rounds: 1, Retry: time.Second}, 0, 2)
//	did := r.Init()
//	// did.Sends is [{To: 1, Message: Ping{0}}], did.Timers is [{After: 1s}]
//
// Messages that the process sends go nowhere and its timers never call it: the test gives Receive and Timeout when it
// wants. A panic of the process fails the test. The network is perfect, clocks show true time, writes are durable at
// once.
type Recorder struct {
	t      testing.TB
	world  *sim.World
	driver *driver
	id     sim.NodeID
	did    Effects
}

// Effects is what one handler did, each list in its order.
type Effects struct {
	Sends   []Sent
	Timers  []Armed
	Stopped []any // the tags of the timers that were cancelled
	Writes  []Write
	Notes   []any
	Steps   []time.Duration // of the wall clock
}

// Sent is a message that was sent.
type Sent struct {
	To      sim.NodeID
	Message sim.Message
}

// Armed is a timer that was armed, or armed again.
type Armed struct {
	After time.Duration
	Tag   any
}

// Write is a value that was persisted.
type Write struct {
	Key   string
	Value any
}

// Record returns a recorder for process p as node id of a world of so many nodes.
func Record(t testing.TB, p sim.Process, id sim.NodeID, nodes int) *Recorder {
	t.Helper()
	r, err := newRecorder(p, id, nodes)
	if err != nil {
		t.Fatal(err)
	}
	r.t = t
	return r
}

func newRecorder(p sim.Process, id sim.NodeID, nodes int) (*Recorder, error) {
	if id < 0 || int(id) >= nodes {
		return nil, fmt.Errorf("simtest: Record has node %v of %d, want n0 to n%d", id, nodes, nodes-1)
	}
	r := &Recorder{driver: &driver{process: p}, id: id}
	w, err := sim.New(sim.Config{
		Nodes: nodes,
		New: func(n sim.NodeID) sim.Process {
			if n == id {
				return r.driver
			}
			return idle{}
		},
		Network:   nowhere{},
		Observers: []sim.Observer{sim.ObserverFunc(r.observe)},
		Strict:    true,
	})
	if err != nil {
		return nil, err
	}
	r.world = w
	return r, w.RunUntil(0)
}

// Init starts the process.
func (r *Recorder) Init() Effects { return r.give(input{kind: sim.Init}) }

// Receive gives the process a message.
func (r *Recorder) Receive(from sim.NodeID, m sim.Message) Effects {
	return r.give(input{kind: sim.Deliver, from: from, value: m})
}

// Timeout gives the process the timeout of a timer with this tag, whether it ever set one or not.
func (r *Recorder) Timeout(tag any) Effects { return r.give(input{kind: sim.Timeout, value: tag}) }

// Sleep lets time pass. Timers that fall due are over from then on, without calling the process.
func (r *Recorder) Sleep(d time.Duration) {
	r.t.Helper()
	if err := r.world.RunUntil(r.world.Now().Add(d)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *Recorder) give(in input) Effects {
	r.t.Helper()
	if err := r.do(in); err != nil {
		r.t.Fatal(err)
	}
	return r.did
}

// do gives an input to the process and keeps its effects.
func (r *Recorder) do(in input) error {
	if err := r.world.Inject(r.id, r.id, in); err != nil {
		return err
	}
	r.did = Effects{}
	return r.world.RunUntil(r.world.Now())
}

func (r *Recorder) observe(e *sim.Event) {
	if e.Node != r.id {
		return
	}
	d := &r.did
	switch e.Kind {
	case sim.Send:
		d.Sends = append(d.Sends, Sent{e.To, e.Value})
	case sim.TimerSet:
		d.Timers = append(d.Timers, Armed{e.At.Sub(e.Time), e.Value})
	case sim.TimerStopped:
		d.Stopped = append(d.Stopped, e.Value)
	case sim.Persist:
		d.Writes = append(d.Writes, Write{e.Text, e.Value})
	case sim.Note:
		d.Notes = append(d.Notes, e.Value)
	case sim.WallStepped:
		d.Steps = append(d.Steps, time.Duration(e.Step))
	}
}

// input is what a Recorder gives to its process, wrapped as a message from the node to itself.
type input struct {
	kind  sim.Kind // Init, Deliver or Timeout
	from  sim.NodeID
	value any
}

// driver hands inputs to the process and keeps everything else from it.
type driver struct{ process sim.Process }

func (d *driver) Init(*sim.Env)         {}
func (d *driver) Timeout(*sim.Env, any) {}
func (d *driver) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	in, ok := m.(input)
	if !ok {
		return
	}
	switch in.kind {
	case sim.Init:
		d.process.Init(env)
	case sim.Deliver:
		receive(d.process, env, in)
	case sim.Timeout:
		d.process.Timeout(env, in.value)
	}
}

// receive delivers a message as a world would.
func receive(p sim.Process, env *sim.Env, in input) {
	if words, ok := in.value.(sim.Words); ok {
		if r, ok := p.(sim.WordReceiver); ok {
			r.ReceiveWords(env, in.from, words)
			return
		}
	}
	p.Receive(env, in.from, in.value)
}

// idle is a process that does nothing.
type idle struct{}

func (idle) Init(*sim.Env)                             {}
func (idle) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (idle) Timeout(*sim.Env, any)                     {}

// nowhere is a network that loses every message.
type nowhere struct{}

func (nowhere) Route(dst []sim.Copy, _ *sim.Packet, _ *sim.Rand) []sim.Copy { return dst }
