package reliability_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// randomDiagram is a random tree of blocks over n shared parts, as text. All parts have mean times.
func randomDiagram(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "p%d(mttf=%.3gh, mttr=%.3gh); ", i, 0.5+10*r.Float64(), 0.5+5*r.Float64())
	}
	next := 0
	part := func() string { // every part once, then any again
		i := r.IntN(n)
		if next < n {
			i = next
			next++
		}
		return fmt.Sprintf("p%d", i)
	}
	var block func(depth int) string
	list := func(depth, n int) string {
		kids := make([]string, n)
		for i := range kids {
			kids[i] = block(depth - 1)
		}
		return strings.Join(kids, ", ")
	}
	block = func(depth int) string {
		if depth == 0 || depth < 3 && r.IntN(3) == 0 {
			return part()
		}
		size := 2 + r.IntN(3)
		switch r.IntN(8) {
		case 0, 1:
			return "series(" + list(depth, size) + ")"
		case 2, 3:
			return "parallel(" + list(depth, size) + ")"
		case 4:
			return fmt.Sprintf("kofn(%d, %s)", 1+r.IntN(size), list(depth, size))
		case 5:
			return fmt.Sprintf("vote(%d, 3: %s, 2: %s, %s)", 1+r.IntN(6), block(depth-1), block(depth-1), block(depth-1))
		case 6:
			return fmt.Sprintf("%s(s, t, s-a: %s, a%st: %s, s-b: %s, b-t: %s, a-b: %s, b: %s)", []string{"network", "separated"}[r.IntN(2)],
				block(depth-1), []string{"-", "->"}[r.IntN(2)], block(depth-1), block(depth-1), block(depth-1), block(depth-1), part())
		}
		return "grid(2, 2, " + list(depth, 4) + ")"
	}
	b.WriteString(block(3))
	return b.String()
}

var diagrams = flag.Int("reliability.diagrams", 200, "random diagrams to compare with all states of their parts")

// enumerated is what a diagram comes to by going through all states of its parts.
type enumerated struct {
	down, up  float64
	frequency float64
	birnbaum  []float64
	works     []bool // of each state, part i up if bit i is set
}

func enumerate(d *reliability.Diagram) enumerated {
	parts := d.Parts()
	n := len(parts)
	e := enumerated{works: make([]bool, 1<<n), birnbaum: make([]float64, n)}
	weight := make([]float64, 1<<n)
	up := make([]bool, n)
	for s := range e.works {
		weight[s] = 1
		for i, p := range parts {
			up[i] = s>>i&1 == 1
			if up[i] {
				weight[s] *= 1 - p.Q
			} else {
				weight[s] *= p.Q
			}
		}
		e.works[s] = d.Works(up)
		if e.works[s] {
			e.up += weight[s]
		} else {
			e.down += weight[s]
		}
	}
	for s := range e.works {
		for i, p := range parts {
			if t := s &^ (1 << i); t != s && e.works[s] && !e.works[t] { // part i fails: the chain goes from s to t
				e.frequency += weight[s] / p.MTTF
				e.birnbaum[i] += weight[s] + weight[t]
			}
		}
	}
	return e
}

// TestDecisionDiagramEqualsEnumeration compares all that is computed of random diagrams of 12 shared parts with all 2^12
// states; the frequency is that of the Markov chain over these states.
func TestDecisionDiagramEqualsEnumeration(t *testing.T) {
	seeds, parts := *diagrams, 12
	if testing.Short() {
		seeds = min(seeds, 30)
	}
	structures := map[bool]int{}
	for seed := range seeds {
		text := randomDiagram(rand.New(rand.NewPCG(uint64(seed), 1)), parts)
		d := diagram(text)
		want := enumerate(d)
		got, err := d.Evaluate()
		require.NoError(t, err)
		close := func(got, want float64, what string) {
			t.Helper()
			if math.Abs(got-want) > 1e-11*want {
				t.Errorf("seed %d: %s is %v, want %v\n%s", seed, what, got, want, text)
			}
		}
		close(got.Unavailability, want.down, "unavailability")
		close(got.Availability, want.up, "availability")
		close(got.Frequency, want.frequency, "frequency")
		if want.frequency > 0 {
			close(got.MUT, want.up/want.frequency, "MUT")
			close(got.MDT, want.down/want.frequency, "MDT")
			close(got.MUT/(got.MUT+got.MDT), got.Availability, "MUT / (MUT + MDT)")
		}
		list, err := d.Importance()
		require.NoError(t, err)
		for i := range list {
			close(list[i].Birnbaum, want.birnbaum[i], "Birnbaum")
		}
		monotone, err := d.Monotone()
		require.NoError(t, err)
		require.True(t, monotone)
		structures[want.down > want.up]++
	}
	require.Len(t, structures, 2, "both mostly up and mostly down systems were drawn")
}

