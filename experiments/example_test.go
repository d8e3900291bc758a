package experiments_test

import (
	"fmt"

	"lightcone/experiments"
)

// A scenario is read, bound to a seed, and run.
func Example() {
	s, err := experiments.Read("hello.yaml", []byte(`
protocol: pingpong
nodes: 2
params: {rounds: 3, retry: 100ms}
network: {latency: 20ms}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := s.Plan(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := p.Execute(experiments.Execution{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range o.Verdicts {
		fmt.Println(v.Verdict, v.Name)
	}
	for _, m := range o.Measures {
		fmt.Println(m.Value, m.Name)
	}
	// Output:
	// pass every round was asked for
	// pass all rounds are played
	// 3 rounds
	// 1 pings per round
}

// Everything that is wrong is reported, with its place.
func ExampleRead() {
	_, err := experiments.Read("hello.yaml", []byte(`protocol: pingpong
nodes: 2
duration: 10
network: {los: 0.1}
`))
	fmt.Println(err)
	// Output:
	// hello.yaml:3:11: $.duration: got 10, a number without a unit, want a duration with a unit (ns, us, ms, s, m or h), such as 150ms
	//     duration: 10
	//               ^
	// hello.yaml:4:11: $.network.los: got the unknown key los, want one of bandwidth, bursts, corrupt, duplicate, fifo, jitter, latency, loss, matrix, queue, reorder, timing; nearest is loss
	//     network: {los: 0.1}
	//               ^
}
