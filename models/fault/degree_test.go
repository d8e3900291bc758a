package fault

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// degreeOf is a degree with all that the kind takes, on three nodes.
func degreeOf(k Kind) Degree {
	switch k {
	case OmitSend, OmitReceive:
		return Degree{P: 0.5, Max: 4, Peers: []sim.NodeID{0, 2}}
	case LoseWrites, TearWrites:
		return Degree{P: 0.5, Max: 4}
	case Slow:
		return Degree{Factor: 10, Work: time.Millisecond}
	case DiskSlow:
		return Degree{Factor: 10}
	case Drift:
		return Degree{PPM: -200}
	case Lie:
		return Degree{How: "silent"}
	}
	return Degree{}
}

func TestKindsTakeTheirDegree(t *testing.T) {
	everything := Degree{P: 0.5, Max: 4, Peers: []sim.NodeID{0}, Factor: 10, Work: 1, PPM: 1, How: "silent"}
	taken := 0
	for _, k := range Kinds() {
		l := Renewal{Kind: k, Up: seconds(1), Down: seconds(1), Degree: degreeOf(k)}
		if k == Stop {
			l.Down = nil
		}
		require.NoError(t, l.Validate(3), k)
		l.Degree = everything
		foreign := strings.Count(l.Validate(3).Error(), "want it left zero with "+k.String())
		taken += len(degreeFields) - foreign
		require.NotZero(t, foreign, k)
	}
	want := 0
	for _, f := range degreeFields {
		want += len(f.kinds)
	}
	require.Equal(t, want, taken)
}

func TestDegreesAreValidated(t *testing.T) {
	for want, c := range map[string]struct {
		kind   Kind
		degree Degree
	}{
		"Degree.P is 0, want more than 0, at most 1":                     {OmitSend, Degree{}},
		"Degree.P is 1.5, want more than 0, at most 1":                   {TearWrites, Degree{P: 1.5}},
		"Degree.P is NaN, want more than 0, at most 1":                   {LoseWrites, Degree{P: math.NaN()}},
		"Degree.Max is -1, want at least 1, or 0 for no bound":           {OmitReceive, Degree{P: 1, Max: -1}},
		"Degree.Peers is empty, want at least 1 node, or nil for all":    {OmitSend, Degree{P: 1, Peers: []sim.NodeID{}}},
		"Degree.Peers[0] is n3, want n0 to n2":                           {OmitSend, Degree{P: 1, Peers: []sim.NodeID{3}}},
		"Degree.Factor is 0, want 1 to 1e+09":                            {Slow, Degree{}},
		"Degree.Factor is 0.5, want 1 to 1e+09":                          {DiskSlow, Degree{Factor: 0.5}},
		"Degree.Work is -1ns, want 0 or more":                            {Slow, Degree{Factor: 2, Work: -1}},
		"Degree.PPM is 0, want -500000 to 500000 and not 0":              {Drift, Degree{}},
		`Degree.How is "a b", want a liar's name without spaces, braces`: {Lie, Degree{How: "a b"}},
		"Degree.How is set, want it left zero with crash":                {Crash, Degree{How: "x"}},
	} {
		for _, l := range []Law{
			Renewal{Kind: c.kind, Degree: c.degree, Up: seconds(1), Down: seconds(1)},
			Trace{Kind: c.kind, Degree: c.degree},
			Mix{Kinds: []Share{{Kind: c.kind, Degree: c.degree}}, Up: seconds(1), Down: seconds(1)},
			Shocks{Groups: []Shock{{Nodes: []sim.NodeID{0}, Kind: c.kind, Degree: c.degree, Up: seconds(1), Down: seconds(1)}}},
			Tree{Levels: []Level{{Kind: c.kind, Degree: c.degree, Up: seconds(1), Down: seconds(1)}}, Places: []string{"a", "a", "b"}},
			Batches{Kind: c.kind, Degree: c.degree, Size: 2, Every: seconds(1), Down: seconds(1)},
			Rolling{Kind: c.kind, Degree: c.degree, For: 1},
		} {
			err := l.Validate(3)
			require.ErrorContains(t, err, want, "%T", l)
			require.Equal(t, 1, strings.Count(err.Error(), "want"), "%v", err)
		}
	}
}

