package clock

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// route is a network whose delays a test chooses, copy by copy.
type route func(p *sim.Packet, r *sim.Rand) []time.Duration

func (f route) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	delays := f(p, r)
	if len(delays) == 0 {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	for _, d := range delays {
		dst = append(dst, sim.Copy{Delay: d})
	}
	return dst
}

// ways is a network that takes there to the server, n0, and back from it.
func ways(there, back time.Duration) route {
	return func(p *sim.Packet, _ *sim.Rand) []time.Duration {
		if p.To == 0 {
			return []time.Duration{there}
		}
		return []time.Duration{back}
	}
}

// uniform is a network with independent one-way delays.
func uniform(lo, hi time.Duration) route {
	return func(_ *sim.Packet, r *sim.Rand) []time.Duration { return []time.Duration{r.Duration(lo, hi)} }
}

// idle is a process that does nothing but tick, so that properties are looked at often.
type idle struct{ every time.Duration }

func (p *idle) Init(env *sim.Env) {
	if p.every > 0 {
		env.After(p.every, "tick")
	}
}
func (p *idle) Timeout(env *sim.Env, _ any)               { env.After(p.every, "tick") }
func (p *idle) Receive(*sim.Env, sim.NodeID, sim.Message) { panic("idle process got a message") }
func (p *idle) Clone() sim.Process                        { c := *p; return &c }
func (p *idle) Badge() (string, string)                   { return "idle", "" }
func synced(s Sync, tick time.Duration) func(sim.NodeID) sim.Process {
	return func(sim.NodeID) sim.Process { return s.Process(&idle{tick}) }
}

// clockOf gives each node a clock, the server n0 a perfect one.
func clockOf(clocks ...sim.Clock) func(sim.NodeID, *sim.Rand) sim.Clock {
	return func(id sim.NodeID, _ *sim.Rand) sim.Clock {
		if id == 0 {
			return Perfect{}
		}
		return clocks[int(id-1)%len(clocks)]
	}
}

// readings collects what the clients note, and how wrong their wall clocks are after each.
type readings struct {
	notes  []Correction
	errors []time.Duration // wall time - true time after each step
	sent   map[sim.NodeID]int
	asked  []sim.Time
}

func (x *readings) Observe(e *sim.Event) {
	switch v := e.Value.(type) {
	case Correction:
		x.notes = append(x.notes, v)
	case Query:
		if e.Kind == sim.Send {
			x.sent[e.Node]++
			x.asked = append(x.asked, e.Time)
		}
	}
	if e.Kind == sim.WallStepped {
		x.errors = append(x.errors, time.Duration(e.Wall)-time.Duration(e.Time))
	}
}

func run(t *testing.T, cfg sim.Config) (*sim.Result, *readings) {
	t.Helper()
	x := &readings{sent: map[sim.NodeID]int{}}
	cfg.Observers = append(cfg.Observers, x)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	return r, x
}

// With one-way delays U(5,15) ms the error of Cristian's algorithm has mean 0 and standard deviation sqrt(2*10^2/12)/2
// = 2.0412 ms, and is never above half the round trip less the least delay.
func TestCristianErrorFollowsItsLaw(t *testing.T) {
	const n = 10_000
	_, x := run(t, sim.Config{
		Seed: 1, Nodes: 2, New: synced(Sync{Every: time.Second, Tries: 1}, 0),
		Network: uniform(5*ms, 15*ms), Clock: clockOf(Offset(time.Second)), Until: sim.Time(n * time.Second),
	})
	require.Len(t, x.errors, n)
	var sum, squares, worst float64
	for i, e := range x.errors {
		require.LessOrEqual(t, e.Abs(), CristianBound(x.notes[i].Delay, 5*ms), "reading %d", i)
		sum += e.Seconds()
		squares += e.Seconds() * e.Seconds()
		worst = max(worst, e.Abs().Seconds())
	}
	sd := math.Sqrt(100.0/12*2) / 2 / 1000
	require.InDelta(t, 2.0412e-3, sd, 5e-8)
	require.InDelta(t, 0, sum/n, 4*sd/math.Sqrt(n))
	// The error is triangular, of kurtosis 2.4: the sample's sd has a standard error of sd * sqrt((2.4-1)/(4n)).
	require.InDelta(t, sd, math.Sqrt(squares/n), 4*sd*math.Sqrt(1.4/(4*n)))
	require.Greater(t, worst, 0.0045, "the bound of 5 ms is approached")
}

