package experiments

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/reliability"
	"lightcone/models/renewal"
	"lightcone/sim"
)

//go:embed replicas-and-zones/scenario.yaml
var replicasZonesScenario []byte

// replicasZones asks where replicas should stand: three or five, of which a majority must be up, in one zone or spread
// over several, each of which fails as a whole now and then. Each placement is evaluated exactly, by renewals, and in a
// world whose zones take their nodes down.
//
// Not modelled: failovers, replicas that catch up after a repair, distances between zones and partitions of them, and
// failures of several zones at once.
type replicasZones struct{}

func (replicasZones) Name() string { return "replicas-and-zones" }
func (replicasZones) About() string {
	return "a majority of 3 or 5 replicas placed over 1, 2, 3 or 5 zones: exactly, by renewals and in a world"
}
func (replicasZones) Scenario() []byte { return replicasZonesScenario }

// The parts: a node is down for 1 % of the time, a zone for a tenth of that. In hours; repairs take the hour that
// renewal.Of gives a part of which only the availability is known.
const (
	nodeUp, nodeDown = 99., 1.
	zoneUp, zoneDown = 999., 1.
	zonesOutages     = 4000

	pairedRuns = 2000 // runs of both of two placements under the same faults
	pairHours  = 20_000
)

// placements are how many replicas each zone has.
var placements = [][]int{{3}, {2, 1}, {1, 1, 1}, {5}, {3, 2}, {2, 2, 1}, {1, 1, 1, 1, 1}}

func placed(zones []int) string {
	var list []string
	for _, n := range zones {
		list = append(list, strconv.Itoa(n))
	}
	return strings.Join(list, "-")
}

// placementText is the diagram of a placement: a majority of nodes, each in its zone.
func placementText(zones []int) string {
	var groups []string
	node := 0
	for i, n := range zones {
		var members []string
		for range n {
			node++
			members = append(members, fmt.Sprintf("n%d=%g", node, nodeUp/(nodeUp+nodeDown)))
		}
		groups = append(groups, fmt.Sprintf("in(zone%d=%g, %s)", i+1, zoneUp/(zoneUp+zoneDown), strings.Join(members, ", ")))
	}
	return fmt.Sprintf("majority(%s)", strings.Join(groups, ", "))
}

// placedExactly is the unavailability of a majority by counting: over every set of zones that are up, the number of
// nodes up in them is binomial.
func placedExactly(zones []int, node, zone float64) float64 {
	nodes := 0
	for _, n := range zones {
		nodes += n
	}
	need, down := nodes/2+1, 0.0
	for set := range 1 << len(zones) {
		p, standing := 1.0, 0
		for i, n := range zones {
			if set>>i&1 == 1 {
				p, standing = p*(1-zone), standing+n
			} else {
				p *= zone
			}
		}
		for up := range min(need, standing+1) {
			down += p * binomialCoefficient(standing, up) * math.Pow(1-node, float64(up)) * math.Pow(node, float64(standing-up))
		}
	}
	return down
}

func binomialCoefficient(n, k int) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

func (s replicasZones) Analyse(p *Plan) (*Analysis, error) {
	if a := p.Scenario.Availability; p.Scenario.Protocol != "idle" || a == nil || a.Works == "" {
		return nil, fmt.Errorf("protocol is %q, with availability.works or not, want idle with availability.works: a diagram of nodes that are merely up or down", p.Scenario.Protocol)
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p) }}, nil
}

// zonesFail are the faults of a placement's world: nodes crash, each on its own, and zones take all their nodes down.
func zonesFail(zones []int) func(d *reliability.Diagram) ([]fault.Law, int, func(up []bool) bool) {
	law := func(mean float64) dist.Dist { return dist.Exponential{Mean: mean * float64(worldHour)} }
	return func(*reliability.Diagram) ([]fault.Law, int, func(up []bool) bool) {
		var places []string
		for i, n := range zones {
			for range n {
				places = append(places, fmt.Sprintf("zone%d/n%d", i+1, len(places)))
			}
		}
		tree := fault.Tree{Places: places, Levels: []fault.Level{
			{Name: "zone", Up: law(zoneUp), Down: law(zoneDown)}, {Name: "node", Up: law(nodeUp), Down: law(nodeDown)}}}
		return []fault.Law{tree}, len(places), majorityUp
	}
}

func majorityUp(up []bool) bool {
	n := 0
	for _, u := range up {
		if u {
			n++
		}
	}
	return 2*n > len(up)
}

