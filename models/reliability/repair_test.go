package reliability_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	rel "lightcone/models/reliability"
)

// Five replicas under one leader: the formula that counts majorities forgets the elections.
func ExampleLeader() {
	l := rel.Leader{Nodes: 5, MTTF: 1000, MTTR: 1, Failover: .5 / 3600}
	fmt.Printf("majority formula %.3g, chain %.3g: quorum %.3g, failover %.3g\n",
		l.MajorityFormula(), l.Unavailability(), l.QuorumTerm(), l.FailoverTerm())
	// Output:
	// majority formula 9.96e-09, chain 1.49e-07: quorum 9.96e-09, failover 1.39e-07
}

func TestRepairableIsItsChain(t *testing.T) {
	for _, r := range []rel.Repairable{
		parts(1, 1, 0), parts(3, 2, 1), parts(3, 2, 3), parts(5, 3, 2), parts(7, 2, 1), parts(9, 9, 4), parts(6, 1, 0),
		{Parts: 4, Need: 2, MTTF: 1, MTTR: 3, Crews: 2},
	} {
		t.Run(fmt.Sprint(r), func(t *testing.T) {
			c, works := sure(r.Chain()), func(down int) bool { return r.Parts-down >= r.Need }
			got := sure(c.Evaluate(works))
			require.InEpsilon(t, r.Unavailability(), got.Unavailability, 1e-13)
			require.InEpsilon(t, r.Frequency(), got.Frequency, 1e-13)
			require.InEpsilon(t, r.MUT(), got.MUT, 1e-13)
			require.InEpsilon(t, r.MDT(), got.MDT, 1e-13)
			first := sure(c.Absorption(c.At(0), func(s int) bool { return !works(s) }))
			require.InEpsilon(t, r.FirstFailure(), first.Mean, 1e-13)
			require.InEpsilon(t, r.Availability(), r.MUT()/(r.MUT()+r.MDT()), 1e-13)
			require.InEpsilon(t, r.Unavailability(), r.MDT()/(r.MUT()+r.MDT()), 1e-12)
		})
	}
}

// With a crew for each part, parts are independent: k of n by the binomial law, and by the diagram.
func TestCrewsForAllIsIndependence(t *testing.T) {
	for n := 1; n <= 7; n++ {
		for need := 1; need <= n; need++ {
			r := parts(n, need, n)
			q, sum := 10./1010, 0.
			for down := n; down > n-need; down-- {
				sum += float64(choose(n, down)) * math.Pow(q, float64(down)) * math.Pow(1-q, float64(n-down))
			}
			require.InEpsilon(t, sum, r.Unavailability(), 1e-12)
			got := sure(sure(rel.Parse(fmt.Sprintf("kofn(%d, %d * part(mttf=1000h, mttr=10h))", need, n))).Evaluate())
			require.InEpsilon(t, got.Unavailability, r.Unavailability(), 1e-12)
			require.InEpsilon(t, got.Frequency, r.Frequency(), 1e-12)
			require.InEpsilon(t, got.MUT, r.MUT(), 1e-12)
		}
	}
}

func choose(n, k int) int {
	c := 1
	for i := range k {
		c = c * (n - i) / (i + 1)
	}
	return c
}

// A bridge of unequal parts: the frequency by the diagram is that of the chain.
func TestDiagramEqualsChain(t *testing.T) {
	d := sure(rel.Parse("a = part(mttf=1000h, mttr=10h); b = part(mttf=500h, mttr=2h); c = part(mttf=3000h, mttr=30h);" +
		"e = part(mttf=200h, mttr=1h); series(parallel(a, b), kofn(2, a, c, e))"))
	want := sure(d.Evaluate())
	c, works, err := rel.SharedCrews(d.Parts(), d.Works, 0)
	require.NoError(t, err)
	require.Equal(t, 16, c.States())
	got := sure(c.Evaluate(works))
	require.InEpsilon(t, want.Unavailability, got.Unavailability, 1e-13)
	require.InEpsilon(t, want.Frequency, got.Frequency, 1e-13)
	require.InEpsilon(t, want.MDT, got.MDT, 1e-13)

	one, works, err := rel.SharedCrews(d.Parts(), d.Works, 1)
	require.NoError(t, err)
	require.Equal(t, 1+4+12+24+24, one.States(), "the order in which parts wait matters")
	require.Greater(t, sure(one.Evaluate(works)).Unavailability, 1.1*want.Unavailability)
}

