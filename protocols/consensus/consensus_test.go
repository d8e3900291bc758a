package consensus_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/consensus"
	"lightcone/sim"
)

type (
	entry = consensus.Entry
	index = consensus.Index
)

// server is a Node that is whatever a test says. What it is survives a crash.
type server struct {
	version            uint64
	term               consensus.Term
	leader             bool
	vote               sim.NodeID // sim.Nobody: none
	first, stable      index
	log                []entry // from first
	committed, applied index
	conf               consensus.Configuration
	restart            func(*server) // what a crash does to it; nil: nothing
}

func (s *server) Init(env *sim.Env) {
	if v, ok := env.Recall("server"); ok {
		c := v.(server)
		*s = c
		s.log, s.leader = slices.Clone(c.log), false
		if s.restart != nil {
			s.restart(s)
		}
	}
}

func (s *server) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	m.(func(*server))(s)
	s.version++
	c := *s
	c.log = slices.Clone(s.log)
	env.Persist("server", c)
}

func (s *server) Timeout(*sim.Env, any) {}

func (s *server) Clone() sim.Process {
	c := *s
	c.log = slices.Clone(s.log)
	return &c
}

func (s *server) Version() uint64                        { return s.version }
func (s *server) Term() consensus.Term                   { return s.term }
func (s *server) Leader() bool                           { return s.leader }
func (s *server) Vote() (sim.NodeID, bool)               { return s.vote, s.vote != sim.Nobody }
func (s *server) First() index                           { return s.first }
func (s *server) Last() index                            { return s.first + index(len(s.log)) - 1 }
func (s *server) Stable() index                          { return min(s.stable, s.Last()) }
func (s *server) Entry(i index) entry                    { return s.log[i-s.first] }
func (s *server) Committed() index                       { return s.committed }
func (s *server) Applied() index                         { return s.applied }
func (s *server) Configuration() consensus.Configuration { return s.conf }

// cluster drives servers by hand.
type cluster struct {
	t *testing.T
	w *sim.World
	n int
}

func newCluster(t *testing.T, n int, ps ...sim.Property) *cluster {
	t.Helper()
	w, err := sim.New(sim.Config{Nodes: n, Strict: true, Properties: ps, New: func(sim.NodeID) sim.Process {
		return &server{vote: sim.Nobody, first: 1, conf: consensus.Configuration{Voters: ids(n)}}
	}})
	require.NoError(t, err)
	t.Cleanup(w.Close)
	w.Steps(uint64(n))
	return &cluster{t, w, n}
}

func ids(n int) []sim.NodeID {
	var s []sim.NodeID
	for i := range n {
		s = append(s, sim.NodeID(i))
	}
	return s
}

// do changes servers, one after the other.
func (c *cluster) do(change func(*server), ids ...sim.NodeID) {
	for _, id := range ids {
		if c.w.Err() == nil {
			require.NoError(c.t, c.w.Inject(id, id, change))
			c.w.Step()
		}
	}
}

func (c *cluster) crash(id sim.NodeID)   { _ = c.w.Act(sim.Crash{Node: id}) }
func (c *cluster) recover(id sim.NodeID) { _ = c.w.Act(sim.Recover{Node: id}) }

// elect makes a leader by the votes of others.
func (c *cluster) elect(term consensus.Term, leader sim.NodeID, voters ...sim.NodeID) {
	c.do(votes(term, leader), append([]sim.NodeID{leader}, voters...)...)
	c.do(leads, leader)
}

func votes(term consensus.Term, for_ sim.NodeID) func(*server) {
	return func(s *server) { s.term, s.vote, s.leader = term, for_, false }
}

func leads(s *server) { s.leader = true }

// inTerm makes a server follow in a term.
func inTerm(term consensus.Term) func(*server) {
	return func(s *server) {
		if s.term != term {
			s.term, s.vote = term, sim.Nobody
		}
		s.leader = false
	}
}

// writes puts entries at a place and those after it, cuts what was there, and has them on disk.
func writes(at index, es ...entry) func(*server) {
	return func(s *server) {
		s.log = append(s.log[:at-s.first:at-s.first], es...)
		s.stable = s.Last()
	}
}

func commits(to index) func(*server) { return func(s *server) { s.committed = to } }
func applies(to index) func(*server) { return func(s *server) { s.applied = to } }

func compacts(first index) func(*server) {
	return func(s *server) { s.log, s.first = s.log[first-s.first:], first }
}

