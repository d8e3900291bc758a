package check

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"lightcone/sim"
)

// Witness is a part of a history that is enough to show a violation: the smallest that was found.
type Witness struct {
	Ops   History  // in the order of invocation, as they were in the history
	Story []string // what happened, in sentences
}

func (w *Witness) String() string { return strings.Join(w.Story, "\n") }

// WriteText writes the story, and below it the operations on a time axis, a line each:
//
//	c1  put x = "a"     |---|
//	c2  get x: none             |----|
func (w *Witness) WriteText(out io.Writer) error {
	var b strings.Builder
	for _, s := range w.Story {
		b.WriteString(s + "\n")
	}
	b.WriteString("\n")
	who, what := 0, 0
	for i := range w.Ops {
		who = max(who, len(clientName(w.Ops[i].Client)))
		what = max(what, len(w.Ops[i].Label()))
	}
	times := moments(w.Ops)
	const step = 6
	for i := range w.Ops {
		o := &w.Ops[i]
		from, to := times.rank(o.Invoke)*step, times.rank(o.Return)*step
		line := fmt.Sprintf("%-*s  %-*s  %*s|", who, clientName(o.Client), what, o.Label(), from, "")
		switch {
		case o.Return == sim.Never:
			line += strings.Repeat("-", max(len(times)*step-from, 3)) + "> ?"
		case to > from:
			line += strings.Repeat("-", to-from-1) + "|"
		}
		b.WriteString(line + "  " + span(o) + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func clientName(c int) string { return "c" + strconv.Itoa(c) }

// Label is what the operation asked and was told, in few words: put x = "a", get x: "a", cas x "a" -> "b": no.
func (o *Operation) Label() string {
	s := o.Op.Kind.String() + " " + word(o.Op.Key)
	switch o.Op.Kind {
	case Put:
		s += " = " + strconv.Quote(o.Op.Value)
	case Append:
		s += " + " + strconv.Quote(o.Op.Value)
	case CompareAndSwap:
		s += fmt.Sprintf(" %q -> %q", o.Op.Expect, o.Op.Value)
	}
	switch {
	case o.Outcome == Unknown:
		return s + ": ?"
	case o.Outcome == Failed:
		return s + ": failed"
	case o.Op.Kind == Get:
		return s + ": " + o.Result.read()
	case o.Op.Kind == CompareAndSwap && !o.Result.Swapped:
		return s + ": no"
	case o.Op.Kind == Delete && !o.Result.Found:
		return s + ": none"
	}
	return s
}

// word is a key as it is if it reads as a word, else quoted.
func word(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) || strings.ContainsRune(" \"=:", r) }) {
		return strconv.Quote(s)
	}
	return s
}

// read is what a Get returned.
func (r Result) read() string {
	if !r.Found {
		return "none"
	}
	return strconv.Quote(r.Value)
}

// span is when an operation was under way.
func span(o *Operation) string {
	if o.Return == sim.Never {
		return fmt.Sprintf("from %v, no reply", o.Invoke)
	}
	return fmt.Sprintf("%v to %v", o.Invoke, o.Return)
}
