package trace

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"lightcone/sim"
)

// textLimit is how many events a text diagram draws by default.
const textLimit = 2000

// writeText writes a space-time diagram in characters: time goes down, a column a node, a row for each handler with its
// effects, and for each copy that is lost. The time of a row is true time, or in the mappings by clocks what the row's
// node's clock shows. Mappings by true time and by gaps leave rows free where nothing happens for long.
func writeText(w io.Writer, t *Trace, o Options) error {
	l := newLayout(t, o, textLimit)
	d := &textDiagram{layout: l, out: bufio.NewWriter(w), states: make([]textState, len(l.lanes))}
	d.column = d.columnWidth()
	d.draw()
	return d.out.Flush()
}

// textDiagram is a text diagram being written.
type textDiagram struct {
	*layout
	out    *bufio.Writer
	column int // characters a lane
	times  int // characters of the time column
	states []textState
	cuts   int // partitions in force
	used   []string
}

// textState is the state of a node at a row.
type textState struct {
	down, paused bool
	role         rune
}

func (s textState) sign() rune {
	switch {
	case s.down:
		return laneDown
	case s.paused:
		return lanePaused
	case s.role != 0:
		return laneRole
	}
	return laneUp
}

// columnWidth is how many characters a lane takes: enough for its name, and for what messages say if the lanes are few.
func (d *textDiagram) columnWidth() int {
	const least, most, diagram = 14, 24, 60
	name, label := 0, 0
	for _, id := range d.lanes {
		name = max(name, utf8.RuneCountInString(d.sel.trace.Header.Lane(id)))
	}
	for i := range d.arrows {
		label = max(label, utf8.RuneCountInString(d.arrows[i].label))
	}
	room := diagram / max(len(d.lanes)-1, 1)
	return max(least, min(name+2, most), min(label+6, most, room))
}

func (d *textDiagram) draw() {
	t := d.sel.trace
	rows := d.rows()
	for _, r := range rows {
		d.times = max(d.times, utf8.RuneCountInString(d.stamp(r)))
	}
	fmt.Fprintf(d.out, "%s\nseed %d, %s, time by: %s\n\n", d.title, t.Header.Seed, count(uint64(t.Header.Nodes), "node"), d.axis.name())
	d.heading()
	before := -1
	for _, r := range rows {
		if before >= 0 {
			d.gap(d.axis.moments[before].time, d.axis.moments[r.moment].time)
		}
		d.row(r)
		before = r.moment
	}
	writeLegend(d.out, d.used)
	writeRemarks(d.out, d.sel, d.o, d.notes)
}

// textRow is a row: the events of one moment, or a copy that died at once.
type textRow struct {
	moment int
	events []int
}

// rows groups the shown events by moment.
func (d *textDiagram) rows() []textRow {
	byMoment := make([][]int, len(d.axis.moments))
	for _, i := range d.sel.events() {
		m := d.axis.moment[i]
		byMoment[m] = append(byMoment[m], i)
	}
	var rows []textRow
	for m, events := range byMoment {
		main := textRow{moment: m}
		var deaths []textRow
		for _, i := range events {
			if d.event(i).Kind == sim.Drop {
				deaths = append(deaths, textRow{m, []int{i}})
			} else {
				main.events = append(main.events, i)
			}
		}
		if len(main.events) > 0 {
			rows = append(rows, main)
		}
		rows = append(rows, deaths...)
	}
	return rows
}

func (d *textDiagram) stamp(r textRow) string {
	i := r.events[0]
	if d.event(i).Kind == sim.Drop {
		return d.axis.moments[r.moment].time.String()
	}
	return stamp(d.sel.trace, i, d.o.Mapping)
}

func (d *textDiagram) heading() {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", d.times+3))
	for _, id := range d.lanes {
		name := shorten(d.sel.trace.Header.Lane(id), d.column-1)
		b.WriteString(name + strings.Repeat(" ", d.column-utf8.RuneCountInString(name)))
	}
	fmt.Fprintln(d.out, strings.TrimRight(b.String(), " "))
}

