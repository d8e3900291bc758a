package fault

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"lightcone/models/dist"
	"lightcone/sim"
)

// seconds is an exponential law with its mean in seconds.
func seconds(mean float64) dist.Dist { return dist.Exponential{Mean: mean * 1e9} }

func draw(t testing.TB, m Model, seed uint64, nodes int) Plan {
	t.Helper()
	p, err := m.Draw(seed, nodes)
	require.NoError(t, err)
	require.NoError(t, p.Validate(nodes))
	return p
}

// spellsOf returns the lengths, in ns, of the times up and down of a node that alternates between crash and recover
// until a time.
func spellsOf(p Plan, node sim.NodeID, until sim.Time) (ups, downs []float64) {
	last := sim.Time(0)
	for _, e := range p {
		if e.Time == until {
			break
		}
		switch e.Action {
		case sim.Crash{Node: node}:
			ups = append(ups, float64(e.Time-last))
			last = e.Time
		case sim.Recover{Node: node}:
			downs = append(downs, float64(e.Time-last))
			last = e.Time
		}
	}
	return ups, downs
}

// distance is the Kolmogorov-Smirnov statistic of a sample, scaled by the square root of its size. Its limit law
// exceeds 1.95 with probability 0.001 (Kolmogorov 1933).
func distance(sample []float64, law dist.Dist) float64 {
	s := slices.Sorted(slices.Values(sample))
	n, d := float64(len(s)), 0.0
	for i, x := range s {
		c := law.CDF(x)
		d = max(d, c-float64(i)/n, float64(i+1)/n-c)
	}
	return d * math.Sqrt(n)
}

func TestTimesToFailureAndRepairFollowTheirLaws(t *testing.T) {
	up, down := seconds(10), dist.Uniform{Lo: 1e9, Hi: 3e9}
	until := 40_000 * sec
	p := draw(t, Model{Laws: []Law{Renewal{Up: up, Down: down}}, Until: until}, 1, 2)
	for node := range sim.NodeID(2) {
		ups, downs := spellsOf(p, node, until)
		require.Greater(t, len(ups), 3000)
		require.Less(t, distance(ups, up), 1.95, "%v up", node)
		require.Less(t, distance(downs, down), 1.95, "%v down", node)
		require.Greater(t, distance(ups, seconds(11)), 1.95, "the test can tell a wrong law")
	}
}

// In the long run a node is up for MTTF / (MTTF + MTTR). The time down until T has variance T (D^2 Var(U) + U^2 Var(D))
// / (U + D)^3 in the limit (Cox, Renewal Theory, 1962).
func TestAvailabilityOfARenewal(t *testing.T) {
	const until = 200_000 * sec
	for name, l := range map[string]Renewal{
		"exponential": {Up: seconds(9), Down: seconds(1)},
		"uniform":     {Up: dist.Uniform{Lo: 0, Hi: 40e9}, Down: dist.Constant{Value: 5e9}},
		"normal":      {Up: dist.Normal{Mean: 10e9, SD: 1e9}, Down: seconds(10)},
	} {
		t.Run(name, func(t *testing.T) {
			p := draw(t, Model{Laws: []Law{l}, Until: until}, 2, 1)
			mttf, mttr := dist.Mean(l.Up), dist.Mean(l.Down)
			se := math.Sqrt((mttr*mttr*dist.Var(l.Up) + mttf*mttf*dist.Var(l.Down)) / math.Pow(mttf+mttr, 3) / float64(until))
			up := 1 - float64(p.Down(0, until))/float64(until)
			require.InDelta(t, mttf/(mttf+mttr), up, 4*se)
		})
	}
}

// only returns the entries about one node.
func only(p Plan, node sim.NodeID) Plan {
	return slices.DeleteFunc(slices.Clone(p), func(e sim.At) bool {
		switch a := e.Action.(type) {
		case sim.Crash:
			return a.Node != node
		case sim.CrashDuring:
			return a.Node != node
		case sim.Recover:
			return a.Node != node
		case sim.Pause:
			return a.Node != node
		case sim.Resume:
			return a.Node != node
		case sim.StepWall:
			return a.Node != node
		}
		return true
	})
}

