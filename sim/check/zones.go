package check

import (
	"cmp"
	"math"
	"slices"

	"lightcone/sim"
)

// cluster is the write of a value with the reads that returned it. In a linearization they stand together, so all of a
// cluster is before all of another. Cluster i must be before j if one of i's operations returned before one of j's was
// invoked: if i.ends < j.begins. The interval between the two is the cluster's zone (Gibbons & Korach 1997, section
// 3.2): a forward zone if ends < begins, in which the value was the current one all the time, else a backward zone.
type cluster struct {
	ends, begins    sim.Time // the earliest response, the latest invocation
	ender, beginner int32    // the operations that have them
	write           int32    // noOp for the initial value
	written         sim.Time // when the write was invoked
}

// noOp stands where there is no operation.
const noOp = -1

// beginning is before every operation: when the initial value was written.
const beginning = sim.Time(math.MinInt64)

func (c *cluster) forward() bool { return c.ends < c.begins }

// add takes an operation into the cluster.
func (c *cluster) add(i int32, invoke, ret sim.Time) {
	if ret < c.ends {
		c.ends, c.ender = ret, i
	}
	if invoke > c.begins {
		c.begins, c.beginner = invoke, i
	}
}

// clusters are the clusters of one key. The first is that of the initial value.
type clusters struct {
	all []cluster
	of  map[string]int32
}

func newCluster(write int32) cluster {
	return cluster{ends: sim.Never, begins: beginning, ender: noOp, beginner: noOp, write: write, written: beginning}
}

// isRegister reports whether all that was done to a key was to read it and to write values that differ. Then its
// history is decided by zones, and seen has the number of the write of each value, from 1.
func isRegister(h History, ops []int32, seen map[string]int32) bool {
	clear(seen)
	for _, i := range ops {
		o := &h[i]
		switch {
		case o.Outcome == Failed || o.Op.Kind == Get:
		case o.Op.Kind != Put:
			return false
		default:
			if _, twice := seen[o.Op.Value]; twice {
				return false
			}
			seen[o.Op.Value] = int32(len(seen)) + 1
		}
	}
	return true
}

// conflict says why the clusters of a register have no order: a read whose write is not there (thin), a read that
// returned before its write was invoked (early), or two clusters of which each must be before the other.
type conflict struct {
	thin, early int32
	a, b        cluster
	two         bool
}

// ops returns the operations that show the conflict, in order. They are at most six.
func (c *conflict) ops() []int32 {
	var ops []int32
	add := func(i int32) {
		if i != noOp && !slices.Contains(ops, i) {
			ops = append(ops, i)
		}
	}
	add(c.thin)
	add(c.early)
	if c.early != noOp {
		add(c.a.write)
	}
	if c.two {
		for _, k := range []*cluster{&c.a, &c.b} {
			add(k.write)
			add(k.ender)
			add(k.beginner)
		}
	}
	slices.Sort(ops)
	return ops
}

// zones decides whether a register is linearizable, and if not, says why. Failed operations and reads without a result
// say nothing. A write of unknown outcome that was read took effect, and may have taken until then; one that was not
// read may be left out. It takes n log n time for n operations. seen is as isRegister left it.
func zones(h History, ops []int32, seen map[string]int32) (conflict, bool) {
	c := clusters{of: seen}
	if bad, ok := c.build(h, ops); !ok {
		return bad, false
	}
	return c.order()
}

// build makes the clusters of a key.
func (c *clusters) build(h History, ops []int32) (conflict, bool) {
	c.all = append(make([]cluster, 0, len(c.of)+1), newCluster(noOp))
	c.all[0].add(noOp, beginning, beginning)
	for _, i := range ops {
		if o := &h[i]; o.Outcome != Failed && o.Op.Kind == Put {
			k := newCluster(i)
			k.written = o.Invoke
			k.add(i, o.Invoke, o.Return)
			c.all = append(c.all, k)
		}
	}
	for _, i := range ops {
		o := &h[i]
		if o.Outcome != OK || o.Op.Kind != Get {
			continue
		}
		n := int32(0)
		if o.Result.Found {
			var ok bool
			if n, ok = c.of[o.Result.Value]; !ok {
				return conflict{thin: i, early: noOp}, false
			}
		}
		k := &c.all[n]
		if o.Return < k.written {
			return conflict{thin: noOp, early: i, a: *k}, false
		}
		k.add(i, o.Invoke, o.Return)
	}
	return conflict{}, true
}

// order decides whether the clusters can be ordered: no two forward zones overlap, and no backward zone lies inside a
// forward one (Gibbons & Korach 1997, theorem 3.2). Zones that touch do neither.
func (c *clusters) order() (conflict, bool) {
	var forward []int32
	for n := range c.all {
		if c.all[n].forward() {
			forward = append(forward, int32(n))
		}
	}
	//det:ok a total order
	slices.SortFunc(forward, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.all[a].ends, c.all[b].ends), cmp.Compare(a, b))
	})
	for n := 1; n < len(forward); n++ {
		if a, b := &c.all[forward[n-1]], &c.all[forward[n]]; b.ends < a.begins {
			return c.clash(a, b), false
		}
	}
	for n := range c.all {
		b := &c.all[n]
		if b.forward() {
			continue
		}
		at, _ := slices.BinarySearchFunc(forward, b.begins, func(f int32, t sim.Time) int {
			if c.all[f].ends < t {
				return -1
			}
			return 1
		})
		if at > 0 && b.ends < c.all[forward[at-1]].begins {
			return c.clash(&c.all[forward[at-1]], b), false
		}
	}
	return conflict{}, true
}

func (c *clusters) clash(a, b *cluster) conflict {
	return conflict{thin: noOp, early: noOp, a: *a, b: *b, two: true}
}
