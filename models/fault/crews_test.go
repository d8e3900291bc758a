package fault

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// birthDeath is the chain of n nodes and r crews, of which k must be up: failed nodes are its states, failures come at
// (n - i) lambda and repairs at min(i, r) mu. It returns the unavailability and the frequency of system failures.
func birthDeath(n, k, r int, lambda, mu float64) (unavailability, frequency float64) {
	p := make([]float64, n+1)
	p[0] = 1
	sum := 1.0
	for i := 1; i <= n; i++ {
		p[i] = p[i-1] * float64(n-i+1) * lambda / (float64(min(i, r)) * mu)
		sum += p[i]
	}
	for i := n - k + 1; i <= n; i++ {
		unavailability += p[i] / sum
	}
	return unavailability, p[n-k] / sum * float64(k) * lambda
}

// The chain gives the values of the data file, C1 and C2.
func TestTheChainIsThatOfTheData(t *testing.T) {
	for name, c := range map[string]struct {
		n, k, r int
		u, nu   float64
	}{
		"C1_3of5_c2": {5, 3, 2, 1.441534880747294e-5, 0},
		"C1_3of5_c5": {5, 3, 5, 9.562325307016586e-6, 0},
		"1of3_c1":    {3, 1, 1, 5.821817454973094e-6, 5.8218174549731e-7},
		"C1_1of3_c3": {3, 1, 3, 9.705901479276444e-7, 0},
		"C2_2of3_c1": {3, 2, 1, 0, 5.8218174549731e-5},
		"C2_2of3_c3": {3, 2, 3, 0, 5.8235408875659e-5},
	} {
		u, nu := birthDeath(c.n, c.k, c.r, 1e-3, .1)
		if c.u > 0 {
			require.InEpsilon(t, c.u, u, 1e-12, name)
		}
		if c.nu > 0 {
			require.InEpsilon(t, c.nu, nu, 1e-12, name)
		}
	}
}

// Nodes that queue for crews are those of the chain: unavailability, frequency, mean times up and down of the system.
func TestCrewsBesideTheChain(t *testing.T) {
	const nodes, need, horizon = 5, 3, 4000
	for _, crews := range []int{1, 2, 5} {
		t.Run(fmt.Sprint(crews), func(t *testing.T) {
			u, nu := birthDeath(nodes, need, crews, 1./4, 1)
			m := Model{Laws: []Law{Renewal{Up: seconds(4), Down: seconds(1), Crews: crews}}, Until: horizon * sec}
			s := repeat(t, m, nodes, size(50), atLeast(need))
			s.unavailability.near(t, u, .02, "unavailability")
			s.outages.near(t, nu*horizon, .02, "outages")
			s.down.near(t, u/nu, .02, "mean time down")
			s.up.near(t, (1-u)/nu, .02, "mean time up")
			other, _ := birthDeath(nodes, need, crews%5+1, 1./4, 1)
			require.Greater(t, abs(s.unavailability.mean()-other), 4*s.unavailability.se(), "the test can tell another number of crews")
		})
	}
}

func abs(x float64) float64 { return max(x, -x) }

// With a crew for each node nobody waits: the plan is that without a queue.
func TestACrewEachIsNoQueue(t *testing.T) {
	l := Renewal{Kind: Midway, Effects: 3, Up: seconds(5), Down: seconds(5)}
	crewed := l
	for _, crews := range []int{4, 100} {
		crewed.Crews = crews
		for seed := range uint64(20) {
			require.ElementsMatch(t, draw(t, Model{Laws: []Law{l}, Until: 100 * sec}, seed, 4), draw(t, Model{Laws: []Law{crewed}, Until: 100 * sec}, seed, 4))
		}
	}
}

func TestCrewsServeInOrder(t *testing.T) {
	up := dist.Constant{Value: 1e9}
	l := Renewal{Up: up, Down: dist.Constant{Value: 2e9}, Crews: 1}
	require.Equal(t, `1s crash n0
1s crash n1
1s crash n2
3s recover n0
4s crash n0
5s recover n1
6s crash n1
7s recover n2
8s crash n2
9s recover n0
9.5s recover n1
9.5s recover n2
`, draw(t, Model{Laws: []Law{l}, Until: 9500 * sec / 1000}, 1, 3).String())
	l.Crews = 2
	require.Equal(t, `1s crash n0
1s crash n1
1s crash n2
3s recover n0
3s recover n1
3.5s recover n2
`, draw(t, Model{Laws: []Law{l}, Until: 3500 * sec / 1000}, 1, 3).String())
}

// Another node makes the others wait, but changes neither their times to failure nor how long their repairs take.
func TestAnotherNodeInTheQueueChangesNoOthersLaws(t *testing.T) {
	ups := func(nodes int) [][]float64 {
		p := draw(t, Model{Laws: []Law{Renewal{Up: seconds(10), Down: seconds(4), Crews: 1}}, Until: 1000 * sec}, 3, nodes)
		var all [][]float64
		for node := range sim.NodeID(5) {
			u, _ := spellsOf(p, node, 1000*sec)
			require.Greater(t, len(u), 20)
			all = append(all, u[:20])
		}
		return all
	}
	require.Equal(t, ups(5), ups(6))
}

func TestCrewsAreValidated(t *testing.T) {
	require.ErrorContains(t, Renewal{Crews: -1, Up: seconds(1), Down: seconds(1)}.Validate(1), "fault: Renewal.Crews is -1, want 0 or more, and 0 if Kind is stop")
	require.ErrorContains(t, Renewal{Kind: Stop, Crews: 1, Up: seconds(1)}.Validate(1), "fault: Renewal.Crews is 1")
}
