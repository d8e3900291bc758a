//go:build unix

package sim_test

import (
	"fmt"
	"math/bits"
	"runtime"
	"syscall"
	"testing"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// The three workloads. W1 hold: N timers pending; each that fires arms one at now + Exp. W2 PHOLD: N nodes, each
// first sends one message to a random other node with latency Exp; each receipt updates the node, draws a random peer
// and a latency, and sends three words. W3 timer reset: W2, and a timeout U[10,20) mean latencies for each node that
// every receipt re-arms.
//
// Each benchmark runs a lean loop of the same workload in the same run and reports the ratio: ours over lean. The
// lean loop has no nodes' up or down, no partition, no digest, no keyed draws, no records: a tournament tree, an
// array and a switch. Keyed is the same loop with keyed draws: a draw then depends on who makes it, so that it can no
// longer be computed ahead of the queue. It is what a simulation whose runs are stable under edits costs at the
// least.

const mean = 1_000_000 // ns, the mean latency

// exponential draws Exp(mean), by ziggurat, for both sides.
func exponential(r *sim.Rand) time.Duration { return time.Duration(law.Sample(r)) }

var law = dist.Exponential{Mean: mean}

// expNetwork delivers after Exp, drops nothing, and checks for loss as a real one does.
type expNetwork struct{ loss float64 }

func (n *expNetwork) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if n.loss > 0 && r.Bool(n.loss) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	return append(dst, sim.Copy{Delay: exponential(r)})
}

type boxed struct{ a, from, sum uint64 }

// phold is the process of W2 and W3.
type phold struct {
	sum   uint64
	timer sim.Timer
	wait  bool // W3
	box   bool
}

func (p *phold) Init(env *sim.Env) {
	if p.wait {
		p.timer = env.After(timeout(env.Rand()), nil)
	}
	p.send(env, 0)
}

func timeout(r *sim.Rand) time.Duration {
	hi, _ := bits.Mul64(r.Uint64(), 10*mean)
	return time.Duration(10*mean + hi)
}

func (p *phold) send(env *sim.Env, a uint64) {
	n := env.Nodes()
	hi, _ := bits.Mul64(env.Rand().Uint64(), uint64(n-1))
	to := sim.NodeID(hi)
	if to >= env.ID() {
		to++
	}
	if p.box {
		env.Send(to, boxed{a, uint64(env.ID()), p.sum})
	} else {
		env.SendWords(to, sim.Words{a, uint64(env.ID()), p.sum})
	}
}

func (p *phold) Receive(env *sim.Env, _ sim.NodeID, m sim.Message) {
	p.receive(env, m.(boxed).a, m.(boxed).sum)
}
func (p *phold) ReceiveWords(env *sim.Env, _ sim.NodeID, m sim.Words) { p.receive(env, m.A, m.C) }

func (p *phold) receive(env *sim.Env, a, sum uint64) {
	p.sum += a ^ sum
	if p.wait {
		env.Reset(p.timer, timeout(env.Rand()))
	}
	p.send(env, a+1)
}

func (p *phold) Timeout(env *sim.Env, _ any) { p.timer = env.After(timeout(env.Rand()), nil) }

// hold is the process of W1: one node, N timers.
type hold struct{ n int }

func (p *hold) Init(env *sim.Env) {
	for range p.n {
		env.After(exponential(env.Rand()), nil)
	}
}
func (p *hold) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (p *hold) Timeout(env *sim.Env, _ any)               { env.After(exponential(env.Rand()), nil) }

// lean is the reference: the same workloads on a bare tournament tree.
type lean struct {
	keys  []leanKey
	size  int
	seq   uint64
	now   uint64
	r     sim.Rand
	slots []leanSlot
	nodes []leanNode
	keyed bool
	links []uint32 // keyed, few nodes: messages sent
}

type leanKey struct{ time, rank uint64 }

type leanSlot struct {
	to, from uint32
	a, sum   uint64
}

