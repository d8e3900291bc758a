package sim_test

import (
	"time"

	"lightcone/sim"
)

// program is a process that does something random, but the same for the same seed, at each of its handlers: on the
// real engine and on the reference alike.
type program struct {
	rand   sim.Rand
	nodes  int
	budget int         // actions left
	timers []sim.Timer // all that it ever set: stale ones too
	sent   int
}

func newProgram(seed uint64, nodes int, id sim.NodeID) *program {
	return &program{rand: sim.NewRand(seed, sim.ForStudy, uint64(id)), nodes: nodes, budget: 80}
}

func (p *program) Init(env *sim.Env)                                    { p.init(env) }
func (p *program) Receive(env *sim.Env, from sim.NodeID, m sim.Message) { p.receive(env, from, m) }
func (p *program) Timeout(env *sim.Env, tag any)                        { p.timeout(env, tag) }

func (p *program) Clone() sim.Process {
	c := *p
	c.timers = append([]sim.Timer(nil), p.timers...)
	return &c
}

func (p *program) init(h host) {
	if v, ok := h.Recall("a"); ok {
		h.Note(v)
	}
	p.timers = append(p.timers, h.After(p.some(4), "tick"))
	p.act(h, 3)
}

func (p *program) receive(h host, from sim.NodeID, m sim.Message) {
	p.act(h, p.rand.IntN(4))
}

func (p *program) timeout(h host, tag any) {
	if tag == "tick" {
		p.timers = append(p.timers, h.After(unit+p.some(6), "tick"))
	}
	p.act(h, p.rand.IntN(3))
}

// some returns a duration of few units, so that events meet, with none of them likely.
func (p *program) some(n int) time.Duration { return unit * time.Duration(p.rand.IntN(n)) }

// act does n random things.
func (p *program) act(h host, n int) {
	for range n {
		if p.budget--; p.budget < 0 {
			return
		}
		p.actOnce(h)
	}
}

func (p *program) actOnce(h host) {
	to := sim.NodeID(p.rand.IntN(p.nodes))
	p.sent++
	switch p.rand.IntN(14) {
	case 0, 1, 2:
		h.Send(to, p.sent)
	case 3:
		h.SendWords(to, sim.Words{A: uint64(p.sent), B: 1, C: 2})
	case 4, 5:
		p.timers = append(p.timers, h.After(p.some(12), p.sent))
	case 6, 7:
		h.Note(h.Reset(p.anyTimer(), p.some(12)))
	case 8:
		h.Note(h.Cancel(p.anyTimer()))
	case 9, 12, 13:
		h.Persist([]string{"a", "b"}[p.rand.IntN(2)], p.sent)
	case 10:
		v, ok := h.Recall("a")
		h.Note([]any{v, ok, h.Now(), h.Wall(), h.Incarnation(), h.ID()})
	case 11:
		h.StepWall(p.some(9) - 4*unit)
	}
}

func (p *program) anyTimer() sim.Timer {
	n := min(len(p.timers), 6) // mostly recent ones: the older are stale
	if p.rand.IntN(4) == 0 {
		n = len(p.timers)
	}
	return p.timers[len(p.timers)-1-p.rand.IntN(n)]
}

// fates is a network whose fate of a message is a function of its name: the same for the engine and the reference.
type fates uint64

func (f fates) Route(dst []sim.Copy, p *sim.Packet, _ *sim.Rand) []sim.Copy {
	return append(dst, f.of(p.From, p.To, p.K)...)
}

func (f fates) of(from, to sim.NodeID, k uint64) []sim.Copy {
	r := sim.NewRand(uint64(f), uint64(from), uint64(to), k)
	some := func() time.Duration { return unit * time.Duration(r.IntN(7)) }
	switch r.IntN(10) {
	case 0:
		return nil
	case 1:
		return []sim.Copy{{Delay: some(), Cause: sim.Overflow}}
	case 2:
		return []sim.Copy{{Delay: some()}, {Delay: some()}}
	case 3:
		return []sim.Copy{{Delay: some(), Cause: sim.Corrupt}, {Delay: some()}, {Delay: some(), Altered: "altered"}}
	}
	return []sim.Copy{{Delay: some()}}
}

// slowDisk takes 0 to 4 units for a write, and its crashes lose, keep and tear: all by the value.
type slowDisk struct{}

func (slowDisk) Latency(_ sim.Time, _ sim.NodeID, _ string, value any, _ *sim.Rand) time.Duration {
	return unit * time.Duration(value.(int)%5)
}

func (slowDisk) Fate(_ sim.NodeID, _ string, value any, _ *sim.Rand) sim.WriteFate {
	return sim.WriteFate(value.(int) % 3)
}

// randomAction draws an intervention.
func randomAction(r *sim.Rand, nodes int) sim.Action {
	id := sim.NodeID(r.IntN(nodes))
	switch r.IntN(11) {
	case 0, 1:
		return sim.Crash{Node: id}
	case 2, 3:
		return sim.Recover{Node: id}
	case 4, 5:
		return sim.Pause{Node: id}
	case 6, 7:
		return sim.Resume{Node: id}
	case 8:
		return sim.CrashDuring{Node: id, After: r.IntN(4)}
	case 9:
		if r.Bool(.5) {
			return sim.Heal{}
		}
		return sim.Cut{Name: "cut", From: []sim.NodeID{id}, To: []sim.NodeID{0, 1}, OneWay: r.Bool(.5)}
	}
	return sim.StepWall{Node: id, By: unit * time.Duration(r.IntN(5)-2)}
}

// randomPlan draws a schedule of actions over some 100 units.
func randomPlan(r *sim.Rand, nodes int) sim.Schedule {
	var plan sim.Schedule
	for t := r.IntN(8); t < 100; t += r.IntN(8) {
		plan = append(plan, sim.At{Time: at(t), Action: randomAction(r, nodes)})
	}
	return plan
}
