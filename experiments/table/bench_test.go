package table

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// large is a sweep of 20,000 runs: 20 points, 10 measures.
func large() *Table {
	r := rand.New(rand.NewPCG(1, 1))
	t := &Table{Factors: []Factor{{Name: "network.loss", Numeric: true}}}
	for m := range 10 {
		t.Measures = append(t.Measures, Measure{fmt.Sprint("measure ", m), "ms"})
	}
	for p := range 20 {
		x := float64(p) / 100
		t.Factors[0].Levels = append(t.Factors[0].Levels, Level{formatFloat(x), x})
		t.Points = append(t.Points, []int{p})
		for s := range uint64(1000) {
			t.Rows = append(t.Rows, Row{Point: p, Seed: s, Verdict: "pass", Digest: "0123456789abcdef", Events: s, VirtualTime: r.Float64(), Values: normals(r, 10)})
		}
	}
	return t
}

func BenchmarkTable(b *testing.B) {
	t := large()
	var file bytes.Buffer
	require.NoError(b, t.WriteCSV(&file))
	for name, f := range map[string]func(){
		"write csv":     func() { require.NoError(b, t.WriteCSV(io.Discard)) },
		"write parquet": func() { require.NoError(b, t.WriteParquet(io.Discard)) },
		"summary":       func() { t.Summary() },
		"read csv": func() {
			_, err := ReadCSV("runs.csv", bytes.NewReader(file.Bytes()))
			require.NoError(b, err)
		},
		"compare": func() {
			_, err := Compare(t, t)
			require.NoError(b, err)
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(t.Rows)), "ns/run")
		})
	}
}
