//go:build browser

package trace

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

	"lightcone/sim"
)

// openBrowser starts a browser for the test. Each page is a tab of it.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	path := findBrowser()
	require.NotEmpty(t, path, "no browser: install chromium (Debian: apt-get install chromium), or run without -tags browser")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WindowSize(1440, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx), "the browser does not start")
	return ctx
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
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

// openPage writes the trace as a page and opens it. When the test ends, the page must have asked for nothing but itself
// and have had nothing to complain of.
func openPage(t *testing.T, browser context.Context, run *Trace, o Options, fragment string) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(file, []byte(writePage(t, run, o)), 0o644))
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
	p.do(chromedp.Navigate(p.url+fragment), chromedp.WaitReady(chromedp.CSS(`body[data-ready="true"]`)))
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
		p.complaints = append(p.complaints, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception.Description))
	case *runtime.EventConsoleAPICalled:
		p.complaints = append(p.complaints, consoleText(e))
	case *log.EventEntryAdded:
		p.complaints = append(p.complaints, e.Entry.Text)
	}
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	text := fmt.Sprintf("console.%s:", e.Type)
	for _, a := range e.Args {
		text += " " + string(a.Value)
	}
	return text
}

func (p *tab) checkQuiet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, url := range p.requests {
		if !strings.HasPrefix(url, p.url) && url != "data:," { // the icon is empty, and inside the page
			p.t.Errorf("the page asked for %s", url)
		}
	}
	if len(p.requests) == 0 {
		p.t.Error("no request was seen, not even for the page: nothing was watched")
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
func ask[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	require.NoError(p.t, err, expression)
	return v
}

// tell evaluates an expression for what it does.
func (p *tab) tell(expression string) {
	p.t.Helper()
	ask[bool](p, "("+expression+", true)")
}

// await waits until an expression is true.
func (p *tab) await(expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression))
	require.NoError(p.t, err, expression)
}

// choose picks an option of a list, as a user does.
func (p *tab) choose(id, value string) {
	p.t.Helper()
	p.tell(fmt.Sprintf(`document.getElementById(%q).value = %q, document.getElementById(%q).dispatchEvent(new Event('change'))`, id, value, id))
}

func (p *tab) selected() int { return ask[int](p, "lightcone.selected()") }

// click clicks where event i is drawn.
func (p *tab) click(i int) {
	p.t.Helper()
	at := ask[[2]float64](p, fmt.Sprintf("lightcone.point(%d)", i))
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

// precedes returns happened-before by its definition: the transitive closure of lane order and of sends before their
// deliveries.
func precedes(run *Trace) [][]bool {
	n := len(run.Events)
	before := make([][]bool, n) // before[b][a]: a happened before b
	for b := range n {
		before[b] = make([]bool, n)
		for a := range b {
			x, y := &run.Events[a], &run.Events[b]
			direct := x.Node != sim.Nobody && x.Node == y.Node || y.Link != 0 && y.Link == x.ID && x.Kind != sim.BadgeSet
			if !direct {
				continue
			}
			before[b][a] = true
			for c := range a {
				before[b][c] = before[b][c] || before[a][c]
			}
		}
	}
	return before
}

// cone returns the past and the future of event i.
func cone(before [][]bool, i int) (past, future []int) {
	past, future = []int{}, []int{}
	for j := range before {
		if before[i][j] {
			past = append(past, j)
		}
		if before[j][i] {
			future = append(future, j)
		}
	}
	return past, future
}

func TestBrowser(t *testing.T) {
	browser := openBrowser(t)
	tests := []struct {
		name string
		test func(*testing.T, context.Context)
	}{
		{"a click lights the causal past and future", clickLightsCone},
		{"the information cone is that of Order", informationCone},
		{"a node's view is the past of its last event", nodeView},
		{"keys", keyboard},
		{"pointer", pointer},
		{"toolbar, search and table", toolbar},
		{"a link shares what is shown", sharedLink},
		{"hostile text stays text", hostileText},
		{"every mapping draws", everyMapping},
		{"the legend has what occurs", legend},
		{"a part of a run", partsOfRuns},
		{"targets, names and contrast", accessible},
		{"a hundred thousand events", manyEvents},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.test(t, browser) })
	}
}

// clickLightsCone clicks every event in turn. What lights up must be its past by definition: by the page's own account,
// in the rows of the table, and by the colour of the deliveries on the canvas.
func clickLightsCone(t *testing.T, browser context.Context) {
	t.Run("by hand", func(t *testing.T) { clickAll(t, browser, everyFault(), 1) })
	t.Run("from the engine", func(t *testing.T) { clickAll(t, browser, everythingTrace(t), 5) })
}

