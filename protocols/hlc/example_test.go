package hlc_test

import (
	"fmt"

	"lightcone/protocols/hlc"
)

func ExampleClock() {
	var j hlc.Clock
	fmt.Println(j.Tick(10))
	fmt.Println(j.Tick(10))
	fmt.Println(j.Receive(11, hlc.Timestamp{L: 15, C: 3}))
	fmt.Println(j.Tick(12))
	fmt.Println(j.Tick(16))
	// Output:
	// 10ns+0
	// 10ns+1
	// 15ns+4
	// 15ns+5
	// 16ns+0
}
