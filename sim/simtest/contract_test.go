package simtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

// gossip is a process that keeps every rule. The broken ones below are variations of it: each node tells its peers the
// list of what it has heard, again and again.
type gossip struct {
	heard []sim.NodeID
	count map[sim.NodeID]int
}

type rumour struct{ heard []sim.NodeID }

func newGossip(sim.NodeID) sim.Process { return &gossip{count: map[sim.NodeID]int{}} }

func (g *gossip) Init(env *sim.Env) {
	g.heard = []sim.NodeID{env.ID()}
	env.After(time.Millisecond, nil)
}

func (g *gossip) Timeout(env *sim.Env, _ any) {
	env.Persist("heard", len(g.heard))
	env.Broadcast(rumour{slices.Clone(g.heard)})
	env.After(3*time.Millisecond, nil)
}

func (g *gossip) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case rumour:
		g.count[from]++
		for _, id := range m.heard {
			if !slices.Contains(g.heard, id) {
				g.heard = append(g.heard, id)
			}
		}
		env.Note(len(g.heard))
	default:
		panic(fmt.Sprintf("unknown message %T", m))
	}
}

func (g *gossip) Clone() sim.Process { return g.copy() }

func (g *gossip) copy() *gossip {
	c := &gossip{heard: slices.Clone(g.heard), count: map[sim.NodeID]int{}}
	for id, n := range g.count {
		c.count[id] = n
	}
	return c
}

// The planted bugs.

// mapOrder sends in the order of a map.
type mapOrder struct{ gossip }

func (p *mapOrder) Timeout(env *sim.Env, _ any) {
	for id := range p.count {
		env.Send(id, rumour{p.heard[:1:1]})
	}
	env.Broadcast(rumour{p.heard[:1:1]})
	env.After(3*time.Millisecond, nil)
}
func (p *mapOrder) Clone() sim.Process { return &mapOrder{*p.copy()} }

// mapContents sends the keys of a map in its order.
type mapContents struct{ gossip }

func (p *mapContents) Timeout(env *sim.Env, _ any) {
	var heard []sim.NodeID
	for id := range p.count {
		heard = append(heard, id)
	}
	env.Broadcast(rumour{heard})
	env.After(3*time.Millisecond, nil)
}
func (p *mapContents) Clone() sim.Process { return &mapContents{*p.copy()} }

// envInField keeps its Env.
type envInField struct {
	gossip
	env *sim.Env
}

func (p *envInField) Init(env *sim.Env) {
	p.env = env
	p.gossip.Init(env)
}
func (p *envInField) Clone() sim.Process { return &envInField{*p.copy(), p.env} }

// envInClosure keeps its Env where nobody sees it, and uses it.
type envInClosure struct {
	gossip
	say func(string)
}

func (p *envInClosure) Init(env *sim.Env) {
	p.say = func(s string) { env.Note(s) }
	p.gossip.Init(env)
}
func (p *envInClosure) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	p.say("received")
	p.gossip.Receive(env, from, m)
}
func (p *envInClosure) Clone() sim.Process { return &envInClosure{*p.copy(), p.say} }

// changesSent sends its own slice and goes on writing to it.
type changesSent struct{ gossip }

func (p *changesSent) Timeout(env *sim.Env, _ any) {
	env.Broadcast(rumour{p.heard})
	p.heard[0] += 10
	env.After(3*time.Millisecond, nil)
}
func (p *changesSent) Clone() sim.Process { return &changesSent{*p.copy()} }

// changesReceived writes to what it received.
type changesReceived struct{ gossip }

func (p *changesReceived) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if r, ok := m.(rumour); ok {
		r.heard[0] = 99
	}
	p.gossip.Receive(env, from, m)
}
func (p *changesReceived) Clone() sim.Process { return &changesReceived{*p.copy()} }

// changesPersisted writes to what it persisted.
type changesPersisted struct{ gossip }

func (p *changesPersisted) Timeout(env *sim.Env, _ any) {
	env.Persist("heard", p.heard)
	p.heard[0] += 10
	env.After(3*time.Millisecond, nil)
}
func (p *changesPersisted) Clone() sim.Process { return &changesPersisted{*p.copy()} }

// sharesMap has a Clone that copies the pointer to the map.
type sharesMap struct{ gossip }

func (p *sharesMap) Clone() sim.Process {
	return &sharesMap{gossip{slices.Clone(p.heard), p.count}}
}

// forgetsField has a Clone that leaves a field out.
type forgetsField struct{ gossip }

func (p *forgetsField) Clone() sim.Process {
	return &forgetsField{gossip{nil, p.copy().count}}
}

// panicsOnRecovery cannot start twice.
type panicsOnRecovery struct{ gossip }

func (p *panicsOnRecovery) Init(env *sim.Env) {
	if env.Incarnation() > 0 {
		panic("no such file")
	}
	p.gossip.Init(env)
}
func (p *panicsOnRecovery) Clone() sim.Process { return &panicsOnRecovery{*p.copy()} }

// tolerant takes what it does not know.
type tolerant struct{ gossip }

func (p *tolerant) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	if _, ok := m.(rumour); ok {
		p.gossip.Receive(env, from, m)
	}
}
func (p *tolerant) Clone() sim.Process { return &tolerant{*p.copy()} }

