package experiments

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The fluid by hand: 40 operations a second of 100, eight seconds, asked for once: 0.67 and 320 wait, 50 may, and the rest
// drains by 60 a second; (40+100)/60^2 for the last crossing, 0.45 of a second more. Asked for twice, 0.67 and 40*2*(8-0.25),
// less 100, at 20 a second; (160+100)/20^2.
func TestOverloadFluid(t *testing.T) {
	f := overloadFluid{asked: 40, served: 100, attempts: 1, timeout: 0.5, outage: 8}
	require.InDelta(t, (2.0/3+320-50)/60+140.0/3600+0.45, f.recovery(), 1e-9)
	f.attempts = 2
	require.InDelta(t, (2.0/3+620-100)/20+260.0/400+0.45, f.recovery(), 1e-9)
	require.Equal(t, 80.0, f.arriving())
	f.attempts, f.budgets = 1, 60
	require.InDelta(t, (2.0/3+60+320-50)/60+140.0/3600+0.45, f.recovery(), 1e-9)
}

// The fluid of a scenario, by hand: of ten tokens four failures leave 9, 8, 7 and 6, each more than half and followed by a
// retry, and the fifth leaves 5; of nine, 8, 7, 6 and 5 are more than 4.5; of one there is nothing to take.
func TestFluidOfAScenario(t *testing.T) {
	for tokens, retries := range map[string]float64{"10": 4, "9": 4, "3": 1, "1": 0} {
		s, _, err := Open("retry-storm", "clients.retry.budget={tokens: "+tokens+", ratio: 0.1}")
		require.NoError(t, err)
		f, ok := s.overloadFluid()
		require.True(t, ok)
		require.InDelta(t, 70, f.asked, 1e-9)
		f.asked = 70
		require.Equal(t, overloadFluid{asked: 70, served: 100, attempts: 1, timeout: 0.5, outage: 8, budgets: 50 * retries}, f, tokens)
	}
}

// An overload that does not end has no time in which it does: 70 operations a second of 100, asked for four times, and once.
func TestRetryStormExpects(t *testing.T) {
	expect := func(policy string) []Expectation {
		s, err := NewSweep("retry-storm", SweepOptions{Vary: []string{"policy=" + policy}})
		require.NoError(t, err)
		list, err := retryStorm{}.Expect(s, s.Point(0))
		require.NoError(t, err)
		return list
	}
	require.Empty(t, expect("at once"))
	require.Empty(t, expect("deadlines"))
	once := expect("no retry")
	require.Len(t, once, 1)
	require.InDelta(t, (70*8+70./30-50)/30+170./900+0.45, once[0].Expected, 1e-9)
}

// The fluid is claimed for an outage of the kind that it is about, and nothing else.
func TestFluidIsNotVacuous(t *testing.T) {
	of := func(sets ...string) bool {
		s, _, err := Open("retry-threshold", sets...)
		require.NoError(t, err)
		_, ok := s.overloadFluid()
		return ok
	}
	require.True(t, of())
	require.True(t, of("clients.retry={policy: none}"))
	require.True(t, of("clients.retry.budget={tokens: 10, ratio: 0.1}"))
	for _, set := range []string{"params.queue=30", "params.discipline=lifo", "clients.propagate=true", "clients.deadline=1s", "clients.retry.budget={tokens: 1000, ratio: 0.1}", "faults[0].kind=crash", "network.loss=0.1", "network.duplicate=0.1",
		"network.latency=100ms", "network.latency=uniform(0ms, 1ms)", "until=a request waits", "params.good=1s", "clients.retry.attempts=5", "params.workers=2",
		"clients.retry={policy: full-jitter, base: 10ms, attempts: 4}", "faults=[]", "clients.workload={think: 1s}", "params.law=constant"} {
		require.False(t, of(set), set)
	}
}

// A study of an overload is about that protocol.
func TestRetryStormRefuses(t *testing.T) {
	requireRefusal(t, `protocol is "kv", want overload`, "retry-storm", "protocol=kv", "params=null", "checks=null", "vary=null", "expect=null", "plot=null", "baseline=null", "measure=null")
	requireRefusal(t, `protocol is "pingpong", want contention`, "backoff-contention", "protocol=pingpong", "params=null", "vary=null", "plot=null", "baseline=null", "measure=null")
}
