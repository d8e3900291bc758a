package simtest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"lightcone/sim"
)

var timerType = reflect.TypeFor[sim.Timer]()

// Show prints a value for people: as it prints itself, if it is a fmt.Stringer or an error, else as Go would write it,
// without package names and with pointers followed. It is the same in every run.
func Show(v any) string {
	var p printer
	return p.show(reflect.ValueOf(v))
}

// printer shows values. A pointer that is being followed already is shown as "...".
type printer struct{ onPath []uintptr }

func (p *printer) show(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	if s, ok := ownText(v); ok {
		return s
	}
	switch v.Kind() {
	case reflect.Pointer:
		return p.pointer(v)
	case reflect.Interface:
		return p.show(v.Elem())
	case reflect.Struct:
		return v.Type().Name() + "{" + strings.Join(p.fields(v), " ") + "}"
	case reflect.Slice, reflect.Array:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = p.show(v.Index(i))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Map:
		return p.entries(v)
	case reflect.String:
		return v.String()
	}
	return scalar(v)
}

func (p *printer) pointer(v reflect.Value) string {
	switch {
	case v.IsNil() || v.Type() == envType:
		return scalar(v)
	case slices.Contains(p.onPath, v.Pointer()):
		return "..."
	}
	p.onPath = append(p.onPath, v.Pointer())
	defer func() { p.onPath = p.onPath[:len(p.onPath)-1] }()
	return p.show(v.Elem())
}

// ownText is how a value prints itself. Numbers of a named type do so in unexported fields too.
func ownText(v reflect.Value) (string, bool) {
	if v.Type() == timerType { // its number means nothing outside the world
		if v.IsZero() {
			return "none", true
		}
		return "timer", true
	}
	if !v.CanInterface() {
		n := reflect.New(v.Type()).Elem()
		switch {
		case v.CanInt():
			n.SetInt(v.Int())
		case v.CanUint():
			n.SetUint(v.Uint())
		default:
			return "", false
		}
		v = n
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return "", false
	}
	switch s := v.Interface().(type) {
	case error:
		return s.Error(), true
	case fmt.Stringer:
		return s.String(), true
	}
	return "", false
}

func (p *printer) fields(v reflect.Value) []string {
	parts := make([]string, v.NumField())
	for i := range parts {
		parts[i] = v.Type().Field(i).Name + ":" + p.show(v.Field(i))
	}
	return parts
}

func (p *printer) entries(v reflect.Value) string {
	es := entries(v)
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.key + ":" + p.show(e.value)
	}
	return "map[" + strings.Join(parts, " ") + "]"
}
