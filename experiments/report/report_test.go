package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const drawing = `<?xml version="1.0"?>
<!DOCTYPE svg>
<!-- made by hand -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="drawing" width="300pt" height="150pt" viewBox="0 0 300 150" aria-labelledby="t d">
<title id="t">own title</title><desc id="d">A line that rises &amp; falls.</desc>
<style>.drawing text{fill:#222} #dot{fill:url(#hatch)} .drawing .far{fill:#d07}</style>
<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0,4l4,-4" stroke="#000"/></pattern><circle id="dot" r="5"/></defs>
<use xlink:href="#dot" x="20" y="20"/><rect width="10" height="10" style="fill:url(#hatch)" clip-path="url('#hatch')"/>
<text x="10" y="100">latency (ms)</text><text x="10" y="120">1.5</text>
</svg>`

// hostile is text that would break out of a page, of Markdown, or of a terminal.
const hostile = `</title></svg><script>alert(1)</script><img src=x onerror=alert(2)>"'` + "`|[x](http://example.com) *b* \x00\x1b]0;x\a"

func document() *Document {
	return &Document{
		Title: "raft-wan, seed 1: pass",
		Lead:  "What do clients see?",
		Sections: []Section{
			{Text: []string{"Before all headings."}},
			{Heading: "Measures", Text: []string{"Of one run."}, Table: &Grid{
				Caption: "What was measured",
				Columns: []Column{{Name: "measure"}, {Name: "value", Numeric: true}, {Name: "agreement"}, {Name: ""}},
				Rows: [][]Cell{
					{{Text: "latency"}, {Text: "155.37"}, {Text: "agrees", Mark: Good}},
					{{Text: "time with a deposed leader beside the new one, and of this and that"}, {Text: "1"}, {Text: "differs", Mark: Bad}, {Text: "long words"}},
					{{Text: "third"}, {}, {Text: "undecided", Mark: Doubt}},
				},
			}},
			{Heading: "Figures", Figures: []Figure{
				{Name: "a figure", Caption: "First, n = 3.", Alt: "Rises from 1 to 2.", SVG: []byte(drawing)},
				{Name: "b", Caption: "Second.", SVG: []byte(drawing)},
				{Name: "wide", Caption: "Third.", SVG: []byte(strings.Replace(drawing, "300pt", "2000pt", 1))},
			}},
			{Heading: "Figures", Code: "lightcone run raft-wan --seed 1\n" + strings.Repeat("long ", 60)},
		},
	}
}

// node is an element of a page.
type node struct {
	attributes map[string]string
	text       strings.Builder
}

// elements returns the elements of a page, by tag. The page is XML but for tags that have no end.
func elements(t require.TestingT, page []byte) map[string][]*node {
	d := xml.NewDecoder(bytes.NewReader(page))
	d.Strict, d.AutoClose = false, []string{"meta", "link", "img"}
	found := map[string][]*node{}
	var open []*node
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			require.Empty(t, open)
			return found
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{attributes: map[string]string{}}
			for _, a := range token.Attr {
				n.attributes[a.Name.Local] = a.Value
			}
			found[token.Name.Local] = append(found[token.Name.Local], n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, n := range open {
				n.text.Write(token)
			}
		}
	}
}

func attribute(n *node, name string) string { return n.attributes[name] }

func content(n *node) string { return n.text.String() }

func TestThePageHasItsParts(t *testing.T) {
	found := elements(t, document().HTML())
	require.Equal(t, "en", attribute(found["html"][0], "lang"))
	require.Len(t, found["h1"], 1)
	require.Len(t, found["h2"], 3)
	require.Len(t, found["main"], 1)
	require.Equal(t, "#main", attribute(found["a"][0], "href"), "the skip link is the first")
	require.Equal(t, "raft-wan, seed 1: pass", content(found["h1"][0]))
	require.Len(t, found["figure"], 3)
	require.Len(t, found["script"], 0)
	require.Equal(t, "✗\u00a0differs", content(found["td"][5]))
	require.Equal(t, "short bad", attribute(found["td"][5], "class"))
	require.Contains(t, content(found["pre"][0]), "lightcone run raft-wan --seed 1\nlong long")
}

func TestPicturesAreDescribed(t *testing.T) {
	found := elements(t, document().HTML())
	require.Len(t, found["svg"], 3)
	for i, want := range []string{"Rises from 1 to 2.", "A line that rises & falls.", "A line that rises & falls."} {
		svg := found["svg"][i]
		require.Equal(t, "img", attribute(svg, "role"))
		require.Equal(t, want, content(found["desc"][i]))
		require.Equal(t, attribute(found["desc"][i], "id"), attribute(svg, "aria-describedby"))
	}
	bare := Document{Sections: []Section{{Figures: []Figure{{Name: "x", SVG: []byte(regexp.MustCompile(`<desc.*</desc>`).ReplaceAllString(drawing, ""))}}}}}
	require.Equal(t, "latency (ms)", content(elements(t, bare.HTML())["desc"][0]), "without words of its own, those written in it")
}