func of(term consensus.Term, hash uint64) entry { return entry{term, hash} }

// start is a reign without incident: n0 leads term 1, and two entries are committed and applied.
func (c *cluster) start() {
	all := ids(c.n)
	c.elect(1, 0, all[1:]...)
	c.do(writes(1, of(1, 10), of(1, 11)), all...)
	c.do(commits(2), all...)
	c.do(applies(2), all...)
}

// What Raft does is sound: a leader that fails with entries that nobody has, one that succeeds it, an entry of the old
// term that is overwritten, a compacted log, a snapshot, a change of configuration.
func sound(c *cluster) {
	c.start()
	c.do(writes(3, of(1, 12)), 0)
	c.crash(0)
	c.elect(2, 1, 2)
	c.do(writes(3, of(2, 20)), 1, 2)
	c.do(commits(3), 1, 2)
	c.do(applies(3), 1)
	c.recover(0)
	c.do(func(s *server) { inTerm(2)(s); writes(3, of(2, 20))(s) }, 0)
	c.crash(0)
	c.do(writes(4, of(2, 21), of(2, 22)), 1, 2)
	c.do(commits(5), 1)
	c.do(applies(5), 1)
	c.do(compacts(5), 1)
	c.recover(0)
	c.do(func(s *server) { s.log, s.first, s.stable = nil, 6, 3 }, 0) // the snapshot is being written
	c.do(func(s *server) { s.stable, s.committed, s.applied = 5, 5, 5 }, 0)
	joint := consensus.Configuration{Voters: []sim.NodeID{1, 2}, Outgoing: []sim.NodeID{0, 1, 2}}
	c.do(func(s *server) { writes(6, of(2, 23))(s); s.conf = joint }, 1, 2)
	c.do(commits(6), 1)
	c.do(func(s *server) { writes(7, of(2, 24))(s); s.conf = consensus.Configuration{Voters: []sim.NodeID{1, 2}} }, 1, 2)
	c.do(commits(7), 1, 2)
}

func TestSoundHistoryPasses(t *testing.T) {
	c := newCluster(t, 3, append(consensus.Properties(3), consensus.Coverage(3)...)...)
	sound(c)
	c.elect(3, 2) // n1 does not know yet
	r := c.w.Result()
	require.NoError(t, r.Err)
	for _, p := range r.Properties {
		require.Equal(t, sim.Pass, p.Verdict, p.Name)
	}
}

// A leader that commits, applies and discards an entry in one step leaves nothing of it to see but in which term that
// was. It accuses nobody who still leads an earlier one.
func TestCommittedAndDiscardedAtOnce(t *testing.T) {
	c := newCluster(t, 3, consensus.Properties(3)...)
	c.start()
	c.elect(2, 1, 2)
	c.do(writes(3, of(2, 20)), 2)
	c.do(func(s *server) { writes(3, of(2, 20))(s); s.committed, s.applied = 3, 3; compacts(4)(s) }, 1)
	require.NoError(t, c.w.Err(), "n0 leads term 1")
	c.do(func(s *server) { votes(3, 0)(s); s.leader = true }, 0)
	require.ErrorContains(t, c.w.Err(), `"leader completeness" fell: n0 leads term 3, but its log ends at 2, before 3, which was committed in term 2`)
}

