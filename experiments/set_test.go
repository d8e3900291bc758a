package experiments

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const plainScenario = "protocol: pingpong\nnodes: 2\nnetwork: {loss: 0.5, fifo: true}\nfaults:\n- {kind: crash, node: 0, at: 1s}\n"

func TestSet(t *testing.T) {
	s, err := Read("a.yaml", []byte(plainScenario), "nodes=3", "network.loss=0.25", "faults[0].at=2s", "faults[1]={kind: heal, at: 3s}",
		"params.retry=7ms", "clocks.offset=uniform(-1ms, 1ms)", "network.fifo=null", "about=x = y")
	require.NoError(t, err)
	require.Equal(t, 3, s.Nodes)
	require.Equal(t, 0.25, float64(*s.Network.Loss))
	require.False(t, s.Network.FIFO)
	require.Equal(t, 2*time.Second, time.Duration(*s.Faults[0].At))
	require.Equal(t, "heal", s.Faults[1].Kind)
	require.Equal(t, "uniform(-1ms, 1ms)", s.Clocks.Offset.Text)
	require.Equal(t, "x = y", s.About)

	again, err := s.With("nodes=4")
	require.NoError(t, err)
	require.Equal(t, 4, again.Nodes)
	require.Equal(t, "x = y", again.About)
}

func TestSetErrors(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"network.loss=2", "--set network.loss=2: $.network.loss: got 2, want a probability from 0 to 1\n    network.loss=2\n                 ^"},
		{"network.lost=0", "--set network.lost=0: $.network.lost: got the unknown key lost, want one of"},
		{"nodes", "--set nodes: got no =, want key=value"},
		{"nodes=", "--set nodes=: $.nodes: got nothing, want a value"},
		{"=5", `got "", want a key`},
		{"a..b=5", `got "", want a key`},
		{"faults[x].at=1s", `got "[x]", want an index`},
		{"faults[5].at=1s", "got index 5, want at most 1, one after the last item"},
		{"nodes.x=1", "$.nodes: got 2 there, want a mapping"},
		{"network[0]=1", "$.network: got a mapping there, want a list"},
		{"network.latency=5", "$.network.latency: got 5, a number without a unit"},
		{"network.latency=[", "want valid YAML"},
		{"network.latency=&a 5ms", "an anchor"},
		{"params={rounds: 1, rounds: 2}", "a second time"},
	} {
		t.Run(c.set, func(t *testing.T) {
			_, err := Read("a.yaml", []byte(plainScenario), c.set)
			require.ErrorContains(t, err, c.want)
			require.Contains(t, err.Error(), "--set ")
		})
	}
}

// A scenario that was never wrong stays as it is when an override is.
func TestSetReportsAll(t *testing.T) {
	_, err := Read("a.yaml", []byte("protocol: pingpong\nnodes: 0\n"), "network.loss=2", "duration=1")
	var ps Problems
	require.ErrorAs(t, err, &ps)
	require.Len(t, ps, 3)
}
