// Package a plants one of each.
package a

import (
	"fmt"
	"hash/maphash" // want `import of hash/maphash`
	"maps"
	"math"
	"math/cmplx" // want `import of math/cmplx`
	"math/rand"  // want `import of math/rand: draw from sim.Rand`
	"os"         // want `import of os`
	"slices"
	"sort"
	"sync" // want `import of sync: a world is single-threaded`
	"time"
)

var count int
var table [4]struct{ n int }
var mu sync.Mutex
var cache = map[int]int{}

func effects(m map[string]int, xs []float64, a, b, c float64) {
	go fmt.Println()     // want `go statement`
	ch := make(chan int) // want `channel`
	select {             // want `select statement`
	case <-ch:
	default:
	}
	for k := range m { // want `range over a map`
		fmt.Println(k)
	}
	for k := range m { //det:ok only summed
		count2 := len(k)
		_ = count2
	}
	_ = time.Now()  // want `time.Now`
	time.Sleep(1)   // want `time.Sleep`
	now := time.Now // want `time.Now`
	_ = now
	for k := range maps.Keys(m) { // want `maps.Keys`
		fmt.Println(k)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		fmt.Println(k)
	}
	_ = rand.Int()
	_ = os.Args
	sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] }) // want `sort.Slice`
	//det:ok the elements are distinct
	slices.SortFunc(xs, func(a, b float64) int { return 0 })
	slices.Sort(xs)
	_ = math.Exp(a)         // want `math.Exp`
	_ = math.Sqrt(a)        //
	_ = a*b + c             // want `x\*y of floats`
	d := a * b              // want `x\*y of floats`
	d *= c                  // want `x \*= y of floats`
	_ = a*b < c             // a comparison
	_ = a * b / d           // a quotient
	_ = int64(a * b)        // a conversion
	_ = float64(a*b) + c    //
	c -= (a * b)            // want `x\*y of floats`
	_ = 2*3.0 + a           // a constant product
	_ = int(a)*3 + int(b)   // integers
	fmt.Printf("%p\n", &mu) // want `%p`
	count++                 // want `change of package-level count`
	table[1].n = 2          // want `change of package-level table`
	delete(cache, 1)        // want `change of package-level cache`
	clear(cache)            // want `change of package-level cache`
	local := 1
	local++
}

func generic[M ~map[K]V, S ~[]V, K comparable, V any](m M, s S, own map[K]V) {
	for range m { // want `range over a map`
	}
	for range own { // want `range over a map`
	}
	for range s {
	}
	_ = maphash.MakeSeed()
	_ = cmplx.Exp(1)
}
