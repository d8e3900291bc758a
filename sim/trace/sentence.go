package trace

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lightcone/sim"
)

// Sentence says what event i is in words, without its time: "n2 receives ping 4 from n1, sent 10.1ms earlier".
func (t *Trace) Sentence(i int) string {
	e := &t.Events[i]
	switch e.Kind {
	case sim.Init:
		if i > 0 && t.Events[i-1].Kind == sim.Recovered && t.Events[i-1].Node == e.Node {
			return fmt.Sprintf("%v starts again, with what it had written", e.Node)
		}
		return fmt.Sprintf("%v starts", e.Node)
	case sim.Deliver:
		return t.delivery(i)
	case sim.Timeout:
		return fmt.Sprintf("%v's timer%s fires%s", e.Node, tagText(e.Value), t.since(i, ", set"))
	case sim.Send:
		return fmt.Sprintf("%v sends %s to %v", e.Node, messageText(e), e.To)
	case sim.Drop:
		return t.loss(i)
	case sim.TimerSet:
		return fmt.Sprintf("%v sets a timer%s, due in %v", e.Node, tagText(e.Value), e.At.Sub(e.Time))
	case sim.TimerStopped:
		return fmt.Sprintf("%v stops its timer%s", e.Node, tagText(e.Value))
	case sim.Persist:
		if e.Value.Type == "" {
			return fmt.Sprintf("%v removes %s from its disk", e.Node, e.Text)
		}
		return fmt.Sprintf("%v writes %s = %s", e.Node, e.Text, brief(e.Value.Text))
	case sim.Durable:
		return fmt.Sprintf("%v's write of %s is durable%s", e.Node, e.Text, t.since(i, ", issued"))
	case sim.WriteLost:
		return t.lostWrite(e)
	case sim.Note:
		return fmt.Sprintf("%v notes: %s", e.Node, brief(e.Value.Text))
	case sim.BadgeSet:
		return becomes(e)
	}
	return fault(e)
}

// fault says what an intervention from outside is.
func fault(e *Event) string {
	switch e.Kind {
	case sim.Crashed:
		return fmt.Sprintf("%v crashes", e.Node)
	case sim.Recovered:
		return fmt.Sprintf("%v recovers", e.Node)
	case sim.Paused:
		return fmt.Sprintf("%v pauses", e.Node)
	case sim.Resumed:
		return fmt.Sprintf("%v resumes", e.Node)
	case sim.CutMade:
		return fmt.Sprintf("%s begins: %s", partition(e.Text), sides(e.Cut))
	case sim.CutHealed:
		return partition(e.Text) + " heals"
	case sim.WallStepped:
		return fmt.Sprintf("%v's wall clock steps by %s", e.Node, signed(e.Step))
	case sim.Custom:
		if e.Node != sim.Nobody {
			return fmt.Sprintf("%v: %s", e.Node, brief(e.Text))
		}
		return brief(e.Text)
	}
	return e.Kind.String()
}

func (t *Trace) delivery(i int) string {
	e := &t.Events[i]
	var b strings.Builder
	fmt.Fprintf(&b, "%v receives %s from %v%s", e.Node, messageText(e), e.From, t.since(i, ", sent"))
	if e.Copy > 0 {
		fmt.Fprintf(&b, ", duplicate %d", e.Copy)
	}
	if was, ok := t.altered(i); ok {
		fmt.Fprintf(&b, ", altered, or a lie: it was %s", brief(was.Text))
	}
	return b.String()
}

// altered returns what a delivered message was when it was sent, if that is something else.
func (t *Trace) altered(i int) (Value, bool) {
	e := &t.Events[i]
	if e.Kind != sim.Deliver {
		return Value{}, false
	}
	s := t.Cause(i)
	if s < 0 || t.Events[s].Value == e.Value {
		return Value{}, false
	}
	return t.Events[s].Value, true
}

