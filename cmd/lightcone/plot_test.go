package main

import (
	"bytes"
	"image/png"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlot(t *testing.T) {
	inEmptyDir(t)
	sweptIn(t, "a", "--vary", "params.retry=50ms,400ms")
	code, out, errs := lightcone(t, "plot", "a", "--x", "loss", "--y", "pings per round", "--by", "retry")
	require.Equal(t, exitPass, code, errs)
	require.Empty(t, errs)
	require.Contains(t, out, "Mean pings per round against loss, by retry.")
	require.Contains(t, out, "12 runs a point, on the same seeds; bands: 95 % intervals (Student)")
	require.Contains(t, out, "\npings-per-round-loss-retry.svg\n")
	first, err := os.ReadFile("pings-per-round-loss-retry.svg")
	require.NoError(t, err)
	require.Contains(t, string(first), "retry = 400ms")

	code, _, errs = lightcone(t, "plot", "a", "--x", "loss", "--y", "pings per round", "--by", "retry", "--out", "again.svg")
	require.Equal(t, exitPass, code, errs)
	again, err := os.ReadFile("again.svg")
	require.NoError(t, err)
	require.Equal(t, string(first), string(again))

	code, out, errs = lightcone(t, "plot", "a", "--y", "pings per round", "--kind", "ccdf", "--where", "loss=0.2", "--by", "retry", "--title", "The tail", "-o", "tail.png")
	require.Equal(t, exitPass, code, errs)
	require.Contains(t, out, "The tail.")
	data, err := os.ReadFile("tail.png")
	require.NoError(t, err)
	_, err = png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
}

// Mistakes are named with what is nearest, and write nothing.
func TestPlotMistakes(t *testing.T) {
	inEmptyDir(t)
	sweptIn(t, "a", "--vary", "params.retry=50ms,400ms")
	code, _, errs := lightcone(t, "run", "small.yaml", "--out", "one")
	require.NotEqual(t, exitUsage, code, errs)
	before, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"a"}, []string{`y: measure is ""`, "pings per round"}},
		{[]string{"a", "--y", "pings per rond", "--x", "los"}, []string{"nearest is pings per round", "nearest is loss"}},
		{[]string{"a", "--y", "rounds"}, []string{"x is missing, want one of network.loss, params.retry"}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--kind", "hea"}, []string{`kind is "hea"`, "nearest is heat"}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--log", "both"}, []string{`log is "both", want none, x, y or xy`}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--log", "x"}, []string{"a level of network.loss is 0, want more than 0"}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--where", "retry"}, []string{`--where is "retry", want FACTOR=LEVEL`}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--where", "retry=60ms"}, []string{`level of params.retry is "60ms", want one of 50ms, 400ms`}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--out", "x.pdf"}, []string{"--out is x.pdf, want a file that ends in .svg or .png"}},
		{[]string{"a", "--y", "rounds", "--x", "loss", "--out", "a/x.svg"}, []string{"want a file outside of a"}},
		{[]string{"one", "--y", "rounds"}, []string{"one holds one run, want the results of a sweep"}},
		{[]string{"nowhere", "--y", "rounds"}, []string{"nowhere", "not there"}},
		{nil, []string{"plot has 0 arguments, want 1"}},
	} {
		code, _, errs := lightcone(t, append([]string{"plot"}, c.args...)...)
		require.Equal(t, exitUsage, code, "%q", c.args)
		for _, want := range c.want {
			require.Contains(t, errs, want, "%q", c.args)
		}
	}
	after, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Equal(t, len(before), len(after))
}
