package quorum

import (
	"fmt"
	"slices"
)

// Bug is a fault of implementation, planted on purpose; the zero Bug is none.
type Bug string

// The bugs. Those of a name that both protocols know are the same mistake in both. The catalog says what is wrong with each,
// and what catches it.
const (
	ReadQuorumShort  Bug = "read-quorum-short"
	AckEarly         Bug = "ack-early"
	AckBeforeDurable Bug = "ack-before-durable"
	StampsForgotten  Bug = "stamps-forgotten"
	CallsReused      Bug = "calls-reused"
	BlindStore       Bug = "blind-store"

	HintsForgotten  Bug = "hints-forgotten"
	RepairBackwards Bug = "repair-backwards"
	NoTieBreak      Bug = "no-tie-break"
	CollectEarly    Bug = "collect-early"
	SiblingsDropped Bug = "siblings-dropped"

	NoWriteBack Bug = "no-write-back"
	NoQuery     Bug = "no-query"
)

var (
	dynamoBugs = []Bug{ReadQuorumShort, AckEarly, AckBeforeDurable, CallsReused, BlindStore, StampsForgotten, HintsForgotten, RepairBackwards,
		NoTieBreak, CollectEarly, SiblingsDropped}
	abdBugs = []Bug{ReadQuorumShort, AckEarly, AckBeforeDurable, StampsForgotten, CallsReused, BlindStore, NoWriteBack, NoQuery}
)

// validate reports a bug that is not among those that a protocol knows.
func (b Bug) validate(config string, known []Bug) error {
	if b == "" || slices.Contains(known, b) {
		return nil
	}
	return fmt.Errorf("quorum: %s.Bug is %q, want none or one of %v", config, b, known)
}
