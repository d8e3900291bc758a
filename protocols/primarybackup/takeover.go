package primarybackup

import "time"

// Takeover returns how long it takes at least, on average and at most from a crash of the first primary until another
// serves: if the crash comes at any time between two pings alike, nothing else fails, the backups have the same log,
// which is not empty, every message takes delay and every write takes write. Detection takes Timeout - Ping/2 + delay on
// average, as with any timeout on a heartbeat. Then the view service seals the old view, chooses, and hears that the new
// primary is ready.
func (c Config) Takeover(delay, write time.Duration) (least, mean, most time.Duration) {
	d := c.resolved()
	least, most = d.takeover(delay, write, d.Ping), d.takeover(delay, write, 0)
	// Linear in the age of the last ping; so is the mean.
	return least, (least + most) / 2, most
}

// takeover is the time from a crash when the last ping was sent age before.
func (c Config) takeover(delay, write, age time.Duration) time.Duration {
	if c.Failover == Naive {
		return delay + c.Timeout + write - age
	}
	steps := 5 * delay // ping, seal, sealed, lead, ready
	if c.acks(c.Servers-3) > 0 {
		steps += 2 * delay // backups of the new primary confirm that they are where it is
	}
	ready := c.Timeout + steps + 2*write // the number, the promise
	if c.Lease == 0 {
		return ready + write + delay - age
	}
	// The wait for the old lease began at the answer to the last ping; the new one takes a ping and its answer.
	return max(ready, delay+c.Grant()) + write + 3*delay - age
}