var everyNodeLaw = []Law{
	Renewal{Up: seconds(10), Down: seconds(1)},
	Renewal{Kind: Midway, Up: seconds(10), Down: seconds(1), Effects: 3},
	Renewal{Kind: Pause, Up: seconds(5), Down: seconds(.1)},
	WallSteps{Every: seconds(20), By: dist.Normal{SD: 1e6}},
}

func TestAnotherNodeChangesNoOthersFaults(t *testing.T) {
	m := Model{Laws: everyNodeLaw, Until: 300 * sec}
	five, six := draw(t, m, 3, 5), draw(t, m, 3, 6)
	for node := range sim.NodeID(5) {
		require.NotEmpty(t, only(five, node))
		require.Equal(t, only(five, node), only(six, node), "%v", node)
	}
	require.NotEmpty(t, only(six, 5))
	require.NotEqual(t, only(six, 4), only(six, 5))
}

func TestAnotherLawChangesNoOthersFaults(t *testing.T) {
	l := everyNodeLaw
	both := draw(t, Model{Laws: []Law{l[3], l[2]}, Until: 300 * sec}, 3, 5)
	alone := draw(t, Model{Laws: []Law{l[2]}, Until: 300 * sec}, 3, 5)
	steps := draw(t, Model{Laws: []Law{l[3]}, Until: 300 * sec}, 3, 5)
	require.ElementsMatch(t, both, slices.Concat(alone, steps))
}

func TestTwoLawsOfOneNameAreIndependent(t *testing.T) {
	l := Renewal{Kind: Isolate, Up: seconds(10), Down: seconds(1)}
	one := draw(t, Model{Laws: []Law{l}, Until: 100 * sec}, 1, 3)
	two := draw(t, Model{Laws: []Law{l, l}, Until: 100 * sec}, 1, 3)
	require.Subset(t, two, one)
	names := map[string]bool{}
	for _, e := range two {
		if cut, ok := e.Action.(sim.Cut); ok {
			require.False(t, names[cut.Name], "cut %s made twice", cut.Name)
			names[cut.Name] = true
		}
	}
	require.Contains(t, names, "isolate.n1.1")
	require.Contains(t, names, "isolate~2.n1.1")
}

func TestTheSeedDecides(t *testing.T) {
	m := Model{Laws: everyNodeLaw, Until: 100 * sec}
	require.Equal(t, draw(t, m, 1, 3), draw(t, m, 1, 3))
	require.NotEqual(t, draw(t, m, 1, 3), draw(t, m, 2, 3))
}

// A long time up tells nothing about the repair after it: the correlation is within four standard errors of 0.
func TestUpAndDownAreIndependent(t *testing.T) {
	ups, downs := spellsOf(draw(t, Model{Laws: []Law{Renewal{Up: seconds(10), Down: seconds(10)}}, Until: 100_000 * sec}, 1, 1), 0, 100_000*sec)
	ups = ups[:len(downs)]
	require.InDelta(t, 0, stat.Correlation(ups, downs, nil), 4/math.Sqrt(float64(len(ups))))
}

// Changing the law of repair leaves the times to failure as they were.
func TestUpAndDownHaveTheirOwnStreams(t *testing.T) {
	ups := func(down dist.Dist) []float64 {
		u, _ := spellsOf(draw(t, Model{Laws: []Law{Renewal{Up: seconds(10), Down: down}}, Until: 1000 * sec}, 1, 1), 0, 1000*sec)
		return u[:20]
	}
	require.Equal(t, ups(seconds(1)), ups(dist.Uniform{Lo: 0, Hi: 1e9}))
}

