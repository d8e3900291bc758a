package experiments

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
)

// decoder fills Go values from a document that a JSON Schema generated from their types was checked against. What it
// reports is what a schema cannot say well: texts with a form of their own, such as durations and laws. A value of the
// wrong shape is left alone, since the schema has reported it.
type decoder struct {
	problems Problems
	own      []string // paths of composites
}

// composite is implemented by types of several forms, which a schema cannot tell apart well enough to say what is wrong with
// one: they report all of it themselves.
type composite interface {
	fill(d *decoder, v *value, path string)
}

var durationType = reflect.TypeFor[time.Duration]()

// into fills what ptr points to from v.
func (d *decoder) into(v *value, ptr any, path string) {
	d.decode(v, reflect.ValueOf(ptr).Elem(), path)
}

// decode fills dst, which can be set, from v.
func (d *decoder) decode(v *value, dst reflect.Value, path string) {
	switch t := dst.Addr().Interface().(type) {
	case scalar:
		d.scalar(v, t, path)
		return
	case composite:
		d.own = append(d.own, path)
		t.fill(d, v, path)
		return
	}
	if dst.Type() == durationType {
		var t Duration
		d.scalar(v, &t, path)
		dst.SetInt(int64(t))
		return
	}
	switch dst.Kind() {
	case reflect.Pointer:
		dst.Set(reflect.New(dst.Type().Elem()))
		d.decode(v, dst.Elem(), path)
	case reflect.Struct:
		d.mapping(v, dst, path)
	case reflect.Slice:
		d.sequence(v, dst, path)
	default:
		d.basic(v, dst, path)
	}
}

// bad reports a problem with a value; an empty got is the value itself.
func (d *decoder) bad(v *value, path, got, want string) {
	if got == "" {
		got = v.String()
	}
	d.problems = append(d.problems, v.problem(path, got, want))
}

// foreign returns the problems that are not about a composite.
func (d *decoder) foreign(ps Problems) Problems {
	return slices.DeleteFunc(ps, func(p Problem) bool {
		return slices.ContainsFunc(d.own, func(path string) bool {
			rest, inside := strings.CutPrefix(p.Path, path)
			return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
}

// form fills a struct from a mapping, by a schema of its own.
func (d *decoder) form(v *value, into any, s *schema, path string) {
	sub := &decoder{}
	sub.into(v, into, "$")
	for _, p := range merge(sub.problems, s.check(v)) {
		p.Path = path + strings.TrimPrefix(p.Path, "$")
		d.problems = append(d.problems, p)
	}
}

func (d *decoder) scalar(v *value, s scalar, path string) {
	for c := s.set(v); c != nil; c = c.next {
		got := c.got
		if got == "" {
			got = v.String()
		}
		if c.offset < 0 {
			d.problems = append(d.problems, v.problem(path, got, c.want))
		} else {
			d.problems = append(d.problems, v.problemAt(c.offset, path, got, c.want))
		}
	}
}

func (d *decoder) mapping(v *value, dst reflect.Value, path string) {
	for i := range dst.NumField() {
		name, _, _ := strings.Cut(dst.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "" || name == "-" || dst.Field(i).Kind() == reflect.Interface {
			continue
		}
		if child := v.get(name); child != nil {
			d.decode(child, dst.Field(i), member(path, name))
		}
	}
}

func (d *decoder) sequence(v *value, dst reflect.Value, path string) {
	if v.shape != sequence {
		return
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(v.items), len(v.items)))
	for i, item := range v.items {
		d.decode(item, dst.Index(i), element(path, i))
	}
}

func (d *decoder) basic(v *value, dst reflect.Value, path string) {
	switch {
	case dst.Kind() == reflect.String && v.shape == text:
		dst.SetString(v.raw)
	case dst.Kind() == reflect.Bool && v.shape == boolean:
		dst.SetBool(v.raw == "true")
	case v.shape != number:
	case dst.CanFloat():
		dst.SetFloat(v.float())
	case dst.CanInt():
		d.integer(v, dst, path)
	case dst.CanUint():
		if u, ok := asUint(v.numeral()); ok && !dst.OverflowUint(u) {
			dst.SetUint(u)
			return
		}
		d.problems = append(d.problems, v.problem(path, v.String(), "an integer that fits "+dst.Kind().String()))
	}
}

func (d *decoder) integer(v *value, dst reflect.Value, path string) {
	switch n := v.numeral().(type) {
	case int64:
		if !dst.OverflowInt(n) {
			dst.SetInt(n)
			return
		}
	case float64: // 3.0 and 2e3 are integers too
		if n == math.Trunc(n) && math.Abs(n) < 1<<53 && !dst.OverflowInt(int64(n)) {
			dst.SetInt(int64(n))
			return
		}
		if n != math.Trunc(n) {
			return // the schema's to report
		}
	}
	d.problems = append(d.problems, v.problem(path, v.String(), "an integer that fits "+dst.Kind().String()))
}

func asUint(n any) (uint64, bool) {
	switch n := n.(type) {
	case int64:
		return uint64(n), n >= 0
	case uint64:
		return n, true
	case float64:
		return uint64(n), n >= 0 && n < 1<<53 && n == math.Trunc(n)
	}
	return 0, false
}
