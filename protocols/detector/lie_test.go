package detector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// liar suspects whoever it hears from.
type liar struct{ *Process }

func (l liar) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	l.Process.Receive(env, from, m)
	if w := l.find(from); w != nil {
		w.suspected = true
	}
}

func (l liar) Inner() sim.Process { return l.Process }

// The property falls when a node suspects another without a reason.
func TestSuspicionWithoutAReasonIsSeen(t *testing.T) {
	c := Config{Interval: 100 * time.Millisecond, Timeout: 300 * time.Millisecond}
	w, err := sim.New(sim.Config{
		Nodes: 2, New: func(sim.NodeID) sim.Process { return liar{New(c)} }, Properties: c.Properties(), Until: sim.Time(time.Second),
	})
	require.NoError(t, err)
	r := w.Run()
	require.Equal(t, sim.Violation, r.Verdict)
	require.ErrorContains(t, r.Err, "n1 suspects n0 at 1ms, before the deadline at 301ms")
}