// minimalSets are the minimal sets of parts that bring the system to a state, as sets of bits, by trying all.
func minimalSets(e enumerated, down bool) map[int]bool {
	all := len(e.works) - 1
	brings := func(s int) bool {
		if down {
			return !e.works[all&^s]
		}
		return e.works[s]
	}
	sets := map[int]bool{}
	for s := range e.works {
		if !brings(s) {
			continue
		}
		minimal := true
		for i := 1; i <= all; i <<= 1 {
			minimal = minimal && (s&i == 0 || !brings(s&^i))
		}
		if minimal {
			sets[s] = true
		}
	}
	return sets
}

func asBits(sets []reliability.Set) map[int]bool {
	m := map[int]bool{}
	for _, s := range sets {
		bits := 0
		for _, p := range s.Parts {
			bits |= 1 << p
		}
		m[bits] = true
	}
	return m
}

func TestMinimalSetsEqualEnumeration(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 10
	}
	for seed := range seeds {
		text := randomDiagram(rand.New(rand.NewPCG(uint64(seed), 2)), 9)
		d := diagram(text)
		e := enumerate(d)
		cuts, err := d.CutSets(1 << 20)
		require.NoError(t, err)
		paths, err := d.PathSets(1 << 20)
		require.NoError(t, err)
		require.Equal(t, minimalSets(e, true), asBits(cuts.Sets), text)
		require.Equal(t, minimalSets(e, false), asBits(paths.Sets), text)
		require.Equal(t, float64(len(cuts.Sets)), cuts.Count)
		sum := 0.
		for k, n := range cuts.Orders {
			for _, s := range cuts.Sets {
				if len(s.Parts) == k {
					n--
				}
			}
			require.Zero(t, n, "sets of %d parts", k)
			sum += cuts.Orders[k]
		}
		require.Equal(t, cuts.Count, sum)

		var single []int
		for s := range minimalSets(e, true) {
			for i := range d.Parts() {
				if s == 1<<i {
					single = append(single, i)
				}
			}
		}
		require.ElementsMatch(t, single, d.SinglePoints(), text)
		bound, err := d.MinCutBound()
		require.NoError(t, err)
		rare, err := d.RareEvents()
		require.NoError(t, err)
		require.LessOrEqual(t, e.down, bound*(1+1e-12), text)
		require.LessOrEqual(t, bound, rare*(1+1e-12), text)
		fussellVeselyEqualsEnumeration(t, d, e)
	}
}

func fussellVeselyEqualsEnumeration(t *testing.T, d *reliability.Diagram, e enumerated) {
	list, err := d.Importance()
	require.NoError(t, err)
	parts := d.Parts()
	cuts := minimalSets(e, true)
	for i, got := range list {
		want := 0.
		for s := range e.works { // down is the set of parts that are down
			down := len(e.works) - 1 - s
			weight, hit := 1., false
			for j, p := range parts {
				if down>>j&1 == 1 {
					weight *= p.Q
				} else {
					weight *= 1 - p.Q
				}
			}
			for c := range cuts {
				hit = hit || c>>i&1 == 1 && c&^down == 0
			}
			if hit {
				want += weight
			}
		}
		if e.down > 0 {
			require.InDelta(t, want/e.down, got.FussellVesely, 1e-11, "%v", d)
			require.InDelta(t, parts[i].Q*e.birnbaum[i]/e.down, got.Criticality, 1e-11)
		}
	}
}

func TestPivotalDecompositionAndWorths(t *testing.T) {
	for seed := range 20 {
		d := diagram(randomDiagram(rand.New(rand.NewPCG(uint64(seed), 3)), 12))
		u := q(d)
		list, err := d.Importance()
		require.NoError(t, err)
		for i, p := range d.Parts() {
			down, up := q(d.Given(i, false)), q(d.Given(i, true))
			require.InEpsilon(t, u, p.Q*down+(1-p.Q)*up, 1e-12)
			require.LessOrEqual(t, up, down*(1+1e-13), "a part that is up does not harm")
			require.InEpsilon(t, down/u, list[i].RAW, 1e-11)
			if up > 0 {
				require.InEpsilon(t, u/up, list[i].RRW, 1e-11)
			}
		}
	}
}