func TestSharedCrewsOfEqualPartsIsRepairable(t *testing.T) {
	for crews := 1; crews <= 4; crews++ {
		list := make([]rel.Part, 4)
		for i := range list {
			list[i] = rel.Part{Name: fmt.Sprint(i), MTTF: 1000, MTTR: 10}
		}
		works := func(up []bool) bool {
			n := 0
			for _, u := range up {
				if u {
					n++
				}
			}
			return n >= 2
		}
		c, up, err := rel.SharedCrews(list, works, crews)
		require.NoError(t, err)
		require.InEpsilon(t, parts(4, 2, crews).Unavailability(), sure(c.Evaluate(up)).Unavailability, 1e-13)
	}
	_, _, err := rel.SharedCrews([]rel.Part{{Name: "db", Q: .1}}, nil, -1)
	require.EqualError(t, err, "reliability: SharedCrews: crews is -1, want at least 1, or 0 for one for each part\n"+
		`reliability: SharedCrews: part "db": MTTF is 0 and MTTR 0, want both, finite and more than 0`)
}

// Repairs in stages of equal mean: the more of them, the less a repair varies. The availability of two machines does not
// depend on that if each has a crew, and does if they share one.
func TestShapeOfTheRepairLaw(t *testing.T) {
	const lambda, mean = 1. / 50, 10.
	type state struct{ a, b, first int } // stages left of each repair, 0: up; whose turn it is
	for _, crews := range []int{1, 2} {
		share := map[int]float64{}
		for _, stages := range []int{1, 2, 5} {
			mu := float64(stages) / mean
			c, states, err := rel.Explore(state{}, func(s state, move func(state, float64)) {
				if s.a == 0 {
					move(state{stages, s.b, turn(s.b, 2, 1)}, lambda)
				}
				if s.b == 0 {
					move(state{s.a, stages, turn(s.a, 1, 2)}, lambda)
				}
				if s.a > 0 && (crews == 2 || s.first == 1) {
					move(state{s.a - 1, s.b, after(s.a-1, 1, s.b, 2)}, mu)
				}
				if s.b > 0 && (crews == 2 || s.first == 2) {
					move(state{s.a, s.b - 1, after(s.b-1, 2, s.a, 1)}, mu)
				}
			})
			require.NoError(t, err)
			for s, p := range sure(c.Steady()) {
				if states[s].a > 0 && states[s].b > 0 {
					share[stages] += p
				}
			}
		}
		q := mean / (mean + 1/lambda)
		if crews == 2 {
			require.InEpsilon(t, q*q, share[1], 1e-12)
			require.InEpsilon(t, q*q, share[2], 1e-12)
			require.InEpsilon(t, q*q, share[5], 1e-12)
		} else {
			require.InEpsilon(t, rel.Repairable{Parts: 2, Need: 1, MTTF: 50, MTTR: mean, Crews: 1}.Unavailability(), share[1], 1e-12)
			require.Less(t, share[2], .95*share[1])
			require.Less(t, share[5], .95*share[2])
		}
	}
}

// turn is who is first in the line after another failure: whoever waits already.
func turn(others, other, self int) int {
	if others > 0 {
		return other
	}
	return self
}

// after is who is first once self has left stages of its repair.
func after(left, self, others, other int) int {
	if left > 0 || others == 0 {
		if left > 0 {
			return self
		}
		return 0
	}
	return other
}

