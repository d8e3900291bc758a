package fault

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

// claim is what gossips say: true ones are even.
type claim int

func (c claim) Falsify(to sim.NodeID, _ *sim.Rand) sim.Message { return c + 1 + 1000*claim(to) }

// gossip says something new to everybody every 10 ms. What it says next depends on how often it was lied to, so that
// forks with other lies part ways.
type gossip struct{ said, deceived int }

func (p *gossip) Init(env *sim.Env) { env.After(10*time.Millisecond, nil) }
func (p *gossip) Timeout(env *sim.Env, _ any) {
	p.said++
	env.Broadcast(claim(4*p.said + 2*(p.deceived%2)))
	if p.said < 300 {
		env.After(10*time.Millisecond, nil)
	}
}
func (p *gossip) Receive(_ *sim.Env, _ sim.NodeID, m sim.Message) {
	if m.(claim)%2 == 1 {
		p.deceived++
	}
}
func (p *gossip) Clone() sim.Process { c := *p; return &c }

// hearing is one message: as it was sent and as it was received.
type hearing struct {
	name       sim.MessageName
	sent, came sim.Message // came is nil if it did not
	late       time.Duration
}

// overhear runs four gossips for a while, n2 being a liar for a part of it, and returns all messages in order of sending.
func overhear(t *testing.T, l sim.Liar, from, to sim.Time) []hearing {
	t.Helper()
	var all []hearing
	at := map[uint64]int{}
	w, err := sim.New(gossips(l, from, to, sim.ObserverFunc(func(e *sim.Event) {
		switch e.Kind {
		case sim.Send:
			at[e.ID] = len(all)
			all = append(all, hearing{name: e.Name(), sent: e.Value, late: time.Duration(e.Time)})
		case sim.Deliver:
			h := &all[at[e.Link]]
			require.Equal(t, h.name, e.Name(), "nobody speaks in another's name")
			h.came, h.late = e.Value, time.Duration(e.Time)-h.late
		}
	})))
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	return all
}

func gossips(l sim.Liar, from, to sim.Time, o ...sim.Observer) sim.Config {
	return sim.Config{Seed: 3, Nodes: 4, New: func(sim.NodeID) sim.Process { return &gossip{} }, Until: sim.Time(10 * time.Second), Strict: true,
		Network: sim.ConstantDelay(time.Millisecond), Liars: map[string]sim.Liar{"l": l}, Observers: o,
		Faults: []sim.Fault{sim.Schedule{{Time: from, Action: sim.Lie{Name: "x", Node: 2, How: "l"}}, {Time: to, Action: sim.Heal{Name: "x"}}}}}
}

// byLiar keeps what n2 sent.
func byLiar(all []hearing) []hearing {
	return slices.DeleteFunc(slices.Clone(all), func(h hearing) bool { return h.name.From != 2 })
}

const always = sim.Time(10 * time.Second)

func TestSilent(t *testing.T) {
	for _, h := range overhear(t, Silent{To: []sim.NodeID{0, 3}}, 0, always) {
		if h.name.From == 2 && h.name.To != 1 {
			require.Nil(t, h.came)
		} else {
			require.Equal(t, h.sent, h.came)
		}
	}
	for _, h := range byLiar(overhear(t, Silent{}, 0, always)) {
		require.Nil(t, h.came)
	}
}

func TestTwoFaced(t *testing.T) {
	for _, h := range overhear(t, TwoFaced{}, 0, always) {
		if h.name.From == 2 && h.name.To%2 == 1 {
			require.Equal(t, h.sent.(claim)+1+1000*claim(h.name.To), h.came)
		} else {
			require.Equal(t, h.sent, h.came)
		}
	}
	said := map[sim.NodeID]sim.Message{}
	own := TwoFaced{To: []sim.NodeID{0}, Falsehood: func(p *sim.Packet, _ *sim.Rand) sim.Message { return p.Message.(claim) + 7 }}
	for _, h := range byLiar(overhear(t, own, 0, always)) {
		said[h.name.To] = h.came
		if len(said) == 3 {
			require.Equal(t, said[1], said[3])
			require.NotEqual(t, said[1], said[0], "two recipients heard different things at once")
			clear(said)
		}
	}
}

func TestCorrupting(t *testing.T) {
	lies := 0
	all := byLiar(overhear(t, Corrupting{P: 0.3}, 0, always))
	for _, h := range all {
		if h.sent != h.came {
			lies++
		}
	}
	n := float64(len(all))
	require.InDelta(t, 0.3, float64(lies)/n, 4*math.Sqrt(0.3*0.7/n))
}

func TestReplaying(t *testing.T) {
	before := map[sim.NodeID][]sim.Message{}
	repeated := 0
	all := byLiar(overhear(t, Replaying{P: 0.4, Keep: 5}, 0, always))
	for _, h := range all {
		said := before[h.name.To]
		if h.came != h.sent {
			require.Contains(t, said[max(0, len(said)-5):], h.came, "it is none of the last five")
			repeated++
		}
		before[h.name.To] = append(said, h.sent)
	}
	n := float64(len(all)) // nothing is said twice, but for what is repeated; the first has nothing to repeat
	require.InDelta(t, 0.4, float64(repeated)/n, 4*math.Sqrt(0.4*0.6/n)+3/n)
}