// Each violation, planted, falls as what it is.
func TestPlantedViolationsFall(t *testing.T) {
	tests := []struct {
		name, property, says string
		plant                func(*cluster)
	}{
		{"two leaders", "election safety", "n0 and n2 both lead term 1", func(c *cluster) {
			c.do(leads, 2)
		}},
		{"a leader that forgot", "election safety", "n0 leads term 1, which it led before it restarted", func(c *cluster) {
			c.crash(0)
			c.recover(0)
			c.do(leads, 0)
		}},
		{"two votes", "one vote per term", "n1 voted in term 2 for n0 and then for n2", func(c *cluster) {
			c.do(votes(2, 0), 1)
			c.do(votes(2, 2), 1)
		}},
		{"two votes across a restart and another term", "one vote per term", "n1 voted in term 2 for n0 and then for n2", func(c *cluster) {
			c.do(votes(2, 0), 1)
			c.do(votes(3, 1), 1)
			c.do(func(s *server) { s.restart = inTerm(1) }, 1)
			c.crash(1)
			c.recover(1)
			c.do(votes(2, 2), 1)
		}},
		{"a term that falls", "no going back", "n2 went from term 1 back to 0", func(c *cluster) {
			c.do(inTerm(0), 2)
		}},
		{"a commit index that falls", "no going back", "n2 knew the log to be committed up to 2, and now only to 1", func(c *cluster) {
			c.do(func(s *server) { s.committed, s.applied = 1, 1 }, 2)
		}},
		{"an applied index that falls", "no going back", "n2 had applied the log up to 2, and now only to 1", func(c *cluster) {
			c.do(applies(1), 2)
		}},
		{"a leader that deletes", "leader append-only", "n0, which leads term 1, changed its log from 3 on, which went up to 4", func(c *cluster) {
			c.do(writes(3, of(1, 12), of(1, 13)), 0)
			c.do(writes(3), 0)
		}},
		{"a leader that overwrites", "leader append-only", "changed its log from 3 on", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0)
			c.do(writes(3, of(1, 13), of(1, 14)), 0)
		}},
		{"one place, two entries of a term", "log matching", "the log of n1 at 3, of term 1, says d, where another says c", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0)
			c.do(writes(3, of(1, 13)), 1)
		}},
		{"one entry after different ones", "log matching", "comes after one of term 1, where another comes after one of term 2", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 2)
			c.crash(0)
			c.elect(2, 1, 2)
			c.do(writes(3, of(2, 20), of(2, 21)), 1)
			c.do(writes(4, of(2, 21)), 2)
		}},
		{"one entry after different ones, a snapshot between", "log matching", "comes after one of term 1, where another comes after one of term 2", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 2)
			c.crash(0)
			c.elect(2, 1, 2)
			c.do(writes(3, of(2, 20), of(2, 21)), 1)
			c.do(func(s *server) { s.log, s.first = s.log[3:], 4 }, 1) // n1 had 3 before it compacted
			c.do(writes(4, of(2, 21)), 2)
		}},
		{"a leader without what is committed", "leader completeness", "n1 leads term 2, but its log ends at 1, before 2, which was committed in term 1", func(c *cluster) {
			c.do(func(s *server) { votes(2, 1)(s); writes(2)(s); s.leader = true }, 1)
		}},
		{"a leader without what a quorum holds and nobody knows to be committed", "leader completeness",
			"n2 leads term 2, but its log ends at 2, before 3, which was committed in term 1", func(c *cluster) {
				c.do(writes(3, of(1, 12)), 0, 1)
				c.elect(2, 2, 1)
			}},
		{"a leader with another entry", "leader completeness", "n2 leads term 2, but at 3 it has an entry of term 2, where one of term 1 was committed in term 1", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0, 1)
			c.do(func(s *server) { votes(2, 2)(s); writes(3, of(2, 20))(s); s.leader = true }, 2)
		}},
		{"a deposed leader that commits", "leader completeness", "n2 leads term 2, but its log ends at 2, before 3, which was committed in term 1", func(c *cluster) {
			c.elect(2, 2, 1)
			c.do(writes(3, of(1, 12)), 0)
			c.do(commits(3), 0)
		}},
		{"two servers apply different entries", "state machine safety", "n1 applied at 3 an entry of term 2, where another, of term 1, was applied before", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0, 2)
			c.do(func(s *server) { s.committed, s.applied = 3, 3 }, 0)
			c.do(func(s *server) { inTerm(2)(s); writes(3, of(2, 20))(s); s.committed, s.applied = 3, 3 }, 1)
		}},
		{"a server applies what it does not know to be committed", "state machine safety", "n0 applied 3, but knows only up to 2 to be committed", func(c *cluster) {
			c.do(func(s *server) { writes(3, of(1, 12))(s); s.applied = 3 }, 0)
		}},
		{"committed by one of three", "every quorum holds the committed prefix", "committed up to 3, but a quorum does not hold it: [n0 up to 3 n1 up to 2 n2 up to 2]", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0)
			c.do(commits(3), 0)
		}},
		{"committed before it is on disk", "every quorum holds the committed prefix", "n1 up to 2", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0)
			c.do(func(s *server) { writes(3, of(1, 12))(s); s.stable = 2 }, 1)
			c.do(commits(3), 0)
		}},
		{"a follower that forgets", "every quorum holds the committed prefix", "n1 up to 1 n2 up to 1", func(c *cluster) {
			c.do(writes(2), 1)
			c.do(writes(2), 2)
		}},
		{"a follower that comes back with less", "every quorum holds the committed prefix", "[n0 up to 3 n1 up to 2 n2 up to 2]", func(c *cluster) {
			c.do(writes(3, of(1, 12)), 0)
			c.crash(1)
			c.do(commits(3), 0)
			c.recover(1)
		}},
		{"configurations with nothing in common", "configurations intersect", "have quorums without a server in common", func(c *cluster) {
			c.do(func(s *server) { s.conf = consensus.Configuration{Voters: []sim.NodeID{0}} }, 0)
			c.do(func(s *server) { s.conf = consensus.Configuration{Voters: []sim.NodeID{1, 2}} }, 1)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCluster(t, 3, consensus.Properties(3)...)
			c.start()
			require.NoError(t, c.w.Err(), "before it is planted")
			tt.plant(c)
			r := c.w.Result()
			require.Equal(t, sim.Violation, r.Verdict)
			require.ErrorContains(t, r.Err, `"`+tt.property+`"`)
			require.ErrorContains(t, r.Err, tt.says)
		})
	}
}

