package experiments

import (
	_ "github.com/expr-lang/expr"
	_ "github.com/jedib0t/go-pretty/v6/table"
	_ "github.com/parquet-go/parquet-go"
	_ "github.com/vbauerster/mpb/v8"
	_ "github.com/vbauerster/mpb/v8/decor"
	_ "golang.org/x/exp/constraints"
	_ "golang.org/x/exp/ebnf"
)