// clickAll clicks every so many-th event.
func clickAll(t *testing.T, browser context.Context, run *Trace, stride int) {
	before := precedes(run)
	p := openPage(t, browser, run, Options{Mapping: Rank}, "")
	p.do(chromedp.EmulateViewport(600+20*int64(len(run.Events)), 900)) // so wide that no event hides another
	p.await("document.getElementById('stage').width === Math.round(document.getElementById('stage').clientWidth * devicePixelRatio)")
	for i := 0; i < len(run.Events); i += stride {
		p.do(chromedp.KeyEvent(kb.Escape))
		for again := 0; again < 4 && p.selected() != i; again++ { // on one spot, each click takes the next
			p.click(i)
		}
		require.Equal(t, i, p.selected(), "clicked event %d: %s", i, run.Sentence(i))
		past, future := cone(before, i)
		require.Equal(t, past, ask[[]int](p, "lightcone.past()"), "the past of event %d: %s", i, run.Sentence(i))
		require.Equal(t, future, ask[[]int](p, "lightcone.future()"), "the future of event %d: %s", i, run.Sentence(i))
		require.Equal(t, fmt.Sprint(len(past)), ask[string](p, "document.body.dataset.past"))
		require.Equal(t, inRange(past, ask[[]int](p, rowsShown)), ask[[]int](p, rowsOfPast), "the rows of the past of event %d", i)
		require.Equal(t, deliveries(run, past), ask[[]int](p, fmt.Sprintf(bluePixels, placesOf(run, sim.Deliver))), "what is drawn as the past of event %d", i)
	}
}

const (
	rowsShown  = `[...document.querySelectorAll('[data-event]')].map((row) => Number(row.dataset.event))`
	rowsOfPast = `[...document.querySelectorAll('[data-event][data-class="past"]')].map((row) => Number(row.dataset.event))`

	// bluePixels lists those of some events at whose place the canvas has the colour of the past.
	bluePixels = `(() => {
		lightcone.redraw();
		const stage = document.getElementById('stage'), box = stage.getBoundingClientRect(), scale = stage.width / box.width;
		const context = new OffscreenCanvas(stage.width, stage.height).getContext('2d', { willReadFrequently: true });
		context.drawImage(stage, 0, 0);
		return %s.filter((i) => {
			const [x, y] = lightcone.point(i);
			const [r, g, b] = context.getImageData(Math.round((x - box.left) * scale), Math.round((y - box.top) * scale), 1, 1).data;
			return r === 0 && g === 114 && b === 178;
		});
	})()`
)

func placesOf(run *Trace, k sim.Kind) string {
	var places []string
	for i := range run.Events {
		if run.Events[i].Kind == k {
			places = append(places, fmt.Sprint(i))
		}
	}
	return "[" + strings.Join(places, ",") + "]"
}

func deliveries(run *Trace, places []int) []int {
	list := []int{}
	for _, i := range places {
		if run.Events[i].Kind == sim.Deliver {
			list = append(list, i)
		}
	}
	return list
}

// inRange returns those of some events that are also in another list.
func inRange(events, shown []int) []int {
	there := map[int]bool{}
	for _, i := range shown {
		there[i] = true
	}
	list := []int{}
	for _, i := range events {
		if there[i] {
			list = append(list, i)
		}
	}
	return list
}

func informationCone(t *testing.T, browser context.Context) {
	run := everythingTrace(t)
	before := precedes(run)
	order := NewOrder(run)
	p := openPage(t, browser, run, Options{}, "")
	p.do(chromedp.Click(chromedp.CSS("#information")))
	smaller := 0
	for i := range run.Events {
		if run.Events[i].Node == sim.Nobody {
			continue
		}
		informed := order.Informed(i)
		past := ask[[]int](p, fmt.Sprintf("lightcone.selectAt(%d), lightcone.past()", i))
		require.Equal(t, informed, append(past, i), "event %d: %s", i, run.Sentence(i))
		all, _ := cone(before, i)
		if len(past) < len(all) {
			smaller++
		}
	}
	require.Positive(t, smaller, "no crash lost anything: the check is vacuous")
}

