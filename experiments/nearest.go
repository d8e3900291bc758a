package experiments

import (
	"slices"
	"strings"
)

// nearest returns the name closest to got by edit distance (Damerau and Levenshtein's, adjacent swaps counting one),
// the first of equals, or "" when none is near enough to be what was meant: at most a third of its letters off, and one
// at least.
func nearest(got string, names []string) string {
	best, least := "", 1<<30
	for _, name := range names {
		if len(got) > 2*len(name)+4 {
			continue
		}
		if d := distance(strings.ToLower(got), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	if least > max(1, len(best)/3) {
		return ""
	}
	return best
}

// distance is the number of insertions, deletions, substitutions and swaps of neighbours that turn a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(y)]
}

// oneOf says what a name should have been: "one of a, b, c", and which of them is nearest.
func oneOf(got string, names []string) string {
	want := "one of " + list(names)
	if len(names) == 1 {
		want = names[0]
	}
	if near := nearest(got, names); near != "" && len(names) > 1 {
		want += "; nearest is " + near
	}
	return want
}

// list joins names, leaving out the middle of a long list; by semicolons if a name has a comma.
func list(names []string) string {
	if len(names) == 0 {
		return "(there are none)"
	}
	if len(names) > 24 {
		names = append(append([]string{}, names[:20]...), "...")
	}
	sep := ", "
	if slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, sep) }) {
		sep = "; "
	}
	return strings.Join(names, sep)
}
