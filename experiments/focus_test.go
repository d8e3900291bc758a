package experiments

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/check"
)

// The picture of a run that failed shows where it did: the moment at which a property fell, or the operations that show
// that clients saw what they should not.
func TestPictureOfAFailure(t *testing.T) {
	broken := func(name string, sets ...string) *Outcome {
		s, _, err := Open(name, sets...)
		require.NoError(t, err)
		for seed := uint64(1); seed <= 10; seed++ {
			p, err := s.Plan(seed)
			require.NoError(t, err)
			if o := executed(t, p); o.Verdict() == sim.Violation {
				return o
			}
		}
		t.Fatalf("%s %v never fell", name, sets)
		return nil
	}
	o := broken("raft-hunt", "params.bug=vote-without-log-check")
	require.NotNil(t, o.Picture.Marks)
	i, ok := o.Trace.Index(o.Picture.Marks[0].Events[0])
	require.True(t, ok)
	at := o.Trace.Events[i].Time
	require.True(t, o.Picture.From <= at && at < o.Picture.To)
	shown := 0
	for _, e := range o.Trace.Events {
		if e.Time >= o.Picture.From && e.Time < o.Picture.To {
			shown++
		}
	}
	require.LessOrEqual(t, shown, focusEvents+focusAfter+20, "events of one time stay together")

	o = broken("kv-hunt", "params.bug=no-dedup")
	require.NotEmpty(t, o.witnesses)
	from, to := span(o.witnesses[0].Ops)
	require.True(t, o.Picture.From <= from && to <= o.Picture.To)
	files, err := o.ResultFiles()
	require.NoError(t, err)
	list := strings.Join(names(files), " ")
	for _, want := range []string{"history.jsonl", "witness-linearizable.txt", "witness-linearizable.svg", "trace.svg"} {
		require.Contains(t, list, want)
	}
	for _, f := range files {
		if f.Name == "history.jsonl" {
			h, err := check.ReadJSONL(strings.NewReader(string(f.Data)))
			require.NoError(t, err)
			require.Equal(t, o.History, h, "what is written is what was judged")
		}
	}
}
