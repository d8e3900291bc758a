package kv

import (
	"fmt"
	"strconv"

	"lightcone/sim"
	"lightcone/sim/check"
)

// What traces and pictures write: #12 is a client's request 12, #12r1 the same after its first restart.

func (m Request) String() string {
	s := number(m.ID) + " " + describe(m.Op)
	if m.Register {
		s = number(m.ID) + " register"
	}
	if m.Token != (Token{}) {
		s += fmt.Sprintf(", session %d.%d", m.Token.Session, m.Token.Serial)
	}
	if m.Within > 0 {
		s += fmt.Sprintf(", within %v", m.Within)
	}
	return s
}

func (m Reply) String() string {
	s := number(m.ID) + " " + m.Status.String()
	switch {
	case m.Status == NotLeader && m.Leader != sim.Nobody:
		return s + ", ask " + m.Leader.String()
	case m.Session != 0:
		return s + fmt.Sprintf(", session %d", m.Session)
	}
	return s + outcome(m.Result)
}

func (c Command) String() string {
	s := describe(c.Op)
	if c.Register {
		s = "register"
	}
	if c.Token != (Token{}) {
		s += fmt.Sprintf(", session %d.%d", c.Token.Session, c.Token.Serial)
	}
	return s + fmt.Sprintf(", for %v %s at %v", c.Client, number(c.Request), c.Time)
}

func (n Invoked) String() string { return "asks " + number(n.ID) + " " + describe(n.Op) }

func (n Returned) String() string {
	s := number(n.ID) + " is " + n.Outcome.String()
	if n.Outcome != check.OK {
		return s
	}
	return s + outcome(n.Result)
}

func number(id uint64) string {
	s := "#" + strconv.FormatUint(id&(1<<32-1), 10)
	if life := id >> 32; life > 0 {
		s += "r" + strconv.FormatUint(life, 10)
	}
	return s
}

func describe(op Op) string {
	switch op.Kind {
	case Put, Append:
		return fmt.Sprintf("%v %s %s", op.Kind, op.Key, op.Value)
	case CompareAndSwap:
		return fmt.Sprintf("%v %s from %q to %s", op.Kind, op.Key, op.Expect, op.Value)
	}
	return fmt.Sprintf("%v %s", op.Kind, op.Key)
}

// outcome describes a result as far as it shows without the question.
func outcome(r Result) string {
	switch {
	case r.Value != "":
		return ", " + r.Value
	case r.Found:
		return ", found"
	case r.Swapped:
		return ", swapped"
	}
	return ""
}
