package trace

import (
	"fmt"
	"strconv"

	"lightcone/sim"
)

// inspector checks the events of a trace one after the other: that each is well formed by itself and follows from those
// before.
type inspector struct {
	trace *Trace // whose Events are those that came before
	// dangling is the first event whose Link is to a record before the first one: right only where the trace says that
	// it left out what came before.
	dangling uint64
	report   func(f field, got, want string)
}

// linkTo says what record the link of each kind is to; the others have none.
func linkTo(k sim.Kind) (sim.Kind, bool) {
	switch k {
	case sim.Deliver, sim.Drop:
		return sim.Send, true
	case sim.Timeout, sim.TimerStopped:
		return sim.TimerSet, true
	case sim.Durable, sim.WriteLost:
		return sim.Persist, true
	}
	return 0, false
}

// inspect checks an event before it is appended to the trace.
func (in *inspector) inspect(e *Event) {
	in.order(e)
	in.place(e)
	in.message(e)
	in.extras(e)
	in.link(e)
}

func (in *inspector) order(e *Event) {
	var last Event
	if n := len(in.trace.Events); n > 0 {
		last = in.trace.Events[n-1]
	}
	switch {
	case e.ID == 0:
		in.report(fID, "0", "at least 1")
	case e.Kind == sim.BadgeSet && e.ID < last.ID:
		in.report(fID, strconv.FormatUint(e.ID, 10), fmt.Sprintf("at least %d, that of the event before", last.ID))
	case e.Kind != sim.BadgeSet && e.ID <= last.ID:
		in.report(fID, strconv.FormatUint(e.ID, 10), fmt.Sprintf("more than %d, that of the event before", last.ID))
	}
	if e.Time < last.Time {
		in.report(fTime, strconv.FormatInt(int64(e.Time), 10), fmt.Sprintf("at least %d, that of the event before", last.Time))
	}
	switch {
	case e.Kind == sim.Drop || e.Kind == sim.TimerSet:
		if e.At < e.Time {
			in.report(fAt, strconv.FormatInt(int64(e.At), 10), fmt.Sprintf("at least the event's time, %d", e.Time))
		}
	case e.At != e.Time:
		in.report(fAt, strconv.FormatInt(int64(e.At), 10), "none, in an event of kind "+e.Kind.String())
	}
}

// node checks a node that has to be there.
func (in *inspector) node(f field, id sim.NodeID) {
	if id < 0 || int(id) >= in.trace.Header.Nodes {
		got := strconv.Itoa(int(id))
		if id == sim.Nobody {
			got = "none"
		}
		in.report(f, got, fmt.Sprintf("a node from 0 to %d", in.trace.Header.Nodes-1))
	}
}

func (in *inspector) place(e *Event) {
	switch e.Kind {
	case sim.Drop, sim.CutMade, sim.CutHealed:
		in.absent(fNode, e.Node != sim.Nobody, e.Kind)
	case sim.Custom:
		if e.Node != sim.Nobody {
			in.node(fNode, e.Node)
		}
	default:
		in.node(fNode, e.Node)
	}
}

// absent reports a field that events of a kind do not have.
func (in *inspector) absent(f field, there bool, k sim.Kind) {
	if there {
		in.report(f, "one", "none, in an event of kind "+k.String())
	}
}

func (in *inspector) message(e *Event) {
	if e.Message() {
		in.node(fFrom, e.From)
		in.node(fTo, e.To)
		if e.K == 0 {
			in.report(fK, "0", "the message's number on its link, at least 1")
		}
	} else {
		in.absent(fFrom, e.From != sim.Nobody, e.Kind)
		in.absent(fTo, e.To != sim.Nobody, e.Kind)
		in.absent(fK, e.K != 0, e.Kind)
	}
	in.absent(fCopy, e.Copy != 0 && e.Kind != sim.Deliver && e.Kind != sim.Drop, e.Kind)
	in.absent(fCause, e.Cause != sim.Delivered && e.Kind != sim.Drop, e.Kind)
	if e.Kind == sim.Drop && e.Cause == sim.Delivered {
		in.report(fCause, "none", "why the message was lost")
	}
	switch {
	case e.Kind == sim.Send && e.Node != e.From:
		in.report(fNode, e.Node.String(), "the sender, "+e.From.String())
	case e.Kind == sim.Deliver && e.Node != e.To:
		in.report(fNode, e.Node.String(), "the receiver, "+e.To.String())
	}
}

func (in *inspector) extras(e *Event) {
	in.absent(fRole, e.Role != "" && e.Kind != sim.BadgeSet, e.Kind)
	in.absent(fStep, e.Step != 0 && e.Kind != sim.WallStepped, e.Kind)
	in.absent(fFate, e.Fate != 0 && e.Kind != sim.WriteLost, e.Kind)
	in.absent(fCut, e.Cut != nil && e.Kind != sim.CutMade, e.Kind)
	if e.Value.Type == "" && e.Value.Text+e.Value.JSON != "" {
		in.report(fType, "none", "the type of the value")
	}
	if e.Kind != sim.CutMade {
		return
	}
	if e.Cut == nil {
		in.report(fCut, "none", "the partition that began")
		return
	}
	for _, side := range [][]sim.NodeID{e.Cut.From, e.Cut.To} {
		for _, id := range side {
			in.node(fCut, id)
		}
	}
}

func (in *inspector) link(e *Event) {
	kind, linked := linkTo(e.Kind)
	got := strconv.FormatUint(e.Link, 10)
	switch {
	case !linked:
		in.absent(fLink, e.Link != 0, e.Kind)
		return
	case e.Link == 0:
		in.report(fLink, "none", "the ID of its "+kind.String())
		return
	case e.Link >= e.ID:
		in.report(fLink, got, fmt.Sprintf("the ID of an earlier event than %d", e.ID))
		return
	}
	i, ok := in.trace.Index(e.Link)
	if !ok {
		in.missing(e, kind)
		return
	}
	from := &in.trace.Events[i]
	switch {
	case from.Kind != kind:
		in.report(fLink, got+", of kind "+from.Kind.String(), "the ID of its "+kind.String())
	case kind == sim.Send && from.Name() != e.Name():
		in.report(fLink, got+", which sends "+from.Name().String(), "the ID of the send of "+e.Name().String())
	case kind != sim.Send && from.Node != e.Node:
		in.report(fLink, got+", on "+from.Node.String(), "the ID of a "+kind.String()+" on "+e.Node.String())
	}
}

// missing deals with a link to a record that is not there.
func (in *inspector) missing(e *Event, kind sim.Kind) {
	switch {
	case !in.trace.Header.Level.Records(kind):
	case len(in.trace.Events) == 0 || e.Link < in.trace.Events[0].ID:
		if in.dangling == 0 {
			in.dangling = e.ID
		}
	default:
		in.report(fLink, strconv.FormatUint(e.Link, 10)+", which is not there", "the ID of its "+kind.String())
	}
}