type leanNode struct {
	sum  uint64
	due  uint64
	rank uint64
	n    uint32 // keyed: draws
	sent uint32 // keyed, many nodes: messages sent
}

func newLean(slots, nodes int, keyed bool) *lean {
	l := &lean{size: 16, r: sim.NewRand(1), slots: make([]leanSlot, slots), nodes: make([]leanNode, nodes), keyed: keyed}
	if nodes <= 1000 {
		l.links = make([]uint32, nodes*nodes)
	}
	for l.size < slots {
		l.size *= 2
	}
	l.keys = make([]leanKey, 2*l.size)
	for i := range l.keys {
		l.keys[i] = leanKey{^uint64(0), ^uint64(0)}
	}
	return l
}

func (l *lean) set(slot uint32, at, rank uint64) {
	k := leanKey{at, rank}
	keys := l.keys
	i := uint32(l.size) + slot
	keys[i] = k
	for i > 1 {
		o := keys[i^1]
		_, b := bits.Sub64(o.rank, k.rank, 0)
		_, b = bits.Sub64(o.time, k.time, b)
		m := -b
		k.time ^= (k.time ^ o.time) & m
		k.rank ^= (k.rank ^ o.rank) & m
		i >>= 1
		keys[i] = k
	}
}

func (l *lean) next(slot uint32) uint64 {
	l.seq++
	return l.seq<<24 | uint64(slot)
}

func (l *lean) startHold() {
	for i := range l.slots {
		l.set(uint32(i), uint64(exponential(&l.r)), l.next(uint32(i)))
	}
}

func (l *lean) hold(events int) {
	for range events {
		k := l.keys[1]
		l.now = k.time
		s := uint32(k.rank & 0xffffff)
		l.set(s, l.now+uint64(exponential(&l.r)), l.next(s))
	}
}

func (l *lean) send(slot, from uint32, a uint64) {
	if l.keyed {
		l.sendKeyed(slot, from, a)
		return
	}
	n := &l.nodes[from]
	hi, _ := bits.Mul64(l.r.Uint64(), uint64(len(l.nodes)-1))
	to := uint32(hi)
	if to >= from {
		to++
	}
	l.slots[slot] = leanSlot{to, from, a, n.sum}
	l.set(slot, l.now+uint64(exponential(&l.r)), l.next(slot))
}

func (l *lean) sendKeyed(slot, from uint32, a uint64) {
	n := &l.nodes[from]
	r := l.stream(from)
	hi, _ := bits.Mul64(r.Uint64(), uint64(len(l.nodes)-1))
	to := uint32(hi)
	if to >= from {
		to++
	}
	l.slots[slot] = leanSlot{to, from, a, n.sum}
	r = l.link(from, to)
	l.set(slot, l.now+uint64(exponential(&r)), l.next(slot))
}

func (l *lean) timeout(node uint32) uint64 {
	if l.keyed {
		l.r = l.stream(node)
	}
	hi, _ := bits.Mul64(l.r.Uint64(), 10*mean)
	return 10*mean + hi
}

// stream returns what a node draws from next.
func (l *lean) stream(node uint32) sim.Rand {
	n := &l.nodes[node]
	n.n++
	return sim.StreamAt(uint64(node)*0xbb67ae8584caa73b + uint64(n.n)*0x9e3779b97f4a7c15)
}

// link returns what the fate of a message is drawn from.
func (l *lean) link(from, to uint32) sim.Rand {
	k := &l.nodes[from].sent
	if l.links != nil {
		k = &l.links[int(from)*len(l.nodes)+int(to)]
	}
	*k++
	return sim.StreamAt(uint64(from)*0x6a09e667f3bcc909 + uint64(to)*0xbb67ae8584caa73b + uint64(*k)*0x3c6ef372fe94f82b)
}

// startPhold begins W2 or W3: a timer's slot is that of its node, after those of the messages.
func (l *lean) startPhold(wait bool) {
	n := uint32(len(l.nodes))
	for i := range n {
		l.send(i, i, 0)
		if wait {
			l.nodes[i].due, l.nodes[i].rank = l.timeout(i), l.next(n+i)
			l.set(n+i, l.nodes[i].due, l.nodes[i].rank)
		}
	}
}

