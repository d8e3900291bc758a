package raft_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// Tests of single handlers, in the order of the dissertation. Server 0 of three is the one that is looked at.

// solo is server 0, started, with a log of entries of these terms in the term of the last.
type solo struct {
	*simtest.Recorder
	t *testing.T
	p *raft.Process
}

func start(t *testing.T, cfg raft.Config, terms ...raft.Term) *solo {
	t.Helper()
	cfg.Servers = 3
	p, err := raft.New(cfg)
	require.NoError(t, err)
	s := &solo{simtest.Record(t, p, 0, 4), t, p}
	s.Init()
	if len(terms) > 0 {
		s.settle(1, raft.AppendEntries{Term: terms[len(terms)-1], Entries: entries(terms...)})
		require.Equal(t, terms, s.terms())
	}
	return s
}

func entries(terms ...raft.Term) (es []raft.Entry) {
	for _, t := range terms {
		es = append(es, raft.Entry{Term: t})
	}
	return es
}

// terms is the log.
func (s *solo) terms() (ts []raft.Term) {
	for i := s.p.First(); i <= s.p.Last(); i++ {
		ts = append(ts, s.p.Entry(i).Term)
	}
	return ts
}

// settle gives it a message, and tells it that what it then writes is durable.
func (s *solo) settle(from sim.NodeID, m sim.Message) simtest.Effects {
	did := s.Receive(from, m)
	for _, m := range did.Sends {
		if m.To == 0 {
			more := s.Receive(0, m.Message)
			did.Sends, did.Notes = append(did.Sends, more.Sends...), append(did.Notes, more.Notes...)
		}
	}
	return did
}

// stand has it stand for election, and its vote written. Its requests for votes are what it sends.
func (s *solo) stand() []simtest.Sent {
	return s.settle(1, raft.TimeoutNow{Term: s.p.Term()}).Sends
}

// lead makes it the leader of the next term.
func (s *solo) lead() simtest.Effects {
	s.stand()
	return s.settle(1, raft.RequestVoteReply{Term: s.p.Term(), Granted: true})
}

// messages are those to other servers and to clients.
func messages(e simtest.Effects) (ms []sim.Message) {
	for _, m := range e.Sends {
		if m.To != 0 {
			ms = append(ms, m.Message)
		}
	}
	return ms
}

// §3.3: if one server's current term is smaller than the other's, it updates it; a candidate or leader that finds its
// term out of date reverts to follower.
func TestLaterTermMakesAFollower(t *testing.T) {
	news := []raft.Message{raft.RequestVote{Term: 9}, raft.RequestVoteReply{Term: 9}, raft.AppendEntries{Term: 9},
		raft.AppendEntriesReply{Term: 9}, raft.InstallSnapshotReply{Term: 9}}
	for _, m := range news {
		for _, role := range []raft.Role{raft.Follower, raft.Candidate, raft.Leader} {
			s := start(t, raft.Config{})
			switch role {
			case raft.Candidate:
				s.stand()
			case raft.Leader:
				s.lead()
			}
			require.Equal(t, role, s.p.Role())
			s.settle(1, m)
			require.Equal(t, raft.Follower, s.p.Role(), "%v after %T", role, m)
			require.Equal(t, raft.Term(9), s.p.Term())
		}
	}
}

// §3.3: if a server receives a request with a stale term number, it rejects it. The answer says why, and confirms nothing.
func TestStaleRequestsAreRejected(t *testing.T) {
	s := start(t, raft.Config{}, 1, 5)
	old := raft.Contact{Round: 9, Sent: 1}
	for _, test := range []struct{ comes, want raft.Message }{
		{raft.RequestVote{Term: 4, LastIndex: 9, LastTerm: 4}, raft.RequestVoteReply{Term: 5}},
		{raft.AppendEntries{Term: 4, PrevIndex: 2, PrevTerm: 5, Entries: entries(4), Contact: old}, raft.AppendEntriesReply{Term: 5}},
		{raft.InstallSnapshot{Term: 4, Index: 9, At: 4, Done: true, Contact: old}, raft.InstallSnapshotReply{Term: 5, Index: 9}},
	} {
		did := s.settle(2, test.comes)
		require.Empty(t, did.Writes)
		require.Equal(t, []sim.Message{test.want}, messages(did))
		require.Equal(t, []raft.Term{1, 5}, s.terms())
	}
}

