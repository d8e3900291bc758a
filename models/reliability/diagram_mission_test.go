package reliability_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/models/reliability"
)

func mission(t *testing.T, text string, hours float64) reliability.Mission {
	t.Helper()
	m, err := diagram(text).Mission(hours)
	require.NoError(t, err)
	return m
}

// TestMissionOfOnePart compares with the closed forms of an alternating renewal process with exponential times.
func TestMissionOfOnePart(t *testing.T) {
	const lambda, mu, hours = 1. / 1000, 1. / 4, 720.
	m := mission(t, "x(mttf=1000h, mttr=4h)", hours)
	r := lambda + mu
	require.InEpsilon(t, -math.Expm1(-lambda*hours), m.Unrepaired, 1e-13)
	require.InEpsilon(t, -math.Expm1(-lambda*hours), m.Failed, 1e-10)
	require.True(t, m.Exact)
	require.InEpsilon(t, lambda/r*-math.Expm1(-r*hours), m.Unavailability, 1e-13)
	down := lambda/r*hours + lambda/(r*r)*math.Expm1(-r*hours)
	require.InEpsilon(t, down, m.Downtime, 1e-11)
	require.InEpsilon(t, lambda*(hours-down), m.Failures, 1e-11)
	require.LessOrEqual(t, m.FailedLow, m.Failed)
	require.LessOrEqual(t, m.Failed, m.FailedHigh)
}

// TestMissionOfWhatIsMostlyDown needs all digits of a small probability of being up: the part fails at once, and then as
// often as it is repaired.
func TestMissionOfWhatIsMostlyDown(t *testing.T) {
	m := mission(t, "x(mttf=1e-9h, mttr=1e9h)", 1000)
	require.InEpsilon(t, 1+1000/1e9, m.Failures, 1e-8)
}

// TestMissionOfTwoInParallel solves the three states of the chain by hand: F(t) of two parts alike in parallel.
func TestMissionOfTwoInParallel(t *testing.T) {
	const lambda, mu, hours = 1. / 100, 1. / 2, 300.
	m := mission(t, "parallel(2 * x(mttf=100h, mttr=2h))", hours)
	s := math.Sqrt(lambda*lambda + 6*lambda*mu + mu*mu)
	r1, r2 := (3*lambda+mu+s)/2, (3*lambda+mu-s)/2
	alive := (r1*math.Exp(-r2*hours) - r2*math.Exp(-r1*hours)) / (r1 - r2) // Rausand and Hoyland 2004, section 8.7
	require.InEpsilon(t, 1-alive, m.Failed, 1e-9)
	once := -math.Expm1(-lambda * hours)
	require.InEpsilon(t, once*once, m.Unrepaired, 1e-12)
	require.LessOrEqual(t, m.FailedLow, m.Failed)
	require.LessOrEqual(t, m.Failed, m.FailedHigh)
}

// TestMissionTooLargeForAChain compares Vesely's approximation with the chain of one part less.
func TestMissionTooLargeForAChain(t *testing.T) {
	small := mission(t, "parallel(2 * x(mttf=1000h, mttr=1h))", 720)
	large := mission(t, "series(parallel(2 * x(mttf=1000h, mttr=1h)), 9 * y(mttf=1e12h, mttr=1h))", 720)
	require.True(t, small.Exact)
	require.False(t, large.Exact)
	require.InEpsilon(t, small.Failed, large.Failed, 2e-3)
}

func TestMissionWantsMeanTimes(t *testing.T) {
	_, err := diagram("series(0.9, x(mttf=1h, mttr=1h))").Mission(10)
	require.EqualError(t, err, `reliability: Mission: part "part1" has no MTTF and MTTR, want both`)
	_, err = diagram("x(mttf=1h, mttr=1h)").Mission(0)
	require.EqualError(t, err, `reliability: Mission: hours is 0, want more than 0, and finite`)
}

// TestLifetime compares with the closed forms of k of n: sums of 1/i.
func TestLifetime(t *testing.T) {
	for text, want := range map[string]float64{
		"x(mttf=1000h, mttr=1h)":                              1000,
		"series(4 * x(mttf=1000h, mttr=1h))":                  250,
		"parallel(3 * x(mttf=1000h, mttr=1h))":                1000. * (1 + 1./2 + 1./3),
		"kofn(2, 3 * x(mttf=1000h, mttr=1h))":                 1000. * (1./2 + 1./3),
		"kofn(3, 5 * x(mttf=1000h, mttr=1h))":                 1000. * (1./3 + 1./4 + 1./5),
		"parallel(a(mttf=10h, mttr=1h), b(mttf=1y, mttr=1h))": 10 + 8760 - 1/(1./10+1./8760),
	} {
		got, err := diagram(text).Lifetime()
		require.NoError(t, err)
		require.InEpsilon(t, want, got, 1e-12, text)
	}
	require.InEpsilon(t, reliability.MarshallOlkinMTTF(1./1000, 1./800, 1./20000), must1(
		diagram("parallel(in(both(mttf=20000h, mttr=1h), a(mttf=1000h, mttr=1h), b(mttf=800h, mttr=1h)))").Lifetime()), 1e-12)
}

func must1(x float64, err error) float64 {
	must(err)
	return x
}
