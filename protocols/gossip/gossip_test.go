package gossip_test

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/gossip"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

const round = 100 * time.Millisecond

// untidy loses a fifth of all messages, delivers a tenth twice, and takes 1 to 40 ms.
type untidy struct{}

func (untidy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(0.2) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	late := func() sim.Copy { return sim.Copy{Delay: r.Duration(time.Millisecond, 40*time.Millisecond)} }
	if dst = append(dst, late()); r.Bool(0.1) {
		dst = append(dst, late())
	}
	return dst
}

func config(c gossip.Config, nodes int) sim.Config {
	return sim.Config{
		Nodes: nodes, New: gossip.New(c), Properties: c.Properties(),
		Network: sim.ConstantDelay(10 * time.Millisecond), Until: sim.Time(100 * round),
	}
}

var modes = []gossip.Mode{gossip.Push, gossip.Pull, gossip.PushPull}

// every is a configuration of each kind that nothing hinders to spread the rumour.
func every() map[string]gossip.Config {
	all := map[string]gossip.Config{}
	for _, m := range modes {
		for _, when := range []gossip.Timing{gossip.Aligned, gossip.Staggered, gossip.Poisson} {
			all[fmt.Sprint(m, " ", when)] = gossip.Config{Mode: m, Timing: when, Round: round}
		}
	}
	all["fanout"] = gossip.Config{Mode: gossip.PushPull, Round: round, Fanout: 3}
	all["durable"] = gossip.Config{Mode: gossip.Push, Round: round, Durable: true, Sources: 2}
	all["feedback"] = gossip.Config{Mode: gossip.PushPull, Round: round, Stop: gossip.FeedbackCoin, K: 5}
	all["blind"] = gossip.Config{Mode: gossip.Pull, Round: round, Stop: gossip.BlindCoin, K: 20}
	return all
}

func TestContract(t *testing.T) {
	for name, c := range every() {
		t.Run(name, func(t *testing.T) {
			cfg := config(c, 8)
			cfg.Network = untidy{}
			simtest.TestProcess(t, cfg)
		})
	}
}

func TestDeterminism(t *testing.T) {
	cfg := config(gossip.Config{Mode: gossip.PushPull, Timing: gossip.Poisson, Round: round, Stop: gossip.FeedbackCounter, K: 3}, 20)
	cfg.Network = untidy{}
	simtest.Determinism(t, cfg)
}

// What seed 1 means.
func TestGoldenDigest(t *testing.T) {
	for when, digest := range map[gossip.Timing]string{gossip.Aligned: "6acd63a79873ba33", gossip.Staggered: "76bf02acc955d6a3", gossip.Poisson: "7d231d1b9ce9e5a1"} {
		cfg := config(gossip.Config{Mode: gossip.PushPull, Timing: when, Round: round, Stop: gossip.FeedbackCoin, K: 2, Fanout: 2}, 50)
		cfg.Seed, cfg.Network = 1, untidy{}
		w, err := sim.New(cfg)
		require.NoError(t, err)
		r := w.Run()
		require.NoError(t, r.Err)
		require.Equal(t, digest, fmt.Sprintf("%016x", r.Digest), when)
	}
}

// crashes crashes nodes other than the sources, and recovers them, for the first half of a run.
func crashes(seed uint64, cfg *sim.Config) {
	r := sim.NewRand(seed, sim.ForStudy)
	var s sim.Schedule
	for range 8 {
		at := r.Duration(0, time.Duration(cfg.Until)/3)
		id := sim.NodeID(2 + r.IntN(cfg.Nodes-2))
		s = append(s, sim.At{Time: sim.Time(at), Action: sim.Crash{Node: id}},
			sim.At{Time: sim.Time(at + r.Duration(0, time.Duration(cfg.Until)/6)), Action: sim.Recover{Node: id}})
	}
	slices.SortFunc(s, func(a, b sim.At) int { return cmp.Compare(a.Time, b.Time) })
	cfg.Faults = []sim.Fault{s}
}

