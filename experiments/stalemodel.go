package experiments

import (
	"math"
	"slices"

	"lightcone/models/dist"
	"lightcone/sim"
)

// staleModel is what quorum-staleness runs, as a program of its own that shares nothing with the simulator and the
// protocol: WARS (Bailis et al., Probabilistically Bounded Staleness, VLDB 2012, section 5.1), for a client that asks
// for one thing after the other, each through a random one of the replicas, which needs no message to itself. All times
// are in milliseconds.
type staleModel struct {
	N, R, W int
	Delay   dist.Dist // of a message, in ns
	Think   float64   // from an answer to the next question
	Writes  float64   // share of the operations that write
}

// staleRun is what the model found.
type staleRun struct {
	stale         int // reads that returned an older version than one whose write had been acknowledged
	reads, writes []float64
}

// landed is a version that reached a replica.
type landed struct {
	at      float64
	version int
}

// kept is how many of the latest versions the model remembers: older ones have arrived everywhere.
const kept = 64

func (m staleModel) run(ops int, r *sim.Rand) (found staleRun) {
	replicas := make([][]landed, m.N)
	now, version, acknowledged := 0.0, 0, 0
	done := make([]float64, m.N)
	for range ops {
		now += m.Think
		asked := now
		at := now + m.delay(r)
		through := r.IntN(m.N)
		if r.Bool(m.Writes) {
			version++
			for i := range replicas {
				arrives := at + m.hop(i, through, r)
				replicas[i] = append(replicas[i][max(0, len(replicas[i])-kept):], landed{arrives, version})
				done[i] = arrives + m.hop(i, through, r)
			}
			slices.Sort(done)
			now = done[m.W-1] + m.delay(r)
			acknowledged = version
			found.writes = append(found.writes, now-asked)
			continue
		}
		answer, newest := m.read(replicas, at, through, r)
		now = answer + m.delay(r)
		found.reads = append(found.reads, now-asked)
		if newest < acknowledged {
			found.stale++
		}
	}
	return found
}

// read asks all replicas and takes the first R answers: when it has them, and the newest version among them.
func (m staleModel) read(replicas [][]landed, at float64, through int, r *sim.Rand) (answer float64, newest int) {
	answers := make([]landed, m.N)
	for i, versions := range replicas {
		reached := at + m.hop(i, through, r)
		for _, v := range versions {
			if v.at <= reached {
				answers[i].version = max(answers[i].version, v.version)
			}
		}
		answers[i].at = reached + m.hop(i, through, r)
	}
	slices.SortStableFunc(answers, func(a, b landed) int { return int(math.Copysign(1, a.at-b.at)) })
	for _, a := range answers[:m.R] {
		newest = max(newest, a.version)
	}
	return answers[m.R-1].at, newest
}

// hop is how long a message between a replica and the server that was asked takes: nothing if they are one.
func (m staleModel) hop(replica, through int, r *sim.Rand) float64 {
	if replica == through {
		return 0
	}
	return m.delay(r)
}

// delay is drawn by inversion, where the network draws by the law's own sampler.
func (m staleModel) delay(r *sim.Rand) float64 {
	return math.Max(0, m.Delay.Quantile(r.Float64())) / 1e6
}

// servedShare is the probability that an operation is served which is asked for once, through a random one of n
// replicas that are up with probability up each, independently: that this one is up, and with it k replicas in all.
func servedShare(n, k int, up float64) float64 {
	p := 0.0
	for others := k - 1; others <= n-1; others++ {
		p += float64(choose(n-1, others) * math.Pow(up, float64(others)) * math.Pow(1-up, float64(n-1-others)))
	}
	return float64(up * p)
}
