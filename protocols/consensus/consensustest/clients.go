package consensustest

import (
	"time"

	"lightcone/protocols/kv"
)

// clientConfig is how the kv.Clients of a case work: without pause, each operation in a session, tried until it is done.
func clientConfig(servers int) kv.ClientConfig {
	return kv.ClientConfig{
		Servers:  servers,
		Workload: kv.Plain{Ops: operations, Keys: 3, Think: 40 * time.Millisecond, Gets: 2, Puts: 2, Appends: 1, Swaps: 1},
		Timeout:  ElectionMin,
		Retry:    kv.FullJitter{Base: 10 * time.Millisecond, Cap: ElectionMax},
		Tokens:   true,
		Sticky:   true,
	}
}

const operations = 100 // of one client

// ClientsDone waits until all clients have done all their work.
func (c *Cluster) ClientsDone(within time.Duration) {
	clients := c.View().Nodes() - c.servers - 1
	done := c.Until(within, func() bool { return kv.CountsOf(c.View()).OK == clients*operations })
	n := kv.CountsOf(c.View())
	c.Require(done, "of %d operations %d are done after %v, %d are not known to be, want all done", clients*operations, n.OK, within, n.Unknown)
}
