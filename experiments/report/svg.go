package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// drawn are the elements of SVG that an inlined picture may have: they draw or describe, and run nothing. Others are left
// out with all that is in them.
var drawn = set(`svg g defs title desc style path rect circle ellipse line polyline polygon text tspan textPath
	linearGradient radialGradient stop clipPath mask pattern marker symbol use image`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// picture is an SVG made fit to stand in a page with others.
type picture struct {
	inner         string  // what is inside the root element, without its title and description
	class         string  // of the root
	viewBox       string  // of the root
	width, height float64 // natural size, in pixels
	desc          string  // its own description or, without one, the words in it
}

// inline reads an SVG. Every id in it, and every reference to one, gets a prefix of its own, so that several pictures in
// one page do not take each other's; rules of style apply to what is inside the element with the id scope. What would run
// or load something is left out.
func inline(svg []byte, prefix, scope string) (*picture, error) {
	p := &inliner{prefix: prefix, scope: scope, d: xml.NewDecoder(bytes.NewReader(svg))}
	root, err := p.root()
	if err != nil {
		return nil, fmt.Errorf("report: the figure is no SVG: %w", err)
	}
	if p.ids, err = identifiers(svg); err != nil {
		return nil, fmt.Errorf("report: the figure is no SVG: %w", err)
	}
	pic := &picture{}
	pic.size(root)
	if err := p.children(root.Name, 0); err != nil {
		return nil, fmt.Errorf("report: the figure is no SVG: %w", err)
	}
	pic.inner, pic.desc = p.out.String(), p.desc
	if pic.desc == "" {
		pic.desc = strings.Join(p.words, "; ")
	}
	return pic, nil
}

// size reads the root's attributes.
func (pic *picture) size(root xml.StartElement) {
	for _, a := range root.Attr {
		switch a.Name.Local {
		case "width":
			pic.width = length(a.Value)
		case "height":
			pic.height = length(a.Value)
		case "viewBox":
			pic.viewBox = a.Value
		case "class":
			pic.class = a.Value
		}
	}
	box := strings.Fields(strings.ReplaceAll(pic.viewBox, ",", " "))
	if len(box) == 4 && (pic.width == 0 || pic.height == 0) {
		pic.width, pic.height = length(box[2]), length(box[3])
	}
	if pic.viewBox == "" && pic.width > 0 && pic.height > 0 {
		pic.viewBox = fmt.Sprintf("0 0 %g %g", pic.width, pic.height)
	}
}

// unitPixels is how many pixels a unit of length is (CSS Values 4, section 6.2).
var unitPixels = map[string]float64{"": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}

// length is a length in pixels; 0 if it is not known.
func length(s string) float64 {
	s = strings.TrimSpace(s)
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz%")
	x, err := strconv.ParseFloat(number, 64)
	if err != nil || !(x > 0 && x < 1e6) {
		return 0
	}
	return x * unitPixels[s[len(number):]]
}

// inliner writes what it reads.
type inliner struct {
	prefix, scope string
	d             *xml.Decoder
	ids           map[string]bool
	out           strings.Builder
	desc          string
	words         []string // what is written in the picture, without numbers
}

// root skips what stands before the root element.
func (p *inliner) root() (xml.StartElement, error) {
	for {
		token, err := p.d.RawToken()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			if start.Name.Local != "svg" {
				return start, fmt.Errorf("its root is %s, want svg", start.Name.Local)
			}
			return start.Copy(), nil
		}
	}
}

// identifiers returns the ids of the elements.
func identifiers(svg []byte) (map[string]bool, error) {
	ids := map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return ids, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			for _, a := range start.Attr {
				if a.Name.Local == "id" && a.Name.Space == "" {
					ids[a.Value] = true
				}
			}
		}
	}
}

// deepest bounds how elements nest.
const deepest = 100

// children writes what is inside an element, up to its end.
func (p *inliner) children(parent xml.Name, depth int) error {
	if depth > deepest {
		return fmt.Errorf("elements nest deeper than %d", deepest)
	}
	for {
		token, err := p.d.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = fmt.Errorf("%s is not closed", parent.Local)
			}
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name != parent {
				return fmt.Errorf("%s is closed by %s", parent.Local, t.Name.Local)
			}
			return nil
		case xml.CharData:
			p.text(parent, string(t))
		case xml.StartElement:
			if err := p.element(t.Copy(), depth); err != nil {
				return err
			}
		}
	}
}

