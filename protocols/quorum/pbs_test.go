package quorum_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/protocols/kv"
	"lightcone/protocols/quorum"
	"lightcone/sim"
)

// trials is how many writes, each followed by a read, the comparisons with WARS make: more make them sharper.
var trials = flag.Int("quorum.trials", 3_000, "writes and reads in the comparisons with WARS")

func samples(t *testing.T) int {
	if testing.Short() {
		return 200
	}
	return *trials
}

// wars are the laws of the four messages of Bailis et al. (PVLDB 5(8), 2012, section 5.1), in nanoseconds: the write, its
// acknowledgement, the read, its response.
type wars struct{ w, a, r, s dist.Dist }

// part of a law: a Pareto body and an exponential tail (table 3), in milliseconds.
type fitted struct{ weight, min, alpha, rate float64 }

var (
	ssd  = fitted{0.9122, 0.235, 10, 1.66}
	disk = fitted{0.38, 1.05, 1.51, 0.183}
)

func (f fitted) law() dist.Dist {
	return dist.Mixture{Parts: []dist.Part{
		{Weight: f.weight, Of: dist.Pareto{Min: 1e6 * f.min, Alpha: f.alpha}},
		{Weight: 1 - f.weight, Of: dist.Exponential{Mean: 1e6 / f.rate}},
	}}
}

// sample draws from the same law by inversion, with other random numbers and other functions.
func (f fitted) sample(r *rand.Rand) float64 {
	if r.Float64() < f.weight {
		return f.min * math.Pow(1-r.Float64(), -1/f.alpha)
	}
	return -math.Log(1-r.Float64()) / f.rate
}

// Route delays the messages between servers by their laws; client and coordinator are one.
func (n wars) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	var law dist.Dist
	switch p.Message.(type) {
	case quorum.Write:
		law = n.w
	case quorum.WriteReply:
		law = n.a
	case quorum.Read:
		law = n.r
	case quorum.ReadReply:
		law = n.s
	default:
		return append(dst, sim.Copy{})
	}
	return append(dst, sim.Copy{Delay: dist.Duration(law, r)})
}

// prober writes, and when that is acknowledged and a time has passed, reads: again and again. Reads come after every
// so many writes.
type prober struct {
	waits  []time.Duration // between a write and its read, in turn
	each   int             // writes for one read
	n      int             // reads to make
	server sim.NodeID
	key    string

	writes, reads int
	asked         sim.Local
	lags          [][]int // by wait: how many versions behind each read was
	wrote, read   []time.Duration
}

func (p *prober) Init(env *sim.Env) {
	p.lags = make([][]int, len(p.waits))
	p.write(env)
}

func (p *prober) write(env *sim.Env) {
	p.writes++
	p.asked = env.Now()
	env.Send(p.server, kv.Request{ID: uint64(p.writes), Op: kv.Op{Kind: kv.Put, Key: p.key, Value: fmt.Sprint(p.writes)}})
}

func (p *prober) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	r := m.(kv.Reply)
	if r.Status != kv.OK {
		panic(r.Status.String())
	}
	took := env.Now().Sub(p.asked)
	if r.ID < 1<<32 {
		p.wrote = append(p.wrote, took)
		if p.writes%p.each == 0 {
			env.After(p.waits[p.reads%len(p.waits)], nil)
			return
		}
		p.write(env)
		return
	}
	p.read = append(p.read, took)
	found := 0
	fmt.Sscan(r.Result.Value, &found)
	i := p.reads % len(p.waits)
	p.lags[i] = append(p.lags[i], p.writes-found)
	p.reads++
	if p.reads < p.n {
		p.write(env)
	}
}

func (p *prober) Timeout(env *sim.Env, _ any) {
	p.asked = env.Now()
	env.Send(p.server, kv.Request{ID: 1<<32 + uint64(p.reads), Op: kv.Op{Kind: kv.Get, Key: p.key}})
}

