package experiments

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/protocols"
	"lightcone/sim"
)

// In full a study makes ten times as many worlds, and its measures and its caption say so.
func TestFullIsTenTimesAsMuch(t *testing.T) {
	s, study, err := Open("thousand-machines", "nodes=40")
	require.NoError(t, err)
	width := map[bool]float64{}
	for _, full := range []bool{false, true} {
		p, err := s.Plan(1)
		require.NoError(t, err)
		p.Full = full
		o, err := p.Execute(Execution{Study: study})
		require.NoError(t, err)
		m := measureNamed(t, o, "failures a day, constant rate")
		width[full] = m.High - m.Low
		days := 3 * 12 * 365 // of three worlds
		if full {
			days *= 10
		}
		require.Equal(t, days, m.N)
		files, err := o.ResultFiles()
		require.NoError(t, err)
		figure := slices.IndexFunc(files, func(f File) bool { return f.Name == "days.svg" })
		require.GreaterOrEqual(t, figure, 0)
		require.Contains(t, string(files[figure].Data), strconv.Itoa(days)+" days each after 3 years")
	}
	require.InDelta(t, sqrt(10), width[false]/width[true], .2) // the interval narrows as the root
}

// A kind of failover has ten times as many in full, and the table says how many.
func TestFullFailovers(t *testing.T) {
	s, _, err := Open("failover")
	require.NoError(t, err)
	naive := failoverVariants()[0]
	for _, c := range []struct {
		full bool
		runs int
	}{{false, 8}, {true, 80}} {
		p, err := s.Plan(1)
		require.NoError(t, err)
		p.Full = c.full
		r := sim.NewRand(p.Seed, sim.ForStudy, drawFailover)
		cell, err := failoverStudy{}.cell(p, s.Params.(*protocols.PrimaryBackupParams), naive, "async", failCrash, &r)
		require.NoError(t, err)
		require.Len(t, cell.takeovers, c.runs) // one a crash
		rows, err := csv.NewReader(strings.NewReader(string(failoverTable([]*failoverCell{cell})))).ReadAll()
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(c.runs), rows[1][3])
	}
}
