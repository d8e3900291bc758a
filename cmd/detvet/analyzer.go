package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzer reports constructs that break determinism.
var Analyzer = &analysis.Analyzer{
	Name: "determinism",
	Doc:  "report constructs that make two runs of one seed differ",
	Run:  run,
}

// bannedImports are packages that simulated code has no use for, with the reason.
var bannedImports = map[string]string{
	"sync":         "a world is single-threaded",
	"sync/atomic":  "a world is single-threaded",
	"math/rand":    "draw from sim.Rand",
	"math/rand/v2": "draw from sim.Rand",
	"crypto/rand":  "draw from sim.Rand",
	"context":      "a world is single-threaded, and its time is its own",
	"hash/maphash": "its seed differs from run to run",
	"math/cmplx":   "its last bit differs between platforms",
	"net":          "a run depends on its scenario and seed alone",
	"os":           "a run depends on its scenario and seed alone",
	"os/exec":      "a run depends on its scenario and seed alone",
	"runtime":      "a run depends on its scenario and seed alone",
	"syscall":      "a run depends on its scenario and seed alone",
	"unsafe":       "addresses differ from run to run",
}

// bannedTime are the functions of package time that read or wait for the wall clock.
var bannedTime = set("Now Since Until Sleep After AfterFunc Tick NewTimer NewTicker")

// exactMath are the functions of package math that give the same bits on every platform.
var exactMath = set(`Abs Ceil Copysign FMA Float32bits Float32frombits Float64bits Float64frombits Floor Frexp Inf IsInf
	IsNaN Ldexp Max Min Mod Modf NaN Nextafter Round RoundToEven Signbit Sqrt Trunc`)

// unordered are the functions of package maps that go through a map in its order.
var unordered = set("All Keys Values")

// unstable are sorts that leave equal elements in any order.
var unstable = map[string]map[string]bool{
	"sort":   set("Slice Sort"),
	"slices": set("SortFunc"),
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

type checker struct {
	*analysis.Pass
	excused map[string]map[int]bool // file, line
}

func run(pass *analysis.Pass) (any, error) {
	c := &checker{pass, map[string]map[int]bool{}}
	for _, f := range pass.Files {
		if strings.HasSuffix(pass.Fset.Position(f.Pos()).Filename, "_test.go") {
			continue
		}
		c.excuses(f)
		c.imports(f)
		var path []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				path = path[:len(path)-1]
				return true
			}
			c.node(n, path)
			path = append(path, n)
			return true
		})
	}
	return nil, nil
}

// excuses notes the lines that a //det:ok comment covers: its own and the next.
func (c *checker) excuses(f *ast.File) {
	for _, g := range f.Comments {
		for _, m := range g.List {
			if strings.HasPrefix(m.Text, "//det:ok ") {
				p := c.Fset.Position(m.Pos())
				if c.excused[p.Filename] == nil {
					c.excused[p.Filename] = map[int]bool{}
				}
				c.excused[p.Filename][p.Line], c.excused[p.Filename][p.Line+1] = true, true
			}
		}
	}
}

func (c *checker) report(at token.Pos, what, instead string) {
	p := c.Fset.Position(at)
	if !c.excused[p.Filename][p.Line] {
		c.Reportf(at, "%s: %s", what, instead)
	}
}

func (c *checker) imports(f *ast.File) {
	for _, i := range f.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		if why, ok := bannedImports[path]; ok {
			c.report(i.Pos(), "import of "+path, why)
		}
	}
}

func (c *checker) node(n ast.Node, parents []ast.Node) {
	switch n := n.(type) {
	case *ast.GoStmt:
		c.report(n.Pos(), "go statement", "a world is single-threaded")
	case *ast.SelectStmt:
		c.report(n.Pos(), "select statement", "a world is single-threaded")
	case *ast.ChanType:
		c.report(n.Pos(), "channel", "a world is single-threaded")
	case *ast.RangeStmt:
		if isMap(c.TypesInfo.TypeOf(n.X)) {
			c.report(n.Pos(), "range over a map", "its order differs from run to run: sort the keys, or say //det:ok and why")
		}
	case *ast.SelectorExpr:
		c.function(n, parents)
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (f.Name == "delete" || f.Name == "clear") {
			c.state(n.Args[0])
		}
	case *ast.BasicLit:
		if n.Kind == token.STRING && strings.Contains(n.Value, "%p") {
			c.report(n.Pos(), "%p", "addresses differ from run to run")
		}
	case *ast.BinaryExpr:
		c.product(n, parents)
	case *ast.AssignStmt:
		c.assign(n)
	case *ast.IncDecStmt:
		c.state(n.X)
	}
}

