package reliability_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	rel "lightcone/models/reliability"
)

// Retrying works against bad luck, and not against an outage.
func ExampleRetryInOutage() {
	fmt.Printf("three independent tries %.0e, three tries within 5 s of outages of 10 s %.1e\n",
		rel.RetryIndependent(1e-3, 3), rel.RetryInOutage(1e-3, 5, 10))
	// Output:
	// three independent tries 1e-09, three tries within 5 s of outages of 10 s 6.1e-04
}

func TestBudget(t *testing.T) {
	b := rel.Budget{Unavailability: .001, Window: 720}
	require.InEpsilon(t, 10, b.Burn(.01), 1e-14)
	require.InEpsilon(t, 1, b.Spent(14.4, b.Exhausted(14.4)), 1e-14)
	require.InEpsilon(t, 50, b.Exhausted(14.4), 1e-14)
}

func TestWeighting(t *testing.T) {
	day := []rel.Period{{Hours: 16, RequestsPerHour: 1000, Failing: 0}, {Hours: 7, RequestsPerHour: 100}, {Hours: 1, RequestsPerHour: 1000, Failing: 1}}
	require.InEpsilon(t, 1./24, rel.TimeWeighted(day), 1e-14)
	require.InEpsilon(t, 1000./17700, rel.RequestWeighted(day), 1e-14)
	for i := range day {
		day[i].RequestsPerHour = 7
	}
	require.InEpsilon(t, rel.TimeWeighted(day), rel.RequestWeighted(day), 1e-14)
}

func TestFanOutQuantile(t *testing.T) {
	l := rel.Exponential{MTTF: 2}
	x := rel.FanOutQuantile(l, 100, .99)
	require.InEpsilon(t, .99, math.Pow(l.CDF(x), 100), 1e-12)
	require.InEpsilon(t, 1, rel.Attempts(0, 5), 1e-15)
	require.Equal(t, 5., rel.Attempts(1, 5))
}

func TestScalability(t *testing.T) {
	require.InEpsilon(t, rel.Amdahl(.95, 64), rel.Scalability{Contention: .05}.Throughput(64), 1e-12, "without coherence it is Amdahl's law")
	s := rel.Scalability{Contention: .05, Coherence: .0005}
	require.Greater(t, s.Throughput(s.Peak()), s.Throughput(s.Peak()+1))
	require.Greater(t, s.Throughput(s.Peak()), s.Throughput(s.Peak()-1))
}

// Random placement against copysets on a cluster small enough to simulate.
func TestPlacementAgainstSimulation(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 11))
	const nodes, failed, chunks, runs = 60, 9, 40, 4000
	p := rel.Replicated{Nodes: nodes, Replicas: 3}
	lost := 0
	for range runs {
		var down [nodes]bool
		for _, n := range r.Perm(nodes)[:failed] {
			down[n] = true
		}
		for range chunks {
			a, b, c := r.IntN(nodes), r.IntN(nodes), r.IntN(nodes)
			for a == b || a == c || b == c {
				a, b, c = r.IntN(nodes), r.IntN(nodes), r.IntN(nodes)
			}
			if down[a] && down[b] && down[c] {
				lost++
				break
			}
		}
	}
	want := p.RandomLoss(failed, chunks)
	require.InDelta(t, want, float64(lost)/runs, 4*math.Sqrt(want/runs))
	require.Zero(t, p.ChunkLoss(2))
	require.Equal(t, 100, p.Copysets(10))
	require.Equal(t, 60, rel.Replicated{Nodes: 60, Replicas: 1}.Copysets(10))
	require.Equal(t, 1., p.ChunkLoss(nodes))
	require.Error(t, rel.Replicated{Nodes: 2, Replicas: 3}.Validate())
}

func TestCheckpoint(t *testing.T) {
	for _, c := range []rel.Checkpoint{job, {Cost: 1e-9, MTTF: 1}, {Cost: 1, MTTF: 1}, {Cost: 30, MTTF: 1}, {Cost: .3, Restart: 2, MTTF: 5}} {
		best := c.Optimum()
		y := best / c.MTTF
		require.InDelta(t, math.Exp(-c.Cost/c.MTTF-1), (1-y)*math.Exp(y-1), 2e-16, "Lambert's equation")
		for _, f := range []float64{.99, 1.01} {
			require.LessOrEqual(t, c.Slowdown(best), c.Slowdown(best*f))
		}
		require.LessOrEqual(t, c.Slowdown(best), c.Slowdown(c.Daly()))
		require.LessOrEqual(t, c.Slowdown(c.Optimum()), c.Slowdown(c.Young()))
	}
	require.InEpsilon(t, math.Sqrt2*math.Sqrt(1e-12), rel.Checkpoint{Cost: 1e-12, MTTF: 1}.Optimum(), 1e-6)
	require.InEpsilon(t, 100*job.Slowdown(2), job.Completion(100, 2), 1e-14)
	require.InEpsilon(t, 4*job.Slowdown(2)+job.Slowdown(1), job.Completion(5, 2), 1e-14, "two, two and one")
	require.Error(t, rel.Checkpoint{Cost: -1, MTTF: 1, Restart: -1}.Validate())
}

// The completion time, by drawing failures: work, save, and from a failure begin again.
func TestCompletionAgainstSimulation(t *testing.T) {
	r, c := rand.New(rand.NewPCG(12, 12)), rel.Checkpoint{Cost: .2, Restart: .3, MTTF: 4}
	const work, interval, runs = 20., 1.25, 4000
	sum, squares := 0., 0.
	for range runs {
		total := 0.
		for piece := 0; piece < work/interval; {
			need := interval + c.Cost
			for {
				fail := r.ExpFloat64() * c.MTTF
				if fail >= need {
					total += need
					break
				}
				total += fail
				for {
					f := r.ExpFloat64() * c.MTTF
					total += min(f, c.Restart)
					if f >= c.Restart {
						break
					}
				}
			}
			piece++
		}
		sum += total
		squares += total * total
	}
	mean := sum / runs
	se := math.Sqrt((squares/runs - mean*mean) / runs)
	require.InDelta(t, c.Completion(work, interval), mean, 4*se)
	require.Less(t, se, .005*mean)
}
