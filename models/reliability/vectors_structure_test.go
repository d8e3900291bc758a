package reliability_test

import (
	"lightcone/models/reliability"
)

// structureVectors computes what follows from the structure of a system: block diagrams, common causes, domains, quorums.
var structureVectors = map[string]func() vector{
	"A1":  func() vector { return downOf("series(4 * 0.99)") },
	"A2":  func() vector { return downOf("series(5 * 0.99)") },
	"A3":  func() vector { return downOf("series(0.95, 0.95)") },
	"A4":  func() vector { return downOf("parallel(0.95, 0.95, 0.95)") },
	"A5":  func() vector { return downOf("parallel(2 * 0.95)") },
	"A6":  func() vector { return downOf("kofn(2, 0.99, 0.99, 0.99)") },
	"A7":  func() vector { return downOf("kofn(3, 5 * 0.99)") },
	"A9":  func() vector { return downOf("kofn(2, 0.9, 0.95, 0.99, 0.8)") },
	"A10": func() vector { return downOf("series(parallel(3 * 0.95), parallel(2 * 0.99), kofn(2, 3 * 0.9))") },
	"A11": func() vector { return downOf("series(30 * 0.9999)") },
	"A12": func() vector {
		n, err := reliability.ReplicasNeeded(0.05, 1e-5)
		must(err)
		return is(float64(n))
	},
	"A13_.9":      func() vector { return downtimes("0.9") },
	"A13_.999":    func() vector { return downtimes("0.999") },
	"A13_.9999":   func() vector { return downtimes("0.9999") },
	"A13_.99999":  func() vector { return downtimes("0.99999") },
	"A13_.999999": func() vector { return downtimes("0.999999") },
	"A15":         func() vector { return is(reliability.NoFailure(1000, 365, 1)) },
	"A16":         func() vector { return is(reliability.SomeFailure(1000, 365*24, 1)) },

	"D1":   func() vector { return downOf("bridge(5 * 0.9)") },
	"D3_0": func() vector { return bridgePart("a") },
	"D3_2": func() vector { return bridgePart("c") },
	"D3_3": func() vector { return bridgePart("d") },
	"D3_4": func() vector { return bridgePart("e") },
	"D5": func() vector {
		bound, err := diagram(unequalBridge).MinCutBound()
		must(err)
		return is(bound)
	},
	"D6_0": func() vector { return is(importance(unequalBridge, "a").FussellVesely) },
	"D6_1": func() vector { return is(importance(unequalBridge, "b").FussellVesely) },
	"D6_2": func() vector { return is(importance(unequalBridge, "c").FussellVesely) },
	"D6_3": func() vector { return is(importance(unequalBridge, "d").FussellVesely) },
	"D6_4": func() vector { return is(importance(unequalBridge, "e").FussellVesely) },
	"D7":   func() vector { return downOf("parallel(series(d=0.99, 0.95), series(d, 0.95))") },
	"D7b":  func() vector { return downOf("parallel(2 * series(0.99, 0.95))") },
	"D8":   func() vector { return down(q(reliability.GridNetwork(3, 3, reliability.Part{Q: 0.1}))) },

	"E1":  func() vector { return is(q(diagram("parallel(common(beta=0.1, 3 * 0.95))"))) },
	"E1b": func() vector { return is(rareEvents("parallel(common(beta=0.1, 3 * 0.95))")) },
	"E1c": func() vector { return is(q(diagram("parallel(3 * 0.95)"))) },
	"E2":  func() vector { return is(reliability.MultipleGreek(1e-3, 3, 0.1, 0.3)...) },
	"E3":  func() vector { return is(q(diagram("parallel(common(beta=0.1, gamma=0.3, 3 * 0.999))"))) },

	"E4_3":         func() vector { return is(placed(3)) },
	"E4_2-1":       func() vector { return is(placed(2, 1)) },
	"E4_5":         func() vector { return is(placed(5)) },
	"E4_1-1-1-1-1": func() vector { return is(placed(1, 1, 1, 1, 1)) },
	"E4_3-2":       func() vector { return is(placed(3, 2)) },
	"E5_.01":       func() vector { return is(reliability.BetaBinomialKofN(2, 3, 0.01, 0.01)) },
	"E6": func() vector {
		life, err := diagram("both(mttf=20000h, mttr=1h); parallel(in(both, a(mttf=1000h, mttr=1h), b(mttf=800h, mttr=1h)))").Lifetime()
		must(err)
		return is(life)
	},

	"F1_5": func() vector { return down(reliability.UnavailabilityMajority(5, 0.05)) },
	"F1_9": func() vector { return down(reliability.UnavailabilityMajority(9, 0.05)) },
	"F2":   func() vector { return down(q(diagram("series(3 * 0.95)")), q(diagram("parallel(3 * 0.95)"))) },
	"F3":   func() vector { return downOf("kofn(3, 4 * 0.99)") },
	"F3b":  func() vector { return downOf("kofn(5, 7 * 0.99)") },
	"F4":   func() vector { return downOf("grid(3, 3, 9 * 0.9)") },
	"F5":   func() vector { return downOf("majority(3 * majority(3 * 0.9))") },
	"F6":   func() vector { return downOf("vote(3, 2: 0.99, 1: 0.9, 1: 0.9, 1: 0.9)") },
	"F7": func() vector {
		return down(reliability.UnavailabilityMajority(3, 0.6), reliability.UnavailabilityMajority(5, 0.6))
	},
}

// unequalBridge is the bridge of the vectors D3 to D6: c is the link in the middle.
const unequalBridge = "network(s, t, s-x: a=0.95, x-t: b=0.9, x-y: c=0.8, s-y: d=0.99, y-t: e=0.85)"

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func diagram(text string) *reliability.Diagram {
	d, err := reliability.Parse(text)
	must(err)
	return d
}

// q is the unavailability of a diagram.
func q(d *reliability.Diagram) float64 {
	r, err := d.Evaluate()
	must(err)
	return r.Unavailability
}

func downOf(text string) vector { return down(q(diagram(text))) }

// downtimes are the seconds of a year and of a month.
func downtimes(availability string) vector {
	u := q(diagram(availability))
	return is(reliability.Downtime(u, reliability.Year)*3600, reliability.Downtime(u, reliability.Month)*3600)
}

func importance(text, part string) reliability.Importance {
	d := diagram(text)
	list, err := d.Importance()
	must(err)
	for i, p := range d.Parts() {
		if p.Name == part {
			return list[i]
		}
	}
	panic("no part " + part)
}

func bridgePart(part string) vector {
	i := importance(unequalBridge, part)
	return is(i.Birnbaum, i.Criticality, i.RAW, i.RRW)
}

func rareEvents(text string) float64 {
	sum, err := diagram(text).RareEvents()
	must(err)
	return sum
}

func placed(counts ...int) float64 {
	return q(reliability.Majority(reliability.Placement(reliability.Part{Q: 1e-3}, reliability.Part{Q: 1e-2}, counts...)...))
}