func TestKindsActAsTheySay(t *testing.T) {
	for kind, want := range map[Kind]string{
		Crash:   "1s crash n1\n3s recover n1\n",
		Stop:    "1s crash n1\n",
		Midway:  "1s crash n1 after effect 0\n3s crash n1\n3s recover n1\n",
		Pause:   "1s pause n1\n3s resume n1\n",
		Isolate: "1s cut isolate.n1.1 {n1} | {n0 n2}\n3s heal isolate.n1.1\n",
		Mute:    "1s cut mute.n1.1 {n1} -/> {n0 n2}\n3s heal mute.n1.1\n",
		Deafen:  "1s cut deafen.n1.1 {n0 n2} -/> {n1}\n3s heal deafen.n1.1\n",

		OmitSend:    "1s omit sends of n1 to {n0 n2} with 0.5 at most 4 as omit-send.n1.1\n3s heal omit-send.n1.1\n",
		OmitReceive: "1s omit receives of n1 from {n0 n2} with 0.5 at most 4 as omit-receive.n1.1\n3s heal omit-receive.n1.1\n",
		Slow:        "1s slow n1 by 10 with handlers of 1ms as slow.n1.1\n3s heal slow.n1.1\n",
		Drift:       "1s drift clock of n1 by -200ppm as drift.n1.1\n3s heal drift.n1.1\n",
		DiskSlow:    "1s slow disk of n1 by 10 as disk-slow.n1.1\n3s heal disk-slow.n1.1\n",
		DiskFull:    "1s fill disk of n1 as disk-full.n1.1\n3s heal disk-full.n1.1\n",
		DiskLost:    "1s crash n1 losing its disk\n3s recover n1\n",
		DiskOld:     "0s back up disk of n1\n1s crash n1 restoring its backup\n3s recover n1\n3s back up disk of n1\n",
		LoseWrites:  "1s lose writes of n1 with 0.5 at most 4 as lose-writes.n1.1\n3s heal lose-writes.n1.1\n",
		TearWrites:  "1s tear writes of n1 with 0.5 at most 4 as tear-writes.n1.1\n3s heal tear-writes.n1.1\n",
		Lie:         "1s lie n1 by silent as lie.n1.1\n3s heal lie.n1.1\n",
	} {
		l := Renewal{Kind: kind, Nodes: []sim.NodeID{1}, Up: dist.Constant{Value: 1e9}, Down: dist.Constant{Value: 2e9}, Degree: degreeOf(kind)}
		if kind == Stop {
			l.Down = nil
		}
		require.Equal(t, want, draw(t, Model{Laws: []Law{l}, Until: 3*sec + 1}, 1, 3).String())
		parsed, ok := ParseKind(kind.String())
		require.True(t, ok)
		require.Equal(t, kind, parsed)
	}
	_, ok := ParseKind("kind(99)")
	require.False(t, ok)
}

func TestWallSteps(t *testing.T) {
	l := WallSteps{Nodes: []sim.NodeID{1}, Every: dist.Constant{Value: 1e9}, By: dist.Constant{Value: -5e6}}
	require.Equal(t, "1s step wall clock of n1 by -5ms\n2s step wall clock of n1 by -5ms\n", draw(t, Model{Laws: []Law{l}, Until: 3 * sec}, 1, 2).String())
}

func TestMidwayDrawsItsEffects(t *testing.T) {
	seen := map[int]int{}
	l := Renewal{Kind: Midway, Up: seconds(1), Down: seconds(1), Effects: 3}
	for _, e := range draw(t, Model{Laws: []Law{l}, Until: 2000 * sec}, 1, 1) {
		if a, ok := e.Action.(sim.CrashDuring); ok {
			seen[a.After]++
		}
	}
	require.Len(t, seen, 4)
	require.NotContains(t, seen, 4)
	require.NotContains(t, seen, -1)
}

func TestFlapping(t *testing.T) {
	l := Flapping{From: []sim.NodeID{0}, To: []sim.NodeID{2}, OneWay: true, Up: dist.Constant{Value: 1e9}, Down: dist.Constant{Value: 5e8}}
	require.Equal(t, `1s cut flapping.1 {n0} -/> {n2}
1.5s heal flapping.1
2.5s cut flapping.2 {n0} -/> {n2}
3s heal flapping.2
`, draw(t, Model{Laws: []Law{l}, Until: 4 * sec}, 1, 3).String())
}

