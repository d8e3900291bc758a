// Package sim simulates distributed protocols: nodes that run deterministic state machines, exchange messages
// over an unreliable network, read clocks of their own, crash and recover. One seed is one run, to the byte, on
// every machine.
//
// # The model
//
// A [World] is a set of nodes and a list of events in the total order (time, order of causation); it executes
// one event at a time, and the handler that the event calls runs to its end, in no time, before the next.
//
// Ten names are the whole of it.
//
//   - [World] is one run: New makes it from a Config, Run executes it, Result says what it came to.
//   - [Process] is the code of one node: Init, Receive, Timeout. A factory makes a fresh one at the start and
//     at every recovery.
//   - [Env] is all that a handler sees and does: its own name, its clock, its timers, random numbers, Send,
//     Persist, Note. It is an outbox: what it does is data for the world, one atomic step, which a crash can
//     cut after any effect.
//   - [Message] is what nodes send: any immutable value.
//   - [Clock] maps true time to what one node's hardware shows. A process never sees true time, and its timers
//     run on its own clock.
//   - [Network] decides the fate of each message: when it arrives, how often, or why not.
//   - [Fault] is a source of interventions: crashes, pauses, partitions, clock steps.
//   - [Event] is the record of one thing that happened.
//   - [Observer] sees every event, and cannot act: traces, statistics, pictures.
//   - [Property] is a claim about the whole world, checked after every step: Always, Sometimes, Eventually.
//
// # The smallest example
//
// A node that greets and a node that answers:
//
//	type greeter struct{}
//
//	func (greeter) Init(env *sim.Env) {
//		if env.ID() == 0 {
//			env.Send(1, "hello")
//		}
//	}
//	func (greeter) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
//		env.Notef("%v from %v at %v", m, from, env.Now())
//		if m == "hello" {
//			env.Send(from, "hello yourself")
//		}
//	}
//	func (greeter) Timeout(*sim.Env, any) {}
//
//	func main() {
//		w, err := sim.New(sim.Config{Seed: 1, Nodes: 2, New: func(sim.NodeID) sim.Process { return greeter{} }})
//		if err != nil {
//			log.Fatal(err)
//		}
//		result := w.Run()
//		fmt.Println(result.Verdict, "after", result.Now) // pass after 2ms
//	}
//
// The examples of this package run it, watch it, and break it. The story goes on in protocols/pingpong, a
// protocol with retries in forty lines and the template for others; in world.go, the loop that executes it all;
// and in protocols/lamport, the clocks of the paper that began it.
//
// # Determinism, and its rules
//
// A run is a function of its Config: the same events in the same order with the same random draws, hence the
// same digest (Result.Digest), whatever the machine or the number of cores. That makes a failing seed a bug
// report, and two runs that differ in one thing a fair comparison. It rests on these rules, for processes and
// models alike.
//
//   - No goroutines, channels or locks; no time.Now; no global random numbers. Their order or value is not the
//     seed's. Parallelism is between worlds: any number of them may run at once.
//   - No iteration over a map where the order can reach an effect, and no sorting that leaves ties to chance:
//     go through sorted keys.
//   - Messages and persisted values are not changed once they are handed over, and an Env is not kept. Strict
//     mode (Config.Strict) reports who breaks this; have it on in tests.
//   - State lives in the process or in what it persists, never in package variables or in what the factory
//     closes over: a crash must lose it, a fork must copy it.
//   - Floating point is exact only as far as it is spelled out: compilers may fuse a product with a later sum on
//     some platforms, so write float64(x*y), and take logarithms and the like from models/dist, not from math.
//
// All randomness is keyed: a draw is a hash of the seed, its purpose, whose it is, and how many that one drew
// before ([Rand]). The draws for the k-th message from a to b ([MessageName]) are the same in every run of that
// seed, whatever other messages, nodes and faults there are. So an edit of a run, such as losing one message
// more (Config.Drop), changes nothing but its consequences.
//
// # Crashes and storage
//
// A crash ends the process, its timers and what it had received but not handled; messages that it sent live on.
// What it persisted survives once it is durable, after the latency of the [Disk]; a write in flight is lost,
// kept or torn. Messages sent after a Persist in the same handler wait for it, so that no promise outruns its
// record; those sent before do not. A crash can be planned after the k-th effect of a handler ([CrashDuring]),
// where the bugs are. A pause is a crash that loses nothing.
//
// # Failures
//
// A run ends early when a property falls, a handler panics, a process breaks a rule, or a limit is reached; the
// [Error] says which, and carries the seed, the digest, the event, the time, the node, and the command that
// repeats the run. A limit reached is reported as that, never as success.
//
// # Fork
//
// World.Fork copies a world between two events; both go on alike until one is interfered with. Processes
// implement [Cloner] for it. Model checking, time travel and "what if" are made of it.
//
// # What is not modelled
//
// Computing takes no time: a node that is slow is one that sets timers. Within a node there is no concurrency.
// Messages are values, not bytes; a network that wants sizes asks [SizeOf]. Disks do not fill, lose what was
// durable, or reorder the writes of one node. A Byzantine node is one on which a Lie holds. Events are executed
// one after the other, not in parallel by logical processes with lookahead (Chandy and Misra) or rollback
// (Jefferson): a world is small, and there are many of them.
//
// # References
//
//   - L. Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, CACM 21(7), 1978:
//     processes, events, happened-before.
//   - N. Lynch, Distributed Algorithms, 1996: I/O automata, timing and failure models.
//   - K. M. Chandy, J. Misra, Distributed Simulation, IEEE TSE 5(5), 1979; D. Jefferson, Virtual Time, ACM
//     TOPLAS 7(3), 1985: what is not used here.
//   - G. Steele, D. Lea, C. Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014: the hash behind
//     Rand.
//   - R. Ahuja, K. Mehlhorn, J. Orlin, R. Tarjan, Faster Algorithms for the Shortest Path Problem, JACM 37(2),
//     1990: the radix heap of large worlds.
package sim
