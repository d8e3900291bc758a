package check

import (
	"cmp"
	"slices"

	"lightcone/sim"
)

// A client that asks again at the very moment at which it has an answer asks after it, which the times of the two
// operations do not say: operations that touch are concurrent. untie returns the history with other times that do say
// it, in the same order otherwise, and h itself if no client does so. Times cannot say it of two clients at the same
// moment, unless they also said in which order those two did; then it is left out for all but the first of them, and
// exact is false.
func untie(h History) (untied History, exact bool) {
	touching, exact := h.touching(), true
	for t, who := range touching { //det:ok each by itself
		exact = exact && len(who) <= 1
		touching[t] = who[:1]
	}
	return h.apart(touching), exact
}

// untieAll returns the history with other times that say it of all clients, and hence also in which order those did what
// they did at one moment, which is not known: what holds of it holds of the history.
func untieAll(h History) History { return h.apart(h.touching()) }

// apart returns the history with other times, that say of some clients at each moment in which order they did things.
func (h History) apart(touching map[sim.Time][]int) History {
	if len(touching) == 0 {
		return h
	}
	u := slices.Clone(h)
	ends := make([]endpoint, 0, 2*len(h))
	for i := range h {
		ends = append(ends, endpoint{h[i].Invoke, int32(i), false})
		if h[i].Return != sim.Never {
			ends = append(ends, endpoint{h[i].Return, int32(i), true})
		}
	}
	//det:ok a total order: an operation has two ends
	slices.SortFunc(ends, func(a, b endpoint) int {
		return cmp.Or(compareTime(a.time, b.time), cmp.Compare(a.op, b.op), compareBool(a.response, b.response))
	})
	now := sim.Time(0)
	for len(ends) > 0 {
		n := 1
		for n < len(ends) && ends[n].time == ends[0].time {
			n++
		}
		now = u.spread(ends[:n], touching[ends[0].time], now)
		ends = ends[n:]
	}
	return u
}

// endpoint is an invocation or a response.
type endpoint struct {
	time     sim.Time
	op       int32
	response bool
}

// touching returns the clients that asked at the moment of an answer, by moment.
func (h History) touching() map[sim.Time][]int {
	touching := map[sim.Time][]int{}
	answers := map[int][]sim.Time{} // by client: those that are not before the latest invocation
	for i := range h {
		o := &h[i]
		late := answers[o.Client][:0]
		for _, t := range answers[o.Client] {
			if t == o.Invoke && !slices.Contains(touching[t], o.Client) {
				touching[t] = append(touching[t], o.Client)
			}
			if t >= o.Invoke {
				late = append(late, t)
			}
		}
		if o.Return != sim.Never {
			late = append(late, o.Return)
		}
		answers[o.Client] = late
	}
	return touching
}

// spread gives the ends of one moment times from now on, and returns the time after them: first the invocations, then
// the ends of the clients that touch one after the other, then the other responses.
func (h History) spread(ends []endpoint, touching []int, now sim.Time) sim.Time {
	var own []endpoint
	for _, e := range ends {
		switch o := &h[e.op]; {
		case slices.Contains(touching, o.Client):
			own = append(own, e)
		case !e.response:
			o.Invoke = now
		}
	}
	//det:ok a total order: an operation has two ends
	slices.SortFunc(own, compareOwn(own))
	after := now + 1
	for _, e := range own {
		if e.response {
			h[e.op].Return = after
		} else {
			h[e.op].Invoke = after
		}
		after++
	}
	for _, e := range ends {
		if e.response && !slices.Contains(own, e) {
			h[e.op].Return = after
		}
	}
	return after + 1
}

// compareOwn orders what clients did at one moment: what was under way first had its answer first.
func compareOwn(own []endpoint) func(a, b endpoint) int {
	began := map[int32]bool{} // at this moment
	for _, e := range own {
		began[e.op] = began[e.op] || !e.response
	}
	return func(a, b endpoint) int {
		return cmp.Or(compareBool(began[a.op], began[b.op]), cmp.Compare(a.op, b.op), compareBool(a.response, b.response))
	}
}
