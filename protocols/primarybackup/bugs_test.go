package primarybackup_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
	"lightcone/sim/check"
)

// weather makes the faults of a seed, for a number of servers.
type weather func(servers int) func(seed uint64, cfg *sim.Config)

// verdict runs one seed, and returns what fell, a property or the check of what clients saw; "" if nothing did.
func verdict(t testing.TB, c pb.Config, l load, w weather, seed uint64) (fell, detail string) {
	t.Helper()
	cfg := world(c, l)
	cfg.Seed = seed
	rec := kv.NewRecorder()
	cfg.Observers = []sim.Observer{rec}
	w(c.Servers)(seed, &cfg)
	run, err := sim.New(cfg)
	require.NoError(t, err)
	r := run.Run()
	for _, p := range r.Properties {
		if p.Verdict == sim.Violation {
			return p.Name, p.Detail
		}
	}
	require.NoError(t, r.Err)
	report := check.Linearizable(rec.History(r.Now), check.Options{})
	if report.Verdict != check.Holds {
		return report.Name, report.Detail
	}
	return "", ""
}

// long leases them for longer, so that the drift of the clocks shows.
func long(c pb.Config) pb.Config {
	c = leased(c)
	c.Lease = 700 * time.Millisecond
	return c
}

// small has few servers: one that fails takes more with it.
func small(c pb.Config) pb.Config {
	c.Servers = 3
	return c
}

// hunt says in which runs a fault of implementation is found, within how many seeds, and what falls.
type hunt struct {
	bug    pb.Bug
	cfg    pb.Config
	load   load
	in     weather
	within uint64
	by     []string
}

var hunts = []hunt{
	{pb.NaiveFailover, base(), usual, hostile, 5, []string{"no acknowledged write is lost"}},
	{pb.NoFencing, base(), usual, hostile, 10, []string{"logs agree", "no acknowledged write is lost"}},
	{pb.NoLeaseWait, leased(base()), usual, longCuts, 5, []string{"one primary at a time"}},
	{pb.NoDriftMargin, long(base()), usual, longCuts, 5, []string{"one primary at a time"}},
	{pb.LeaseByTimer, leased(base()), usual, hostile, 5, []string{"one primary at a time"}},
	{pb.UnleasedReads, leased(base()), roaming(), longCuts, 5, []string{"linearizable"}},
	{pb.StalePromotion, base(), usual, hostile, 5, []string{"views follow each other", "no acknowledged write is lost"}},
	{pb.EarlyReply, base(), usual, hostile, 5, []string{"no acknowledged write is lost"}},
	{pb.AckBeforeDurable, small(base()), usual, crashes, 10, []string{"no acknowledged write is lost"}},
	{pb.NoSessionsInTransfer, base(), usual, hostile, 5, []string{"stores agree"}},
	{pb.NoPreviousCheck, base(), usual, hostile, 5, []string{"logs agree"}},
	{pb.ViewNotPersisted, base(), usual, hostile, 5, []string{"views follow each other"}},
	{pb.ReignAfterRestart, base(), usual, hostile, 5, []string{"a view has one primary", "logs agree"}},
}

func TestBugsAreCaught(t *testing.T) {
	for _, h := range hunts {
		t.Run(string(h.bug), func(t *testing.T) {
			c := h.cfg
			c.Bug = h.bug
			for seed := uint64(1); seed <= h.within; seed++ {
				if fell, detail := verdict(t, c, h.load, h.in, seed); fell != "" {
					require.Contains(t, h.by, fell, detail)
					t.Logf("seed %d: %s: %s", seed, fell, detail)
					return
				}
			}
			t.Fatalf("no seed from 1 to %d shows it", h.within)
		})
	}
}

// Without the bug the same runs are sound.
func TestTheSameWithoutTheBug(t *testing.T) {
	for _, h := range hunts {
		t.Run(string(h.bug), func(t *testing.T) {
			for seed := uint64(1); seed <= h.within && !testing.Short(); seed++ {
				fell, detail := verdict(t, h.cfg, h.load, h.in, seed)
				require.Empty(t, fell, fmt.Sprint("seed ", seed, ": ", detail))
			}
		})
	}
}

// Every bug is in the table, or has a story in testdata.
func TestEveryBugIsShown(t *testing.T) {
	told := []pb.Bug{pb.PromiseNotPersisted}
	for _, b := range pb.Bugs() {
		hunted := slices.ContainsFunc(hunts, func(h hunt) bool { return h.bug == b })
		require.True(t, hunted || slices.Contains(told, b), b)
	}
}