// repeated holds once a node knows that had known before a crash.
var repeated = sim.Property{Name: "a node hears again after a crash", Mode: sim.Sometimes, Check: func(v sim.View) error {
	for id := sim.NodeID(2); int(id) < v.Nodes(); id++ {
		if p, ok := v.Process(id).(*gossip.Process); ok && v.Incarnation(id) > 0 && p.Knows() {
			return nil
		}
	}
	return errors.New("nobody did")
}}

// Loss, duplicates and crashes: all hear that are up.
func TestSwarm(t *testing.T) {
	for name, c := range every() {
		t.Run(name, func(t *testing.T) {
			cfg := config(c, 12)
			cfg.Network = untidy{}
			cfg.Properties = append(cfg.Properties, repeated)
			simtest.Run(t, cfg, simtest.Options{Vary: crashes})
		})
	}
}

// Planted bugs are caught, within a few seeds, by what should catch them.
func TestBugs(t *testing.T) {
	c := gossip.Config{Mode: gossip.PushPull, Round: round}
	push := gossip.Config{Mode: gossip.Push, Round: round}
	cases := map[gossip.Bug]struct {
		cfg  gossip.Config
		want string
	}{
		gossip.CallsItself:     {c, "messages go to others only"},
		gossip.AskTaken:        {c, "nobody learns what was not told"},
		gossip.TellsOnce:       {push, "every node that is up hears"},
		gossip.SamePartner:     {push, "every node that is up hears"},
		gossip.ForgetsRepeated: {c, "who knows goes on knowing"},
	}
	require.Len(t, cases, len(gossip.Bugs()))
	for bug, x := range cases {
		t.Run(string(bug), func(t *testing.T) {
			x.cfg.Bug = bug
			for seed := uint64(1); seed <= 3; seed++ {
				cfg := config(x.cfg, 10)
				cfg.Network, cfg.Seed = untidy{}, seed
				w, err := sim.New(cfg)
				require.NoError(t, err)
				for _, p := range w.Run().Properties {
					if p.Verdict > sim.Unseen && p.Verdict != sim.Undecided {
						require.Equal(t, x.want, p.Name, p.Detail)
						return
					}
				}
			}
			t.Fatal("not caught")
		})
	}
}

func TestHandlers(t *testing.T) {
	c := gossip.Config{Mode: gossip.PushPull, Round: round, Stop: gossip.FeedbackCounter, K: 2}
	p := gossip.New(c)(1).(*gossip.Process)
	r := simtest.Record(t, p, 1, 2)
	require.Equal(t, []simtest.Sent{{To: 0, Message: gossip.Ask(0)}}, r.Init().Sends, "the only other node")
	require.Empty(t, r.Receive(0, gossip.Ask(0)).Sends, "it does not know")
	require.False(t, p.Knows())
	require.Empty(t, r.Receive(0, gossip.Rumour(4)).Sends)
	require.Equal(t, 5, p.Hops())
	require.Empty(t, r.Receive(0, gossip.Ask(0)).Sends, "it knows since this very round")
	require.Empty(t, r.Receive(0, gossip.Rumour(1)).Sends, "it knows since this very round")
	require.Equal(t, 5, p.Hops(), "the first call counts")
	require.Equal(t, 1, p.Round())

	told := []simtest.Sent{{To: 0, Message: gossip.Rumour(5)}}
	r.Sleep(round)
	require.Equal(t, told, r.Timeout(nil).Sends)
	require.Equal(t, told, r.Receive(0, gossip.Ask(0)).Sends)
	require.Equal(t, []simtest.Sent{{To: 0, Message: gossip.Knew(0)}}, r.Receive(0, gossip.Rumour(1)).Sends)
	require.Equal(t, 2, p.Told())
	require.Empty(t, r.Receive(0, gossip.Knew(0)))
	r.Sleep(round)
	require.Equal(t, told, r.Timeout(nil).Sends, "one round in vain is not enough")
	require.Empty(t, r.Receive(0, gossip.Knew(0)))
	r.Sleep(round)
	require.Empty(t, r.Timeout(nil), "the second in a row is")
	require.False(t, p.Interested())
	require.True(t, p.Knows())
	require.Panics(t, func() { p.Receive(nil, 0, "what") })

	q := gossip.New(c)(1).(*gossip.Process)
	s := simtest.Record(t, q, 1, 2)
	s.Init()
	s.Receive(0, gossip.Rumour(255))
	require.Equal(t, 255, q.Hops(), "as many, or more")
}

