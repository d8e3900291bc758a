package dist_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// A round trip: 20 ms of flight and some queueing.
func Example() {
	delay, err := dist.Parse("gamma(mean=4ms, shape=2) + 20ms", dist.Durations)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("mean:", time.Duration(dist.Mean(delay)))

	const n = 100_000
	r := sim.NewRand(1)
	var total time.Duration
	for range n {
		total += dist.Duration(delay, &r)
	}
	fmt.Println("measured:", (total / n).Round(100*time.Microsecond))
	// Output:
	// mean: 24ms
	// measured: 24ms
}

// An error knows its place in the text.
func ExampleParse_error() {
	const text = "gamma(mean=-4ms, shpe=2)"
	_, err := dist.Parse(text, dist.Durations)
	var at *dist.ParseError
	if errors.As(err, &at) {
		fmt.Println(text)
		fmt.Println(strings.Repeat(" ", at.Offset) + "^ got " + at.Got + ", want " + at.Want)
	}
	// Output:
	// gamma(mean=-4ms, shpe=2)
	//                  ^ got "shpe", want a parameter (mean, shape), the nearest is shape
}

func ExampleFormat() {
	law := dist.Shifted{Of: dist.Exponential{Mean: 1500}, By: 2e6}
	fmt.Println(dist.Format(law, dist.Durations))
	fmt.Println(law)
	// Output:
	// exponential(mean=1.5us) + 2ms
	// exponential(mean=1500) + 2e+06
}
