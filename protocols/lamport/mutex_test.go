package lamport_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/lamport"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

var busy = lamport.MutexParams{Entries: 4, Think: 20 * time.Millisecond, Hold: 3 * time.Millisecond}

func mutexConfig(nodes int, params lamport.MutexParams, network sim.Network) sim.Config {
	return sim.Config{
		Nodes:      nodes,
		New:        func(sim.NodeID) sim.Process { return lamport.NewMutex(params) },
		Network:    network,
		Properties: lamport.MutexProperties(),
	}
}

func TestMutexKeepsThePapersConditions(t *testing.T) {
	simtest.Run(t, mutexConfig(5, busy, sim.ConstantDelay(5*time.Millisecond)), simtest.Options{})
}

// N-1 requests, N-1 acknowledgements and N-1 releases an entry, contended or not.
func TestMutexMessageCount(t *testing.T) {
	for nodes := 1; nodes <= 8; nodes++ {
		t.Run(fmt.Sprint(nodes), func(t *testing.T) {
			cfg := mutexConfig(nodes, busy, sim.ConstantDelay(5*time.Millisecond))
			cfg.Properties = nil
			w, err := sim.New(cfg)
			require.NoError(t, err)
			r := w.Run()
			require.NoError(t, r.Err)
			entries := nodes * busy.Entries
			require.EqualValues(t, 3*(nodes-1)*entries, r.Stats.Sent)
		})
	}
}

// An entry that nobody contends for takes one round trip: request and acknowledgement.
func TestMutexUncontendedEntryTakesARoundTrip(t *testing.T) {
	const delay = 5 * time.Millisecond
	only := func(id sim.NodeID) sim.Process {
		p := busy
		p.Entries = 0
		if id == 2 {
			p.Entries = 1
		}
		return lamport.NewMutex(p)
	}
	var asked, entered sim.Time
	w, err := sim.New(sim.Config{Nodes: 4, New: only, Network: sim.ConstantDelay(delay), Observers: []sim.Observer{
		sim.ObserverFunc(func(e *sim.Event) {
			switch {
			case e.Kind == sim.Send && asked == 0:
				asked = e.Time
			case e.Kind == sim.Note && e.Value == "enter":
				entered = e.Time
			}
		})}})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.Equal(t, 2*delay, entered.Sub(asked))
}

// Where messages of one link overtake each other, an acknowledgement arrives before the request that was sent before
// it, and two processes hold the resource at once: the algorithm needs FIFO links.
func TestMutexNeedsFIFO(t *testing.T) {
	fell := 0
	for seed := uint64(1); seed <= 20; seed++ {
		cfg := mutexConfig(5, busy, jitter{time.Millisecond, 60 * time.Millisecond})
		cfg.Seed = seed
		w, err := sim.New(cfg)
		require.NoError(t, err)
		if r := w.Run(); r.Verdict == sim.Violation && strings.Contains(r.Err.Error(), "one holder at a time") {
			fell++
		}
	}
	require.Positive(t, fell, "no seed of 20 broke mutual exclusion without FIFO")
}

// One process that is down stops all others, for ever.
func TestMutexOneCrashStopsEverybody(t *testing.T) {
	cfg := mutexConfig(3, busy, sim.ConstantDelay(time.Millisecond))
	cfg.Faults = []sim.Fault{sim.Schedule{{Time: 0, Action: sim.Crash{Node: 1}}}}
	cfg.Until = sim.Time(10 * time.Second)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.Equal(t, sim.Liveness, w.Run().Verdict)
	for _, id := range []sim.NodeID{0, 2} {
		p := w.View().Process(id).(*lamport.Mutex)
		require.Zero(t, p.Entered)
		require.Equal(t, lamport.Waiting, p.State)
	}
}

// Rule 5 wants something later from everybody, not only from those who asked.
func TestMutexHandlers(t *testing.T) {
	p := lamport.NewMutex(busy)
	r := simtest.Record(t, p, 0, 3)
	r.Init()
	asked := r.Timeout(nil)
	require.Equal(t, []simtest.Sent{{To: 1, Message: lamport.Request{Time: 1}}, {To: 2, Message: lamport.Request{Time: 1}}}, asked.Sends)

	// Process 1 asked at the same logical time; process 0 comes first by its name, and answers.
	did := r.Receive(1, lamport.Request{Time: 1})
	require.Equal(t, []simtest.Sent{{To: 1, Message: lamport.Acknowledge{Time: 3}}}, did.Sends)
	require.Equal(t, lamport.Waiting, p.State, "1@n1 is later than 1@n0, but process 2 has said nothing yet")
	require.Equal(t, []any{"enter"}, r.Receive(2, lamport.Acknowledge{Time: 2}).Notes)
	require.Equal(t, lamport.Holding, p.State)
}

func TestMutexScripts(t *testing.T) {
	simtest.Scripts(t, "testdata", func(int, []string) (sim.Config, error) {
		params := lamport.MutexParams{Entries: 1, Hold: 5 * time.Millisecond}
		return mutexConfig(0, params, sim.ConstantDelay(10*time.Millisecond)), nil
	})
}

func TestMutexContract(t *testing.T) {
	simtest.TestProcess(t, mutexConfig(3, busy, sim.ConstantDelay(5*time.Millisecond)))
}

func TestMutexParamsReportEverything(t *testing.T) {
	err := lamport.MutexParams{Entries: -1, Think: -1, Hold: -1}.Validate()
	require.Error(t, err)
	require.Len(t, strings.Split(err.Error(), "\n"), 3)
}