// causeTexts say why a message was lost.
var causeTexts = [...]string{
	sim.Loss:      "the network loses it",
	sim.Partition: "a partition stops it",
	sim.Dead:      "the receiver is down",
	sim.Corrupt:   "it is damaged, and thrown away",
	sim.Overflow:  "a queue is full",
	sim.Omission:  "an omission",
	sim.Edited:    "an edit of the run removes it",
}

func causeText(c sim.Cause) string {
	if int(c) < len(causeTexts) {
		return causeTexts[c]
	}
	return c.String()
}

func (t *Trace) loss(i int) string {
	e := &t.Events[i]
	copied := ""
	if e.Copy > 0 {
		copied = fmt.Sprintf("duplicate %d of ", e.Copy)
	}
	when := ""
	if s := t.Cause(i); s >= 0 && e.At > t.Events[s].Time {
		when = fmt.Sprintf(", %v after it was sent", e.At.Sub(t.Events[s].Time))
	}
	return fmt.Sprintf("%s%s from %v to %v is lost%s: %s", copied, messageText(e), e.From, e.To, when, causeText(e.Cause))
}

func (t *Trace) lostWrite(e *Event) string {
	switch e.Fate {
	case sim.WriteTorn:
		return fmt.Sprintf("the crash tears %v's write of %s", e.Node, e.Text)
	case sim.WriteKept:
		return fmt.Sprintf("the crash keeps %v's write of %s", e.Node, e.Text)
	}
	return fmt.Sprintf("the crash loses %v's write of %s", e.Node, e.Text)
}

func becomes(e *Event) string {
	switch {
	case e.Role == "" && e.Text == "":
		return fmt.Sprintf("%v has no role any more", e.Node)
	case e.Role == "":
		return fmt.Sprintf("%v shows %s", e.Node, brief(e.Text))
	case e.Text == "":
		return fmt.Sprintf("%v is %s", e.Node, brief(e.Role))
	}
	return fmt.Sprintf("%v is %s (%s)", e.Node, brief(e.Role), brief(e.Text))
}

// since says how long before event i the one that it comes from was.
func (t *Trace) since(i int, what string) string {
	c := t.Cause(i)
	if c < 0 {
		return ""
	}
	d := t.Events[i].Time.Sub(t.Events[c].Time)
	if d == 0 {
		return what + " at once"
	}
	return fmt.Sprintf("%s %v earlier", what, d)
}

// messageText names a message: its text, or where that is empty its name.
func messageText(e *Event) string {
	if e.Value.Text == "" {
		return e.Name().String()
	}
	return brief(e.Value.Text)
}

// tagText names a timer by its tag: in quotation marks if it is of several words, and nothing for no tag.
func tagText(v Value) string {
	switch s := brief(v.Text); {
	case s == "":
		return ""
	case strings.Contains(s, " "):
		return " " + strconv.Quote(s)
	default:
		return " " + s
	}
}

const briefLength = 80

// brief returns a text in one line of at most briefLength characters.
func brief(s string) string {
	if len(s) <= briefLength && !strings.ContainsAny(s, "\n\r\t") {
		return s
	}
	return shorten(strings.Join(strings.Fields(s), " "), briefLength)
}

// shorten cuts a text to n characters, the last an ellipsis if any is missing.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if r := []rune(s); len(r) > n {
		return string(r[:max(n-1, 0)]) + ellipsis
	}
	return s
}

func partition(name string) string {
	if name == "" {
		return "a partition"
	}
	return "partition " + brief(name)
}

func sides(c *sim.Cut) string {
	if c == nil {
		return ""
	}
	between := " | "
	if c.OneWay {
		between = " cannot reach "
	}
	return nodeSet(c.From) + between + nodeSet(c.To)
}

// nodeSet lists nodes, of very many the first.
func nodeSet(ids []sim.NodeID) string {
	const most = 8
	var parts []string
	for i, id := range ids {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(ids)-most))
			break
		}
		parts = append(parts, id.String())
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func signed(d sim.Local) string {
	if d >= 0 {
		return "+" + time.Duration(d).String()
	}
	return time.Duration(d).String()
}
