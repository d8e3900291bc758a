package trace

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
)

// story writes a trace by hand, for pictures.
type story struct {
	t *Trace
}

func newStory(title string, lanes ...string) *story {
	return &story{&Trace{Header: Header{Title: title, Scenario: "by-hand", Seed: 7, Nodes: len(lanes), Lanes: lanes, Digest: "5ca1ab1e0ddba11"}}}
}

// add appends an event at a time and returns its ID. Node j's clock runs j*200 ppm fast and its wall clock is j*3 ms
// ahead.
func (s *story) add(at time.Duration, e Event) uint64 {
	e.ID = uint64(len(s.t.Events)) + 1
	e.Time = sim.Time(at)
	if e.At == 0 {
		e.At = e.Time
	}
	if !e.Message() {
		e.From, e.To = sim.Nobody, sim.Nobody
	}
	if e.Kind == sim.Drop || e.Kind == sim.CutMade || e.Kind == sim.CutHealed {
		e.Node = sim.Nobody
	}
	if e.Node != sim.Nobody {
		e.Local = sim.Local(at + at*time.Duration(e.Node)/5000)
		e.Wall = e.Local + sim.Local(3*time.Millisecond)*sim.Local(e.Node)
	}
	s.t.Events = append(s.t.Events, e)
	s.t.Header.End = max(s.t.Header.End, e.Time)
	return e.ID
}

func (s *story) on(at time.Duration, node sim.NodeID, k sim.Kind, text string) uint64 {
	return s.add(at, Event{Kind: k, Node: node, Text: text})
}

func words(text string) Value { return Value{Type: "story.Message", Text: text} }

func (s *story) send(at time.Duration, from, to sim.NodeID, text string) uint64 {
	k := uint64(1)
	for i := range s.t.Events {
		if e := &s.t.Events[i]; e.Kind == sim.Send && e.From == from && e.To == to {
			k++
		}
	}
	return s.add(at, Event{Kind: sim.Send, Node: from, From: from, To: to, K: k, Value: words(text)})
}

// end appends a Deliver or a Drop of a message that was sent.
func (s *story) end(at time.Duration, send uint64, e Event) uint64 {
	from := s.t.Events[send-1]
	e.From, e.To, e.K, e.Link = from.From, from.To, from.K, send
	if e.Value.IsZero() {
		e.Value = from.Value
	}
	e.Node = e.To
	return s.add(at, e)
}

func (s *story) deliver(at time.Duration, send uint64) uint64 {
	return s.end(at, send, Event{Kind: sim.Deliver})
}

func (s *story) timer(at, due time.Duration, node sim.NodeID, tag string) uint64 {
	return s.add(at, Event{Kind: sim.TimerSet, Node: node, At: sim.Time(due), Value: Value{Type: "string", Text: tag}})
}

func (s *story) fires(at time.Duration, set uint64) uint64 {
	from := s.t.Events[set-1]
	return s.add(at, Event{Kind: sim.Timeout, Node: from.Node, Link: set, Value: from.Value})
}

const ms = time.Millisecond

