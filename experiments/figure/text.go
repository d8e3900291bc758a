package figure

import (
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// wrap breaks text into lines of at most a width, between words; a word that is longer than a line is broken, and
// 95 % is not.
func wrap(s text.Style, txt string, most vg.Length) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(txt, "\n") {
		line := ""
		for _, word := range words(paragraph) {
			if line != "" && s.Width(line+" "+word) > most {
				lines = append(lines, line)
				line = ""
			}
			for s.Width(word) > most {
				n := fitting(s, word, most)
				lines = append(lines, string([]rune(word)[:n]))
				word = string([]rune(word)[n:])
			}
			line = strings.TrimLeft(line+" "+word, " ")
		}
		lines = append(lines, line)
	}
	return lines
}

// words splits text at spaces, but not before a percent sign, nor around an equals sign, nor between a number and its unit.
func words(txt string) []string {
	var list []string
	for _, w := range strings.Fields(txt) {
		n := len(list)
		if n > 0 && (strings.HasPrefix(w, "%") || w == "=" || strings.HasSuffix(list[n-1], " =") || isUnit(w) && endsInDigit(list[n-1])) {
			list[n-1] += " " + w
			continue
		}
		list = append(list, w)
	}
	return list
}

// isUnit reports whether a word is a unit of time, perhaps with a comma or the like after it.
func isUnit(w string) bool {
	switch strings.TrimRight(w, ",;.:") {
	case "ns", "µs", "ms", "s", "min", "h", "days", "years":
		return true
	}
	return false
}

func endsInDigit(w string) bool { return w[len(w)-1] >= '0' && w[len(w)-1] <= '9' }

// fitting is how many characters of a word fit a width, one at least.
func fitting(s text.Style, word string, most vg.Length) int {
	runes := []rune(word)
	n := 1
	for n < len(runes) && s.Width(string(runes[:n+1])) <= most {
		n++
	}
	return n
}

// leading is the distance of lines of a style.
func leading(s text.Style) vg.Length { return 1.2 * s.Font.Size }
