package experiments

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"lightcone/sim"
)

// trailSteps is the most steps of a trail: a run of up to so many records is followed record by record, one of up to
// twice as many every two records, and so on.
const trailSteps = 1 << 14

// Trail is how the digest grew: 16 bits of it after every Every records. Two runs that part keep different digests
// from then on, so the first step that differs tells where.
type Trail struct {
	Every   uint64 // a power of two
	Records uint64 // how many the run had
	Steps   []uint16
}

// trailObserver records a Trail.
type trailObserver struct {
	world *sim.World
	trail Trail
	last  uint64
}

func newTrailObserver() *trailObserver { return &trailObserver{trail: Trail{Every: 1}} }

// Wants all records. A badge is not one of its own.
func (t *trailObserver) Wants(k sim.Kind) bool { return k != sim.BadgeSet }

// Observe adds a step when enough records have passed.
func (t *trailObserver) Observe(e *sim.Event) {
	if t.world == nil || e.ID == t.last || e.ID%t.trail.Every != 0 {
		return
	}
	t.last = e.ID
	t.trail.Steps = append(t.trail.Steps, uint16(t.world.Digest()))
	if len(t.trail.Steps) == trailSteps {
		t.trail.halve()
	}
}

func (t *trailObserver) finish(r *sim.Result) Trail {
	t.trail.Records = r.Records
	return t.trail
}

// halve keeps every other step.
func (t *Trail) halve() {
	kept := t.Steps[:0]
	for i := 1; i < len(t.Steps); i += 2 {
		kept = append(kept, t.Steps[i])
	}
	t.Steps = kept
	t.Every *= 2
}

// part returns the first and the last record among which two runs parted; ok is false if their trails do not tell.
func (t Trail) part(u Trail) (first, last uint64, ok bool) {
	for t.Every < u.Every {
		t = t.coarser()
	}
	for u.Every < t.Every {
		u = u.coarser()
	}
	for i := range min(len(t.Steps), len(u.Steps)) {
		if t.Steps[i] != u.Steps[i] {
			return uint64(i)*t.Every + 1, uint64(i+1) * t.Every, true
		}
	}
	same := uint64(min(len(t.Steps), len(u.Steps))) * t.Every
	return same + 1, max(min(t.Records, u.Records), same) + 1, t.Records != u.Records
}

// coarser is the trail with every other step left out.
func (t Trail) coarser() Trail {
	t.Steps = append([]uint16(nil), t.Steps...)
	t.halve()
	return t
}

// text is the steps in base64, two bytes each, the high one first.
func (t Trail) text() string {
	b := make([]byte, 0, 2*len(t.Steps))
	for _, s := range t.Steps {
		b = binary.BigEndian.AppendUint16(b, s)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// parseSteps reads what text wrote.
func parseSteps(s string) ([]uint16, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, err
	}
	if len(b)%2 != 0 {
		return nil, fmt.Errorf("experiments: trail has %d bytes, want an even number", len(b))
	}
	steps := make([]uint16, len(b)/2)
	for i := range steps {
		steps[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return steps, nil
}
