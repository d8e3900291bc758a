package gossip

import (
	"math"
	"slices"

	"lightcone/sim"
)

// Survey is what the nodes of a world know.
func Survey(v sim.View) *Known {
	k := &Known{nodes: v.Nodes()}
	for id := range sim.NodeID(v.Nodes()) {
		k.forgot = k.forgot || v.Incarnation(id) > 0
		p := process(v, id)
		if p == nil {
			k.forgot = true
			continue
		}
		k.told += uint64(p.told)
		if p.Knows() {
			k.add(p)
		}
	}
	return k
}

// Known says how many nodes know the rumour, and since when.
type Known struct {
	Know int // nodes that are up and know

	nodes  int
	rounds []int     // how many heard in each round, by their own clocks, from 0: from the start
	times  []float64 // unless rounds are aligned: when they heard, in rounds
	told   uint64
	hops   uint64
	forgot bool // a node has crashed, and does not know what it did before
}

func (k *Known) add(p *Process) {
	k.Know++
	k.hops += uint64(p.hops)
	if p.cfg.Timing != Aligned {
		k.times = append(k.times, p.Heard())
		return
	}
	r := p.Round()
	for len(k.rounds) <= r {
		k.rounds = append(k.rounds, 0)
	}
	k.rounds[r]++
}

// Until returns after how many rounds a share of all nodes had heard; NaN if fewer did, or if a node has crashed and heard
// again. Rounds that are not aligned are counted by time, in fractions.
func (k *Known) Until(share float64) float64 {
	want := int(math.Ceil(float64(share * float64(k.nodes))))
	if want > k.Know || k.forgot {
		return math.NaN()
	}
	if k.times != nil {
		slices.Sort(k.times)
		return k.times[want-1]
	}
	for r, n := range k.rounds {
		if want -= n; want <= 0 {
			return float64(r)
		}
	}
	return math.NaN()
}

// Told returns how often the rumour was sent, per node; NaN if a node has crashed.
func (k *Known) Told() float64 {
	if k.forgot {
		return math.NaN()
	}
	return float64(k.told) / float64(k.nodes)
}

// Hops returns the mean number of calls that brought the rumour to who knows it.
func (k *Known) Hops() float64 { return float64(k.hops) / float64(k.Know) }
