package protocols

import "lightcone/protocols/quorum"

// What catches a bug of a quorum store, by the names that package quorum gives its properties.
const (
	ackStored = "an acknowledged write is on a write quorum"
	advances  = "versions never go backwards"
	differ    = "no two writes have the same stamp"
	ordered   = "a write comes after those acknowledged before it"
)

// onlyScripted is for a bug that random runs do not reach, but a script in the testdata of package quorum does.
func onlyScripted(b Bug) Bug {
	b.Scenario, b.Set = "", nil
	return b
}

// quorumBug describes a planted bug, hunted in quorum-hunt with these settings.
func quorumBug(name quorum.Bug, about, property string, set ...string) Bug {
	return Bug{Name: string(name), About: about, Property: property, Scenario: "quorum-hunt", Set: set}
}

func quorumBugs() []Bug {
	const protocol = "protocol=quorum"
	return []Bug{
		quorumBug(quorum.ReadQuorumShort, "A read answers after R-1 replicas, which need not meet the last write (an off-by-one in Dynamo, section 4.5)",
			"no read is stale", protocol),
		quorumBug(quorum.AckEarly, "A write is acknowledged after W-1 replicas (an off-by-one in Dynamo, section 4.5)", ackStored, protocol),
		quorumBug(quorum.AckBeforeDurable, "A replica acknowledges before its write is durable, so that a crash takes back what was promised",
			ackStored, protocol),
		onlyScripted(quorumBug(quorum.CallsReused, "Requests to replicas are numbered from 1 after a restart, and a late answer to an earlier one counts for another",
			ackStored)),
		quorumBug(quorum.BlindStore, "A replica stores what arrives last instead of what is newest, so that a late or repeated message undoes a later write",
			advances, protocol),
		quorumBug(quorum.StampsForgotten, "A coordinator forgets in a crash how far it has counted, and names two writes alike: version vectors then drop one",
			differ, protocol, "params.versions=vector"),
		quorumBug(quorum.HintsForgotten, "A hint is kept in memory only, so that a crash of the server that stands in loses an acknowledged write (Dynamo, section 4.6)",
			ackStored, protocol, "params.sloppy=true", "params.hand-off=30ms"),
		quorumBug(quorum.RepairBackwards, "Read repair writes the older of two versions back, and replicas take it", advances, protocol),
		quorumBug(quorum.NoTieBreak, "Two writes of one tick of the wall clock are a tie that nothing breaks: replicas keep what came first, and differ for ever",
			"of two versions one wins, "+ackStored, protocol, "params.resolution=100ms"),
		quorumBug(quorum.CollectEarly, "Tombstones are thrown away at once, and what they hid comes back by repair, hints or late messages (Cassandra's gc_grace_seconds of 0)",
			"no read is stale, "+advances, protocol, "clients.workload.mix.delete=1"),
		quorumBug(quorum.SiblingsDropped, "A replica keeps only the newest of concurrent versions, and the others are lost without anybody having replaced them",
			ackStored+", "+advances, protocol, "params.versions=vector"),
	}
}

func abdBugs() []Bug {
	const (
		protocol     = "protocol=abd"
		linearizable = "linearizable"
	)
	return []Bug{
		quorumBug(quorum.NoWriteBack, "A read returns without bringing what it found to a quorum, and the next read finds less (the second phase of ABD's read)",
			"what a read returns is on a write quorum, "+linearizable, protocol),
		quorumBug(quorum.ReadQuorumShort, "Half of the servers are taken for a majority in the first phase", "no read is stale, "+linearizable, protocol),
		quorumBug(quorum.AckEarly, "Half of the servers are taken for a majority in the second phase", ackStored+", what a read returns is on a write quorum", protocol),
		quorumBug(quorum.AckBeforeDurable, "A server acknowledges before its write is durable, so that a crash takes back what was promised",
			ackStored+", what a read returns is on a write quorum, "+advances, protocol),
		quorumBug(quorum.StampsForgotten, "A writer forgets in a crash which timestamps it gave, and gives one again for another value",
			differ+", "+ordered, protocol, "params.writers=single"),
		onlyScripted(quorumBug(quorum.CallsReused, "Requests to servers are numbered from 1 after a restart, and a late answer to an earlier one counts for another",
			"no read is stale, "+ackStored+", what a read returns is on a write quorum")),
		quorumBug(quorum.BlindStore, "A server stores what arrives last instead of what has the later timestamp", advances, protocol),
		quorumBug(quorum.NoQuery, "One of several writers makes timestamps from its own last one without asking, as a single writer may: writes are lost behind others",
			ordered+", "+linearizable, protocol),
	}
}