func (c *checker) under(x ast.Expr) types.Type {
	if t := c.TypesInfo.TypeOf(x); t != nil {
		return t.Underlying()
	}
	return nil
}

// isMap reports whether values of a type are maps; of a type parameter, whether they may be.
func isMap(t types.Type) bool {
	p, ok := t.(*types.TypeParam)
	if !ok {
		_, ok := t.Underlying().(*types.Map)
		return ok
	}
	constraint := p.Constraint().Underlying().(*types.Interface)
	for i := range constraint.NumEmbeddeds() {
		union, ok := constraint.EmbeddedType(i).(*types.Union)
		for k := 0; ok && k < union.Len(); k++ {
			if isMap(union.Term(k).Type()) {
				return true
			}
		}
	}
	return false
}

// function reports the mention of a function of the standard library that no simulated code may call, called or not.
func (c *checker) function(n *ast.SelectorExpr, parents []ast.Node) {
	fn, ok := c.TypesInfo.Uses[n.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil {
		return
	}
	path, name := fn.Pkg().Path(), fn.Name()
	switch {
	case path == "time" && bannedTime[name]:
		c.report(n.Pos(), "time."+name, "simulated code reads its time from Env")
	case path == "math" && !exactMath[name]:
		c.report(n.Pos(), "math."+name, "its last bit differs between platforms: use the function of models/dist")
	case path == "maps" && unordered[name] && !c.sorted(parents):
		c.report(n.Pos(), "maps."+name, "its order differs from run to run: use slices.Sorted(maps.Keys(m)), or say //det:ok and why")
	case unstable[path][name]:
		c.report(n.Pos(), path+"."+name, "it leaves ties in any order: sort stably, or say //det:ok and why there are none")
	case path == "reflect" && name == "Select":
		c.report(n.Pos(), "reflect.Select", "a world is single-threaded")
	}
}

// sorted reports whether a function is called, and what it returns handed straight to slices.Sorted.
func (c *checker) sorted(parents []ast.Node) bool {
	if len(parents) < 2 {
		return false
	}
	outer, ok := parents[len(parents)-2].(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := outer.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := c.TypesInfo.Uses[sel.Sel].(*types.Func)
	return ok && fn.FullName() == "slices.Sorted"
}

// product reports a floating-point product whose rounding is left open: the compiler may fuse it with a sum that it
// reaches, also by way of a variable or of an inlined function, and round once. An explicit conversion rounds. So
// does what cannot be a sum: another product, a quotient, a comparison, a conversion to another type.
func (c *checker) product(m *ast.BinaryExpr, parents []ast.Node) {
	if m.Op != token.MUL || c.TypesInfo.Types[m].Value != nil || !c.float(m) {
		return
	}
	for i := len(parents) - 1; i >= 0; i-- {
		switch p := parents[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.CallExpr:
			if c.TypesInfo.Types[p.Fun].IsType() {
				return
			}
		case *ast.BinaryExpr:
			if p.Op != token.ADD && p.Op != token.SUB {
				return
			}
		}
		break
	}
	c.report(m.Pos(), "x*y of floats", "some platforms fuse it with a later sum: write float64(x*y)")
}

func (c *checker) float(x ast.Expr) bool {
	b, ok := c.under(x).(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

func (c *checker) assign(n *ast.AssignStmt) {
	if n.Tok == token.MUL_ASSIGN && c.float(n.Lhs[0]) {
		c.report(n.Pos(), "x *= y of floats", "some platforms fuse it with a later sum: write x = float64(x*y)")
	}
	if n.Tok == token.DEFINE {
		return
	}
	for _, x := range n.Lhs {
		c.state(x)
	}
}

// state reports a change of a package-level variable, or of something in it.
func (c *checker) state(x ast.Expr) {
	at := x.Pos()
	for {
		switch y := x.(type) {
		case *ast.ParenExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.SelectorExpr:
			if v, ok := c.TypesInfo.Uses[y.Sel].(*types.Var); ok && !v.IsField() {
				x = y.Sel
			} else {
				x = y.X
			}
		case *ast.Ident:
			if v, ok := c.TypesInfo.Uses[y].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				c.report(at, "change of package-level "+v.Name(), "worlds would share it")
			}
			return
		default:
			return
		}
	}
}
