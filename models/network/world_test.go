package network_test

import (
	"testing"
	"time"

	"lightcone/models/network"
	"lightcone/sim"
)

// chatter sends its round's number to all other talkers, at the start and every gap thereafter.
type chatter struct {
	talkers sim.NodeID
	rounds  int
	gap     time.Duration
	sent    int
}

func (c *chatter) Init(env *sim.Env)                            { c.Timeout(env, nil) }
func (c *chatter) Receive(*sim.Env, sim.NodeID, sim.Message)    {}
func (c *chatter) ReceiveWords(*sim.Env, sim.NodeID, sim.Words) {}
func (c *chatter) Clone() sim.Process                           { d := *c; return &d }
func (c *chatter) Timeout(env *sim.Env, _ any) {
	if c.sent == c.rounds || env.ID() >= c.talkers {
		return
	}
	c.sent++
	for to := range c.talkers {
		if to != env.ID() {
			env.Send(to, c.sent)
		}
	}
	env.After(c.gap, nil)
}

// chat is a world of chatters.
func chat(net sim.Network, seed uint64) sim.Config {
	return sim.Config{
		Seed: seed, Nodes: 4, Network: net, Until: at(3 * time.Second),
		New: func(sim.NodeID) sim.Process { return &chatter{talkers: 4, rounds: 100, gap: 5 * ms} },
	}
}

// run runs a world, which must not fail, to its end.
func run(t testing.TB, cfg sim.Config) *sim.Result {
	t.Helper()
	w, err := sim.New(cfg)
	holds(t, err == nil, err)
	res := w.Run()
	holds(t, !res.Failed(), res.Err)
	return res
}

// fate is what became of one copy, and when.
type fate struct {
	name  sim.MessageName
	copy  uint8
	cause sim.Cause
	at    sim.Time
}

// fates observes what becomes of all copies, in order.
type fates []fate

func (f *fates) Observe(e *sim.Event) {
	if e.Kind == sim.Deliver || e.Kind == sim.Drop {
		*f = append(*f, fate{e.Name(), e.Copy, e.Cause, e.At})
	}
}

// of returns the fates for which keep is true.
func (f fates) of(keep func(sim.MessageName) bool) fates {
	var kept fates
	for _, x := range f {
		if keep(x.name) {
			kept = append(kept, x)
		}
	}
	return kept
}

func fatesOf(t testing.TB, cfg sim.Config) fates {
	t.Helper()
	var f fates
	cfg.Observers = []sim.Observer{&f}
	run(t, cfg)
	holds(t, len(f) > 0, "nothing was sent")
	return f
}

func TestOneSeedOneRun(t *testing.T) {
	for name, model := range models() {
		cfg := chat(model, 1)
		first := run(t, cfg)
		equal(t, first.Digest, run(t, cfg).Digest, name, "a network serves many worlds")
		cfg.Seed = 2
		holds(t, first.Digest != run(t, cfg).Digest, name)
	}
}

func TestForksGoOnAlike(t *testing.T) {
	for name, model := range models() {
		w, err := sim.New(chat(model, 1))
		holds(t, err == nil, err)
		holds(t, w.RunUntil(at(200*ms)) == nil)
		fork, err := w.Fork()
		holds(t, err == nil, err)
		want := w.Run().Digest
		equal(t, want, fork.Run().Digest, name)
		equal(t, want, run(t, chat(model, 1)).Digest, name)
	}
}

// play routes one message after the other, numbered and timed from first on, over the links given, and returns all
// copies.
func play(net sim.Network, first int, links ...[2]sim.NodeID) []sim.Copy {
	var all []sim.Copy
	for i := range 200 {
		on := links[i%len(links)]
		l := &travel{net: net, seed: 1, from: on[0], to: on[1], k: uint64(first + i), message: "m"}
		all = append(all, l.send(at(time.Duration(first+i)*ms))...)
	}
	return all
}

// A clone goes on as the original would have, on links that either has used or not, whatever the other does.
func TestClonesShareNothing(t *testing.T) {
	a, b, c := [2]sim.NodeID{0, 1}, [2]sim.NodeID{1, 2}, [2]sim.NodeID{2, 0}
	for name, fresh := range models() {
		copied := func() sim.Network { return fresh.(sim.NetworkCloner).CloneNetwork() }
		want := func(links ...[2]sim.NodeID) []sim.Copy {
			n := copied()
			play(n, 0, a)
			return play(n, 200, links...)
		}
		original := copied()
		play(original, 0, a)
		clone := original.(sim.NetworkCloner).CloneNetwork()
		equal(t, want(b, a), play(original, 200, b, a), name, "original")
		equal(t, want(c, a, b), play(clone, 200, c, a, b), name, "clone")
	}
}

func TestIdleNodesChangeNothing(t *testing.T) {
	for name, model := range models() {
		small := chat(model, 1)
		large := small
		large.Nodes = 5
		equal(t, fatesOf(t, small), fatesOf(t, large), name)
	}
}

func TestAMessageLessChangesNothingOnOtherLinks(t *testing.T) {
	for name, model := range models() {
		full := chat(model, 1)
		edited := full
		edited.Drop = []sim.MessageName{{From: 0, To: 2, K: 1}, {From: 0, To: 2, K: 40}}
		elsewhere := func(m sim.MessageName) bool { return m.From != 0 || m.To != 2 }
		equal(t, fatesOf(t, full).of(elsewhere), fatesOf(t, edited).of(elsewhere), name)
	}
}

// Without queues and order to keep, it changes nothing but itself.
func TestAMessageLessChangesNothingButItself(t *testing.T) {
	net := network.Duplicate{P: 0.1, Inner: network.Loss{P: 0.1, Inner: network.WAN()}}
	full := chat(net, 1)
	edited := full
	edited.Drop = []sim.MessageName{{From: 0, To: 2, K: 40}}
	others := func(m sim.MessageName) bool { return m != edited.Drop[0] }
	equal(t, fatesOf(t, full).of(others), fatesOf(t, edited).of(others))
}

func TestAlteredMessagesArriveAltered(t *testing.T) {
	cfg := chat(network.Corrupt{P: 1, Undetected: 1, Alter: func(_ *sim.Rand, m sim.Message) sim.Message { return -m.(int) }}, 1)
	cfg.Strict = true
	delivered := 0
	cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		if e.Kind == sim.Deliver {
			delivered++
			holds(t, e.Value.(int) < 0, "unaltered")
		}
	})}
	run(t, cfg)
	equal(t, 4*3*100, delivered)
}
