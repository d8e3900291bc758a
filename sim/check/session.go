package check

import (
	"cmp"
	"fmt"
	"slices"
)

// The session guarantees of Terry et al., "Session guarantees for weakly consistent replicated data", PDIS 1994. They
// speak of which writes a server has and in which order, of which a history shows only the values that were read. So
// they are judged by the versions of what was read, and need to know which of two versions is the older: from
// Options.Versions, or else from causality, and from real time if Options.RealTime. Versions of which that is unknown
// accuse nobody. A read of a value that nobody wrote breaks them all. Sessions are clients.

// ReadYourWrites decides whether no read returned an older version than its session had written before.
func ReadYourWrites(h History, o Options) Report {
	return session("read-your-writes", h, o, func(s *sessionJudge) *complaint { return s.readsOlder(s.isWrite) })
}

// MonotonicReads decides whether no read returned an older version than its session had read before.
func MonotonicReads(h History, o Options) Report {
	return session("monotonic-reads", h, o, func(s *sessionJudge) *complaint { return s.readsOlder(s.isRead) })
}

// MonotonicWrites decides whether the writes of each session are versions in the order in which it wrote them. The order
// of versions is that of Options.Versions, or else that in which readers saw them, which takes readers to be monotonic:
// of a reader that sees two writes of a session in the wrong order, history does not tell whether the writes or the reads
// were not.
func MonotonicWrites(h History, o Options) Report {
	return session("monotonic-writes", h, o, func(s *sessionJudge) *complaint { return s.outOfOrder(s.isWrite) })
}

// WritesFollowReads decides whether what a session writes is newer than what it had read before. The order of versions
// is had as for MonotonicWrites.
func WritesFollowReads(h History, o Options) Report {
	return session("writes-follow-reads", h, o, func(s *sessionJudge) *complaint { return s.outOfOrder(s.isRead) })
}

// sessionJudge looks at sessions one by one.
type sessionJudge struct {
	*age
	unordered *complaint // no order of versions is that which readers saw
}

func session(name string, h History, o Options, look func(*sessionJudge) *complaint) Report {
	r := Report{Name: name}
	if err := h.Validate(); err != nil {
		r.Detail = "not a history: " + oneLine(err)
		return r
	}
	d := newDataflow(h)
	if i := d.thin(); i != noOp {
		return r.violated(h, complaint{[]int32{i}, accuseThin(&h[i], h)})
	}
	c, ok := newCausality(d)
	if !ok {
		r.Detail = fmt.Sprintf("%s of %s are too many for vector clocks", count(len(h), "operation"), count(len(c.chains), "session"))
		return r
	}
	r.Steps = int64(len(h)) * int64(len(c.chains))
	s := &sessionJudge{age: newAge(c, o)}
	v := look(s)
	switch scope := d.scope(); {
	case v != nil:
		return r.violated(h, *v)
	case s.unordered != nil:
		r.Detail = s.unordered.says
	case scope != "":
		r.Detail = scope
	default:
		r.Verdict = Holds
		r.Detail = fmt.Sprintf("%s of %s, %s", count(len(h), "operation"), count(len(c.clients), "session"), s.basis())
	}
	return r
}

// isRead reports whether an operation read a version, and which; isWrite whether it wrote one.
func (s *sessionJudge) isRead(i int32) (int32, bool) {
	return s.reads[i], s.reads[i] >= 0
}
func (s *sessionJudge) isWrite(i int32) (int32, bool) {
	return i, s.write[i]
}

// readsOlder looks for a read of an older version than one that its session had before.
func (s *sessionJudge) readsOlder(had func(int32) (int32, bool)) *complaint {
	for client := range s.clients {
		fronts := map[int32]front{}
		for _, m := range s.walk(client) {
			key := s.key[m.op]
			if m.response {
				if w, ok := had(m.op); ok {
					fronts[key] = s.add(fronts[key], sighting{w, m.op})
				}
				continue
			}
			from := s.reads[m.op]
			if from == noOp {
				continue
			}
			if x, bad := s.newer(fronts[key], from); bad {
				return s.accuseRead(m.op, from, x)
			}
		}
	}
	return nil
}

func (s *sessionJudge) accuseRead(read, from int32, x sighting) *complaint {
	h := s.dataflow.h
	r := &h[read]
	had := "read"
	if x.write == x.by {
		had = "written"
	}
	says := fmt.Sprintf("%s read %s = %s at %s, older than %q, which it had %s at %s", clientName(r.Client), word(r.Op.Key), r.seen(), when(r), h[x.write].Op.Value, had, when(&h[x.by]))
	ops := []int32{read, x.by, x.write}
	if from >= 0 {
		ops = append(ops, from)
		if !s.given && !(s.realTime && precedes(&h[from], &h[x.write])) {
			ops = append(ops, s.between(from, x.write)...)
		}
	}
	return &complaint{sorted(ops), says}
}

// outOfOrder looks for versions in another order than that in which sessions had them: a cycle of what readers saw, or the
// store says, and of what the sessions did. In the graph, a session is a chain of nodes: what it had leads to it, and it
// leads to what the session wrote later.
func (s *sessionJudge) outOfOrder(had func(int32) (int32, bool)) *complaint {
	n := len(s.dataflow.h)
	g := newGraph(n)
	s.versions(g)
	if nodes, edges := g.cycle(); edges != nil {
		s.unordered = &complaint{opsOf(nodes, edges, n), "readers saw versions in orders that contradict each other: which is the store's is not known"}
		return nil
	}
	for client := range s.clients {
		at := g.node()
		for _, m := range s.walk(client) {
			w, ok := had(m.op)
			switch {
			case m.response && ok:
				next := g.node()
				g.add(at, next)
				g.add(w, next, m.op)
				at = next
			case !m.response && s.write[m.op]:
				g.add(at, m.op)
			}
		}
	}
	nodes, edges := g.cycle()
	if edges == nil {
		return nil
	}
	ops := opsOf(nodes, edges, n)
	h := s.dataflow.h
	last := &h[ops[len(ops)-1]]
	return &complaint{ops, fmt.Sprintf("these versions are in another order than their sessions had them, as %s shows at %s", clientName(last.Client), when(last))}
}

// versions adds the order of versions: that of the store, or that in which readers saw them.
func (s *sessionJudge) versions(g *graph) {
	if s.given {
		s.storeOrder(g)
		return
	}
	for client := range s.clients {
		last := map[spot]int32{} // the latest read that has returned
		for _, m := range s.walk(client) {
			w := s.reads[m.op]
			switch {
			case w < 0:
			case m.response:
				last[spot{s.key[m.op], s.chain[m.op]}] = m.op
			default:
				for _, chain := range s.clients[client] {
					if before, ok := last[spot{s.key[m.op], chain}]; ok && s.reads[before] != w {
						g.add(s.reads[before], w, before, m.op)
					}
				}
			}
		}
	}
}

// storeOrder adds the order of versions that the store says.
func (s *sessionJudge) storeOrder(g *graph) {
	ranked := make([][]int32, len(s.keys))
	for i, w := range s.write {
		if w && s.rank(int32(i)) > 0 {
			ranked[s.key[i]] = append(ranked[s.key[i]], int32(i))
		}
	}
	for _, ws := range ranked {
		slices.SortStableFunc(ws, func(a, b int32) int { return cmp.Compare(s.rank(a), s.rank(b)) })
		for n := 1; n < len(ws); n++ {
			g.add(ws[n-1], ws[n])
		}
	}
}
