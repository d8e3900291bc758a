package reliability

import (
	"fmt"
	"math"
)

// RetryIndependent returns the probability that all tries of a request fail if each does so on its own: u^tries.
func RetryIndependent(u float64, tries int) float64 { return pow(u, float64(tries)) }

// RetryInOutage returns the probability that a request fails which is tried again and again for a window of time, when
// what makes it fail is an outage of exponential length with mean mttr: it has to be longer than the window from the
// moment at which the request met it, u exp(-window/mttr). Tries within an outage are worthless, however many.
func RetryInOutage(u, window, mttr float64) float64 { return float64(u * exp(-window/mttr)) }

// Attempts returns the mean number of tries, at most so many, of which each fails with probability p.
func Attempts(p float64, most int) float64 {
	sum, all := 0., 1.
	for range most {
		sum += all
		all = float64(all * p)
	}
	return sum
}

// RetryLoad returns how many tries arrive at the lowest of several layers for one request, when it fails them all and each
// layer tries so many times: tries^layers.
func RetryLoad(layers, tries int) float64 { return pow(float64(tries), float64(layers)) }

// FanOut returns the probability that at least one of n calls is slow, or fails, each with probability p.
func FanOut(n int, p float64) float64 { return -expm1(float64(float64(n) * log1p(-p))) }

// FanOutQuantile returns the p-quantile of the slowest of n calls whose times follow a law.
func FanOutQuantile(l Law, n int, p float64) float64 { return l.Quantile(exp(log(p) / float64(n))) }

// OrderStatistic returns the mean of the k-th smallest of n exponential times: mean (1/n + 1/(n-1) + ... ), k terms. With
// k = n that is the slowest of n, with less it is a quorum.
func OrderStatistic(k, n int, mean float64) float64 {
	checkCount("OrderStatistic", k, n)
	sum := 0.
	for i := n; i > n-k; i-- {
		sum += 1 / float64(i)
	}
	return float64(mean * sum)
}

// Period is a stretch of time with its load and with the share of requests that fail in it.
type Period struct{ Hours, RequestsPerHour, Failing float64 }

// TimeWeighted returns the unavailability that a clock sees: the share of time, weighted with how much of it failed.
func TimeWeighted(periods []Period) float64 {
	down, all := 0., 0.
	for _, p := range periods {
		down += float64(p.Hours * p.Failing)
		all += p.Hours
	}
	return down / all
}

// RequestWeighted returns the unavailability that the clients see: the share of requests that fail. It is above that of
// the clock if outages come at the busy hours.
func RequestWeighted(periods []Period) float64 {
	failed, all := 0., 0.
	for _, p := range periods {
		n := float64(p.Hours * p.RequestsPerHour)
		failed += float64(n * p.Failing)
		all += n
	}
	return failed / all
}

// Budget is an error budget: the unavailability that an objective leaves over a window.
type Budget struct {
	Unavailability float64 // .001 for an objective of 99.9 %
	Window         float64 // hours
}

// Downtime returns the hours that may be lost in a window.
func (b Budget) Downtime() float64 { return float64(b.Unavailability * b.Window) }

// Burn returns how many times faster than allowed an unavailability spends the budget.
func (b Budget) Burn(u float64) float64 { return u / b.Unavailability }

// Spent returns the share of the budget that a burn rate takes in some hours.
func (b Budget) Spent(burn, hours float64) float64 { return burn * hours / b.Window }

// Exhausted returns after how many hours a burn rate has spent the budget.
func (b Budget) Exhausted(burn float64) float64 { return b.Window / burn }

// CacheFallback returns the unavailability of a service with unavailability u behind a cache that answers a share hit of
// the requests without it.
func CacheFallback(u, hit float64) float64 { return float64(u * (1 - hit)) }

// Amdahl returns the speed-up of work of which a share f can be spread over n processors.
func Amdahl(f float64, n int) float64 { return 1 / (1 - f + f/float64(n)) }

// Scalability is Gunther's universal scalability law: contention (what has to wait its turn) and coherence (what every
// pair has to agree on).
type Scalability struct{ Contention, Coherence float64 }

// Throughput returns the throughput of n processors over that of one.
func (s Scalability) Throughput(n float64) float64 {
	return n / (1 + float64(s.Contention*(n-1)) + float64(s.Coherence*float64(n*(n-1))))
}

// Peak returns the number of processors beyond which more of them make it slower; infinite without Coherence.
func (s Scalability) Peak() float64 { return math.Sqrt((1 - s.Contention) / s.Coherence) }

// Replicated is how replicated chunks of data lie on nodes.
type Replicated struct{ Nodes, Replicas int }

// Validate reports what is wrong with it.
func (p Replicated) Validate() error {
	if p.Replicas < 1 || p.Replicas > p.Nodes {
		return fmt.Errorf("reliability: Replicated: %d replicas on %d nodes, want 1 to as many as nodes", p.Replicas, p.Nodes)
	}
	return nil
}

// ChunkLoss returns the probability that all replicas of one chunk are among nodes that fail at once, of which all sets
// are equally likely: C(failed, R)/C(nodes, R).
func (p Replicated) ChunkLoss(failed int) float64 {
	checkCount("Replicated.ChunkLoss", failed, p.Nodes)
	product := 1.
	for i := range p.Replicas {
		product = float64(product * float64(max(failed-i, 0)) / float64(p.Nodes-i))
	}
	return product
}

// RandomLoss returns the probability of losing at least one of so many chunks, each on nodes drawn at random: each set of
// nodes that fails is lost with some chunk once there are many.
func (p Replicated) RandomLoss(failed, chunks int) float64 {
	return FanOut(chunks, p.ChunkLoss(failed))
}

// Copysets returns how many sets of nodes hold data if each node shares with scatter others (Cidon et al. 2013, section
// 3): nodes scatter/(R ), the least that gives that scatter width; with one replica each node is one.
func (p Replicated) Copysets(scatter int) int {
	if p.Replicas < 2 {
		return p.Nodes
	}
	return p.Nodes * scatter / (p.Replicas * (p.Replicas - 1))
}

// CopysetLoss returns the probability that at least one of those sets is among the nodes that fail, taking the sets as
// independent.
func (p Replicated) CopysetLoss(failed, scatter int) float64 {
	return FanOut(p.Copysets(scatter), p.ChunkLoss(failed))
}
