package clock

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/models/dist"
	"lightcone/sim"
)

func walk(t testing.TB, offset time.Duration, drift PPB, law Walk, seed uint64) *RandomWalk {
	t.Helper()
	w, err := NewRandomWalk(offset, drift, law, sim.NewRand(seed))
	require.NoError(t, err)
	return w
}

// gentle wanders by about 1 ppm a second; wild hits its bounds all the time.
var (
	gentle = Walk{Every: time.Second, Step: dist.Normal{SD: 1}, Max: 100 * PPM}
	wild   = Walk{Every: 7 * time.Microsecond, Step: dist.Normal{SD: 400_000}, Max: MaxDrift}
)

// obvious is the walk's reading by its definition: the sum of what each piece adds, in arithmetic of unlimited
// precision.
func obvious(offset time.Duration, drift PPB, law Walk, seed uint64, at sim.Time) sim.Local {
	r := sim.NewRand(seed)
	sum := new(big.Int)
	for from := sim.Time(0); ; from += sim.Time(law.Every) {
		d := min(at-from, sim.Time(law.Every))
		sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(d)), big.NewInt(billion+int64(drift))))
		if at <= from+sim.Time(law.Every) {
			return sim.Local(sum.Div(sum, big.NewInt(billion)).Int64()) + sim.Local(offset)
		}
		drift = max(-law.Max, min(drift+FromPPM(law.Step.Sample(&r)), law.Max))
	}
}

func TestRandomWalkIsTheSumOfItsPieces(t *testing.T) {
	for _, law := range []Walk{gentle, wild} {
		w := walk(t, time.Minute, 3*PPM, law, 1)
		r := sim.NewRand(2)
		for range 200 {
			at := sim.Time(r.Duration(0, 500*law.Every))
			require.Equal(t, obvious(time.Minute, 3*PPM, law, 1, at), w.Read(at), "at %v", at)
		}
	}
}

func TestRandomWalkReadAndWhenAreInverse(t *testing.T) {
	for name, law := range map[string]Walk{
		"gentle": gentle, "wild": wild,
		"ns":   {Every: 1, Step: dist.Normal{SD: 300_000}, Max: 900_000 * PPM},
		"long": {Every: math.MaxInt64 / 3, Step: dist.Normal{SD: 100}, Max: MaxDrift},
	} {
		t.Run(name, func(t *testing.T) {
			w := walk(t, -time.Hour, 0, law, 3)
			r := sim.NewRand(4)
			for range 100 {
				checkInverse(t, w, sim.Time(r.Duration(0, min(law.Every, math.MaxInt64/300)*300)))
			}
			for k := range sim.Time(200) { // where two pieces meet
				if at := k * sim.Time(law.Every); at/sim.Time(law.Every) == k && at >= 0 {
					checkInverse(t, w, at)
				}
			}
		})
	}
}

// The walk ends after maxPieces steps and its last drift stays: times far away cost no more.
func TestRandomWalkEnds(t *testing.T) {
	w := walk(t, 0, 0, wild, 5)
	end := sim.Time(maxPieces * wild.Every)
	for _, at := range []sim.Time{end - 1, end, end + 1, 2 * end, sim.Never / 2} {
		checkInverse(t, w, at)
	}
	require.Equal(t, w.Drift(end), w.Drift(sim.Never))
	require.Len(t, w.marks, maxPieces/stride+1)
	checkFirst(t, w, math.MaxInt64)
}

func TestRandomWalkStaysInBounds(t *testing.T) {
	law := Walk{Every: time.Second, Step: dist.Normal{SD: 10}, Max: 25 * PPM}
	w := walk(t, 0, 1000*PPM, law, 6)
	require.Equal(t, law.Max, w.Drift(0), "the first drift is held within the bounds too")
	var low, high, inside int
	for k := range sim.Time(5000) {
		switch d := w.Drift(k * sim.Time(time.Second)); {
		case d == -law.Max:
			low++
		case d == law.Max:
			high++
		default:
			require.Less(t, max(d, -d), law.Max)
			inside++
		}
	}
	require.NotZero(t, low, "the lower bound is reached")
	require.NotZero(t, high, "the upper bound is reached")
	require.NotZero(t, inside)
}

