package quorum_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/quorum"
)

func set(places ...int) quorum.Set {
	var s quorum.Set
	for _, i := range places {
		s = s.With(i)
	}
	return s
}

func TestQuorums(t *testing.T) {
	gifford := quorum.Weighted{Votes: []int{2, 1, 1}, R: 2, W: 3}
	grid := quorum.Grid{Rows: 2, Columns: 3} // 0 1 2 over 3 4 5
	for _, c := range []struct {
		system      quorum.System
		set         quorum.Set
		read, write bool
	}{
		{quorum.Majority(5), set(0, 4), false, false},
		{quorum.Majority(5), set(0, 2, 4), true, true},
		{quorum.Majority(4), set(0, 1), false, false},
		{quorum.ReadOneWriteAll(3), set(2), true, false},
		{quorum.ReadOneWriteAll(3), set(0, 1, 2), true, true},
		{quorum.Threshold{N: 3, R: 1, W: 2}, set(0, 1), true, true},
		{gifford, set(0), true, false},
		{gifford, set(1, 2), true, false},
		{gifford, set(0, 1), true, true},
		{grid, set(0, 4, 2), true, false},
		{grid, set(0, 3, 1), false, false},
		{grid, set(0, 3, 1, 5), true, true},
		{grid, set(0, 1, 3, 4), false, false},
	} {
		t.Run(fmt.Sprintf("%v/%b", c.system, c.set), func(t *testing.T) {
			require.Equal(t, c.read, c.system.Read(c.set), "read")
			require.Equal(t, c.write, c.system.Write(c.set), "write")
		})
	}
}

// Intersects against the definition: it looks at all pairs of sets.
func TestIntersectsAgreesWithTheDefinition(t *testing.T) {
	for _, q := range []quorum.System{
		quorum.Majority(1), quorum.Majority(4), quorum.Majority(5), quorum.ReadOneWriteAll(4), quorum.Threshold{N: 5, R: 2, W: 3},
		quorum.Threshold{N: 5, R: 3, W: 3}, quorum.Threshold{N: 4, R: 3, W: 2}, quorum.Weighted{Votes: []int{2, 1, 1, 0}, R: 2, W: 3},
		quorum.Weighted{Votes: []int{1, 1, 1}, R: 1, W: 2}, quorum.Grid{Rows: 2, Columns: 2}, quorum.Grid{Rows: 3, Columns: 2},
	} {
		t.Run(fmt.Sprint(q), func(t *testing.T) {
			readWrite, writeWrite := true, true
			whole := quorum.Set(1)<<q.Size() - 1
			for a := quorum.Set(0); a <= whole; a++ {
				for b := quorum.Set(0); b <= whole; b++ {
					if a&b == 0 && q.Write(a) {
						readWrite = readWrite && !q.Read(b)
						writeWrite = writeWrite && !q.Write(b)
					}
				}
			}
			rw, ww := quorum.Intersects(q)
			require.Equal(t, readWrite, rw, "read and write quorums")
			require.Equal(t, writeWrite, ww, "write quorums")
		})
	}
}

func TestWhichQuorumsMeet(t *testing.T) {
	for r := 1; r <= 5; r++ {
		for w := 1; w <= 5; w++ {
			rw, ww := quorum.Intersects(quorum.Threshold{N: 5, R: r, W: w})
			require.Equal(t, r+w > 5, rw, "R=%d W=%d", r, w)
			require.Equal(t, 2*w > 5, ww, "R=%d W=%d", r, w)
		}
	}
	rw, ww := quorum.Intersects(quorum.Grid{Rows: 3, Columns: 4})
	require.True(t, rw && ww, "the grid is a quorum system")
}

// A threshold is reached with the probability of a binomial tail; a grid has a live replica in every column, and then not
// the case that no column is whole, with probability (1-q^m)^n - (1-q^m-p^m)^n (Cheung et al., section 4).
func TestAvailability(t *testing.T) {
	for _, p := range []float64{0, 0.5, 0.9, 0.99, 1} {
		read, write := quorum.Availability(quorum.Threshold{N: 5, R: 2, W: 4}, p)
		require.InDelta(t, tail(5, 2, p), read, 1e-12)
		require.InDelta(t, tail(5, 4, p), write, 1e-12)
		read, write = quorum.Availability(quorum.Grid{Rows: 3, Columns: 4}, p)
		live, whole := 1-math.Pow(1-p, 3), math.Pow(p, 3)
		require.InDelta(t, math.Pow(live, 4), read, 1e-12)
		require.InDelta(t, math.Pow(live, 4)-math.Pow(live-whole, 4), write, 1e-12)
	}
}

func tail(n, k int, p float64) float64 {
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += choose(n, i) * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
	}
	return sum
}

func TestConfigurationsReportEverything(t *testing.T) {
	for _, c := range []struct {
		config interface{ Validate() error }
		want   []string
	}{
		{quorum.Config{}, []string{"Config.Servers is 0", "Config.Quorums is nil"}},
		{quorum.Config{Servers: 2, Quorums: quorum.Threshold{N: 3, R: 1, W: 1}}, []string{"Quorums has 3 replicas, want at most Servers, which is 2"}},
		{quorum.Config{Servers: 3, Quorums: quorum.Threshold{N: 3, R: 4, W: 0}, Versions: "x", Sloppy: true, Leaves: 3, Timeout: -1, Bug: "x"},
			[]string{"Threshold.R is 4", "Threshold.W is 0", `Versions is "x"`, "Sloppy is set and HandOff is 0", "Leaves is 3", "Timeout is -1ns", `Bug is "x"`}},
		{quorum.Config{Servers: 3, Quorums: quorum.Grid{Rows: 1, Columns: 3}, Narrow: true, HandOff: 1},
			[]string{"Narrow is set with a quorum.Grid", "HintEvery is 0s"}},
		{quorum.Weighted{Votes: []int{1, -1, 4}, R: 1, W: 2}, []string{"Votes[1] is -1", "R + W is 3, want more than the total, which is 4", "W is 2, want more than half"}},
		{quorum.Weighted{R: 1}, []string{"Votes has 0 replicas", "R is 1, want 1 to the total, which is 0", "W is 0, want 1", "W is 0, want more"}},
		{quorum.Grid{Rows: 8, Columns: 8}, []string{"Grid is 8 x 8"}},
		{quorum.ABDConfig{}, []string{"ABDConfig.Servers is 0"}},
		{quorum.ABDConfig{Servers: 3, Resend: -1, Timeout: -1, Bug: "x"}, []string{"Resend is -1ns", "Timeout is -1ns", `Bug is "x"`}},
		{quorum.ABDConfig{Servers: 3, Quorums: quorum.Majority(5)}, []string{"Quorums has 5 replicas, want Servers, which is 3"}},
		{quorum.ABDConfig{Servers: 4, Quorums: quorum.Threshold{N: 4, R: 3, W: 2}}, []string{"want quorums any two of which meet"}},
	} {
		err := c.config.Validate()
		require.Error(t, err)
		for _, w := range c.want {
			require.ErrorContains(t, err, w)
		}
		require.Len(t, strings.Split(err.Error(), "\n"), len(c.want), "%v", err)
	}
	require.NoError(t, quorum.ABDConfig{Servers: 4, Quorums: quorum.Threshold{N: 4, R: 3, W: 2}, SingleWriter: true}.Validate(),
		"the writes of a single writer need not meet")
}
