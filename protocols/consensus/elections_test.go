package consensus_test

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/consensus"
	"lightcone/protocols/etcdraft"
	"lightcone/protocols/raft"
	"lightcone/sim"
)

var full = flag.Bool("consensus.full", false, "validate with the sample sizes at which the standard error is far below the tolerance (minutes)")

const ms = time.Millisecond

// timing is how the servers of a test are set up. The longest timeout is twice the shortest, as it always is in etcd's.
type timing struct {
	servers int
	min     time.Duration
	tick    time.Duration // etcd's; 0: the default
	beat    time.Duration // 0: the default
	preVote bool
}

// implementation is one of the two that are judged alike.
type implementation struct {
	name string
	make func(testing.TB, timing) func(sim.NodeID) sim.Process
}

var implementations = []implementation{
	{"raft", func(t testing.TB, c timing) func(sim.NodeID) sim.Process {
		f, err := raft.Factory(raft.Config{Servers: c.servers, ElectionMin: c.min, Heartbeat: c.beat, PreVote: c.preVote})
		require.NoError(t, err)
		return f
	}},
	{"etcdraft", func(t testing.TB, c timing) func(sim.NodeID) sim.Process {
		cfg := etcdraft.Config{Servers: c.servers, ElectionMin: c.min, Heartbeat: c.beat, PreVote: c.preVote, Tick: c.tick}
		require.NoError(t, cfg.Validate())
		return func(id sim.NodeID) sim.Process { return etcdraft.New(id, cfg) }
	}},
}

// won is the first election of a run: when, and in which term, a candidate had a majority.
type won struct {
	at   sim.Time
	term consensus.Term
}

func (w *won) Wants(k sim.Kind) bool { return k == sim.Note }

func (w *won) Observe(e *sim.Event) {
	if w.term != 0 {
		return
	}
	switch n := e.Value.(type) {
	case raft.Elected:
		w.at, w.term = e.Time, n.Term
	case etcdraft.Elected:
		w.at, w.term = e.Time, n.Term
	}
}

// elect runs a cluster, some of whose servers are down for ever, to its first election, or to a time.
func elect(t testing.TB, cfg sim.Config, down int, until sim.Time) won {
	var first won
	cfg.Observers = []sim.Observer{&first}
	var crashes sim.Schedule
	for i := range down {
		crashes = append(crashes, sim.At{Time: 0, Action: sim.Crash{Node: sim.NodeID(cfg.Nodes - 1 - i)}})
	}
	cfg.Faults = []sim.Fault{crashes}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	defer w.Close()
	for first.term == 0 && w.Now() < until {
		require.NoError(t, w.RunUntil(min(until, w.Now().Add(20*ms))))
	}
	return first
}

// uniform is a network whose delays are iid uniform.
type uniform struct{ min, max time.Duration }

func (u uniform) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	if p.From == p.To {
		return append(dst, sim.Copy{})
	}
	return append(dst, sim.Copy{Delay: u.min + time.Duration(r.Float64()*float64(u.max-u.min))})
}

// wan is the case of Ongaro's dissertation, chapter 9: timeouts in [300, 600] ms, one-way latencies in [30, 40] ms, five
// servers, none or one of them down, equal logs, all timers fresh at time 0.
func wan(t testing.TB, im implementation, down, n int) []float64 {
	tick := ms
	cfg := sim.Config{Nodes: 5, New: im.make(t, timing{servers: 5, min: 300 * ms, tick: tick}), Network: uniform{30 * ms, 40 * ms}}
	times := make([]float64, n)
	for i := range times {
		cfg.Seed = uint64(i)
		e := elect(t, cfg, down, sim.Time(time.Minute))
		require.NotZero(t, e.term)
		times[i] = float64(e.at) / 1e6
	}
	return times
}

