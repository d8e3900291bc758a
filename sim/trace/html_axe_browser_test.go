//go:build browser

package trace

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestBrowserAxe has axe-core look for barriers: WCAG 2.2, levels A and AA. LIGHTCONE_AXE names its axe.min.js (npm
// install axe-core).
func TestBrowserAxe(t *testing.T) {
	file := os.Getenv("LIGHTCONE_AXE")
	if file == "" {
		t.Skip("LIGHTCONE_AXE is not set, want the path of axe.min.js of the npm package axe-core: make axe")
	}
	axe, err := os.ReadFile(file)
	require.NoError(t, err)
	p := openPage(t, openBrowser(t), everythingTrace(t), Options{}, "")
	p.tell("lightcone.select(20)")
	_, err = chromedp.Run(p.ctx, chromedp.Evaluate[any](string(axe)+";0"))
	require.NoError(t, err)
	const look = `(async () => {
		const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
		return found.passes.length + " passed\n" + found.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.html).join(" ")).join("\n");
	})()`
	report, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](look, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.Regexp(t, `^[1-9]\d* passed\n$`, report)

	// What it must find: a button without a name.
	p.tell(`document.body.append(document.createElement("button"))`)
	report, err = chromedp.Run(p.ctx, chromedp.Evaluate[string](look, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.Contains(t, report, "button-name")
}
