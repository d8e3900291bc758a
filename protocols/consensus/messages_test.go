package consensus_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/consensus"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// deaf is a client in whose name the test asks, and that does not listen.
type deaf struct{}

func (deaf) Init(*sim.Env)                             {}
func (deaf) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (deaf) Timeout(*sim.Env, any)                     {}

// sent counts the messages between different servers.
type sent struct {
	servers sim.NodeID
	n       int
}

func (s *sent) Wants(k sim.Kind) bool { return k == sim.Send }

func (s *sent) Observe(e *sim.Event) {
	if e.From != e.To && e.From < s.servers && e.To < s.servers {
		s.n++
	}
}

// leaderOf returns who leads.
func leaderOf(v sim.View, servers int) sim.NodeID {
	for id := range sim.NodeID(servers) {
		if n := v.Process(id).(consensus.Node); n.Leader() {
			return id
		}
	}
	return sim.Nobody
}

// A steady entry costs 2(n-1) messages: the leader's to each follower, and the answers. etcd's tells the followers of each
// commit at once, in messages that are answered too, where no entry comes soon that would (raft.go: bcastAppend after
// maybeCommit): twice as many.
func TestMessagesOfASteadyEntry(t *testing.T) {
	for _, im := range implementations {
		for _, n := range []int{3, 5, 7} {
			w, err := sim.New(sim.Config{
				Seed: 1, Nodes: n + 1, Network: sim.ConstantDelay(ms), Disk: sim.LatentDisk{Min: ms, Max: ms}, Properties: consensus.Properties(n),
				New: func() func(sim.NodeID) sim.Process {
					servers := im.make(t, timing{servers: n, min: 30 * time.Second, beat: 10 * time.Second, tick: time.Second})
					return func(id sim.NodeID) sim.Process {
						if int(id) == n {
							return deaf{}
						}
						return servers(id)
					}
				}(),
			})
			require.NoError(t, err)
			leader := sim.Nobody
			for leader == sim.Nobody {
				require.NoError(t, w.RunUntil(w.Now().Add(time.Second)))
				leader = leaderOf(w.View(), n)
			}
			require.NoError(t, w.RunUntil(w.Now().Add(time.Second))) // its first entry is everywhere
			messages := &sent{servers: sim.NodeID(n)}
			w.Observe(messages)
			const entries = 20
			before := w.View().Process(leader).(consensus.Node).Committed()
			for i := range uint64(entries) {
				require.NoError(t, w.Inject(sim.NodeID(n), leader, kv.Request{ID: i + 1, Op: kv.Op{Kind: kv.Put, Key: "k"}}))
				require.NoError(t, w.RunUntil(w.Now().Add(20*ms)))
			}
			require.Equal(t, before+entries, w.View().Process(leader).(consensus.Node).Committed())
			want := map[string]int{"raft": 2 * (n - 1), "etcdraft": 4 * (n - 1)}[im.name]
			require.Equal(t, want*entries, messages.n, "%s, %d servers", im.name, n)
			require.NoError(t, w.Err())
			w.Close()
		}
	}
}
