package experiments

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/protocols/quorum"
	"lightcone/sim"
)

// With messages of equal delay nothing is stale but what overlaps; a read of the asked replica alone takes the two hops
// between client and server, a larger quorum one round trip more; and so do writes.
func TestStaleModelWithEqualDelays(t *testing.T) {
	r := sim.NewRand(1, sim.ForStudy)
	for quorums, round := range map[[2]int]float64{{1, 1}: 0, {2, 2}: 1, {3, 3}: 1} {
		m := staleModel{N: 3, R: quorums[0], W: quorums[1], Delay: dist.Constant{Value: 5e6}, Think: 10, Writes: 0.5}
		found := m.run(1000, &r)
		require.Zero(t, found.stale)
		for _, ms := range append(found.reads, found.writes...) {
			require.InDelta(t, 10+10*round, ms, 1e-9)
		}
	}
}

// With exponential delays of mean 1, N = 2, R = W = 1 and no pause, the share can be worked out. A write is acknowledged
// by the server that was asked, at once; the other has it after an Exp(1). The client hears of it after an Exp(1), and
// its read reaches a server after another: with probability 1/2 the other server, and is stale if the write is later
// there: P(E1 > E2 + E3) = 1/4. Asked again meanwhile nothing changes that; here every read follows a write directly or
// after other reads, which only give it time, so that 1/8 is an upper bound, reached by reads that follow a write.
func TestStaleModelAgainstACalculation(t *testing.T) {
	r := sim.NewRand(1, sim.ForStudy)
	const ops = 400_000
	m := staleModel{N: 2, R: 1, W: 1, Delay: dist.Exponential{Mean: 1e6}, Writes: 0.999}
	found := m.run(ops, &r)
	n := float64(len(found.reads))
	require.InDelta(t, 0.125, float64(found.stale)/n, 0.01+4*math.Sqrt(0.125*0.875/n))
}

func TestServedShare(t *testing.T) {
	require.InDelta(t, 0.9, servedShare(3, 1, 0.9), 1e-15, "the asked server is up")
	require.InDelta(t, 0.9*0.99, servedShare(3, 2, 0.9), 1e-15, "and one of two others")
	require.InDelta(t, 0.729, servedShare(3, 3, 0.9), 1e-15)
	// Over all servers, asked or not, it is less than that a quorum is up, by the asked one's being down.
	read, _ := quorum.Availability(quorum.Threshold{N: 3, R: 2, W: 2}, 0.9)
	require.Greater(t, read, servedShare(3, 2, 0.9))
}

// The study's expectation is no echo of the run: a store that reads one replica less than it says disagrees with it.
func TestStalenessStudyCanFail(t *testing.T) {
	s, err := Read("quorum-staleness", quorumStalenessScenario)
	require.NoError(t, err)
	p, err := s.Plan(1)
	require.NoError(t, err)
	m, err := fitsStaleness(s)
	require.NoError(t, err)
	m.R, m.W = 2, 1
	pt, err := quorumStaleness{}.point(p, m)
	require.NoError(t, err)
	require.Equal(t, Agrees, Agree(pt.stale), pt.stale)
	short := m
	short.R = 1
	r := sim.NewRand(7, sim.ForStudy)
	other := short.run(20_000, &r)
	pt.stale.Expected = float64(other.stale) / float64(len(other.reads))
	require.Equal(t, Differs, Agree(pt.stale), pt.stale)
}

func TestStalenessStudyRefuses(t *testing.T) {
	for _, set := range []string{"network.loss=0.1", "params.repair=true", "clients.count=2", "clients.workload.keys.count=2", "params.replicas=2", "clients.workload.loop=open"} {
		s, err := Read("quorum-staleness", quorumStalenessScenario)
		require.NoError(t, err)
		var p *Plan
		if s, err = s.With(set); err == nil {
			p, err = s.Plan(1)
		}
		if err == nil {
			_, err = p.Execute(Execution{Study: quorumStaleness{}})
		}
		require.Error(t, err, set)
	}
}