func nodeView(t *testing.T, browser context.Context) {
	run := everyFault()
	before := precedes(run)
	p := openPage(t, browser, run, Options{}, "")
	for node := range run.Header.Nodes {
		p.choose("as", fmt.Sprint(node))
		last := -1
		for i := range run.Events {
			if run.Events[i].Node == sim.NodeID(node) {
				last = i
			}
		}
		past, _ := cone(before, last)
		require.Equal(t, append(past, last), ask[[]int](p, "lightcone.shown()"), "what n%d can know", node)
		require.Equal(t, fmt.Sprint(len(past)+2), ask[string](p, `document.getElementById('grid').getAttribute('aria-rowcount')`), "its rows and the head")
	}
}

// find returns the place of the n-th event, from 0, of a kind on a node.
func find(run *Trace, node sim.NodeID, k sim.Kind, n int) int {
	for i := range run.Events {
		if run.Events[i].Kind == k && run.Events[i].Node == node {
			if n == 0 {
				return i
			}
			n--
		}
	}
	panic("no such event")
}

// keyboard goes through the verbs without a pointer.
func keyboard(t *testing.T, browser context.Context) {
	run := everyFault()
	p := openPage(t, browser, run, Options{}, "")
	press := func(keys string) int {
		t.Helper()
		p.do(chromedp.KeyEvent(keys))
		return p.selected()
	}
	shift := func(keys string) {
		t.Helper()
		p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierShift)))
	}
	p.do(chromedp.KeyEvent(kb.Tab)) // the first stop is the link to the diagram
	require.Equal(t, "stage", ask[string](p, "document.activeElement.dataset.to"))
	p.do(chromedp.KeyEvent(kb.Enter))
	require.Equal(t, "stage", ask[string](p, "document.activeElement.id"))

	require.Equal(t, 0, press("."), "the first event")
	require.Equal(t, 1, press("."))
	require.Equal(t, 0, press(","))
	badge := find(run, 0, sim.BadgeSet, 0)
	require.Equal(t, badge, press(kb.ArrowRight), "the next on n0's lane")
	require.Equal(t, 0, press(kb.ArrowLeft))

	ack := find(run, 0, sim.Deliver, 0)
	p.tell(fmt.Sprintf("lightcone.selectAt(%d)", ack))
	send, _ := run.Index(run.Events[ack].Link)
	require.Equal(t, send, press(kb.ArrowDown), "back to the sender")
	require.Equal(t, ack, press(kb.ArrowUp), "and to the receiver")
	require.Equal(t, send, press("c"), "the cause of a delivery is its sending")
	require.Equal(t, find(run, 1, sim.Deliver, 0), press("c"), "of which the cause is the handler that sent it")
	require.Equal(t, find(run, 1, sim.Persist, 0), press("e"), "and that handler's first effect is a write")
	require.Contains(t, ask[string](p, "document.getElementById('live').textContent"), "n1 writes log = 1")

	press(kb.Escape)
	require.Equal(t, -1, p.selected())
	require.Equal(t, find(run, 1, sim.Persist, 0), press("u"), "back to what was chosen")
	press(kb.Escape)
	require.Equal(t, badge, press("n"), "the first change of role")
	lost := find(run, sim.Nobody, sim.Drop, 0)
	require.Equal(t, lost, press("n"), "the first loss")
	require.Equal(t, badge, press("p"))

	goTo := func(place string) {
		p.do(chromedp.KeyEvent("g"), chromedp.WaitVisible(chromedp.CSS("#go-text")))
		p.tell("document.getElementById('go-text').select()")
		p.do(chromedp.KeyEvent(place + kb.Enter))
	}
	goTo("92ms")
	require.Equal(t, find(run, 1, sim.Recovered, 0), p.selected(), "go to a time")
	goTo("3")
	require.Equal(t, 2, p.selected(), "go to an event")

	width := func() float64 { w := settled(p); return w[1] - w[0] }
	all := width()
	press("+")
	near := width()
	require.Less(t, near, all)
	start := settled(p)[0]
	shift(kb.ArrowRight)
	require.Greater(t, settled(p)[0], start)
	press("-")
	require.Greater(t, width(), near)
	press("0")
	require.InDelta(t, all, width(), all/1e6)

	press("?")
	require.True(t, ask[bool](p, "document.getElementById('help').open"))
	p.do(chromedp.KeyEvent(kb.Escape))
	require.False(t, ask[bool](p, "document.getElementById('help').open"))
}

// settled returns the window when it has stopped moving.
func settled(p *tab) [2]float64 {
	p.t.Helper()
	p.await("!lightcone.moving()")
	return ask[[2]float64](p, "lightcone.window()")
}

