package check

import (
	"fmt"
	"slices"
)

// causality is the causal order: the order of sessions and what was read from what, and all that follows
// (Ahamad et al. 1995). By vector clocks over the chains of the sessions.
type causality struct {
	*dataflow
	*sessions
	graph  *graph
	order  []int32
	acyc   bool
	past   [][]int32        // by operation: how many of each chain are in its past, itself included
	writes map[spot][]int32 // the writes of a key on a chain, in order
}

// spot is a key on a chain.
type spot struct{ key, chain int32 }

// cells bounds the size of all vector clocks together.
const cells = 1 << 28

// newCausality orders the operations of a history. It reports false if the order would take too much memory.
func newCausality(d *dataflow) (*causality, bool) {
	c := &causality{dataflow: d, sessions: newSessions(d.h, d.in), writes: map[spot][]int32{}}
	if len(d.h)*len(c.chains) > cells {
		return c, false
	}
	c.graph = newGraph(len(d.h))
	var before []int32
	for i := range d.h {
		if !d.in[i] {
			continue
		}
		before = c.before(int32(i), before[:0])
		for _, b := range before {
			c.graph.add(b, int32(i))
		}
		if r := d.reads[i]; r >= 0 {
			c.graph.add(r, int32(i))
		}
		if d.write[i] {
			s := spot{d.key[i], c.chain[i]}
			c.writes[s] = append(c.writes[s], int32(i))
		}
	}
	c.order, c.acyc = c.graph.sort()
	if c.acyc {
		c.past = c.clocks(c.graph, c.order)
	}
	return c, true
}

// clocks returns the pasts of all operations in an acyclic graph.
func (c *causality) clocks(g *graph, order []int32) [][]int32 {
	width := len(c.chains)
	all := make([]int32, len(c.dataflow.h)*width)
	past := make([][]int32, len(c.dataflow.h))
	for i := range past {
		past[i] = all[i*width : (i+1)*width : (i+1)*width]
	}
	for _, i := range order {
		if !c.in[i] {
			continue
		}
		past[i][c.chain[i]] = max(past[i][c.chain[i]], c.place[i]+1)
		for _, e := range g.out[i] {
			for k, n := range past[i] {
				past[e.to][k] = max(past[e.to][k], n)
			}
		}
	}
	return past
}

// precedes reports whether a is in the past of b.
func (c *causality) precedes(past [][]int32, a, b int32) bool {
	return a != b && past[b][c.chain[a]] > c.place[a]
}

// lastWrite returns the last write of i's key on a chain that is in the past of i, and not i itself; noOp if there is
// none.
func (c *causality) lastWrite(past [][]int32, i, chain int32) int32 {
	ws := c.writes[spot{c.key[i], chain}]
	limit := past[i][chain]
	if chain == c.chain[i] {
		limit = min(limit, c.place[i])
	}
	n, _ := slices.BinarySearchFunc(ws, limit, func(w, limit int32) int {
		if c.place[w] < limit {
			return -1
		}
		return 1
	})
	if n == 0 {
		return noOp
	}
	return ws[n-1]
}

// badRead is a read and a write in its past that had replaced what it returned.
type badRead struct{ read, write int32 }

// replaced looks for a read of a value that a write in its past replaced: that the write knew of, or that was there at
// the beginning (the patterns WriteCORead and WriteCOInitRead of Bouajjani et al. 2017, table 2).
func (c *causality) replaced(past [][]int32, of func(int32) bool) (badRead, bool) {
	for i := range c.dataflow.h {
		from := c.reads[i]
		if from == noOp || from == fromNowhere || !of(int32(i)) {
			continue
		}
		for chain := range c.chains {
			w := c.lastWrite(past, int32(i), int32(chain))
			if w != noOp && w != from && (from == fromStart || c.precedes(past, from, w)) {
				return badRead{int32(i), w}, true
			}
		}
	}
	return badRead{}, false
}

