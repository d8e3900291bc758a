package trace

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"lightcone/sim"
)

func draw(t testing.TB, tr *Trace, format string, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tr, format, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTextDiagram compares a diagram with one drawn by hand: n0's ping is answered, then n1 goes down and a ping dies at
// it.
func TestTextDiagram(t *testing.T) {
	tr := tell(`
		n0 init
		n1 init
		n0 send n1
		n1 deliver n0
		n1 send n0
		n0 deliver n1
		n0 send n1
		n1 crash`)
	tr.Header.Nodes, tr.Header.Title = 2, "by hand"
	lost := tr.Events[6]
	lost.ID, lost.Link, lost.Kind, lost.Node, lost.Cause = 9, 7, sim.Drop, sim.Nobody, sim.Dead
	lost.Time, lost.At, lost.Local, lost.Wall = 8_000_000, 8_000_000, 0, 0
	tr.Events, tr.Header.End = append(tr.Events, lost), 8_000_000
	if err := tr.Check(); err != nil {
		t.Fatal(err)
	}
	want := `
by hand
seed 0, 2 nodes, time by: order of events, an equal step each; labels are true time

      n0            n1
 0s   ○             │  n0 starts
1ms   │             ○  n1 starts
2ms   ◦             │  n0 sends m3 to n1
3ms   ├──m3────────▶●  n1 receives m3 from n0, sent 1ms earlier
4ms   │             ◦  n1 sends m5 to n0
5ms   ●◀────────m5──┤  n0 receives m5 from n1, sent 1ms earlier
6ms   ◦             │  n0 sends m7 to n1
7ms   │             ▓  n1 crashes
8ms   ├──m7───────✕ ░  m7 from n0 to n1 is lost, 2ms after it was sent: the receiver is down

○ starts   ◦ effect   ● receives   ▓ crash   ─✕ lost
`
	got := "\n" + draw(t, tr, "text", Options{Mapping: Rank})
	trim := func(s string) string {
		lines := strings.Split(s, "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
		return strings.Join(lines, "\n")
	}
	if trim(got) != want {
		t.Errorf("got%s\nwant%s", got, want)
	}
	minutes := draw(t, tr, "transcript", Options{})
	for _, want := range []string{"\n 0s  n0 starts\n", "\n3ms  n1 receives m3 from n0, sent 1ms earlier\n", "\n8ms  m7 from n0 to n1 is lost, 2ms after it was sent: the receiver is down\n"} {
		if !strings.Contains(minutes, want) {
			t.Errorf("%q is not in the transcript\n%s", want, minutes)
		}
	}
}

// TestTextHasRoomForLabels: few lanes are as wide as what messages say; many are narrow.
func TestTextHasRoomForLabels(t *testing.T) {
	lines := "n0 send n1\nn1 deliver n0"
	tr := tell(lines)
	for i := range tr.Events {
		tr.Events[i].Value.Text = "Ping{Round:1234}"
	}
	for nodes, want := range map[int]string{2: "──Ping{Round:1234}──▶", 8: "──Ping{Ro…──▶"} {
		tr.Header.Nodes = nodes
		if text := draw(t, tr, "text", Options{}); !strings.Contains(text, want) {
			t.Errorf("%d nodes: %q is not in\n%s", nodes, want, text)
		}
	}
}

// TestTextShowsEverything looks for every sign in the text of a run in which everything happens.
func TestTextShowsEverything(t *testing.T) {
	text := draw(t, everythingTrace(t), "text", Options{})
	for _, want := range []string{
		"○ starts", "● receives", "↴ timer fires", "▪ write durable", "notes: gave up", "stops its timer retry", "▓ crash", "△ recovers", "‖ pauses", "▷ resumes",
		"± wall clock stepped", "◆ another fault", "─✕ lost", "╌▶▶ duplicate", "~ altered, or a lie", "◷ late", "role", "↩ message to oneself",
		"partition east begins: {n0 n1} | {n3}", "partition east heals", "a storm", "n2 overheats", "tears n0's write of jobs",
		"the network loses it", "a partition stops it", "the receiver is down", "thrown away", "an edit of the run",
		string(signCut) + " ", string(laneDown), string(lanePaused),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the diagram", want)
		}
	}
}

// element is a part of an SVG picture.
type element struct {
	name, class, text string
	attr              map[string]string
}

func (e element) number(name string) float64 {
	f, _ := strconv.ParseFloat(e.attr[name], 64)
	return f
}

// parseSVG reads a picture with an XML parser.
func parseSVG(t *testing.T, svg string) []element {
	t.Helper()
	var all []element
	var open []int
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			e := element{name: x.Name.Local, attr: map[string]string{}}
			for _, a := range x.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			e.class = e.attr["class"]
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(x)
			}
		}
	}
}

