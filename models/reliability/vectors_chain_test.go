package reliability_test

import (
	"math"

	rel "lightcone/models/reliability"
)

// chainVectors computes what follows from chains, repair, laws and services.
var chainVectors = map[string]func() vector{
	"B1":    func() vector { return down(one.Unavailability()) },
	"B3_t5": func() vector { return down(one.Interval(5)) },
	"B4":    func() vector { return is(rel.UptimeVariance(rel.Exponential{MTTF: 1000}, rel.Exponential{MTTF: 10})) },
	"B6": func() vector {
		up := rel.Weibull{Shape: .7, Scale: 1000 / math.Gamma(1+1/.7)}
		return is(rel.UptimeVariance(up, rel.LogNormal{Median: 10 * math.Exp(-1.2*1.2/2), Sigma: 1.2}))
	},
	"B7": func() vector {
		return is(rel.UptimeHalfWidth(rel.Exponential{MTTF: 1000}, rel.Exponential{MTTF: 10}, 1e6, .95))
	},
	"B8": func() vector { return is(rel.Alternating{MTTF: 720, MTTR: .5}.DowntimeWithin(.72, 720)) },

	"C1_3of5_c2": func() vector { return is(parts(5, 3, 2).Unavailability()) },
	"C1_3of5_c5": func() vector { return is(parts(5, 3, 5).Unavailability()) },
	"C1_1of3_c1": func() vector { return is(parts(3, 1, 1).Unavailability()) },
	"C1_1of3_c3": func() vector { return is(parts(3, 1, 3).Unavailability()) },
	"C2_2of3_c1": func() vector { return rhythm(parts(3, 2, 1)) },
	"C2_2of3_c3": func() vector { return rhythm(parts(3, 2, 3)) },
	"C2_1of3_c1": func() vector { return rhythm(parts(3, 1, 1)) },
	"C3":         func() vector { return is(parts(2, 1, 0).FirstFailure()) },
	"C4":         func() vector { return is(parts(3, 2, 0).FirstFailure()) },
	"C5b":        func() vector { return is(rel.RAID5(8, 1e6, 24).ApproximateMTTDL()) },
	"C6":         func() vector { return is(rel.RAID6(8, 1e6, 24).MTTDL()) },
	"C6b": func() vector {
		s := rel.RAID6(8, 1e6, 24)
		s.Serial = true
		return is(s.MTTDL())
	},
	"C7":  func() vector { return is(rel.Replication(3, 1e6, 24).MTTDL()) },
	"C7c": func() vector { return is(rel.DurabilityNines(rel.Replication(3, 1e6, 24).MTTDL(), 8760)) },
	"C8":  func() vector { return is(rel.ReedSolomon(6, 3, 1e6, 24).MTTDL()) },
	"C9": func() vector {
		return is(sure(rel.Covered{Repairable: parts(2, 1, 0), Uncovered: .01, Restart: 1}.FirstFailure()))
	},
	"C10": func() vector {
		return is(sure(rel.Standby{Spares: 1, MTTF: 1000, Missed: .02, Manual: 1}.FirstFailure()))
	},
	"C11": func() vector {
		c := sure(parts(3, 2, 1).Chain())
		p := sure(c.Transient(c.At(0), 24))
		return is(p[2] + p[3])
	},
	"C12": func() vector {
		c := sure(parts(3, 2, 1).Chain())
		return is(sure(c.Passage(c.At(0), func(s int) bool { return s >= 2 }, 8760)))
	},

	"F8_3":  func() vector { return is(cluster(3).Unavailability()) },
	"F8n_3": func() vector { return is(cluster(3).MajorityFormula()) },
	"F8a_5": func() vector { return is(cluster(5).FirstOrder()) },
	"F9":    func() vector { return is(restarting.Unavailability()) },
	"F9n":   func() vector { return is(restarting.MajorityFormula()) },
	"F10":   func() vector { return is(150 + rel.ElectionWait(4, 150)) },

	"G1": func() vector { return is(rel.Mean(node)) },
	"G4": func() vector { return is(rel.Hazard(node, 500)) },
	"G6": func() vector { return is(rel.ResidualLife(node, 500)) },
	"G7": func() vector { return is(rel.Conditional(node, 100, 500)) },
	"G9": func() vector { return is(rel.Survival(rel.LogNormal{Median: 1, Sigma: 1.4}, 5)) },
	"G10": func() vector {
		return is(rel.Survival(rel.Gamma{Shape: .5, Scale: 2000}, 1000))
	},
	"G11": func() vector { return is(rel.ErlangRenewals(2, 1, 3)) },
	"G13": func() vector {
		return is(rel.First{Laws: []rel.Law{rel.Weibull{Shape: .5, Scale: 2000}, rel.Weibull{Shape: 3, Scale: 1500}}}.Survival(1000))
	},
	"G14": func() vector { return is(rel.Pareto{Least: 1, Shape: 2.5}.Quantile(.99)) },
	"G15": func() vector {
		return fitted(rel.Sample{Failed: []float64{12, 35, 51, 98, 130, 180, 260, 410, 700, 1500}})
	},
	"G16": func() vector {
		return fitted(rel.Sample{Failed: []float64{12, 35, 51, 98, 130, 180, 260, 410}, Censored: []float64{500, 500}})
	},

	"H1":   func() vector { return is(job.Young()) },
	"H3":   func() vector { return is(job.Optimum()) },
	"H4b":  func() vector { return is(job.Slowdown(job.Young())) },
	"H6":   func() vector { return is(rel.FanOut(100, .01)) },
	"H6b":  func() vector { return is(rel.FanOut(100, .001)) },
	"H7":   func() vector { return is(rel.OrderStatistic(100, 100, 1)) },
	"H8":   func() vector { return is(rel.OrderStatistic(3, 5, 1)) },
	"H11":  func() vector { return is(rel.Attempts(.1, 4)) },
	"H11c": func() vector { return is(rel.RetryLoad(2, 4)) },
	"H12":  func() vector { return is(rel.RetryInOutage(1e-3, 5, 10)) },
	"H12b": func() vector { return is(rel.RetryIndependent(1e-3, 3)) },
	"H14":  func() vector { return is(rel.Amdahl(.95, 64)) },
	"H16": func() vector {
		s := rel.Scalability{Contention: .05, Coherence: .0005}
		return is(s.Throughput(32), s.Peak())
	},
	"H17": func() vector {
		b := rel.Budget{Unavailability: .001, Window: 720}
		return is(b.Downtime()*60, b.Spent(14.4, 1))
	},
	"H18":  func() vector { return down(rel.CacheFallback(.01, .9)) },
	"H19":  func() vector { return is(rel.Replicated{Nodes: 5000, Replicas: 3}.ChunkLoss(50)) },
	"H19c": func() vector { return is(rel.Replicated{Nodes: 5000, Replicas: 3}.CopysetLoss(50, 10)) },
}

var (
	one        = rel.Alternating{MTTF: 1000, MTTR: 10}
	node       = rel.Weibull{Shape: .7, Scale: 1000}
	job        = rel.Checkpoint{Cost: 5. / 60, Restart: 10. / 60, MTTF: 24}
	restarting = rel.Leader{Nodes: 3, MTTF: 24, MTTR: 60. / 3600, Failover: 2. / 3600}
)

func cluster(n int) rel.Leader {
	return rel.Leader{Nodes: n, MTTF: 1000, MTTR: 1, Failover: .5 / 3600}
}

func parts(n, need, crews int) rel.Repairable {
	return rel.Repairable{Parts: n, Need: need, MTTF: 1000, MTTR: 10, Crews: crews}
}

func rhythm(r rel.Repairable) vector { return is(r.Frequency(), r.MUT(), r.MDT()) }

func fitted(s rel.Sample) vector {
	f := sure(rel.FitWeibull(s))
	return is(f.Parameters[0].Value, f.Parameters[1].Value)
}

func sure[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}
