package primarybackup_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/clock"
	"lightcone/models/network"
	"lightcone/protocols/kv"
	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
	"lightcone/sim/check"
	"lightcone/sim/simtest"
)

// runs is how many seeds a swarm tries.
func runs() int {
	if testing.Short() {
		return 3
	}
	return simtest.DefaultRuns
}

func sound() map[string]pb.Config {
	semi := base()
	semi.Replication, semi.Servers = pb.SemiSync, 5
	return map[string]pb.Config{"sync": base(), "sync, leases": leased(base()), "semi-sync": semi, "semi-sync, leases": leased(semi)}
}

// Whatever crashes, pauses, is cut off, lost, late or doubled, and however clocks drift within their bound: what must
// hold holds, and clients see one copy. When the trouble is over and the clients are done, all servers have the same.
func TestSoundModesSurviveEverything(t *testing.T) {
	for name, c := range sound() {
		t.Run(name, func(t *testing.T) {
			rec := kv.NewRecorder()
			l := usual
			l.work.Ops = 160
			cfg := world(c, l)
			cfg.Until = sim.Time(16 * time.Second) // the faults end at 8s, the clients soon after
			cfg.Properties = append(cfg.Properties, c.Coverage()...)
			cfg.Observers = []sim.Observer{rec}
			simtest.Run(t, cfg, simtest.Options{Runs: runs(), Vary: hostile(c.Servers), Check: func(v sim.View, r *sim.Result) error {
				report := check.Linearizable(rec.History(r.Now), check.Options{})
				if report.Verdict != check.Holds {
					return errors.New(report.String())
				}
				return recovered(v, c.Servers)
			}})
		})
	}
}

// What servers refuse has no effect: clients whose network makes no copies take an operation that was refused each time
// for one that failed, and what they saw is still one copy.
func TestWhatIsRefusedHasNoEffect(t *testing.T) {
	failed := 0
	for _, name := range []string{"sync", "semi-sync, leases"} {
		t.Run(name, func(t *testing.T) {
			c, rec := sound()[name], kv.NewRecorder()
			cfg := world(c, usual)
			cfg.Observers = []sim.Observer{rec}
			cfg.New = func(id sim.NodeID) sim.Process {
				if int(id) < c.Servers {
					return pb.New(c, id)
				}
				l := usual.client(c.Servers)
				l.NoDuplicates, l.Tokens, l.Sticky, l.Retry = true, false, false, kv.Fixed{Wait: 10 * time.Millisecond, Attempts: 2}
				return kv.NewClient(l)
			}
			simtest.Run(t, cfg, simtest.Options{Runs: (runs() + 1) / 2, Vary: copyless(c.Servers), Check: func(_ sim.View, r *sim.Result) error {
				h := rec.History(r.Now)
				for _, o := range h {
					if o.Outcome == check.Failed {
						failed++
					}
				}
				if report := check.Linearizable(h, check.Options{}); report.Verdict != check.Holds {
					return errors.New(report.String())
				}
				return nil
			}})
		})
	}
	require.Positive(t, failed)
}

// copyless is hostile but for the copies of messages.
func copyless(servers int) func(seed uint64, cfg *sim.Config) {
	return func(seed uint64, cfg *sim.Config) {
		hostile(servers)(seed, cfg)
		if d, ok := cfg.Network.(network.Duplicate); ok {
			cfg.Network = d.Inner
		}
	}
}

func recovered(v sim.View, servers int) error {
	view := v.Process(0).(*pb.Service).View()
	if len(view.Backups) != servers-2 {
		return fmt.Errorf("view %v is in force, want one with all servers", view)
	}
	primary := v.Process(view.Primary).(*pb.Replica)
	if !primary.Serving(v.Local(view.Primary)) {
		return fmt.Errorf("%v does not serve in view %v", view.Primary, view)
	}
	for _, id := range view.Backups {
		if b := v.Process(id).(*pb.Replica); b.Store().Hash() != primary.Store().Hash() {
			return fmt.Errorf("%v has %v, and the primary %v has %v", id, b, view.Primary, primary)
		}
	}
	return nil
}

// measured runs seeds in the given weather, and returns their reports.
func measured(t *testing.T, c pb.Config, w weather, judge func(pb.Report)) {
	t.Helper()
	watch := pb.NewWatch()
	cfg := world(c, roaming())
	cfg.Observers = []sim.Observer{watch}
	simtest.Run(t, cfg, simtest.Options{Runs: runs() / 2, Vary: w(c.Servers), Check: func(_ sim.View, r *sim.Result) error {
		judge(watch.Report(r.Now))
		return nil
	}})
}

