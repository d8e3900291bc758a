//go:build browser

package report_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"lightcone/experiments/report"
)

// openBrowser starts a browser for the test.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	require.NotEmpty(t, path, "no browser: install chromium (Debian: apt-get install chromium), or run without -tags browser")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx), "the browser does not start")
	return ctx
}

// tab is a page in the browser, and all that it asked for or complained of.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string

	mu         sync.Mutex
	requests   []string
	complaints []string
}

// openPage opens a page. When the test ends, it must have asked for nothing but itself and complained of nothing.
func openPage(t *testing.T, browser context.Context, page []byte) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, page, 0o644))
	tabContext, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(tabContext))
	ctx, cancel := context.WithTimeout(tabContext, time.Minute)
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx, url: "file://" + file}
	require.NoError(t, chromedp.Listen(tabContext, p.listen))
	t.Cleanup(p.checkQuiet)
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	require.NoError(t, err)
	p.do(chromedp.Navigate(p.url), chromedp.WaitReady(chromedp.CSS("main")))
	return p
}

func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *network.EventWebSocketCreated:
		p.requests = append(p.requests, e.URL)
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		p.complaints = append(p.complaints, e.Entry.Text)
	}
}

func (p *tab) checkQuiet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	require.NotEmpty(p.t, p.requests, "no request was seen, not even for the page: nothing was watched")
	for _, url := range p.requests {
		if !strings.HasPrefix(url, p.url) && !strings.HasPrefix(url, "data:") { // what is inside the page
			p.t.Errorf("the page asked for %s", url)
		}
	}
	for _, c := range p.complaints {
		p.t.Errorf("the page complained: %s", c)
	}
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, actions...))
}

// ask evaluates an expression in the page.
func ask[T any](p *tab, expression string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, options...))
	require.NoError(p.t, err, expression)
	return v
}

// media has the page think that its reader has set something.
func (p *tab) media(name, value string) {
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}})
	require.NoError(p.t, err)
}

func TestBrowser(t *testing.T) {
	browser := openBrowser(t)
	for name, test := range map[string]func(*testing.T, context.Context){
		"every figure is shown":        figuresShown,
		"at phone width":               phone,
		"in the dark":                  dark,
		"with colours of its own":      forcedColours,
		"by keyboard":                  keyboard,
		"hostile text and picture":     hostileStays,
		"styles stay in their picture": stylesApart,
	} {
		t.Run(name, func(t *testing.T) { test(t, browser) })
	}
}

// figuresShown wants each picture to have a box, and marks of its own inside it.
func figuresShown(t *testing.T, browser context.Context) {
	p := openPage(t, browser, report.PlainDocument().HTML())
	boxes := ask[[][3]float64](p, `[...document.querySelectorAll('figure svg')].map(s => {
		const b = s.getBoundingClientRect(), inside = [...s.querySelectorAll('rect,use,text')].filter(e => e.getBoundingClientRect().width > 0);
		return [b.width, b.height, inside.length]})`)
	require.Len(t, boxes, 3)
	for i, b := range boxes {
		require.Greater(t, b[0], 300.0, "figure %d", i)
		require.Greater(t, b[1], 100.0, "figure %d", i)
		require.Equal(t, 4.0, b[2], "figure %d: its rectangle, its dot and two texts", i)
	}
}

// phone wants the page to be no wider than a small phone, all words to be of a size that can be read, and what is wider
// than the page to scroll by itself.
func phone(t *testing.T, browser context.Context) {
	p := openPage(t, browser, report.PlainDocument().HTML())
	p.do(chromedp.EmulateViewport(360, 740))
	require.Equal(t, []float64{360, 360}, ask[[]float64](p, `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`))
	require.Equal(t, []string{}, ask[[]string](p, `[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .plate, .skip') && e.getBoundingClientRect().right > 360.5).map(e => e.outerHTML.slice(0, 80))`))
	require.Greater(t, ask[float64](p, `Math.min(...[...document.querySelectorAll('h1,h2,p,td,th,pre,figcaption,a')].map(e => parseFloat(getComputedStyle(e).fontSize)))`), 12.0)
	require.Equal(t, []bool{true, true, true}, ask[[]bool](p, `[...document.querySelectorAll('.scroll, .plate.wide')].map(e => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX === 'auto')`),
		"the table, the wide picture and the code")
}

// dark wants light words on a dark page, and pictures on the white for which they are drawn.
func dark(t *testing.T, browser context.Context) {
	p := openPage(t, browser, report.PlainDocument().HTML())
	p.media("prefers-color-scheme", "dark")
	require.Equal(t, "rgb(20, 23, 26)", ask[string](p, `getComputedStyle(document.body).backgroundColor`))
	require.Equal(t, "rgb(230, 232, 234)", ask[string](p, `getComputedStyle(document.body).color`))
	require.Equal(t, "rgb(255, 255, 255)", ask[string](p, `getComputedStyle(document.querySelector('.plate')).backgroundColor`))
	require.Equal(t, "rgb(34, 34, 34)", ask[string](p, `getComputedStyle(document.querySelector('.plate text')).fill`))
}