// Each law passes the degree on to what it draws, and what it draws is valid, prints and parses back.
func TestEveryLawDoesEveryKind(t *testing.T) {
	for _, k := range Kinds() {
		if k == Stop {
			continue
		}
		d := degreeOf(k)
		laws := []Law{
			Renewal{Kind: k, Degree: d, Up: seconds(1), Down: seconds(1)},
			Renewal{Kind: k, Degree: d, Up: seconds(1), Down: seconds(1), Crews: 1},
			Trace{Kind: k, Degree: d, Intervals: Intervals{{Node: 1, From: sec, To: 2 * sec}}},
			Mix{Kinds: []Share{{Kind: k, Degree: d}}, Up: seconds(1), Down: seconds(1)},
			Shocks{Groups: []Shock{{Nodes: []sim.NodeID{0, 1}, Kind: k, Degree: d, Up: seconds(1), Down: seconds(1)}}},
			Tree{Levels: []Level{{Kind: k, Degree: d, Up: seconds(1), Down: seconds(1)}}, Places: []string{"a", "a", "b"}},
			Batches{Kind: k, Degree: d, Size: 2, Every: seconds(1), Down: seconds(1)},
			Rolling{Kind: k, Degree: d, For: time.Second},
		}
		for _, l := range laws {
			plan := draw(t, Model{Laws: []Law{l}, Until: 20 * sec}, 1, 3)
			require.NotEmpty(t, plan, "%v %T", k, l)
			require.NoError(t, plan.Validate(3))
			parsed, err := ParsePlan(plan.String())
			require.NoError(t, err)
			require.Equal(t, plan, parsed)
			require.NotEmpty(t, plan.Troubles(3, 20*sec, AnyTrouble), "%v %T", k, l)
			stopped := plan.Troubles(3, 20*sec, Stopped)
			require.Equal(t, k == Crash || k == Midway || k == Pause || k == DiskLost || k == DiskOld, len(stopped) > 0, "%v %T", k, l)
		}
	}
}

// What ails a node of any kind, or of several at once, counts once.
func TestEveryKindIsWithinTheBudget(t *testing.T) {
	var laws []Law
	for _, k := range Kinds() {
		if k != Stop && k != Midway {
			laws = append(laws, Renewal{Kind: k, Degree: degreeOf(k), Up: seconds(5), Down: seconds(2)})
		}
	}
	for seed := range uint64(5) {
		m := Model{Laws: laws, Until: 200 * sec, Budget: Budget{F: 1}}
		require.Empty(t, Excused(draw(t, m, seed, 3), 3, 1, m.Until))
		m.Budget = Budget{}
		require.NotEmpty(t, Excused(draw(t, m, seed, 3), 3, 1, m.Until), "without a budget")
	}
}

func TestWhatAilsTheNetworkIsNoNodesTrouble(t *testing.T) {
	plan := draw(t, Model{Laws: []Law{
		Bursts{From: []sim.NodeID{0}, Loss: 0.5, Delay: time.Millisecond, Up: dist.Constant{Value: 1e9}, Down: dist.Constant{Value: 5e8}},
		ClockSteps{Nodes: []sim.NodeID{1}, Every: dist.Constant{Value: 8e8}, By: dist.Constant{Value: -7}},
		Rots{Nodes: []sim.NodeID{2}, Every: dist.Constant{Value: 9e8}, Key: "term", Undetected: true},
	}, Until: 2 * sec}, 1, 3)
	require.Equal(t, `800ms step clock of n1 by 1ns
900ms rot n2 "term" undetected
1s disturb {n0} | all losing 0.5 delaying 1ms as burst.1
1.5s heal burst.1
1.6s step clock of n1 by 1ns
1.8s rot n2 "term" undetected
`, plan.String())
	require.Empty(t, plan.Troubles(3, 2*sec, AnyTrouble))
}

