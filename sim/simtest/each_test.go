package simtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lightcone/sim"
)

func TestEachReportsTheFirstFailure(t *testing.T) {
	var ran []uint64
	got := failures("TestByHand", func(t testing.TB) {
		each(t, 5, request{}, func(seed uint64, _ []sim.Observer) error {
			ran = append(ran, seed)
			if seed%2 == 0 {
				return fmt.Errorf("seed %d is even", seed)
			}
			return nil
		})
	})
	if want := []uint64{1, 2, 3, 4, 5}; !slices.Equal(ran, want) {
		t.Errorf("ran seeds %v, want %v", ran, want)
	}
	for _, want := range []string{"seed 2 is even", "-run '^TestByHand$' ./sim/simtest -sim.seed=2", "2 of 5 seeds failed: 2 4"} {
		if !strings.Contains(got, want) {
			t.Errorf("the failure is %q, want it to contain %q", got, want)
		}
	}
}

func TestEachLogs(t *testing.T) {
	f := &fakeT{name: "TestByHand"}
	each(f, 1, request{verbose: true}, func(seed uint64, log []sim.Observer) error {
		cfg := diceConfig(-1)
		cfg.Seed, cfg.Observers = seed, log
		w, err := sim.New(cfg)
		if err != nil {
			return err
		}
		return w.Run().Err
	})
	if want := fmt.Sprintf("n0 notes: %d", throws(1)[0]); !strings.Contains(strings.Join(f.logs, "\n"), want) {
		t.Errorf("the log is %q, want it to contain %q", f.logs, want)
	}
}
