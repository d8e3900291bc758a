package rare_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/models/rare"
	"lightcone/protocols/consensus"
	"lightcone/protocols/raft"
	"lightcone/sim"
	"lightcone/sim/measure"
)

const sec = sim.Time(time.Second)

// cluster is a Raft of n servers on a network with 1 ms delays.
func cluster(t testing.TB, n int, seed uint64) rare.Run {
	t.Helper()
	servers, err := raft.Factory(raft.Config{Servers: n, Heartbeat: 75 * time.Millisecond})
	require.NoError(t, err)
	return rare.Run{
		Config:  sim.Config{Seed: seed, Nodes: n, New: servers},
		Serving: func(v sim.View) bool { return consensus.Serving(v, n) },
		Servers: n, Majority: n/2 + 1, Window: 3 * time.Second,
	}
}

// crashes draws crashes and repairs of n nodes, exponential, with means in seconds.
func crashes(t testing.TB, n int, seed uint64, mttf, mttr float64, until sim.Time) fault.Plan {
	t.Helper()
	plan, err := fault.Model{Until: until, Laws: []fault.Law{fault.Renewal{Up: dist.Exponential{Mean: mttf * 1e9}, Down: dist.Exponential{Mean: mttr * 1e9}}}}.Draw(seed, n)
	require.NoError(t, err)
	return plan
}

// On one schedule a run with windows and one in full come to the same downtime, but for the luck of elections, and the
// windows take less than a hundredth of the events.
func TestWindowsAgreeWithFullSimulation(t *testing.T) {
	until := 36_000 * sec
	if testing.Short() {
		until /= 3
	}
	r := cluster(t, 3, 1)
	r.Until, r.Plan, r.Window = until, crashes(t, 3, 7, 3600, 600, until), 0
	full, err := r.Do()
	require.NoError(t, err)
	r.Window = 3 * time.Second
	short, err := r.Check()
	require.NoError(t, err)
	require.Zero(t, short.Quiet.Disturbed)
	difference, se := rare.Compare(full.Report, short.Report, 40)
	require.LessOrEqual(t, math.Abs(difference), 4*se)
	require.Equal(t, full.Report.Term(measure.Quorum), short.Report.Term(measure.Quorum), "who is down is down, to the nanosecond")
	require.Positive(t, short.Report.Term(measure.Failover))
	require.Equal(t, full.Report.Nodes, short.Report.Nodes)
	require.Greater(t, full.Events, 100*short.Events)
}

// Windows that end before an election does are refused, and so are those whose double tells another story.
func TestShortWindowsAreRefused(t *testing.T) {
	until := 86_400 * sec
	r := cluster(t, 3, 1)
	r.Until, r.Plan, r.Window = until, crashes(t, 3, 7, 3600, 600, until), 100*time.Millisecond
	_, err := r.Check()
	require.ErrorContains(t, err, "end before a connected majority serves")

	r.Window = 450 * time.Millisecond // some elections end in the second half
	_, err = r.Check()
	require.ErrorContains(t, err, "the service changes in the second half")

	m := rare.Markov{Nodes: 3, Need: 2, MTTF: time.Hour, MTTR: time.Minute}
	cycles, err := m.Cycles(1)
	require.NoError(t, err)
	r.Window = 50 * time.Millisecond
	_, err = r.Sample(cycles, 10)
	require.ErrorContains(t, err, "not settled within the window of 50ms")
}

// The same seed gives the same run and the same estimate, and another seed another; strict mode changes nothing.
func TestTheSeedDecides(t *testing.T) {
	m := rare.Markov{Nodes: 3, Need: 2, MTTF: 1000 * time.Hour, MTTR: time.Hour, Force: 0.5}
	sample := func(seed uint64, strict bool) *rare.Sampled {
		cycles, err := m.Cycles(seed)
		require.NoError(t, err)
		r := cluster(t, 3, seed)
		r.Config.Strict = strict
		s, err := r.Sample(cycles, 60)
		require.NoError(t, err)
		return s
	}
	first := sample(1, true)
	require.Equal(t, first, sample(1, false))
	require.NotEqual(t, first, sample(2, false))

	r := cluster(t, 3, 1)
	r.Until, r.Plan = 3600*sec, crashes(t, 3, 7, 600, 60, 3600*sec)
	a, err := r.Do()
	require.NoError(t, err)
	b, err := r.Do()
	require.NoError(t, err)
	require.Equal(t, a, b)
}

