//go:build browser

package report_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"lightcone/experiments"
)

// TestBrowserRaftWAN opens the report of a real run: a Raft in five regions, with its figure and its space-time diagram.
func TestBrowserRaftWAN(t *testing.T) {
	s, study, err := experiments.Open("raft-wan")
	require.NoError(t, err)
	plan, err := s.Plan(7)
	require.NoError(t, err)
	o, err := plan.Execute(experiments.Execution{Study: study, Record: true})
	require.NoError(t, err)
	files, err := o.ResultFiles()
	require.NoError(t, err)
	var page []byte
	pictures := 0
	for _, f := range files {
		if f.Name == "report.html" {
			page = f.Data
		}
		if strings.HasSuffix(f.Name, ".svg") {
			pictures++
		}
	}
	p := openPage(t, openBrowser(t), page)
	boxes := ask[[][2]float64](p, `[...document.querySelectorAll('figure svg')].map(s => { const b = s.getBoundingClientRect(); return [b.width, b.height] })`)
	require.Len(t, boxes, pictures)
	require.GreaterOrEqual(t, pictures, 2)
	for i, b := range boxes {
		require.Greater(t, b[0], 300.0, "figure %d", i)
		require.Greater(t, b[1], 200.0, "figure %d", i)
	}
	require.Equal(t, []string{}, ask[[]string](p, `[...document.querySelectorAll('figure svg')].map(s => s.querySelector('desc').textContent).filter(d => d.length < 40)`), "each says what is to be seen")
	text := ask[string](p, `document.body.innerText`)
	for _, want := range []string{"What do clients in five regions see of a Raft", "linearizable", "commit latency", experiments.Hex(o.Result.Digest), "lightcone replay repro.json", "protocol: raft"} {
		require.Contains(t, text, want)
	}

	p.do(chromedp.EmulateViewport(360, 740))
	require.Equal(t, []float64{360, 360}, ask[[]float64](p, `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`))
	const smallest = `(s => Math.min(...[...s.querySelectorAll('text')].map(e => parseFloat(getComputedStyle(e).fontSize))) * s.getBoundingClientRect().width / s.viewBox.baseVal.width)`
	for _, size := range ask[[]float64](p, `[...document.querySelectorAll('figure svg')].map(`+smallest+`)`) {
		require.Greater(t, size, 8.0, "words in a figure, in pixels: it scrolls, rather than to be made so small that nobody can read it")
	}
}