// Causal decides causal consistency (CC) by bad patterns: no order of causes is cyclic, no read returns a value that
// nobody wrote, or that a write in its causal past had replaced (Bouajjani, Enea, Guerraoui, Hamza, "On verifying causal
// consistency", POPL 2017, theorem 4). Every value must be written once, by Put or CompareAndSwap; keys that were used in
// other ways make the verdict Undecided if nothing else is wrong.
func Causal(h History, o Options) Report { return causal("causal", h, nil) }

// CausalConvergence decides causal convergence (CCv): causal consistency, and all see concurrent writes of a key in one
// order (the pattern CyclicCF of Bouajjani et al. 2017, theorem 5).
func CausalConvergence(h History, o Options) Report {
	return causal("causal-convergence", h, (*causality).conflicts)
}

// CausalMemory decides causal memory (CM): causal consistency, and no client forgets in which order it saw concurrent
// writes (Ahamad et al. 1995; the patterns WriteHBInitRead and CyclicHB of Bouajjani et al. 2017, theorem 6).
func CausalMemory(h History, o Options) Report {
	return causal("causal-memory", h, (*causality).forgets)
}

// complaint is a violation of causality.
type complaint struct {
	ops  []int32
	says string
}

// causal decides causal consistency, and one more condition.
func causal(name string, h History, more func(*causality) *complaint) Report {
	r := Report{Name: name}
	if err := h.Validate(); err != nil {
		r.Detail = "not a history: " + oneLine(err)
		return r
	}
	d := newDataflow(h)
	c, ok := newCausality(d)
	if !ok {
		r.Detail = fmt.Sprintf("%s of %s are too many for vector clocks", count(len(h), "operation"), count(len(c.chains), "session"))
		return r
	}
	r.Steps = int64(len(h)) * int64(len(c.chains))
	v := c.complain(more)
	switch s := d.scope(); {
	case v != nil && c.thin() != noOp:
		return r.violated(h, *v)
	case v != nil:
		part := smallestCause(h, d.withWriters(v.ops), more)
		return r.violated(part, *complaintOf(part, more))
	case s != "":
		r.Detail = s
	default:
		r.Verdict = Holds
		r.Detail = fmt.Sprintf("%s of %s in causal order", count(len(h), "operation"), count(len(c.clients), "client"))
	}
	return r
}

// complain looks for a violation of causal consistency, or of one more condition.
func (c *causality) complain(more func(*causality) *complaint) *complaint {
	v := c.consistent()
	if v == nil && more != nil {
		v = more(c)
	}
	return v
}

// complaintOf says what is wrong with a part of a history. Its causal order is a part of that of the whole, so that what
// is wrong with it is wrong with the whole; but not that it reads what the part leaves out.
func complaintOf(part History, more func(*causality) *complaint) *complaint {
	c, ok := newCausality(newDataflow(part))
	if !ok || c.thin() != noOp {
		return nil
	}
	v := c.complain(more)
	if v != nil {
		v.ops = make([]int32, len(part))
		for i := range part {
			v.ops[i] = int32(i)
		}
	}
	return v
}

// smallestCause returns the smallest part of a history found that is a violation by itself, beginning with some
// operations if they are one.
func smallestCause(h History, ops []int32, more func(*causality) *complaint) History {
	bad := func(ops []int32) bool { return complaintOf(h.pick(ops), more) != nil }
	if !bad(ops) {
		ops = nil
		for i := range h {
			ops = append(ops, int32(i))
		}
	}
	r := reduction{judge: &judge{h: h}}
	return h.pick(r.shrink(ops, bad))
}

// violated makes the report of a violation.
func (r Report) violated(h History, c complaint) Report {
	r.Verdict, r.Detail = Violated, c.says
	ops := h.pick(c.ops)
	r.Witness = &Witness{Ops: ops, Story: append([]string{c.says}, recount(ops)...)}
	return r
}

