package rare_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/models/rare"
	"lightcone/protocols/idle"
	"lightcone/sim"
)

// A gap of a day is cut to four seconds, one of a second stays.
func ExampleCompress() {
	plan, err := fault.ParsePlan("24h crash n0\n24h1s crash n1\n25h recover n0")
	if err != nil {
		panic(err)
	}
	short, m, err := rare.Compress(plan, sim.Time(48*time.Hour), 4*time.Second)
	if err != nil {
		panic(err)
	}
	fmt.Print(short)
	fmt.Println("until", m.End(), "with", m.Windows(), "windows")
	fmt.Println("6s is", m.Real(6*sec), "and 9s is", m.Real(9*sec))
	// Output:
	// 4s crash n0
	// 5s crash n1
	// 9s recover n0
	// until 13s with 3 windows
	// 6s is 24h0m2s and 9s is 25h0m0s
}

func majority(v sim.View) bool {
	n := 0
	for id := range sim.NodeID(v.Nodes()) {
		if v.Works(id) {
			n++
		}
	}
	return 2*n > v.Nodes()
}

// Where the service follows from who is up alone, windows change nothing at all, however long or short.
func TestWindowsAreExactForIdleNodes(t *testing.T) {
	for seed := range uint64(20) {
		until := 100_000 * sec
		r := rare.Run{Config: sim.Config{Seed: seed, Nodes: 3, New: idle.New, Strict: true}, Serving: majority, Servers: 3, Majority: 2, Until: until, Plan: crashes(t, 3, seed, 900, 300, until)}
		full, err := r.Do()
		require.NoError(t, err)
		require.NotEmpty(t, full.Report.Outages)
		require.Equal(t, r.Plan.Down(1, until), full.Report.Nodes[1].DownTime())
		for _, w := range []time.Duration{1, time.Second, time.Minute, time.Hour} {
			r.Window = w
			short, err := r.Do()
			require.NoError(t, err)
			require.Equal(t, full.Report, short.Report, "windows of %v", w)
			require.NoError(t, short.Quiet.Err())
		}
	}
}

func TestRealIsMonotone(t *testing.T) {
	until := 10_000 * sec
	plan := crashes(t, 3, 1, 100, 20, until)
	_, m, err := rare.Compress(plan, until, time.Second)
	require.NoError(t, err)
	last := sim.Time(-1)
	for at := sim.Time(0); at <= m.End(); at += m.End() / 5000 {
		require.Greater(t, m.Real(at), last)
		last = m.Real(at)
	}
	require.Equal(t, until, m.Real(m.End()))
	require.Zero(t, m.Real(0))
}

func TestCompressRefuses(t *testing.T) {
	_, _, err := rare.Compress(nil, 0, -1)
	require.EqualError(t, err, "rare: Compress: window is -1ns, want more than 0\nrare: Compress: until is 0s, want a time after the start")
	_, _, err = rare.Compress(fault.Plan{{Time: 2, Action: sim.Crash{}}, {Time: 1, Action: sim.Recover{}}}, sec, 1)
	require.EqualError(t, err, "rare: Compress: plan[1] is at 1ns, want no earlier than the entry before it, at 2ns")
}
