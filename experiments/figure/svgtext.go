package figure

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
)

// textElement is a text of an SVG: its place, whether it is bold, the rest of its style with its size, and its words.
var textElement = regexp.MustCompile(`<text (x="[^"]*" y="[^"]*") ([^>]*font-weight:(\w+);[^>]*font-size:([0-9.]+)px[^>]*)>([^<]*)</text>`)

// fitted says of every text of an SVG how long it is, so that it fits where its typeface is not there and another takes
// its place.
func fitted(svg string) string {
	return textElement.ReplaceAllStringFunc(svg, func(element string) string {
		m := textElement.FindStringSubmatch(element)
		size, err := strconv.ParseFloat(m[4], 64)
		if err != nil {
			return element
		}
		style := typeface(size)
		if m[3] == "bold" {
			style = bold(size)
		}
		long := style.Width(html.UnescapeString(m[5]))
		return fmt.Sprintf(`<text %s textLength="%.5g" lengthAdjust="spacingAndGlyphs" %s>%s</text>`, m[1], long.Points(), m[2], m[5])
	})
}