// TestIdentifiersAreOfTheirOwn inlines one picture three times: every id is there once, and every reference stays in its
// own picture.
func TestIdentifiersAreOfTheirOwn(t *testing.T) {
	page := document().HTML()
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllSubmatch(page, -1) {
		require.False(t, seen[string(m[1])], "two elements have the id %s", m[1])
		seen[string(m[1])] = true
	}
	for _, m := range regexp.MustCompile(`(?:href="#|url\(#|url\(&#39;#|-labelledby="|-describedby=")([^"&)]+)`).FindAllSubmatch(page, -1) {
		require.True(t, seen[string(m[1])], "nothing has the id %s, to which something refers", m[1])
	}
	for i := 1; i <= 3; i++ {
		require.Contains(t, string(page), fmt.Sprintf("#figure-%d-dot{fill:url(#figure-%d-hatch)}", i, i))
		require.Contains(t, string(page), fmt.Sprintf(`xlink:href="#figure-%d-dot"`, i))
		require.Contains(t, string(page), fmt.Sprintf("<style>#figure-%d{", i))
	}
	require.Contains(t, string(page), ".far{fill:#d07}", "a colour is no id")
}

// hostileDocument has hostile text wherever there is text.
func hostileDocument() *Document {
	return &Document{Title: hostile, Lead: hostile, Sections: []Section{{
		Heading: hostile, Text: []string{hostile}, Code: hostile + "\n````\n```",
		Table:   &Grid{Caption: hostile, Columns: []Column{{Name: hostile}}, Rows: [][]Cell{{{Text: hostile}}}},
		Figures: []Figure{{Name: hostile, Caption: hostile, Alt: hostile, SVG: []byte(drawing)}, {Name: hostile, Alt: hostile, SVG: []byte(hostile)}},
	}}}
}

func TestHostileTextStaysText(t *testing.T) {
	d := hostileDocument()
	page := d.HTML()
	found := elements(t, page)
	require.Empty(t, found["script"])
	require.Len(t, found["img"], 1, "the picture that is none")
	require.Contains(t, content(found["h1"][0]), "<script>alert(1)</script>")
	require.NotContains(t, string(page), "\x00")
	require.NotContains(t, string(page), "\x1b")

	text := string(d.Markdown())
	require.NotContains(t, text, "\x1b")
	code := strings.Index(text, "\n`````text\n")
	require.Greater(t, code, 0, "the fence is longer than any inside")
	require.NotRegexp(t, `(^|[^\\!])[<*\[]`, text[:code])
	require.Regexp(t, `(?m)^\| ([^|\\]|\\.)+ \|$`, text[:code], "a table of one column")
}

