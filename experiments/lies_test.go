package experiments

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

const threeRegisters = `
name: lies
protocol: abd
nodes: 3
duration: 2s
clients: {count: 2, timeout: 200ms, workload: {think: 5ms, keys: {count: 1}, mix: {get: 1, put: 1}}}
checks: [linearizable]
`

// Registers that stand a crash do not stand a liar, by the scenario's own check.
func TestALiarInAScenario(t *testing.T) {
	verdict := func(faults string) sim.Verdict {
		s, err := Read("lies.yaml", []byte(threeRegisters+"faults: [{"+faults+"}]\n"))
		require.NoError(t, err)
		p, err := s.Plan(1)
		require.NoError(t, err)
		o, err := p.Execute(Execution{Strict: true})
		require.NoError(t, err)
		return verdictNamed(t, o, "linearizable").Verdict
	}
	require.Equal(t, sim.Pass, verdict("kind: crash, at: 100ms, node: 2"))
	require.Equal(t, sim.Pass, verdict("kind: lie, at: 100ms, node: 2, how: silent"), "no worse than a crash")
	require.Equal(t, sim.Violation, verdict("kind: lie, at: 100ms, for: 1s, node: 2, how: corrupt"))
	require.Equal(t, sim.Violation, verdict("kind: lie, node: 2, how: twofaced, up: exponential(mean=200ms), down: exponential(mean=500ms)"))
}

func TestLiesAreChecked(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{threeRegisters + "faults: [{kind: lie, at: 0s, node: 2}]\n", "what it says instead, such as corrupt"},
		{threeRegisters + "faults: [{kind: lie, at: 0s, node: 2, how: loudly}]\n", "silent"},
		{threeRegisters + "faults: [{kind: lie, at: 0s, node: 7, how: silent}]\n", "7"},
		{threeRegisters + "faults: [{kind: lie, at: 0s, how: silent}]\n", "whom it happens to"},
		{threeRegisters + "faults: [{kind: lie, node: 2, how: silent}]\n", "when it happens"},
		{threeRegisters + "faults: [{kind: crash, at: 0s, node: 2, how: silent}]\n", "the key how with kind crash"},
		{"name: x\nprotocol: pingpong\nnodes: 2\nfaults: [{kind: lie, at: 0s, node: 1, how: corrupt}]\n", "the messages of pingpong say nothing of what a falsehood would be"},
	} {
		_, err := Read("lies.yaml", []byte(c.text))
		require.ErrorContains(t, err, c.want)
	}
}
