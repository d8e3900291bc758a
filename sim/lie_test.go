package sim_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// teller is a function as a Liar.
type teller func(p *sim.Packet, r *sim.Rand) []sim.Told

func (f teller) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	return append(dst, f(p, r)...)
}

// babbler sends everybody a number, and Words, every 10 ms.
type babbler struct{ n int }

func (p *babbler) Init(env *sim.Env) { env.After(10*time.Millisecond, nil) }
func (p *babbler) Timeout(env *sim.Env, _ any) {
	p.n++
	env.Broadcast(p.n)
	env.SendWords(env.Peers()[0], sim.Words{A: uint64(p.n)})
	env.Send(env.ID(), "to myself")
	if p.n < 50 {
		env.After(10*time.Millisecond, nil)
	}
}
func (p *babbler) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (p *babbler) Clone() sim.Process                        { c := *p; return &c }

// wobbly delays messages at random and loses some.
type wobbly struct{}

func (wobbly) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	c := sim.Copy{Delay: r.Duration(0, 30*time.Millisecond)}
	if r.Bool(0.1) {
		c.Cause = sim.Loss
	}
	return append(dst, c)
}

// arrival is a message that came, or did not.
type arrival struct {
	name  sim.MessageName
	at    sim.Time
	cause sim.Cause
	value any
}

func chat(t *testing.T, l sim.Liar, faults ...sim.At) (came []arrival, r *sim.Result, w *sim.World) {
	t.Helper()
	w, err := sim.New(sim.Config{Seed: 5, Nodes: 3, Strict: true, Network: wobbly{}, New: func(sim.NodeID) sim.Process { return &babbler{} },
		Liars: map[string]sim.Liar{"l": l}, Faults: []sim.Fault{sim.Schedule(faults)},
		Observers: []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
			if e.Kind == sim.Deliver || e.Kind == sim.Drop {
				came = append(came, arrival{e.Name(), e.Time, e.Cause, e.Value})
			}
		})}})
	require.NoError(t, err)
	r = w.Run()
	return came, r, w
}

var lie = sim.At{Action: sim.Lie{Name: "x", Node: 1, How: "l"}}

func truth(p *sim.Packet, _ *sim.Rand) []sim.Told { return []sim.Told{{Message: p.Message}} }

// A liar that tells the truth changes nothing but that it is known for a liar.
func TestAnHonestLiar(t *testing.T) {
	plain, r, _ := chat(t, teller(truth))
	require.NoError(t, r.Err)
	same, r, w := chat(t, teller(truth), lie)
	require.NoError(t, r.Err)
	require.Equal(t, plain, same)
	require.True(t, w.View().Lied(1))
	require.False(t, w.View().Lied(0))
}

// What one node says instead leaves all that others say as it was, and what it says to itself.
func TestALieIsTheLiarsAlone(t *testing.T) {
	plain, _, _ := chat(t, teller(truth))
	other, r, _ := chat(t, teller(func(p *sim.Packet, r *sim.Rand) []sim.Told { return []sim.Told{{Message: "no"}} }), lie)
	require.NoError(t, r.Err)
	require.Len(t, other, len(plain))
	lies := 0
	for i, a := range other {
		if a.name.From == 1 && a.name.To != 1 {
			require.Equal(t, plain[i].name, a.name, "nor does a lie take another time")
			if a.cause == sim.Delivered {
				require.Equal(t, "no", a.value)
				lies++
			}
			continue
		}
		require.Equal(t, plain[i], a)
	}
	require.NotZero(t, lies)
}

