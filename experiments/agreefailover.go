package experiments

import (
	"fmt"
	"time"

	"lightcone/models/fault"
	"lightcone/models/rare"
	"lightcone/models/reliability"
	"lightcone/sim"
)

// crashLeader is an action that takes down who leads.
type crashLeader struct{}

func (crashLeader) String() string { return "crash the leader" }

// Apply crashes the node that says that it leads; of several, the first.
func (crashLeader) Apply(c *sim.Control) {
	for id := range sim.NodeID(c.Nodes()) {
		if p, ok := c.Process(id).(interface{ Leader() bool }); ok && p.Leader() {
			c.Crash(id)
			return
		}
	}
}

// recoverAll is an action that starts all nodes again that are down.
type recoverAll struct{}

func (recoverAll) String() string { return "recover all" }

// Apply recovers them.
func (recoverAll) Apply(c *sim.Control) {
	for id := range sim.NodeID(c.Nodes()) {
		c.Recover(id)
	}
}

const drawFailovers = 0x6661696c73 // the purpose of the times of crashes: "fails"

// measureFailover fells the leader again and again, with all others up and at any moment between two heartbeats, and
// measures how long the service cannot serve: what the chain is told.
func (c *Comparison) measureFailover(d Replicated, run rare.Run, seed uint64) error {
	r := sim.NewRand(seed, sim.ForStudy, drawFailovers, uint64(d.Nodes))
	var plan fault.Plan
	at := sim.Time(0)
	for range d.Failovers {
		at = at.Add(d.Window + r.Duration(0, time.Second))
		plan = append(plan, sim.At{Time: at, Action: crashLeader{}})
		at = at.Add(d.Window)
		plan = append(plan, sim.At{Time: at, Action: recoverAll{}})
	}
	run.Plan, run.Until, run.Window = plan, at.Add(d.Window), 0
	res, err := run.Do()
	if err != nil {
		return err
	}
	if n := len(res.Report.Outages); n != d.Failovers {
		return fmt.Errorf("%d crashes of the leader are followed by %d outages, want one each: no leader within the window of %v, or more than one", d.Failovers, n, d.Window)
	}
	var seconds reliability.Tally
	for _, o := range res.Report.Outages {
		seconds.Add(o.Length().Seconds())
		c.lengths = append(c.lengths, o.Length())
	}
	half := 4 * seconds.StandardError()
	c.Failover = Way{"failover", seconds.Mean(), seconds.Mean() - half, seconds.Mean() + half}
	return nil
}
