package dist

import "strings"

// oneOf lists names for an error message, and says which is nearest to got if any is near.
func oneOf(what, got string, names []string) string {
	list := what + " (" + strings.Join(names, ", ") + ")"
	if best := Nearest(got, names); best != "" {
		return list + ", the nearest is " + best
	}
	return list
}

// Nearest returns the name that takes the fewest edits (Levenshtein's, in bytes) to make of got, the first of equals;
// "" if that is more than half of got, or got is longer than a name is.
func Nearest(got string, names []string) string {
	if len(got) > longestName {
		return ""
	}
	best, distance := "", len(got)/2+1
	for _, name := range names {
		if d := edits(strings.ToLower(got), name); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// longestName is longer than any name.
const longestName = 40

// edits is the number of bytes to insert, delete or replace to make a of b (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