func TestSilenceDelayAndRepetition(t *testing.T) {
	silent, r, _ := chat(t, teller(func(*sim.Packet, *sim.Rand) []sim.Told { return nil }), lie)
	require.NoError(t, r.Err)
	for _, a := range silent {
		if a.name.From == 1 && a.name.To != 1 {
			require.Equal(t, sim.Omission, a.cause)
		}
	}
	require.EqualValues(t, 50*3, r.Stats.Dropped[sim.Omission])

	plain, _, _ := chat(t, teller(truth))
	late, r, _ := chat(t, teller(func(p *sim.Packet, _ *sim.Rand) []sim.Told {
		return []sim.Told{{Message: p.Message, After: time.Second}}
	}), lie)
	require.NoError(t, r.Err)
	at := map[sim.MessageName]sim.Time{}
	for _, a := range plain {
		at[a.name] = a.at
	}
	for _, a := range late {
		want := at[a.name]
		if a.name.From == 1 && a.name.To != 1 && a.cause == sim.Delivered {
			want = want.Add(time.Second)
		}
		if a.cause == sim.Delivered {
			require.Equal(t, want, a.at)
		}
	}

	_, r, _ = chat(t, teller(func(p *sim.Packet, _ *sim.Rand) []sim.Told {
		return []sim.Told{{Message: p.Message}, {Message: p.Message}, {Message: 0}}
	}), lie)
	require.NoError(t, r.Err)
	require.EqualValues(t, 2*50*3, r.Stats.Duplicated)
	require.Zero(t, r.Stats.InFlight)
}

// nowhere is a network that loses all without a word.
type nowhere struct{}

func (nowhere) Route(dst []sim.Copy, _ *sim.Packet, _ *sim.Rand) []sim.Copy { return dst }

// What a liar says and the network loses is lost, not omitted.
func TestTheNetworkLosesLiesToo(t *testing.T) {
	w := newWorld(t, sim.Config{Nodes: 2, Network: nowhere{}, New: func(sim.NodeID) sim.Process { return &babbler{} }, Liars: map[string]sim.Liar{"l": teller(truth)}})
	require.NoError(t, w.Act(sim.Lie{Node: 1, How: "l"}))
	require.NoError(t, w.Inject(1, 0, "x"))
	require.EqualValues(t, 1, w.View().Stats().Dropped[sim.Loss])
	require.Zero(t, w.View().Stats().Dropped[sim.Omission])
}

// Of two lies on a node the later one rewrites what the first one says; each ends by its name.
func TestLiesAddUp(t *testing.T) {
	double := teller(func(p *sim.Packet, _ *sim.Rand) []sim.Told {
		if n, ok := p.Message.(int); ok {
			return []sim.Told{{Message: 2 * n, After: time.Millisecond}}
		}
		return []sim.Told{{Message: p.Message}}
	})
	ms := func(n int) sim.Time { return sim.Time(n) * sim.Time(time.Millisecond) }
	came, r, _ := chat(t, double, lie, sim.At{Time: ms(105), Action: sim.Lie{Name: "y", Node: 1, How: "l"}}, sim.At{Time: ms(205), Action: sim.Heal{Name: "x"}},
		sim.At{Time: ms(305), Action: sim.Heal{}})
	require.NoError(t, r.Err)
	factors := map[int]int{}
	for _, a := range came {
		if n, ok := a.value.(int); ok && a.cause == sim.Delivered && a.name.From == 1 && a.name.To == 0 { // to n0 it sends nothing else
			k := int(a.name.K)
			factor := []int{2, 4, 2, 1, 1}[min((k-1)/10, 4)]
			require.Equal(t, factor*k, n)
			factors[factor]++
		}
	}
	require.Len(t, factors, 3)
}

func TestLiesThatCannotBe(t *testing.T) {
	_, r, _ := chat(t, teller(truth), sim.At{Action: sim.Lie{Node: 1, How: "nobody"}})
	require.ErrorContains(t, r.Err, `"lie n1 by nobody": Config.Liars has no "nobody"`)
	_, r, _ = chat(t, teller(truth), sim.At{Action: sim.Lie{Node: 3, How: "l"}})
	require.ErrorContains(t, r.Err, "an action names n3, want n0 to n2")
	_, r, _ = chat(t, teller(func(p *sim.Packet, _ *sim.Rand) []sim.Told { return []sim.Told{{Message: p.Message, After: -1}} }), lie)
	require.ErrorContains(t, r.Err, "a liar delays n1->n2#1 by -1ns, want 0 or more")
	_, err := sim.New(sim.Config{Nodes: 1, New: func(sim.NodeID) sim.Process { return &babbler{} }, Liars: map[string]sim.Liar{"a": nil}})
	require.ErrorContains(t, err, `sim: Config.Liars["a"] is nil`)
}
