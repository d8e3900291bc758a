package check

import (
	"slices"

	"lightcone/sim"
)

// A violation is mostly to be seen from a short time of a long history. What lies in a window of time accuses the whole:
// if the history has a linearization, then from some state at the beginning of the window on, what was invoked in it has
// one too, whatever became of what was under way at the beginning, and of what had no response at the end.
type windows struct {
	*judge
	ops   []int32
	whole *keySpace
	seen  map[string]sim.Time // of the whole: when a value had certainly been written
	spent int64               // steps; beyond the budget no window is looked at
}

// window is a time.
type window struct{ from, to sim.Time }

const (
	narrowest = 16   // how many operations a window begins with
	widest    = 1024 // and ends with
	starts    = 256  // how many states at the beginning of a window are tried
	perWindow = 20_000
)

func newWindows(j *judge, ops []int32) *windows {
	k, _ := newKeySpace(j.h, ops)
	return &windows{judge: j, ops: k.ops, whole: k, seen: k.sightings()}
}

// find returns a window that cannot be, and whether there is one.
func (w *windows) find() (window, bool) {
	for size := narrowest; size <= widest; size *= 4 {
		for at := 0; at < len(w.ops); at += size / 2 {
			win := w.at(at, size)
			if w.impossible(win) {
				return w.tighten(win), true
			}
			if at+size >= len(w.ops) {
				break
			}
		}
	}
	return window{}, false
}

// at is the window in which some operations were invoked, and some time after, in which they can return.
func (w *windows) at(first, size int) window {
	last := min(first+size+size/2, len(w.ops)) - 1
	win := window{w.h[w.ops[first]].Invoke, w.h[w.ops[last]].Invoke}
	if last == len(w.ops)-1 {
		win.to = sim.Never
	}
	if first == 0 {
		win.from = beginning
	}
	return win
}

// tighten makes a window shorter, as long as it cannot be: first its end, then its beginning.
func (w *windows) tighten(win window) window {
	var ends, begins []sim.Time
	for _, i := range w.ops {
		o := &w.h[i]
		if o.Return >= win.from && o.Return <= win.to && o.Return != sim.Never {
			ends = append(ends, o.Return)
		}
		if o.Invoke > win.from && o.Invoke <= win.to {
			begins = append(begins, o.Invoke)
		}
	}
	slices.Sort(ends)
	slices.Sort(begins)
	n, _ := slices.BinarySearchFunc(ends, 0, func(t sim.Time, _ int) int {
		if w.impossible(window{win.from, t}) {
			return 1
		}
		return -1
	})
	if n < len(ends) {
		win.to = ends[n]
	}
	n, _ = slices.BinarySearchFunc(begins, 0, func(t sim.Time, _ int) int {
		if t <= win.to && w.impossible(window{t, win.to}) {
			return -1
		}
		return 1
	})
	if n > 0 {
		win.from = begins[n-1]
	}
	return win
}

// impossible reports whether what lies in a window certainly has no linearization, from any state.
func (w *windows) impossible(win window) bool {
	return w.impossibleWithout(win, nil)
}

// impossibleWithout leaves out operations.
func (w *windows) impossibleWithout(win window, leaveOut []int32) bool {
	if w.spent > w.budget {
		return false
	}
	part := w.inside(win, leaveOut)
	w.spent += int64(len(part))
	if len(part) == 0 {
		return false
	}
	k, items := w.space(win, part)
	states, ok := w.startsOf(k, win)
	if !ok {
		return false
	}
	for _, s := range states {
		search := newSearch(k, slices.Clone(items), s, perWindow)
		f := search.run()
		w.steps += search.steps
		w.spent += search.steps
		if f != exhausted {
			return false
		}
	}
	return true
}

// inside returns the operations that play a part in a window, as they look from it. Those that had certainly taken
// effect before it do not, nor do those that changed nothing and were under way at its beginning or its end.
func (w *windows) inside(win window, leaveOut []int32) History {
	var part History
	for _, i := range w.ops {
		o := w.h[i]
		straddles := o.Invoke < win.from
		cut := straddles || o.Return > win.to
		if o.Return < win.from || o.Invoke > win.to || cut && o.harmless() || straddles && w.past(&o, win.from) || slices.Contains(leaveOut, i) {
			continue
		}
		o.ID = int(i)
		if cut {
			o.Outcome, o.Result, o.Return = Unknown, Result{}, sim.Never
		}
		if o.Outcome == OK || o.Op.Kind != Get {
			part = append(part, o)
		}
	}
	return part
}

// past reports whether the value of a write was seen before a time.
func (w *windows) past(o *Operation, t sim.Time) bool {
	seen, ok := w.seen[o.Op.Value]
	return ok && o.Op.Kind.Writes() && o.Op.Kind != Delete && seen < t
}

// space is the state machine of a part: what can be told of its values is what the whole history tells.
func (w *windows) space(win window, part History) (*keySpace, []item) {
	all := make([]int32, len(part))
	for i := range all {
		all[i] = int32(i)
	}
	k := newEmptySpace(part)
	k.since = win.from
	k.read(all)
	k.appends, k.unique, k.code = w.whole.appends, w.whole.unique, w.whole.code
	k.written = w.whole.written
	return k, k.items(k.sightings())
}

// startsOf returns the states that the key may have had at the beginning of a window, as far as they differ for it.
func (w *windows) startsOf(k *keySpace, win window) ([]int32, bool) {
	states := []int32{missing, unseen}
	if win.from == beginning {
		return states[:1], true
	}
	if k.appends && !k.unique {
		return nil, false
	}
	var parts []string
	for _, s := range k.observed {
		parts = append(parts[:0], s)
		if k.appends {
			parts, _ = k.code.split(s, parts[:0])
		}
		length := 0
		for _, p := range parts {
			length += len(p)
			if i, ok := w.whole.writers[p]; !ok || w.h[i].Invoke >= win.from && w.whole.written[p] == 1 {
				break
			}
			if state := k.stateOf(s[:length]); !slices.Contains(states, state) {
				states = append(states, state)
			}
		}
		if len(states) > starts {
			return nil, false
		}
	}
	return states, true
}

// evidence returns the operations of a window that are enough, with the writes of the values that they found.
func (w *windows) evidence(win window) evidence {
	var left []int32
	part := w.inside(win, nil)
	for _, o := range part {
		if i := int32(o.ID); o.harmless() && w.impossibleWithout(win, append(slices.Clone(left), i)) {
			left = append(left, i)
		}
	}
	part = w.inside(win, left)
	k, _ := w.space(win, part)
	e := evidence{by: win.to, since: win.from}
	for _, s := range k.observed {
		parts := []string{s}
		if k.appends && k.unique {
			parts, _ = k.code.split(s, parts[:0])
		}
		for _, p := range parts {
			if i, ok := w.whole.writers[p]; ok {
				e.ops = append(e.ops, i)
			}
		}
	}
	for _, o := range part {
		i := int32(o.ID)
		switch {
		case slices.Contains(e.ops, i):
		case w.h[i].Outcome == Unknown && o.Invoke < win.from:
			e.vain++
		default:
			e.ops = append(e.ops, i)
		}
	}
	e.ops = sorted(e.ops)
	return e
}