// When all the uncertainty is on one way, Cristian's algorithm is as wrong as its bound allows.
func TestCristianReachesItsBound(t *testing.T) {
	for _, c := range []struct{ there, back time.Duration }{{15 * ms, 5 * ms}, {5 * ms, 15 * ms}} {
		_, x := run(t, sim.Config{
			Nodes: 2, New: synced(Sync{Every: time.Second}, 0), Network: ways(c.there, c.back),
			Clock: clockOf(Offset(-time.Hour)), Until: sim.Time(3 * time.Second),
		})
		require.Equal(t, CristianBound(20*ms, 5*ms), x.errors[0].Abs())
		require.Equal(t, AsymmetryError(c.there, c.back), x.errors[0])
	}
}

func TestNTPOverAnAsymmetricNetwork(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 3, New: synced(Sync{Method: NTP, Every: time.Second}, 0), Network: ways(30*ms, 10*ms),
		Clock: clockOf(Offset(-time.Hour), Offset(time.Minute)), Until: sim.Time(30 * time.Second),
	})
	require.NotEmpty(t, x.errors)
	for _, e := range x.errors {
		require.Equal(t, 10*ms, e)
	}
}

// With one-way delays U(a, a+w) the error of one exchange has mean square w^2/24. Given that it took 2a + s, with s <=
// w, it is uniform on +-s/2, of mean square s^2/12; and s^2/2w^2 of the quickest of eight is the least of eight uniform
// numbers, of mean 1/9 (but for s > w: one in 256). Hence 2w^2/9/12 for the filter.
func TestFilterBeatsSingleReadings(t *testing.T) {
	const n, w = 20_000, 0.045
	meanSquare := func(m Method) float64 {
		var sum float64
		run(t, sim.Config{
			Seed: 3, Nodes: 2, New: synced(Sync{Method: m, Every: time.Second}, 0), Network: uniform(5*ms, 50*ms),
			Clock: clockOf(Offset(5 * ms)), Until: sim.Time(n*time.Second) - 1,
			Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
				if _, ok := e.Value.(Query); ok && e.Kind == sim.Send { // once a second
					wrong := time.Duration(e.Wall).Seconds() - time.Duration(e.Time).Seconds()
					sum += wrong * wrong
				}
			})},
		})
		return sum / n
	}
	// Four standard errors: of independent readings with E[x^4] = 12/5 E[x^2]^2, and of some n/16 readings with 3.24
	// E[x^2]^2.
	require.InEpsilon(t, w*w/24, meanSquare(Cristian), 4*math.Sqrt(1.4/n))
	require.InEpsilon(t, w*w*2/9/12, meanSquare(NTP), 4*math.Sqrt(2.24*16/n))
}

// When somebody else steps the clock, the filter still holds samples of the time before; after eight polls it has none.
func TestFilterGetsOverASteppedClock(t *testing.T) {
	step := sim.Schedule{{Time: sim.Time(100500 * ms), Action: sim.StepWall{Node: 1, By: -time.Hour}}}
	polls := 0
	run(t, sim.Config{
		Seed: 4, Nodes: 2, New: synced(Sync{Method: NTP, Every: time.Second}, 0), Network: uniform(5*ms, 50*ms),
		Faults: []sim.Fault{step}, Until: sim.Time(200 * time.Second),
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			if _, ok := e.Value.(Query); ok && e.Kind == sim.Send && e.Time > sim.Time(109500*ms) {
				polls++
				require.LessOrEqual(t, (time.Duration(e.Wall) - time.Duration(e.Time)).Abs(), CristianBound(100*ms, 5*ms))
			}
		})},
	})
	require.Equal(t, 91, polls)
}

