package consensustest

// Churn returns the cases in which clients work while servers come and go.
func Churn() []Case {
	return []Case{
		{
			Name: "reliable churn", Section: "chapters 3 and 6", Servers: 5, Clients: 3, Run: func(c *Cluster) { churn(c, false) },
			Holds: "what clients were told stays true, and all that they asked for is done in the end, once",
		},
		{
			Name: "unreliable churn", Section: "chapters 3 and 6", Servers: 5, Clients: 3, Run: func(c *Cluster) { churn(c, true) },
			Holds: "what clients were told stays true, and all that they asked for is done in the end, once",
		},
		{
			Name: "unreliable churn with snapshots", Section: "chapters 3, 5 and 6", Servers: 5, Clients: 3, SnapshotEvery: snapshotEvery,
			Run:   func(c *Cluster) { churn(c, true) },
			Holds: "as unreliable churn, with logs that are discarded and servers that start from snapshots",
		},
	}
}

func churn(c *Cluster, unreliable bool) {
	c.Unreliable(unreliable)
	for range rounds(20, 8) {
		if c.rand.Bool(0.2) {
			c.Disconnect(c.Pick())
		}
		if c.rand.Bool(0.5) {
			id := c.Pick()
			if !c.Up(id) {
				c.Restart(id)
			}
			c.Connect(id)
		}
		if c.rand.Bool(0.2) {
			c.Crash(c.Pick())
		}
		c.Run(ElectionMax * 7 / 10)
	}
	c.Run(ElectionMax)
	c.Unreliable(false)
	for _, id := range c.All() {
		if !c.Up(id) {
			c.Restart(id)
		}
	}
	c.Connect(c.All()...)
	c.ClientsDone(60 * ElectionMax)
	c.Agree("last", c.servers)
}
