package reliability

import (
	"fmt"
	"strconv"
	"strings"
)

// resolver turns expressions into blocks: it looks up names, makes copies, and puts parts into groups.
type resolver struct {
	*parser
	names  map[string]token // all that the text defines, and those of copies and common causes
	copies map[string]int   // how many copies of each have a name
	groups int              // of common causes, so far
	path   []string         // the names that are being looked up
	steps  int
	full   bool
}

// scope is where names are looked up: the text, or one copy of a piece of it.
type scope struct {
	above  *scope
	suffix bool // names get a suffix
	symbol map[string]*symbol
	byExpr map[*expr]*symbol
	groups map[*expr]*group
}

// symbol is a definition, or an item of a group, in its scope.
type symbol struct {
	name    string // empty: an item without a name
	expr    *expr
	scope   *scope
	state   state
	raw     []*node // before it is put into groups, once it is evaluated
	value   []*node // when state is found
	commons []*group
	domains []*group
	used    bool

	evaluated bool
}

type state uint8

const (
	fresh state = iota
	looking
	found
)

// group is one common or in, in its scope.
type group struct {
	expr    *expr
	scope   *scope
	members []*symbol
	shared  map[*node]*node // of common: what each part becomes, once that is known
}

func (p *parser) resolve(statements []*expr) (*Diagram, error) {
	r := &resolver{parser: p, names: map[string]token{}, copies: map[string]int{}}
	for _, e := range statements {
		r.nameAll(e)
	}
	top := newScope(nil, false)
	for _, e := range statements {
		r.define(top, e)
	}
	for _, e := range statements {
		r.place(top, e)
	}
	nodes, at := r.system(top, statements)
	for _, e := range statements { // what is not used can be wrong too
		r.eval(top, e)
	}
	if len(p.problems) == 0 && len(nodes) != 1 {
		p.wrong(at, fmt.Sprintf("%d blocks", len(nodes)), "one: say how many of them have to work, as in kofn(2, ...)")
	}
	if len(p.problems) > 0 {
		return nil, p.joined()
	}
	d := newDiagram(nodes[0])
	if d.err != nil {
		return nil, &ParseError{at.line, at.column, "a diagram that is too large", strings.TrimPrefix(d.err.Error(), "reliability: ")}
	}
	d.unused = top.unused(statements)
	return d, nil
}

func newScope(above *scope, suffix bool) *scope {
	return &scope{above, suffix, map[string]*symbol{}, map[*expr]*symbol{}, map[*expr]*group{}}
}

// walk visits e and the items in it, but nothing that is copied.
func (e *expr) walk(visit func(*expr)) {
	visit(e)
	if e.kind == exprCopies {
		return
	}
	if e.domain != nil {
		e.domain.walk(visit)
	}
	for _, k := range e.kids {
		k.walk(visit)
	}
}

// nameAll collects the names that the text defines, each once.
func (r *resolver) nameAll(e *expr) {
	e.walk(func(e *expr) {
		if name := e.name; name.text != "" {
			if first, twice := r.names[name.text]; twice {
				r.wrong(name, name.quoted(), fmt.Sprintf("a name of its own: line %d, column %d defines this one", first.line, first.column))
			}
			r.names[name.text] = name
		}
		if e.kind == exprCopies {
			r.nameAll(e.kids[0])
		}
	})
}

// define enters the names that e defines.
func (r *resolver) define(s *scope, e *expr) {
	e.walk(func(e *expr) {
		if e.name.text != "" {
			y := &symbol{name: e.name.text, expr: e, scope: s}
			s.symbol[y.name], s.byExpr[e] = y, y
		}
	})
}

func (s *scope) look(name string) *symbol {
	for ; s != nil; s = s.above {
		if y := s.symbol[name]; y != nil {
			return y
		}
	}
	return nil
}

// place puts the members of the groups in e into them.
func (r *resolver) place(s *scope, e *expr) {
	e.walk(func(e *expr) {
		if e.kind != exprGroup {
			return
		}
		g := &group{expr: e, scope: s}
		s.groups[e] = g
		for _, k := range e.kids {
			r.join(s, g, k)
		}
	})
}