// pointer hovers, turns the wheel, drags, and clicks where nothing is.
func pointer(t *testing.T, browser context.Context) {
	run := everyFault()
	p := openPage(t, browser, run, Options{}, "")
	vote := find(run, 0, sim.Deliver, 2)
	at := ask[[2]float64](p, fmt.Sprintf("lightcone.point(%d)", vote))
	p.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	p.await("!document.getElementById('tip').hidden")
	require.Contains(t, ask[string](p, "document.getElementById('tip').textContent"), "n0 receives vote 2 from n3")
	require.Equal(t, -1, p.selected(), "hovering chooses nothing")

	width := func() float64 { w := settled(p); return w[1] - w[0] }
	all := width()
	p.tell(fmt.Sprintf(`document.getElementById('stage').dispatchEvent(new WheelEvent('wheel', { deltaY: -400, clientX: %f, clientY: %f, cancelable: true }))`, at[0], at[1]))
	require.Less(t, width(), all)
	still := ask[[2]float64](p, fmt.Sprintf("lightcone.point(%d)", vote))
	require.InDelta(t, at[0], still[0], 1, "what is under the pointer stays there")

	p.do(chromedp.MouseEvent(chromedp.MousePressed, 500, 300, chromedp.ButtonLeft), chromedp.MouseEvent(chromedp.MouseMoved, 560, 300, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, 600, 300, chromedp.ButtonLeft), chromedp.MouseEvent(chromedp.MouseReleased, 600, 300, chromedp.ButtonLeft))
	moved := ask[[2]float64](p, fmt.Sprintf("lightcone.point(%d)", vote))
	require.InDelta(t, still[0]+100, moved[0], 1, "a drag moves the picture with it")
	require.Equal(t, -1, p.selected(), "a drag chooses nothing")

	p.tell("lightcone.fit()")
	p.click(vote)
	require.Equal(t, vote, p.selected())
	corner := ask[[2]float64](p, `(() => { const b = document.getElementById('stage').getBoundingClientRect(); return [b.left + b.width / 2, b.bottom - 8]; })()`)
	p.do(chromedp.MouseClickXY(corner[0], corner[1]))
	require.Equal(t, -1, p.selected(), "a click where nothing is chooses nothing")
}

func toolbar(t *testing.T, browser context.Context) {
	run := everyFault()
	p := openPage(t, browser, run, Options{}, "")
	p.do(chromedp.Click(chromedp.CSS("#next")), chromedp.Click(chromedp.CSS("#next")))
	require.Equal(t, 1, p.selected())
	p.do(chromedp.Click(chromedp.CSS("#next-notable")))
	require.Equal(t, find(run, 0, sim.BadgeSet, 0), p.selected())

	p.do(chromedp.SendKeys(chromedp.CSS("#search"), "vote 2"+kb.Enter))
	var matches []int
	for i := range run.Events {
		if strings.Contains(run.Events[i].Value.Text, "vote 2") {
			matches = append(matches, i)
		}
	}
	require.Equal(t, matches, ask[[]int](p, rowsShown))
	require.Equal(t, matches[0], p.selected())

	p.do(chromedp.SendKeys(chromedp.CSS("#search"), kb.Escape), chromedp.Focus(chromedp.CSS("#grid")), chromedp.KeyEvent(kb.Home))
	require.Equal(t, 0, p.selected())
	p.do(chromedp.KeyEvent(kb.ArrowDown))
	require.Equal(t, 1, p.selected())
	require.Equal(t, "row-1", ask[string](p, `document.getElementById('grid').getAttribute('aria-activedescendant')`))
	p.do(chromedp.KeyEvent(kb.End))
	require.Equal(t, len(run.Events)-1, p.selected())
	p.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`[data-event="%d"]`, len(run.Events)-3))))
	require.Equal(t, len(run.Events)-3, p.selected())
}

func sharedLink(t *testing.T, browser context.Context) {
	run := everyFault()
	p := openPage(t, browser, run, Options{}, "")
	p.tell("lightcone.selectAt(45)")
	p.choose("mapping", "rank")
	p.do(chromedp.KeyEvent("+"))
	window := settled(p)
	p.await(`location.hash === lightcone.hash()`)
	fragment := ask[string](p, "location.hash")
	q := openPage(t, browser, run, Options{}, fragment)
	require.Equal(t, 45, q.selected())
	require.Equal(t, "rank", ask[string](q, "document.body.dataset.mapping"))
	again := settled(q)
	require.InDelta(t, window[0], again[0], 0.01)
	require.InDelta(t, window[1], again[1], 0.01)
}