func (p *inliner) text(parent xml.Name, text string) {
	switch word := strings.TrimSpace(text); parent.Local {
	case "style":
		text = p.rules(text)
	case "text", "tspan":
		if strings.ContainsFunc(word, unicode.IsLetter) {
			p.words = append(p.words, word)
		}
	}
	p.out.WriteString(html.EscapeString(text))
}

func (p *inliner) element(start xml.StartElement, depth int) error {
	name := start.Name.Local
	described := depth == 0 && (name == "title" || name == "desc")
	if start.Name.Space != "" || !drawn[name] || described || name == "image" && !embedded(start) {
		return p.skip(start, name == "desc" && described, depth)
	}
	p.out.WriteString("<" + name)
	for _, a := range start.Attr {
		p.attribute(a)
	}
	p.out.WriteByte('>')
	if name == "style" {
		p.out.WriteString(html.EscapeString("#" + p.scope + "{"))
	}
	if err := p.children(start.Name, depth+1); err != nil {
		return err
	}
	if name == "style" {
		p.out.WriteByte('}')
	}
	p.out.WriteString("</" + name + ">")
	return nil
}

// skip leaves out an element; the text of a description is kept aside.
func (p *inliner) skip(start xml.StartElement, keep bool, depth int) error {
	aside := &inliner{d: p.d}
	if err := aside.children(start.Name, depth+1); err != nil {
		return err
	}
	if keep {
		p.desc = strings.TrimSpace(html.UnescapeString(aside.out.String()))
	}
	return nil
}

// embedded reports whether a picture in a picture is inside it.
func embedded(start xml.StartElement) bool {
	for _, a := range start.Attr {
		if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "data:image/png;") && !strings.HasPrefix(a.Value, "data:image/jpeg;") {
			return false
		}
	}
	return true
}

var (
	urls     = regexp.MustCompile(`(?i)url\(\s*['"]?([^'")]*)['"]?\s*\)`)
	fetching = regexp.MustCompile(`(?i)@import[^;]*;?|@font-face|expression\s*\(|\\`)
	idTokens = set("aria-labelledby aria-describedby")
)

// attribute writes an attribute, unless it would run or load something.
func (p *inliner) attribute(a xml.Attr) {
	name, value := a.Name.Local, a.Value
	switch {
	case a.Name.Space == "xlink" && name == "href":
		name = "xlink:href"
	case a.Name.Space != "" || name == "xmlns" || strings.HasPrefix(strings.ToLower(name), "on"):
		return
	}
	switch {
	case name == "href" || name == "xlink:href":
		if target, ok := strings.CutPrefix(value, "#"); ok {
			value = "#" + p.prefix + target
		} else if !strings.HasPrefix(value, "data:image/") {
			return
		}
	case name == "id":
		value = p.prefix + value
	case idTokens[name]:
		words := strings.Fields(value)
		for i := range words {
			words[i] = p.prefix + words[i]
		}
		value = strings.Join(words, " ")
	default:
		value = p.references(value)
	}
	p.out.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
}

// references renames url(#id), and leaves out every other url.
func (p *inliner) references(s string) string {
	s = fetching.ReplaceAllString(s, "")
	return urls.ReplaceAllStringFunc(s, func(u string) string {
		target, ok := strings.CutPrefix(urls.FindStringSubmatch(u)[1], "#")
		if !ok {
			return "none"
		}
		return "url(#" + p.prefix + target + ")"
	})
}

var selector = regexp.MustCompile(`#[A-Za-z_][\w-]*`)

var (
	comments = regexp.MustCompile(`(?s)/\*.*?(\*/|$)`)
	quoted   = regexp.MustCompile(`"[^"\n]*"|'[^'\n]*'`)
)

// balanced reports whether no brace closes what a style sheet did not open: what it is put into.
func balanced(s string) bool {
	depth := 0
	for _, r := range quoted.ReplaceAllString(s, "") {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		case '"', '\'':
			return false
		}
		if depth < 0 {
			return false
		}
	}
	return depth == 0
}

// rules renames the ids that a style sheet selects.
func (p *inliner) rules(s string) string {
	if s = comments.ReplaceAllString(s, ""); !balanced(s) {
		return ""
	}
	s = selector.ReplaceAllStringFunc(s, func(id string) string {
		if p.ids[id[1:]] {
			return "#" + p.prefix + id[1:]
		}
		return id
	})
	return urls.ReplaceAllStringFunc(fetching.ReplaceAllString(s, ""), func(u string) string {
		if strings.HasPrefix(urls.FindStringSubmatch(u)[1], "#"+p.prefix) {
			return u
		}
		return "none"
	})
}