// Skew between two clocks at rates 1 +- rho, resynchronised every P of their own time over a network that is as
// asymmetric for one as for the other: eps + 2 rho P, reached up to effects of second order in rho.
func TestSkewBoundOverTheNetwork(t *testing.T) {
	const rho, every, tick = 100 * PPM, 10 * time.Second, ms
	var worst time.Duration
	_, x := run(t, sim.Config{
		Nodes: 3, New: synced(Sync{Every: every}, tick),
		Network: route(func(p *sim.Packet, _ *sim.Rand) []time.Duration {
			if p.From == 1 || p.To == 2 {
				return []time.Duration{15 * ms} // n1 to n0, n0 to n2
			}
			return []time.Duration{5 * ms}
		}),
		Clock: clockOf(Drift{By: rho}, Drift{By: -rho}), Until: sim.Time(45 * time.Second),
		Properties: []sim.Property{{Name: "skew", Check: func(v sim.View) error {
			if v.Now() > sim.Time(time.Second) {
				worst = max(worst, v.Wall(1).Sub(v.Wall(2)))
			}
			return nil
		}}},
	})
	require.NotEmpty(t, x.errors)
	// One is 5 ms ahead, the other 5 ms behind; each measures 10 ms with its own clock.
	const eps = 10*ms + 2*time.Microsecond
	period := Drift{By: -rho}.When(sim.Local(every)).Sub(0)
	require.LessOrEqual(t, worst, SkewBound(eps, rho, period))
	// What is lost: the clocks resynchronise at slightly different times, and are looked at every tick only.
	require.GreaterOrEqual(t, worst, SkewBound(eps, rho, every-tick-2*ms)-5*time.Microsecond)
}

// Each poll takes as many tries as allowed, and no more; what arrives in time is believed.
func TestLostExchangesAreTriedAgain(t *testing.T) {
	const polls = 2000
	lossy := route(func(_ *sim.Packet, r *sim.Rand) []time.Duration {
		if r.Bool(0.5) {
			return nil
		}
		return []time.Duration{ms}
	})
	_, x := run(t, sim.Config{
		Seed: 4, Nodes: 2, New: synced(Sync{Every: time.Second, Tries: 3}, 0), Network: lossy,
		Until: sim.Time(polls*time.Second) - 1,
	})
	// An exchange succeeds with probability 1/4; a poll with 1 - (3/4)^3, after 1 + 3/4 + 9/16 tries on average.
	success, tries := 1-27.0/64, 1+3.0/4+9.0/16
	require.InDelta(t, success, float64(len(x.notes))/polls, 4*math.Sqrt(success*(1-success)/polls))
	require.InDelta(t, tries, float64(x.sent[1])/polls, 4/math.Sqrt(polls)) // a poll's tries have a variance below 1
}

func TestLateRepliesAreIgnored(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: time.Second, Timeout: 100 * ms, Tries: 2}, 0), Network: ways(50*ms, 51*ms),
		Clock: clockOf(Offset(time.Second)), Until: sim.Time(10*time.Second) - 1,
	})
	require.Empty(t, x.notes)
	require.Equal(t, 20, x.sent[1])
}

// The last try of a poll is given up when the next poll is due, and is not taken for a try of that.
func TestTriesThatFillThePeriod(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: 300 * ms, Timeout: 100 * ms, Tries: 3}, 0), Until: sim.Time(3*time.Second) - 1,
		Network: route(func(*sim.Packet, *sim.Rand) []time.Duration { return nil }),
	})
	require.Len(t, x.asked, 30)
	for i, at := range x.asked {
		require.Equal(t, sim.Time(i)*sim.Time(100*ms), at)
	}
}

func TestDuplicatesAreIgnored(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: time.Second}, 0), Until: sim.Time(10*time.Second) - 1,
		Network: route(func(*sim.Packet, *sim.Rand) []time.Duration { return []time.Duration{2 * ms, 20 * ms, 700 * ms} }),
		Clock:   clockOf(Offset(time.Second)),
	})
	require.Len(t, x.notes, 10)
	for _, e := range x.errors {
		require.Zero(t, e, "the first copies are symmetric")
	}
}

// Cristian's probabilistic reading: only readings with a small enough bound are believed.
func TestMaxErrorRejectsSlowExchanges(t *testing.T) {
	_, x := run(t, sim.Config{
		Seed: 5, Nodes: 2, New: synced(Sync{Every: time.Second, Least: 5 * ms, MaxError: 2 * ms}, 0),
		Network: uniform(5*ms, 15*ms), Clock: clockOf(Offset(time.Second)), Until: sim.Time(300 * time.Second),
	})
	require.NotEmpty(t, x.errors)
	for i, e := range x.errors {
		require.LessOrEqual(t, x.notes[i].Delay, 14*ms) // 14/2 - 5 = 2
		require.LessOrEqual(t, e.Abs(), 2*ms)
	}
}