func hostileText(t *testing.T, browser context.Context) {
	run := everyFault()
	hostile := `</script><script>document.title = "taken"</script><img src=x onerror="document.title='taken'">`
	run.Header.Title, run.Header.Lanes[0] = hostile, hostile
	for i := range run.Events {
		run.Events[i].Value.Text = hostile
	}
	p := openPage(t, browser, run, Options{Marks: []Mark{{Events: []uint64{9}, Caption: hostile}}}, "#at=8")
	require.Equal(t, hostile, ask[string](p, "document.title"))
	require.Equal(t, hostile, ask[string](p, "document.getElementById('title').textContent"))
	require.Zero(t, ask[int](p, "document.querySelectorAll('img').length"))
}

func everyMapping(t *testing.T, browser context.Context) {
	p := openPage(t, browser, everyFault(), Options{}, "#at=30")
	for _, m := range ask[[]string](p, "[...document.getElementById('mapping').options].map((o) => o.value)") {
		p.choose("mapping", m)
		frames := ask[float64](p, "lightcone.redraw().count")
		require.Positive(t, frames)
		require.Equal(t, m, ask[string](p, "document.body.dataset.mapping"))
		require.True(t, ask[bool](p, "lightcone.window().every(Number.isFinite) && lightcone.window()[0] < lightcone.window()[1]"), "the window in %s", m)
		require.True(t, ask[bool](p, "lightcone.shown().every((i) => lightcone.point(i).every(Number.isFinite))"), "the events in %s", m)
	}
}

// partsOfRuns opens records that lack something, and goes through all of their events.
func partsOfRuns(t *testing.T, browser context.Context) {
	for name, run := range map[string]*Trace{
		"nothing":        {Header: Header{Nodes: 1}},
		"messages":       record(t, everything(), Keep{}, Header{Level: Messages}),
		"faults":         record(t, everything(), Keep{}, Header{Level: Faults}),
		"the last of it": record(t, everything(), Keep{Last: 90}, Header{}),
	} {
		t.Run(name, func(t *testing.T) {
			p := openPage(t, browser, run, Options{}, "")
			require.Equal(t, run.Header.Complete(), ask[bool](p, "document.getElementById('notice').hidden"), "it says that something is missing")
			for _, m := range []string{"true", "rank", "compressed", "own", "wall", "clock-0"} {
				p.choose("mapping", m)
				p.do(chromedp.KeyEvent(".n,p+-0"))
				require.Equal(t, len(run.Events), ask[int](p, "lightcone.shown().filter((i) => lightcone.point(i).every(Number.isFinite)).length"))
				p.tell("lightcone.shown().filter((i) => i % 17 === 0).forEach((i) => { lightcone.selectAt(i); lightcone.redraw(); })")
				p.do(chromedp.KeyEvent(kb.Escape))
			}
		})
	}
}

func legend(t *testing.T, browser context.Context) {
	const entries = `[...document.querySelectorAll('#legend li')].map((li) => li.textContent)`
	all := []string{
		"message received", "lost, where and why", "on its way at the end", "duplicate", "altered, or a lie", "late: its sender had given up",
		"handles a message", "sends", "starts", "timer, fires", "timer, stopped", "timer, pending or forgotten", "writes; the write is durable",
		"write hit by a crash", "notes", "role: thick lane, letter", "role changes", "crash: volatile state is lost", "crash, durable state survives", "recovers",
		"paused", "partition: side A, side B", "partition begins, heals", "wall clock is stepped", "another intervention",
		"past of the selected event", "future of the selected event",
	}
	require.Equal(t, all, ask[[]string](openPage(t, browser, everythingTrace(t), Options{}, ""), entries))

	s := newStory("One message", "", "")
	s.deliver(2*ms, s.send(ms, 0, 1, "hello"))
	require.Equal(t, []string{"message received", "handles a message", "sends", "past of the selected event", "future of the selected event"},
		ask[[]string](openPage(t, browser, s.t, Options{}, ""), entries))
}