func TestDuality(t *testing.T) {
	for seed := range 50 {
		d := diagram(randomDiagram(rand.New(rand.NewPCG(uint64(seed), 4)), 12))
		r, err := d.Evaluate()
		require.NoError(t, err)
		require.InEpsilon(t, r.Availability, q(d.Dual()), 1e-12, "%v", d)
		require.InEpsilon(t, r.Unavailability, q(d.Dual().Dual()), 1e-12)
		cuts, err := d.CutSets(1 << 20)
		require.NoError(t, err)
		paths, err := d.Dual().PathSets(1 << 20)
		require.NoError(t, err)
		require.Equal(t, asBits(cuts.Sets), asBits(paths.Sets), "a cut set is a path set of the dual")
	}
}

func TestKofNIsSeriesAndParallel(t *testing.T) {
	for seed := range 50 {
		r := rand.New(rand.NewPCG(uint64(seed), 5))
		n := 1 + r.IntN(8)
		list := make([]float64, n)
		blocks := make([]*reliability.Diagram, n)
		all, one := 1., 1.
		for i := range list {
			list[i] = r.Float64()
			blocks[i] = reliability.Unavailable("", list[i])
			all *= 1 - list[i]
			one *= list[i]
		}
		for k := 1; k <= n; k++ {
			require.InEpsilon(t, reliability.UnavailabilityKofN(k, list...), q(reliability.KofN(k, blocks...)), 1e-12)
		}
		require.InEpsilon(t, 1-all, q(reliability.KofN(n, blocks...)), 1e-12)
		require.InEpsilon(t, q(reliability.Series(blocks...)), q(reliability.KofN(n, blocks...)), 1e-15)
		require.InEpsilon(t, one, q(reliability.KofN(1, blocks...)), 1e-12)
		require.InEpsilon(t, q(reliability.Parallel(blocks...)), q(reliability.KofN(1, blocks...)), 1e-15)
	}
}

// TestTinyUnavailabilities checks what subtraction from 1 would lose, against products taken by hand.
func TestTinyUnavailabilities(t *testing.T) {
	for text, want := range map[string]float64{
		"0.99999999999": 1e-11,
		"series(0.999999999999999999, 0.999999999999999999)": 2e-18,
		"parallel(3 * part(u=1e-7))":                         1e-21,
		"parallel(3 * part(u=1e-100))":                       1e-300,
		"series(parallel(2 * part(u=1e-8)), x(u=1e-30))":     1e-16 + 1e-30,
		"series(x(u=1e-20), parallel(part(u=1e-8), x))":      1e-20,
	} {
		require.InEpsilon(t, want, q(diagram(text)), 1e-14, text)
	}
	require.InEpsilon(t, 3e-18-2e-27, q(diagram("kofn(2, 3 * part(u=1e-9))")), 1e-14)
	// A part that hardly matters: its Birnbaum importance is the difference of two almost equal numbers.
	d := diagram("series(x(u=1e-3), y(u=1e-3), parallel(a(u=1e-9), b(u=1e-9)))")
	list, err := d.Importance()
	require.NoError(t, err)
	require.InEpsilon(t, 0.999*0.999*1e-9, list[2].Birnbaum, 1e-13)
	// A part that is almost all there is to it: what is left without it is small beside the difference.
	d = diagram("series(x(u=1e-3), y(u=1e-17))")
	list, err = d.Importance()
	require.NoError(t, err)
	require.InEpsilon(t, q(d)/1e-17, list[0].RRW, 1e-13)
}

func TestCommonCauseOfNothingIsIndependence(t *testing.T) {
	for n := 2; n <= 5; n++ {
		for k := 1; k <= n; k++ {
			blocks, err := reliability.CommonCause(n, reliability.Part{Name: "x", Q: 0.03}, 0)
			require.NoError(t, err)
			require.InEpsilon(t, reliability.UnavailabilityAlike(k, n, 0.03), q(reliability.KofN(k, blocks...)), 1e-13)
			require.InEpsilon(t, reliability.UnavailabilityAlike(k, n, 0.03), reliability.BetaBinomialKofN(k, n, 0.03, 0), 1e-13)
			all, err := reliability.CommonCause(n, reliability.Part{Name: "x", Q: 0.03}, 1)
			require.NoError(t, err)
			require.InEpsilon(t, 0.03, q(reliability.KofN(k, all...)), 1e-13, "all failures are common: one part")
		}
	}
}

// TestGreekLettersAddUp checks that all events which hit a part have its probability together, to first order.
func TestGreekLettersAddUp(t *testing.T) {
	for _, letters := range [][]float64{{0.1}, {0.2, 0.5}, {0.3, 0.2, 0.9}, {0, 0.5}, {1, 1, 1}} {
		const m = 5
		sum := 0.
		for k, q := range reliability.MultipleGreek(1e-3, m, letters...) {
			sum += q * []float64{1, 4, 6, 4, 1}[k]
		}
		require.InEpsilon(t, 1e-3, sum, 1e-13, "%v", letters)
	}
}