// A slew takes steps of Slew * SlewEvery, and ends exactly where a step would have ended.
func TestSlewIsGradualAndComplete(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: 60 * time.Second, Slew: 500 * PPM, SlewEvery: 100 * ms}, 0), Network: ways(ms, ms),
		Clock: clockOf(Offset(-1020 * time.Microsecond)), Until: sim.Time(50 * time.Second),
	})
	require.Equal(t, []Correction{{By: 1020 * time.Microsecond, Delay: 2 * ms, Slewed: true}}, x.notes)
	require.Len(t, x.errors, 21, "1020 us in steps of 50 us")
	for i, e := range x.errors {
		require.Equal(t, min(time.Duration(i+1)*50*time.Microsecond-1020*time.Microsecond, 0), e)
	}
}

// However often it is told how far it has to go, a slew is no faster than it may be.
func TestSlewKeepsItsRate(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: 100 * ms, Slew: 500 * PPM, SlewEvery: 10 * ms}, 0), Network: ways(ms, ms),
		Clock: clockOf(Offset(-100 * ms)), Until: sim.Time(10*time.Second + 5*ms),
	})
	require.Len(t, x.errors, 1000)
	require.Equal(t, -95*ms, x.errors[999])
}

// A step replaces what an earlier slew had left.
func TestAStepEndsASlew(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: 10 * time.Second, Slew: 500 * PPM}, 0), Network: ways(ms, ms),
		Clock: clockOf(Offset(-100 * ms)), Until: sim.Time(29 * time.Second),
		Faults: []sim.Fault{sim.Schedule{{Time: sim.Time(15 * time.Second), Action: sim.StepWall{Node: 1, By: time.Hour}}}},
	})
	require.False(t, x.notes[2].Slewed)
	require.Zero(t, x.errors[len(x.errors)-1], "the step to the right time was the last one")
}

func TestLargeOffsetsAreSteppedInSpiteOfSlew(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Method: NTP, Slew: 500 * PPM}, 0), Network: ways(ms, ms),
		Clock: clockOf(Offset(129 * ms)), Until: sim.Time(50 * time.Second),
	})
	require.Equal(t, []Correction{{By: -129 * ms, Delay: 2 * ms}}, x.notes)
	require.Equal(t, []time.Duration{0}, x.errors)
}

// A restarted client takes no reply to a query of its earlier life.
func TestRestartForgetsOldExchanges(t *testing.T) {
	first := true
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: 9 * time.Second, Timeout: 3 * time.Second}, 0), Until: sim.Time(8 * time.Second),
		Network: route(func(p *sim.Packet, _ *sim.Rand) []time.Duration {
			if p.To == 0 && first {
				first = false
				return []time.Duration{2 * time.Second} // answered during the second life
			}
			return []time.Duration{600 * ms}
		}),
		Clock:  clockOf(Offset(time.Hour)),
		Faults: []sim.Fault{sim.Schedule{{Time: sim.Time(time.Second), Action: sim.Crash{Node: 1}}, {Time: sim.Time(1900 * ms), Action: sim.Recover{Node: 1}}}},
	})
	require.Equal(t, []Correction{{By: -time.Hour, Delay: 1200 * ms}}, x.notes)
	require.Equal(t, []time.Duration{0}, x.errors)
}

func TestServerDownIsSurvived(t *testing.T) {
	_, x := run(t, sim.Config{
		Nodes: 2, New: synced(Sync{Every: time.Second}, 0), Until: sim.Time(9900 * ms), Clock: clockOf(Drift{By: 100 * PPM}),
		Faults: []sim.Fault{sim.Schedule{{Time: sim.Time(2500 * ms), Action: sim.Crash{Node: 0}}, {Time: sim.Time(6500 * ms), Action: sim.Recover{Node: 0}}}},
	})
	require.Len(t, x.notes, 7, "polls at 0, 1, 2, 6 (at the third try), 7, 8 and 9 s")
	require.Equal(t, 6+4*3, x.sent[1], "the polls between use up their tries")
}
