package trace

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
)

// viewerFiles are the page, its style and its code: hand-written, no build step.
//
//go:embed viewer
var viewerFiles embed.FS

// viewerScripts are the parts of the viewer's code, in the order in which they are joined: each builds on those before
// it.
const viewerScripts = "record time scene causality words theme place glyphs lanes messages events labels paint pick minimap legend table details controls viewer"

// writeHTML writes the trace as one page that needs nothing else: style, code and data are inside it, and its content
// security policy forbids it to load anything.
//
// The page holds the trace from its start, up to o.MaxEvents events (by default 500,000). The window, mapping and view
// of o are what it shows first, and everything can be changed there; o.Width and o.Collapse mean nothing to it. Times
// beyond 104 days are exact to a microsecond only, as the page counts nanoseconds in a float64.
func writeHTML(w io.Writer, t *Trace, o Options) error {
	page, err := viewerFile("viewer.html")
	if err != nil {
		return err
	}
	style, err := viewerFile("viewer.css")
	if err != nil {
		return err
	}
	script, err := viewerScript()
	if err != nil {
		return err
	}
	data, err := json.Marshal(newPageData(t, o)) // escapes <, > and &: no value can end the script element
	if err != nil {
		return fmt.Errorf("trace: the page's data: %w", err)
	}
	return fillPage(w, page, map[string]string{
		"policy": contentPolicy(style, script),
		"title":  html.EscapeString(titleOf(t, o)),
		"style":  style,
		"data":   string(data),
		"script": script,
	})
}

// fillPage writes the page with each {{name}} replaced. What is put in is not looked at again.
func fillPage(w io.Writer, page string, parts map[string]string) error {
	out := bufio.NewWriter(w)
	for {
		before, after, more := strings.Cut(page, "{{")
		out.WriteString(before)
		if !more {
			return out.Flush()
		}
		name, rest, _ := strings.Cut(after, "}}")
		part, ok := parts[name]
		if !ok {
			return fmt.Errorf("trace: viewer.html asks for %q, want policy, title, style, data or script", name)
		}
		out.WriteString(part)
		page = rest
	}
}

// contentPolicy allows this very style and this very script, and nothing else: no request, no other code.
func contentPolicy(style, script string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}

func viewerFile(name string) (string, error) {
	b, err := viewerFiles.ReadFile("viewer/" + name)
	return string(b), err
}

// viewerScript returns the viewer's code: its parts in one function, so that they see each other and nobody else does.
func viewerScript() (string, error) {
	var b strings.Builder
	b.WriteString("(() => {\n'use strict';\n")
	for _, name := range strings.Fields(viewerScripts) {
		part, err := viewerFile(name + ".js")
		if err != nil {
			return "", err
		}
		b.WriteString(part)
	}
	b.WriteString("})();\n")
	return b.String(), nil
}
