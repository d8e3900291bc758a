package clock

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/simtest"
)

// echo sends itself to the next node, boxed or not, and counts what it gets.
type echo struct {
	boxed, words, timers int
	took                 []sim.Local
}

type wordEcho struct{ echo }

func (p *echo) Init(env *sim.Env) { env.After(time.Second, []string{"a tag", "that does not compare"}) }
func (p *echo) Timeout(env *sim.Env, tag any) {
	p.timers++
	p.took = append(p.took, env.Now())
	env.Send((env.ID()+1)%sim.NodeID(env.Nodes()), "hello")
	env.SendWords((env.ID()+1)%sim.NodeID(env.Nodes()), sim.Words{A: 7})
}
func (p *echo) Receive(_ *sim.Env, _ sim.NodeID, m sim.Message) {
	switch m.(type) {
	case string, sim.Words:
		p.boxed++
	default:
		panic("what is this?")
	}
}
func (p *echo) Clone() sim.Process { c := *p; return &c }

func (p *wordEcho) ReceiveWords(_ *sim.Env, _ sim.NodeID, w sim.Words) { p.words += int(w.A) }

// All that is not the synchronisation's goes to the process inside.
func TestTheInnerProcessSeesWhatIsItsOwn(t *testing.T) {
	plain, unboxed := &echo{}, &wordEcho{}
	w, err := sim.New(sim.Config{
		Nodes: 2, Strict: true, Until: sim.Time(10 * time.Second),
		New: func(id sim.NodeID) sim.Process {
			if id == 0 {
				return Sync{Every: 300 * ms}.Process(plain)
			}
			return Sync{Every: 300 * ms}.Process(unboxed)
		},
	})
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.Equal(t, echo{boxed: 2, timers: 1, took: []sim.Local{sim.Local(time.Second)}}, *plain)
	require.Equal(t, wordEcho{echo{boxed: 1, words: 7, timers: 1, took: []sim.Local{sim.Local(time.Second)}}}, *unboxed)
}

func TestBadgeIsThatOfTheInnerProcess(t *testing.T) {
	role, _ := Sync{}.Process(&idle{}).Badge()
	require.Equal(t, "idle", role)
	role, text := Sync{}.Process(&echo{}).Badge()
	require.Empty(t, role+text)
}

func jittery(seed uint64) sim.Config {
	spec := Spec{Steps: []Step{{At: sim.Time(20 * time.Second), By: -time.Second}}}
	return sim.Config{
		Seed: seed, Nodes: 4, New: synced(Sync{Method: NTP, Every: time.Second, Slew: 500 * PPM}, 0), Network: uniform(ms, 80*ms),
		Clock: spec.Clock, Strict: true, Until: sim.Time(time.Minute),
	}
}

func TestSyncedKeepsTheContractOfAProcess(t *testing.T) {
	for _, m := range []Method{Cristian, NTP} {
		cfg := jittery(1)
		cfg.New = synced(Sync{Method: m, Every: time.Second, Slew: 500 * PPM}, 700*ms)
		cfg.Network = route(func(_ *sim.Packet, r *sim.Rand) []time.Duration {
			return []time.Duration{r.Duration(ms, 80*ms), r.Duration(ms, time.Second)}[r.IntN(3)*2/3:]
		})
		simtest.TestProcess(t, cfg)
	}
}

func TestSameSeedSameDigest(t *testing.T) {
	first, _ := run(t, jittery(1))
	again, _ := run(t, jittery(1))
	other, _ := run(t, jittery(2))
	require.Equal(t, first.Digest, again.Digest)
	require.NotEqual(t, first.Digest, other.Digest)
}

// A fork in mid-run, and what it was forked from, go on alike: clones share no state.
func TestForkGoesOnAlike(t *testing.T) {
	w, err := sim.New(jittery(1))
	require.NoError(t, err)
	require.NoError(t, w.RunUntil(sim.Time(25*time.Second)))
	f, err := w.Fork()
	require.NoError(t, err)
	require.NoError(t, f.Run().Err)
	require.NoError(t, w.Run().Err)
	straight, _ := run(t, jittery(1))
	require.Equal(t, straight.Digest, f.Digest())
	require.Equal(t, straight.Digest, w.Digest())
}

func TestAForkNeedsAnInnerProcessThatClones(t *testing.T) {
	w, err := sim.New(sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return Sync{}.Process(sim.Script(func(*sim.Line) {})) }})
	require.NoError(t, err)
	require.True(t, w.Step())
	_, err = w.Fork()
	require.Error(t, err)
}

func TestSyncValidateReportsAllProblems(t *testing.T) {
	err := Sync{Method: 9, Server: 5, Every: -1, Timeout: -2, Tries: -3, Slew: -4}.Validate(5)
	require.EqualError(t, err, "clock: Sync.Method is 9, want Cristian or NTP\n"+
		"clock: Sync.Server is n5, want n0 to n4\n"+
		"clock: Sync.Every is -1ns, want 0 or more\n"+
		"clock: Sync.Timeout is -2ns, want 0 or more\n"+
		"clock: Sync.Tries is -3, want 1 or more, or 0 for the default\n"+
		"clock: Sync.Slew is -0.004ppm, want 0ppm to 999999.999ppm")
	require.EqualError(t, Sync{Every: time.Second, Timeout: 400 * ms}.Validate(5),
		"clock: Sync.Timeout is 400ms, want 1ns to 333.333333ms: 3 tries must fit in Every, 1s")
	require.EqualError(t, Sync{Slew: 1, SlewEvery: ms}.Validate(5),
		"clock: Sync.SlewEvery is 1ms, want at least 1s for a Slew of 0.001ppm: less moves the clock by nothing")
	require.Error(t, Sync{Method: NTP, MaxError: ms}.Validate(5))
	require.Error(t, Sync{Every: 2, Tries: 3}.Validate(5))
	require.NoError(t, Sync{Slew: 1, SlewEvery: time.Second}.Validate(1))
	require.Panics(t, func() { Sync{Server: -1}.Process(&idle{}) })
}

func TestMethodNames(t *testing.T) {
	for _, m := range []Method{Cristian, NTP} {
		got, ok := ParseMethod(m.String())
		require.True(t, ok)
		require.Equal(t, m, got)
	}
	_, ok := ParseMethod("sundial")
	require.False(t, ok)
}
