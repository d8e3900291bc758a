package reliability_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

func ExampleParse() {
	d, err := reliability.Parse(`
		db(mttf=500h, mttr=2h)                          # one part, wherever its name stands
		web = parallel(2 * server(mttf=100h, mttr=5h))  # two servers alike
		series(web, db)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, _ := d.Evaluate()
	fmt.Printf("down %.6f of the time, %.1f times a year, for %.2f h\n", r.Unavailability, r.Frequency*reliability.Year, r.MDT)
	cuts, _ := d.CutSets(10)
	for _, s := range cuts.Sets {
		for _, i := range s.Parts {
			fmt.Print(d.Parts()[i].Name, " ")
		}
		fmt.Printf("%.5f\n", s.Probability)
	}
	// Output:
	// down 0.006243 of the time, 25.3 times a year, for 2.16 h
	// db 0.00398
	// server.1 server.2 0.00227
}

func ExampleParse_error() {
	_, err := reliability.Parse("series(1.2, kofn(3, a=0.9, a))")
	fmt.Println(err)
	// Output:
	// reliability: line 1, column 8: got "1.2", want a probability from 0 to 1
	// reliability: line 1, column 18: got "3", want 1 to 2, the number of blocks
}

func ExampleSeries() {
	dns := reliability.Available("dns", 0.99) // one name service for both
	web := func(name string) *reliability.Diagram {
		return reliability.Series(dns, reliability.Available(name, 0.95))
	}
	r, _ := reliability.Parallel(web("a"), web("b")).Evaluate()
	fmt.Printf("%.6f\n", r.Availability)
	// Output: 0.987525
}

// TestTextsThatMeanTheSame compares unavailabilities of what is written shortly and at length.
func TestTextsThatMeanTheSame(t *testing.T) {
	for _, tt := range []struct{ short, long string }{
		{"99%", "0.99"}, {"x(u=1e-2)", "0.99"}, {"x(q=1%)", "0.99"}, {"x(a=99%)", "0.99"}, {"(0.99)", "0.99"}, {".99", "0.99"}, {"9.9e-1", "0.99"},
		{"x(mttf=99h, mttr=1h)", "0.99"}, {"x(mttf=99d, mttr=24h)", "0.99"}, {"x(mttf=99min, mttr=60s)", "0.99"}, {"x(mttf=99m, mttr=60000ms)", "0.99"},
		{"x(a=0.99, mttr=1h)", "0.99"}, {"x(a=0.99, mttf=1y)", "0.99"}, {"part(a=0.99)", "0.99"}, {`"a part"=0.99`, "0.99"},
		{"b = 0.9; a = series(b, 0.8)", "series(0.8, 0.9)"}, {"series(b, 0.8)\n\nb = 0.9 # later", "series(0.8, 0.9)"}, {"a = b; b = 0.9", "0.9"},
		{"series(a=0.9, a)", "0.9"}, {"parallel(a=0.9, series(a, 0.5))", "0.9"}, {"series(2 * 0.9)", "series(0.9, 0.9)"},
		{"node = 0.9; parallel(2 * node)", "parallel(0.9, 0.9)"}, {"node = 0.9; parallel(node, 2 * node)", "parallel(3 * 0.9)"},
		{"all = 3 * 0.9; majority(all)", "kofn(2, 0.9, 0.9, 0.9)"}, {"majority(4 * 0.9)", "kofn(3, 4 * 0.9)"},
		{"db = 0.99; parallel(2 * series(0.9, db))", "series(0.99, parallel(0.9, 0.9))"},
		{"parallel(2 * series(db=0.99, 0.9, db))", "parallel(2 * series(0.99, 0.9))"},
		{"rack = series(power=0.9, host=0.8); parallel(2 * rack)", "parallel(2 * series(0.9, 0.8))"},
		{"parallel(2 * (2 * 0.9))", "parallel(4 * 0.9)"},
		{"vote(2, 0.9, 0.8, 0.7)", "kofn(2, 0.9, 0.8, 0.7)"}, {"vote(3, 2: 0.9, 1: 2 * 0.8)", "series(0.9, parallel(0.8, 0.8))"},
		{"network(s, t, s-a: 0.9, a-t: 0.8)", "series(0.9, 0.8)"}, {"network(s, t, s-t: 0.9, s-t: 0.8)", "parallel(0.9, 0.8)"},
		{"network(s, t, s-a: 0.9, t->a: 0.8, a-t: 0.7)", "series(0.9, 0.7)"}, {"network(1, 2, 1-2: 1, 1: 0.9, 2: 0.8)", "series(0.9, 0.8)"},
		{"separated(s, t, s-a: 0.9, a-t: 0.8)", "parallel(0.9, 0.8)"}, {"separated(s, t, s-t: 0.9, s-t: 0.8)", "series(0.9, 0.8)"},
		{"grid(1, 3, 3 * 0.9)", "series(3 * 0.9)"}, {"grid(3, 1, 3 * 0.9)", "series(3 * 0.9)"},
		{"parallel(in(zone=0.9, 0.8, 0.7))", "series(0.9, parallel(0.8, 0.7))"},
		{"in(zone=0.9, a=0.8, b=0.7); parallel(a, b)", "series(0.9, parallel(0.8, 0.7))"},
		{"a = 0.8; b = 0.7; zone = 0.9; in(zone, a, b); parallel(a, b)", "series(0.9, parallel(0.8, 0.7))"},
		{"parallel(in(region=0.99, in(zone1=0.9, 0.8), in(zone2=0.9, 0.8)))", "series(0.99, parallel(2 * series(0.9, 0.8)))"},
		{"parallel(2 * in(zone=0.9, 2 * 0.8))", "parallel(2 * series(0.9, parallel(0.8, 0.8)))"},
		{"node = 0.8; in(zone=0.9, node); parallel(2 * node)", "series(0.9, parallel(0.8, 0.8))"},
		{"common(beta=0.1, a=0.95, b=0.95); parallel(a, series(b, 0.9))", "series(cc=0.995, parallel(0.955, series(0.955, 0.9)))"},
		{"in(zone=0.9, common(beta=0.1, a=0.95, b=0.95)); parallel(a, b)", "series(0.9, 0.995, parallel(2 * 0.955))"},
		{"parallel(common(beta=0.1, in(z1=0.9, 0.95), in(z2=0.9, 0.95)))", "series(0.995, parallel(2 * series(0.9, 0.955)))"},
		{"parallel(common(beta=10%, gamma=1, 3 * 0.95))", "parallel(common(beta=0.1, 3 * 0.95))"},
	} {
		require.InEpsilon(t, q(diagram(tt.long)), q(diagram(tt.short)), 1e-14, "%s: %v", tt.short, diagram(tt.short))
	}
}

func TestNamesOfParts(t *testing.T) {
	for text, want := range map[string]string{
		"series(0.9, db=0.9, 0.9)":                     "part1 db part2",
		"series(part1=0.9, 0.9)":                       "part1 part2",
		"parallel(3 * node(u=0.1))":                    "node.1 node.2 node.3",
		"node = 0.9; parallel(node, 2 * node)":         "node node.1 node.2",
		"series(node.1=0.9, parallel(2 * node=0.9))":   "node.1 node.2 node.3",
		"parallel(2 * in(zone=0.9, 2 * host=0.9))":     "zone.1 host.1 host.2 zone.2 host.3 host.4",
		"parallel(common(beta=0.1, a=0.9, b=0.9))":     "a common1 b",
		"parallel(common(beta=0.1, gamma=0.5, 3*0.9))": "part1 common1.1.2 common1.1.3 common1 part2 common1.2.3 part3",
		"all = 2 * 0.9; series(all)":                   "all.1 all.2",
		`series("eu west"=0.9, "series"=0.9)`:          "eu west series",
	} {
		var names []string
		for _, p := range diagram(text).Parts() {
			names = append(names, p.Name)
		}
		require.Equal(t, want, strings.Join(names, " "), text)
	}
	require.Equal(t, []string{"b"}, diagram("a = 0.9; b = 0.8; series(a, 0.5)").Unused())
}

// TestCommonCauseByRates checks that the shares are of the failure rate where that is known.
func TestCommonCauseByRates(t *testing.T) {
	parts := diagram("parallel(common(beta=0.1, 2 * x(mttf=1000h, mttr=10h)))").Parts()
	require.InEpsilon(t, 1000/0.9, parts[0].MTTF, 1e-15)
	require.InEpsilon(t, 1000/0.1, parts[1].MTTF, 1e-15)
	require.InEpsilon(t, 10/(10000+10.), parts[1].Q, 1e-15)
	require.Equal(t, "common1", parts[1].Name)
}

// TestKofNEqualsBirthAndDeath compares k of n with the birth-death chain of the same parts.
func TestKofNEqualsBirthAndDeath(t *testing.T) {
	for n := 1; n <= 7; n++ {
		for k := 1; k <= n; k++ {
			want, err := reliability.Repairable{Parts: n, Need: k, MTTF: 300, MTTR: 7}.Evaluate()
			require.NoError(t, err)
			got, err := reliability.KofN(k, reliability.Copies(n, reliability.Part{Name: "x", MTTF: 300, MTTR: 7})...).Evaluate()
			require.NoError(t, err)
			require.InEpsilon(t, want.Unavailability, got.Unavailability, 1e-12)
			require.InEpsilon(t, want.Frequency, got.Frequency, 1e-12)
			require.InEpsilon(t, want.MUT, got.MUT, 1e-12)
			require.InEpsilon(t, want.MDT, got.MDT, 1e-12)
		}
	}
}

// TestPlacement shows what the placement of five replicas over zones is worth: 3-2 over two is no better than one.
func TestPlacement(t *testing.T) {
	one, two, five := placed(5), placed(3, 2), placed(1, 1, 1, 1, 1)
	require.Greater(t, two, one)
	require.Less(t, five, one/50)
	tree := reliability.Domain{Name: "region", Q: 1e-4, Within: []reliability.Domain{
		{Name: "zone1", Q: 1e-3, Parts: []reliability.Part{{Name: "a", Q: 1e-2}, {Name: "b", Q: 1e-2}}},
		{Name: "zone2", Q: 1e-3, Within: []reliability.Domain{{Parts: []reliability.Part{{Name: "c", Q: 1e-2}}}}},
	}}
	want := q(diagram("majority(in(region(u=1e-4), in(zone1(u=1e-3), a(u=1e-2), b(u=1e-2)), in(zone2(u=1e-3), c(u=1e-2))))"))
	require.InEpsilon(t, want, q(reliability.Majority(tree.Blocks()...)), 1e-14)
	require.Len(t, reliability.Majority(tree.Blocks()...).Parts(), 6)
}

func TestHierarchyIsNestedQuorums(t *testing.T) {
	parts := reliability.Copies(9, reliability.Part{Name: "x", Q: 0.1})
	d := reliability.Hierarchy([]reliability.Level{{Need: 2, Of: 3}, {Need: 2, Of: 3}}, parts...)
	require.InEpsilon(t, q(diagram("majority(3 * majority(3 * 0.9))")), q(d), 1e-14)
	paths, err := d.PathSets(0)
	require.NoError(t, err)
	require.Equal(t, 27., paths.Count, "3 pairs of groups with 3 by 3 pairs in them")
	require.Len(t, paths.Orders, 5)
}

// TestConstructorsReportWhatIsWrong checks that a wrong block makes the diagram around it wrong.
func TestConstructorsReportWhatIsWrong(t *testing.T) {
	a := reliability.Available("a", 0.9)
	for want, d := range map[string]*reliability.Diagram{
		"reliability: Series: no blocks, want at least 1":                                                                         reliability.Series(),
		"reliability: Series: block 1 is nil, want a diagram":                                                                     reliability.Series(nil, a),
		"reliability: KofN: k is 3, want 1 to 1":                                                                                  reliability.KofN(3, a),
		"reliability: Vote: 2 weights, want 1, one for each block":                                                                reliability.Vote(1, []int{1, 1}, a),
		"reliability: Vote: weight 1 is 0, want 1 to 1048576":                                                                     reliability.Vote(1, []int{0, 1}, a, a),
		"reliability: Vote: threshold is 4, want 1 to 3, the sum of the weights":                                                  reliability.Vote(4, []int{2, 1}, a, a),
		"reliability: Grid: 2 rows and 2 columns for 1 blocks, want their product to be that":                                     reliability.Grid(2, 2, a),
		`reliability: Part "x": Q is 2, want a probability from 0 to 1`:                                                           reliability.Unavailable("x", 2),
		`reliability: Part "x": MTTF is 0, want hours, more than 0`:                                                               reliability.Repaired("x", 0, 1),
		`reliability: Part "x": Q is 0.5, want 0.25, which MTTF and MTTR come to`:                                                 reliability.Leaf(reliability.Part{Name: "x", Q: 0.5, MTTF: 3, MTTR: 1}),
		`reliability: two parts or blocks have the name "a", want one`:                                                            reliability.Series(a, reliability.Available("a", 0.9)),
		`reliability: Network: both ends are "s", want two`:                                                                       reliability.Network("s", "s", reliability.Link{From: "s", To: "t", Up: a}),
		`reliability: Network: no link has the end "t", want one`:                                                                 reliability.Network("s", "t", reliability.Link{From: "s", To: "u", Up: a}),
		`reliability: Hierarchy: levels [{3 2}] for 1 blocks, want 1 <= Need <= Of on each, and the product of all Of to be that`: reliability.Hierarchy([]reliability.Level{{Need: 3, Of: 2}}, a),
	} {
		require.ErrorContains(t, d.Validate(), want)
		around := reliability.Parallel(reliability.Available("b", 0.5), d)
		require.ErrorContains(t, around.Validate(), want)
		_, err := around.Evaluate()
		require.ErrorContains(t, err, want)
		require.NotPanics(t, func() { _ = around.String() })
	}
	_, err := reliability.CommonCause(1, reliability.Part{Q: 2}, 3)
	require.ErrorContains(t, err, "1 letters for 1 parts")
	require.ErrorContains(t, err, "letter 1 is 3, want a share from 0 to 1")
	require.ErrorContains(t, err, "Q is 2, want a probability from 0 to 1")
}

// TestStringOfDiagramsMadeInGo checks that what the text form has no word for is written in those that it has.
func TestStringOfDiagramsMadeInGo(t *testing.T) {
	x := reliability.Unavailable("", 0.1)
	both := reliability.Parallel(x, reliability.Unavailable("", 1e-20))
	for want, d := range map[string]*reliability.Diagram{
		"series(part1=0.9, parallel(part1, 0.8))":                             reliability.Series(x, reliability.Parallel(x, reliability.Available("", 0.8))),
		"series(block1=parallel(0.9, part(u=1e-20)), block1, series(block1))": reliability.Series(both, both, reliability.Series(both)),
		"web=parallel(0.9, part(u=1e-20))":                                    both.Named("web"),
		`"a b"=0.9`:                                                           reliability.Unavailable("a b", 0.1),
		`network("from here", "in", "from here"-"in": l.1(mttf=10h, mttr=2h))`: reliability.Network("from here", "in",
			reliability.Link{From: "from here", To: "in", Up: reliability.Repaired("l.1", 10, 2)}),
		"network(r1c1, r2c1, r1c1-r2c1: 0.5)": reliability.GridNetwork(2, 1, reliability.Part{Q: 0.5}),
	} {
		require.Equal(t, want, d.String())
		again := diagram(d.String())
		require.Equal(t, d.Parts(), again.Parts())
		require.InEpsilon(t, q(d), q(again), 1e-15)
	}
}

// TestLargeTreesAreEasy evaluates thousands of parts that stand at one place each.
func TestLargeTreesAreEasy(t *testing.T) {
	d := diagram("series(100 * parallel(5 * series(2 * 0.9, kofn(2, 3 * 0.95))))")
	require.Len(t, d.Parts(), 2500)
	inner := 1 - 0.9*0.9*(0.95*0.95*0.95+3*0.95*0.95*0.05)
	want := 1.
	for range 100 {
		want *= 1 - inner*inner*inner*inner*inner
	}
	require.InEpsilon(t, 1-want, q(d), 1e-12)
}
