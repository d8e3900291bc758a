package experiments

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/sim"
)

// A repro with edits repeats the run to the digest.
func TestReproRoundTrip(t *testing.T) {
	p := planned(t, rough, "duration=1s")
	p.Config.Drop = []sim.MessageName{{From: 1, To: 0, K: 2}}
	require.NoError(t, p.Without(fault.Line(p.Faults[0])))
	o := executed(t, p)
	file := o.Repro().JSON()

	r, err := ReadRepro("repro.json", file)
	require.NoError(t, err)
	require.Equal(t, []string{"n1->n0#2"}, r.Drop)
	again, err := r.Plan()
	require.NoError(t, err)
	replayed := executed(t, again)
	require.Nil(t, r.Compare(replayed))
	require.Equal(t, file, replayed.Repro().JSON())

	r.Drop = nil // without the edit it is another run
	again, err = r.Plan()
	require.NoError(t, err)
	d := r.Compare(executed(t, again))
	require.NotNil(t, d)
	require.Contains(t, d.Error(), "the runs part at event ")
	require.Equal(t, d.First, d.Last)
}

// A digest that somebody changed is not blamed on an event.
func TestReproWithAnotherDigest(t *testing.T) {
	o := executed(t, planned(t, chatter, "duration=100ms"))
	r := o.Repro()
	r.Digest = "0123456789abcdef"
	require.ErrorContains(t, r.Compare(o), "want 0123456789abcdef: no event differs as far as was recorded")
}

func TestReproErrors(t *testing.T) {
	good := executed(t, planned(t, chatter, "duration=100ms")).Repro().JSON()
	_, err := ReadRepro("repro.json", good)
	require.NoError(t, err)
	for _, c := range []struct{ name, old, new, want string }{
		{"digest", `"digest": "`, `"digest": "x`, "repro.json:13:13: $.digest: got \"x"},
		{"unknown key", `"seed"`, `"sed"`, "$.sed: got the unknown key sed, want one of digest, drop"},
		{"missing key", `"seed"`, `"sed"`, "$.seed: got nothing, want seed: the seed"},
		{"seed", `"seed": 1`, `"seed": -1`, "$.seed: got -1, want"},
		{"message", `"drop": []`, `"drop": ["n0-n1"]`, "$.drop[0]: got \"n0-n1\", want a message, such as n0->n1#3"},
		{"zeroth message", `"drop": []`, `"drop": ["n0->n1#0"]`, "$.drop[0]"},
		{"every", `"every": 1`, `"every": 3`, "$.every: got 3, want a power of two"},
		{"trail", `"trail": "`, `"trail": "!`, "$.trail: got"},
		{"format", `"lightcone repro 1"`, `"lightcone repro 9"`, "$.format: got \"lightcone repro 9\", want lightcone repro 1"},
		{"not JSON", `{`, `[`, "want valid YAML"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, string(good), c.old)
			_, err := ReadRepro("repro.json", bytes.Replace(good, []byte(c.old), []byte(c.new), 1))
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err = ReadRepro("repro.json", make([]byte, MaxReproSize+1))
	require.ErrorContains(t, err, "want at most 2097152")
}

// What a repro says of the scenario is as wrong as if the scenario's file said it.
func TestReproOfABadScenario(t *testing.T) {
	r := executed(t, planned(t, chatter, "duration=100ms")).Repro()
	r.Source = "protocol: pingpong\nnodes: 0\n"
	_, err := r.Plan()
	require.ErrorContains(t, err, "$.nodes: got 0, want at least 1")
	r.Source, r.Without = chatter, []string{"1s crash n1"}
	_, err = r.Plan()
	require.ErrorContains(t, err, `without is "1s crash n1"`)
}
