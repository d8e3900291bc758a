package experiments

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/experiments/batch"
)

var allFigures = flag.Bool("experiments.figures", false, "draw the figures of every study, not only of those that take a second or two")

// Studies that run hundreds or thousands of worlds: those that only -experiments.figures and -update run, and those
// that -short leaves out too.
var (
	largeStudies  = []string{"availability-raft", "backoff-contention", "byzantine-thresholds", "checkpoint-interval", "detectors", "durability", "gossip-rounds", "replicas-and-zones", "retry-storm", "retry-threshold"}
	mediumStudies = []string{"failover", "quorum-staleness"}
)

// TestFigures compares the committed figures of each study, those of seed 1, with what the code draws, and what its page
// says that it found with what it finds: byte for byte.
func TestFigures(t *testing.T) {
	for _, study := range Studies() {
		if hunted(study) {
			continue
		}
		t.Run(study.Name(), func(t *testing.T) {
			large, medium := slices.Contains(largeStudies, study.Name()), slices.Contains(mediumStudies, study.Name())
			if large && !*allFigures && !*update || medium && testing.Short() {
				t.Skip("the study runs hundreds of worlds")
			}
			t.Parallel()
			s, err := openStudy(study)
			require.NoError(t, err)
			p, err := s.Plan(1)
			require.NoError(t, err)
			o, err := p.Execute(Execution{Study: study, Record: true})
			require.NoError(t, err)
			require.False(t, failed(o.Verdict()), "%v", o.Verdicts)
			files, err := o.ResultFiles()
			require.NoError(t, err)
			text := foundByRun(o, keepCommitted(t, study.Name(), files))
			if len(s.Vary) > 0 {
				w := sweepAsDeclared(t, study.Name())
				files, err := w.ResultFiles()
				require.NoError(t, err)
				text = foundBySweep(w, keepCommitted(t, study.Name(), files)) + text
			}
			requireGenerated(t, filepath.Join(study.Name(), pageName), text)
		})
	}
}

// keepCommitted compares figures and tables with those that are committed, or writes them, and returns them. Of a sweep
// only the summary is committed, not the row of every run.
func keepCommitted(t *testing.T, name string, files []File) (shown []File) {
	t.Helper()
	for _, f := range files {
		if ext := filepath.Ext(f.Name); ext != ".svg" && ext != ".png" && ext != ".csv" || f.Name == "runs.csv" {
			continue
		}
		shown = append(shown, f)
		committed := filepath.Join(name, f.Name)
		if *update {
			require.NoError(t, os.WriteFile(committed, f.Data, 0o644))
		}
		want, err := os.ReadFile(committed)
		require.NoError(t, err)
		require.True(t, string(want) == string(f.Data), "%s is not what the code draws: run make figures and look at the difference", committed)
	}
	return shown
}

// sweepAsDeclared runs a study's sweep as it is declared, of which nothing may fail and all must be as expected.
func sweepAsDeclared(t *testing.T, name string) *Swept {
	t.Helper()
	s, err := NewSweep(name, SweepOptions{})
	require.NoError(t, err)
	records, err := batch.Run(t.Context(), t.TempDir(), s.Task(), batch.Options{})
	require.NoError(t, err)
	w, err := s.Results(records)
	require.NoError(t, err)
	_, failed := w.Runs()
	require.Zero(t, failed)
	for _, e := range w.Expectations {
		require.True(t, e.Finding().AsExpected(), "%s %+v", s.Point(e.Point).Label, e)
	}
	return w
}
