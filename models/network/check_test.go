package network_test

import (
	"cmp"
	"math"
	"reflect"
	"testing"
)

// equal wants got to be want.
func equal(t testing.TB, want, got any, about ...any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Fatalf("got %v, want %v %v", got, want, about)
	}
}

// holds wants a condition.
func holds(t testing.TB, condition bool, about ...any) {
	t.Helper()
	if !condition {
		t.Fatal(about...)
	}
}

// between wants lo <= got <= hi.
func between[T cmp.Ordered](t testing.TB, lo, hi, got T, about ...any) {
	t.Helper()
	if !(lo <= got && got <= hi) {
		t.Fatalf("got %v, want %v to %v %v", got, lo, hi, about)
	}
}

// requireMean wants a sample mean within 4 standard errors.
func requireMean(t testing.TB, want, got, standardError float64) {
	t.Helper()
	if !(math.Abs(want-got) <= 4*standardError) {
		t.Fatalf("got %g, want %g within 4 standard errors of %g", got, want, standardError)
	}
}

// message wants an error of exactly that text.
func message(t testing.TB, want string, err error) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Fatalf("got error %v\nwant %v", err, want)
	}
}