func countOf(all []element, is func(element) bool) int {
	n := 0
	for _, e := range all {
		if is(e) {
			n++
		}
	}
	return n
}

// TestSVGShowsEverything counts what is drawn against what happened.
func TestSVGShowsEverything(t *testing.T) {
	tr := everythingTrace(t)
	kinds := map[sim.Kind]int{}
	duplicates, altered := 0, 0
	for i := range tr.Events {
		kinds[tr.Events[i].Kind]++
		if tr.Events[i].Kind == sim.Deliver && tr.Events[i].Copy > 0 {
			duplicates++
		}
		if _, ok := tr.altered(i); ok {
			altered++
		}
	}
	for m := TrueTime; m <= WallClock; m++ {
		all := parseSVG(t, draw(t, tr, "svg", Options{Mapping: m, NoLegend: true}))
		counts := []struct {
			what      string
			got, want int
		}{
			{"lost arrows", countOf(all, func(e element) bool { return e.class == "lost" }), kinds[sim.Drop]},
			{"causes of loss", countOf(all, func(e element) bool { return strings.HasPrefix(e.class, "losttext") }), kinds[sim.Drop]},
			{"strokes of crosses", countOf(all, func(e element) bool { return e.class == "cross" }), 2*kinds[sim.Drop] + kinds[sim.WriteLost]},
			{"duplicates", countOf(all, func(e element) bool { return e.class == "dup" }), duplicates},
			{"altered", countOf(all, func(e element) bool { return e.class == "alt" }), 2 * altered},
			{"clocks", countOf(all, func(e element) bool { return e.class == "clock" }), 2},
			{"crashes", countOf(all, func(e element) bool { return e.name == "rect" && e.class == "down" }), kinds[sim.Crashed]},
			{"recoveries", countOf(all, func(e element) bool { return e.class == "rise" }), kinds[sim.Recovered]},
			{"pauses", countOf(all, func(e element) bool { return e.class == "dots" }), kinds[sim.Paused]},
			{"partitions", countOf(all, func(e element) bool { return e.class == "band" }), kinds[sim.CutMade]},
			{"sides", countOf(all, func(e element) bool { return e.class == "chip" }), 3},
			{"wall steps", countOf(all, func(e element) bool { return e.class == "stair" }), kinds[sim.WallStepped]},
			{"others", countOf(all, func(e element) bool { return e.class == "custom" }), kinds[sim.Custom]},
			{"timers", countOf(all, func(e element) bool { return e.class == "hookhead" }), kinds[sim.Timeout]},
			{"messages", countOf(all, func(e element) bool { return e.class == "message" }), kinds[sim.Deliver] + kinds[sim.Drop] + tr.Stats().InFlight},
		}
		for _, c := range counts {
			if c.got != c.want || c.want == 0 {
				t.Errorf("mapping %v: %d %s are drawn, want %d", m, c.got, c.what, c.want)
			}
		}
	}
}

// TestSVGLabelsDoNotOverlap compares all horizontal labels in pairs.
func TestSVGLabelsDoNotOverlap(t *testing.T) {
	for m := TrueTime; m <= WallClock; m++ {
		for _, width := range []int{0, 500} {
			all := parseSVG(t, draw(t, everythingTrace(t), "svg", Options{Mapping: m, Width: width}))
			var labels []element
			for _, e := range all {
				if e.name == "text" && strings.Contains(e.class, "halo") && e.attr["transform"] == "" {
					labels = append(labels, e)
				}
			}
			if len(labels) < 10 {
				t.Fatalf("mapping %v, width %d: only %d labels", m, width, len(labels))
			}
			for i, a := range labels {
				for _, b := range labels[:i] {
					apart := a.number("x")+widthOf(a.text, 10) <= b.number("x") || b.number("x")+widthOf(b.text, 10) <= a.number("x") ||
						math.Abs(a.number("y")-b.number("y")) >= 10
					if !apart {
						t.Errorf("mapping %v, width %d: %q overlaps %q", m, width, a.text, b.text)
					}
				}
			}
		}
	}
}