func (replicasZones) report(p *Plan) (*Report, error) {
	all := make([]*diagramWays, len(placements))
	if err := sideBySide(len(placements), func(i int) (err error) {
		zones := placements[len(placements)-1-i] // the longest first
		all[len(placements)-1-i], err = evaluate(placed(zones), placementText(zones), p.Seed, p.times(zonesOutages), zonesFail(zones))
		return err
	}); err != nil {
		return nil, err
	}
	paired, err := pairedDifference(p, []int{3, 2}, []int{5})
	if err != nil {
		return nil, err
	}
	r := &Report{Files: []File{{"placements.csv", diagramTable(all)}}}
	for _, w := range all {
		m := w.measure()
		m.Name = "placed " + m.Name
		r.Measures = append(r.Measures, m)
	}
	r.Measures = append(r.Measures, paired)
	r.Verdicts = append(append(waysAgree(all), placementVerdicts(all)...),
		verdict("3-2 is worse than 5 under the same faults", paired.Low > 0 && Agree(paired) == Agrees, "by %.3g of the time, %.3g to %.3g, exactly %.3g", paired.Value, paired.Low, paired.High, paired.Expected))
	figures, err1 := zonesFigure(all, p.times(zonesOutages))
	r.Files = append(r.Files, figures...)
	var err2 error
	r.Picture, err2 = firstOutage(p)
	return r, errors.Join(err1, err2)
}

// placementVerdicts says what spreading is worth.
func placementVerdicts(all []*diagramWays) []Verdict {
	by := map[string]*diagramWays{}
	counted := 0
	for i, w := range all {
		by[w.Name] = w
		exact := placedExactly(placements[i], nodeDown/(nodeUp+nodeDown), zoneDown/(zoneUp+zoneDown))
		if math.Abs(w.Exact.Unavailability/exact-1) < 1e-9 {
			counted++
		}
	}
	verdicts := []Verdict{verdict("the diagrams are the counts'", counted == len(all), "%d of %d to 1e-9", counted, len(all))}
	for _, c := range []struct{ two, one, each string }{{"2-1", "3", "1-1-1"}, {"3-2", "5", "1-1-1-1-1"}} {
		two, one, each := by[c.two], by[c.one], by[c.each]
		noBetter := two.Exact.Unavailability >= one.Exact.Unavailability && two.Renewals.High >= one.Renewals.Low && two.World.High >= one.World.Low
		verdicts = append(verdicts,
			verdict(c.two+" over two zones is no better than one zone", noBetter, "exactly %.5g and %.5g, by renewals %.4g and %.4g, in a world %.3g and %.3g",
				two.Exact.Unavailability, one.Exact.Unavailability, two.Renewals.Value, one.Renewals.Value, two.World.Value, one.World.Value),
			farBetter(each, one))
	}
	return verdicts
}

// farBetter says that one replica a zone is, in all three ways: by a factor of 2 with three replicas, 50 with five.
func farBetter(each, one *diagramWays) Verdict {
	factor := 2.0
	if each.Name != "1-1-1" {
		factor = 50
	}
	ok := each.Exact.Unavailability*factor < one.Exact.Unavailability && each.Renewals.High*factor < one.Renewals.Low && each.World.Value*factor < one.World.Value
	return verdict(each.Name+", one a zone, is far better", ok, "by a factor of %.3g exactly, %.3g by renewals, %.2g in a world",
		one.Exact.Unavailability/each.Exact.Unavailability, one.Renewals.Value/each.Renewals.Value, one.World.Value/each.World.Value)
}

// pairedDifference is by how much one placement is down for longer than another, both under the same faults of nodes and
// of the zones that both have: so small a difference does not show between independent runs.
func pairedDifference(p *Plan, a, b []int) (Measure, error) {
	var lost [2][]float64
	for i, zones := range [][]int{a, b} {
		d, err := reliability.Parse(placementText(zones))
		if err != nil {
			return Measure{}, err
		}
		s, err := renewal.Of(d)
		if err != nil {
			return Measure{}, err
		}
		for k := range uint64(p.times(pairedRuns)) {
			found, err := s.Run(renewal.Run{Seed: p.Seed<<32 + k, Horizon: pairHours, Fresh: true})
			if err != nil {
				return Measure{}, err
			}
			_, down := found.Time()
			lost[i] = append(lost[i], down/pairHours)
		}
	}
	e := reliability.Paired(lost[0], lost[1], fourErrors)
	node, zone := nodeDown/(nodeUp+nodeDown), zoneDown/(zoneUp+zoneDown)
	return Measure{Name: placed(a) + " less " + placed(b), Unit: "of the time down", Value: e.Value, Low: e.Low, High: e.High, N: e.N,
		Expected: placedExactly(a, node, zone) - placedExactly(b, node, zone)}, nil
}