// gap leaves rows free for a time in which nothing happens: one for each factor of 16 above a thousandth of the window,
// at most 3.
func (d *textDiagram) gap(from, to sim.Time) {
	if d.o.Mapping == Rank {
		return
	}
	least := max(int64(d.sel.to-d.sel.from)/1000, 1)
	n := min(int(log2(float64(to-from)/float64(least))/4), 3)
	for range n {
		line := d.blank()
		fmt.Fprintln(d.out, strings.TrimRight(strings.Repeat(" ", d.times+1)+string(line), " "))
	}
}

// blank is a row on which nothing happens: the margin and the lanes.
func (d *textDiagram) blank() []rune {
	line := []rune(strings.Repeat(" ", d.at(max(len(d.lanes), 1)-1)+2))
	if d.cuts > 0 {
		line[0] = signCut
	}
	for row := range d.lanes {
		line[d.at(row)] = d.states[row].sign()
	}
	return line
}

func (d *textDiagram) at(row int) int { return 2 + row*d.column }

func (d *textDiagram) row(r textRow) {
	for _, i := range r.events {
		d.change(d.event(i))
	}
	line := d.blank()
	for _, i := range r.events {
		d.sign(line, i)
	}
	for n := range d.arrows {
		if a := &d.arrows[n]; a.end >= 0 && a.end == r.events[0] {
			d.arrow(line, a)
		}
	}
	head := d.stamp(r)
	pad := strings.Repeat(" ", d.times-utf8.RuneCountInString(head))
	fmt.Fprintf(d.out, "%s%s %s %s\n", pad, head, string(line), d.words(r.events))
}

// change follows the states of nodes and partitions.
func (d *textDiagram) change(e *Event) {
	switch e.Kind {
	case sim.CutMade:
		d.cuts++
		return
	case sim.CutHealed:
		d.cuts = max(d.cuts-1, 0)
		return
	}
	if e.Node == sim.Nobody || d.layout.row[e.Node] < 0 {
		return
	}
	s := &d.states[d.layout.row[e.Node]]
	switch e.Kind {
	case sim.Crashed:
		*s = textState{down: true}
	case sim.Recovered:
		s.down = false
	case sim.Paused:
		s.paused = true
	case sim.Resumed:
		s.paused = false
	case sim.BadgeSet:
		s.role = 0
		for _, r := range letterOf(e.Role) {
			s.role = r
		}
	}
}

// words says what happens in a row. Events of one handler share their subject.
func (d *textDiagram) words(events []int) string {
	var parts []string
	var marks []int
	subject := ""
	for n := 0; n < len(events); n++ {
		i := events[n]
		e := d.event(i)
		marks = append(marks, d.sel.marked[i]...)
		text := d.sel.trace.Sentence(i)
		if e.Kind == sim.Send {
			var same []string
			for n+1 < len(events) && sameSend(e, d.event(events[n+1])) {
				n++
				same = append(same, d.event(events[n]).To.String())
				marks = append(marks, d.sel.marked[events[n]]...)
			}
			text = strings.Join(append([]string{text}, same...), " ")
		}
		text += d.sel.aside(i)
		if e.Node != sim.Nobody && e.Node.String()+" " == subject {
			text = strings.TrimPrefix(text, subject)
		} else if e.Node != sim.Nobody {
			subject = e.Node.String() + " "
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ") + markNumbers(marks)
}

func sameSend(a, b *Event) bool {
	return b.Kind == sim.Send && a.From == b.From && a.Value == b.Value && a.Value.Text != ""
}

func writeLegend(w *bufio.Writer, used []string) {
	if len(used) > 0 {
		fmt.Fprintf(w, "\n%s\n", strings.Join(used, "   "))
	}
}

// writeRemarks writes the captions of the marks that are drawn, and what was left out.
func writeRemarks(w *bufio.Writer, s *selection, o Options, remarks []string) {
	var lines []string
	for n, m := range o.Marks {
		if s.pointed(m) {
			lines = append(lines, fmt.Sprintf("[%d] %s", n+1, m.Caption))
		}
	}
	if lines = append(lines, remarks...); len(lines) > 0 {
		fmt.Fprintf(w, "\n%s\n", strings.Join(lines, "\n"))
	}
}