func TestDelaying(t *testing.T) {
	for _, h := range overhear(t, Delaying{By: dist.Constant{Value: 5e6}}, 0, always) {
		want := time.Millisecond
		if h.name.From == 2 {
			want += 5 * time.Millisecond
		}
		require.Equal(t, h.sent, h.came)
		require.Equal(t, want, h.late)
	}
}

func TestLies(t *testing.T) {
	twice := Lies(func(p *sim.Packet, _ *sim.Rand) []sim.Message { return []sim.Message{p.Message, claim(-1)} })
	came := map[sim.MessageName][]sim.Message{}
	w, err := sim.New(gossips(twice, 0, always, sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.Deliver && e.From == 2 {
			came[e.Name()] = append(came[e.Name()], e.Value)
		}
	})))
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	require.NotEmpty(t, came)
	for name, list := range came {
		require.Len(t, list, 2, name)
		require.Equal(t, claim(-1), list[1])
	}
}

// A liar lies while the lie is in force, not before and not after, and nobody else does at all.
func TestALieEnds(t *testing.T) {
	const from, to = sim.Time(time.Second), sim.Time(2 * time.Second)
	lied := 0
	for _, h := range overhear(t, Corrupting{P: 1}, from, to) {
		sent := sim.Time(h.name.K) * sim.Time(10*time.Millisecond)
		if h.name.From == 2 && sent >= from && sent < to {
			require.NotEqual(t, h.sent, h.came)
			lied++
		} else {
			require.Equal(t, h.sent, h.came)
		}
	}
	require.Equal(t, 3*100, lied)
}

func TestChain(t *testing.T) {
	both := Chain{TwoFaced{To: []sim.NodeID{1}}, Silent{To: []sim.NodeID{3}}, Delaying{By: dist.Constant{Value: 2e6}}, Delaying{By: dist.Constant{Value: 3e6}}}
	for _, h := range byLiar(overhear(t, both, 0, always)) {
		if h.name.To == 3 {
			require.Nil(t, h.came)
			continue
		}
		require.Equal(t, 6*time.Millisecond, h.late)
		require.Equal(t, h.name.To == 1, h.sent != h.came)
	}
	for _, h := range overhear(t, Chain{}, 0, always) {
		require.Equal(t, h.sent, h.came)
	}
}

func TestAnyOf(t *testing.T) {
	var silent, false_ int
	all := byLiar(overhear(t, AnyOf{Honest{}, Silent{}, Corrupting{P: 1}, Corrupting{P: 1}}, 0, always))
	for _, h := range all {
		if h.came == nil {
			silent++
		} else if h.came != h.sent {
			false_++
		}
	}
	n := float64(len(all))
	require.InDelta(t, 0.25, float64(silent)/n, 4*math.Sqrt(0.25*0.75/n))
	require.InDelta(t, 0.5, float64(false_)/n, 4*math.Sqrt(0.25/n))
}

// A liar that remembers is cloned with what it remembers: a fork goes on as the original does.
func TestLiarsFork(t *testing.T) {
	for name, l := range Liars() {
		t.Run(name, func(t *testing.T) {
			w, err := sim.New(gossips(l, sim.Time(time.Second), sim.Time(5*time.Second/2)))
			require.NoError(t, err)
			require.NoError(t, w.RunUntil(sim.Time(3*time.Second/2)))
			f, err := w.Fork()
			require.NoError(t, err)
			require.NoError(t, w.RunUntil(sim.Time(2*time.Second)))
			require.Equal(t, w.Run().Content, f.Run().Content)
			again, err := sim.New(gossips(l, sim.Time(time.Second), sim.Time(5*time.Second/2)))
			require.NoError(t, err)
			require.Equal(t, f.Result().Content, again.Run().Content, "one Config makes any number of worlds")
		})
	}
}

// What a message does not say of itself is falsified bit by bit, or not at all.
func TestFalsify(t *testing.T) {
	r := sim.NewRand(1, sim.ForStudy)
	for range 100 {
		was := sim.Words{A: 1, B: 2, C: 3}
		is := falsify(&sim.Packet{Message: was}, &r).(sim.Words)
		bits := 0
		for _, x := range []uint64{was.A ^ is.A, was.B ^ is.B, was.C ^ is.C} {
			for ; x > 0; x &= x - 1 {
				bits++
			}
		}
		require.Equal(t, 1, bits)
	}
	require.Equal(t, "plain", falsify(&sim.Packet{Message: "plain"}, &r))
}

func TestLiarsValidate(t *testing.T) {
	for _, l := range Liars() {
		require.NoError(t, ValidateLiar(l))
	}
	for want, l := range map[string]sim.Liar{
		"fault: Corrupting.P is 2, want a probability in [0, 1]":         Chain{Corrupting{P: 2}},
		"fault: Replaying.P is NaN, want a probability in [0, 1]":        AnyOf{Replaying{P: math.NaN()}},
		"fault: Replaying.Keep is negative, want 1 or more, or 0 for 64": Replaying{Keep: -1},
		"fault: AnyOf has no liars, want at least 1":                     Chain{AnyOf{}},
		"fault: Delaying.By is nil, want a distribution":                 Delaying{},
		"fault: a liar is nil, want one":                                 Chain{nil},
	} {
		require.EqualError(t, ValidateLiar(l), want)
	}
}
