package checkpoint_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/checkpoint"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

const hour = sim.Time(time.Hour)

var job = checkpoint.Config{Work: 5 * time.Hour, Every: 2 * time.Hour, Cost: 6 * time.Minute, Restart: 30 * time.Minute}

// config is one job, with a crash at each of the given times and a minute down.
func config(crashes ...sim.Time) sim.Config {
	var s sim.Schedule
	for _, t := range crashes {
		s = append(s, sim.At{Time: t, Action: sim.Crash{Node: 0}}, sim.At{Time: t + sim.Time(time.Minute), Action: sim.Recover{Node: 0}})
	}
	return sim.Config{Nodes: 1, New: checkpoint.New(job), Properties: checkpoint.Properties(1), Until: 30 * hour, Faults: []sim.Fault{s}}
}

// finished runs until the job is done and returns when that was, 0 for never.
func finished(cfg sim.Config) sim.Time {
	var at sim.Time
	cfg.Observers = append(cfg.Observers, sim.ObserverFunc(func(e *sim.Event) {
		if _, ok := e.Value.(checkpoint.Finished); ok && e.Kind == sim.Note && at == 0 {
			at = e.Time
		}
	}))
	w, err := sim.New(cfg)
	if err != nil {
		panic(err)
	}
	if r := w.Run(); r.Err != nil {
		panic(r.Err)
	}
	return at
}

// Five hours of work in pieces of two cost three checkpoints. A crash loses what was done since the last.
func Example() {
	fmt.Println("no crash:", finished(config()))
	fmt.Println("a crash after 3h:", finished(config(3*hour)))
	// Output:
	// no crash: 5h18m0s
	// a crash after 3h: 6h43m0s
}

func TestContract(t *testing.T)      { simtest.TestProcess(t, config(3*hour, 4*hour)) }
func TestDeterministic(t *testing.T) { simtest.Determinism(t, config(3*hour, 4*hour)) }
func TestRun(t *testing.T)           { simtest.Run(t, config(3*hour), simtest.Options{Runs: 2}) }

// When the job ends, by hand: crashes at work, while it saves, while it restarts, and when it is done.
func TestCompletion(t *testing.T) {
	const minute = hour / 60
	for _, c := range []struct {
		name    string
		crashes []sim.Time
		want    sim.Time
	}{
		{"at work", []sim.Time{hour}, hour + 31*minute + 318*minute},
		{"while it saves", []sim.Time{2*hour + 5*minute}, 125*minute + 31*minute + 318*minute},
		{"just after it saved", []sim.Time{2*hour + 7*minute}, 127*minute + 31*minute + (318-126)*minute},
		{"while it restarts", []sim.Time{hour, hour + 20*minute}, 80*minute + 31*minute + 318*minute},
		{"when it is done", []sim.Time{6 * hour}, 318 * minute},
	} {
		require.Equal(t, c.want, finished(config(c.crashes...)), c.name)
	}
}

func TestErrors(t *testing.T) {
	err := checkpoint.Config{Cost: -1, Every: time.Hour}.Validate()
	require.EqualError(t, err, "checkpoint: Config.Work is 0s, want more than 0\ncheckpoint: Config.Cost is -1ns, want at least 0")
}

// One that does not read what it saved begins anew: the property tells.
func TestPropertyTells(t *testing.T) {
	cfg := config(3 * hour)
	cfg.New = func(sim.NodeID) sim.Process { return &forgetful{checkpoint.Process{Config: job}} }
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.ErrorContains(t, w.Run().Err, "n0 is at 0s, and has saved 2h0m0s")
}

type forgetful struct{ checkpoint.Process }

func (f *forgetful) Init(env *sim.Env) {
	if env.Incarnation() == 0 {
		f.Process.Init(env)
	}
}
