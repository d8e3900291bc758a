package generals_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/fault"
	"lightcone/protocols/generals"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// withLiars lets nodes lie from before the order is given.
func withLiars(cfg sim.Config, how string, liars ...sim.NodeID) sim.Config {
	cfg.Liars = fault.Liars()
	var s sim.Schedule
	for _, id := range liars {
		s = append(s, sim.At{Action: sim.Lie{Name: id.String(), Node: id, How: how}})
	}
	cfg.Faults = []sim.Fault{s}
	return cfg
}

// Whatever the usual liars do, as many generals as theory asks for agree; and IC1 and IC2 hold as properties.
func TestLiars(t *testing.T) {
	for how := range fault.Liars() {
		for _, c := range []struct {
			n, m   int
			signed bool
		}{{4, 1, false}, {7, 2, false}, {3, 1, true}, {5, 3, true}} {
			_, cfg := config(c.n, c.m, c.signed, generals.Attack)
			simtest.Run(t, cfg, simtest.Options{Runs: 4, Vary: func(seed uint64, cfg *sim.Config) {
				r := sim.NewRand(seed, sim.ForStudy)
				var liars []sim.NodeID
				for _, id := range r.Perm(c.n)[:c.m] {
					liars = append(liars, sim.NodeID(id))
				}
				*cfg = withLiars(*cfg, how, liars...)
			}})
		}
	}
}

// The properties see what the liars do where there are too few generals: the defining pair of the paper.
func TestTwoOfThreeGeneralsDisagree(t *testing.T) {
	_, cfg := config(3, 1, false, generals.Attack)
	_, r := run(t, withLiars(cfg, "corrupt", 2))
	require.Equal(t, sim.Violation, r.Verdict)
	require.ErrorContains(t, r.Err, "n1 obeys retreat, but n0 ordered attack")
	_, cfg = config(3, 1, true, generals.Attack)
	_, r = run(t, withLiars(cfg, "corrupt", 2))
	require.Equal(t, sim.Pass, r.Verdict, "signatures help")
	_, cfg = config(3, 0, true, generals.Attack)
	_, r = run(t, withLiars(cfg, "twofaced", 0))
	require.ErrorContains(t, r.Err, "n1 obeys retreat, n2 obeys attack")
}

// No rule whatsoever by which the two lieutenants decide, each by the order that it got and by what the other says of it,
// makes three generals stand one liar: each of the 2^18 pairs of rules is broken by one of the 30 behaviours.
func TestNoRuleHelpsThreeGenerals(t *testing.T) {
	type rule [3][3]bool // attack? by the order and by the other's word: retreat, attack, nothing
	rules := make([]rule, 1<<9)
	for i := range rules {
		for bit := range 9 {
			rules[i][bit/3][bit%3] = i>>bit&1 == 1
		}
	}
	passes := func(heard int) int { return heard % 2 } // what a loyal lieutenant says it heard: of nothing, retreat
	stands := func(a, b *rule) bool {
		for x := range 3 { // a lying commander
			for y := range 3 {
				if a[x][passes(y)] != b[y][passes(x)] {
					return false
				}
			}
		}
		for order := range 2 { // a lying lieutenant
			for word := range 3 {
				if a[order][word] != (order == 1) || b[order][word] != (order == 1) {
					return false
				}
			}
		}
		return true
	}
	for i := range rules {
		for j := range rules {
			require.False(t, stands(&rules[i], &rules[j]))
		}
	}
}

// A crash in the middle of the orders is a lie, and counted as one.
func TestACrashIsALie(t *testing.T) {
	for _, after := range []int{0, 1, 2} {
		_, cfg := config(4, 1, false, generals.Attack)
		cfg.Faults = []sim.Fault{sim.Schedule{{Action: sim.CrashDuring{Node: 0, After: after}}}}
		v, r := run(t, cfg)
		require.NoError(t, r.Err)
		require.False(t, v.Up(0))
	}
	_, cfg := config(3, 1, false, generals.Attack)
	cfg.Faults = []sim.Fault{sim.Schedule{{Time: 1, Action: sim.Crash{Node: 2}}}}
	_, r := run(t, cfg)
	require.ErrorContains(t, r.Err, "n1 obeys retreat", "silence is a lie")
}

// Drifting clocks do no harm while a round is longer than messages take and clocks part.
func TestDriftingClocks(t *testing.T) {
	_, cfg := config(7, 2, false, generals.Attack)
	cfg.Clock = func(id sim.NodeID, _ *sim.Rand) sim.Clock { return rate(id%3) * 20_000 }
	simtest.Run(t, withLiars(cfg, "random", 0, 5), simtest.Options{Runs: 5})
}

// rate is a clock that is fast by so many millionths.
type rate int64

func (d rate) Read(t sim.Time) sim.Local { return sim.Local(int64(t) + int64(t)/1_000_000*int64(d)) }
func (d rate) When(l sim.Local) sim.Time {
	t := sim.Time(int64(l) * 1_000_000 / (1_000_000 + int64(d)))
	for d.Read(t) < l {
		t++
	}
	return t
}

func TestContract(t *testing.T) {
	for _, signed := range []bool{false, true} {
		_, cfg := config(5, 2, signed, generals.Attack)
		simtest.TestProcess(t, withLiars(cfg, "random", 0, 3))
		simtest.Determinism(t, withLiars(cfg, "random", 0, 3))
	}
}

func TestGolden(t *testing.T) {
	for signed, want := range map[bool]uint64{false: 0x10e9f35edcbe953a, true: 0xf15483ff70fb4e35} {
		_, cfg := config(7, 2, signed, generals.Attack)
		cfg.Seed = 1
		_, r := run(t, withLiars(cfg, "random", 0, 3))
		require.Equal(t, fmt.Sprintf("%016x", want), fmt.Sprintf("%016x", r.Digest), "what seed 1 means, signed %v", signed)
	}
}

// A script's generals: m=1 order=attack signed liars=0,2 says=retreat,attack (in place of each of their messages) or
// by=NAME (a liar of package fault).
func setup(nodes int, args []string) (sim.Config, error) {
	g := generals.Config{Generals: nodes, M: 1, Start: ms, Round: round, Order: generals.Attack}
	var liars []sim.NodeID
	var says []string
	by := "written"
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		var err error
		switch name {
		case "m":
			g.M, err = strconv.Atoi(value)
		case "order":
			g.Order, _ = generals.ParseOrder(value)
		case "signed":
			g.Signed = true
		case "liars":
			for id := range strings.SplitSeq(value, ",") {
				n, err := strconv.Atoi(id)
				if err != nil {
					return sim.Config{}, err
				}
				liars = append(liars, sim.NodeID(n))
			}
		case "says":
			says = strings.Split(value, ",")
		case "by":
			by = value
		default:
			err = fmt.Errorf("unknown argument %s", arg)
		}
		if err != nil {
			return sim.Config{}, err
		}
	}
	b := g.Behaviour(liars...)
	for i, s := range says {
		b.Says[i] = generals.Words(slices.Index([]string{"nothing", "retreat", "attack", "both"}, s))
	}
	cfg := withLiars(sim.Config{New: generals.New(g), Network: sim.ConstantDelay(delay), Properties: g.Properties()}, by, liars...)
	cfg.Liars["written"] = b
	return cfg, g.Validate()
}

func TestScripts(t *testing.T) { simtest.Scripts(t, "testdata", setup) }