// withoutClone is a process without its Clone.
type withoutClone struct{ sim.Process }

// global counts outside of itself.
type global struct{ gossip }

var globalCount int

func (p *global) Timeout(env *sim.Env, _ any) {
	globalCount++
	env.Note(globalCount)
	p.gossip.Timeout(env, nil)
}
func (p *global) Clone() sim.Process { return &global{*p.copy()} }

// numbered is given a number by its factory.
type numbered struct {
	gossip
	number int
}

func (p *numbered) Clone() sim.Process { return &numbered{*p.copy(), p.number} }

// countingFactory gives each process that it makes the next number.
func countingFactory() func(sim.NodeID) sim.Process {
	made := 0
	return func(sim.NodeID) sim.Process {
		made++
		return &numbered{number: made, gossip: gossip{count: map[sim.NodeID]int{}}}
	}
}

// sharingFactory gives all processes one map.
func sharingFactory() func(sim.NodeID) sim.Process {
	count := map[sim.NodeID]int{}
	return func(sim.NodeID) sim.Process { return &gossip{count: count} }
}

func gossipRun(newProcess func(sim.NodeID) sim.Process) sim.Config {
	return sim.Config{Nodes: 3, New: newProcess, Until: sim.Time(40 * time.Millisecond), Seed: 1}
}

func TestContractIsKept(t *testing.T) { TestProcess(t, gossipRun(newGossip)) }

func TestContractIsKeptWithoutClones(t *testing.T) {
	TestProcess(t, gossipRun(func(id sim.NodeID) sim.Process {
		if id == 0 {
			return withoutClone{newGossip(id)}
		}
		return newGossip(id)
	}))
}

func TestContractNamesWhatIsBroken(t *testing.T) {
	g := func() gossip { return gossip{count: map[sim.NodeID]int{}} }
	cases := []struct {
		name string
		new  func(sim.NodeID) sim.Process
		want []string
	}{
		{"map order", func(sim.NodeID) sim.Process { return &mapOrder{g()} }, []string{"runs of seed 1 differ", "map order"}},
		{"map contents", func(sim.NodeID) sim.Process { return &mapContents{g()} }, []string{"runs of seed 1 differ", "map order"}},
		{"Env in a field", func(sim.NodeID) sim.Process { return &envInField{gossip: g()} }, []string{"retained Env", ".env"}},
		{"Env in a closure", func(sim.NodeID) sim.Process { return &envInClosure{gossip: g()} }, []string{"Env of n", "was kept"}},
		{"message changed by its sender", func(sim.NodeID) sim.Process { return &changesSent{g()} },
			[]string{"mutated message: n0 changed n0->n1#1 (simtest.rumour) after it had sent it"}},
		{"message changed by its receiver", func(sim.NodeID) sim.Process { return &changesReceived{g()} },
			[]string{"mutated message: n1 changed n0->n1#1 (simtest.rumour), which it had received"}},
		{"value changed after Persist", func(sim.NodeID) sim.Process { return &changesPersisted{g()} },
			[]string{`mutated value: n0 changed what it had persisted under "heard"`}},
		{"clone shares a map", func(sim.NodeID) sim.Process { return &sharesMap{g()} }, []string{"shared clone state", ".count"}},
		{"clone leaves out a field", func(sim.NodeID) sim.Process { return &forgetsField{g()} }, []string{"incomplete clone", ".heard"}},
		{"recovery panics", func(sim.NodeID) sim.Process { return &panicsOnRecovery{g()} },
			[]string{"crash: n", "after effect 0 of", "no such file"}},
		{"unknown message", func(sim.NodeID) sim.Process { return &tolerant{g()} }, []string{"unknown message"}},
		{"unknown message, to another node", func(id sim.NodeID) sim.Process {
			if id == 2 {
				return &tolerant{g()}
			}
			return newGossip(id)
		}, []string{"*simtest.gossip, or *simtest.tolerant breaks", "unknown message: Receive of n2 (*simtest.tolerant) takes a simtest.unknownMessage"}},
		{"clone leaves out a field, beside processes without clones", func(id sim.NodeID) sim.Process {
			if id == 2 {
				return &forgetsField{g()}
			}
			return withoutClone{newGossip(id)}
		}, []string{"incomplete clone: that of n2", ".heard"}},
		{"variable outside the process", func(sim.NodeID) sim.Process { return &global{g()} },
			[]string{"runs of seed 1 differ", "state outside the process"}},
		{"factory counts", countingFactory(), []string{"state kept in the factory", ".number was 1"}},
		{"factory shares a map", sharingFactory(), []string{"state kept in the factory", ".count"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := failures("TestX", func(t testing.TB) { TestProcess(t, gossipRun(c.new)) })
			for _, w := range c.want {
				if !strings.Contains(got, w) {
					t.Errorf("the contract says:\n%s\nwant it to name %q", got, w)
				}
			}
		})
	}
}

func TestContractOfAnInvalidConfiguration(t *testing.T) {
	got := failures("TestX", func(t testing.TB) { TestProcess(t, sim.Config{}) })
	if !strings.Contains(got, "Nodes is 0") {
		t.Errorf("got %q, want the configuration's error", got)
	}
}