// join makes an item of a group its member, or those of the group that the item is.
func (r *resolver) join(s *scope, g *group, e *expr) {
	y := s.byExpr[e]
	switch {
	case e.kind == exprGroup:
		for _, k := range e.kids {
			r.join(s, g, k)
		}
		return
	case e.kind == exprName && y == nil:
		if y = s.look(e.at.text); y == nil {
			return // reported when it is evaluated
		}
		if y.scope != s {
			r.wrong(e.at, e.at.quoted(), "an item that is copied as its group is: this one is shared by all copies")
			return
		}
		if y.expr.kind == exprGroup {
			r.join(s, g, y.expr)
			return
		}
	case y == nil:
		y = &symbol{expr: e, scope: s}
		s.byExpr[e] = y
	}
	g.members = append(g.members, y)
	if g.expr.domain != nil {
		y.domains = append(y.domains, g)
	} else {
		y.commons = append(y.commons, g)
		if len(y.commons) == 2 {
			r.wrong(e.at, e.at.quoted(), "an item of one common(...) only")
		}
	}
}

// system evaluates the statement that is the system.
func (r *resolver) system(top *scope, statements []*expr) ([]*node, token) {
	var system *expr
	for _, e := range statements {
		if e.name.text != "" || e.kind == exprGroup {
			continue
		}
		if system != nil {
			r.wrong(e.at, "a second statement that is no definition", fmt.Sprintf("one, which is the system: that of line %d", system.at.line))
			continue
		}
		system = e
	}
	for i := len(statements) - 1; i >= 0 && system == nil; i-- {
		if statements[i].name.text != "" {
			system = statements[i]
		}
	}
	if system == nil {
		r.wrong(r.tok(), r.tok().quoted(), "a system, such as series(0.99, 0.999)")
		return nil, r.tok()
	}
	if y := top.byExpr[system]; y != nil {
		y.used = true
	}
	return r.eval(top, system), system.at
}

// eval returns the blocks that e stands for: one, unless it is copies or a group; none if it is wrong.
func (r *resolver) eval(s *scope, e *expr) []*node {
	if y := s.byExpr[e]; y != nil {
		return r.find(y, e.at)
	}
	return r.evalRaw(s, e)
}

func (r *resolver) evalRaw(s *scope, e *expr) []*node {
	if r.steps++; r.steps > maxSteps {
		if !r.full {
			r.wrong(e.at, "a diagram of more blocks", fmt.Sprintf("at most %d", maxBlocks))
		}
		r.full = true
		return nil
	}
	switch e.kind {
	case exprPart:
		return []*node{{op: opPart, part: e.part}}
	case exprName:
		y := s.look(e.at.text)
		if y == nil {
			r.wrong(e.at, e.at.quoted(), r.unknown(e.at.text))
			return nil
		}
		y.used = true
		return r.find(y, e.at)
	case exprCopies:
		return r.copy(s, e)
	case exprGroup:
		return r.evalGroup(s, e)
	}
	return r.block(s, e)
}

func (r *resolver) unknown(name string) string {
	if _, elsewhere := r.names[name]; elsewhere {
		return "a name that is defined here: this one is defined where copies are made, for each copy"
	}
	return "the name of a part or block that is defined, or a value for it as in " + short(name) + "=0.999"
}

// find returns the blocks of a symbol.
func (r *resolver) find(y *symbol, at token) []*node {
	switch y.state {
	case found:
		return y.value
	case looking:
		from := len(r.path) - 1
		for from > 0 && r.path[from] != y.name {
			from--
		}
		cycle := append(append([]string(nil), r.path[from:]...), y.name)
		r.wrong(at, at.quoted(), "a diagram without cycles: "+short(strings.Join(cycle, " -> ")))
		return nil
	}
	if len(r.path) > maxDepth {
		r.wrong(at, at.quoted(), fmt.Sprintf("blocks nested at most %d deep", maxDepth))
		return nil
	}
	y.value = r.rawOf(y)
	y.state = looking
	r.path = append(r.path, y.name)
	for _, g := range y.commons {
		y.value = r.share(g, y.value)
	}
	for _, g := range y.domains {
		y.value = r.within(g, y.value)
	}
	r.path = r.path[:len(r.path)-1]
	y.state = found
	return y.value
}

// rawOf returns the blocks of a symbol before they are put into groups.
func (r *resolver) rawOf(y *symbol) []*node {
	if y.evaluated {
		return y.raw
	}
	y.state = looking
	r.path = append(r.path, y.name)
	y.raw = r.evalRaw(y.scope, y.expr)
	r.nameNodes(y)
	r.path = r.path[:len(r.path)-1]
	y.state, y.evaluated = fresh, true
	return y.raw
}

