package reliability

import (
	"strconv"
	"strings"
)

// String returns the diagram as Parse reads it, in one line: what Parse then returns has the same parts and prints the
// same. Copies, groups and domains are written out.
func (d *Diagram) String() string {
	if len(d.blocks) == 0 {
		return "series()"
	}
	f := &formatter{names: map[*node]string{}, done: map[*node]bool{}}
	f.nameAll(d)
	f.item(d.root)
	return f.text.String()
}

// formatter writes a diagram from left to right: a block that has a name is defined where it first stands.
type formatter struct {
	text  strings.Builder
	names map[*node]string // of those that need one
	done  map[*node]bool   // written already
}

// nameAll gives a name to every block that has one or stands at several places.
func (f *formatter) nameAll(d *Diagram) {
	uses := make([]int, len(d.blocks))
	for _, kids := range d.kids {
		for _, k := range kids {
			uses[k]++
		}
	}
	taken := map[string]bool{}
	for _, n := range d.blocks {
		taken[n.name] = true
	}
	for _, p := range d.parts {
		taken[p.Name] = true
	}
	part, next := 0, 0
	for i, n := range d.blocks {
		name := n.name
		if n.op == opPart {
			if uses[i] > 1 {
				name = d.parts[part].Name
			}
			part++
		} else if name == "" && uses[i] > 1 {
			for name == "" || taken[name] {
				next++
				name = "block" + strconv.Itoa(next)
			}
		}
		if name != "" {
			f.names[n] = name
		}
	}
}

// formatName writes a name, in quotes if it is not plain.
func formatName(name string) string {
	plain := name != "" && isLetter(name[0]) && kind(name) == nil && name != "part"
	for i := range len(name) {
		plain = plain && (isLetter(name[i]) || isDigit(name[i]) || name[i] == '.')
	}
	if plain {
		return name
	}
	return strconv.Quote(name)
}

func (f *formatter) write(s ...string) {
	for _, s := range s {
		f.text.WriteString(s)
	}
}

func (f *formatter) item(n *node) {
	name := f.names[n]
	if name != "" {
		f.write(formatName(name))
		if f.done[n] {
			return
		}
		f.done[n] = true
	}
	if n.op == opPart {
		f.part(n.part, name)
		return
	}
	if name != "" {
		f.write("=")
	}
	f.block(n)
}

// part writes a part after its name.
func (f *formatter) part(p Part, name string) {
	text, short := formatAvailability(p.Q)
	switch {
	case p.MTTF == 0 && short:
		if name != "" {
			f.write("=")
		}
		f.write(text)
		return
	case name == "":
		f.write("part")
	}
	if p.MTTF > 0 {
		f.write("(mttf=", formatHours(p.MTTF), ", mttr=", formatHours(p.MTTR), ")")
		return
	}
	f.write("(u=", strconv.FormatFloat(p.Q, 'g', -1, 64), ")")
}

func (f *formatter) block(n *node) {
	kind := [...]string{opSeries: "series", opParallel: "parallel", opKofN: "kofn", opVote: "vote", opGrid: "grid", opNetwork: "network", opSeparated: "separated"}[n.op]
	f.write(kind, "(")
	comma := ""
	sep := func() {
		f.write(comma)
		comma = ", "
	}
	number := func(i int) {
		sep()
		f.write(strconv.Itoa(i))
	}
	switch n.op {
	case opKofN, opVote:
		number(n.need)
	case opGrid:
		number(n.rows)
		number(len(n.kids) / max(n.rows, 1))
	case opNetwork, opSeparated:
		sep()
		f.write(formatVertex(n.graph.vertices[n.graph.from]))
		sep()
		f.write(formatVertex(n.graph.vertices[n.graph.to]))
	}
	for i, k := range n.kids {
		sep()
		switch n.op {
		case opVote:
			f.write(strconv.Itoa(n.weights[i]), ": ")
		case opNetwork, opSeparated:
			f.write(n.graph.format(i), ": ")
		}
		f.item(k)
	}
	f.write(")")
}

// format writes link i.
func (g *graph) format(i int) string {
	l := g.links[i]
	text := formatVertex(g.vertices[l.a])
	switch {
	case l.a == l.b:
		return text
	case l.oneWay:
		text += "->"
	default:
		text += "-"
	}
	return text + formatVertex(g.vertices[l.b])
}

// formatVertex writes a vertex, whose name may be a whole number.
func formatVertex(name string) string {
	for i := range len(name) {
		if !isDigit(name[i]) {
			return formatName(name)
		}
	}
	if name == "" {
		return strconv.Quote(name)
	}
	return name
}
