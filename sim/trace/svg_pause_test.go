package trace

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// boss is a process with a role.
type boss struct{}

func (boss) Init(*sim.Env)                             {}
func (boss) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (boss) Timeout(*sim.Env, any)                     {}
func (boss) Badge() (role, text string)                { return "leader", "" }

// The thick lane of a role must not hide that the node is paused: it is drawn before and after.
func TestSVGPausesShowThroughRoles(t *testing.T) {
	ms := sim.Time(time.Millisecond)
	picture := func(faults ...sim.At) string {
		r := &Recorder{Header: Header{Nodes: 1}}
		w, err := sim.New(sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return boss{} }, Until: 100 * ms,
			Observers: []sim.Observer{r}, Faults: []sim.Fault{sim.Schedule(faults)}})
		require.NoError(t, err)
		require.NoError(t, w.Run().Err)
		r.Header.End = 100 * ms
		var b bytes.Buffer
		require.NoError(t, Write(&b, r.Trace(), "svg", Options{NoLegend: true}))
		return b.String()
	}
	lanes := func(svg string) int {
		return strings.Count(svg, `class="role0"`) + strings.Count(svg, `class="lightcone-role0"`)
	}
	require.Equal(t, 1, lanes(picture()))
	require.Equal(t, 2, lanes(picture(sim.At{Time: 30 * ms, Action: sim.Pause{}}, sim.At{Time: 60 * ms, Action: sim.Resume{}})))
}
