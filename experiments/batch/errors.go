package batch

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// MismatchError says that a file holds the runs of another key than the one that is wanted.
type MismatchError struct {
	Name        string       // of the journal or part
	Differences []Difference // by the lines of Task.About
}

// Difference is a line of Task.About as it is in the file, and as it is wanted; empty where there is none.
type Difference struct{ There, Wanted string }

func (e *MismatchError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "batch: %s has runs of something else, and is left as it is; what differs:", e.Name)
	for _, d := range e.Differences {
		there, wanted := d.short()
		fmt.Fprintf(&b, "\n  there:  %s\n  wanted: %s", there, wanted)
	}
	return b.String()
}

// Differences compares two lists of lines: one by one if they are as many, else by which are in one alone.
func Differences(there, wanted []string) (list []Difference) {
	if len(there) == len(wanted) {
		for i := range there {
			if there[i] != wanted[i] {
				list = append(list, Difference{there[i], wanted[i]})
			}
		}
	} else {
		for _, line := range there {
			if !slices.Contains(wanted, line) {
				list = append(list, Difference{There: line})
			}
		}
		for _, line := range wanted {
			if !slices.Contains(there, line) {
				list = append(list, Difference{Wanted: line})
			}
		}
	}
	return list
}

// shownBefore and shown are how much of a long line is shown before it differs, and in all, in runes.
const shownBefore, shown = 40, 120

// short returns both lines around the place where they part.
func (d Difference) short() (there, wanted string) {
	a, b := []rune(d.There), []rune(d.Wanted)
	parts := 0
	for parts < min(len(a), len(b)) && a[parts] == b[parts] {
		parts++
	}
	from := 0
	if max(len(a), len(b)) > shown {
		from = max(0, parts-shownBefore)
	}
	return excerpt(a, from), excerpt(b, from)
}

func excerpt(line []rune, from int) string {
	if len(line) == 0 {
		return "(nothing)"
	}
	text := string(line[min(from, len(line)):])
	if from > 0 {
		text = "..." + text
	}
	if utf8.RuneCountInString(text) > shown {
		text = string([]rune(text)[:shown]) + "..."
	}
	return text
}

// ChangedError says that a run came out differently than before, though all that makes it is said to be the same: the
// program changed and not its version, or its runs are not determined.
type ChangedError struct {
	Name          string // of the journal or part
	Job           Job
	Recorded, Got string // records
}

func (e *ChangedError) Error() string {
	recorded, got := Difference{e.Recorded, e.Got}.short()
	return fmt.Sprintf("batch: %v came out differently than in %s: the program that made it was another one\n  there: %s\n  now:   %s",
		e.Job, e.Name, recorded, got)
}
