package reliability_test

import "lightcone/models/reliability"

// chainVectors computes what follows from chains, repair, laws and services.
var chainVectors = map[string]func() vector{
	"F8_3": func() vector {
		return is(reliability.Leader{Nodes: 3, MTTF: 1000, MTTR: 1, Failover: .5 / 3600}.Unavailability())
	},
	"F8n_3": func() vector {
		return is(reliability.Leader{Nodes: 3, MTTF: 1000, MTTR: 1, Failover: .5 / 3600}.MajorityFormula())
	},
	"F8a_5": func() vector {
		return is(reliability.Leader{Nodes: 5, MTTF: 1000, MTTR: 1, Failover: .5 / 3600}.FirstOrder())
	},
	"F9": func() vector {
		return is(reliability.Leader{Nodes: 3, MTTF: 24, MTTR: 60. / 3600, Failover: 2. / 3600}.Unavailability())
	},
	"F9n": func() vector {
		return is(reliability.Leader{Nodes: 3, MTTF: 24, MTTR: 60. / 3600, Failover: 2. / 3600}.MajorityFormula())
	},
	"F10": func() vector { return is(150 + reliability.ElectionWait(4, 150)) },

	"C1_3of5_c2": func() vector { return is(parts(5, 3, 2).Unavailability()) },
	"C1_3of5_c5": func() vector { return is(parts(5, 3, 5).Unavailability()) },
	"C1_1of3_c1": func() vector { return is(parts(3, 1, 1).Unavailability()) },
	"C1_1of3_c3": func() vector { return is(parts(3, 1, 3).Unavailability()) },
	"C2_2of3_c1": func() vector { return rhythm(parts(3, 2, 1)) },
	"C2_2of3_c3": func() vector { return rhythm(parts(3, 2, 3)) },
	"C2_1of3_c1": func() vector { return rhythm(parts(3, 1, 1)) },
	"C3":         func() vector { return is(parts(2, 1, 0).FirstFailure()) },
	"C4":         func() vector { return is(parts(3, 2, 0).FirstFailure()) },
}

func parts(n, need, crews int) reliability.Repairable {
	return reliability.Repairable{Parts: n, Need: need, MTTF: 1000, MTTR: 10, Crews: crews}
}

func rhythm(r reliability.Repairable) vector { return is(r.Frequency(), r.MUT(), r.MDT()) }
