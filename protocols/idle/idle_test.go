package idle_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/idle"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

const sec = sim.Time(time.Second)

// config is three nodes of which one is down for a while.
func config() sim.Config {
	return sim.Config{
		Nodes: 3, New: idle.New, Properties: idle.Properties(3), Until: 10 * sec,
		Faults: []sim.Fault{sim.Schedule{{Time: 2 * sec, Action: sim.Crash{Node: 1}}, {Time: 5 * sec, Action: sim.Recover{Node: 1}}}},
	}
}

// Nothing happens but what is done to the nodes.
func Example() {
	w, err := sim.New(config())
	if err != nil {
		panic(err)
	}
	r := w.Run()
	fmt.Println(r.Events, "events,", r.Stats.Sent, "messages,", r.Stats.Timeouts, "timers,", r.Stats.Crashes, "crash")
	// Output: 6 events, 0 messages, 0 timers, 1 crash
}

func TestContract(t *testing.T)      { simtest.TestProcess(t, config()) }
func TestDeterministic(t *testing.T) { simtest.Determinism(t, config()) }
func TestRun(t *testing.T)           { simtest.Run(t, config(), simtest.Options{Runs: 2}) }

// The property tells a node that is down.
func TestOneIsDown(t *testing.T) {
	w, err := sim.New(config())
	require.NoError(t, err)
	all := idle.Properties(3)[0].Check
	require.NoError(t, w.RunUntil(sec))
	require.NoError(t, all(w.View()))
	require.NoError(t, w.RunUntil(3*sec))
	require.EqualError(t, all(w.View()), "n1 is down")
}
