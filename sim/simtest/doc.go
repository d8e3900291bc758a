// Package simtest is what `go test` users of sim touch: it runs a configuration over seeds, replays a seed, records
// what one handler does, checks that a process keeps the rules, and runs scripted scenarios.
//
// A test of a protocol is usually one call:
//
//	func TestMutex(t *testing.T) {
//		simtest.Run(t, sim.Config{
//			Nodes:      5,
//			New:        func(sim.NodeID) sim.Process { return lamport.NewMutex(params) },
//			Properties: lamport.MutexProperties(),
//		}, simtest.Options{})
//	}
//
// It runs seeds 1 to 20, always the same, in strict mode. A failure names the seed, the property, the event, the
// virtual time and the digest, and gives the line that replays it. A Sometimes property that no seed showed fails the
// test too.
//
//	-sim.seed=N   run seed N only          LIGHTCONE_SEED
//	-sim.runs=N   run seeds 1 to N         LIGHTCONE_RUNS
//	-sim.v        log every event          LIGHTCONE_V
//	-update       rewrite the transcripts of Scripts; see [Updating]
//
// A flag wins over its environment variable, and comes after the package: go test ./raft -sim.seed=7.
//
//   - [Record] gives one process one input, and returns the effects as data: the unit test of a handler.
//   - [TestProcess] is the contract that every Process must keep, as testing/fstest.TestFS is for file systems.
//   - [Determinism] runs twice and names the first event that differs.
//   - [Scripts] runs the scenarios in testdata, commands with their expected transcripts.
//
// # Not modelled
//
// simtest judges a run by what it can observe. A process that hides state in a closure or a package variable is found
// only if that state changes what it does.
package simtest