// starter is a process that is ready nine seconds after it restarted, by timers of a second.
type starter struct {
	seconds int
	late    bool // it goes on counting
}

func (s *starter) Init(env *sim.Env) {
	env.After(time.Second, "tick")
	if env.Incarnation() == 0 {
		s.seconds = 8
	}
}
func (*starter) Receive(*sim.Env, sim.NodeID, sim.Message) { panic("nothing is sent") }
func (s *starter) Timeout(env *sim.Env, _ any) {
	if s.seconds++; s.seconds < 9 || s.late {
		env.After(time.Second, "tick")
	}
}

// What happens only after the window is found by windows twice as long.
func TestDoublingFindsWhatComesLate(t *testing.T) {
	ready := func(v sim.View) bool {
		p, ok := v.Process(0).(*starter)
		return ok && p.seconds == 9
	}
	r := rare.Run{Config: sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return &starter{} }}, Serving: ready, Servers: 1,
		Until: 86_400 * sec, Plan: crashes(t, 1, 7, 600, 60, 86_400*sec), Window: 7 * time.Second}
	_, err := r.Check()
	require.ErrorContains(t, err, "windows of 7s and of 14s differ by")
	r.Window = 20 * time.Second
	c, err := r.Check()
	require.NoError(t, err)
	require.Zero(t, c.Difference)

	m := rare.Markov{Nodes: 1, Need: 1, MTTF: time.Hour, MTTR: time.Minute}
	cycles, err := m.Cycles(1)
	require.NoError(t, err)
	_, err = r.CheckSample(cycles, 500)
	require.NoError(t, err)
	r.Window = 7 * time.Second
	r.Config.New = func(sim.NodeID) sim.Process { return &starter{} }
	_, err = r.CheckSample(cycles, 500)
	require.ErrorContains(t, err, "the service is down when cycle 1 of a world begins")
	r.Config.New = func(sim.NodeID) sim.Process { return &starter{late: true} }
	r.Serving = func(v sim.View) bool {
		p, ok := v.Process(0).(*starter)
		return ok && p.seconds != 9
	}
	_, err = r.CheckSample(cycles, 500)
	require.ErrorContains(t, err, "windows of 7s and of 14s differ by")

	r.Serving = func(sim.View) bool { return false }
	_, err = r.Check()
	require.ErrorContains(t, err, "never serves")
}

// sleeper is a process with a timer that is longer than the windows.
type sleeper struct{}

func (sleeper) Init(env *sim.Env)                         { env.After(time.Minute, "wake") }
func (sleeper) Receive(*sim.Env, sim.NodeID, sim.Message) { panic("nothing is sent") }
func (sleeper) Timeout(env *sim.Env, _ any)               { env.After(time.Minute, "wake") }

func TestLongTimersAreRefused(t *testing.T) {
	r := rare.Run{Config: sim.Config{Nodes: 3, New: func(sim.NodeID) sim.Process { return sleeper{} }}, Serving: majority, Servers: 3,
		Until: 86_400 * sec, Plan: crashes(t, 3, 7, 3600, 600, 86_400*sec), Window: time.Second}
	_, err := r.Check()
	require.ErrorContains(t, err, "a process sets a timer of 1m0s")
	r.Window = time.Hour
	_, err = r.Check()
	require.NoError(t, err)
}

// Five nines of the protocol, to 10 %, from some thousand failures. For MTTF 1000 h, MTTR 1 h and an election of 0.5 s the
// chain of leader-based replication says 3.131318829835884e-6 (value F8 of the project's data), of which lambda * 0.5 s are
// failovers. Here an election takes, after a crash at a random moment between two heartbeats, E[min of two timeouts]
// - E[age of the last heartbeat] + the two delays of a vote = 200 - 36.5 + 2 ms on average.
func TestForcedCyclesGiveFiveNines(t *testing.T) {
	const n = 1500
	m := rare.Markov{Nodes: 3, Need: 2, MTTF: 1000 * time.Hour, MTTR: time.Hour, Force: 0.5}
	r := cluster(t, 3, 1)
	cycles, err := m.Cycles(1)
	require.NoError(t, err)
	s, err := r.Sample(cycles, n)
	require.NoError(t, err)
	e, err := s.Unavailability(0.95)
	require.NoError(t, err)
	require.Less(t, e.RelativeHalfWidth(), 0.1)
	failover := 0.1655 / 3600 / 1000
	require.InDelta(t, 3.131318829835884e-6-0.5/3600/1000+failover, e.Value, 2*(e.High-e.Value))
	f, err := s.Term(measure.Failover, 0.95)
	require.NoError(t, err)
	require.InDelta(t, failover, f.Value, 2*(f.High-f.Value))
	require.Less(t, s.Events, uint64(1000*n), "the 57 years that the cycles stand for have 1e11 events")
}