// model is the same case without servers or a simulator: a list of events, times in milliseconds. A server that hears
// of a newer term follows, and keeps its timer; it votes for the first that asks, and draws a new timeout then; a
// candidate draws one when it stands.
func model(r *sim.Rand, n, up int) float64 {
	type server struct {
		term, votes int
		voted       bool
		due         float64
	}
	type mail struct {
		at       float64
		from, to int
		term     int
		reply    bool
	}
	timeout := func() float64 { return 300 + 300*r.Float64() }
	delay := func() float64 { return 30 + 10*r.Float64() }
	servers := make([]server, up)
	for i := range servers {
		servers[i].due = timeout()
	}
	var box []mail
	for {
		next := 0
		for i := range servers {
			if servers[i].due < servers[next].due {
				next = i
			}
		}
		first := -1
		for i := range box {
			if first < 0 || box[i].at < box[first].at {
				first = i
			}
		}
		if first < 0 || servers[next].due < box[first].at {
			s := &servers[next]
			now := s.due
			*s = server{term: s.term + 1, votes: 1, voted: true, due: now + timeout()}
			for to := range servers {
				if to != next {
					box = append(box, mail{now + delay(), next, to, s.term, false})
				}
			}
			continue
		}
		m := box[first]
		box = slices.Delete(box, first, first+1)
		s := &servers[m.to]
		if m.term > s.term {
			s.term, s.votes, s.voted = m.term, 0, false
		}
		switch {
		case m.term < s.term:
		case m.reply:
			if s.votes++; s.votes > n/2 {
				return m.at
			}
		case !s.voted:
			s.voted, s.due = true, m.at+timeout()
			box = append(box, mail{m.at + delay(), m.to, m.from, m.term, true})
		}
	}
}

// summary is what a sample says of its law.
type summary struct {
	n             int
	mean, se      float64
	sorted        []float64
	p10, p50, p90 float64
}

func summarize(xs []float64) summary {
	s := summary{n: len(xs), sorted: slices.Clone(xs)}
	slices.Sort(s.sorted)
	for _, x := range xs {
		s.mean += x / float64(len(xs))
	}
	for _, x := range xs {
		s.se += (x - s.mean) * (x - s.mean)
	}
	s.se = math.Sqrt(s.se/float64(s.n-1)) / math.Sqrt(float64(s.n))
	s.p10, s.p50, s.p90 = s.quantile(.1), s.quantile(.5), s.quantile(.9)
	return s
}

func (s summary) quantile(q float64) float64 { return s.sorted[int(q*float64(s.n))] }

// band is where the quantile of the law is, by order statistics, with 4 standard errors either way.
func (s summary) band(q float64) (lo, hi float64) {
	e := 4 * math.Sqrt(float64(s.n)*q*(1-q))
	at := func(k float64) float64 { return s.sorted[int(min(max(k, 0), float64(s.n-1)))] }
	return at(float64(s.n)*q - e), at(float64(s.n)*q + e)
}

func (s summary) String() string {
	return fmt.Sprintf("n %d, mean %.1f +- %.2f, p10 %.1f, p50 %.1f, p90 %.1f", s.n, s.mean, s.se, s.p10, s.p50, s.p90)
}

// The election times over a WAN are those of the dissertation's simulator: 430.0 and 468.6 ms in its figure; 428.9 and
// 467.4 with quantiles by an independent Monte Carlo of 50,000 elections; and those of the model here. Ours and etcd's
// agree. With -consensus.full means and medians are within 1 %, the 90th percentiles within 2 %, ours and etcd's means
// within 1 % of each other; else all within 4 standard errors.
func TestElectionTimeOverAWAN(t *testing.T) {
	cited := []struct {
		down           int
		mean, p50, p90 float64
	}{{0, 428.9, 408.8, 489.8}, {1, 467.4, 422.6, 561.1}}
	n := 500
	switch {
	case *full:
		n = 50_000
	case testing.Short():
		n = 40
	}
	for _, c := range cited {
		r := sim.NewRand(1, uint64(c.down))
		drawn := make([]float64, max(20*n, 4000))
		for i := range drawn {
			drawn[i] = model(&r, 5, 5-c.down)
		}
		m := summarize(drawn)
		t.Logf("%d down, model:    %v", c.down, m)
		require.InDelta(t, c.mean, m.mean, 4*m.se+.01*c.mean)
		var means []summary
		for _, im := range implementations {
			s := summarize(wan(t, im, c.down, n))
			t.Logf("%d down, %-9s %v", c.down, im.name+":", s)
			means = append(means, s)
			require.InDelta(t, m.mean, s.mean, 4*math.Hypot(s.se, m.se)+.002*m.mean, "%s; 0.2 %% for ticks, and for timers that etcd does not draw again", im.name)
			for _, q := range []float64{.1, .5, .9} {
				lo, hi := s.band(q)
				require.True(t, lo*.995 <= m.quantile(q) && m.quantile(q) <= hi*1.005, "%s: p%g of the model is %.1f, want between %.1f and %.1f", im.name, 100*q, m.quantile(q), lo, hi)
			}
			if *full {
				require.Less(t, s.se, .005*s.mean)
				require.InEpsilon(t, c.mean, s.mean, .01, im.name)
				require.InEpsilon(t, c.p50, s.p50, .01, im.name)
				require.InEpsilon(t, c.p90, s.p90, .02, im.name)
			}
		}
		a, b := means[0], means[1]
		tolerance := 4 * math.Hypot(a.se, b.se)
		if *full {
			tolerance = .01 * a.mean
		}
		require.InDelta(t, a.mean, b.mean, tolerance, "ours and etcd's")
	}
}

