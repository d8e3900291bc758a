package traffic_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/traffic"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// hops is a clock that stamps with the number of messages in the longest chain that led to an event.
type hops struct{ n int }

func (h *hops) Local(*sim.Env) int { return h.n }
func (h *hops) Send(*sim.Env) int  { return h.n }
func (h *hops) Receive(_ *sim.Env, m int) int {
	h.n = max(h.n, m+1)
	return h.n
}
func (h *hops) Clone() traffic.Clock[int] { c := *h; return &c }

func config(before func(a, b int) bool, params traffic.Params) sim.Config {
	return sim.Config{
		Nodes: 4,
		New: func(sim.NodeID) sim.Process {
			return &traffic.Process[int]{Params: params, Clock: new(hops), Before: before}
		},
		Until:      sim.Time(2 * time.Second),
		Properties: traffic.Properties[int](),
	}
}

var usual = traffic.Params{Interval: 20 * time.Millisecond, LocalShare: 0.25}

func TestOrderedStampsPass(t *testing.T) {
	simtest.Run(t, config(func(a, b int) bool { return a <= b }, usual), simtest.Options{})
}

// Hops do not advance between two events of a process, and the property says so.
func TestStampsOutOfOrderAreCaught(t *testing.T) {
	w, err := sim.New(config(func(a, b int) bool { return a < b }, usual))
	require.NoError(t, err)
	r := w.Run()
	require.Equal(t, sim.Violation, r.Verdict)
	require.ErrorContains(t, r.Err, "is followed by one at")
}

// unmoved is a clock that ignores what it receives.
type unmoved struct{ hops }

func (u *unmoved) Receive(_ *sim.Env, m int) int { u.n++; return u.n }
func (u *unmoved) Local(*sim.Env) int            { u.n++; return u.n }
func (u *unmoved) Send(*sim.Env) int             { u.n++; return u.n }
func (u *unmoved) Clone() traffic.Clock[int]     { c := *u; return &c }

// A clock that keeps IR1 and not IR2 is caught at a message.
func TestReceiptsOutOfOrderAreCaught(t *testing.T) {
	cfg := config(func(a, b int) bool { return a < b }, usual)
	cfg.New = func(sim.NodeID) sim.Process {
		return &traffic.Process[int]{Params: usual, Clock: new(unmoved), Before: func(a, b int) bool { return a < b }}
	}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	r := w.Run()
	require.Equal(t, sim.Violation, r.Verdict)
	require.ErrorContains(t, r.Err, "was sent at")
}

func TestContract(t *testing.T) { simtest.TestProcess(t, config(nil, usual)) }

// Each process starts one event per Interval on average, with gaps within half of it; its share of local ones is
// LocalShare; and messages go to all peers alike. The bounds are 4 standard errors of the binomial or uniform law.
func TestRates(t *testing.T) {
	cfg := config(nil, usual)
	cfg.Seed, cfg.Until = 1, sim.Time(100*time.Second)
	var gaps, sends, toNext float64
	var last sim.Time
	cfg.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		switch {
		case e.Kind == sim.Timeout && e.Node == 0:
			gap := e.Time.Sub(last)
			require.True(t, gap >= usual.Interval/2 && gap <= usual.Interval*3/2, gap)
			last = e.Time
			gaps++
		case e.Kind == sim.Send && e.Node == 0:
			sends++
			if e.To == 1 {
				toNext++
			}
		}
	})}
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	// gaps of mean m and standard deviation m/sqrt(12): their number in T is T/m, give or take sqrt(T/m/12).
	require.InDelta(t, 5000, gaps, 4*20.4)
	require.InDelta(t, gaps*0.75, sends, 4*30.6) // sqrt(5000 * .75 * .25)
	require.InDelta(t, sends/3, toNext, 4*28.9)  // sqrt(3750 * 1/3 * 2/3)
}

func TestAloneEverythingIsLocal(t *testing.T) {
	cfg := config(nil, usual)
	cfg.Nodes = 1
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.NoError(t, w.Run().Err)
	p := w.View().Process(0).(*traffic.Process[int])
	require.Positive(t, p.Locals)
	require.Equal(t, p.Locals, p.Events())
}

func TestEachEventIsNotedAfterIt(t *testing.T) {
	p := &traffic.Process[int]{Params: traffic.Params{Interval: time.Second, LocalShare: 1}, Clock: new(hops)}
	r := simtest.Record(t, p, 0, 2)
	require.Empty(t, r.Init().Notes)
	require.Equal(t, []any{0}, r.Timeout(nil).Notes)
	did := r.Receive(1, traffic.Message[int]{Stamp: 4})
	require.Equal(t, simtest.Effects{Notes: []any{5}}, did)
	p.Params.LocalShare = 0
	did = r.Timeout(nil)
	require.Equal(t, []simtest.Sent{{To: 1, Message: traffic.Message[int]{Stamp: 5}}}, did.Sends)
	require.Equal(t, []any{5}, did.Notes)
	require.Equal(t, 3, p.Events())
}

func TestValidateReportsEverything(t *testing.T) {
	err := traffic.Params{Interval: -1, LocalShare: 1.5}.Validate()
	require.Error(t, err)
	require.Len(t, strings.Split(err.Error(), "\n"), 2)
	require.NoError(t, usual.Validate())
}
