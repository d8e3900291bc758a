// Package fault models what goes wrong: crashes and recoveries, crashes in the middle of a handler, pauses, partitions
// and their healing, steps of wall clocks. Each at a stated time, or drawn by the seed from laws for the time to
// failure and to repair.
//
// A [Model] is a set of laws. It draws a [Plan]: every fault of the run, up front, as a list that prints, parses back
// and can be edited. Removing a line changes no other.
//
//	model := fault.Model{
//		Laws: []fault.Law{
//			fault.Renewal{Up: dist.Exponential{Mean: 60e9}, Down: dist.Exponential{Mean: 5e9}}, // crashes, MTTF 60 s, MTTR 5 s
//			fault.Partitions{Up: dist.Exponential{Mean: 30e9}, Down: dist.Uniform{Lo: 1e9, Hi: 4e9}},
//			fault.Once{At: 2e9, For: time.Second, Action: sim.Pause{Node: 0}},
//		},
//		Until:  300e9,              // from here on all is well
//		Budget: fault.Budget{F: 2}, // a majority of five is well
//	}
//	plan, err := model.Draw(seed, 5)
//	config.Faults = []sim.Fault{plan.Schedule()}
//
// A Model is also a sim.Fault, which draws its plan from the run's own seed. Its times are of true time, in
// nanoseconds.
//
// # Laws
//
// [Renewal] lets nodes alternate between well and in trouble, of a [Kind]; failed nodes may queue for repair crews.
// [Partitions] divides the nodes in a drawn [Shape]. [Flapping] makes and heals one cut. [WallSteps] steps wall clocks.
// [Once] is a fault at a stated time. [Mix] draws the kind too. [Trace] replays [Intervals], which [ParseIntervals] reads
// from a CSV file and [Plan.Intervals] takes from a plan. Your own law implements [Law].
//
// Several nodes fail together by [Tree], shocks at each level of a tree of failure domains such as region, zone, rack
// and host; by [Shocks], causes that groups of nodes have in common ([BetaFactor]); by [Batches]; and by [Rolling], which
// is maintenance.
//
// What befalls a node is of one of the [Kinds]: it crashes, pauses, is cut off, omits messages, is slow, has a wrong clock,
// a disk that is slow, full, lost, old, or that loses or tears writes, or it lies. A [Degree] says how much. [Bursts]
// disturbs the network; [ClockSteps] and [Rots] strike nodes once.
//
// # The failure models
//
// From the least to the most that a failed node, or what is between nodes, can do. The tests of this package and, for
// liars, of protocols/generals have for each a protocol that it breaks and one that it does not.
//
//	fail-stop         a node stops, and others may know it for sure sim.Config.FailStop     Schlichting and Schneider 1983
//	fail-silent       a node stops, and nobody is told              stop                    Cristian 1991 (halting crash)
//	fail-restart      it returns with what was durable              crash and recover       Cristian 1991 (partial amnesia)
//	disk lost or old  it returns with an empty or an old disk       disk-lost, disk-old     Cristian 1991 (amnesia)
//	send omission     messages do not leave                         omit-send, mute         Hadzilacos and Toueg 1994
//	receive omission  messages that arrive are not received         omit-receive, deafen    Hadzilacos and Toueg 1994
//	timing            it is late, or its clock is wrong             slow, pause, drift,     Cristian 1991
//	                                                                sim.StepWall
//	network           messages are lost, late, or cut off           Bursts, Partitions
//	storage           writes are late, wait for room, are not made  disk-slow, disk-full,
//	                  or half made; what is stored is damaged       lose-writes,
//	                                                                tear-writes, sim.Rot
//	Byzantine         it says anything, differently to each         lie                     Lamport, Shostak and Pease 1982
//	correlated        several at once, from one cause               Tree, Shocks, Batches   Marshall and Olkin 1967
//
// # The fault budget
//
// A [Budget] holds a model to F nodes in trouble at once, a node counting once whatever ails it: [AnyTrouble] says what
// counts. An outage that would be one too many does not take place. [Plan.Within] does the same to a plan that was edited,
// since a node whose recovery was deleted stays down. [Excused] says when a plan exceeds F: when a service that tolerates
// F failures is excused for being down.
//
// # What is independent of what
//
// Every law has random streams named after it, every node streams of its own, and so have times up and times down.
// Hence one node more or less, one law more or less, or another law of repair leave all other draws as they were.
// Exceptions are what is about several nodes by nature: who is on which side of a partition, whom a Mix or a batch
// strikes, how long a node waits for a crew, and the Budget.
//
// Outages may overlap. A node is down as long as any crash holds it, and otherwise paused as long as any pause does.
// Cuts have names of their own, and any number hold at once.
//
// # Liars
//
// A Byzantine node is one on which a sim.Lie holds, as a plan's "lie n2 by twofaced as l1" has it until "heal l1", or the
// law [Lying]: a sim.Liar then says something else, to each recipient, than its process does. [Liars] has the usual ones by
// name: silence, two faces, falsehoods, replays, delays. They combine by [Chain] and [AnyOf], and [Lies] makes one of any
// function. What a falsehood is, the message says itself ([Falsifiable]). No liar speaks in another's name. Who lies
// counts as a node in trouble.
//
// # Assumptions
//
// Failures strike at any time, whatever the nodes do: times to failure run in true time, also while a node is paused or
// cut off. Repairs start at once unless there are crews; a crew then works also on what a Budget has left out. Causes in
// common are independent of each other and of the nodes' own failures. A law of a Weibull, gamma or other form is a
// dist.Dist like any other.
//
// # Not modelled
//
// Failures that depend on what the nodes do, such as load; failures that spread from one node to another; crews with
// priorities or travel; ageing over repairs: after each a node is as good as new.
//
// # References
//
// D. R. Cox, Renewal Theory, Methuen 1962 (alternating renewal processes: chapter 7). A. W. Marshall, I. Olkin, A
// Multivariate Exponential Distribution, JASA 62, 1967 (shocks). B. Schroeder, G. Gibson, A large-scale study of failures
// in high-performance computing systems, DSN 2006 (batches). A. Groce et al., Swarm Testing, ISSTA 2012. F. Cristian,
// Understanding fault-tolerant distributed systems, CACM 34(2), 1991 (the classes of failures). V.
// Hadzilacos, S. Toueg, A Modular Approach to Fault-Tolerant Broadcasts and Related Problems, Cornell TR 94-1425, 1994
// (omission). R. Schlichting, F. Schneider, Fail-Stop Processors, ACM TOCS 1(3), 1983. L. Lamport, R. Shostak, M. Pease,
// The Byzantine Generals Problem, ACM TOPLAS 4(3), 1982 (liars).
package fault