func TestSVGIsAccessible(t *testing.T) {
	tr := everythingTrace(t)
	tr.Header.Title = `<script>alert("x")</script> & co`
	all := parseSVG(t, draw(t, tr, "svg", Options{}))
	if all[0].attr["role"] != "img" || all[0].attr["aria-labelledby"] != "lightcone-title lightcone-desc" {
		t.Errorf("the picture is %v, want an img labelled by its title and description", all[0].attr)
	}
	if all[1].name != "title" || all[1].text != tr.Header.Title {
		t.Errorf("title %q, want %q", all[1].text, tr.Header.Title)
	}
	if d := all[2]; d.name != "desc" || !strings.Contains(d.text, "Space-time diagram of 4 nodes from 0s to 300ms") || !strings.Contains(d.text, "1 crashed; 1 partition") {
		t.Errorf("description %q", d.text)
	}
	if countOf(all, func(e element) bool { return e.name == "script" }) > 0 {
		t.Error("a title became a script")
	}
}

// TestMarks points out a duplicate.
func TestMarks(t *testing.T) {
	tr := everythingTrace(t)
	i := slices.IndexFunc(tr.Events, func(e Event) bool { return e.Kind == sim.Deliver && e.Copy == 1 })
	o := Options{Marks: []Mark{{Events: []uint64{tr.Events[i].Link, tr.Events[i].ID}, Caption: "this one came twice"}}}
	all := parseSVG(t, draw(t, tr, "svg", o))
	rings, glows := countOf(all, func(e element) bool { return e.class == "ring" }), countOf(all, func(e element) bool { return e.class == "glow" })
	if rings != 2 || glows != 1 {
		t.Errorf("%d events and %d arrows are marked, want 2 and 1", rings, glows)
	}
	if countOf(all, func(e element) bool { return e.text == "this one came twice" }) != 1 {
		t.Error("the caption is not drawn once")
	}
	for _, format := range []string{"text", "transcript"} {
		if s := draw(t, tr, format, o); strings.Count(s, " [1]") != 2 || !strings.Contains(s, "[1] this one came twice\n") {
			t.Errorf("%s: the mark is not at two events and at its caption", format)
		}
	}
	before := o
	before.To = tr.Events[i].Time / 4
	for _, format := range []string{"text", "transcript", "svg"} {
		if s := draw(t, tr, format, before); strings.Contains(s, "this one came twice") {
			t.Errorf("%s: the caption of a mark that is not in the window is written", format)
		}
	}
}

// TestAxisKeepsOrder checks that in each mapping but by wall clocks, which step, the events of a lane stand in their
// order, inside the picture, and with Rank a step apart.
func TestAxisKeepsOrder(t *testing.T) {
	traces := []*Trace{everythingTrace(t), randomTrace(1, 5, 300), tell("n0 init"), {Header: Header{Nodes: 1, End: sim.Never - 1}}}
	for _, tr := range traces {
		for m := TrueTime; m <= OwnClock; m++ {
			l := newLayout(tr, Options{Mapping: m}, 1000)
			last := make([]float64, tr.Header.Nodes)
			for i := range tr.Events {
				x := l.axis.at(i)
				if x < 0 || x > 1 || math.IsNaN(x) {
					t.Fatalf("mapping %v: event %d is at %v, want 0 to 1", m, i, x)
				}
				if n := tr.Events[i].Node; n != sim.Nobody {
					if x < last[n] {
						t.Fatalf("mapping %v: event %d is at %v, before the one before it on %v at %v", m, i, x, n, last[n])
					}
					last[n] = x
				}
			}
			if n := len(l.axis.ticks(10)); n > 30 {
				t.Errorf("mapping %v: %d ticks, want about 10", m, n)
			}
		}
		l := newLayout(tr, Options{Mapping: Rank}, 1000)
		for i := 1; i < len(l.axis.moments); i++ {
			if step := l.axis.moments[i].x - l.axis.moments[i-1].x; math.Abs(step-1/float64(len(l.axis.moments))) > 1e-12 {
				t.Fatalf("step %d is %v", i, step)
			}
		}
	}
}

