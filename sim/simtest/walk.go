package simtest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"lightcone/sim"
)

// leaf is one scalar inside a value, and the way to it from the outside: ".queue[2].Time".
type leaf struct{ path, text string }

func (l leaf) String() string { return l.path + " = " + l.text }

// leaves lists the scalars of a value in a fixed order, following pointers, so that two values are equal if their lists
// are. Functions and channels count only as nil or not.
func leaves(v any) []leaf {
	var w walker
	w.value("", reflect.ValueOf(v))
	return w.leaves
}

// differs returns the first difference between two values, "" if there is none.
func differs(a, b []leaf) string {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return fmt.Sprintf("%v has come in", b[i])
		case i >= len(b):
			return fmt.Sprintf("%v has gone", a[i])
		case a[i].path != b[i].path:
			return fmt.Sprintf("%v became %v", a[i], b[i])
		case a[i].text != b[i].text:
			return fmt.Sprintf("%s was %s, became %s", a[i].path, a[i].text, b[i].text)
		}
	}
	return ""
}

// walker collects leaves.
type walker struct {
	leaves []leaf
	onPath []uintptr // pointers being followed: a cycle ends
}

var envType = reflect.TypeFor[*sim.Env]()

func (w *walker) add(path, text string) { w.leaves = append(w.leaves, leaf{path, text}) }

func (w *walker) value(path string, v reflect.Value) {
	if !v.IsValid() {
		w.add(path, "nil")
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		w.pointer(path, v)
	case reflect.Interface:
		w.value(path, v.Elem())
	case reflect.Struct:
		if v.NumField() == 0 {
			w.add(path, v.Type().String()+"{}")
		}
		for i := range v.NumField() {
			w.value(path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		w.add(path, fmt.Sprintf("%d elements", v.Len()))
		for i := range v.Len() {
			w.value(path+"["+strconv.Itoa(i)+"]", v.Index(i))
		}
	case reflect.Map:
		w.entries(path, v)
	default:
		w.add(path, scalar(v))
	}
}

func (w *walker) pointer(path string, v reflect.Value) {
	switch {
	case v.IsNil():
		w.add(path, "nil")
	case v.Type() == envType:
		w.add(path, keptEnv)
	case slices.Contains(w.onPath, v.Pointer()):
		w.add(path, "a cycle")
	default:
		w.onPath = append(w.onPath, v.Pointer())
		w.value(path, v.Elem())
		w.onPath = w.onPath[:len(w.onPath)-1]
	}
}

// keptEnv is the text of a leaf that is an Env, which a process must not have.
const keptEnv = "*sim.Env"

func (w *walker) entries(path string, v reflect.Value) {
	w.add(path, fmt.Sprintf("%d entries", v.Len()))
	for _, e := range entries(v) {
		w.value(path+"["+e.key+"]", e.value)
	}
}

// entry is an entry of a map, by the text of its key.
type entry struct {
	key   string
	value reflect.Value
}

// entries returns the entries of a map in the order of their keys' texts.
func entries(v reflect.Value) []entry {
	es := make([]entry, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		var p printer
		es = append(es, entry{p.show(it.Key()), it.Value()})
	}
	slices.SortStableFunc(es, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return es
}

func scalar(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case reflect.Complex64, reflect.Complex128:
		return strconv.FormatComplex(v.Complex(), 'g', -1, 128)
	case reflect.String:
		return strconv.Quote(v.String())
	}
	if v.IsNil() {
		return "nil"
	}
	return v.Kind().String() // Func, Chan, UnsafePointer
}
