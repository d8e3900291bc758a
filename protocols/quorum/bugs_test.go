package quorum_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
)

// Every planted bug falls to the property that is there for it, within a few seeds; the same worlds without it pass.
func TestPlantedBugsAreCaught(t *testing.T) {
	type planted struct {
		bug    quorum.Bug
		falls  []string
		within int
		change func(*quorum.Config)
	}
	const (
		ack      = "an acknowledged write is on a write quorum"
		advances = "versions never go backwards"
	)
	vectors := func(c *quorum.Config) { c.Versions = quorum.Vector }
	for _, b := range []planted{
		{quorum.ReadQuorumShort, []string{"no read is stale"}, 5, nil},
		{quorum.AckEarly, []string{ack}, 5, nil},
		{quorum.AckBeforeDurable, []string{ack}, 5, nil},
		{quorum.BlindStore, []string{advances}, 5, nil},
		{quorum.StampsForgotten, []string{"no two writes have the same stamp"}, 5, vectors},
		{quorum.HintsForgotten, []string{ack}, 5, func(c *quorum.Config) { c.Sloppy = true }},
		{quorum.RepairBackwards, []string{advances}, 5, nil},
		{quorum.NoTieBreak, []string{"of two versions one wins"}, 5, func(c *quorum.Config) { c.Resolution = 100 * ms }},
		{quorum.CollectEarly, []string{advances, "no read is stale"}, 5, nil},
		{quorum.SiblingsDropped, []string{advances, ack}, 5, vectors},
	} {
		t.Run(string(b.bug), func(t *testing.T) {
			c := everything
			if b.change != nil {
				b.change(&c)
			}
			hunt := func(bug quorum.Bug, seed uint64) error {
				c.Bug = bug
				newServer, claims := dynamo(c)
				return run(t, seed, world(5, 4, newServer, claims, kv.ClientConfig{Workload: shopping}), c.Servers)
			}
			caught(t, b.within, b.falls, func(seed uint64) error { return hunt(b.bug, seed) })
			require.NoError(t, hunt("", 1))
		})
	}
}

func TestPlantedBugsOfABDAreCaught(t *testing.T) {
	const (
		ack      = "an acknowledged write is on a write quorum"
		ordered  = "a write comes after those acknowledged before it"
		returned = "what a read returns is on a write quorum"
		advances = "versions never go backwards"
	)
	for _, b := range []struct {
		bug    quorum.Bug
		falls  []string
		within int
	}{
		{quorum.NoWriteBack, []string{returned}, 5},
		{quorum.ReadQuorumShort, []string{"no read is stale"}, 5},
		{quorum.AckEarly, []string{ack, returned}, 5},
		{quorum.AckBeforeDurable, []string{ack, returned, advances}, 5},
		{quorum.StampsForgotten, []string{"no two writes have the same stamp", ordered}, 5},
		{quorum.BlindStore, []string{advances}, 5},
		{quorum.NoQuery, []string{ordered}, 5},
	} {
		t.Run(string(b.bug), func(t *testing.T) {
			caught(t, b.within, b.falls, func(seed uint64) error {
				c := registers["majority"]
				c.Bug = b.bug
				c.SingleWriter = b.bug == quorum.StampsForgotten // several writers ask before they write, and are told
				return run(t, seed, registerWorld(c), c.Servers)
			})
		})
	}
}

func run(t *testing.T, seed uint64, cfg sim.Config, servers int) error {
	cfg.Seed = seed
	vary(seed, &cfg, servers)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	return w.Run().Err
}

// caught requires that one of the first seeds fails, and that the first to fail does so by one of these properties.
func caught(t *testing.T, within int, falls []string, hunt func(seed uint64) error) {
	t.Helper()
	for seed := 1; seed <= within; seed++ {
		err := hunt(uint64(seed))
		if err == nil {
			continue
		}
		for _, f := range falls {
			if strings.Contains(err.Error(), `"`+f+`"`) {
				t.Logf("seed %d: %s", seed, f)
				return
			}
		}
		t.Fatalf("seed %d fell otherwise: %v", seed, err)
	}
	t.Fatalf("%d seeds did not catch it", within)
}
