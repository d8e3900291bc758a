package renewal

import "math"

// clocks finds the earliest of a fixed number of times: a tree of winners, in which a change climbs one path. Of equal
// times the first wins.
type clocks struct {
	at     []float64 // padded with +Inf to a power of two
	winner []int32   // winner[1] of all, winner[k] of winner[2k] and winner[2k+1]; the leaves are the clocks themselves
}

func newClocks(n int) clocks {
	size := 2
	for size < n {
		size *= 2
	}
	c := clocks{at: make([]float64, size), winner: make([]int32, 2*size)}
	for i := range size {
		c.at[i] = math.Inf(1)
		c.winner[size+i] = int32(i)
	}
	for k := size - 1; k > 0; k-- {
		c.winner[k] = c.winner[2*k]
	}
	return c
}

func (c *clocks) set(i int, at float64) {
	c.at[i] = at
	for k := (len(c.at) + i) / 2; k > 0; k /= 2 {
		a, b := c.winner[2*k], c.winner[2*k+1]
		if c.at[b] < c.at[a] {
			a = b
		}
		c.winner[k] = a
	}
}

// next returns the clock that strikes first.
func (c *clocks) next() int { return int(c.winner[1]) }

// back turns all clocks back.
func (c *clocks) back(by float64) {
	for i := range c.at {
		c.at[i] -= by
	}
}