// Judges that begin in the middle, as those of a fork do, take what is only in snapshots as it comes, and judge the rest.
func TestJudgesOfAFork(t *testing.T) {
	c := newCluster(t, 3, consensus.Properties(3)...)
	sound(c)
	fork := func() *cluster {
		w, err := c.w.Fork()
		require.NoError(t, err)
		t.Cleanup(w.Close)
		return &cluster{t, w, 3}
	}
	f := fork()
	f.elect(3, 2, 1)
	f.do(writes(8, of(3, 30)), 2, 1)
	f.do(commits(8), 2, 1)
	f.do(applies(8), 2, 1)
	require.NoError(t, f.w.Err())
	require.Equal(t, sim.Pass, f.w.Result().Verdict)

	f = fork()
	f.elect(3, 2, 1)
	f.do(func(s *server) { writes(7, of(3, 30))(s) }, 2)
	require.ErrorContains(t, f.w.Err(), "changed its log from 7 on")

	f = fork()
	f.elect(3, 0, 1) // n0 has nothing of what n1 and n2 committed after its snapshot
	require.ErrorContains(t, f.w.Err(), `"leader completeness" fell: n0 leads term 3, but its log ends at 5`)
	require.NoError(t, c.w.Err())
}

// Recovers holds of a new commit by a leader in the window, and of nothing else.
func TestRecovers(t *testing.T) {
	second := func(n int) sim.Time { return sim.Time(n) * sim.Time(time.Second) }
	tests := []struct {
		name string
		at   sim.Time // of a commit
		who  sim.NodeID
		want sim.Verdict
	}{
		{"too early", second(9), 0, sim.Liveness},
		{"in time", second(12), 0, sim.Pass},
		{"in time, but no leader", second(12), 1, sim.Liveness},
		{"too late", second(16), 0, sim.Liveness},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newCluster(t, 3, consensus.Recovers(3, second(10), 5*time.Second))
			c.start()
			require.NoError(t, c.w.RunUntil(tt.at))
			c.do(writes(3, of(1, 12)), 0, 1)
			c.do(func(s *server) { // and makes a snapshot at once
				commits(3)(s)
				compacts(4)(s)
			}, tt.who)
			require.NoError(t, c.w.RunUntil(second(20)))
			r := c.w.Result()
			require.Equal(t, tt.want, r.Properties[0].Verdict)
			require.Equal(t, "a leader commits within 5s of 10s", r.Properties[0].Name)
		})
	}
}

// quiet is a server that does nothing at each message: all that a step costs is the claims.
type quiet struct{ server }

func (q *quiet) Receive(env *sim.Env, from sim.NodeID, _ sim.Message) {
	env.SendWords(from, sim.Words{})
}

func benchmarkQuiet(b *testing.B, ps []sim.Property) {
	w, err := sim.New(sim.Config{Nodes: 5, Properties: ps, New: func(sim.NodeID) sim.Process {
		return &quiet{server{vote: sim.Nobody, first: 1, conf: consensus.Configuration{Voters: ids(5)}}}
	}})
	require.NoError(b, err)
	for id := range sim.NodeID(4) {
		require.NoError(b, w.Inject(id, id+1, sim.Words{}))
	}
	b.ReportAllocs()
	w.Steps(uint64(b.N))
}

// The price of the claims where nothing changed is the difference.
func BenchmarkUnchanged(b *testing.B) {
	b.Run("without", func(b *testing.B) { benchmarkQuiet(b, nil) })
	b.Run("with", func(b *testing.B) { benchmarkQuiet(b, consensus.Properties(5)) })
}