func TestValidate(t *testing.T) {
	require.NoError(t, gossip.Config{Mode: gossip.Push, Round: 1}.Validate(2))
	err := gossip.Config{Mode: "shout", Fanout: 9, Timing: "odd", Stop: "soon", K: -1, Sources: 4, Bug: "none"}.Validate(3)
	for _, want := range []string{`Mode is "shout", want push, pull or push-pull`, "Round is 0s, want more than 0", "Fanout is 9, want 1 to 2",
		`Timing is "odd"`, `Stop is "soon"`, "K is -1, want 1 to 1000", "Sources is 4, want 1 to 3", `Bug is "none"`} {
		require.ErrorContains(t, err, want)
	}
	err = gossip.Config{Mode: gossip.Pull, Round: 1, Stop: gossip.FeedbackCoin}.Validate(3)
	require.ErrorContains(t, err, "Stop is feedback-coin with pull")
}

// A million of them fit in little memory, and their messages in none.
func TestSmall(t *testing.T) {
	require.Equal(t, uintptr(32), reflect.TypeFor[gossip.Process]().Size())
	var m sim.Message
	require.Zero(t, testing.AllocsPerRun(100, func() { m = gossip.Rumour(len(t.Name())) }))
	_ = m
}

// mean is a sample's, with its standard error.
type sample struct{ n, sum, squares float64 }

func (s *sample) add(x float64) { s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x }
func (s *sample) mean() float64 { return s.sum / s.n }
func (s *sample) se() float64 {
	m := s.mean()
	return math.Sqrt((s.squares/s.n - m*m) / (s.n - 1))
}

// requireMean judges a sample by its own standard error, which is to be small enough for the judgement to mean something.
func (s *sample) requireMean(t *testing.T, want float64) {
	t.Helper()
	require.Less(t, s.se(), 0.005*want, "too few runs")
	require.InDelta(t, want, s.mean(), max(4*s.se(), 0.005*want))
}

// run runs one seed until all know, and returns when the last heard, in whole rounds or exactly.
func run(t *testing.T, c gossip.Config, nodes int, seed uint64) (rounds int, time float64) {
	cfg := config(c, nodes)
	cfg.Seed, cfg.Properties = seed, nil
	if c.Timing == gossip.Poisson {
		cfg.Network = sim.ConstantDelay(0)
	}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	defer w.Close()
	for next := sim.Time(0); next < cfg.Until; next += sim.Time(round) {
		require.NoError(t, w.RunUntil(next))
		if r, at, ok := last(w.View()); ok {
			return r, at
		}
	}
	t.Fatal("not all heard")
	return 0, 0
}

func last(v sim.View) (rounds int, time float64, ok bool) {
	for id := range sim.NodeID(v.Nodes()) {
		p := v.Process(id).(*gossip.Process)
		if !p.Knows() {
			return 0, 0, false
		}
		rounds, time = max(rounds, p.Round()), max(time, p.Heard())
	}
	return rounds, time, true
}

func TestAlignedRoundsAreThoseOfTheChain(t *testing.T) {
	for _, m := range modes {
		for n, runs := range map[int]uint64{10: 4000, 100: 1000} {
			t.Run(fmt.Sprint(m, " ", n), func(t *testing.T) {
				var s sample
				for seed := range runs {
					r, _ := run(t, gossip.Config{Mode: m, Round: round}, n, seed)
					s.add(float64(r))
				}
				s.requireMean(t, chainRounds(m, n))
			})
		}
	}
}

// By Poisson clocks, with messages that take no time, the time until all know is a sum of exponential times.
func TestPoissonRoundsHaveTheirClosedForm(t *testing.T) {
	const n, runs = 50, 3000
	want := 0.0
	for k := 1; k < n; k++ {
		want += float64(n-1) / float64(k*(n-k))
	}
	for _, m := range modes {
		t.Run(string(m), func(t *testing.T) {
			var s sample
			for seed := range uint64(runs) {
				_, at := run(t, gossip.Config{Mode: m, Timing: gossip.Poisson, Round: round}, n, seed)
				s.add(at)
			}
			if m == gossip.PushPull {
				want /= 2
			}
			s.requireMean(t, want)
		})
	}
}

