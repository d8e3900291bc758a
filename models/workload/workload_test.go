package workload_test

import (
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/workload"
	"lightcone/protocols/kv"
	"lightcone/sim"
)

// pearson fails the test if counts do not have these shares: the statistic has probability 0.001 if they have.
func pearson(t *testing.T, counts []int, share func(i int) float64) {
	t.Helper()
	n, x, free := 0, 0.0, -1.0
	for _, c := range counts {
		n += c
	}
	for i, c := range counts {
		want := float64(n) * share(i)
		if want == 0 {
			require.Zero(t, c, i)
			continue
		}
		require.Greater(t, want, 5.0, "too few to judge")
		x, free = x+(float64(c)-want)*(float64(c)-want)/want, free+1
	}
	if free > 0 {
		require.Greater(t, dist.GammaQ(free/2, x/2), 0.001)
	}
}

func zipf(t *testing.T, n int64, s float64) workload.Zipf {
	t.Helper()
	z, err := workload.NewZipf(n, s)
	require.NoError(t, err)
	return z
}

func TestKeysHaveTheirShares(t *testing.T) {
	for name, k := range map[string]workload.Keys{
		"uniform":          workload.Uniform{N: 100},
		"two":              workload.Uniform{N: 2},
		"zipf":             zipf(t, 100, 0.99),
		"zipf, flat":       zipf(t, 100, 0),
		"hot set":          workload.HotSet{N: 100, Hot: 10, Load: 0.9},
		"all of it is hot": workload.HotSet{N: 100, Hot: 10, Load: 1},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, k.Validate())
			counts, sum := make([]int, 100), 0.0
			r := sim.NewRand(3, sim.ForStudy)
			for range 100_000 {
				counts[k.Draw(&r)]++
			}
			for i := range counts {
				sum += k.Share(int64(i))
			}
			require.InDelta(t, 1, sum, 1e-12)
			require.Zero(t, k.Share(-1))
			require.Zero(t, k.Share(100))
			pearson(t, counts, func(i int) float64 { return k.Share(int64(i)) })
		})
	}
}

// The shares of Zipf's law by its definition.
func TestZipfShares(t *testing.T) {
	z := zipf(t, 3, 1)
	for i, want := range []float64{6.0 / 11, 3.0 / 11, 2.0 / 11} {
		require.InDelta(t, want, z.Share(int64(i)), 1e-12)
	}
}

func TestMixHasItsShares(t *testing.T) {
	for _, m := range []workload.Mix{
		{Get: 1},
		{Get: 0.5, Put: 0.5},
		{Get: 5, Put: 2, Append: 1, CompareAndSwap: 1, Delete: 1},
		{Append: 1, Delete: 3},
	} {
		t.Run(fmt.Sprint(m), func(t *testing.T) {
			require.NoError(t, m.Validate())
			w := workload.Workload{Keys: workload.Uniform{N: 1}, Mix: m}
			counts := make([]int, 5)
			r := sim.NewRand(4, sim.ForStudy)
			for n := range uint64(50_000) {
				ask, ok := w.Next(n, &r)
				require.True(t, ok)
				counts[ask.Kind]++
			}
			pearson(t, counts, func(i int) float64 { return m.Share(workload.Kind(i)) })
		})
	}
}

func asks(w workload.Workload, seed uint64, n uint64) []workload.Ask {
	r := sim.NewRand(seed, sim.ForStudy)
	var all []workload.Ask
	for i := range n {
		ask, ok := w.Next(i, &r)
		if !ok {
			break
		}
		all = append(all, ask)
	}
	return all
}

// Another law of keys, or another mix, leaves everything else as it was.
func TestLawsDoNotDisturbEachOther(t *testing.T) {
	a := workload.Workload{Arrivals: workload.Bursts{Peak: 100, On: time.Second, Off: time.Second}, Keys: workload.Uniform{N: 10}, Mix: workload.Mix{Get: 1, Put: 1}}
	b := a
	b.Keys, b.Ops = zipf(t, 1000, 1.2), 90
	c := a
	c.Mix.Delete = 7
	x, y, z := asks(a, 1, 100), asks(b, 1, 100), asks(c, 1, 100)
	require.Len(t, y, 90)
	for i := range y {
		require.Equal(t, [2]any{x[i].Wait, x[i].Kind}, [2]any{y[i].Wait, y[i].Kind})
		require.Equal(t, [2]any{x[i].Wait, x[i].Key}, [2]any{z[i].Wait, z[i].Key})
	}
	require.NotEqual(t, x[:90], y)
	require.NotEqual(t, x, z)
}

