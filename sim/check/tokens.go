package check

import (
	"slices"
	"strings"
)

// code tells apart the values that were written one after the other into the value of a key. It is sound only where one
// string can be read in one way: where all values begin with a byte that they have nowhere else ("c7.1", "c12.3"), or
// end with one ("17;"), or where none is the beginning of another.
type code struct {
	values  map[string]int32 // who wrote it, by place
	first   int              // the byte that all begin with, -1 if there is none
	last    int              // the byte that all end with, -1 if there is none
	lengths []int            // of the values, where none is the beginning of another
}

// newCode returns the code of some values, all different, and whether they make one.
func newCode(values map[string]int32, sorted []string) (*code, bool) {
	c := &code{values: values, first: -1, last: -1}
	if len(sorted) == 0 || sorted[0] == "" {
		return c, len(sorted) == 0
	}
	first, last := sorted[0][0], sorted[0][len(sorted[0])-1]
	begins, ends, prefixFree := true, true, true
	for i, v := range sorted {
		begins = begins && strings.IndexByte(v, first) == 0 && strings.LastIndexByte(v, first) == 0
		ends = ends && strings.IndexByte(v, last) == len(v)-1
		prefixFree = prefixFree && (i == 0 || !strings.HasPrefix(v, sorted[i-1]))
	}
	switch {
	case begins:
		c.first = int(first)
	case ends:
		c.last = int(last)
	case prefixFree:
		for _, v := range sorted {
			if !slices.Contains(c.lengths, len(v)) {
				c.lengths = append(c.lengths, len(v))
			}
		}
	default:
		return c, false
	}
	return c, true
}

// split returns the values that s is made of, and whether it is made of such.
func (c *code) split(s string, dst []string) ([]string, bool) {
	for s != "" {
		n := c.length(s)
		if n == 0 {
			return dst, false
		}
		if _, ok := c.values[s[:n]]; !ok {
			return dst, false
		}
		dst, s = append(dst, s[:n]), s[n:]
	}
	return dst, true
}

// length is that of the first value in s, 0 if none can be there.
func (c *code) length(s string) int {
	switch {
	case c.first >= 0:
		if n := strings.IndexByte(s[1:], byte(c.first)); n >= 0 {
			return n + 1
		}
		return len(s)
	case c.last >= 0:
		return strings.IndexByte(s, byte(c.last)) + 1
	}
	for _, n := range c.lengths {
		if n <= len(s) {
			if _, ok := c.values[s[:n]]; ok {
				return n
			}
		}
	}
	return 0
}
