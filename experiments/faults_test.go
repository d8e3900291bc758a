package experiments

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"lightcone/sim"
	"lightcone/sim/trace"
)

// The gallery has each fault that a scenario can ask for, and its pictures say so in words.
func TestGalleryShowsEveryFault(t *testing.T) {
	s, study, err := Open("faults")
	require.NoError(t, err)
	for _, form := range faultForms {
		switch form.kind {
		case "resume", "heal": // what `for` does
			continue
		}
		require.True(t, hasFault(s, form.kind), "no %s in the scenario", form.kind)
	}
	p, err := s.Plan(1)
	require.NoError(t, err)
	o, err := p.Execute(Execution{Study: study, Record: true})
	require.NoError(t, err)
	require.Equal(t, sim.Pass, o.Verdict())

	kinds, causes, duplicates := map[sim.Kind]int{}, map[sim.Cause]int{}, 0
	for _, e := range o.Trace.Events {
		kinds[e.Kind]++
		if e.Kind == sim.Drop {
			causes[e.Cause]++
		}
		if e.Kind == sim.Deliver && e.Copy > 0 {
			duplicates++
		}
	}
	for _, k := range []sim.Kind{sim.Crashed, sim.Recovered, sim.Paused, sim.Resumed, sim.CutMade, sim.CutHealed, sim.WallStepped} {
		require.Positive(t, kinds[k], k)
	}
	for _, c := range []sim.Cause{sim.Loss, sim.Partition, sim.Dead, sim.Corrupt, sim.Overflow} {
		require.Positive(t, causes[c], c)
	}
	require.Positive(t, duplicates)

	var text bytes.Buffer
	require.NoError(t, trace.Write(&text, o.Trace, "text", o.Picture))
	for _, e := range p.Faults {
		switch e.Action.(type) {
		case sim.Condition, sim.LoseDisk, sim.OldDisk, sim.Backup, sim.Rot, sim.StepClock:
			require.Contains(t, text.String(), e.Action.String(), "the picture in text")
		}
	}
	for format, words := range map[string][]string{
		"text": {"n1 crashes", "n1 recovers", "n2 pauses", "n2 resumes", "partition split begins", "partition split heals", "cannot reach",
			"n0's wall clock steps by -40ms", "the network loses it", "a partition stops it", "the receiver is down", "damaged", "a queue is full", "duplicate",
			"is durable", "the crash loses n0's write"},
		"svg": {">crash<", ">recovers<", ">pause<", ">resumes<", ">partition split ", ">partition mute ", ">wall -40ms<",
			">loss<", ">partition<", ">dead<", ">corrupt<", ">overflow<", ">duplicate<", ">write lost or torn<"},
		"html": {"crash", "recover", "pause", "resume", "split", "mute", "wall-step", "loss", "partition", "dead", "corrupt", "overflow", "durable", "write-lost"},
	} {
		var b bytes.Buffer
		require.NoError(t, trace.Write(&b, o.Trace, format, o.Picture))
		for _, w := range words {
			require.Contains(t, b.String(), w, format)
		}
	}
}

func hasFault(s *Scenario, kind string) bool {
	for i := range s.Faults {
		if s.Faults[i].Kind == kind {
			return true
		}
	}
	return false
}
