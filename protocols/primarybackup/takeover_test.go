package primarybackup_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/kv"
	pb "lightcone/protocols/primarybackup"
	"lightcone/sim"
)

// slowDisk takes just as long for every write.
type slowDisk time.Duration

func (d slowDisk) Latency(sim.Time, sim.NodeID, string, any, *sim.Rand) time.Duration {
	return time.Duration(d)
}
func (slowDisk) Fate(sim.NodeID, string, any, *sim.Rand) sim.WriteFate { return sim.WriteGone }

// takeover crashes the first primary a while after its tenth ping, and returns how long nobody serves.
func takeover(t *testing.T, c pb.Config, l load, delay, write, age time.Duration) time.Duration {
	t.Helper()
	watch := pb.NewWatch()
	cfg := world(c, l)
	ping := c.Ping
	if ping == 0 {
		ping = 50 * time.Millisecond // the default
	}
	crash := sim.Time(10*ping + age)
	first := sim.NodeID(1)
	if c.Failover == pb.Naive {
		first = 0
	}
	cfg.Network, cfg.Disk, cfg.Observers = sim.ConstantDelay(delay), slowDisk(write), []sim.Observer{watch}
	cfg.Faults = []sim.Fault{sim.Schedule{{Time: crash, Action: sim.Crash{Node: first}}}}
	cfg.Until = sim.Time(3 * time.Second)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	report := watch.Report(r.Now)
	require.Len(t, report.Takeovers, 1)
	return report.Takeovers[0]
}

// With pings every 100 ms, a timeout of 300 ms and a delay of 10 ms a crash is detected 260 ms later on average, at
// least 210 and at most 310: the plain timeout. Naive failover is nothing else.
func TestNaiveTakeoverIsThePlainTimeout(t *testing.T) {
	c := pb.Config{Servers: 2, Failover: pb.Naive, Ping: 100 * time.Millisecond, Timeout: 300 * time.Millisecond}
	const delay = 10 * time.Millisecond
	least, mean, most := c.Takeover(delay, 0)
	require.Equal(t, []time.Duration{210 * time.Millisecond, 260 * time.Millisecond, 310 * time.Millisecond}, []time.Duration{least, mean, most})
	require.Equal(t, most-time.Nanosecond, takeover(t, c, load{}, delay, 0, time.Nanosecond))
	require.Equal(t, mean, takeover(t, c, load{}, delay, 0, c.Ping/2))
	require.Equal(t, least+time.Nanosecond, takeover(t, c, load{}, delay, 0, c.Ping-time.Nanosecond))
	require.Equal(t, mean+7*time.Millisecond, takeover(t, c, load{}, delay, 7*time.Millisecond, c.Ping/2), "and its own view is written")
}

// The time of a takeover is a sum of delays and writes: of the timeout, or of the lease if that lasts longer.
func TestTakeoverIsASumOfItsSteps(t *testing.T) {
	const delay, write = 3 * time.Millisecond, 7 * time.Millisecond
	one := load{clients: 1, work: kv.Plain{Ops: 1, Keys: 1, Puts: 1}}
	for _, servers := range []int{3, 4, 6} {
		for _, replication := range []pb.Replication{pb.Sync, pb.SemiSync, pb.Async} {
			for _, lease := range []time.Duration{0, 100 * time.Millisecond, 700 * time.Millisecond} {
				for _, age := range []time.Duration{time.Nanosecond, 17 * time.Millisecond, 49 * time.Millisecond} {
					t.Run(fmt.Sprint(servers, replication, lease, age), func(t *testing.T) {
						c := pb.Config{Servers: servers, Replication: replication, Lease: lease, Drift: 100_000}
						_, _, most := c.Takeover(delay, write)
						require.Equal(t, most-age, takeover(t, c, one, delay, write, age))
					})
				}
			}
		}
	}
}

// A grant covers the lease for the slowest primary and the fastest view service, and is no longer than it must be.
func TestGrantCoversTheDrift(t *testing.T) {
	for _, lease := range []time.Duration{1, 999, time.Millisecond, 150 * time.Millisecond, time.Hour} {
		for _, drift := range []pb.PPM{0, 1, 200, 50_000, 333_333} {
			grant := pb.Config{Lease: lease, Drift: drift}.Grant()
			slow, fast := int64(1_000_000-drift), int64(1_000_000+drift)
			// true time of the lease at most lease*1e6/slow, of the wait at least grant*1e6/fast: compare across
			require.GreaterOrEqual(t, float64(grant)/float64(fast), float64(lease)/float64(slow))
			require.Less(t, float64(grant-1)/float64(fast), float64(lease)/float64(slow))
		}
	}
	require.Equal(t, 100*time.Millisecond, pb.Config{Lease: 100 * time.Millisecond, Drift: 500_000, Bug: pb.NoDriftMargin}.Grant())
	require.Equal(t, 300*time.Millisecond, pb.Config{Lease: 100 * time.Millisecond, Drift: 500_000}.Grant())
}