// everyFault is a run in which everything happens that a picture shows.
func everyFault() *Trace {
	s := newStory("Everything that can go wrong", "Frankfurt", "Ireland", "Virginia", "Tokyo", "Sydney")
	for j := range sim.NodeID(5) {
		s.on(0, j, sim.Init, "")
	}
	s.add(0, Event{Kind: sim.BadgeSet, Node: 0, Role: "leader", Text: "term 1"})
	retry := s.timer(0, 30*ms, 0, "retry")
	first := s.send(0, 0, 1, "append 1")
	second := s.send(0, 0, 2, "append 1")
	third := s.send(0, 0, 3, "append 1")
	s.deliver(8*ms, first)
	write := s.add(8*ms, Event{Kind: sim.Persist, Node: 1, Text: "log", Value: words("1")})
	stopped := s.timer(8*ms, 60*ms, 1, "election")
	s.add(12*ms, Event{Kind: sim.Durable, Node: 1, Link: write, Text: "log"})
	ack := s.send(12*ms, 1, 0, "ack 1")
	s.end(14*ms, second, Event{Kind: sim.Drop, Cause: sim.Loss, At: sim.Time(20 * ms)})
	s.deliver(20*ms, ack)
	s.end(26*ms, third, Event{Kind: sim.Deliver, Value: words("append 9")})
	reply := s.send(26*ms, 3, 0, "ack 9")
	s.fires(30*ms, retry)
	again := s.send(30*ms, 0, 2, "append 1")
	s.add(32*ms, Event{Kind: sim.TimerStopped, Node: 1, Link: stopped, Value: words("election")})
	s.deliver(40*ms, again)
	s.end(43*ms, again, Event{Kind: sim.Deliver, Copy: 1})
	s.deliver(52*ms, reply)
	s.add(56*ms, Event{Kind: sim.CutMade, Text: "atlantic", Cut: &sim.Cut{Name: "atlantic", From: []sim.NodeID{0, 1}, To: []sim.NodeID{2, 3, 4}}})
	severed := s.send(58*ms, 0, 2, "append 2")
	s.end(58*ms, severed, Event{Kind: sim.Drop, Cause: sim.Partition, At: sim.Time(66 * ms)})
	local := s.send(60*ms, 0, 1, "append 2")
	s.deliver(66*ms, local)
	torn := s.add(66*ms, Event{Kind: sim.Persist, Node: 1, Text: "log", Value: words("2")})
	s.on(68*ms, 1, sim.Crashed, "")
	s.add(68*ms, Event{Kind: sim.WriteLost, Node: 1, Link: torn, Text: "log", Fate: sim.WriteTorn})
	dead := s.send(70*ms, 0, 1, "append 3")
	s.end(77*ms, dead, Event{Kind: sim.Drop, Cause: sim.Dead})
	s.on(78*ms, 4, sim.Crashed, "")
	s.on(80*ms, 2, sim.Paused, "")
	s.add(84*ms, Event{Kind: sim.WallStepped, Node: 3, Step: sim.Local(-40 * ms)})
	s.add(88*ms, Event{Kind: sim.CutHealed, Text: "atlantic"})
	s.on(92*ms, 1, sim.Recovered, "")
	s.on(92*ms, 1, sim.Init, "")
	s.add(94*ms, Event{Kind: sim.BadgeSet, Node: 3, Role: "candidate", Text: "term 2"})
	vote := s.send(94*ms, 3, 0, "vote 2")
	s.add(94*ms, Event{Kind: sim.Note, Node: 3, Value: Value{Type: "string", Text: "stands for term 2"}})
	s.on(96*ms, 2, sim.Resumed, "")
	s.deliver(104*ms, vote)
	s.add(104*ms, Event{Kind: sim.BadgeSet, Node: 0, Role: "follower", Text: "term 2"})
	yes := s.send(104*ms, 0, 3, "yes 2")
	s.add(108*ms, Event{Kind: sim.Custom, Node: sim.Nobody, Text: "load doubles"})
	s.deliver(114*ms, yes)
	s.add(114*ms, Event{Kind: sim.BadgeSet, Node: 3, Role: "leader", Text: "term 2"})
	s.send(114*ms, 3, 2, "append 4")
	s.timer(114*ms, 160*ms, 3, "heartbeat")
	s.t.Header.End = sim.Time(120 * ms)
	return s.t
}

func writePage(t *testing.T, run *Trace, o Options) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, writeHTML(&b, run, o))
	return b.String()
}

var dataElement = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

// readPage returns the data in a page, as a browser finds it: up to the first end of the element.
func readPage(t *testing.T, page string) *pageData {
	t.Helper()
	m := dataElement.FindStringSubmatch(page)
	require.NotNil(t, m, "the page has no data")
	var d pageData
	require.NoError(t, json.Unmarshal([]byte(m[1]), &d))
	return &d
}

func TestHTMLIsDeterministic(t *testing.T) {
	require.Equal(t, writePage(t, everyFault(), Options{}), writePage(t, everyFault(), Options{}))
}

func TestHTMLNeedsNothingElse(t *testing.T) {
	page := writePage(t, everyFault(), Options{})
	code := dataElement.ReplaceAllString(page, "")
	for _, forbidden := range []string{`(?i)https?://`, `(?i)\b(src|action|srcset)\s*=`, `(?i)href\s*=\s*"[^#d]`, `@import`, `\bfetch\(`, `XMLHttpRequest`,
		`WebSocket`, `EventSource`, `sendBeacon`, `\bimport\b`, `\beval\(`, `url\(`, `innerHTML`, `document\.write`, `\{\{`} {
		require.NotRegexp(t, forbidden, code)
	}
	require.Contains(t, page, `content="default-src 'none'; style-src 'sha256-`)
}

