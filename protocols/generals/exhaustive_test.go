package generals_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/generals"
	"lightcone/sim"
)

// tally counts what every behaviour of some liars came to.
type tally struct{ cases, broken, ic1, ic2 int }

var orders = []generals.Order{generals.Retreat, generals.Attack}

// exhaust runs every behaviour of the given number of liars, whoever they are, under the given orders.
func exhaust(t *testing.T, g generals.Config, liars int, orders ...generals.Order) tally {
	t.Helper()
	var sum tally
	for _, who := range g.Sets(liars) {
		for _, g.Order = range orders {
			cases := 0
			for b := range g.All(who...) {
				o, err := b.Run()
				require.NoError(t, err)
				cases++
				if o.Broken() {
					sum.broken++
				}
				if o.IC1 != nil {
					sum.ic1++
				}
				if o.IC2 != nil {
					sum.ic2++
				}
			}
			require.EqualValues(t, g.Behaviours(who...), cases)
			sum.cases += cases
		}
	}
	return sum
}

func pow(x, n int) int {
	p := 1
	for range n {
		p *= x
	}
	return p
}

// Every behaviour of one liar, or two, each in a world of its own, is as many as can be counted beforehand: 3 words in
// place of each message.
func TestOralExhaustively(t *testing.T) {
	// A lying commander has n-1 messages, a lying lieutenant OralMessagesOf.
	one := func(n, m int) int {
		return 2 * (pow(3, n-1) + (n-1)*pow(3, generals.OralMessagesOf(n, m, false)))
	}
	for _, c := range []struct {
		n, m, liars, cases int
		safe               bool
	}{
		{3, 1, 1, 2 * (9 + 2*3), false},
		{4, 1, 1, 2 * (27 + 3*9), true},
		{4, 2, 1, 2 * (27 + 3*81), false}, // OM(2) wants seven generals, also for one liar
		{5, 1, 1, 2 * (81 + 4*27), true},
		{4, 1, 2, 2 * (3*pow(3, 3+2) + 3*pow(3, 2+2)), false},
		{4, 0, 1, 2 * (27 + 3), false}, // without a second round a commander can divide any number
		{5, 0, 1, 2 * (81 + 4), false},
	} {
		t.Run(fmt.Sprintf("n=%d m=%d liars=%d", c.n, c.m, c.liars), func(t *testing.T) {
			if c.liars == 1 {
				require.Equal(t, one(c.n, c.m), c.cases)
			}
			got := exhaust(t, generals.Config{Generals: c.n, M: c.m}, c.liars, orders...)
			require.Equal(t, c.cases, got.cases)
			if c.safe {
				require.Zero(t, got.broken, "%+v", got)
			} else {
				require.NotZero(t, got.broken)
			}
			t.Logf("%+v", got)
		})
	}
}

// Of 30 behaviours of one liar among three generals, those that break a condition can be counted by hand. The lieutenant
// that is loyal has two words to go by: the order and what the other lieutenant says of it; it attacks if both are
// attack. A lying commander (9 behaviours, under either order) divides them in no case, since both have the same two
// words: IC1 holds. A lying lieutenant (2 of them, 3 behaviours) makes the other retreat by saying retreat or nothing,
// which breaks IC2 if the order is to attack: 2*2 of them. Under the order to retreat nothing it says brings an attack.
func TestThreeGenerals(t *testing.T) {
	got := exhaust(t, generals.Config{Generals: 3, M: 1}, 1, orders...)
	require.Equal(t, tally{cases: 30, broken: 4, ic1: 0, ic2: 4}, got)
}

var sampled = flag.Int("generals.sampled", 60, "how many behaviours are drawn of seven generals with two liars")

// The generals come to what the paper's recursion comes to, whatever the liars say; and where theorem 1 applies, that is
// never broken.
func TestOralIsThePapersRecursion(t *testing.T) {
	compare := func(t *testing.T, g generals.Config, b *generals.Behaviour, who []sim.NodeID) {
		values := recursion(g, b, who)
		o, err := b.Run(sim.ObserverFunc(func(e *sim.Event) {
			if n, ok := e.Value.(generals.Obedience); ok && e.Kind == sim.Note && e.Node != 0 && !slices.Contains(who, e.Node) {
				require.Equal(t, values[e.Node], n.Order, "%v with liars %v saying %v", e.Node, who, b.Says)
				delete(values, e.Node)
			}
		}))
		require.NoError(t, err)
		for _, id := range who {
			delete(values, id)
		}
		require.Empty(t, values, "who has not decided")
		if g.Generals > 3*g.M && g.M >= len(who) {
			require.False(t, o.Broken(), "%v saying %v: %+v", who, b.Says, o)
		}
	}
	for _, g := range []generals.Config{{Generals: 3, M: 1}, {Generals: 4, M: 1}} {
		for _, who := range g.Sets(1) {
			for _, g.Order = range []generals.Order{generals.Retreat, generals.Attack} {
				for b := range g.All(who...) {
					compare(t, g, b, who)
				}
			}
		}
	}
	r := sim.NewRand(1, sim.ForStudy)
	for range *sampled {
		for _, g := range []generals.Config{{Generals: 4, M: 2}, {Generals: 5, M: 2}, {Generals: 6, M: 2}, {Generals: 7, M: 2}} {
			g.Order = generals.Order(r.IntN(2))
			who := r.Perm(g.Generals)[:2]
			liars := []sim.NodeID{sim.NodeID(min(who[0], who[1])), sim.NodeID(max(who[0], who[1]))}
			compare(t, g, g.Drawn(&r, liars...), liars)
		}
	}
}