func accessible(t *testing.T, browser context.Context) {
	p := openPage(t, browser, everyFault(), Options{}, "#at=30")
	small := ask[[]string](p, `[...document.querySelectorAll('button, select, input, summary, [role=row]')]
		.filter((e) => e.checkVisibility() && e.type !== 'checkbox')
		.filter((e) => { const b = e.getBoundingClientRect(); return b.width < 24 || b.height < 24; }).map((e) => e.outerHTML)`)
	require.Empty(t, small, "targets of less than 24 pixels")
	nameless := ask[[]string](p, `[...document.querySelectorAll('button, select, input')]
		.filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).map((e) => e.outerHTML)`)
	require.Empty(t, nameless, "controls without a name")
	require.Zero(t, ask[int](p, `document.querySelectorAll('[id]').length - new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size`), "an id twice")
	require.Equal(t, 1, ask[int](p, `document.querySelectorAll('[role=row][aria-selected=true]').length`))
	for _, scheme := range []string{"light", "dark"} {
		_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		require.NoError(t, err)
		require.Equal(t, scheme == "dark", ask[bool](p, "matchMedia('(prefers-color-scheme: dark)').matches"))
		require.Empty(t, ask[[]string](p, contrast), "text of less than 4.5 to 1 when %s", scheme)
	}
}

// contrast lists the colours of text whose contrast with a background they stand on is below 4.5 (WCAG 2.2, 1.4.3).
const contrast = `(() => {
	const probe = document.getElementById('probe');
	const luminance = (name) => {
		probe.style.color = 'var(--' + name + ')';
		const c = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map((x) => x / 255).map((x) => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
		return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
	};
	const faint = [];
	for (const ink of ['ink', 'muted', 'past', 'lost']) for (const ground of ['bg', 'panel', 'accent']) {
		const [a, b] = [luminance(ink), luminance(ground)].sort((x, y) => y - x);
		if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(ink + ' on ' + ground + ': ' + ((a + 0.05) / (b + 0.05)).toFixed(2));
	}
	return faint;
})()`

// gossip is a run of many messages: each node that hears one passes two on. Some are lost, and every so often a node
// crashes.
func gossip(nodes, events int) *Trace {
	s := newStory("Many messages", make([]string, nodes)...)
	r := sim.NewRand(1)
	type flight struct {
		at   time.Duration
		send uint64
	}
	var flights []flight
	for now := time.Duration(0); len(s.t.Events) < events; now += 20 * time.Microsecond {
		if len(flights) < 40 {
			from := sim.NodeID(r.IntN(nodes))
			to := (from + 1 + sim.NodeID(r.IntN(nodes-1))) % sim.NodeID(nodes)
			e := Event{Kind: sim.Send, Node: from, From: from, To: to, K: uint64(len(s.t.Events)) + 1, Value: words("rumour")}
			flights = append(flights, flight{now + r.Duration(ms, 9*ms), s.add(now, e)})
		}
		for len(flights) > 0 && flights[0].at <= now {
			if r.Bool(0.005) {
				s.end(now, flights[0].send, Event{Kind: sim.Drop, Cause: sim.Loss})
			} else {
				s.deliver(now, flights[0].send)
			}
			flights = flights[1:]
		}
	}
	return s.t
}

// frameTime is how long each of twenty frames takes until it is on the screen.
const frameTime = `new Promise((done) => {
	let left = 20;
	const start = performance.now();
	const next = () => { if (left-- === 0) return done((performance.now() - start) / 20); lightcone.redraw(); requestAnimationFrame(next); };
	requestAnimationFrame(next);
})`

// manyEvents reports how fast a large page is. It asserts only what does not depend on the machine.
func manyEvents(t *testing.T, browser context.Context) {
	run := gossip(8, 100_000)
	p := openPage(t, browser, run, Options{}, "")
	t.Logf("loads in %.0f ms", ask[float64](p, "lightcone.loaded"))
	frame := func(what string) {
		ms, err := chromedp.Run(p.ctx, chromedp.Evaluate[float64](frameTime, chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		t.Logf("%s: %.1f ms a frame", what, ms)
	}
	frame("all of it")
	t.Logf("choosing an event: %.1f ms", ask[float64](p, `(() => { const start = performance.now(); lightcone.selectAt(50000); return performance.now() - start; })()`))
	frame("its cone")
	zoom := func(times int) {
		for range times {
			p.do(chromedp.KeyEvent("+"))
			settled(p)
		}
	}
	zoom(5)
	frame("a tenth of it")
	zoom(5)
	frame("a hundredth of it")
	zoom(5)
	frame("a thousandth of it")

	want := NewOrder(run).Past(50000)
	got := make([]int32, run.Header.Nodes)
	for _, i := range append(ask[[]int](p, "lightcone.past()"), 50000) {
		got[run.Events[i].Node]++
	}
	require.Equal(t, want, got)
	require.Less(t, ask[int](p, "document.querySelectorAll('[data-event]').length"), 100, "rows out of sight are not there")
}
