package reliability

import "slices"

// closed returns the closed classes of the chain: sets of states that reach each other and no others, each sorted, by
// their first states.
func (c *Chain) closed() [][]int {
	var list [][]int
	for _, class := range c.classes() {
		member := make(map[int]bool, len(class))
		for _, s := range class {
			member[s] = true
		}
		stays := true
		for _, s := range class {
			for _, r := range c.out[s] {
				stays = stays && member[r.to]
			}
		}
		if stays {
			slices.Sort(class)
			list = append(list, class)
		}
	}
	slices.SortStableFunc(list, func(a, b []int) int { return a[0] - b[0] })
	return list
}

// classes returns the strongly connected components (Tarjan 1972, without recursion).
func (c *Chain) classes() [][]int {
	n := len(c.out)
	var (
		list  [][]int
		stack []int                 // met, and not yet in a class
		met   = make([]int, n)      // when, from 1
		low   = make([]int, n)      // the earliest of the stack that is reached
		next  = make([]int, n)      // the rate to follow next
		held  = make([]bool, n)     // on the stack
		path  = make([]int, 0, 100) // from the root to where we are
		clock int
	)
	enter := func(s int) {
		clock++
		met[s], low[s], held[s] = clock, clock, true
		stack, path = append(stack, s), append(path, s)
	}
	for root := range n {
		if met[root] > 0 {
			continue
		}
		enter(root)
		for len(path) > 0 {
			s := path[len(path)-1]
			if next[s] < len(c.out[s]) {
				to := c.out[s][next[s]].to
				next[s]++
				if met[to] == 0 {
					enter(to)
				} else if held[to] {
					low[s] = min(low[s], met[to])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[s])
			}
			if low[s] == met[s] {
				i := slices.Index(stack, s)
				class := slices.Clone(stack[i:])
				stack = stack[:i]
				for _, m := range class {
					held[m] = false
				}
				list = append(list, class)
			}
		}
	}
	return list
}

// reaches returns the states from which one of the targets can be reached, the targets included.
func (c *Chain) reaches(target []bool) []bool {
	back := make([][]int, len(c.out))
	c.Rates(func(from, to int, _ float64) { back[to] = append(back[to], from) })
	found := slices.Clone(target)
	var queue []int
	for s, t := range target {
		if t {
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, from := range back[s] {
			if !found[from] {
				found[from] = true
				queue = append(queue, from)
			}
		}
	}
	return found
}