func TestHostilePicturesDrawAndNothingElse(t *testing.T) {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:x="urn:x" width="10" height="10" onload="alert(1)">
<script>alert(2)</script><foreignObject><p>out</p><iframe src="http://example.com"/></foreignObject><p>out</p><x:thing>out</x:thing>
<style>@import url(http://example.com/a.css); .a{fill:url(http://example.com/b)} .b{fill:red}</style>
<style>.c{} } body{display:none}</style><style>/* { */ } body{display:none} /* } */</style>
<a href="javascript:alert(3)"><rect width="1" height="1"/></a>
<image href="http://example.com/c.png"/><image href="data:image/png;base64,AAAA"/><use href="http://example.com/d.svg#x"/>
<rect onclick="alert(4)" style="fill:url('http://example.com/e')" x:y="z" width="7" height="1"/><set attributeName="href" to="javascript:alert(5)"/>
<text>a &lt;b&gt; &amp; <![CDATA[<script>]]></text></svg>`
	d := &Document{Sections: []Section{{Figures: []Figure{{Name: "x", SVG: []byte(svg)}}}}}
	_, page, _ := strings.Cut(string(d.HTML()), "<figure>")
	for _, bad := range []string{"alert", "example.com", "javascript", "foreignObject", "iframe", "out<", "@import", "display:none", "<script", "onclick", "x:y"} {
		require.NotContains(t, page, bad)
	}
	for _, good := range []string{`<rect style="fill:none" width="7" height="1"></rect>`, ".b{fill:red}", "data:image/png;base64,AAAA", "a &lt;b&gt; &amp; &lt;script&gt;"} {
		require.Contains(t, page, good)
	}
}

func TestWhatIsNoPictureIsLeftToTheBrowser(t *testing.T) {
	for name, svg := range map[string]string{
		"nothing": "", "no XML": "PNG", "another root": "<html></html>", "cut off": drawing[:len(drawing)/2], "crossed": "<svg><g><rect></g></rect></svg>",
		"a bomb": `<!DOCTYPE svg [<!ENTITY a "b">]><svg><text>&a;</text></svg>`, "deep": "<svg>" + strings.Repeat("<g>", 5000) + strings.Repeat("</g>", 5000) + "</svg>",
	} {
		t.Run(name, func(t *testing.T) {
			d := &Document{Sections: []Section{{Figures: []Figure{{Name: "x", Alt: "What is to be seen.", SVG: []byte(svg)}}}}}
			found := elements(t, d.HTML())
			require.Empty(t, found["svg"])
			require.Equal(t, "What is to be seen.", attribute(found["img"][0], "alt"))
		})
	}
}

func TestMarkdown(t *testing.T) {
	text := string(document().Markdown())
	for _, want := range []string{
		"# raft-wan, seed 1: pass\n\nWhat do clients see?\n\nBefore all headings.\n\n## Measures\n\nOf one run.\n\nWhat was measured\n\n",
		"| measure | value | agreement |  |\n| --- | ---: | --- | --- |\n| latency | 155.37 | ✓ agrees |  |\n",
		"| third |  | ? undecided |  |\n\n## Figures\n\n![Rises from 1 to 2.](a%20figure.svg)\n\nFirst, n = 3.\n\n![Second.](b.svg)\n",
		"```text\nlightcone run raft-wan --seed 1\nlong long",
	} {
		require.Contains(t, text, want)
	}
}

func TestMarkdownKeepsWhatStartsALine(t *testing.T) {
	for given, want := range map[string]string{
		"1. one": `1\. one`, "-0.5": `\-0.5`, "# x": `\# x`, "===": `\===`, "1.5 s": "1.5 s", "a - b": "a - b", "2)": `2\)`, "a_b*c": `a\_b\*c`, "$x$": `\$x\$`,
	} {
		require.Equal(t, want, line(given))
	}
	require.Equal(t, "a  \nb", paragraph("a\n\n  b\n"))
}

func TestTheSameDocumentTheSameBytes(t *testing.T) {
	require.Equal(t, document().HTML(), document().HTML())
	require.Equal(t, document().Markdown(), document().Markdown())
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 2386: "2386", 1.0 / 3: "0.33333", -12345.678: "-12346", 1e-9: "1e-09", math.Inf(1): "∞", math.Inf(-1): "-∞", 1e15: "1e+15"} {
		require.Equal(t, want, Number(x))
	}
	require.Empty(t, Number(math.NaN()))
	require.Equal(t, "1 .. 2.5", Range(1, 2.5))
	require.Empty(t, Range(1, 1))
	require.Empty(t, Range(math.NaN(), 1))
}

// TestContrast computes WCAG's contrast of every colour of words on every ground that it may stand on.
func TestContrast(t *testing.T) {
	themes := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllStringSubmatch(style, -1)
	require.Len(t, themes, 3, "light, dark, print")
	for i, theme := range themes {
		colours := map[string]float64{}
		for _, m := range regexp.MustCompile(`--(\w+):(#[0-9a-f]+)`).FindAllStringSubmatch(theme[1], -1) {
			colours[m[1]] = luminance(m[2])
		}
		for _, words := range []string{"ink", "soft", "link", "good", "bad", "doubt"} {
			for _, ground := range []string{"paper", "band"} {
				a, b := colours[words], colours[ground]
				contrast := (max(a, b) + 0.05) / (min(a, b) + 0.05)
				require.GreaterOrEqual(t, contrast, 4.5, "theme %d: %s on %s", i, words, ground)
			}
		}
	}
}

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(hex string) float64 {
	digits := hex[1:]
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	var channels [3]int
	fmt.Sscanf(digits, "%02x%02x%02x", &channels[0], &channels[1], &channels[2])
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(channels[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func FuzzInline(f *testing.F) {
	f.Add([]byte(drawing))
	f.Fuzz(func(t *testing.T, svg []byte) {
		d := &Document{Sections: []Section{{Figures: []Figure{{Name: "x", SVG: svg}}}}}
		found := elements(t, d.HTML())
		for _, tag := range []string{"script", "iframe", "foreignObject", "p", "object", "embed"} {
			require.Empty(t, found[tag])
		}
		require.Len(t, found["main"], 1)
	})
}