// nameNodes gives the blocks of a symbol its name.
func (r *resolver) nameNodes(y *symbol) {
	if y.name == "" || y.expr.kind == exprName || y.expr.kind == exprGroup {
		return
	}
	for _, n := range y.raw {
		if n.name != "" {
			continue
		}
		n.name = y.name
		if len(y.raw) > 1 || y.scope.suffix {
			n.name = r.copyName(y.name)
		}
		n.part.Name = n.name
	}
}

// copyName returns the name of the next copy.
func (r *resolver) copyName(name string) string {
	for {
		r.copies[name]++
		next := name + "." + strconv.Itoa(r.copies[name])
		if _, taken := r.names[next]; !taken {
			r.names[next] = token{}
			return next
		}
	}
}

// copy evaluates an item again and again, each time in a scope of its own.
func (r *resolver) copy(s *scope, e *expr) []*node {
	item := e.kids[0]
	var domains []*group
	if item.kind == exprName && item.name.text == "" {
		y := s.look(item.at.text)
		if y == nil {
			r.wrong(item.at, item.at.quoted(), r.unknown(item.at.text))
			return nil
		}
		y.used = true
		if y.state == looking {
			return r.find(y, item.at)
		}
		if len(y.commons) > 0 {
			r.wrong(item.at, item.at.quoted(), "a part without common causes: its copies would not share them; put the copies into the group")
			return nil
		}
		s, item, domains = y.scope, y.expr, y.domains
		r.path = append(r.path, y.name)
		defer func(old state) { y.state, r.path = old, r.path[:len(r.path)-1] }(y.state)
		y.state = looking
	}
	var list []*node
	for range e.count {
		inner := newScope(s, true)
		r.define(inner, item)
		r.place(inner, item)
		before := len(r.problems)
		made := r.eval(inner, item)
		for _, g := range domains {
			made = r.within(g, made)
		}
		list = append(list, made...)
		if len(r.problems) > before || r.full {
			return nil // the other copies have the same problems
		}
	}
	return list
}

// block evaluates series(...) and the like.
func (r *resolver) block(s *scope, e *expr) []*node {
	n := &node{op: e.op, need: e.count, graph: e.graph, rows: e.count}
	for i, k := range e.kids {
		blocks := r.eval(s, k)
		if r.steps += len(blocks); len(blocks) == 0 {
			n = nil
		}
		if n == nil {
			continue
		}
		if e.graph != nil && len(blocks) != 1 {
			r.wrong(k.at, fmt.Sprintf("%d blocks", len(blocks)), "one for a link")
		}
		n.kids = append(n.kids, blocks...)
		for range blocks {
			if e.op == opVote {
				n.weights = append(n.weights, e.weights[i])
			}
		}
	}
	if n == nil || !r.fits(e, n) {
		return nil
	}
	return []*node{n}
}

// fits checks the numbers of a block against its items, and sets those that follow from them.
func (r *resolver) fits(e *expr, n *node) bool {
	wrong := func(t token, want string, args ...any) bool {
		r.wrong(t, t.quoted(), fmt.Sprintf(want, args...))
		return false
	}
	items := len(n.kids)
	switch {
	case items == 0:
		return wrong(e.at, "at least one block in it")
	case e.half:
		n.need = items/2 + 1
	case e.op == opKofN && (n.need < 1 || n.need > items):
		return wrong(e.given, "1 to %d, the number of blocks", items)
	case e.op == opGrid && (e.count < 1 || e.cols < 1 || e.cols > items || e.count*e.cols != items):
		r.wrong(e.given, fmt.Sprintf("%d rows and %d columns", e.count, e.cols), fmt.Sprintf("a product of %d, the number of blocks", items))
		return false
	case e.op == opVote:
		total := 0
		for _, w := range n.weights {
			total += w
		}
		if n.need < 1 || n.need > total {
			return wrong(e.given, "1 to %d, the sum of the weights", total)
		}
	case e.op == opNetwork && e.graph == nil:
		if items != 5 {
			r.wrong(e.at, fmt.Sprintf("a bridge of %d blocks", items), "5")
			return false
		}
		n.graph = bridgeGraph()
	case e.graph != nil && e.graph.from == e.graph.to:
		return wrong(e.given, "another vertex than the one it is from")
	case e.graph != nil && e.graph.strange() != "":
		r.wrong(e.given, fmt.Sprintf("no link at %q", e.graph.strange()), "links at both ends")
		return false
	}
	return true
}

// unused returns the names among the statements that the system does without.
func (s *scope) unused(statements []*expr) []string {
	var list []string
	for _, e := range statements {
		if y := s.byExpr[e]; y != nil && y.name != "" && !y.used {
			list = append(list, y.name)
		}
	}
	return list
}