// Forced cycles agree with plain ones, within four standard errors, where plain ones can be had.
func TestForcedAgreesWithPlain(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of elections")
	}
	estimate := func(force float64, n int) (value, se float64) {
		m := rare.Markov{Nodes: 3, Need: 2, MTTF: 20 * time.Hour, MTTR: time.Hour, Force: force}
		cycles, err := m.Cycles(2)
		require.NoError(t, err)
		s, err := cluster(t, 3, 2).Sample(cycles, n)
		require.NoError(t, err)
		e, err := s.Unavailability(0.95)
		require.NoError(t, err)
		return e.Value, (e.High - e.Low) / (2 * 1.96)
	}
	a, seA := estimate(0, 2000)
	b, seB := estimate(0.5, 500)
	require.InDelta(t, a, b, 4*math.Hypot(seA, seB))
	// three nodes, each down 1 of 21: 3 p^2 - 2 p^3
	p := 1.0 / 21
	require.InDelta(t, 3*p*p-2*p*p*p, b, 4*seB)
}

// Forced too hard, nothing that counts is seen any more: no interval is given.
func TestOverForcingIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of elections")
	}
	m := rare.Markov{Nodes: 5, Need: 1, MTTF: 1000 * time.Hour, MTTR: time.Hour, Force: 0.97}
	cycles, err := m.Cycles(1)
	require.NoError(t, err)
	s, err := cluster(t, 5, 1).Sample(cycles, 200)
	require.NoError(t, err)
	_, err = s.Unavailability(0.95)
	require.Error(t, err)
}

func TestMarkovRefuses(t *testing.T) {
	_, err := rare.Markov{Nodes: 3, Need: 4, MTTF: -1, Force: 1}.Cycles(1)
	require.EqualError(t, err, "rare: Markov.Need is 4, want 1 to Nodes, which is 3\nrare: Markov.MTTF and MTTR are -1ns and 0s, want more than 0\nrare: Markov.Force is 1, want 0 to less than 1")
}

// The weights average 1, and an unforced cycle is as long as the formula has it.
func TestMarkovWeights(t *testing.T) {
	m := rare.Markov{Nodes: 5, Need: 3, MTTF: 10 * time.Hour, MTTR: time.Hour, Force: 0.5}
	cycles, err := m.Cycles(3)
	require.NoError(t, err)
	n, sum, squares := 0, 0.0, 0.0
	for c := range cycles {
		w := math.Exp(c.LogWeight)
		sum, squares = sum+w, squares+w*w
		require.NoError(t, c.Plan.Validate(5))
		if n++; n == 20_000 {
			break
		}
	}
	mean := sum / float64(n)
	require.InDelta(t, 1, mean, 4*math.Sqrt((squares/float64(n)-mean*mean)/float64(n)))

	plain := rare.Markov{Nodes: 5, Need: 3, MTTF: 10 * time.Hour, MTTR: time.Hour}
	cycles, err = plain.Cycles(4)
	require.NoError(t, err)
	n, sum, squares = 0, 0, 0
	for c := range cycles {
		require.Zero(t, c.LogWeight)
		busy := c.Plan[len(c.Plan)-1].Time.Sub(0).Hours()
		sum, squares = sum+busy, squares+busy*busy
		if n++; n == 20_000 {
			break
		}
	}
	mean = sum / float64(n)
	// all are up for 2 h on average, the minimum of five exponential times of 10 h
	require.InDelta(t, plain.MeanLength()-2, mean, 4*math.Sqrt((squares/float64(n)-mean*mean)/float64(n)))
}