// §3.4: servers start as followers, with a timeout drawn from the interval, another at each reset.
func TestElectionTimeoutsAreDrawn(t *testing.T) {
	drawn := map[time.Duration]bool{}
	s := start(t, raft.Config{ElectionMin: 100 * ms, ElectionMax: 200 * ms})
	require.Equal(t, raft.Follower, s.p.Role())
	for range 50 {
		did := s.settle(1, raft.AppendEntries{Term: 1})
		require.Len(t, did.Timers, 1)
		d := did.Timers[0].After
		require.True(t, d >= 100*ms && d <= 200*ms, "%v", d)
		drawn[d] = true
	}
	require.Greater(t, len(drawn), 45)
}

// §3.4: to begin an election, a follower increments its term, votes for itself, and asks all others.
func TestCandidateAsksEverybody(t *testing.T) {
	s := start(t, raft.Config{}, 1, 2)
	did := s.Timeout(lastTag(s.Receive(1, raft.AppendEntries{Term: 2})))
	require.Equal(t, raft.Candidate, s.p.Role())
	require.Equal(t, raft.Term(3), s.p.Term())
	want := raft.RequestVote{Term: 3, LastIndex: 2, LastTerm: 2}
	require.Len(t, did.Writes, 1)
	require.Len(t, did.Sends, 1, "nobody is asked before its own vote is durable")
	_, voted := s.p.Vote()
	require.False(t, voted, "nor does it count")
	require.Equal(t, []sim.Message{want, want}, messages(s.Receive(0, did.Sends[0].Message)))
	vote, ok := s.p.Vote()
	require.True(t, ok)
	require.Equal(t, sim.NodeID(0), vote)
}

func lastTag(e simtest.Effects) any { return e.Timers[len(e.Timers)-1].Tag }

// §3.4: each server votes for at most one candidate in a term, first come first served.
func TestOneVoteATerm(t *testing.T) {
	s := start(t, raft.Config{})
	ask := raft.RequestVote{Term: 1}
	require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 1, Granted: true}}, messages(s.settle(1, ask)))
	require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 1, Granted: true}}, messages(s.settle(1, ask)), "asked again")
	require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 1}}, messages(s.settle(2, ask)))
	require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 2, Granted: true}}, messages(s.settle(2, raft.RequestVote{Term: 2})))
}

// §3.4: a candidate that hears from a leader of its term recognises it.
func TestCandidateYieldsToTheLeader(t *testing.T) {
	s := start(t, raft.Config{})
	s.stand()
	s.settle(2, raft.AppendEntries{Term: 1})
	require.Equal(t, raft.Follower, s.p.Role())
	require.Equal(t, sim.NodeID(2), s.p.KnownLeader())
}

// §3.4: the winner sends to all others at once.
func TestWinnerSaysSo(t *testing.T) {
	s := start(t, raft.Config{}, 1)
	did := s.lead()
	want := raft.AppendEntries{Term: 2, PrevIndex: 1, PrevTerm: 1, Entries: entries(2), Contact: raft.Contact{Round: 1}}
	require.Equal(t, []sim.Message{want, want}, messages(did))
	require.Equal(t, []any{raft.Elected{Term: 2}}, did.Notes)
}

// §3.5: an AppendEntries fits if the log has an entry at PrevIndex with PrevTerm. Otherwise the follower says where the
// leader may look.
func TestConsistencyCheck(t *testing.T) {
	tests := []struct {
		index raft.Index
		term  raft.Term
		want  raft.AppendEntriesReply
	}{
		{0, 0, raft.AppendEntriesReply{Success: true, Index: 0}},
		{2, 2, raft.AppendEntriesReply{Success: true, Index: 2}},
		{4, 2, raft.AppendEntriesReply{Success: true, Index: 4}},
		{4, 3, raft.AppendEntriesReply{Index: 4, ConflictTerm: 2, ConflictIndex: 2}},
		{1, 2, raft.AppendEntriesReply{Index: 1, ConflictTerm: 1, ConflictIndex: 1}},
		{5, 3, raft.AppendEntriesReply{Index: 5, ConflictIndex: 5}},
		{9, 3, raft.AppendEntriesReply{Index: 9, ConflictIndex: 5}},
	}
	for _, test := range tests {
		s := start(t, raft.Config{}, 1, 2, 2, 2)
		test.want.Term = 3
		did := s.settle(1, raft.AppendEntries{Term: 3, PrevIndex: test.index, PrevTerm: test.term})
		require.Equal(t, []sim.Message{test.want}, messages(did), "after %d@%d", test.index, test.term)
	}
}

