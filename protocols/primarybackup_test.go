package protocols_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/protocols/kv"
	"lightcone/protocols/primarybackup"
	"lightcone/sim"
)

// Every bug is in the catalog, once, and what should catch it is a claim or a promise of its settings.
func TestPrimaryBackupBugs(t *testing.T) {
	e := find(t, "primary-backup")
	var listed []primarybackup.Bug
	for _, b := range e.Bugs {
		listed = append(listed, primarybackup.Bug(b.Name))
		p := e.Params().(*protocols.PrimaryBackupParams)
		p.Bug = b.Name
		if strings.Contains(strings.Join(b.Set, " "), "params.lease") {
			p.Lease, p.Reads = 150*time.Millisecond, "local"
		}
		in, err := e.Build(p, 4)
		require.NoError(t, err, b.Name)
		known := in.Promises
		for _, q := range in.Properties {
			known = append(known, q.Name)
		}
		require.Subset(t, known, strings.Split(b.Property, ", "), b.Name)
	}
	require.ElementsMatch(t, primarybackup.Bugs(), listed)
}

// Clients are promised one copy, or nothing.
func TestPrimaryBackupPromises(t *testing.T) {
	e := find(t, "primary-backup")
	promised := func(change func(*protocols.PrimaryBackupParams)) bool {
		p := e.Params().(*protocols.PrimaryBackupParams)
		change(p)
		in, err := e.Build(p, 4)
		require.NoError(t, err)
		return len(in.Promises) > 0
	}
	require.True(t, promised(func(*protocols.PrimaryBackupParams) {}))
	require.True(t, promised(func(p *protocols.PrimaryBackupParams) { p.Replication = "semi-sync" }))
	require.True(t, promised(func(p *protocols.PrimaryBackupParams) { p.Reads, p.Lease = "local", time.Second }))
	require.False(t, promised(func(p *protocols.PrimaryBackupParams) { p.Reads = "local" }))
	require.False(t, promised(func(p *protocols.PrimaryBackupParams) { p.Replication = "async" }))
	require.False(t, promised(func(p *protocols.PrimaryBackupParams) { p.Failover = "naive" }))
	require.False(t, promised(func(p *protocols.PrimaryBackupParams) { p.Fencing = false }))
}

// A crash of the primary shows in the measures as a takeover of the length that its steps add up to.
func TestPrimaryBackupMeasures(t *testing.T) {
	e := find(t, "primary-backup")
	in, err := e.Build(e.Params(), 3)
	require.NoError(t, err)
	client := kv.ClientConfig{Servers: 3, Workload: kv.Plain{Keys: 1, Think: 20 * time.Millisecond, Puts: 1}, Timeout: 20 * time.Millisecond, Deadline: time.Second,
		Retry: kv.Fixed{Wait: 10 * time.Millisecond}}
	watch := in.Watch()
	const delay = time.Millisecond
	w, err := sim.New(sim.Config{
		Nodes: 4, Until: sim.Time(2 * time.Second), Network: sim.ConstantDelay(delay), Properties: in.Properties, Observers: []sim.Observer{watch},
		New: func(id sim.NodeID) sim.Process {
			if id == 3 {
				return kv.NewClient(client)
			}
			return in.New(id)
		},
		Faults: []sim.Fault{sim.Schedule{{Time: sim.Time(525 * time.Millisecond), Action: sim.Crash{Node: 1}}}},
	})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	measured := map[string]protocols.Measure{}
	for _, m := range append(in.Measures(w.View()), watch.Measures(w.View())...) {
		measured[m.Name] = m
	}
	_, mean, _ := primarybackup.Config{Servers: 3}.Takeover(delay, 0)
	require.Equal(t, mean.Seconds(), measured["takeover"].Value, "it crashed in the middle between two pings")
	require.Equal(t, 1, measured["takeover"].N)
	require.Greater(t, measured["downtime"].Value, mean.Seconds())
	require.Less(t, measured["downtime"].Value, mean.Seconds()+0.05)
	require.Zero(t, measured["writes lost"].Value)
	require.Zero(t, measured["two primaries"].Value)
	require.Equal(t, 2.0, measured["views"].Value)
	require.Equal(t, 1.0, measured["promotions"].Value)
}