func TestMomentsValidate(t *testing.T) {
	bad := []sim.NodeID{9}
	for want, l := range map[string]Law{
		"Bursts.Up is nil, want a distribution":     Bursts{Down: seconds(1), Loss: 1},
		"Bursts.Disturb.From[0] is n9":              Bursts{Up: seconds(1), Down: seconds(1), Loss: 1, From: bad},
		"Bursts.Disturb.Loss is 2, want 0 to 1":     Bursts{Up: seconds(1), Down: seconds(1), Loss: 2},
		"Bursts.Disturb does nothing":               Bursts{Up: seconds(1), Down: seconds(1)},
		"ClockSteps.By is nil, want a distribution": ClockSteps{Every: seconds(1)},
		"ClockSteps.Nodes[0] is n9":                 ClockSteps{Every: seconds(1), By: seconds(1), Nodes: bad},
		"Rots.Every is nil, want a distribution":    Rots{},
		"Rots.Nodes[0] is n9":                       Rots{Every: seconds(1), Nodes: bad},
	} {
		err := l.Validate(3)
		require.ErrorContains(t, err, want)
		require.Equal(t, 1, strings.Count(err.Error(), "want"), "%v", err)
	}
}

func TestActionsOfPlansAreValidated(t *testing.T) {
	for want, a := range map[string]sim.Action{
		"Plan[0].Action.Node is n7, want n0 to n2":                               sim.LoseDisk{Node: 7},
		"Plan[0].Action.Node is n8, want n0 to n2":                               sim.OldDisk{Node: 8},
		"Plan[0].Action.Node is n9, want n0 to n2":                               sim.Backup{Node: 9},
		"Plan[0].Action.Node is n5, want n0 to n2":                               sim.Rot{Node: 5},
		"Plan[0].Action.By is 0s, want more than 0":                              sim.StepClock{},
		"Plan[0].Action.Factor is 0, want 1 to 1e+09":                            sim.SlowDisk{},
		"Plan[0].Action.P is 2, want more than 0":                                sim.TearWrites{P: 2},
		"Plan[0].Action.Peers[0] is n4, want n0 to n2":                           sim.OmitSends{P: 1, Peers: []sim.NodeID{4}},
		"Plan[0].Action.Name is \"a b\", want a name without":                    sim.FullDisk{Name: "a b"},
		"Plan[0].Action.OneWay is set and both sides are all nodes, want a side": sim.Disturb{Loss: 1, OneWay: true},
		"Plan[0].Action.Delay is -1ns and Jitter 0s, want 0 or more":             sim.Disturb{Loss: 1, Delay: -1},
		"Plan[0].Action does nothing, want a Loss, a Delay or a Jitter":          sim.Disturb{},
		"Plan[0].Action.PPM is 500001, want -500000 to 500000 and not 0":         sim.Drift{PPM: 500001},
		"Plan[0].Action.Work is -1s, want 0 or more":                             sim.Slow{Factor: 1, Work: -time.Second},
	} {
		require.ErrorContains(t, Plan{{Action: a}}.Validate(3), "fault: "+want)
	}
	require.EqualError(t, Once{Action: sim.FullDisk{}}.Validate(3), `fault: Once.Action is "fill disk of n0", without a name, want a name to heal it by`)
}

// A disk is lost, or becomes old, even of a node that is down already.
func TestADownNodeLosesItsDisk(t *testing.T) {
	plan := draw(t, Model{Laws: []Law{
		Once{At: sec, For: 4 * time.Second, Action: sim.Crash{Node: 1}},
		Once{At: 2 * sec, For: time.Second, Action: sim.LoseDisk{Node: 1}},
		Once{At: 3 * sec, For: 3 * time.Second, Action: sim.OldDisk{Node: 1}},
		Once{At: 4 * sec, For: time.Second, Action: sim.Crash{Node: 1}},
	}, Until: 10 * sec}, 1, 2)
	require.Equal(t, "1s crash n1\n2s crash n1 losing its disk\n3s crash n1 restoring its backup\n6s recover n1\n", plan.String())
	require.Equal(t, Intervals{{Node: 1, From: sec, To: 6 * sec}}, plan.Intervals(2, 10*sec))
}
