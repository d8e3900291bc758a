package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// writeTranscript writes the minutes of the run: a line an event, in words.
func writeTranscript(w io.Writer, t *Trace, o Options) error {
	s := choose(t, o, len(t.Events))
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s, seed %d, %s\n\n", titleOf(t, o), t.Header.Seed, count(uint64(t.Header.Nodes), "node"))
	events := s.events()
	times := make([]string, len(events))
	wide := 0
	for n, i := range events {
		times[n] = stamp(t, i, o.Mapping)
		wide = max(wide, utf8.RuneCountInString(times[n]))
	}
	for n, i := range events {
		pad := strings.Repeat(" ", wide-utf8.RuneCountInString(times[n]))
		fmt.Fprintf(out, "%s%s  %s%s%s\n", pad, times[n], t.Sentence(i), s.aside(i), markNumbers(s.marked[i]))
	}
	writeRemarks(out, s, o, s.remarks(o, t.Header.Nodes))
	return out.Flush()
}

// stamp is the time of event i as a mapping has it: true time, or what the node's clock showed.
func stamp(t *Trace, i int, m Mapping) string {
	e := &t.Events[i]
	switch {
	case m == OwnClock && e.Node >= 0:
		return e.Local.String()
	case m == WallClock && e.Node >= 0:
		return e.Wall.String()
	}
	return e.Time.String()
}

// aside says how many messages like it stand behind a Send, and that a message came late.
func (s *selection) aside(i int) string {
	switch {
	case s.like != nil && s.like[i] > 0:
		return fmt.Sprintf(" (and %d like it until %v)", s.like[i], s.until[i])
	case s.late[i]:
		return ", too late: the timer set for it had fired"
	}
	return ""
}

// markNumbers refers to marks, which are numbered from 1.
func markNumbers(marks []int) string {
	var b strings.Builder
	for _, m := range marks {
		fmt.Fprintf(&b, " [%d]", m+1)
	}
	return b.String()
}
