package detector_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/detector"
	"lightcone/sim"
)

func at(d time.Duration) sim.Local { return sim.Local(d) }

// beat is heartbeat i of a node's first life.
func beat(i int64) detector.Heartbeat { return detector.Heartbeat{Seq: i} }

func TestPlainMonitor(t *testing.T) {
	m := detector.NewTimeout(at(time.Second), 300*ms, 0)
	require.Equal(t, at(1300*ms), m.Deadline(), "trusted from the start")
	m.Heartbeat(beat(0), at(1010*ms))
	require.Equal(t, at(1310*ms), m.Deadline())
	m.Heartbeat(beat(2), at(1200*ms))
	m.Heartbeat(beat(1), at(1300*ms))
	require.Equal(t, at(1500*ms), m.Deadline(), "an overtaken heartbeat is not news")
	m.Heartbeat(beat(2), at(1400*ms))
	require.Equal(t, at(1500*ms), m.Deadline(), "nor is a duplicate")
	m.Heartbeat(detector.Heartbeat{Incarnation: 1}, at(1450*ms))
	require.Equal(t, at(1750*ms), m.Deadline(), "a new life begins again at 0")
	m.Heartbeat(beat(100), at(1500*ms))
	require.Equal(t, at(1750*ms), m.Deadline(), "and what was sent in the former is over")
}

// Only a mistake makes the timeout grow: not a heartbeat at the deadline, and not the first one of a new life.
func TestGrowingMonitor(t *testing.T) {
	m := detector.NewTimeout(0, 100*ms, 20*ms)
	m.Heartbeat(beat(0), at(100*ms))
	require.Equal(t, at(200*ms), m.Deadline())
	m.Heartbeat(beat(1), at(200*ms)+1)
	require.Equal(t, at(320*ms)+1, m.Deadline())
	m.Heartbeat(detector.Heartbeat{Incarnation: 1}, at(time.Second))
	require.Equal(t, at(1120*ms), m.Deadline())
}

// Figure 6 of Chen, Toueg and Aguilera: from tau_i to tau_(i+1) the node is trusted if a heartbeat i or later has come.
func TestFreshnessMonitor(t *testing.T) {
	eta, delta := 100*ms, 250*ms
	m := detector.NewFreshness(0, at(30*ms), eta, delta)
	require.Equal(t, at(350*ms), m.Deadline(), "until tau_1")
	received := map[int64]time.Duration{1: 140 * ms, 2: 700 * ms, 4: 720 * ms, 3: 725 * ms, 7: 705 * ms}
	for now := time.Duration(0); now < 1500*ms; now += ms {
		for i, when := range received {
			if when == now {
				m.Heartbeat(beat(i), at(now))
			}
		}
		trusted := now <= 350*ms
		for i, when := range received {
			interval := int64((now - delta - 1) / eta) // now is in (tau_interval, tau_(interval+1)]
			trusted = trusted || when <= now && i >= interval
		}
		require.Equal(t, trusted, at(now) <= m.Deadline(), "at %v", now)
	}
	before := detector.NewFreshness(0, at(-230*ms), eta, 10*ms)
	require.Equal(t, at(-190*ms), before.Deadline(), "clocks may show less than zero")
}

// Section 6.3: EA is the mean of the last arrivals, each moved to the heartbeat in question.
func TestExpectedMonitor(t *testing.T) {
	m := detector.NewExpected(at(time.Hour), 100*ms, 30*ms, 3)
	require.Equal(t, at(time.Hour+130*ms), m.Deadline())
	m.Heartbeat(beat(0), at(time.Hour+6*ms))
	require.Equal(t, at(time.Hour+136*ms), m.Deadline())
	m.Heartbeat(beat(1), at(time.Hour+112*ms)) // late by 6 and 12: 9
	require.Equal(t, at(time.Hour+239*ms), m.Deadline())
	m.Heartbeat(beat(3), at(time.Hour+300*ms)) // and 0: 6
	require.Equal(t, at(time.Hour+436*ms), m.Deadline())
	m.Heartbeat(beat(2), at(time.Hour+308*ms)) // 12, 0, 108: 40, of which the next heartbeat hears
	require.Equal(t, at(time.Hour+436*ms), m.Deadline())
	require.Equal(t, at(time.Hour+440*ms), m.Arrival(4))
	c := m.Clone()
	m.Heartbeat(beat(4), at(time.Hour+403*ms)) // 0, 108, 3: 37
	require.Equal(t, at(time.Hour+567*ms), m.Deadline())
	require.Equal(t, at(time.Hour+436*ms), c.Deadline())
	m.Heartbeat(detector.Heartbeat{Incarnation: 2}, at(2*time.Hour))
	require.Equal(t, at(2*time.Hour+130*ms), m.Deadline(), "another life, another schedule")
	m.Heartbeat(beat(5), at(2*time.Hour+1))
	require.Equal(t, at(2*time.Hour+100*ms), m.Arrival(1))
}

// Intervals of 90 and 110 ms in turn: mean 100, standard deviation 10.
func TestAccrualMonitors(t *testing.T) {
	feed := func(m detector.Accrual) sim.Local {
		now := sim.Local(0)
		for i := range int64(21) {
			m.Heartbeat(beat(i), now)
			now += at(90*ms) + at(20*ms)*sim.Local(i%2)
		}
		return 20 * at(100*ms)
	}
	for level, want := range map[float64]float64{1: 112.82, 3: 130.90, 5: 142.65, 8: 156.12} {
		m := detector.NewNormal(0, 100*ms, 20, level, 0)
		last := feed(m)
		require.InDelta(t, want, float64(m.Deadline()-last)/1e6, 0.005)
		require.InDelta(t, level, m.Phi(m.Deadline()), 1e-6)
		require.InDelta(t, math.Log10(2), m.Phi(last+at(100*ms)), 1e-9)

		e := detector.NewExponential(0, 100*ms, 20, level)
		last = feed(e)
		require.InDelta(t, level*math.Ln10*100, float64(e.Deadline()-last)/1e6, 1e-5)
		require.InDelta(t, level, e.Phi(e.Deadline()), 1e-7)
	}
	wide := detector.NewNormal(0, 100*ms, 20, 1, 20*ms)
	last := feed(wide)
	require.InDelta(t, 100+2*12.8155, float64(wide.Deadline()-last)/1e6, 0.001, "the least standard deviation")
}

// Before any interval is known the window has two made up ones; an outage of the node is no interval.
func TestAccrualWindow(t *testing.T) {
	m := detector.NewNormal(0, 100*ms, 4, 1, 0)
	require.InDelta(t, 100+25*1.28155, float64(m.Deadline())/1e6, 0.001, "75 and 125 ms")
	m.Heartbeat(beat(0), at(10*ms))
	require.InDelta(t, 110+25*1.28155, float64(m.Deadline())/1e6, 0.001)
	for i := range int64(4) {
		m.Heartbeat(beat(i+1), at(110*ms+time.Duration(i)*100*ms))
	}
	require.Equal(t, at(510*ms), m.Deadline(), "no spread: the mean")
	require.Zero(t, m.Phi(at(510*ms)))
	require.Equal(t, math.Inf(1), m.Phi(at(510*ms)+1))
	m.Heartbeat(detector.Heartbeat{Incarnation: 1}, at(time.Minute))
	require.Equal(t, at(time.Minute+100*ms), m.Deadline())
	require.NotPanics(t, func() { detector.NewNormal(0, 100*ms, 1, 1, 0) })
}
