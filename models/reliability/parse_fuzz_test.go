package reliability_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

// FuzzParse checks that what parses prints as something that parses to the same, and that neither that nor evaluating a
// small diagram fails or takes long, whatever the text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"series(parallel(0.95, 0.95), kofn(2, 0.99, 0.99, 0.99), db=0.999)", "db = 0.999; web = parallel(a=.9, b=90%)\nseries(web, db) # two",
		"parallel(3 * node(mttf=1000h, mttr=60s))", "node = series(host=0.99, rack); rack(u=1e-6); kofn(2, 3 * node)", "x(a=0.999, mttr=1d)",
		"in(zone=0.999, a=0.99, b=0.99); in(z2=0.999, c=0.99); majority(a, b, c)", "majority(3 * in(zone=0.999, 2 * host(u=0.01)))",
		"parallel(common(beta=0.1, gamma=0.3, a=0.9, b=0.9, c=0.9))", "vote(3, 2: 0.99, 3 * 0.9)", "grid(2, 3, 6 * 0.9)", "bridge(5 * x=0.9)",
		"network(s, t, s-a: 0.9, a->t: x=0.9, 1-s: 0.9, a: 0.99, 1-t: x)", "separated(s, t, s-t: 0.1)", `"eu-west 1"(q=0.5)`, "10*(10*(10*(10*0.9)))",
		"series(0.9,, 0.8", "a=series(b, 0.9); b=series(a)", "kofn(4, 0.9)", "db(mttf=0h, mttr=1h)", "series(a=1.5, (b))", "(((((0.9)))))", "0.99999999999999999999999999",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := reliability.Parse(text)
		if err != nil {
			require.NotEmpty(t, messages(err))
			return
		}
		require.NoError(t, d.Validate())
		printed := d.String()
		again, err := reliability.Parse(printed)
		require.NoError(t, err, "%s", printed)
		require.Equal(t, printed, again.String())
		require.Equal(t, d.Parts(), again.Parts())
		up := make([]bool, len(d.Parts()))
		require.Equal(t, d.Works(up), again.Works(up))
		if len(up) > 30 {
			return
		}
		r, err := d.Evaluate()
		if err != nil {
			return // a network that is too large
		}
		for _, p := range []float64{r.Availability, r.Unavailability} {
			require.True(t, p >= 0 && p <= 1+1e-12, "%v of %s", p, printed)
		}
		require.True(t, math.IsNaN(r.Frequency) || r.Frequency >= 0)
	})
}