// epidemic is what became of rumours that a stop rule ended: shares and means over runs of 1,000 nodes.
type epidemic struct{ residue, traffic, last, excess sample }

const nodes = 1000

func spread(t *testing.T, c gossip.Config, runs int) *epidemic {
	e := &epidemic{}
	for seed := range runs {
		cfg := config(c, nodes)
		cfg.Seed, cfg.Properties, cfg.Network, cfg.Until = uint64(seed), nil, sim.ConstantDelay(round/1000), 0
		w, err := sim.New(cfg)
		require.NoError(t, err)
		require.NoError(t, w.Run().Err)
		told, know, rounds := 0, 0, 0
		for id := range sim.NodeID(nodes) {
			p := w.View().Process(id).(*gossip.Process)
			told += p.Told()
			if p.Knows() {
				know++
				rounds = max(rounds, p.Round())
			}
		}
		e.residue.add(1 - float64(know)/nodes)
		e.traffic.add(float64(told) / nodes)
		e.excess.add(1 - float64(know)/nodes - math.Exp(-float64(told)/nodes))
		e.last.add(float64(rounds))
	}
	return e
}

// Demers et al. 1987, tables 1 and 2: simulations of push on 1,000 sites. Residue, messages a site, and rounds until the
// last site hears, to the two digits given there and within 5 %: how many runs they rest on is not said.
func TestDemers(t *testing.T) {
	cases := []struct {
		stop                   gossip.Stop
		k                      int
		residue, traffic, last float64
	}{
		{gossip.FeedbackCounter, 1, 0.18, 1.7, 16.8},
		{gossip.FeedbackCounter, 2, 0.037, 3.3, 16.9},
		{gossip.FeedbackCounter, 3, 0.011, 4.5, 17.4},
		{gossip.BlindCoin, 1, 0.96, 0.04, 38},
		{gossip.BlindCoin, 2, 0.20, 1.6, 33},
		{gossip.BlindCoin, 3, 0.060, 2.8, 32},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.stop, c.k), func(t *testing.T) {
			e := spread(t, gossip.Config{Mode: gossip.Push, Round: round, Stop: c.stop, K: c.k}, 60)
			require.InDelta(t, c.residue, e.residue.mean(), 0.05*c.residue+4*e.residue.se())
			require.InDelta(t, c.traffic, e.traffic.mean(), 0.05*c.traffic+4*e.traffic.se())
			require.InDelta(t, c.last, e.last.mean(), 0.05*c.last+4*e.last.se())
		})
	}
}

// A node escapes m n calls to others at random with probability exp(-m), whatever made them stop (section 1.4). The
// share is a mean over runs, in each of which m is another, so that it is compared with the mean of exp(-m).
func TestResidue(t *testing.T) {
	for _, stop := range []gossip.Stop{gossip.FeedbackCoin, gossip.FeedbackCounter, gossip.BlindCoin, gossip.BlindCounter} {
		t.Run(string(stop), func(t *testing.T) {
			e := spread(t, gossip.Config{Mode: gossip.Push, Round: round, Stop: stop, K: 2}, 60)
			require.InDelta(t, 0, e.excess.mean(), 4*e.excess.se()+1./nodes)
			require.Less(t, e.excess.se(), 0.05*e.residue.mean())
		})
	}
}

// With a coin that is tossed whenever somebody knew already, s = exp(-(k+1)(1-s)), for rounds that are not aligned.
func TestResidueOfFeedbackCoin(t *testing.T) {
	for k := 1; k <= 2; k++ {
		want := 0.0
		for range 100 {
			want = math.Exp(-float64(k+1) * (1 - want))
		}
		e := spread(t, gossip.Config{Mode: gossip.Push, Timing: gossip.Poisson, Round: round, Stop: gossip.FeedbackCoin, K: k}, 80)
		require.InDelta(t, want, e.residue.mean(), 4*e.residue.se()+1./nodes, k)
		require.Less(t, e.residue.se(), 0.05*want)
	}
}
