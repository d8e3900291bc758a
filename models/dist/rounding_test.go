package dist_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
	"testing"
)

// TestProductsAreRounded reads the source of this package: a product of floats may only stand in float64(...), in
// another product, in a quotient or in a comparison. Anywhere else (a sum, an assignment, an argument or a result, all
// of which may end up in a sum) a compiler could fuse it.
func TestProductsAreRounded(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	var sources []*ast.File
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := parser.ParseFile(fset, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, source)
	}
	checked := 0
	for _, p := range products(fset, sources) {
		checked++
		if !p.rounded {
			t.Errorf("%v: product is not rounded, want float64(x*y)", fset.Position(p.at))
		}
	}
	if checked < 100 {
		t.Errorf("%d products seen, want more than 100: the test is blind", checked)
	}
}

func TestUnroundedProductsAreSeen(t *testing.T) {
	const header = "package p\nfunc f(x, y, z float64, i, j int) float64 { "
	for source, want := range map[string]bool{
		"return float64(x*y) + z": true,
		"return x*y/z":            true,
		"return float64(x * y)":   true,
		"z += float64(i*j + 1)":   true,
		"if x*y > z {}":           true,
		"return x*y + z":          false,
		"return (x*y) - z":        false,
		"return x * y":            false,
		"v := x * y; z += v":      false,
		"z += x*y":                false,
		"x *= y":                  false,
		"return f(x*y, 0, 0, 1)":  false,
		"return -(x*y) + z":       false,
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", header+source+"; return 0 }", 0)
		if err != nil {
			t.Fatal(err)
		}
		ok := true
		for _, p := range products(fset, []*ast.File{file}) {
			ok = ok && p.rounded
		}
		if ok != want {
			t.Errorf("%q: rounded is %v, want %v", source, ok, want)
		}
	}
}

type product struct {
	at      token.Pos
	rounded bool
}

// products finds the products of which not both factors are whole or known to the compiler. Imported packages are not
// looked into: what comes from them counts as a float.
func products(fset *token.FileSet, files []*ast.File) (found []product) {
	info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: blind{}, Error: func(error) {}}
	config.Check("p", fset, files, &info)
	harmless := func(e ast.Expr) bool {
		v := info.Types[e]
		basic, ok := v.Type.(*types.Basic)
		return v.Value != nil || ok && basic.Info()&types.IsInteger != 0
	}
	for _, file := range files {
		var parents []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				parents = parents[:len(parents)-1]
				return true
			}
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.MUL && !harmless(n) {
					found = append(found, product{n.Pos(), isRounded(parents)})
				}
			case *ast.AssignStmt:
				if n.Tok == token.MUL_ASSIGN && !harmless(n.Lhs[0]) {
					found = append(found, product{n.Pos(), false})
				}
			}
			parents = append(parents, n)
			return true
		})
	}
	return found
}

// isRounded reports whether a product with these parents, outermost first, is rounded before it is added to anything.
func isRounded(parents []ast.Node) bool {
	for i := len(parents) - 1; i >= 0; i-- {
		switch n := parents[i].(type) {
		case *ast.ParenExpr, *ast.UnaryExpr:
			continue
		case *ast.BinaryExpr:
			return n.Op != token.ADD && n.Op != token.SUB
		case *ast.CallExpr:
			name, ok := n.Fun.(*ast.Ident)
			return ok && name.Name == "float64"
		}
		return false
	}
	return false
}

// blind imports every package as an empty one.
type blind struct{}

func (blind) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path[strings.LastIndex(path, "/")+1:])
	p.MarkComplete()
	return p, nil
}
