package consensustest_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/consensus/consensustest"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

// TestCourseIsComplete has the names of the labs' tests.
func TestCourseIsComplete(t *testing.T) {
	var names []string
	for _, k := range consensustest.Course() {
		names = append(names, k.Name)
		require.NotEmpty(t, k.Section, k.Name)
		require.NotEmpty(t, k.Holds, k.Name)
	}
	require.Subset(t, names, []string{
		"initial election", "re-election", "many elections",
		"basic agreement", "RPC bytes", "follower failure", "leader failure", "fail agree", "fail no agree", "concurrent starts", "rejoin", "backup", "count",
		"persist 1", "persist 2", "persist 3", "figure 8", "unreliable agree", "figure 8 unreliable", "reliable churn", "unreliable churn",
		"snapshot basic", "snapshot install", "snapshot install unreliable", "snapshot install crash", "snapshot install unreliable crash", "snapshot all crash", "snapshot init",
	})
}

func TestFailuresSayWhereAndWhen(t *testing.T) {
	k := consensustest.Case{Name: "impossible", Section: "§0", Servers: 3, Run: func(c *consensustest.Cluster) {
		c.Agree("1", 3)
		c.Require(c.Holders("1") > 3, "%d servers hold 1, want more than there are", c.Holders("1"))
	}}
	err := k.Try(system(raft.Config{}), 7)
	require.ErrorContains(t, err, "raft: impossible (§0): 3 servers hold 1, want more than there are")
	require.ErrorContains(t, err, "seed 7, event ")
	require.EqualError(t, k.Try(system(raft.Config{}), 7), err.Error(), "the same seed, the same run: its digest is in the text")
	require.NotEqual(t, k.Try(system(raft.Config{}), 8).Error(), err.Error())
}

func TestNothingCommittedIsNoTest(t *testing.T) {
	idle := consensustest.Case{Name: "idle", Servers: 3, Run: func(*consensustest.Cluster) {}}
	require.ErrorContains(t, idle.Try(system(raft.Config{}), 1), "nothing was tested")
}

func TestSystemsThatDoNotFit(t *testing.T) {
	wrong := errors.New("no such cluster")
	k := consensustest.Case{Name: "any", Servers: 3, Run: func(c *consensustest.Cluster) { c.Leader() }}
	err := k.Try(consensustest.System{Name: "none", New: func(consensustest.Setting) (func(sim.NodeID) sim.Process, error) { return nil, wrong }}, 1)
	require.ErrorIs(t, err, wrong)
	script := func(sim.NodeID) sim.Process { return sim.Script(func(*sim.Line) {}) }
	err = k.Try(consensustest.System{Name: "script", New: func(consensustest.Setting) (func(sim.NodeID) sim.Process, error) { return script, nil }}, 1)
	require.ErrorContains(t, err, "want a")
}

func TestMissingFeaturesSkip(t *testing.T) {
	skipped := t.Run("skips", func(t *testing.T) {
		k := consensustest.Case{Name: "snapshots", Servers: 3, Run: func(*consensustest.Cluster) { panic("it ran") }}
		s := system(raft.Config{})
		s.Missing = map[string]string{"snapshots": "log compaction"}
		k.Test(t, s)
	})
	require.True(t, skipped)
}

// TestTesterIsNotAffected cuts and slows everything between servers, and still gets an answer at once.
func TestTesterIsNotAffected(t *testing.T) {
	k := consensustest.Case{Name: "tester", Servers: 3, Run: func(c *consensustest.Cluster) {
		c.Agree("1", 3)
		leader := c.Leader()
		c.Unreliable(true)
		c.LongReordering(true)
		c.Disconnect(c.All()...)
		before := c.View().Now()
		for _, id := range c.All() {
			_, taken := c.Start(id, "2")
			c.Require(taken == (id == leader), "%v took a command: %v, want that of %v only", id, taken, leader)
		}
		c.Require(c.View().Now() == before, "asking took until %v, want no time", c.View().Now())
		c.Unreliable(false)
		c.Connect(c.All()...)
		c.Agree("3", 3)
	}}
	k.Test(t, system(raft.Config{}))
}
