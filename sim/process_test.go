package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// unit is the grain of time in tests: small, so that events meet.
const unit = time.Millisecond

// at returns the time n units after the start.
func at(n int) sim.Time { return sim.Time(n) * sim.Time(unit) }

// acts is a process made of functions; nil ones do nothing.
type acts struct {
	init    func(*sim.Env)
	receive func(*sim.Env, sim.NodeID, sim.Message)
	timeout func(*sim.Env, any)
}

func (a acts) Init(env *sim.Env) {
	if a.init != nil {
		a.init(env)
	}
}

func (a acts) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if a.receive != nil {
		a.receive(env, from, m)
	}
}

func (a acts) Timeout(env *sim.Env, tag any) {
	if a.timeout != nil {
		a.timeout(env, tag)
	}
}

// cast makes the factory of a world whose node i runs roles[i], and idle nodes after those.
func cast(roles ...sim.Process) func(sim.NodeID) sim.Process {
	return func(id sim.NodeID) sim.Process {
		if int(id) < len(roles) {
			return roles[id]
		}
		return acts{}
	}
}

// each makes the factory of a world whose nodes all run p.
func each(p sim.Process) func(sim.NodeID) sim.Process {
	return func(sim.NodeID) sim.Process { return p }
}

func newWorld(tb testing.TB, cfg sim.Config) *sim.World {
	tb.Helper()
	w, err := sim.New(cfg)
	require.NoError(tb, err)
	tb.Cleanup(w.Close)
	return w
}

func run(tb testing.TB, cfg sim.Config) *sim.Result {
	tb.Helper()
	return newWorld(tb, cfg).Run()
}

// recording keeps every event.
type recording struct{ events []sim.Event }

func (r *recording) Observe(e *sim.Event) { r.events = append(r.events, *e) }

// of returns the events of some kinds.
func (r *recording) of(kinds ...sim.Kind) []sim.Event {
	var list []sim.Event
	for _, e := range r.events {
		for _, k := range kinds {
			if e.Kind == k {
				list = append(list, e)
			}
		}
	}
	return list
}

// lines says what happened, an event a line: all that an Event holds.
func (r *recording) lines() []string {
	var lines []string
	for i := range r.events {
		lines = append(lines, line(&r.events[i]))
	}
	return lines
}

func line(e *sim.Event) string {
	return fmt.Sprintf("%d %v %v %v local=%v wall=%v %v->%v#%d.%d %v at=%v link=%d %v %q step=%v %v",
		e.ID, e.Time, e.Kind, e.Node, e.Local, e.Wall, e.From, e.To, e.K, e.Copy, e.Cause, e.At, e.Link, e.Value, e.Text, e.Step, e.Fate)
}

// story is a short form of some events: kind, node and value, in order.
func story(events []sim.Event) string {
	var parts []string
	for _, e := range events {
		parts = append(parts, strings.TrimSuffix(fmt.Sprintf("%v %v %v", e.Kind, e.Node, e.Value), " <nil>"))
	}
	return strings.Join(parts, "; ")
}

// fast runs at twice the speed of time.
type fast struct{}

func (fast) Read(t sim.Time) sim.Local { return sim.Local(2 * t) }
func (fast) When(l sim.Local) sim.Time { return sim.Time((l + 1) / 2) }

// wrapped is a process round another.
type wrapped struct{ sim.Process }

func (w wrapped) Inner() sim.Process { return w.Process }

func TestWrappedProcessesAreSeenAndStopped(t *testing.T) {
	unwound := 0
	inner := sim.Script(func(l *sim.Line) {
		defer func() { unwound++ }()
		l.Receive()
	})
	w := newWorld(t, sim.Config{Nodes: 1, New: each(wrapped{wrapped{inner}})})
	require.NoError(t, w.RunUntil(0))
	require.Same(t, inner, w.View().Process(0))
	require.NoError(t, w.Act(sim.Crash{}))
	require.Equal(t, 1, unwound)
}
