package sim_test

import (
	"fmt"
	"time"

	"lightcone/sim"
)

// greeter says hello, or answers it.
type greeter struct{}

func (greeter) Init(env *sim.Env) {
	if env.ID() == 0 {
		env.Send(1, "hello")
	}
}

func (greeter) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	env.Notef("%v from %v at %v", m, from, env.Now())
	if m == "hello" {
		env.Send(from, "hello yourself")
	}
}

func (greeter) Timeout(*sim.Env, any) {}

func greeters(sim.NodeID) sim.Process { return greeter{} }

// printNotes prints what processes say.
var printNotes = sim.ObserverFunc(func(e *sim.Event) {
	if e.Kind == sim.Note {
		fmt.Printf("%v: %v\n", e.Node, e.Value)
	}
})

// Two nodes and the default network, which takes a millisecond for every message.
func ExampleNew() {
	w, err := sim.New(sim.Config{Seed: 1, Nodes: 2, New: greeters, Observers: []sim.Observer{printNotes}})
	if err != nil {
		fmt.Println(err)
		return
	}
	result := w.Run()
	fmt.Println(result.Verdict, "after", result.Now)
	// Output:
	// n1: hello from n0 at 1ms
	// n0: hello yourself from n1 at 2ms
	// pass after 2ms
}

// A Config is checked whole, and all that is wrong with it is reported.
func ExampleNew_errors() {
	_, err := sim.New(sim.Config{Until: -1})
	fmt.Println(err)
	// Output:
	// sim: Config.Nodes is 0, want 1 to 2147483647
	// sim: Config.New is nil, want a function that makes a Process
	// sim: Config.Until is -1ns, want 0 (until nothing is left to happen) or later
}

// An observer sees every event: here what becomes of a message that an edit of the run removes.
func ExampleObserverFunc() {
	w, _ := sim.New(sim.Config{
		Nodes: 2, New: greeters,
		Drop: []sim.MessageName{{From: 1, To: 0, K: 1}},
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			switch e.Kind {
			case sim.Send, sim.Deliver:
				fmt.Println(e.Time, e.Kind, e.Name(), e.Value)
			case sim.Drop:
				fmt.Println(e.Time, e.Kind, e.Name(), e.Cause)
			}
		})},
	})
	w.Run()
	// Output:
	// 0s send n0->n1#1 hello
	// 1ms deliver n0->n1#1 hello
	// 1ms send n1->n0#1 hello yourself
	// 1ms drop n1->n0#1 edited
}

// counter counts to a number, one a second, and remembers how far it is.
type counter struct{ n int }

func (c *counter) Init(env *sim.Env) {
	if v, ok := env.Recall("n"); ok {
		c.n = v.(int)
	}
	env.Notef("start at %d", c.n)
	env.After(time.Second, nil)
}

func (c *counter) Receive(*sim.Env, sim.NodeID, sim.Message) {}

func (c *counter) Timeout(env *sim.Env, _ any) {
	c.n++
	env.Persist("n", c.n)
	env.After(time.Second, nil)
}

func (c *counter) Clone() sim.Process { d := *c; return &d }

func counters(sim.NodeID) sim.Process { return &counter{} }

// A crash loses the process, not what it has persisted.
func ExampleSchedule() {
	w, _ := sim.New(sim.Config{
		Nodes: 1, New: counters, Until: sim.Time(10 * time.Second), Observers: []sim.Observer{printNotes},
		Faults: []sim.Fault{sim.Schedule{
			{Time: sim.Time(3500 * time.Millisecond), Action: sim.Crash{Node: 0}},
			{Time: sim.Time(5 * time.Second), Action: sim.Recover{Node: 0}},
		}},
	})
	w.Run()
	v, _ := w.View().Durable(0, "n")
	fmt.Println("in the end", v)
	// Output:
	// n0: start at 0
	// n0: start at 3
	// in the end 8
}

// A property is checked after every step; the first at which an Always property does not hold ends the run.
func ExampleProperty() {
	w, _ := sim.New(sim.Config{
		Seed: 7, Nodes: 1, New: counters, Replay: "go test -run Counter -sim.seed 7",
		Properties: []sim.Property{{
			Name: "never three", Mode: sim.Always,
			Check: func(v sim.View) error {
				if c := v.Process(0).(*counter); c.n == 3 {
					return fmt.Errorf("the counter is %d", c.n)
				}
				return nil
			},
		}},
	})
	result := w.Run()
	fmt.Println(result.Verdict)
	err := result.Err.(*sim.Error)
	fmt.Println(err.What, "at", err.Time)
	fmt.Println(err.Replay)
	// Output:
	// violation
	// property "never three" fell: the counter is 3 at 3s
	// go test -run Counter -sim.seed 7
}

// What if? A fork is the same world, and goes its own way from here on.
func ExampleWorld_Fork() {
	w, _ := sim.New(sim.Config{Nodes: 1, New: counters})
	w.RunUntil(sim.Time(2500 * time.Millisecond))
	fork, err := w.Fork()
	if err != nil {
		fmt.Println(err)
		return
	}
	fork.Act(sim.Crash{Node: 0})
	for _, x := range []*sim.World{w, fork} {
		x.RunUntil(sim.Time(5 * time.Second))
		v, _ := x.View().Durable(0, "n")
		fmt.Println(v)
	}
	// Output:
	// 5
	// 2
}

// A client in straight-line code beside processes in handlers. The second answer takes longer than the client waits.
func ExampleScript() {
	client := func(s *sim.Line) {
		for _, patience := range []time.Duration{5 * time.Millisecond, time.Millisecond} {
			s.Send(1, "hello")
			if _, m, ok := s.ReceiveWithin(patience); ok {
				s.Notef("%v after %v", m, s.Now())
			} else {
				s.Note("no answer")
			}
		}
	}
	w, _ := sim.New(sim.Config{Nodes: 2, Observers: []sim.Observer{printNotes}, New: func(id sim.NodeID) sim.Process {
		if id == 0 {
			return sim.Script(client)
		}
		return greeter{}
	}})
	w.Run()
	// Output:
	// n1: hello from n0 at 1ms
	// n0: hello yourself after 2ms
	// n1: hello from n0 at 3ms
	// n0: no answer
}

// A world can be driven by hand: messages injected, faults applied, one event at a time.
func ExampleWorld_Act() {
	w, _ := sim.New(sim.Config{Nodes: 2, New: greeters, Observers: []sim.Observer{printNotes}})
	defer w.Close()
	w.RunUntil(0)
	w.Act(sim.Cut{Name: "cable", From: []sim.NodeID{0}, To: []sim.NodeID{1}})
	w.RunUntil(sim.Time(time.Second))
	w.Act(sim.Heal{Name: "cable"})
	w.Inject(0, 1, "anybody there?")
	w.RunUntil(sim.Time(2 * time.Second))
	stats := w.View().Stats()
	fmt.Println(stats.Dropped[sim.Partition], "lost in the partition,", stats.Delivered, "delivered")
	// Output:
	// n1: anybody there? from n0 at 1.001s
	// 1 lost in the partition, 1 delivered
}

// Draws are named, not taken in turns: each stream stands on its own.
func ExampleNewRand() {
	const forArrivals = 1
	a := sim.NewRand(42, sim.ForStudy, forArrivals)
	b := sim.NewRand(42, sim.ForStudy, forArrivals)
	fmt.Println(a.IntN(1000) == b.IntN(1000), a.IntN(1000) == b.IntN(1000))
	// Output:
	// true true
}
