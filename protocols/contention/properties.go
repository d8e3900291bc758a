package contention

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Properties returns what must hold: the version increases by one with each accepted write; each of these was made from
// the version that it replaces, so that no other is lost; no client's write is accepted twice; and in the end each has
// been. And that a write is refused, without which nobody contended.
func Properties() []sim.Property {
	return []sim.Property{
		{Name: "the version increases by one", Mode: sim.Always, Fresh: newUpdates(byOne)},
		{Name: "no update is lost", Mode: sim.Always, Fresh: newUpdates(noneLost)},
		{Name: "each client writes once", Mode: sim.Always, Fresh: once},
		{Name: "a write is refused", Mode: sim.Sometimes, Check: refused},
		{Name: "every client has written", Mode: sim.Eventually, Check: allDone},
	}
}

// updates returns the accepted writes from the i-th on.
func updates(v sim.View, i int) []Update {
	s, ok := v.Process(row).(*Row)
	if !ok || len(s.Updates) <= i {
		return nil
	}
	return s.Updates[i:]
}

// newUpdates makes a claim about an accepted write and the one before it.
func newUpdates(holds func(last, u Update) error) func() func(sim.View) error {
	return func() func(sim.View) error {
		seen, last := 0, Update{}
		return func(v sim.View) error {
			for _, u := range updates(v, seen) {
				if err := holds(last, u); err != nil {
					return err
				}
				seen, last = seen+1, u
			}
			return nil
		}
	}
}

func byOne(last, u Update) error {
	if u.Made == last.Made+1 {
		return nil
	}
	return fmt.Errorf("%v's write makes version %d after version %d", u.By, u.Made, last.Made)
}

func noneLost(last, u Update) error {
	if u.From == last.Made {
		return nil
	}
	return fmt.Errorf("%v's write, made from version %d, is accepted at version %d: %v's is lost", u.By, u.From, last.Made, last.By)
}

func once() func(sim.View) error {
	seen, wrote := 0, map[sim.NodeID]bool{}
	return func(v sim.View) error {
		for _, u := range updates(v, seen) {
			if wrote[u.By] {
				return fmt.Errorf("a second write of %v is accepted", u.By)
			}
			seen, wrote[u.By] = seen+1, true
		}
		return nil
	}
}

func refused(v sim.View) error {
	if s, ok := v.Process(row).(*Row); ok && s.Calls > len(s.Updates) {
		return nil
	}
	return errors.New("every write was accepted")
}

// allDone looks at the clients only when the row has accepted as many writes as there are: it is asked at every step.
func allDone(v sim.View) error {
	s, ok := v.Process(row).(*Row)
	if !ok {
		return errors.New("the row is down")
	}
	if len(s.Updates) < v.Nodes()-1 {
		return unwritten{len(s.Updates), v.Nodes() - 1}
	}
	if t := Sum(v); t.Done < v.Nodes()-1 {
		return fmt.Errorf("%d of %d clients know that they have written", t.Done, v.Nodes()-1)
	}
	return nil
}

// unwritten is an error that is made at almost every step, and put into words at most once.
type unwritten struct{ have, want int }

func (e unwritten) Error() string {
	return fmt.Sprintf("%d of %d clients have written", e.have, e.want)
}

// Total is what all clients together came to.
type Total struct {
	Done  int       // clients that know that they have written
	Calls int       // writes that they made
	Ended sim.Local // when the last of Done knew, on its own clock
}

// Sum returns the sum over the clients that are up.
func Sum(v sim.View) Total {
	var t Total
	for id := row + 1; int(id) < v.Nodes(); id++ {
		c, ok := v.Process(id).(*Client)
		if !ok {
			continue
		}
		t.Calls += c.Calls
		if c.State == Done {
			t.Done++
			t.Ended = max(t.Ended, c.Ended)
		}
	}
	return t
}
