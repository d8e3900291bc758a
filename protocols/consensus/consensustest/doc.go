// Package consensustest tests protocols that replicate a log by elected leaders, as testing/fstest tests file systems:
// it has the tests that courses know by name, and the cluster that they drive.
//
// A test is a [Case]: the section of the paper that it exercises, what must hold, and straight-line code over a
// [Cluster], which stops the world to look at its servers and to do things to them:
//
//	func rejoin(c *consensustest.Cluster) {
//		c.Agree("101", 3)
//		old := c.Leader()
//		c.Disconnect(old)
//		c.Start(old, "102")           // cannot commit
//		c.Agree("103", 2)             // the others go on
//		c.Connect(old)
//		c.Agree("104", 3)             // and the old leader's log is mended
//		c.Require(c.Holders("102") == 0, "102 took effect, want it overwritten")
//	}
//
// A protocol runs all of them with
//
//	for _, k := range consensustest.Course() {
//		t.Run(k.Name, func(t *testing.T) { k.Test(t, system) })
//	}
//
// where a [System] says how to make its servers. Whatever a case is about, the claims of consensus.Properties are
// checked at every step, messages and writes are checked to be immutable, state machines that are equally far must be
// equal, and what the clients saw must be linearizable.
//
// # Model
//
// Nodes 0 to Servers-1 are servers: a sim.Process that is a [Server]. Their election timeouts are within ElectionMin and
// ElectionMax, their heartbeats every Heartbeat. The next node is the tester, which talks to every server at once and
// without loss, whatever is cut, as the testers of courses call their servers in process. Nodes after it are kv.Clients,
// with sessions, for cases that want them.
//
// Between servers a message takes 1 to 3 ms, and none overtakes another on its link. An unreliable network loses one in ten
// and takes up to 27 ms; with long reordering one in three takes 200 to 2,200 ms more. Writes take 0.2 to 1 ms; a crash
// loses half of those that are under way.
//
// # Not modelled
//
// Torn writes and duplicated messages: the swarms of the protocols have those. Clocks drift only where a Case says so.
//
// # References
//
//   - MIT 6.5840 (6.824), Distributed Systems, labs 3A to 3D: the names of the tests and what they do. The code is our own.
//   - D. Ongaro, J. Ousterhout, In Search of an Understandable Consensus Algorithm (extended version), 2014.
//   - D. Ongaro, Consensus: Bridging Theory and Practice, 2014. Sections with a sign (§3.4) are of it.
package consensustest