func TestLoops(t *testing.T) {
	w := workload.Workload{Think: dist.Constant{Value: 5e6}, Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Put: 1}, Ops: 2}
	want := workload.Ask{Wait: 5 * time.Millisecond, Kind: workload.Put, Key: "k0"}
	require.Equal(t, []workload.Ask{want, want}, asks(w, 1, 10))
	w.Think = nil
	want.Wait = 0
	require.Equal(t, []workload.Ask{want, want}, asks(w, 1, 10))
	w.Arrivals = workload.Constant(1000)
	open := asks(w, 1, 10)
	require.True(t, open[0].Open && open[1].Open)
	require.Less(t, open[0].Wait, time.Millisecond)
	require.Equal(t, time.Millisecond, open[1].Wait)
}

func TestKindsAreThoseOfClients(t *testing.T) {
	for _, k := range []workload.Kind{workload.Get, workload.Put, workload.Append, workload.CompareAndSwap, workload.Delete} {
		require.Equal(t, kv.Kind(k).String(), k.String())
	}
	require.Equal(t, "kind(9)", workload.Kind(9).String())
}

// What a seed asks for, to the bit, on every platform.
func TestGolden(t *testing.T) {
	h := fnv.New64a()
	mix := workload.Mix{Get: 0.5, Put: 0.3, Append: 0.1, CompareAndSwap: 0.05, Delete: 0.05}
	for _, w := range []workload.Workload{
		{Arrivals: workload.Poisson(33), Keys: zipf(t, 1000, 0.99), Mix: mix},
		{Arrivals: workload.Bursts{Peak: 50, On: time.Second, Off: time.Second}, Keys: workload.HotSet{N: 100, Hot: 3, Load: 0.7}, Mix: mix},
		{Arrivals: workload.Constant(7), Keys: workload.Uniform{N: 77}, Mix: mix},
		{Think: dist.Gamma{Mean: 1e7, Shape: 2}, Keys: zipf(t, 1e9, 1.5), Mix: mix},
	} {
		for _, a := range asks(w, 5, 2000) {
			fmt.Fprintln(h, int64(a.Wait), a.Open, a.Kind, a.Key)
		}
	}
	require.Equal(t, uint64(0x46d286a0b19b4ee8), h.Sum64())
}

func TestWorkloadReportsEverything(t *testing.T) {
	_, err := workload.NewZipf(0, -1)
	require.ErrorContains(t, err, "workload: dist: Zipf.N is 0")
	err = workload.Workload{
		Arrivals: workload.Poisson(-1), Think: dist.Exponential{}, Keys: workload.HotSet{N: 0, Hot: 0, Load: 2}, Mix: workload.Mix{Get: -1},
	}.Validate()
	for _, want := range []string{
		"Workload has Arrivals and Think, want one of them", "Poisson is -1 a second", "Workload.Think: dist: Exponential.Mean is 0",
		"HotSet.N is 0, want 1 to 1000000000000", "HotSet.Hot is 0", "HotSet.Load is 2, want a share in [0, 1]", "Mix has -1 as the weight of get, want 0 or more",
	} {
		require.ErrorContains(t, err, want)
	}
	err = workload.Workload{}.Validate()
	require.ErrorContains(t, err, "Workload.Keys is nil")
	require.ErrorContains(t, err, "Mix has no weights")
	require.ErrorContains(t, workload.Workload{Keys: workload.Zipf{}, Mix: workload.Mix{Get: 1}}.Validate(), "Zipf")
	require.NoError(t, workload.Workload{Keys: workload.Uniform{N: 1}, Mix: workload.Mix{Get: 1}}.Validate())
}
