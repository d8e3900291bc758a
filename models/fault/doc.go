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
//		Until:   300e9, // from here on all is well
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
// [Renewal] lets nodes alternate between well and in trouble, of a [Kind]. [Partitions] divides the nodes in a drawn
// [Shape]. [Flapping] makes and heals one cut. [WallSteps] steps wall clocks. [Once] is a fault at a stated time. Your
// own law implements [Law].
//
// # What is independent of what
//
// Every law has random streams named after it, every node streams of its own, and so have times up and times down.
// Hence one node more or less, one law more or less, or another law of repair leave all other draws as they were.
// Exceptions are what is about several nodes by nature: who is on which side of a partition, and MaxDown.
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
// cut off. Repairs start at once. Nothing is correlated but by MaxDown: domains that fail together, omission, timing and
// storage failures are not modelled here. A law of a Weibull, gamma or other form is a dist.Dist like any
// other.
//
// # References
//
// D. R. Cox, Renewal Theory, Methuen 1962 (alternating renewal processes: chapter 7). F. Cristian, Understanding
// fault-tolerant distributed systems, CACM 34(2), 1991 (the classes of failures). L. Lamport, R. Shostak, M. Pease, The
// Byzantine Generals Problem, ACM TOPLAS 4(3), 1982 (liars).
package fault
