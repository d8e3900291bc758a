package experiments

import (
	"bytes"
	"encoding/csv"
	"math"
	"strconv"

	"lightcone/models/reliability"
	"lightcone/sim"
)

const (
	placedNodes    = 1000
	placedFailing  = placedNodes / 100
	placedReplicas = 3
	placedScatter  = 10 // nodes that a node shares data with
	placedLayouts  = 3
	placedEvents   = 4000 // for each layout
	mostChunks     = 1_000_000
	drawPlacement  = 0x706c616365 // "place"
)

// nodeSet is a set of three nodes that hold one chunk: their numbers in ascending order, ten bits each.
type nodeSet uint32

// placedPoint is what one number of chunks came to, placed in one way.
type placedPoint struct {
	way    string
	chunks int
	loss   Measure // share of events in which at least one chunk is lost
	share  Measure // of the chunks, that an event loses on average
}

// losePlacements loses one node of a hundred, again and again, under data that are placed at random, and on copysets.
func losePlacements(p *Plan) ([]placedPoint, error) {
	model := reliability.Replicated{Nodes: placedNodes, Replicas: placedReplicas}
	if err := model.Validate(); err != nil {
		return nil, err
	}
	one, events := model.ChunkLoss(placedFailing), p.times(placedEvents)
	var points []placedPoint
	for i, chunks := range []int{1_000, 10_000, 100_000, mostChunks} {
		r := sim.NewRand(p.Seed, sim.ForStudy, drawPlacement, uint64(i))
		random := placedPoint{way: "anywhere", chunks: chunks}
		random.lose(&r, events, model.RandomLoss(placedFailing, chunks), func() map[nodeSet]int { return anywhere(chunks, &r) })

		few := placedPoint{way: "on copysets", chunks: chunks}
		sets := model.Copysets(placedScatter)
		used := float64(sets) * -math.Expm1(float64(chunks)*math.Log1p(-1/float64(sets)))
		few.lose(&r, events, reliability.FanOut(int(used+.5), one), func() map[nodeSet]int { return onCopysets(chunks, &r) })
		points = append(points, random, few)
	}
	return points, nil
}

// lose draws layouts, and for each of them some events, a share of which is expected to lose data.
func (pt *placedPoint) lose(r *sim.Rand, events int, expected float64, layout func() map[nodeSet]int) {
	losses, shares := 0, make([]float64, 0, placedLayouts*events)
	nodes := make([]uint16, placedNodes)
	for i := range nodes {
		nodes[i] = uint16(i)
	}
	for range placedLayouts {
		held := layout()
		for range events {
			shuffle(nodes, placedFailing, r)
			n := 0
			eachSet(nodes[:placedFailing], func(s nodeSet) { n += held[s] })
			if n > 0 {
				losses++
			}
			shares = append(shares, float64(n)/float64(pt.chunks))
		}
	}
	pt.loss = shareBeside(losses, len(shares), expected)
	pt.share = sampleMean("", "of chunks", shares)
	pt.share.Expected = reliability.Replicated{Nodes: placedNodes, Replicas: placedReplicas}.ChunkLoss(placedFailing)
}

// shuffle draws the first n of a list at random.
func shuffle(list []uint16, n int, r *sim.Rand) {
	for i := range n {
		j := i + r.IntN(len(list)-i)
		list[i], list[j] = list[j], list[i]
	}
}

// eachSet calls f with every set of replicas among some nodes.
func eachSet(nodes []uint16, f func(nodeSet)) {
	for i, a := range nodes {
		for j, b := range nodes[:i] {
			for _, c := range nodes[:j] {
				f(setOf(a, b, c))
			}
		}
	}
}

func setOf(a, b, c uint16) nodeSet {
	lo, hi := min(a, b, c), max(a, b, c)
	return nodeSet(lo)<<20 | nodeSet(a^b^c^lo^hi)<<10 | nodeSet(hi)
}

// anywhere places each chunk on nodes of its own choice.
func anywhere(chunks int, r *sim.Rand) map[nodeSet]int {
	held := make(map[nodeSet]int, chunks)
	for range chunks {
		a, b, c := uint16(r.IntN(placedNodes)), uint16(r.IntN(placedNodes)), uint16(r.IntN(placedNodes))
		for a == b || b == c || a == c {
			b, c = uint16(r.IntN(placedNodes)), uint16(r.IntN(placedNodes))
		}
		held[setOf(a, b, c)]++
	}
	return held
}

// onCopysets cuts some permutations of the nodes into sets, and places each chunk on one of these.
func onCopysets(chunks int, r *sim.Rand) map[nodeSet]int {
	nodes := make([]uint16, placedNodes)
	for i := range nodes {
		nodes[i] = uint16(i)
	}
	var sets []nodeSet
	for range placedScatter / (placedReplicas - 1) {
		shuffle(nodes, placedNodes, r)
		for i := 0; i+placedReplicas <= placedNodes; i += placedReplicas {
			sets = append(sets, setOf(nodes[i], nodes[i+1], nodes[i+2]))
		}
	}
	held := make(map[nodeSet]int, len(sets))
	for range chunks {
		held[sets[r.IntN(len(sets))]]++
	}
	return held
}

// placementFindings is what of the points is printed, and whether they agree.
func placementFindings(points []placedPoint) (measures []Measure, verdicts []Verdict) {
	agreeing := 0
	var random, few placedPoint
	for _, pt := range points {
		if Agree(pt.loss) == Agrees {
			agreeing++
		}
		if pt.chunks != mostChunks {
			continue
		}
		if pt.way == "anywhere" {
			random = pt
		} else {
			few = pt
		}
		pt.loss.Name, pt.loss.Unit = "events that lose data, chunks "+pt.way, "of events"
		pt.share.Name = "chunks lost in an event, " + pt.way
		pt.share.Low = max(pt.share.Low, 0)
		measures = append(measures, pt.loss, pt.share)
	}
	ratio := random.loss.Expected / few.loss.Expected
	return measures, []Verdict{
		verdict("events lose data as in the closed forms", agreeing == len(points), "%d of %d points (placement.csv)", agreeing, len(points)),
		verdict("copysets lose data seldom", ratio > 50, "%.0f times less often by the closed forms, with %d chunks and one node of a hundred failing at once", ratio, mostChunks),
		verdict("and no less of them on average", Agree(few.share) == Agrees && Agree(random.share) == Agrees,
			"%.2g of the chunks in an event, anywhere or on copysets: less often is more at a time", random.share.Expected),
	}
}

// placementTable is the points as CSV.
func placementTable(points []placedPoint) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"placement", "chunks", "events", "lose_data", "low", "high", "expected", "agrees", "share_lost", "share_expected"})
	for _, pt := range points {
		w.Write([]string{pt.way, strconv.Itoa(pt.chunks), strconv.Itoa(pt.loss.N), decimals(pt.loss.Value), decimals(pt.loss.Low), decimals(pt.loss.High),
			decimals(pt.loss.Expected), strconv.FormatBool(Agree(pt.loss) == Agrees), decimals(pt.share.Value), decimals(pt.share.Expected)})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}
