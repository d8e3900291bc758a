package raft_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/check"
)

// stage plays a schedule: who can talk to whom, who stands for election, who crashes. Nothing happens by chance: timeouts
// are so long that the schedule alone decides. The last node is the audience, which asks as a client would.
type stage struct {
	t       *testing.T
	w       *sim.World
	servers int
	hop     time.Duration // a message takes so long
	asked   uint64
	replies *audience
}

// audience collects what servers answer. It talks to them whatever is cut.
type audience struct {
	got    []kv.Reply
	others []sim.Message
}

func (a *audience) Init(*sim.Env)         {}
func (a *audience) Timeout(*sim.Env, any) {}
func (a *audience) Receive(_ *sim.Env, _ sim.NodeID, m sim.Message) {
	if r, ok := m.(kv.Reply); ok {
		a.got = append(a.got, r)
		return
	}
	a.others = append(a.others, m)
}

const hop = 10 * ms

// play sets the stage.
func play(t *testing.T, cfg raft.Config, change ...func(*sim.Config)) *stage {
	t.Helper()
	if cfg.ElectionMin == 0 {
		cfg.ElectionMin, cfg.ElectionMax, cfg.Heartbeat = time.Hour, 2*time.Hour, time.Second
	}
	s := &stage{t: t, servers: cfg.Servers, hop: hop, replies: &audience{}}
	c := cluster{Config: cfg}.config(t)
	servers := c.New
	c.Nodes++
	c.New = func(id sim.NodeID) sim.Process {
		if int(id) == cfg.Servers {
			return s.replies
		}
		return servers(id)
	}
	c.Seed, c.Strict = 1, true
	c.Network, c.Disk = sim.ConstantDelay(hop), nil
	for _, f := range change {
		f(&c)
	}
	w, err := sim.New(c)
	require.NoError(t, err)
	t.Cleanup(w.Close)
	s.w = w
	s.run(0)
	return s
}

// run lets time pass. A schedule goes on after a violation no further.
func (s *stage) run(d time.Duration) { _ = s.w.RunUntil(s.w.Now().Add(d)) }

// fell returns which claim fell, "" if none did.
func (s *stage) fell() string {
	for _, p := range s.w.Result().Properties {
		if p.Verdict == sim.Violation {
			return p.Name
		}
	}
	require.NoError(s.t, s.w.Err())
	return ""
}

func (s *stage) act(a sim.Action) {
	if s.w.Err() == nil {
		require.NoError(s.t, s.w.Act(a))
	}
}

func (s *stage) crash(ids ...sim.NodeID) {
	for _, id := range ids {
		s.act(sim.Crash{Node: id})
	}
}

func (s *stage) recover(ids ...sim.NodeID) {
	for _, id := range ids {
		s.act(sim.Recover{Node: id})
	}
}

// together lets these servers talk to each other, and the others to nobody; none: all talk to all.
func (s *stage) together(ids ...sim.NodeID) {
	s.act(sim.Heal{})
	if len(ids) == 0 {
		return
	}
	for id := range sim.NodeID(s.servers) {
		others := []sim.NodeID{}
		for o := range sim.NodeID(s.servers) {
			if o != id && !(slices.Contains(ids, id) && slices.Contains(ids, o)) {
				others = append(others, o)
			}
		}
		if len(others) > 0 {
			s.act(sim.Cut{Name: id.String(), From: []sim.NodeID{id}, To: others, OneWay: true})
		}
	}
}

func (s *stage) server(id sim.NodeID) *raft.Process { return server(s.w.View(), id) }

// say sends a message in the name of a node. It arrives, if no cut is in its way.
func (s *stage) say(from, to sim.NodeID, m sim.Message) {
	if s.w.Err() != nil {
		return
	}
	require.NoError(s.t, s.w.Inject(from, to, m))
	if from != to {
		s.run(s.hop)
	}
}

// stand has a server stand for election.
func (s *stage) stand(id sim.NodeID) {
	if s.w.Err() == nil {
		s.say(id, id, raft.TimeoutNow{Term: s.server(id).Term()})
		s.run(0)
	}
}

// elect makes a server the leader by these votes and its own; nobody else hears of it.
func (s *stage) elect(id sim.NodeID, voters ...sim.NodeID) {
	s.together(append(voters, id)...)
	for range 3 { // in the first it may learn that there have been later terms
		if s.w.Err() == nil && !s.server(id).Leader() {
			s.stand(id)
			s.run(2 * hop)
		}
	}
	if s.w.Err() == nil {
		require.True(s.t, s.server(id).Leader(), "%v leads by the votes of %v", id, voters)
	}
}

// ask asks a server for an operation, and returns the number by which the answer is known.
func (s *stage) ask(id sim.NodeID, op kv.Op) uint64 {
	s.asked++
	s.say(sim.NodeID(s.servers), id, kv.Request{ID: s.asked, Op: op})
	return s.asked
}

func (s *stage) put(id sim.NodeID, value string) uint64 {
	return s.ask(id, kv.Op{Kind: check.Put, Key: "x", Value: value})
}

func (s *stage) get(id sim.NodeID) uint64 { return s.ask(id, kv.Op{Kind: check.Get, Key: "x"}) }

// answer returns what was answered to a question; ok is false if nothing was.
func (s *stage) answer(id uint64) (r kv.Reply, ok bool) {
	i := slices.IndexFunc(s.replies.got, func(r kv.Reply) bool { return r.ID == id })
	if i < 0 {
		return kv.Reply{}, false
	}
	return s.replies.got[i], true
}
