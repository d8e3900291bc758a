package check

import (
	"fmt"

	"lightcone/sim"
)

// QuorumRule decides whether no read returned an older version than one whose write had returned before the read was
// invoked: what R+W>N promises. It is less than linearizability: of two reads during a write, the later one may return
// what was there before it. See MeasureStaleness.
func QuorumRule(h History, o Options) Report {
	r := Report{Name: "quorum-rule"}
	if err := h.Validate(); err != nil {
		r.Detail = "not a history: " + oneLine(err)
		return r
	}
	s := MeasureStaleness(h, o.Versions)
	r.Steps = int64(len(h))
	for _, a := range s.Ages {
		if a.Versions > 0 {
			return r.violated(h, accuseStale(h, a, &s, o))
		}
	}
	if s.Skipped > 0 {
		r.Detail = fmt.Sprintf("%s returned versions of unknown age", count(s.Skipped, "read"))
		return r
	}
	r.Verdict = Holds
	r.Detail = fmt.Sprintf("none of %s is stale; %s", count(len(s.Ages), "read"), count(len(s.Inversions), "new-old inversion"))
	return r
}

// accuseStale tells of a stale read: it, the write of what it returned, and the newer one that was acknowledged first.
func accuseStale(h History, a ReadAge, s *Staleness, o Options) complaint {
	r := &h[a.Op]
	first := r.Invoke - sim.Time(a.Behind)
	ops, newer := []int32{int32(a.Op)}, int32(noOp)
	for i := range h {
		w := &h[i]
		switch {
		case w.Op.Key != r.Op.Key || w.Outcome == Failed || !w.sets():
		case r.Result.Found && w.Op.Value == r.Result.Value:
			ops = append(ops, int32(i))
		case w.Outcome == OK && w.Return == first:
			newer = int32(i)
		}
	}
	said := fmt.Sprintf("%s read %s = %s at %s, %v after a newer version was acknowledged", clientName(r.Client), word(r.Op.Key), r.Result.read(), when(r), a.Behind)
	if newer != noOp && o.Versions == nil {
		ops = append(ops, newer)
		said = fmt.Sprintf("%s read %s = %s at %s, %v after the write of %q had returned", clientName(r.Client), word(r.Op.Key), r.Result.read(), when(r), a.Behind, h[newer].Op.Value)
	}
	return complaint{sorted(ops), said + fmt.Sprintf(" (%d of %s are stale)", s.Stale, count(len(s.Ages), "read"))}
}
