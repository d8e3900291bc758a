package simtest

import (
	"fmt"
	"strings"
	"testing"
)

// fakeT is a testing.TB that keeps what it is told, to test what tests say when they fail.
type fakeT struct {
	testing.TB // nil: what is not overridden here is not to be called
	name       string
	errors     []string
	logs       []string
}

func (f *fakeT) Helper()      {}
func (f *fakeT) Name() string { return f.name }
func (f *fakeT) Errorf(format string, a ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, a...))
}
func (f *fakeT) Logf(format string, args ...any) {
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}
func (f *fakeT) Fatal(args ...any) {
	f.errors = append(f.errors, fmt.Sprint(args...))
	panic(fatal{})
}

// fatal ends what runs under a fakeT.
type fatal struct{}

// failures runs test under a fakeT and returns what it failed with.
func failures(name string, test func(testing.TB)) string {
	f := &fakeT{name: name}
	func() {
		defer func() {
			if p := recover(); p != nil && p != (fatal{}) {
				panic(p)
			}
		}()
		test(f)
	}()
	return strings.Join(f.errors, "\n")
}