// forcedColours wants words in the reader's colours, and pictures as they are.
func forcedColours(t *testing.T, browser context.Context) {
	p := openPage(t, browser, report.PlainDocument().HTML())
	p.media("forced-colors", "active")
	require.Equal(t, "none", ask[string](p, `getComputedStyle(document.querySelector('.plate')).forcedColorAdjust`))
	require.Equal(t, ask[string](p, `getComputedStyle(document.querySelector('main')).color`), ask[string](p, `getComputedStyle(document.querySelector('.bad')).color`))
}

// keyboard goes through the page by the tab key: the skip link first, which leads to the report, then what scrolls.
func keyboard(t *testing.T, browser context.Context) {
	p := openPage(t, browser, report.PlainDocument().HTML())
	var stops []string
	for range 9 {
		p.do(chromedp.KeyEvent(kb.Tab))
		stops = append(stops, ask[string](p, `document.activeElement.getAttribute('href') || document.activeElement.getAttribute('aria-label')`))
		require.True(t, ask[bool](p, `(b => b.left >= 0 && b.width > 0)(document.activeElement.getBoundingClientRect())`), "%v is not to be seen", stops)
	}
	require.Equal(t, []string{"#main", "#s-measures", "#s-figures", "#s-figures-2", "What was measured", "Figure 1", "Figure 2", "Figure 3", "Figures: text"}, stops)
}

func hostileStays(t *testing.T, browser context.Context) {
	p := openPage(t, browser, report.HostileDocument().HTML())
	require.Equal(t, 0, ask[int](p, `document.scripts.length`))
	require.Equal(t, 1, ask[int](p, `document.querySelectorAll('main').length`))
	require.Equal(t, ask[string](p, `document.querySelector('h1').textContent`), ask[string](p, `document.querySelector('h2').textContent`))
	require.Contains(t, ask[string](p, `document.querySelector('h1').textContent`), "<img src=x onerror=alert(2)>")
	require.Equal(t, "block", ask[string](p, `getComputedStyle(document.body).display`))
	require.Equal(t, []string{}, ask[[]string](p, `[...document.querySelectorAll('figure svg *')].filter(e => e.namespaceURI !== 'http://www.w3.org/2000/svg').map(e => e.tagName)`))
}

// stylesApart has two pictures with rules for one class: each keeps its own.
func stylesApart(t *testing.T, browser context.Context) {
	picture := func(colour string) report.Figure {
		return report.Figure{Name: colour, SVG: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><style>.a{fill:` + colour + `} svg .b, p{fill:blue;color:` + colour + `}</style><rect class="a" width="9" height="9"/></svg>`)}
	}
	d := report.Document{Sections: []report.Section{{Text: []string{"words"}, Figures: []report.Figure{picture("rgb(1, 2, 3)"), picture("rgb(4, 5, 6)")}}}}
	p := openPage(t, browser, d.HTML())
	require.Equal(t, []string{"rgb(1, 2, 3)", "rgb(4, 5, 6)"}, ask[[]string](p, `[...document.querySelectorAll('.a')].map(e => getComputedStyle(e).fill)`))
	require.Equal(t, "rgb(27, 31, 36)", ask[string](p, `getComputedStyle(document.querySelector('p')).color`))
}

// TestBrowserAxe has axe-core look for barriers: WCAG 2.2, levels A and AA, and its best practices. LIGHTCONE_AXE names
// its axe.min.js (npm install axe-core).
func TestBrowserAxe(t *testing.T) {
	file := os.Getenv("LIGHTCONE_AXE")
	if file == "" {
		t.Skip("LIGHTCONE_AXE is not set, want the path of axe.min.js of the npm package axe-core: make axe")
	}
	axe, err := os.ReadFile(file)
	require.NoError(t, err)
	browser := openBrowser(t)
	const look = `(async () => {
		const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
		return found.passes.length + " passed\n" + found.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.html).join(" ")).join("\n");
	})()`
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 360} {
			t.Run(fmt.Sprint(scheme, " ", width), func(t *testing.T) {
				p := openPage(t, browser, report.PlainDocument().HTML())
				p.media("prefers-color-scheme", scheme)
				p.do(chromedp.EmulateViewport(width, 800))
				ask[any](p, string(axe)+";0")
				require.Regexp(t, `^[1-9]\d* passed\n$`, ask[string](p, look, chromedp.EvalAwaitPromise))

				// What it must find: a picture without words, and words as light as their ground.
				ask[bool](p, `(document.querySelector('svg').removeAttribute('aria-labelledby'), document.querySelector('svg title').remove(), document.querySelector('.lead').style.color = 'var(--line)', true)`)
				found := ask[string](p, look, chromedp.EvalAwaitPromise)
				require.Contains(t, found, "svg-img-alt")
				require.Contains(t, found, "color-contrast")
			})
		}
	}
}
