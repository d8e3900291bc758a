package simtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// replayLine is the command that runs one seed of this test again, from the root of the module. The package comes
// before -sim.seed: go test does not look for packages after a flag that it does not know.
func replayLine(t testing.TB, seed uint64) string {
	return fmt.Sprintf("go test -run '%s' %s -sim.seed=%d", runPattern(t.Name()), packagePath(), seed)
}

// runPattern is the pattern for -run that matches exactly the test of that name.
func runPattern(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + quotePattern(p) + "$"
	}
	return strings.Join(parts, "/")
}

// quotePattern quotes what has a meaning in patterns and in shells.
func quotePattern(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\'':
			b.WriteByte('.') // cannot stand between quotes
			continue
		case strings.ContainsRune(`\.+*?()|[]{}^$`, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// packagePath is the package under test, relative to the root of its module: tests run in the package's folder.
func packagePath() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			rel, err := filepath.Rel(dir, here)
			if err != nil || rel == "." {
				return "."
			}
			return "./" + filepath.ToSlash(rel)
		}
		if filepath.Dir(dir) == dir {
			return "."
		}
	}
}
