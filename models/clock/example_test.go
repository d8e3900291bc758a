package clock_test

import (
	"fmt"
	"time"

	"lightcone/models/clock"
	"lightcone/sim"
)

// A clock that is 20 ppm slow loses 1.728 s a day.
func ExampleDrift() {
	day := sim.Time(24 * time.Hour)
	slow := clock.Drift{By: -20 * clock.PPM}
	fmt.Println(slow.Read(day).Sub(sim.Local(day)))
	fmt.Println(slow.When(sim.Local(time.Second)))
	// Output:
	// -1.728s
	// 1.000020001s
}

// The best that a reading of the clock over an asymmetric network can do: queries take 30 ms, replies 10 ms.
func ExampleSample() {
	// The client's clock shows 100 ms when the query leaves; the server's is 7 ms ahead of it.
	s := clock.Sample{
		T1: sim.Local(100 * time.Millisecond),
		T2: sim.Local(137 * time.Millisecond),
		T3: sim.Local(137 * time.Millisecond),
		T4: sim.Local(140 * time.Millisecond),
	}
	fmt.Println("offset", s.Offset(), "delay", s.Delay())
	fmt.Println("wrong by", clock.AsymmetryError(30*time.Millisecond, 10*time.Millisecond))
	fmt.Println("at most", clock.CristianBound(s.Delay(), 10*time.Millisecond))
	// Output:
	// offset 17ms delay 40ms
	// wrong by 10ms
	// at most 10ms
}
