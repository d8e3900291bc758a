package experiments

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// studied runs a study's scenario, with overrides and fewer rounds.
func studied(t testing.TB, study Study, seed uint64, sets ...string) *Outcome {
	t.Helper()
	s, err := Read(study.Name()+".yaml", study.Scenario(), sets...)
	require.NoError(t, err)
	p, err := s.Plan(seed)
	require.NoError(t, err)
	o, err := p.Execute(Execution{Study: study})
	require.NoError(t, err)
	return o
}

func measureNamed(t testing.TB, o *Outcome, name string) Measure {
	t.Helper()
	for _, m := range o.Measures {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no measure named %s in %v", name, o.Measures)
	return Measure{}
}

// The closed form of validation: 1/(1-p)^2 attempts until an answer.
func TestPingPongLoss(t *testing.T) {
	for _, c := range []struct {
		loss     string
		expected float64
	}{{"0", 1}, {"0.1", 1 / .81}, {"0.3", 1 / .49}, {"0.5", 4}} {
		o := studied(t, pingPongLoss{}, 1, "network.loss="+c.loss, "params.rounds=400")
		m := measureNamed(t, o, attemptsName)
		require.InDelta(t, c.expected, m.Expected, 1e-12)
		require.Equal(t, Agrees, Agree(m), "%+v", m)
		require.Equal(t, 400, m.N)
		require.Equal(t, sim.Pass, o.Verdict())
	}
}

// A network that does not do what the formula is about is found out, and no formula is claimed where none applies.
func TestPingPongLossIsNotVacuous(t *testing.T) {
	o := studied(t, pingPongLoss{}, 1, "params.rounds=400")
	m := measureNamed(t, o, attemptsName)
	m.Expected = 1 / .64 // what a loss of .2 would give
	require.Equal(t, Differs, Agree(m))

	for _, set := range []string{"params.retry=20ms", "network.bursts={loss: 0.1, length: 3}", "network.latency=exponential(mean=5ms)",
		"network.duplicate=0.1", "network.loss=1", "clocks.drift=50ppm", "faults=[{kind: pause, node: 1, at: 1s, for: 1s}]"} {
		o := studied(t, pingPongLoss{}, 1, set, "params.rounds=20", "duration=20s")
		require.True(t, math.IsNaN(measureNamed(t, o, attemptsName).Expected), set)
	}
}

func TestPingPongLossFiles(t *testing.T) {
	o := studied(t, pingPongLoss{}, 3, "params.rounds=100")
	require.Equal(t, []string{"attempts.csv", "attempts.svg", "attempts.png"}, names(o.Files))
	rows := strings.Split(strings.TrimSpace(string(o.Files[0].Data)), "\n")
	require.Len(t, rows, 12)
	require.Equal(t, "loss,rounds,attempts,low,high,expected,agrees", rows[0])
	require.Equal(t, "0,100,1,1,1,1,true", rows[1])
	require.True(t, strings.HasPrefix(rows[11], "0.5,100,") && strings.HasSuffix(rows[11], ",4,true"), rows[11])

	again := studied(t, pingPongLoss{}, 3, "params.rounds=100")
	require.Equal(t, o.Files, again.Files, "the same inputs give the same bytes")
}
