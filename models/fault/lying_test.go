package fault

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Lies are drawn, laid, printed, read and bounded as other faults are.
func TestLying(t *testing.T) {
	law := Lying{How: "corrupt", Up: dist.Exponential{Mean: 5e9}, Down: dist.Uniform{Lo: 1e9, Hi: 3e9}}
	m := Model{Laws: []Law{law}, Until: sim.Time(100 * time.Second)}
	plan, err := m.Draw(1, 5)
	require.NoError(t, err)
	require.NoError(t, plan.Validate(5))
	read, err := ParsePlan(plan.String())
	require.NoError(t, err)
	require.Equal(t, plan, read)

	most := func(plan Plan) (most, lies int) {
		open := map[string]sim.NodeID{}
		for _, e := range plan {
			switch a := e.Action.(type) {
			case sim.Lie:
				lies++
				open[a.Name] = a.Node
			case sim.Heal:
				delete(open, a.Name)
			}
			most = max(most, len(open))
		}
		require.Empty(t, open, "who lies at the end of trouble")
		return most, lies
	}
	free, lies := most(plan)
	require.Greater(t, free, 1)
	m.Budget = Budget{F: 1}
	bounded, err := m.Draw(1, 5)
	require.NoError(t, err)
	one, fewer := most(bounded)
	require.Equal(t, 1, one, "a liar is counted in f")
	require.Less(t, fewer, lies)

	crashes := Renewal{Kind: Crash, Up: dist.Exponential{Mean: 5e9}, Down: dist.Uniform{Lo: 1e9, Hi: 3e9}}
	m.Laws = append(m.Laws, crashes)
	both, err := m.Draw(1, 5)
	require.NoError(t, err)
	down := map[sim.NodeID]bool{}
	for _, e := range both { // never a liar and another that is down
		switch a := e.Action.(type) {
		case sim.Crash:
			down[a.Node] = true
		case sim.Recover:
			delete(down, a.Node)
		case sim.Lie:
			require.Empty(t, slices.DeleteFunc(keys(down), func(id sim.NodeID) bool { return id == a.Node }))
		}
	}
}

func keys(m map[sim.NodeID]bool) []sim.NodeID {
	var ids []sim.NodeID
	for id := range m {
		ids = append(ids, id)
	}
	return ids
}

func TestLiesInPlans(t *testing.T) {
	e, err := ParseLine("6s lie n2 by twofaced as l1 # a liar")
	require.NoError(t, err)
	require.Equal(t, sim.At{Time: sim.Time(6 * time.Second), Action: sim.Lie{Name: "l1", Node: 2, How: "twofaced"}}, e)
	require.Equal(t, sim.Heal{Name: "l1"}, Undo(e.Action))
	e, err = ParseLine("0s lie n0 by silent")
	require.NoError(t, err)
	require.Equal(t, "0s lie n0 by silent", Line(e))
	for line, want := range map[string]string{
		"1s lie by x":       `fault: plan line 1, column 8: got "by", want a node, such as n0`,
		"1s lie n1 with x":  `fault: plan line 1, column 11: got "with", want "by"`,
		"1s lie n1 by":      `fault: plan line 1, column 13: got the end of the line, want a liar, such as twofaced`,
		"1s lie n1 by x y":  `fault: plan line 1, column 16: got "y", want "as"`,
		"1s lie n1 by x as": `fault: plan line 1, column 18: got the end of the line, want a name, without special characters`,
	} {
		_, err := ParseLine(line)
		require.EqualError(t, err, want)
	}
	for want, a := range map[string]sim.Lie{
		`fault: Plan[0].Action.Node is n7, want n0 to n2`:                                  {Node: 7, How: "x"},
		`fault: Plan[0].Action.How is "", want a liar's name without spaces, braces and #`: {},
		`fault: Plan[0].Action.Name is "a b", want a name without spaces, braces and #`:    {Name: "a b", How: "x"},
	} {
		require.EqualError(t, Plan{{Action: a}}.Validate(3), want)
	}
	require.EqualError(t, Once{Action: sim.Lie{How: "x"}}.Validate(3), "fault: Once.Action is a lie without a name, want a name to heal it by")
	err = Lying{Nodes: []sim.NodeID{9}}.Validate(3)
	for _, want := range []string{"Lying.Nodes[0] is n9", `Lying.How is ""`, "Lying.Up is nil", "Lying.Down is nil"} {
		require.ErrorContains(t, err, want)
	}
}