func TestLeaderTerms(t *testing.T) {
	for n := 1; n <= 9; n++ {
		l := cluster(n)
		require.InEpsilon(t, l.Unavailability(), l.QuorumTerm()+l.FailoverTerm(), 1e-14)
		require.InEpsilon(t, l.MajorityFormula(), l.QuorumTerm(), 1e-6, "failovers change who leads, not who is up")
		require.InEpsilon(t, l.Composite(), l.Unavailability(), 1e-5)
		require.Less(t, l.Unavailability(), l.Composite())
		r := sure(l.Evaluate())
		require.InEpsilon(t, l.Unavailability(), r.Unavailability, 1e-13)
		l.Failover = 0
		require.InEpsilon(t, l.MajorityFormula(), l.Unavailability(), 1e-13)
		require.Zero(t, l.FailoverTerm())
	}
}

// The composite of validation.md, in seconds, and the chain, which is below it by the failovers that are cut short.
func TestComposite(t *testing.T) {
	l := rel.Leader{Nodes: 3, MTTF: 1000, MTTR: 100, Failover: 5}
	p, q := 10./11, 1./11
	f := .001*p*p*p + 3*p*q*q*2*.01
	require.InEpsilon(t, f, l.Failovers(), 1e-13)
	require.InEpsilon(t, 3*p*q*q+q*q*q+f*5, l.Composite(), 1e-13)
	require.InDelta(t, .029301, l.Composite(), 5e-7)
	require.InDelta(t, .023291, l.MajorityFormula(), 5e-7)
	require.InEpsilon(t, l.Composite(), l.Unavailability(), .01)
}

func TestNodesDoNotHelpBelowTheFailoverFloor(t *testing.T) {
	require.Less(t, cluster(5).Unavailability(), cluster(3).Unavailability())
	require.InEpsilon(t, cluster(5).FailoverTerm(), cluster(9).FailoverTerm(), 1e-3)
	require.Less(t, cluster(9).MajorityFormula(), 1e-3*cluster(5).MajorityFormula())
}

func TestCoverage(t *testing.T) {
	for _, c := range []float64{0, .5, .9, .99, 1} {
		s := rel.Covered{Repairable: parts(2, 1, 0), Uncovered: 1 - c, Restart: .1}
		lambda, mu := .001, .1
		require.InEpsilon(t, (lambda*(1+2*c)+mu)/(2*lambda*(lambda+mu*(1-c))), sure(s.FirstFailure()), 1e-12)
	}
	s := rel.Covered{Repairable: parts(5, 3, 2), Restart: .1}
	require.InEpsilon(t, s.Repairable.Unavailability(), sure(s.Evaluate()).Unavailability, 1e-13)
	require.InEpsilon(t, s.Repairable.FirstFailure(), sure(s.FirstFailure()), 1e-13)
	s.Uncovered = .01
	r := sure(s.Evaluate())
	require.InEpsilon(t, 5*.001*.01*.1, r.Unavailability-s.Repairable.Unavailability(), .1)
}

// A restart of the system neither delays nor hastens what its parts do: how many are down follows the law it has without.
func TestCoverageLeavesThePartsAlone(t *testing.T) {
	s := rel.Covered{Repairable: parts(4, 2, 1), Uncovered: .3, Restart: 200}
	p := sure(sure(s.Chain()).Steady())
	for j, want := range s.Repairable.Distribution() {
		got := p[j]
		if j <= 2 {
			got += p[5+j]
		}
		require.InEpsilon(t, want, got, 1e-12, "%d down", j)
	}
}

