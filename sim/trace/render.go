package trace

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"lightcone/sim"
)

const (
	maxText   = 16 << 10 // the longest text of a value that is kept, in bytes; what is longer ends in an ellipsis
	maxJSON   = 64 << 10 // the longest JSON of a value that is kept, in bytes
	maxNested = 12       // how deep the text of a value goes
)

const ellipsis = "…"

var (
	stringerType = reflect.TypeFor[fmt.Stringer]()
	errorType    = reflect.TypeFor[error]()
	durationType = reflect.TypeFor[time.Duration]()
	timeType     = reflect.TypeFor[sim.Time]()
	localType    = reflect.TypeFor[sim.Local]()
	nodeType     = reflect.TypeFor[sim.NodeID]()
)

// typeOf returns the name of a value's type, "" for no value.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return ""
	case string:
		return "string"
	case sim.Words, *sim.Words:
		return "sim.Words"
	}
	return reflect.TypeOf(v).String()
}

// appendText appends a value in words: its String or Error method, else its fields by name. Pointers are followed and
// never printed, and maps are in the order of their keys' texts, so that the words are the same in every run.
func appendText(dst []byte, v any) []byte {
	start := len(dst)
	switch v := v.(type) {
	case nil:
		return dst
	case string:
		dst = append(dst, v...)
	case *sim.Words:
		dst = appendWords(dst, *v)
	case sim.Words:
		dst = appendWords(dst, v)
	default:
		p := printer{dst: dst, limit: start + maxText}
		p.top(reflect.ValueOf(v))
		dst = p.dst
	}
	return tidy(dst, start)
}

func appendWords(dst []byte, w sim.Words) []byte {
	for i, u := range [...]uint64{w.A, w.B, w.C} {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = strconv.AppendUint(dst, u, 10)
	}
	return dst
}

// tidy makes dst[start:] valid UTF-8 of at most maxText bytes and an ellipsis.
func tidy(dst []byte, start int) []byte {
	if len(dst)-start > maxText {
		end := start + maxText
		for end > start && !utf8.RuneStart(dst[end]) {
			end--
		}
		dst = append(dst[:end], ellipsis...)
	}
	if !utf8.Valid(dst[start:]) {
		dst = append(dst[:start], string([]rune(string(dst[start:])))...)
	}
	return dst
}

// tidyText is tidy for a string.
func tidyText(s string) string {
	if len(s) <= maxText && utf8.ValidString(s) {
		return s
	}
	return string(tidy([]byte(s), 0))
}

// printer writes values by reflection, until it is past its limit.
type printer struct {
	dst   []byte
	limit int
	depth int
}

func (p *printer) puts(s string) { p.dst = append(p.dst, s...) }

// top prints a whole value: like any other, but a named struct or number with its name.
func (p *printer) top(v reflect.Value) {
	if p.byMethod(v) {
		return
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		if v = v.Elem(); p.byMethod(v) {
			return
		}
	}
	name := v.Type().Name()
	switch {
	case v.Kind() == reflect.Struct:
		p.puts(name)
		if v.NumField() > 0 || name == "" {
			p.print(v)
		}
	case v.Type().PkgPath() == "" || known(v.Type()):
		p.print(v)
	default:
		p.puts(name)
		p.puts("(")
		p.print(v)
		p.puts(")")
	}
}

// byMethod prints v by its own method, if it has one that can be called.
func (p *printer) byMethod(v reflect.Value) bool {
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return false
	}
	switch {
	case v.Type().Implements(stringerType):
		p.puts(v.Interface().(fmt.Stringer).String())
	case v.Type().Implements(errorType):
		p.puts(v.Interface().(error).Error())
	default:
		return false
	}
	return true
}

// known reports whether a type is printed by its method even where it cannot be called (in an unexported field).
func known(t reflect.Type) bool {
	return t == durationType || t == timeType || t == localType || t == nodeType
}

func (p *printer) print(v reflect.Value) {
	if len(p.dst) > p.limit || p.depth > maxNested {
		p.puts(ellipsis)
		return
	}
	if p.byMethod(v) {
		return
	}
	p.depth++
	defer func() { p.depth-- }()
	switch v.Kind() {
	case reflect.Bool:
		p.dst = strconv.AppendBool(p.dst, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.integer(v)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.dst = strconv.AppendUint(p.dst, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		p.dst = strconv.AppendFloat(p.dst, v.Float(), 'g', -1, v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		p.puts(strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits()))
	case reflect.String:
		p.dst = strconv.AppendQuote(p.dst, v.String())
	case reflect.Struct:
		p.structure(v)
	case reflect.Slice, reflect.Array:
		p.list(v)
	case reflect.Map:
		p.mapping(v)
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			p.puts("nil")
			return
		}
		p.print(v.Elem())
	default:
		p.puts(v.Kind().String())
	}
}

func (p *printer) integer(v reflect.Value) {
	switch v.Type() {
	case durationType, timeType, localType:
		p.puts(time.Duration(v.Int()).String())
	case nodeType:
		p.puts(sim.NodeID(v.Int()).String())
	default:
		p.dst = strconv.AppendInt(p.dst, v.Int(), 10)
	}
}

func (p *printer) structure(v reflect.Value) {
	p.puts("{")
	for i := range v.NumField() {
		if i > 0 {
			p.puts(" ")
		}
		p.puts(v.Type().Field(i).Name)
		p.puts(":")
		p.print(v.Field(i))
	}
	p.puts("}")
}

func (p *printer) list(v reflect.Value) {
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		p.dst = strconv.AppendQuote(p.dst, string(v.Bytes()))
		return
	}
	p.puts("[")
	for i := range v.Len() {
		if i > 0 {
			p.puts(" ")
		}
		if len(p.dst) > p.limit {
			p.puts(ellipsis)
			break
		}
		p.print(v.Index(i))
	}
	p.puts("]")
}

// mapping prints a map in the order of its entries' texts. Entries with equal texts look the same in either order.
func (p *printer) mapping(v reflect.Value) {
	entries := make([]string, 0, v.Len())
	for _, k := range v.MapKeys() {
		entry := printer{limit: maxText, depth: p.depth}
		entry.print(k)
		entry.puts(":")
		entry.print(v.MapIndex(k))
		entries = append(entries, string(entry.dst))
	}
	slices.SortFunc(entries, byNumber) //det:ok what is equal looks the same
	p.puts("{")
	for i, e := range entries {
		if i > 0 {
			p.puts(" ")
		}
		p.puts(e)
	}
	p.puts("}")
}

// byNumber orders texts, those of whole numbers by size: shorter ones first.
func byNumber(a, b string) int {
	if c := cmp.Compare(leadingDigits(a), leadingDigits(b)); c != 0 {
		return c
	}
	return cmp.Compare(a, b)
}

func leadingDigits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

// jsonOf returns a value's JSON, "" if it has none that says anything or it is too long or too deep to keep.
func jsonOf(v any) string {
	if v == nil {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil || len(b) > maxJSON || string(b) == "{}" {
		return ""
	}
	if s := (scanner{line: b}); s.skip() != nil {
		return ""
	}
	return string(b)
}