func TestHTMLEscapesData(t *testing.T) {
	hostile := `</script><script>alert("x")</script><!-- <b>&amp; ` + "\u2028 \x00 {{script}}"
	run := everyFault()
	run.Header.Title, run.Header.Lanes[0] = hostile, hostile
	run.Events[6].Text = hostile
	for i := range run.Events {
		if run.Events[i].Kind == sim.Note {
			run.Events[i].Value.Text = hostile
		}
	}
	page := writePage(t, run, Options{Marks: []Mark{{Caption: hostile}}})
	require.Equal(t, 2, strings.Count(page, "</script>"), "the data's and the code's")
	require.NotContains(t, page, "<b>")
	d := readPage(t, page)
	require.Equal(t, hostile, d.Head.Title)
	require.Equal(t, hostile, d.Head.Lanes[0])
	require.Equal(t, hostile, d.Show.Marks[0].Caption)
	require.Contains(t, d.Strings, hostile)
}

func TestHTMLHoldsEveryKindOfEvent(t *testing.T) {
	d := readPage(t, writePage(t, everyFault(), Options{}))
	require.Equal(t, "leader", d.Strings[d.Role[0]])
	for k, name := range d.Kinds[1:] {
		require.Contains(t, d.Kind, k+1, "no event of kind %s", name)
	}
	for _, c := range []sim.Cause{sim.Loss, sim.Partition, sim.Dead} {
		require.Contains(t, d.Cause, int(c), "no message lost for cause %v", c)
	}
	require.Contains(t, d.Copy, 1, "no duplicate")
	require.Len(t, d.Late, 1, "the answer after the timer had fired")
	require.Equal(t, []pageCut{{From: []sim.NodeID{0, 1}, To: []sim.NodeID{2, 3, 4}}}, d.Cut)
	require.Equal(t, []sim.Local{sim.Local(-40 * ms)}, d.Step)
	require.Equal(t, []int{int(sim.WriteTorn)}, d.Fate)
}

// TestHTMLDataIsTheTrace undoes the packing and compares.
func TestHTMLDataIsTheTrace(t *testing.T) {
	run := everyFault()
	d := readPage(t, writePage(t, run, Options{}))
	var id int64
	var at sim.Time
	lane := 0
	for i := range run.Events {
		e := &run.Events[i]
		id += d.ID[i]
		at += d.Time[i]
		require.Equal(t, e.ID, uint64(id))
		require.Equal(t, e.Time, at)
		require.Equal(t, e.Kind, sim.Kind(d.Kind[i]))
		require.Equal(t, e.Node, sim.NodeID(d.Node[i]))
		require.Equal(t, e.Text, d.Strings[d.Text[i]])
		v := d.Values[d.Value[i]]
		require.Equal(t, e.Value, Value{d.Strings[v[0]], d.Strings[v[1]], d.Strings[v[2]]})
		if e.Node != sim.Nobody {
			require.Equal(t, int64(e.Local), int64(at)+d.Local[lane])
			require.Equal(t, int64(e.Wall), int64(e.Local)+d.Wall[lane])
			lane++
		}
		if e.Link != 0 {
			require.Equal(t, e.Link, run.Events[i-d.Link[i]].ID)
		}
	}
	require.Len(t, d.Local, lane)
}

func TestHTMLOptions(t *testing.T) {
	run := everyFault()
	d := readPage(t, writePage(t, run, Options{
		Title: "Marked", Mapping: Rank, View: AsNode, As: 2, From: 5, To: 9, MaxEvents: 10, NoLegend: true,
		Marks: []Mark{{Events: []uint64{3, 50, 9999}, Caption: "look"}},
	}))
	require.Equal(t, pageShow{
		Mapping: "rank", As: 2, From: 5, To: 9, Marks: []pageMark{{Events: []int{2}, Caption: "look"}},
	}, d.Show)
	require.Equal(t, "Marked", d.Head.Title)
	require.Len(t, d.Kind, 10)
	require.Equal(t, uint64(len(run.Events)-10), d.Head.LeftAfter)
}

func TestHTMLOfNothing(t *testing.T) {
	page := writePage(t, &Trace{Header: Header{Nodes: 1}}, Options{})
	d := readPage(t, page)
	require.Empty(t, d.Kind)
	require.NotContains(t, strings.ReplaceAll(dataElement.FindString(page), `"lanes":null`, ""), "null", "the page wants arrays")
	require.Equal(t, "A run", d.Head.Title)
}
