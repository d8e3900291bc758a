package consensus_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/raft"
	"lightcone/sim"
)

// shortLogs is a LAN on which no entry reaches the servers from n3 on, so that they hear the leader but can never be
// elected. The answer to a request for a vote takes longer by the voter's write.
type shortLogs struct{ latency, spread, write time.Duration }

func (s shortLogs) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	if p.From == p.To {
		return append(dst, sim.Copy{})
	}
	delay := r.Duration(s.latency-s.spread, s.latency+s.spread)
	if m, ok := p.Message.(raft.AppendEntries); ok && p.To >= 3 && len(m.Entries) > 0 {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	if _, ok := p.Message.(raft.RequestVoteReply); ok {
		return append(dst, sim.Copy{Delay: delay + s.write})
	}
	return append(dst, sim.Copy{Delay: delay})
}

// replace returns how long five servers on a LAN are without a leader when theirs crashes, two of the four survivors
// having logs that are too short.
func replace(t *testing.T, seed uint64, shortest, longest time.Duration, lan shortLogs) time.Duration {
	servers, err := raft.Factory(raft.Config{Servers: 5, ElectionMin: shortest, ElectionMax: longest, Heartbeat: shortest / 2})
	require.NoError(t, err)
	r := sim.NewRand(seed, 16)
	crash := sim.Time(2*time.Second) + sim.Time(r.Float64()*float64(shortest/2))
	// n1 and n2 start a little later, lest timeouts without a range split votes for ever, and n3 and n4 when there is a leader
	start := [5]sim.Time{0, sim.Time(100 * ms), sim.Time(110 * ms), sim.Time(1500 * ms), sim.Time(1500 * ms)}
	var faults sim.Schedule
	for id := sim.NodeID(1); id < 5; id++ {
		faults = append(faults, sim.At{Time: 0, Action: sim.Crash{Node: id}})
	}
	for id := sim.NodeID(1); id < 5; id++ {
		faults = append(faults, sim.At{Time: start[id], Action: sim.Recover{Node: id}})
	}
	w, err := sim.New(sim.Config{Seed: seed, Nodes: 5, New: servers, Network: lan, Faults: []sim.Fault{faults}})
	require.NoError(t, err)
	defer w.Close()
	require.NoError(t, w.RunUntil(crash))
	leader := sim.NodeID(0)
	for !w.View().Process(leader).(*raft.Process).Leader() {
		leader++
	}
	require.Less(t, leader, sim.NodeID(3))
	require.Zero(t, w.View().Process(3).(*raft.Process).Last(), "n3 has nothing in its log")
	require.NoError(t, w.Act(sim.Crash{Node: leader}))
	var next won
	w.Observe(&next)
	limit := crash.Add(20 * time.Second)
	for next.term == 0 && w.Now() < limit {
		require.NoError(t, w.RunUntil(w.Now().Add(50*ms)))
	}
	if next.term == 0 {
		next.at = limit
	}
	return next.at.Sub(crash)
}

// The medians are those of the Raft paper's figure 16, a measurement of which the network is not published. Two things are
// calibrated: on 150-155 ms, how the broadcast time of about 15 ms is shared by latency (2.5 ms) and the write of a vote (10
// ms); on 150-151 ms, to which the other curves are blind, the spread of the latency (1.3 ms either way; without any, the
// median is 3.4 s). Then 150-300 and 150-150 ms are as published. A candidate's own write must be thought beside its
// requests, not before them as package raft has it: else no range of 5 ms could elect.
func TestElectionTimeOnALAN(t *testing.T) {
	lan := shortLogs{2500 * time.Microsecond, 1300 * time.Microsecond, 10 * ms}
	tests := []struct {
		shortest, longest time.Duration
		want              time.Duration // 0: more than 10 s
	}{
		{150 * ms, 155 * ms, 287 * ms},
		{150 * ms, 150 * ms, 0},
		{150 * ms, 151 * ms, 1200 * ms},
		{150 * ms, 300 * ms, 171 * ms},
	}
	n := 200
	switch {
	case *full:
		n = 2000
	case testing.Short():
		n = 10
	}
	for _, tt := range tests {
		var times []float64
		for seed := range uint64(n) {
			times = append(times, replace(t, seed, tt.shortest, tt.longest, lan).Seconds()*1000)
		}
		s := summarize(times)
		lo, hi := s.band(.5)
		t.Logf("%v-%v: %v", tt.shortest, tt.longest, s)
		if tt.want == 0 {
			require.Greater(t, s.p50, 10_000.0)
			continue
		}
		want := float64(tt.want / ms)
		require.True(t, lo*.9 <= want && want <= hi*1.1, "%v-%v: the median is %.0f ms, between %.0f and %.0f; want %v", tt.shortest, tt.longest, s.p50, lo, hi, tt.want)
	}
}
