package trace

import "lightcone/sim"

// lateDeliveries returns which events are deliveries of messages that came too late. A timer stands for a message if it
// was set in the handler that sent the message. The message is late if it arrives after such a timer has fired; and so
// is an answer to it, a message back that was sent by the very handler of its arrival, at once or when a write of that
// handler was durable. A timer that keeps time stands for no message: one that is set again, with the same tag, by the
// handler in which it fires (see ticks).
//
// A trace below level Full does not say when timers were set, and shows no message as late.
func (o *Order) lateDeliveries() []bool {
	events := o.trace.Events
	gaveUp := make([]int32, len(events)) // of each handler: the first event, plus 1, at which a timer that it set fired
	for i := range events {
		if events[i].Kind != sim.Timeout {
			continue
		}
		if set := o.trace.Cause(i); set >= 0 && !o.ticks(set, i) {
			if h := o.Handler(set); h >= 0 && gaveUp[h] == 0 {
				gaveUp[h] = int32(i) + 1
			}
		}
	}
	after := func(h, i int) bool { return h >= 0 && gaveUp[h] != 0 && int(gaveUp[h]) <= i }
	late := make([]bool, len(events))
	for i := range events {
		s := o.Sent(i)
		if s < 0 {
			continue
		}
		h := o.sender(s)
		if late[i] = after(h, i); late[i] || h < 0 {
			continue
		}
		if request := o.Sent(h); request >= 0 && events[request].Node == events[i].Node {
			late[i] = after(o.sender(request), i)
		}
	}
	return late
}

// sender returns the handler that sent a message, also if the message waited for a write of that handler; -1 if it is
// not in the trace.
func (o *Order) sender(send int) int {
	if h := o.Handler(send); h >= 0 {
		return h
	}
	lane := o.lane[o.trace.Events[send].Node]
	for at := int(o.index[send]) - 1; at >= 0 && o.trace.Events[lane[at]].Time == o.trace.Events[send].Time; at-- {
		if e := int(lane[at]); o.trace.Events[e].Kind == sim.Durable {
			if issued := o.trace.Cause(e); issued >= 0 {
				return o.Handler(issued)
			}
			return -1
		}
	}
	return -1
}

// ticks reports whether a timer, set by event set and fired by event fired, only keeps time: it was set by the handler
// of a timer with the same tag, or by Init, and is set again when it fires.
func (o *Order) ticks(set, fired int) bool {
	events := o.trace.Events
	h := o.Handler(set)
	if h < 0 {
		return false
	}
	switch events[h].Kind {
	case sim.Timeout:
		return events[h].Value == events[set].Value
	case sim.Init:
		for _, e := range o.lane[events[fired].Node][o.index[fired]+1:] {
			if o.Handler(int(e)) != fired {
				return false
			}
			if events[e].Kind == sim.TimerSet && events[e].Value == events[set].Value {
				return true
			}
		}
	}
	return false
}
