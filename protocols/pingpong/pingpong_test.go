package pingpong_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lightcone/protocols/pingpong"
	"lightcone/sim"
	"lightcone/sim/simtest"
)

// lossy is a network that loses each message with probability p, and delivers the others after 10 ms.
type lossy float64

func (p lossy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	if r.Bool(float64(p)) {
		return append(dst, sim.Copy{Cause: sim.Loss})
	}
	return append(dst, sim.Copy{Delay: 10 * time.Millisecond})
}

// untidy delivers everything twice, after 1 to 60 ms each.
type untidy struct{}

func (untidy) Route(dst []sim.Copy, _ *sim.Packet, r *sim.Rand) []sim.Copy {
	late := func() sim.Copy { return sim.Copy{Delay: r.Duration(time.Millisecond, 60*time.Millisecond)} }
	return append(dst, late(), late())
}

func config(rounds int, network sim.Network) sim.Config {
	return sim.Config{
		Nodes: 2,
		New: func(sim.NodeID) sim.Process {
			return &pingpong.Process{Rounds: rounds, Retry: 25 * time.Millisecond}
		},
		Network:    network,
		Properties: pingpong.Properties(),
	}
}

// repeated holds once some Ping has been sent twice: what these tests are about.
var repeated = sim.Property{Name: "a ping is repeated", Mode: sim.Sometimes, Check: func(v sim.View) error {
	if p, ok := v.Process(0).(*pingpong.Process); ok && p.Asked > p.Round+1 {
		return nil
	}
	return errors.New("every ping was answered in time")
}}

func TestAllRoundsArePlayedDespiteLoss(t *testing.T) {
	cfg := config(20, lossy(0.3))
	cfg.Properties = append(cfg.Properties, repeated)
	simtest.Run(t, cfg, simtest.Options{})
}

func TestAllRoundsArePlayedDespiteDuplicatesAndReordering(t *testing.T) {
	cfg := config(20, untidy{})
	cfg.Properties = append(cfg.Properties, repeated)
	simtest.Run(t, cfg, simtest.Options{})
}

func TestNothingGetsThroughIsALivenessFailure(t *testing.T) {
	cfg := config(1, lossy(1))
	cfg.Until = sim.Time(time.Second)
	w, err := sim.New(cfg)
	require.NoError(t, err)
	require.Equal(t, sim.Liveness, w.Run().Verdict)
}

// A round takes as many Pings as a geometric variable with success probability q = (1-p)^2 takes trials: mean 1/q,
// variance (1-q)/q^2.
func TestPingsPerRound(t *testing.T) {
	for _, p := range []float64{0, 0.05, 0.2, 0.5} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			const rounds = 20_000
			cfg := config(rounds, lossy(p))
			w, err := sim.New(cfg)
			require.NoError(t, err)
			require.NoError(t, w.Run().Err)
			q := (1 - p) * (1 - p)
			got := float64(w.View().Process(0).(*pingpong.Process).Asked) / rounds
			standardError := math.Sqrt((1-q)/(q*q)) / math.Sqrt(rounds)
			require.InDelta(t, 1/q, got, 4*standardError)
		})
	}
}

// A lossless round takes exactly one round trip.
func TestRoundsFollowEachOther(t *testing.T) {
	w, err := sim.New(config(7, sim.ConstantDelay(10*time.Millisecond)))
	require.NoError(t, err)
	r := w.Run()
	require.NoError(t, r.Err)
	for _, p := range r.Properties {
		if p.Mode == sim.Eventually {
			require.Equal(t, sim.Time(7*20*time.Millisecond), p.Time)
		}
	}
}

func TestHandlers(t *testing.T) {
	p := &pingpong.Process{Rounds: 2, Retry: time.Second}
	r := simtest.Record(t, p, 0, 2)
	require.Equal(t, simtest.Effects{
		Sends:  []simtest.Sent{{To: 1, Message: pingpong.Ping{Round: 0}}},
		Timers: []simtest.Armed{{After: time.Second}},
	}, r.Init())
	require.Equal(t, simtest.Effects{
		Sends:   []simtest.Sent{{To: 1, Message: pingpong.Ping{Round: 1}}},
		Timers:  []simtest.Armed{{After: time.Second}},
		Stopped: []any{nil},
	}, r.Receive(1, pingpong.Pong{Round: 0}))
	require.Empty(t, r.Receive(1, pingpong.Pong{Round: 0}), "a second answer to round 0")
	require.Equal(t, []any{nil}, r.Receive(1, pingpong.Pong{Round: 1}).Stopped)
	require.Equal(t, 2, p.Round)
}

func TestScripts(t *testing.T) {
	simtest.Scripts(t, "testdata", func(int, []string) (sim.Config, error) {
		return config(2, sim.ConstantDelay(10*time.Millisecond)), nil
	})
}

func TestContract(t *testing.T) {
	simtest.TestProcess(t, config(20, lossy(0.3)))
}

func TestTheTemplateIsShort(t *testing.T) {
	text, err := os.ReadFile("pingpong.go")
	require.NoError(t, err)
	require.LessOrEqual(t, bytes.Count(text, []byte("\n")), 40)
}
