package protocols_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/sim"
)

// settled returns a world of a protocol, with its defaults as set changes them, in which all has gone well for a while.
func settled(t *testing.T, name string, nodes int, set func(params any)) (*sim.World, protocols.Instance) {
	t.Helper()
	e := find(t, name)
	params := e.Params()
	if set != nil {
		set(params)
	}
	in, err := e.Build(params, nodes)
	require.NoError(t, err)
	require.NotNil(t, in.Serving)
	w, err := sim.New(sim.Config{Seed: 1, Nodes: nodes, New: in.New, Strict: true})
	require.NoError(t, err)
	pass(t, w)
	require.True(t, in.Serving(w.View()), "%s serves when all is well", name)
	return w, in
}

// pass lets the protocol settle.
func pass(t *testing.T, w *sim.World) {
	t.Helper()
	require.NoError(t, w.RunUntil(w.Now().Add(3*time.Second)))
}

func act(t *testing.T, w *sim.World, actions ...sim.Action) {
	t.Helper()
	for _, a := range actions {
		require.NoError(t, w.Act(a))
	}
}

// A majority is enough and less is not, whether it is down, paused or cut off; and what was lost comes back.
func TestServingWantsAMajority(t *testing.T) {
	for _, name := range []string{"raft", "etcdraft", "abd"} {
		for what, c := range map[string]struct{ begin, end func(sim.NodeID) sim.Action }{
			"crash": {func(id sim.NodeID) sim.Action { return sim.Crash{Node: id} }, func(id sim.NodeID) sim.Action { return sim.Recover{Node: id} }},
			"pause": {func(id sim.NodeID) sim.Action { return sim.Pause{Node: id} }, func(id sim.NodeID) sim.Action { return sim.Resume{Node: id} }},
			"cut": {func(id sim.NodeID) sim.Action {
				return sim.Cut{Name: id.String(), From: []sim.NodeID{id}, To: []sim.NodeID{(id + 1) % 5, (id + 2) % 5, (id + 3) % 5, (id + 4) % 5}}
			}, func(id sim.NodeID) sim.Action { return sim.Heal{Name: id.String()} }},
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				w, in := settled(t, name, 5, nil)
				act(t, w, c.begin(0), c.begin(3))
				pass(t, w)
				require.True(t, in.Serving(w.View()), "three of five are left")
				act(t, w, c.begin(2))
				require.False(t, in.Serving(w.View()), "at once")
				pass(t, w)
				require.False(t, in.Serving(w.View()))
				act(t, w, c.end(0), c.end(2))
				pass(t, w)
				require.True(t, in.Serving(w.View()))
			})
		}
	}
}

// A leader that nobody hears, or that hears nobody, serves nobody, until another takes its place.
func TestALeaderNeedsBothWays(t *testing.T) {
	for _, mute := range []bool{true, false} { // or deaf
		w, in := settled(t, "raft", 3, nil)
		var leader sim.NodeID
		for id := range sim.NodeID(3) {
			if p := w.View().Process(id).(interface{ Leader() bool }); p.Leader() {
				leader = id
			}
		}
		cut := sim.Cut{Name: "x", From: []sim.NodeID{leader}, To: []sim.NodeID{(leader + 1) % 3, (leader + 2) % 3}, OneWay: true}
		if !mute {
			cut.From, cut.To = cut.To, cut.From
		}
		act(t, w, cut)
		require.False(t, in.Serving(w.View()))
		pass(t, w)
		require.Equal(t, mute, in.Serving(w.View()), "the others elect another once they hear it no more, and not before")
	}
}

// Which servers a store needs is said by its quorums.
func TestServingByQuorums(t *testing.T) {
	up := func(w *sim.World, in protocols.Instance, ids ...sim.NodeID) bool {
		for id := range sim.NodeID(w.View().Nodes()) {
			require.NoError(t, w.Act(sim.Crash{Node: id}))
		}
		for _, id := range ids {
			require.NoError(t, w.Act(sim.Recover{Node: id}))
		}
		return in.Serving(w.View())
	}
	w, in := settled(t, "abd", 4, func(p any) { p.(*protocols.ABDParams).Quorums, p.(*protocols.ABDParams).Columns = "grid", 2 })
	require.True(t, up(w, in, 0, 2, 1), "column 0 and one of column 1")
	require.False(t, up(w, in, 0, 3), "one of each column")
	require.False(t, up(w, in, 0, 2), "column 0 alone")

	w, in = settled(t, "abd", 3, func(p any) { p.(*protocols.ABDParams).Writers = "single" })
	require.True(t, up(w, in, 0, 2))
	require.False(t, up(w, in, 1, 2), "without the writer")

	w, in = settled(t, "abd", 3, func(p any) { p.(*protocols.ABDParams).Home = true })
	require.True(t, up(w, in, 0, 1, 2))
	require.False(t, up(w, in, 0, 1), "the clients of server 2 cannot write")

	w, in = settled(t, "quorum", 5, nil) // three replicas of each key
	require.True(t, up(w, in, 0, 1, 2, 3))
	require.False(t, up(w, in, 0, 1, 2), "of keys at 3, 4 and 0 one replica is left")
	w, in = settled(t, "quorum", 5, func(p any) { q := p.(*protocols.QuorumParams); q.Sloppy, q.HandOff = true, 50*time.Millisecond })
	require.True(t, up(w, in, 0, 1), "two stand in")
	require.False(t, up(w, in, 0), "nobody to stand in")
}

func TestServingOfOneServer(t *testing.T) {
	w, in := settled(t, "kv", 2, nil)
	act(t, w, sim.Crash{Node: 1})
	require.True(t, in.Serving(w.View()))
	act(t, w, sim.Crash{Node: 0})
	require.False(t, in.Serving(w.View()))
}

// A synchronous primary waits for its backups until the view leaves them out; without the view service nobody takes over.
func TestServingOfAPrimary(t *testing.T) {
	w, in := settled(t, "primary-backup", 4, nil)
	act(t, w, sim.Crash{Node: 3})
	require.False(t, in.Serving(w.View()), "a backup must answer")
	pass(t, w)
	require.True(t, in.Serving(w.View()), "it is left out")
	act(t, w, sim.Crash{Node: 1})
	require.False(t, in.Serving(w.View()))
	pass(t, w)
	require.True(t, in.Serving(w.View()), "a backup took over")
	act(t, w, sim.Crash{Node: 0})
	require.True(t, in.Serving(w.View()), "the view service is not needed for service")
	act(t, w, sim.Recover{Node: 1}, sim.Crash{Node: 2})
	pass(t, w)
	require.False(t, in.Serving(w.View()))
}