// recursion is what obvious comes to if liars behave so. The K-th message from one lieutenant to another belongs to the
// K-th path in order of length, then of the numbers on it.
func recursion(g generals.Config, b *generals.Behaviour, who []sim.NodeID) map[sim.NodeID]generals.Order {
	says := map[sim.MessageName]generals.Words{}
	for i, name := range g.LiesOf(who...) {
		says[name] = b.Says[i]
	}
	var lieutenants []sim.NodeID
	for id := sim.NodeID(1); int(id) < g.Generals; id++ {
		lieutenants = append(lieutenants, id)
	}
	return obvious(g.M, []sim.NodeID{0}, g.Order, lieutenants, func(path []sim.NodeID, to sim.NodeID, truth generals.Order) (generals.Order, bool) {
		from := path[len(path)-1]
		if !slices.Contains(who, from) {
			return truth, false
		}
		switch says[sim.MessageName{From: from, To: to, K: place(g, path, to)}] {
		case generals.SayRetreat:
			return generals.Retreat, false
		case generals.SayAttack:
			return generals.Attack, false
		}
		return 0, true
	})
}

// place counts the paths that end with the same general as the given one, are not by way of a node, and come no later.
func place(g generals.Config, path []sim.NodeID, to sim.NodeID) uint64 {
	var all [][]sim.NodeID
	var grow func(p []sim.NodeID)
	grow = func(p []sim.NodeID) {
		if len(p) > 1 || path[len(path)-1] == 0 {
			all = append(all, p)
		}
		for id := sim.NodeID(1); int(id) < g.Generals && len(p) <= g.M; id++ {
			if !slices.Contains(p, id) {
				grow(append(slices.Clone(p), id))
			}
		}
	}
	grow([]sim.NodeID{0})
	all = slices.DeleteFunc(all, func(p []sim.NodeID) bool { return p[len(p)-1] != path[len(path)-1] || slices.Contains(p, to) })
	slices.SortFunc(all, func(p, q []sim.NodeID) int {
		if len(p) != len(q) {
			return len(p) - len(q)
		}
		return slices.Compare(p, q)
	})
	return uint64(1 + slices.IndexFunc(all, func(p []sim.NodeID) bool { return slices.Equal(p, path) }))
}

// With signatures three generals stand one liar, whatever it does; SM(1) does not stand two, and SM(2) does. (The order
// of a commander that lies says nothing, and the algorithm treats both alike but for the choice between them: with two
// liars, attack is enough.)
func TestSignedExhaustively(t *testing.T) {
	for _, c := range []struct {
		n, m, liars, cases int
		orders             []generals.Order
		safe               bool
	}{
		{3, 1, 1, 2 * (16 + 2*4), orders, true},
		{4, 1, 1, 2 * (64 + 3*16), orders, true},
		{3, 0, 1, 2 * (16 + 2), orders, false},
		{4, 1, 2, 3*pow(4, 3+4) + 3*pow(4, 2+2), orders[1:], false},
		{4, 2, 2, 3*pow(4, 3+4) + 3*pow(4, 2+2), orders[1:], true},
	} {
		t.Run(fmt.Sprintf("n=%d m=%d liars=%d", c.n, c.m, c.liars), func(t *testing.T) {
			if c.liars > 1 && testing.Short() {
				t.Skip("50,000 worlds")
			}
			got := exhaust(t, generals.Config{Generals: c.n, M: c.m, Signed: true}, c.liars, c.orders...)
			require.Equal(t, c.cases, got.cases)
			if c.safe {
				require.Zero(t, got.broken, "%+v", got)
			} else {
				require.NotZero(t, got.broken)
			}
			t.Logf("%+v", got)
		})
	}
}