// probe runs a prober against a store of four servers, at the one that is no replica of the key.
func probe(t *testing.T, seed uint64, c quorum.Config, n sim.Network, p *prober) *prober {
	t.Helper()
	c.Servers, c.Timeout = 4, 10*time.Minute
	require.NoError(t, c.Validate())
	p.server, p.key = 3, "a"
	for c.Replicas(p.key)[0] != 0 {
		p.key += "a"
	}
	cfg := sim.Config{Seed: seed, Nodes: 5, Network: n, New: func(id sim.NodeID) sim.Process {
		if id == 4 {
			return p
		}
		return quorum.NewDynamo(c)
	}}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return p
}

// simulated is WARS itself, without protocol or simulator: section 5.1 in a dozen lines.
func simulated(n, r, w int, write, rest fitted, waits []time.Duration, trials int) (fresh []float64, reads, writes []float64) {
	rnd := rand.New(rand.NewPCG(1, 2))
	fresh = make([]float64, len(waits))
	at, acked, asked, answered := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	order := make([]int, n)
	for range trials {
		for i := range n {
			at[i] = write.sample(rnd)
			acked[i] = at[i] + rest.sample(rnd)
			asked[i] = rest.sample(rnd)
			answered[i] = asked[i] + rest.sample(rnd)
			order[i] = i
		}
		slices.Sort(acked)
		slices.SortFunc(order, func(i, j int) int { return int(math.Copysign(1, answered[i]-answered[j])) })
		commit := acked[w-1]
		writes, reads = append(writes, commit), append(reads, answered[order[r-1]])
		for k, wait := range waits {
			for _, i := range order[:r] {
				if commit+wait.Seconds()*1e3+asked[i] >= at[i] {
					fresh[k]++
					break
				}
			}
		}
	}
	for k := range fresh {
		fresh[k] /= float64(trials)
	}
	slices.Sort(reads)
	slices.Sort(writes)
	return fresh, reads, writes
}

func share(lags []int, within int) float64 {
	n := 0
	for _, l := range lags {
		if l < within {
			n++
		}
	}
	return float64(n) / float64(len(lags))
}

// requireQuantile requires that a quantile of a law lies between the order statistics of a sample that hold it with
// probability 0.999 (normal approximation of the binomial).
func requireQuantile(t *testing.T, want, q float64, sample []time.Duration, name string) {
	t.Helper()
	slices.Sort(sample)
	n := float64(len(sample))
	half := 3.29*math.Sqrt(n*q*(1-q)) + 1
	lo, hi := int(n*q-half), min(int(n*q+half), len(sample)-1)
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
	t.Logf("%s: p%v is %.3f ms in the protocol (%.3f to %.3f), %.3f in WARS", name, 100*q, ms(sample[int(n*q)]), ms(sample[lo]), ms(sample[hi]), want)
	require.LessOrEqual(t, ms(sample[lo]), want, name)
	require.GreaterOrEqual(t, ms(sample[hi]), want, name)
}

