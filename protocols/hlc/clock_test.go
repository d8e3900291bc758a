package hlc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/hlc"
	"lightcone/protocols/traffic"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// The four branches of figure 5's receive event, and both of its send or local event.
func TestFigure5(t *testing.T) {
	at := func(l sim.Local, c uint64) hlc.Timestamp { return hlc.Timestamp{L: l, C: c} }
	started := func() *hlc.Clock { // l.j = 10, c.j = 2
		var j hlc.Clock
		j.Tick(10)
		j.Tick(10)
		j.Tick(10)
		return &j
	}
	require.Equal(t, at(10, 2), started().Last())
	cases := []struct {
		name string
		do   func(*hlc.Clock) hlc.Timestamp
		want hlc.Timestamp
	}{
		{"local, clock ahead", func(j *hlc.Clock) hlc.Timestamp { return j.Tick(11) }, at(11, 0)},
		{"local, clock behind", func(j *hlc.Clock) hlc.Timestamp { return j.Tick(9) }, at(10, 3)},
		{"receive, l'.j = l.m, c.m greater", func(j *hlc.Clock) hlc.Timestamp { return j.Receive(9, at(10, 5)) }, at(10, 6)},
		{"receive, l'.j = l.m, c.j greater", func(j *hlc.Clock) hlc.Timestamp { return j.Receive(10, at(10, 1)) }, at(10, 3)},
		{"receive, l'.j greatest", func(j *hlc.Clock) hlc.Timestamp { return j.Receive(9, at(8, 7)) }, at(10, 3)},
		{"receive, l.m greatest", func(j *hlc.Clock) hlc.Timestamp { return j.Receive(9, at(12, 7)) }, at(12, 8)},
		{"receive, clock greatest", func(j *hlc.Clock) hlc.Timestamp { return j.Receive(13, at(12, 7)) }, at(13, 0)},
		{"receive, clock = l.m", func(j *hlc.Clock) hlc.Timestamp { return j.Receive(12, at(12, 7)) }, at(12, 8)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.do(started())) })
	}
}

func TestWallClocksMayShowLessThanZero(t *testing.T) {
	var j, k hlc.Clock
	require.Equal(t, hlc.Timestamp{L: -50}, j.Tick(-50))
	require.Equal(t, hlc.Timestamp{L: -50, C: 1}, k.Receive(-70, j.Last()))
	require.Equal(t, hlc.Timestamp{L: -60}, new(hlc.Clock).Receive(-60, hlc.Timestamp{L: -80, C: 4}))
}

const eps = 30 * time.Millisecond

// apart is a clock whose wall reading is off by a constant.
type apart struct {
	sim.PerfectClock
	by time.Duration
}

func (a apart) Wall(t sim.Time) sim.Local { return sim.Local(t.Add(a.by)) }

// config has wall clocks at most eps apart: one is right, one slow by eps, one slow by eps/3.
func config(network sim.Network) sim.Config {
	params := traffic.Params{Interval: 10 * time.Millisecond, LocalShare: 0.3}
	return sim.Config{
		Nodes: 3,
		New:   func(sim.NodeID) sim.Process { return hlc.NewTraffic(params) },
		Clock: func(id sim.NodeID, _ *sim.Rand) sim.Clock {
			return apart{by: []time.Duration{0, -eps, -eps / 3}[id]}
		},
		Network:    network,
		Until:      sim.Time(time.Second),
		Properties: hlc.TrafficProperties(),
	}
}

// leads returns l - pt at each event of a run.
func leads(t *testing.T, cfg sim.Config) (leads []time.Duration) {
	cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.Note {
			leads = append(leads, e.Value.(hlc.Timestamp).L.Sub(e.Wall))
		}
	})}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.NotEmpty(t, leads)
	return leads
}

// 0 <= l - pt <= eps, and a message from the fastest clock to the slowest that takes no time reaches the bound. With a
// delay d it is eps - d.
func TestLeadIsWithinTheClockErrorAndReachesIt(t *testing.T) {
	for _, delay := range []time.Duration{0, 10 * time.Millisecond, eps} {
		t.Run(delay.String(), func(t *testing.T) {
			var most time.Duration
			for _, lead := range leads(t, config(sim.ConstantDelay(delay))) {
				require.GreaterOrEqual(t, lead, time.Duration(0))
				most = max(most, lead)
			}
			require.Equal(t, eps-delay, most)
		})
	}
}

// Steps of a wall clock, back and forth, take neither the order nor the property that l is a wall reading.
func TestStampsFollowHappenedBeforeDespiteSteps(t *testing.T) {
	cfg := config(sim.ConstantDelay(5 * time.Millisecond))
	at := func(d time.Duration, node sim.NodeID, by time.Duration) sim.At {
		return sim.At{Time: sim.Time(d), Action: sim.StepWall{Node: node, By: by}}
	}
	cfg.Faults = []sim.Fault{sim.Schedule{
		at(100*time.Millisecond, 0, -80*time.Millisecond),
		at(300*time.Millisecond, 1, 200*time.Millisecond),
		at(400*time.Millisecond, 1, -200*time.Millisecond),
	}}
	back := 0
	last := map[sim.NodeID]sim.Local{}
	cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.Note {
			if e.Wall < last[e.Node] {
				back++
			}
			last[e.Node] = e.Wall
		}
	})}
	simtest.Run(t, cfg, simtest.Options{Runs: 5})
	require.Positive(t, back, "no event saw its wall clock step back")
}

// c counts the events of one l: between two ticks of every wall clock there can be many, and then c grows.
func TestCounterGrowsWhileClocksStandStill(t *testing.T) {
	var j hlc.Clock
	for range 1000 {
		j.Tick(5)
	}
	require.Equal(t, hlc.Timestamp{L: 5, C: 999}, j.Last())
}

func TestContract(t *testing.T) {
	simtest.TestProcess(t, config(sim.ConstantDelay(5*time.Millisecond)))
}
func TestDeterminism(t *testing.T) {
	simtest.Determinism(t, config(sim.ConstantDelay(5*time.Millisecond)))
}

// invented is a clock that is ahead of every wall clock.
type invented struct{}

func (invented) Local(env *sim.Env) hlc.Timestamp                      { return hlc.Timestamp{L: env.Wall() + 1e9} }
func (i invented) Send(env *sim.Env) hlc.Timestamp                     { return i.Local(env) }
func (i invented) Receive(env *sim.Env, _ hlc.Timestamp) hlc.Timestamp { return i.Local(env) }
func (i invented) Clone() traffic.Clock[hlc.Timestamp]                 { return i }

// A message with an invented l is believed by its receiver, and the property catches it there.
func TestReadingsOfNoClockAreCaught(t *testing.T) {
	cfg := config(sim.ConstantDelay(0))
	usual := cfg.New
	cfg.New = func(id sim.NodeID) sim.Process {
		p := usual(id).(*traffic.Process[hlc.Timestamp])
		if id == 2 {
			p.Clock, p.Before = invented{}, nil
		}
		return p
	}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.Equal(t, sim.Violation, r.Verdict)
	require.ErrorContains(t, r.Err, "l is a wall reading")
}