func (l *lean) phold(events int, wait bool) {
	n := uint32(len(l.nodes))
	for events > 0 {
		k := l.keys[1]
		s := uint32(k.rank & 0xffffff)
		if s >= n { // a timer: fires, or moves to where it was put off to
			d := &l.nodes[s-n]
			if d.due == k.time && d.rank == k.rank {
				l.now = k.time
				d.due, d.rank = l.now+l.timeout(s-n), l.next(s)
				events--
			}
			l.set(s, d.due, d.rank)
			continue
		}
		l.now = k.time
		m := l.slots[s]
		d := &l.nodes[m.to]
		d.sum += m.a ^ m.sum
		if wait {
			d.due, d.rank = l.now+l.timeout(m.to), l.next(n+m.to)
		}
		l.send(s, m.to, m.a+1)
		events--
	}
}

func world(b *testing.B, n int, wait, box bool) *sim.World {
	cfg := sim.Config{Seed: 1, Nodes: n, Network: &expNetwork{loss: 1e-12},
		New: func(sim.NodeID) sim.Process { return &phold{wait: wait, box: box} }}
	if n > 1000 {
		cfg.Naming = sim.PerSender
	}
	return mustNew(b, cfg)
}

func mustNew(tb testing.TB, cfg sim.Config) *sim.World {
	tb.Helper()
	w, err := sim.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// race times ours and the two lean loops in alternating slices of the same run and reports ns per event of each, and
// ours over theirs.
func race(b *testing.B, w *sim.World, lean, keyed func(events int)) {
	defer w.Close()
	const slice = 200_000
	ours := func(events int) {
		if w.Steps(uint64(events)) != uint64(events) {
			b.Fatal(w.Err())
		}
	}
	runners := []func(int){ours, lean, keyed}
	for _, run := range runners {
		run(slice)
	}
	b.ReportAllocs()
	spent := make([]time.Duration, len(runners))
	events := 0
	for b.Loop() {
		for i, run := range runners {
			t := cpuTime()
			run(slice)
			spent[i] += cpuTime() - t
		}
		events += slice
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(spent[0])/float64(events), "ns/event")
	b.ReportMetric(float64(spent[1])/float64(events), "lean-ns/event")
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "x-lean")
	b.ReportMetric(float64(spent[0])/float64(spent[2]), "x-keyed")
}

// heap is the memory in use, garbage collected.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// cpuTime is the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var sizes = []int{5, 100, 10_000, 1_000_000}

func BenchmarkW1(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := mustNew(b, sim.Config{Seed: 1, Nodes: 1, New: func(sim.NodeID) sim.Process { return &hold{n} }})
			l := newLean(n, 1, false)
			l.startHold()
			race(b, w, l.hold, l.hold) // one node: its stream is the only one
		})
	}
}

func benchmarkPhold(b *testing.B, wait, box bool) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			slots := n
			if wait {
				slots = 2 * n
			}
			runner := func(keyed bool) func(int) {
				l := newLean(slots, n, keyed)
				l.startPhold(wait)
				return func(events int) { l.phold(events, wait) }
			}
			before := heap()
			w := world(b, n, wait, box)
			w.Steps(uint64(4 * n))
			perNode := float64(heap()-before) / float64(n)
			race(b, w, runner(false), runner(true))
			b.ReportMetric(perNode, "B/node")
		})
	}
}

// W2 and W3 send unboxed Words, W2Boxed and W3Boxed a struct in a Message, whose allocation is the sender's.
func BenchmarkW2(b *testing.B)      { benchmarkPhold(b, false, false) }
func BenchmarkW2Boxed(b *testing.B) { benchmarkPhold(b, false, true) }
func BenchmarkW3(b *testing.B)      { benchmarkPhold(b, true, false) }
func BenchmarkW3Boxed(b *testing.B) { benchmarkPhold(b, true, true) }