// consistent looks for a violation of causal consistency.
func (c *causality) consistent() *complaint {
	if i := c.thin(); i != noOp {
		return &complaint{[]int32{i}, accuseThin(&c.dataflow.h[i], c.dataflow.h)}
	}
	if !c.acyc {
		nodes, edges := c.graph.cycle()
		ops := opsOf(nodes, edges, len(c.dataflow.h))
		return &complaint{ops, fmt.Sprintf("each of these %s causes the next, and the last the first", count(len(ops), "operation"))}
	}
	if b, bad := c.replaced(c.past, func(int32) bool { return true }); bad {
		return c.accuse(b)
	}
	return nil
}

// accuse tells of a read of a value that had been replaced.
func (c *causality) accuse(b badRead) *complaint {
	h, from := c.dataflow.h, c.reads[b.read]
	ops := append(c.between(b.write, b.read), b.write, b.read)
	r, w := &h[b.read], &h[b.write]
	says := fmt.Sprintf("%s read %s = %s at %s, but knew already that %s had written %q", clientName(r.Client), word(r.Op.Key), r.seen(), when(r), clientName(w.Client), w.Op.Value)
	if from >= 0 {
		ops = append(append(ops, from), c.between(from, b.write)...)
		says += fmt.Sprintf(", which came after %q: %s knew of that", h[from].Op.Value, clientName(w.Client))
	}
	slices.Sort(ops)
	return &complaint{slices.Compact(ops), says}
}

// seen is what an operation found.
func (o *Operation) seen() string {
	if o.Op.Kind == CompareAndSwap {
		return fmt.Sprintf("%q", o.Op.Expect)
	}
	return o.Result.read()
}

// between returns the operations on a shortest chain of causes from one to another.
func (c *causality) between(a, b int32) []int32 {
	nodes, edges := c.graph.path(a, b, nil)
	return opsOf(nodes, edges, len(c.dataflow.h))
}

// conflicts looks for concurrent writes that readers saw in orders that contradict each other or causality.
func (c *causality) conflicts() *complaint {
	g := newGraph(len(c.dataflow.h))
	for i, edges := range c.graph.out {
		g.out[i] = slices.Clone(edges)
	}
	for i := range c.dataflow.h {
		from := c.reads[i]
		if from < 0 {
			continue
		}
		for chain := range c.chains {
			if w := c.lastWrite(c.past, int32(i), int32(chain)); w != noOp && w != from {
				g.add(w, from, int32(i))
			}
		}
	}
	nodes, edges := g.cycle()
	if edges == nil {
		return nil
	}
	ops := opsOf(nodes, edges, len(c.dataflow.h))
	return &complaint{ops, "no order of the writes is that which all of these readers saw"}
}

// forgets looks for a client whose reads need an order of the writes it knew of that does not exist.
func (c *causality) forgets() *complaint {
	for client := range c.clients {
		if v := c.forgetsIn(int32(client)); v != nil {
			return v
		}
	}
	return nil
}

// forgetsIn looks at one client: a write that it knew of when it read another of the same key was before that other
// (happened-before of the client, Bouajjani et al. 2017, definition 8), and so on until nothing new follows.
func (c *causality) forgetsIn(client int32) *complaint {
	g := newGraph(len(c.dataflow.h))
	for i, edges := range c.graph.out {
		g.out[i] = slices.Clone(edges)
	}
	own := func(i int32) bool { return c.client[i] == client }
	past := c.past
	for {
		news := false
		for i := range c.dataflow.h {
			from := c.reads[i]
			if from < 0 || !own(int32(i)) {
				continue
			}
			for chain := range c.chains {
				if w := c.lastWrite(past, int32(i), int32(chain)); w != noOp && w != from && !c.precedes(past, w, from) {
					g.add(w, from, int32(i))
					news = true
				}
			}
		}
		if !news {
			return nil
		}
		order, all := g.sort()
		if !all {
			nodes, edges := g.cycle()
			return &complaint{opsOf(nodes, edges, len(c.dataflow.h)), fmt.Sprintf("%s saw these writes in an order that contradicts itself", clientName(c.dataflow.h[c.chains[c.clients[client][0]][0]].Client))}
		}
		past = c.clocks(g, order)
		if b, bad := c.replaced(past, own); bad {
			return c.accuse(b)
		}
	}
}