// A clock whose drift stays within Max is never wrong by more than its offset and Max times the time, and one that
// always steps the same way is.
func TestRandomWalkReachesItsErrorBound(t *testing.T) {
	const offset, most = 3 * time.Second, 25 * PPM
	wrong := func(step dist.Dist, drift PPB, at sim.Time) time.Duration {
		w := walk(t, offset, drift, Walk{Every: time.Second, Step: step, Max: most}, 6)
		return w.Read(at).Sub(sim.Local(at))
	}
	for _, at := range []sim.Time{1, sim.Time(ms), sim.Time(time.Second), sim.Time(time.Hour) + 1} {
		bound := (int64(at)*int64(most) + billion - 1) / billion
		for _, drift := range []PPB{-most, 0, most} {
			require.LessOrEqual(t, int64((wrong(dist.Normal{SD: 10}, drift, at) - offset).Abs()), bound, "at %v", at)
		}
		require.Equal(t, int64(offset)+int64(at)*int64(most)/billion, int64(wrong(dist.Constant{Value: 50}, most, at)), "fast, at %v", at)
		require.Equal(t, int64(offset)-bound, int64(wrong(dist.Constant{Value: -50}, -most, at)), "slow, at %v", at)
	}
}

// Far from its bounds the drift after n steps has mean 0 and n times the variance of a step.
func TestRandomWalkSpreads(t *testing.T) {
	const steps, walks, sd = 50, 2000, 2.0
	law := Walk{Every: time.Second, Step: dist.Normal{SD: sd}, Max: MaxDrift}
	var sum, squares float64
	for seed := range uint64(walks) {
		x := float64(walk(t, 0, 0, law, seed).Drift(sim.Time(steps*time.Second))) / 1000
		sum += x
		squares += x * x
	}
	variance := steps * sd * sd
	require.InDelta(t, 0, sum/walks, 4*math.Sqrt(variance/walks))
	require.InDelta(t, variance, squares/walks, 4*variance*math.Sqrt(2.0/walks)) // of a normal's sample variance
}

// A reading depends on nothing that was read before: forwards, backwards or by a clone.
func TestRandomWalkIsAFunctionOfItsStream(t *testing.T) {
	r := sim.NewRand(7)
	ats := make([]sim.Time, 300)
	for i := range ats {
		ats[i] = sim.Time(r.Duration(0, time.Hour))
	}
	jumping := walk(t, 0, 0, gentle, 8)
	for i, at := range ats {
		want := walk(t, 0, 0, gentle, 8).Read(at)
		require.Equal(t, want, jumping.Read(at))
		require.Equal(t, want, jumping.CloneClock().Read(at))
		if i%10 == 0 {
			jumping.When(sim.Local(2 * at))
		}
	}
}

func TestRandomWalkClonesAreIndependent(t *testing.T) {
	a := walk(t, 0, 0, gentle, 9)
	a.Read(sim.Time(time.Minute))
	b := a.CloneClock()
	want := walk(t, 0, 0, gentle, 9)
	for k := range sim.Time(300) {
		at := k * sim.Time(time.Minute)
		require.Equal(t, want.Read(at), a.Read(at))
		require.Equal(t, want.Read(2*at), b.Read(2*at))
	}
}

func TestWalkValidateReportsAllProblems(t *testing.T) {
	require.EqualError(t, Walk{Every: -1, Max: -5}.Validate(), "clock: Walk.Every is -1ns, want more than 0\n"+
		"clock: Walk.Max is -0.005ppm, want 0ppm to 999999.999ppm\n"+
		"clock: Walk.Step is nil, want a distribution")
	require.ErrorContains(t, Walk{Every: 1, Step: dist.Normal{SD: -1}}.Validate(), "clock: Walk.Step: dist: Normal.SD is -1")
	_, err := NewRandomWalk(0, 0, Walk{}, sim.NewRand(1))
	require.Error(t, err)
}

func BenchmarkRandomWalk(b *testing.B) {
	w := walk(b, 0, 0, Walk{Every: 10 * ms, Step: dist.Normal{SD: 1}, Max: 100 * PPM}, 1)
	b.ReportAllocs()
	var sum sim.Time
	for at := sim.Time(0); b.Loop(); at += 1000 {
		sum += w.When(w.Read(at) + 5_000_000)
	}
	_ = sum
}
