package protocols

import "lightcone/protocols/primarybackup"

// primaryBackupBugs says for each bug of primary-backup what should catch it, and how to bring it out in the scenario
// failover-hunt. The one that random runs do not reach has its story in primarybackup/testdata.
func primaryBackupBugs() []Bug {
	const lost = "no acknowledged write is lost"
	bug := func(b primarybackup.Bug, about, property string, set ...string) Bug {
		return Bug{Name: string(b), About: about, Property: property, Scenario: "failover-hunt", Set: set}
	}
	lease := []string{"params.lease=150ms", "params.reads=local"}
	drift := []string{"params.lease=700ms", "params.reads=local", "params.drift-bound=50000", "clocks.drift=uniform(-49000ppm, 49000ppm)"}
	roam := []string{"params.lease=150ms", "params.reads=local", "clients.sticky=false"}
	slow := []string{"nodes=3", "disk.latency=uniform(10ms, 40ms)", "disk.kept=0.1", "faults[0].up=exponential(mean=600ms)", "faults[0].down=exponential(mean=100ms)"}
	return []Bug{
		bug(primarybackup.NaiveFailover, "A backup that does not hear the primary promotes itself", lost+", stores agree, linearizable"),
		bug(primarybackup.NoFencing, "Servers take part in views that are over (Kleppmann, How to do distributed locking, 2016)", "logs agree, stores agree, "+lost+", linearizable"),
		bug(primarybackup.NoLeaseWait, "A new primary does not wait until the lease of the old one is over", "one primary at a time, linearizable", lease...),
		bug(primarybackup.NoDriftMargin, "The wait for a lease does not allow for drifting clocks", "one primary at a time, linearizable", drift...),
		bug(primarybackup.LeaseByTimer, "A timer ends the lease instead of the clock: after a pause what came first is served first", "one primary at a time, linearizable", lease...),
		bug(primarybackup.UnleasedReads, "Local reads are answered when the lease is over", "linearizable", roam...),
		bug(primarybackup.StalePromotion, "The first server that answers is promoted, whether it was in the view or not", "views follow each other, "+lost),
		bug(primarybackup.EarlyReply, "A write is acknowledged when only the primary has it", lost+", linearizable"),
		bug(primarybackup.AckBeforeDurable, "Backups confirm what is not durable yet", lost+", linearizable", slow...),
		bug(primarybackup.NoSessionsInTransfer, "The state that is sent to a backup lacks the table of sessions", "stores agree, linearizable"),
		bug(primarybackup.NoPreviousCheck, "A backup appends what comes without looking at what comes before it", "logs agree"),
		bug(primarybackup.ViewNotPersisted, "The view service forgets the view when it restarts (as in the first lab of MIT 6.824, 2012)", "views follow each other"),
		{Name: string(primarybackup.PromiseNotPersisted), About: "A server forgets at a restart which views it has promised to refuse", Property: lost},
		bug(primarybackup.ReignAfterRestart, "A primary that restarts goes on in its view, whose entries it may have lost", "a view has one primary, logs agree"),
	}
}