// splitVote is the probability that the first election elects nobody: n servers, s of them up, timeouts uniform in [1, 2]
// with all timers started together, one-way latency l. It takes c servers that stand before they hear of the first: the
// spacing of the first c of s uniform order statistics is below l as often as a binomial variable of s trials reaches c-1.
func splitVote(n, s int, l float64) float64 {
	p, c := 0.0, s-n/2+1
	for k := c - 1; k <= s; k++ {
		p += math.Exp(lchoose(s, k)) * math.Pow(l, float64(k)) * math.Pow(1-l, float64(s-k))
	}
	return p
}

func lchoose(n, k int) float64 {
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x + 1)); return v }
	return lg(n) - lg(k) - lg(n-k)
}

// splits counts the runs in which the first election elects nobody.
func splits(t testing.TB, im implementation, n, s int, l float64, runs int) int {
	latency := time.Duration(l * float64(time.Second))
	cfg := sim.Config{Nodes: n, New: im.make(t, timing{servers: n, min: time.Second, tick: 20 * ms, beat: 300 * ms}), Network: sim.ConstantDelay(latency)}
	split := 0
	for i := range runs {
		cfg.Seed = uint64(i)
		if e := elect(t, cfg, n-s, sim.Time(2*time.Second+3*latency)); e.term != 1 {
			split++
		}
	}
	return split
}

// Votes are split as often as the formula says (validated values in parentheses of the names).
func TestSplitVotes(t *testing.T) {
	tests := []struct {
		n, s int
		l    float64
		want float64
	}{
		{5, 4, .01, .00059}, {5, 4, .1, .0523}, {5, 4, .2, .1808},
		{5, 3, .1, .2710}, {5, 3, .2, .4880},
		{9, 5, .1, math.NaN()},
	}
	runs := 300
	switch {
	case *full:
		runs = 20_000
	case testing.Short():
		runs = 15
	}
	for _, tt := range tests {
		p := splitVote(tt.n, tt.s, tt.l)
		if !math.IsNaN(tt.want) {
			require.InDelta(t, tt.want, p, .00005)
		}
		for _, im := range implementations {
			k := splits(t, im, tt.n, tt.s, tt.l, runs)
			t.Logf("n=%d s=%d l=%g: formula %.5f, %s %.5f of %d", tt.n, tt.s, tt.l, p, im.name, float64(k)/float64(runs), runs)
			require.InDelta(t, p, float64(k)/float64(runs), 4*math.Sqrt(p*(1-p)/float64(runs))+.5/float64(runs), im.name)
		}
	}
}

// The design rule: a range of timeouts of ten times the one-way latency keeps split votes below 40 % up to nine servers,
// whatever number of them is down; but where five are left of eight or nine, the bare majority, it is 40.95 %.
func TestDesignRule(t *testing.T) {
	worst := 0.0
	for n := 1; n <= 9; n++ {
		for s := n/2 + 1; s <= n; s++ {
			worst = max(worst, splitVote(n, s, .1))
			if n < 8 || s > 5 {
				require.Less(t, splitVote(n, s, .1), .4)
			}
		}
	}
	require.InDelta(t, 1-math.Pow(.9, 5), worst, 1e-9, "five of nine: nobody else may stand within the latency")
}

// PreVote adds one round trip to an election (Ongaro, section 9.6): exactly, where latency is constant and the same server
// stands at the same time.
func TestPreVoteAddsARoundTrip(t *testing.T) {
	const latency = 10 * ms
	for _, im := range implementations {
		compared := 0
		for seed := range uint64(30) {
			var at [2]won
			for i, pre := range []bool{false, true} {
				cfg := sim.Config{Seed: seed, Nodes: 5, New: im.make(t, timing{servers: 5, min: 400 * ms, tick: 5 * ms, preVote: pre}), Network: sim.ConstantDelay(latency)}
				at[i] = elect(t, cfg, 0, sim.Time(5*time.Second))
			}
			if at[0].term == 1 && at[1].term == 1 {
				require.Equal(t, 2*latency, at[1].at.Sub(at[0].at), "%s, seed %d", im.name, seed)
				compared++
			}
		}
		require.Greater(t, compared, 20, im.name)
	}
}