// The variants of the laboratory on two primaries: what each costs in the same weather. With fences a stale primary
// acknowledges only what its successor has; with leases there is none at all.
func TestWhatTheVariantsCost(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	naive := base()
	naive.Failover = pb.Naive
	unfenced := base()
	unfenced.Unfenced = true
	async, asyncLease := base(), leased(base())
	async.Replication, asyncLease.Replication = pb.Async, pb.Async
	total := func(c pb.Config) (sum pb.Report) {
		measured(t, c, longCuts, func(r pb.Report) {
			sum.Overlap += r.Overlap
			sum.Contested += r.Contested
			sum.Lost += r.Lost
			sum.Reach = max(sum.Reach, r.Reach)
			sum.Acknowledged += r.Acknowledged
		})
		require.Positive(t, sum.Acknowledged)
		return sum
	}
	fenced := total(base())
	require.Positive(t, fenced.Overlap, "a primary that is cut off would accept writes")
	require.Zero(t, fenced.Lost)

	lease := total(leased(base()))
	require.Zero(t, lease.Overlap)
	require.Zero(t, lease.Lost)

	split := total(naive)
	require.Positive(t, split.Overlap)
	require.Positive(t, split.Contested)
	require.Positive(t, split.Lost)
	require.Positive(t, split.Reach)

	open := pb.Report{}
	measured(t, unfenced, hostile, func(r pb.Report) { open.Lost += r.Lost })
	require.Positive(t, open.Lost)

	late := total(async)
	require.Positive(t, late.Contested, "nobody stops a primary that waits for nobody")
	require.Positive(t, late.Lost)
	leasedLate := total(asyncLease)
	require.Zero(t, leasedLate.Overlap)
	require.Less(t, leasedLate.Lost, late.Lost, "the lease bounds what is lost")
	require.Less(t, leasedLate.Reach, late.Reach)
}

// driven cuts the first primary off from the other servers, with its clock as slow and the view service's as fast as
// drift says, and returns what a watch saw and what the check of the clients' reads says.
func driven(t *testing.T, c pb.Config, drift clock.PPB, delay time.Duration) (pb.Report, check.Verdict) {
	t.Helper()
	watch, rec := pb.NewWatch(), kv.NewRecorder()
	s := &story{cfg: c} // one client writes to the second server, another reads from the first
	s.client(steady{kind: kv.Put, every: 250 * time.Microsecond}, 2)
	s.client(steady{kind: kv.Get, every: 250 * time.Microsecond}, 1)
	cfg := world(c, load{clients: len(s.clients)})
	cfg.New = s.new
	cfg.Properties, cfg.Observers, cfg.Network = nil, []sim.Observer{watch, rec}, sim.ConstantDelay(delay)
	cfg.Until = sim.Time(1600 * time.Millisecond)
	cfg.Clock = func(id sim.NodeID, _ *sim.Rand) sim.Clock {
		return clock.Drift{By: map[sim.NodeID]clock.PPB{0: drift, 1: -drift}[id]}
	}
	cfg.Faults = []sim.Fault{sim.Schedule{{Time: sim.Time(time.Second), Action: sim.Cut{Name: "off", From: []sim.NodeID{1}, To: []sim.NodeID{0, 2, 3}}}}}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	return watch.Report(r.Now), check.Linearizable(rec.History(r.Now), check.Options{}).Verdict
}

// Up to the stated bound no two primaries serve. Just beyond it they do for as long as the difference of two intervals of true
// time: the lease on a clock that is slow by rho, from the ping; and the wait on one that is fast by rho, from one delay
// later, with four more until the new primary has its lease. Then a client reads what was overwritten.
func TestLeasesHoldUpToTheDriftBound(t *testing.T) {
	const delay = 100 * time.Microsecond
	c := leased(base())
	c.Lease, c.Drift = 400*time.Millisecond, 50_000
	for _, ppm := range []int64{0, 50_000} {
		report, verdict := driven(t, c, clock.PPB(ppm)*clock.PPM, delay)
		require.Zero(t, report.Overlap, ppm)
		require.Equal(t, check.Holds, verdict, ppm)
	}
	for _, ppm := range []int64{52_000, 60_000, 300_000} {
		rho := float64(ppm) / 1e6
		report, verdict := driven(t, c, clock.PPB(ppm)*clock.PPM, delay)
		expected := float64(c.Lease)/(1-rho) - float64(c.Grant())/(1+rho) - 4*float64(delay)
		require.InDelta(t, expected, float64(report.Overlap), float64(time.Microsecond), ppm)
		require.Equal(t, check.Violated, verdict, ppm)
	}
}