func TestStandby(t *testing.T) {
	cold := rel.Standby{Spares: 3, MTTF: 1000}
	require.InEpsilon(t, 4000, sure(cold.FirstFailure()), 1e-14)
	hot := rel.Standby{Spares: 3, MTTF: 1000, Dormant: 1, MTTR: 10}
	require.InEpsilon(t, parts(4, 1, 0).FirstFailure(), sure(hot.FirstFailure()), 1e-13)
	require.InEpsilon(t, parts(4, 1, 0).Unavailability(), sure(hot.Evaluate()).Unavailability, 1e-13)
	hot.Dormant = 0
	require.Greater(t, sure(hot.FirstFailure()), 5*parts(4, 1, 0).FirstFailure())
	// One cold spare and a repairer, by hand: T = 1/l + (1/l + m/(l+m) T) with probability 1 of switching.
	lambda, mu := .001, .1
	require.InEpsilon(t, (2*lambda+mu)/(lambda*lambda), sure(rel.Standby{Spares: 1, MTTF: 1000, MTTR: 10}.FirstFailure()), 1e-13)
	missing := rel.Standby{Spares: 1, MTTF: 1000, MTTR: 10, Missed: 1, Manual: 2}
	require.InEpsilon(t, 1000, sure(missing.FirstFailure()), 1e-13)
	err := rel.Standby{Spares: -1, Missed: 2, Dormant: -1}.Validate()
	require.EqualError(t, err, "reliability: Standby.Spares is -1, want 0 to 65535\n"+
		"reliability: Standby.MTTF is 0, want a finite number of hours, more than 0\n"+
		"reliability: Standby.Dormant is -1, want 0 to 1\nreliability: Standby.Missed is 2, want 0 to 1\n"+
		"reliability: Standby.Manual is 0, want a finite number of hours, more than 0")
}

// The textbook formula is that of one rebuild at a time; with all rebuilt at once data last m! times longer.
func TestMTTDL(t *testing.T) {
	s := rel.ReedSolomon(6, 3, 1e6, 24)
	require.InEpsilon(t, 6*s.ApproximateMTTDL(), s.MTTDL(), 1e-3)
	s.Serial = true
	require.InEpsilon(t, s.ApproximateMTTDL(), s.MTTDL(), 1e-3)
	for n := 2; n < 6; n++ {
		require.InEpsilon(t, rel.Repairable{Parts: n, Need: 1, MTTF: 1e6, MTTR: 24}.FirstFailure(), rel.Replication(n, 1e6, 24).MTTDL(), 1e-15)
	}
}

func TestFirstFailureWithoutRepair(t *testing.T) {
	require.InEpsilon(t, 1000*(1./3+1./2), parts(3, 2, 1).FirstFailureWithoutRepair(), 1e-14)
	require.Greater(t, parts(3, 2, 1).MUT(), .97*parts(3, 2, 1).FirstFailure())
	require.Less(t, parts(3, 2, 1).MUT(), parts(3, 2, 1).FirstFailure(), "from all up it takes longer")
}

func TestRepairableErrors(t *testing.T) {
	err := rel.Repairable{Parts: 3, Need: 4, MTTR: math.Inf(1), Crews: -1}.Validate()
	require.EqualError(t, err, "reliability: Repairable.Need is 4, want 1 to 3\n"+
		"reliability: Repairable.MTTF is 0, want a finite number of hours, more than 0\n"+
		"reliability: Repairable.MTTR is +Inf, want a finite number of hours, more than 0\n"+
		"reliability: Repairable.Crews is -1, want at least 1, or 0 for one for each part")
	require.ErrorContains(t, rel.Leader{Nodes: 0, MTTF: 1, MTTR: 1}.Validate(), "Leader: its nodes: reliability: Repairable.Parts is 0")
	require.Panics(t, func() { rel.Repairable{}.MUT() })
}

// A thousand parts: nothing overflows.
func TestManyParts(t *testing.T) {
	r := rel.Repairable{Parts: 2000, Need: 1000, MTTF: 1, MTTR: 1}
	require.InDelta(t, .491, r.Unavailability(), .001)
	sum := 0.
	for _, p := range r.Distribution() {
		sum += p
	}
	require.InEpsilon(t, 1, sum, 1e-12)
}