// TestAsNode checks that the view of a node is the past of its last event in the window, by the definition.
func TestAsNode(t *testing.T) {
	tr := randomTrace(2, 4, 300)
	before := closure(tr)
	for id := range sim.NodeID(4) {
		o := Options{View: AsNode, As: id, To: tr.Header.End / 2}
		last := -1
		for i, e := range tr.Events {
			if e.Node == id && e.Time <= o.To {
				last = i
			}
		}
		s := choose(tr, o, 1000)
		for i := range tr.Events {
			if want := last >= 0 && (i == last || before[last][i]); s.shown[i] != want {
				t.Fatalf("as %v: event %d is shown: %v, want %v", id, i, s.shown[i], want)
			}
		}
	}
}

func TestLimitIsSaid(t *testing.T) {
	tr := everythingTrace(t)
	o := Options{MaxEvents: 50, From: milli(20)}
	for _, format := range []string{"text", "transcript", "svg"} {
		if s := draw(t, tr, format, o); !strings.Contains(s, " events later in the window are not drawn.") {
			t.Errorf("%s does not say that events are left out", format)
		}
	}
	s := choose(tr, o, 1000)
	in := 0
	for _, e := range tr.Events {
		if e.Time >= o.From {
			in++
		}
	}
	if s.count != 50 || s.count+s.beyond != in {
		t.Errorf("%d are drawn and %d are not, want 50 and %d in all", s.count, s.beyond, in)
	}
}

// TestCollapse: heartbeats fold into the first of them, but not over a fault.
func TestCollapse(t *testing.T) {
	c := sim.Config{Nodes: 2, New: func(id sim.NodeID) sim.Process { return heart{} }, Until: milli(205),
		Faults: []sim.Fault{sim.Schedule{{Time: milli(95), Action: sim.StepWall{Node: 1, By: 5}}}}}
	tr := record(t, c, Keep{}, Header{})
	s := choose(tr, Options{Collapse: true}, 1000)
	var like []int
	for i := range tr.Events {
		if s.shown[i] && tr.Events[i].Kind == sim.Send {
			like = append(like, s.like[i])
		}
	}
	// 20 heartbeats, at 10 ms, 20 ms, ..., 200 ms; the step of the clock falls between the ninth and the tenth.
	if !slices.Equal(like, []int{8, 10}) {
		t.Errorf("messages that stand for so many more: %v, want 8 and 10", like)
	}
	text := draw(t, tr, "text", Options{Collapse: true})
	if !strings.Contains(text, "(and 8 like it until 90ms)") || !strings.Contains(text, "(and 10 like it until 200ms)") {
		t.Errorf("the counts are not in\n%s", text)
	}
}

type heart struct{}

func (heart) Init(env *sim.Env) {
	if env.ID() == 0 {
		env.After(10_000_000, "beat")
	}
}
func (heart) Receive(*sim.Env, sim.NodeID, sim.Message) {}
func (heart) Timeout(env *sim.Env, tag any) {
	env.Send(1, "beat")
	env.After(10_000_000, tag)
}

// TestPicturesAreDeterministic draws two runs of one seed.
func TestPicturesAreDeterministic(t *testing.T) {
	for _, format := range []string{"text", "transcript", "svg", "jsonl", "shiviz", "perfetto"} {
		a, b := draw(t, everythingTrace(t), format, Options{Collapse: true}), draw(t, everythingTrace(t), format, Options{Collapse: true})
		if a != b || !utf8.ValidString(a) {
			t.Errorf("%s: two runs of one seed are drawn differently, or not in UTF-8", format)
		}
	}
}

// TestWindowCutsMessages: a message sent 4 ms before the window and received 4 ms after its beginning enters it half
// way.
func TestWindowCutsMessages(t *testing.T) {
	tr := tell("n0 send n1\nn0 note\nn0 note\nn0 note\nn0 note\nn0 note\nn0 note\nn0 note\nn1 deliver n0")
	l := newLayout(tr, Options{From: milli(4)}, 100)
	if len(l.arrows) != 1 || l.arrows[0].start != 0.5 || l.arrows[0].x0 != 0 || l.arrows[0].x1 != 1 {
		t.Errorf("got %+v, want one arrow from 0.5 of the way at 0 to its end at 1", l.arrows)
	}
}
