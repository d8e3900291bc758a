package consensustest

import "testing"

// rounds is how often a case does something: less often in -short mode.
func rounds(n, short int) int {
	if testing.Testing() && testing.Short() {
		return short
	}
	return n
}
