package fault

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// busy sends to everybody every 100 ms, with an effect before and after, and counts what it did.
type busy struct{ Sent int }

func (p *busy) Init(env *sim.Env) { env.After(100*time.Millisecond, "go") }
func (p *busy) Timeout(env *sim.Env, _ any) {
	env.After(100*time.Millisecond, "go")
	env.Note("sending")
	env.Broadcast("hello")
	env.Note("sent")
	p.Sent++
}
func (p *busy) Receive(env *sim.Env, from sim.NodeID, _ sim.Message) { env.Note(from) }
func (p *busy) Clone() sim.Process                                   { c := *p; return &c }

// watcher checks what must hold of every run, and measures how long nodes were down.
type watcher struct {
	t       *testing.T
	down    map[sim.NodeID]bool
	paused  map[sim.NodeID]bool
	since   map[sim.NodeID]sim.Time
	resumed map[sim.NodeID]sim.Time
	total   map[sim.NodeID]time.Duration
	cuts    map[string]sim.Cut
	effects int // since the handler began
}

func watch(t *testing.T) *watcher {
	return &watcher{t: t, down: map[sim.NodeID]bool{}, paused: map[sim.NodeID]bool{}, since: map[sim.NodeID]sim.Time{}, resumed: map[sim.NodeID]sim.Time{},
		total: map[sim.NodeID]time.Duration{}, cuts: map[string]sim.Cut{}}
}

func (w *watcher) Observe(e *sim.Event) {
	if e.Kind.Handler() {
		w.effects = 0
		require.False(w.t, w.down[e.Node], "%v executes though it is down, at %v", e.Node, e.Time)
		require.False(w.t, w.paused[e.Node], "%v executes though it is paused, at %v", e.Node, e.Time)
	}
	switch e.Kind {
	case sim.Send, sim.Note:
		w.effects++
	case sim.Deliver:
		for name, c := range w.cuts {
			if at, ok := w.resumed[e.Node]; ok && at == e.Time {
				break // it may have arrived long ago, and have waited
			}
			require.False(w.t, severs(c, e.From, e.To), "%v was delivered in spite of the cut %s", e.Name(), name)
		}
	case sim.Crashed:
		w.down[e.Node], w.paused[e.Node], w.since[e.Node] = true, false, e.Time
	case sim.Recovered:
		w.down[e.Node] = false
		w.total[e.Node] += e.Time.Sub(w.since[e.Node])
	case sim.Paused:
		w.paused[e.Node] = true
	case sim.Resumed:
		w.paused[e.Node] = false
		w.resumed[e.Node] = e.Time
	case sim.CutMade:
		w.cuts[e.Text] = *e.Cut
	case sim.CutHealed:
		delete(w.cuts, e.Text)
	}
}

func severs(c sim.Cut, from, to sim.NodeID) bool {
	there := slices.Contains(c.From, from) && slices.Contains(c.To, to)
	back := slices.Contains(c.From, to) && slices.Contains(c.To, from)
	return there || back && !c.OneWay
}

func world(f sim.Fault, until sim.Time, observers ...sim.Observer) sim.Config {
	return sim.Config{Seed: 1, Nodes: 4, New: func(sim.NodeID) sim.Process { return &busy{} }, Strict: true,
		Faults: []sim.Fault{f}, Until: until, Observers: observers}
}

func run(t *testing.T, cfg sim.Config) *sim.Result {
	t.Helper()
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	return r
}

// everything has all the laws of the package.
var everything = []Law{
	Renewal{Up: seconds(8), Down: seconds(1)},
	Renewal{Kind: Pause, Up: seconds(8), Down: seconds(.5)},
	Renewal{Kind: Mute, Up: seconds(20), Down: seconds(1)},
	Renewal{Kind: Deafen, Up: seconds(20), Down: seconds(1)},
	Partitions{Shapes: []Shape{Halves, Split, One, OneWay, Bridge}, Up: seconds(10), Down: seconds(3)},
	Flapping{From: []sim.NodeID{0}, To: []sim.NodeID{3}, Up: seconds(5), Down: seconds(.2)},
	WallSteps{Every: seconds(20), By: dist.Normal{SD: 1e9}},
	Once{At: 30 * sec, For: 10 * time.Second, Action: sim.Crash{Node: 2}},
}