// Figure 3.1, AppendEntries, 3 and 4: a conflict cuts the log, what is there already stays.
func TestEntriesTakeTheirPlaces(t *testing.T) {
	tests := []struct {
		after raft.Index
		comes []raft.Term
		want  []raft.Term
	}{
		{3, []raft.Term{3}, []raft.Term{1, 2, 2, 3}},
		{1, []raft.Term{3}, []raft.Term{1, 3}},
		{0, []raft.Term{1, 2}, []raft.Term{1, 2, 2}},
		{0, []raft.Term{1, 3}, []raft.Term{1, 3}},
		{1, []raft.Term{2, 2, 3}, []raft.Term{1, 2, 2, 3}},
		{1, nil, []raft.Term{1, 2, 2}},
	}
	for _, test := range tests {
		s := start(t, raft.Config{}, 1, 2, 2)
		prev := raft.Term(0)
		if test.after > 0 {
			prev = s.p.Entry(test.after).Term
		}
		s.settle(1, raft.AppendEntries{Term: 3, PrevIndex: test.after, PrevTerm: prev, Entries: entries(test.comes...)})
		require.Equal(t, test.want, s.terms(), "%v after %d", test.comes, test.after)
	}
}

// Figure 3.1, AppendEntries, 5: the commit index is at most that of the last new entry.
func TestCommitIndexIsClamped(t *testing.T) {
	for commit, want := range map[raft.Index]raft.Index{0: 0, 1: 1, 2: 2, 3: 2, 9: 2} {
		s := start(t, raft.Config{}, 1, 1, 1)
		s.settle(1, raft.AppendEntries{Term: 1, PrevIndex: 1, PrevTerm: 1, Entries: entries(1), Commit: commit})
		require.Equal(t, want, s.p.Committed())
		require.Equal(t, want, s.p.Applied())
	}
}

// §3.5: the leader looks for agreement where the follower says, a term in one step.
func TestLeaderLooksFurtherBack(t *testing.T) {
	log := []raft.Term{1, 1, 1, 4, 4, 5}
	tests := []struct {
		name     string
		conflict raft.AppendEntriesReply
		next     raft.Index // of the entry that is sent next
	}{
		{"the follower's log is short", raft.AppendEntriesReply{Index: 6, ConflictIndex: 3}, 3},
		{"it has a term that the leader lacks", raft.AppendEntriesReply{Index: 6, ConflictTerm: 3, ConflictIndex: 4}, 4},
		{"the same, from further back on", raft.AppendEntriesReply{Index: 6, ConflictTerm: 3, ConflictIndex: 2}, 2},
		{"it has more of a term than the leader", raft.AppendEntriesReply{Index: 6, ConflictTerm: 4, ConflictIndex: 4}, 6},
		{"a term before all", raft.AppendEntriesReply{Index: 6, ConflictTerm: 1, ConflictIndex: 1}, 4},
	}
	for _, test := range tests {
		s := start(t, raft.Config{NoEntryAtTermStart: true}, log...)
		s.lead()
		test.conflict.Term = s.p.Term()
		did := s.settle(2, test.conflict)
		require.Len(t, did.Sends, 1, test.name)
		require.Equal(t, test.next-1, did.Sends[0].Message.(raft.AppendEntries).PrevIndex, test.name)
		require.Empty(t, s.settle(2, test.conflict).Sends, "%s: the same answer twice says nothing new", test.name)
	}
}

// §3.6.1: a voter denies its vote if its own log is more up to date.
func TestElectionRestriction(t *testing.T) {
	tests := []struct {
		index raft.Index
		term  raft.Term
		want  bool
	}{
		{3, 2, true}, {4, 2, true}, {1, 3, true}, {9, 3, true},
		{2, 2, false}, {3, 1, false}, {9, 1, false}, {0, 0, false},
	}
	for _, test := range tests {
		s := start(t, raft.Config{}, 1, 2, 2)
		did := s.settle(1, raft.RequestVote{Term: 4, LastIndex: test.index, LastTerm: test.term})
		require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 4, Granted: test.want}}, messages(did), "log to %d@%d", test.index, test.term)
	}
}

// §3.6.2: only entries of the leader's own term are committed by counting; those before are with them.
func TestOnlyTheOwnTermCommitsByCounting(t *testing.T) {
	for acknowledged, want := range map[raft.Index]raft.Index{1: 0, 2: 0, 3: 3} {
		s := start(t, raft.Config{}, 1, 2)
		s.lead() // the empty entry is at 3
		s.settle(1, raft.AppendEntriesReply{Term: 3, Success: true, Index: acknowledged})
		require.Equal(t, want, s.p.Committed(), "a majority has up to %d", acknowledged)
	}
}

