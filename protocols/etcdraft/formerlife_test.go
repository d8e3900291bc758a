package etcdraft_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	pb "go.etcd.io/raft/v3/raftpb"

	"lightcone/protocols/consensus"
	"lightcone/protocols/etcdraft"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// late delivers votes after a long time, and the rest after a short one.
type late struct{ by *time.Duration }

func (l late) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	if p.From == p.To {
		return append(dst, sim.Copy{})
	}
	if m, ok := p.Message.(etcdraft.Message); ok && m.Type == pb.MsgVoteResp {
		return append(dst, sim.Copy{Delay: ms + *l.by})
	}
	return append(dst, sim.Copy{Delay: ms})
}

// slow is a clock that runs at a fraction of the rate of true time, so that servers time out in the order of the test.
type slow int

func (s slow) Read(t sim.Time) sim.Local { return sim.Local(t) / sim.Local(s) }
func (s slow) When(l sim.Local) sim.Time { return sim.Time(l) * sim.Time(s) }

// stuck is a disk of n2 that may take for ever.
type stuck struct{ takes *time.Duration }

func (s stuck) Latency(_ sim.Time, id sim.NodeID, _ string, _ any, _ *sim.Rand) time.Duration {
	if id == 2 {
		return *s.takes
	}
	return 0
}

func (stuck) Fate(sim.NodeID, string, any, *sim.Rand) sim.WriteFate { return sim.WriteGone }

// With AsyncStorageWrites raft asks for votes at once, before its term, its own vote, and the end of its log, of which
// the request speaks, are durable; only the answers of others wait for their disks (raft.go, send). A candidate that loses
// them in a crash stands again in the same term, and may count a vote that it was given in its former life, for a log
// that it has no more: then it leads without an entry that is committed. It takes a vote that outlives the candidate it is
// for; a transport whose connections end with a process delivers none.
func TestAVoteForAFormerLife(t *testing.T) {
	var lateBy, takes time.Duration
	cfg := etcdraft.Config{Servers: 3}
	w, err := sim.New(sim.Config{
		Seed: 1, Nodes: 4, Strict: true, Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			return [...]sim.Clock{slow(1), slow(100), slow(2), nil}[id]
		}, Network: late{&lateBy}, Disk: stuck{&takes}, Properties: consensus.Properties(3),
		New: func(id sim.NodeID) sim.Process {
			if id == 3 {
				return deaf{}
			}
			return etcdraft.New(id, cfg)
		},
	})
	require.NoError(t, err)
	defer w.Close()
	node := func(id sim.NodeID) consensus.Node { return w.View().Process(id).(consensus.Node) }
	wait := func(what string, holds func() bool) {
		for limit := w.Now().Add(2 * time.Second); ; {
			require.NoError(t, w.RunUntil(w.Now().Add(ms/2)))
			if holds() {
				return
			}
			require.Less(t, w.Now(), limit, what)
		}
	}
	wait("n0 leads", func() bool { return node(0).Leader() && node(2).Committed() == 1 })

	takes = time.Hour // n2 has the next entry in memory only
	require.NoError(t, w.Inject(3, 0, kv.Request{ID: 1, Op: kv.Op{Kind: kv.Put, Key: "k", Value: "v"}}))
	wait("the entry is committed", func() bool { return node(0).Committed() == 2 && node(2).Last() == 2 && node(2).Stable() == 1 })
	require.NoError(t, w.Act(sim.Crash{Node: 0}))

	lateBy = 610 * ms // when n2 has stood again
	wait("n1 votes for n2", func() bool { v, ok := node(1).Vote(); return ok && v == 2 && node(1).Term() == 2 })
	require.NoError(t, w.Act(sim.Crash{Node: 2}))
	takes = 0
	require.NoError(t, w.Act(sim.Recover{Node: 2}))
	require.EqualValues(t, 1, node(2).Term())
	require.EqualValues(t, 1, node(2).Last())

	err = w.RunUntil(w.Now().Add(time.Second))
	require.ErrorContains(t, err, `property "leader completeness" fell: n2 leads term 2`)
}

// deaf is a client in whose name the test asks.
type deaf struct{}

func (deaf) Init(*sim.Env)                             {}
func (deaf) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (deaf) Timeout(*sim.Env, any)                     {}