// Down time in a run is what the plan says: with up time it is the horizon. Crashed and paused nodes execute nothing,
// and nothing crosses a cut.
func TestPlansInAWorld(t *testing.T) {
	const until = 60 * sec
	plan := draw(t, Model{Laws: everything, Until: until - sec}, 7, 4)
	x := watch(t)
	r := run(t, world(plan.Schedule(), until, x))
	require.Greater(t, r.Stats.Dropped[sim.Partition], uint64(0))
	require.Greater(t, r.Stats.Crashes, uint64(10))
	for node := range sim.NodeID(4) {
		require.False(t, x.down[node] || x.paused[node], "%v at the end", node)
		require.Equal(t, plan.Down(node, until), x.total[node], "%v", node)
		require.Greater(t, x.total[node], time.Duration(0))
	}
	require.Empty(t, x.cuts, "cuts at the end")
}

// A plan read back from its text makes the same run.
func TestAPlansTextReplaysTheRun(t *testing.T) {
	plan := draw(t, Model{Laws: everything, Until: 20 * sec}, 8, 4)
	again, err := ParsePlan(plan.String())
	require.NoError(t, err)
	require.Equal(t, run(t, world(plan.Schedule(), 25*sec)).Digest, run(t, world(again.Schedule(), 25*sec)).Digest)
}

// A crash midway happens after just so many effects, whatever the handler.
func TestMidwayInAWorld(t *testing.T) {
	plan := draw(t, Model{Laws: []Law{Renewal{Kind: Midway, Up: seconds(2), Down: seconds(1), Effects: 4}}, Until: 59 * sec}, 9, 4)
	x := watch(t)
	armed := map[sim.NodeID]int{}
	for _, e := range plan {
		if a, ok := e.Action.(sim.CrashDuring); ok {
			armed[a.Node]++
		}
	}
	seen := map[int]int{}
	cfg := world(plan.Schedule(), 60*sec, x, sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.Crashed {
			seen[x.effects]++
		}
	}))
	r := run(t, cfg)
	for node := range sim.NodeID(4) {
		require.False(t, x.down[node])
		require.Greater(t, armed[node], 5)
	}
	require.Equal(t, uint64(armed[0]+armed[1]+armed[2]+armed[3]), r.Stats.Crashes, "each one crashes its node once")
	for k := range 5 {
		require.NotZero(t, seen[k], "crashes after %d effects", k)
	}
	require.NotContains(t, seen, 5)
}

// A Model in a Config draws its own plan, from the run's seed.
func TestAModelIsAFault(t *testing.T) {
	m := Model{Laws: everything, Until: 20 * sec}
	first, again := run(t, world(m, 25*sec, watch(t))), run(t, world(m, 25*sec, watch(t)))
	require.Equal(t, first.Digest, again.Digest)
	require.NotZero(t, first.Stats.Crashes)
	cfg := world(m, 25*sec)
	cfg.Seed = 2
	require.NotEqual(t, first.Digest, run(t, cfg).Digest)
}

func TestAModelThatIsNotValidPanicsAtTheStart(t *testing.T) {
	require.PanicsWithError(t, "fault: Model.Until is 0s, want later than From, 0s", func() { sim.New(world(Model{}, sec)) })
	require.Panics(t, func() { Model{}.Next(0, sim.View{}, nil) }, "without a world")
}

func TestAModelIsForked(t *testing.T) {
	w, err := sim.New(world(Model{Laws: everything, Until: 20 * sec}, 25*sec))
	require.NoError(t, err)
	require.NoError(t, w.RunUntil(11*sec))
	f, err := w.Fork()
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.NoError(t, f.Run().Err)
	require.Equal(t, w.Digest(), f.Digest())
}