func TestOnce(t *testing.T) {
	laws := []Law{
		Once{At: sec, For: 500 * time.Millisecond, Action: sim.Crash{Node: 1}},
		Once{At: 2 * sec, Action: sim.Cut{Name: "x", From: []sim.NodeID{0}, To: []sim.NodeID{1}}},
		Once{At: 3 * sec, Action: sim.StepWall{Node: 1, By: time.Second}},
		Once{At: 9 * sec, Action: sim.Crash{Node: 1}}, // too late
	}
	require.Equal(t, "1s crash n1\n1.5s recover n1\n2s cut x {n0} | {n1}\n3s step wall clock of n1 by 1s\n5s heal x\n",
		draw(t, Model{Laws: laws, Until: 5 * sec}, 1, 2).String())
}

// partitionsOf returns the cuts of a law, and checks what all shapes have in common.
func partitionsOf(t *testing.T, shape Shape, nodes int) []sim.Cut {
	t.Helper()
	var cuts []sim.Cut
	l := Partitions{Shapes: []Shape{shape}, Up: seconds(1), Down: seconds(1)}
	for _, e := range draw(t, Model{Laws: []Law{l}, Until: 2000 * sec}, 1, nodes) {
		if c, ok := e.Action.(sim.Cut); ok {
			require.NotEmpty(t, c.From)
			require.NotEmpty(t, c.To)
			all := slices.Sorted(slices.Values(slices.Concat(c.From, c.To)))
			require.Equal(t, all, slices.Compact(slices.Clone(all)), "no node on both sides")
			cuts = append(cuts, c)
		}
	}
	require.Greater(t, len(cuts), 500)
	return cuts
}

func TestShapes(t *testing.T) {
	sizes := func(cuts []sim.Cut) map[[2]int]int {
		m := map[[2]int]int{}
		for _, c := range cuts {
			m[[2]int{len(c.From), len(c.To)}]++
		}
		return m
	}
	keys := func(m map[[2]int]int) [][2]int {
		var list [][2]int
		for k := range m {
			list = append(list, k)
		}
		return list
	}
	require.ElementsMatch(t, [][2]int{{2, 3}}, keys(sizes(partitionsOf(t, Halves, 5))))
	require.ElementsMatch(t, [][2]int{{1, 4}, {2, 3}, {3, 2}, {4, 1}}, keys(sizes(partitionsOf(t, Split, 5))))
	require.ElementsMatch(t, [][2]int{{1, 4}}, keys(sizes(partitionsOf(t, One, 5))))
	require.ElementsMatch(t, [][2]int{{1, 4}, {4, 1}}, keys(sizes(partitionsOf(t, OneWay, 5))))
	require.ElementsMatch(t, [][2]int{{2, 2}}, keys(sizes(partitionsOf(t, Bridge, 5))), "one node is on neither side")
	require.ElementsMatch(t, [][2]int{{1, 1}}, keys(sizes(partitionsOf(t, Bridge, 3))))
	for _, c := range partitionsOf(t, OneWay, 5) {
		require.True(t, c.OneWay)
	}
}

// Every node is as likely to be the lonely one: a chi-square of 4 degrees of freedom exceeds 18.47 with probability
// 0.001.
func TestPartitionsAreFair(t *testing.T) {
	var seen [5]float64
	cuts := partitionsOf(t, One, 5)
	for _, c := range cuts {
		seen[c.From[0]]++
	}
	want, chi := float64(len(cuts))/5, 0.0
	for _, n := range seen {
		chi += (n - want) * (n - want) / want
	}
	require.Less(t, chi, 18.47)
}

func TestShapeNames(t *testing.T) {
	for s := Halves; s <= Bridge; s++ {
		got, ok := ParseShape(s.String())
		require.True(t, ok)
		require.Equal(t, s, got)
	}
	_, ok := ParseShape("triangle")
	require.False(t, ok)
}
