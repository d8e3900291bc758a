package experiments

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDigests compares the digests of the built-in scenarios with those of testdata/digests.txt. The file is the same
// on every platform: this is the test that is run on all of them.
func TestDigests(t *testing.T) {
	const golden = "testdata/digests.txt"
	var b bytes.Buffer
	for _, study := range Studies() {
		for seed := uint64(1); seed <= seedsOf(study); seed++ {
			digest := digestOf(t, study, seed)
			if seed <= 2 {
				require.Equal(t, digest, digestOf(t, study, seed), "%s, seed %d, run twice", study.Name(), seed)
			}
			fmt.Fprintf(&b, "%s %d %016x\n", study.Name(), seed, digest)
		}
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// seedsOf is how many seeds of a study are pinned: fewer of those whose runs are long.
func seedsOf(s Study) uint64 {
	if p, err := openStudy(s); err == nil && (p.Clients != nil || p.Availability != nil) {
		return 5
	}
	return 20
}

func digestOf(t *testing.T, study Study, seed uint64) uint64 {
	t.Helper()
	s, err := openStudy(study)
	require.NoError(t, err)
	p, err := s.Plan(seed)
	require.NoError(t, err)
	o, err := p.Execute(Execution{Quick: true})
	require.NoError(t, err)
	require.NoError(t, o.Result.Err)
	require.False(t, failed(o.Verdict()), "%s, seed %d: %v", study.Name(), seed, o.Verdicts)
	return o.Result.Digest
}