// §10.2.1: the leader sends an entry before it has written it, and counts itself only when it has.
func TestLeaderWritesInParallel(t *testing.T) {
	s := start(t, raft.Config{NoEntryAtTermStart: true})
	s.lead()
	s.settle(1, raft.AppendEntriesReply{Term: 1, Success: true})
	did := s.Receive(3, kv.Request{ID: 1, Op: kv.Op{Kind: check.Put, Key: "x", Value: "1"}})
	require.Len(t, did.Writes, 1)
	require.Equal(t, sim.NodeID(1), did.Sends[0].To, "n1's copy is on its way before the write")
	own := did.Sends[len(did.Sends)-1]
	require.Equal(t, sim.NodeID(0), own.To)
	s.Receive(1, raft.AppendEntriesReply{Term: 1, Success: true, Index: 1})
	require.Zero(t, s.p.Committed(), "n1 alone is no majority")
	require.Equal(t, []sim.Message{kv.Reply{ID: 1}}, messages(s.Receive(0, own.Message)))
	require.Equal(t, raft.Index(1), s.p.Committed())
}

// §3.8: a follower's answer waits for its disk, also an answer about what an earlier handler is still writing.
func TestAnswersWaitForTheDisk(t *testing.T) {
	const disk = 7 * ms
	s := play(t, raft.Config{Servers: 3}, func(c *sim.Config) { c.Disk = sim.LatentDisk{Min: disk} })
	var at []sim.Time
	s.w.Observe(sim.ObserverFunc(func(e *sim.Event) {
		if m, ok := e.Value.(raft.AppendEntriesReply); ok && e.Kind == sim.Send && m.Index == 1 {
			at = append(at, e.Time)
		}
	}))
	m := raft.AppendEntries{Term: 1, Entries: entries(1)}
	s.say(1, 0, m)
	came := s.w.Now()
	s.run(3 * ms)
	require.NoError(t, s.w.Inject(0, 0, m)) // the same again, at once
	s.run(20 * ms)
	require.Equal(t, []sim.Time{came.Add(disk), came.Add(disk)}, at)
}

// §6.2: a server that does not lead says who does.
func TestClientsAreRedirected(t *testing.T) {
	s := start(t, raft.Config{})
	ask := kv.Request{ID: 7, Op: kv.Op{Kind: check.Get, Key: "x"}}
	require.Equal(t, []sim.Message{kv.Reply{ID: 7, Status: kv.NotLeader, Leader: sim.Nobody}}, messages(s.settle(3, ask)))
	s.settle(2, raft.AppendEntries{Term: 1})
	require.Equal(t, []sim.Message{kv.Reply{ID: 7, Status: kv.NotLeader, Leader: 2}}, messages(s.settle(3, ask)))
}

// §9.6: a Pre-Vote changes no term and no vote, and is granted only by those who do not hear from a leader.
func TestPreVoteChangesNothing(t *testing.T) {
	s := start(t, raft.Config{PreVote: true, ElectionMin: time.Second}, 1)
	ask := raft.RequestVote{Term: 2, LastIndex: 1, LastTerm: 1, Pre: true}
	require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 1, Pre: true}}, messages(s.settle(2, ask)), "it hears from the leader")
	s.Sleep(time.Second)
	did := s.settle(2, ask)
	require.Equal(t, []sim.Message{raft.RequestVoteReply{Term: 2, Granted: true, Pre: true}}, messages(did))
	require.Empty(t, did.Writes)
	require.Equal(t, raft.Term(1), s.p.Term())
}

// §9.6: with Pre-Vote an election takes one round trip more.
func TestPreVoteCostsARoundTrip(t *testing.T) {
	took := func(preVote bool) time.Duration {
		var stood, won sim.Time
		w := cluster{Config: raft.Config{Servers: 3, PreVote: preVote}}.world(t, 1, func(c *sim.Config) {
			c.Network, c.Disk, c.Until = sim.ConstantDelay(hop), nil, sim.Time(time.Second)
			c.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
				switch {
				case e.Kind == sim.Timeout && stood == 0:
					stood = e.Time
				case e.Kind == sim.Note && won == 0:
					won = e.Time
				}
			})}
		})
		require.NoError(t, w.Run().Err)
		return won.Sub(stood)
	}
	require.Equal(t, 2*hop, took(false))
	require.Equal(t, 4*hop, took(true))
}

// A steady entry costs 2(n-1) messages, whatever the number of servers.
func TestSteadyEntryCosts(t *testing.T) {
	for n := 1; n <= 7; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := play(t, raft.Config{Servers: n})
			s.stand(0)
			s.run(2 * time.Second)
			sent := 0
			s.w.Observe(sim.ObserverFunc(func(e *sim.Event) {
				if e.Kind == sim.Send && e.From != e.To && int(e.From) < n && int(e.To) < n {
					sent++
				}
			}))
			const puts = 9
			for range puts {
				s.put(0, "1")
				s.run(3 * hop)
			}
			require.Equal(t, puts*2*(n-1), sent)
			require.Equal(t, s.server(0).Last(), s.server(0).Committed())
		})
	}
}