// How probable it is that a read finds the last write, and how long both take, for the laws fitted to LinkedIn's disks
// (Bailis et al., sections 5.2 and 5.6). The protocol's numbers come from the protocol, over a network with their laws.
func TestStalenessIsThatOfWARS(t *testing.T) {
	for _, c := range []struct {
		name            string
		write           fitted
		consistent      float64 // at once after the acknowledgement, R = W = 1
		read99, write99 float64 // the 99.9th percentiles, ms
	}{
		{"LNKD-SSD", ssd, 0.9737, 0.65, 0.66},
		{"LNKD-DISK", disk, 0.4368, 0.65, 10.88},
	} {
		t.Run(c.name, func(t *testing.T) {
			waits := []time.Duration{0, ms / 4, ms, 3 * ms, 10 * ms, 30 * ms}
			n := samples(t)
			want, reads, writes := simulated(3, 1, 1, c.write, ssd, waits, 20*n)
			p := probe(t, 1, quorum.Config{Quorums: quorum.Threshold{N: 3, R: 1, W: 1}},
				wars{c.write.law(), ssd.law(), ssd.law(), ssd.law()}, &prober{waits: waits, each: 1, n: n * len(waits)})
			for i, wait := range waits {
				got := share(p.lags[i], 1)
				se := math.Sqrt(want[i]*(1-want[i])/float64(n)) * math.Sqrt(1.05)
				t.Logf("consistent %v after the acknowledgement: %.4f in the protocol, %.4f in WARS, standard error %.4f", wait, got, want[i], se)
				require.InDelta(t, want[i], got, 4*se+1e-4, "after %v", wait)
			}
			se := math.Sqrt(c.consistent * (1 - c.consistent) / float64(n))
			require.InDelta(t, c.consistent, share(p.lags[0], 1), max(0.003, 4*se), "at once")
			if testing.Short() {
				return // a thousandth of them is nothing
			}
			read99, write99 := reads[int(0.999*float64(len(reads)))], writes[int(0.999*float64(len(writes)))]
			requireQuantile(t, read99, 0.999, p.read, "reads")
			requireQuantile(t, write99, 0.999, p.wrote, "writes")
			require.InEpsilon(t, c.read99, read99, 0.03, "the paper's table, with its own noise")
			require.InEpsilon(t, c.write99, write99, 0.03, "the paper's table, with its own noise")
		})
	}
}

// Where read and write quorums meet, no read is stale: not one.
func TestMeetingQuorumsAreNeverStale(t *testing.T) {
	for _, c := range []quorum.Config{
		{Quorums: quorum.Threshold{N: 3, R: 2, W: 2}},
		{Quorums: quorum.Threshold{N: 3, R: 1, W: 3}},
		{Quorums: quorum.Threshold{N: 3, R: 3, W: 1}},
		{Quorums: quorum.Threshold{N: 3, R: 2, W: 2}, Narrow: true},
		{Quorums: quorum.Weighted{Votes: []int{2, 1, 1}, R: 2, W: 3}},
	} {
		t.Run(fmt.Sprint(c.Quorums, c.Narrow), func(t *testing.T) {
			require.True(t, c.Fresh())
			p := probe(t, 1, c, wars{disk.law(), ssd.law(), ssd.law(), ssd.law()}, &prober{waits: []time.Duration{0}, each: 1, n: samples(t)})
			require.Equal(t, 1.0, share(p.lags[0], 1))
		})
	}
}

// How many versions a read is behind, if each quorum is a random set that does not grow: P(within k) = 1 - q^k, where q is
// the probability that a read quorum misses a write quorum (section 3.1). The protocol keeps to that model with Narrow and
// without repair; by default all replicas get a write in the end, and reads are fresher. A read after every third write
// makes the readings for k up to 3 independent.
func TestVersionsBehind(t *testing.T) {
	for _, c := range []quorum.Threshold{{N: 3, R: 1, W: 1}, {N: 3, R: 1, W: 2}, {N: 3, R: 2, W: 1}} {
		t.Run(c.String(), func(t *testing.T) {
			n := samples(t)
			p := probe(t, 1, quorum.Config{Quorums: c, Narrow: true}, sim.ConstantDelay(ms), &prober{waits: []time.Duration{0}, each: 3, n: n})
			q := choose(c.N-c.W, c.R) / choose(c.N, c.R)
			for k := 1; k <= 3; k++ {
				want := 1 - math.Pow(q, float64(k))
				got := share(p.lags[0], k)
				t.Logf("within %d: %.4f, by the formula %.4f", k, got, want)
				require.InDelta(t, want, got, 4*math.Sqrt(want*(1-want)/float64(n)), "k=%d", k)
			}
		})
	}
}

func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c *= float64(n-i) / float64(k-i)
	}
	return c
}
