package vector_test

import (
	"fmt"

	"lightcone/protocols/vector"
)

func Example() {
	i, j := vector.NewClock(0, 2), vector.NewClock(1, 2)
	a := i.Send()
	b := j.Tick()
	c := j.Receive(a)
	fmt.Println(a, b, c)
	fmt.Println(a.Compare(b))
	fmt.Println(a.Compare(c))
	// Output:
	// [1 0] [0 1] [1 2]
	// concurrent
	// before
}
