package figure

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// check reports everything that is wrong with the figure.
func (f *Figure) check() error {
	var errs []error
	say := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if strings.TrimSpace(f.Title) == "" {
		say("title is empty, want one")
	}
	if len(f.Panels) > 0 && len(f.Layers) > 0 {
		say("it has %d layers beside %d panels, want either", len(f.Layers), len(f.Panels))
	}
	if f.Shared && !alike(f.panels()) {
		say("its panels share their ranges and differ in which axes are logarithmic or have categories, want them alike")
	}
	looks := &look{}
	for i := range f.panels() {
		p := &f.panels()[i]
		where := ""
		if len(f.Panels) > 0 {
			where = fmt.Sprintf("panel %d: ", i+1)
		}
		for _, err := range p.check(i == len(f.panels())-1) {
			say("%s%w", where, err)
		}
		for _, layer := range p.Layers {
			for _, k := range layer.keys(p) {
				looks.add(k.series, k.form)
			}
		}
	}
	if n := len(looks.series); n > mostSeries {
		say("it has %d series, want at most %d, which can be told apart", n, mostSeries)
	}
	for i, err := range errs {
		errs[i] = fmt.Errorf("figure: %s: %w", f.Title, err)
	}
	return errors.Join(errs...)
}

// alike reports whether panels can have the same ranges.
func alike(panels []Panel) bool {
	for _, p := range panels {
		first := panels[0]
		if p.X.Log != first.X.Log || p.Y.Log != first.Y.Log || len(p.X.Categories) != len(first.X.Categories) || len(p.Y.Categories) != len(first.Y.Categories) {
			return false
		}
	}
	return true
}

// check reports what is wrong with a panel. Only the last must name its horizontal axis.
func (p *Panel) check(last bool) (errs []error) {
	if len(p.Layers) == 0 {
		errs = append(errs, errors.New("it has no layers, want one at least"))
	}
	for _, a := range []struct {
		name   string
		axis   Axis
		needed bool
	}{{"horizontal", p.X, last}, {"vertical", p.Y, true}} {
		if a.needed && a.axis.Label == "" && len(a.axis.Categories) == 0 {
			errs = append(errs, fmt.Errorf("the %s axis has no label, want one with its unit", a.name))
		}
		for _, err := range a.axis.check() {
			errs = append(errs, fmt.Errorf("the %s axis %w", a.name, err))
		}
	}
	for _, layer := range p.Layers {
		errs = append(errs, layer.check(p)...)
	}
	return errs
}

func (a Axis) check() (errs []error) {
	set := a.Min != 0 || a.Max != 0
	switch {
	case len(a.Categories) > 0 && (a.Log || set):
		errs = append(errs, fmt.Errorf("has categories and a range or a logarithm, want either"))
	case set && !(a.Min < a.Max) || math.Abs(a.Min) > mostShown || math.Abs(a.Max) > mostShown || a.Max-a.Min < leastShown && set:
		errs = append(errs, fmt.Errorf("is from %g to %g, want a range", a.Min, a.Max))
	case set && a.Log && a.Min <= 0:
		errs = append(errs, fmt.Errorf("is logarithmic and begins at %g, want more than 0", a.Min))
	}
	return errs
}
