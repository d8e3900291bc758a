package detector_test

import (
	"fmt"
	"time"

	"lightcone/protocols/detector"
	"lightcone/sim"
)

// Node 0 monitors node 1, whose third heartbeat is lost and which crashes at 1 s. The first suspicion is a mistake, the
// second is not.
func Example() {
	c := detector.Config{Interval: 100 * time.Millisecond, Timeout: 150 * time.Millisecond, Pairs: detector.Star}
	quality := detector.NewWatch(c, 2)
	w, err := sim.New(sim.Config{
		Nodes:   2,
		New:     func(sim.NodeID) sim.Process { return detector.New(c) },
		Network: sim.ConstantDelay(10 * time.Millisecond),
		Drop:    []sim.MessageName{{From: 1, To: 0, K: 3}},
		Faults:  []sim.Fault{sim.Schedule{{Time: sim.Time(time.Second), Action: sim.Crash{Node: 1}}}},
		Until:   sim.Time(2 * time.Second),
		Observers: []sim.Observer{quality, sim.ObserverFunc(func(e *sim.Event) {
			switch e.Kind {
			case sim.Note:
				fmt.Println(e.Time, e.Node, e.Value)
			case sim.Crashed:
				fmt.Println(e.Time, e.Node, "crashes")
			}
		})},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	w.Run()
	report := quality.Report()
	fmt.Println(report.Mistakes, "mistake, crash detected in", report.Detections[0])
	// Output:
	// 260.000001ms n0 suspects n1
	// 310ms n0 trusts n1 again
	// 1s n1 crashes
	// 1.060000001s n0 suspects n1
	// 1 mistake, crash detected in 60.000001ms
}

// Requirements become parameters: detection within half a minute, a mistake a month at most.
func ExampleRequirements() {
	r := detector.Requirements{Detection: 30 * time.Second, Recurrence: 30 * 24 * time.Hour, Mistake: time.Minute}
	eta, delta, err := r.NFDSOfMoments(0.01, 0.02, 0.02)
	fmt.Println(eta.Round(10*time.Millisecond), delta.Round(10*time.Millisecond), err)
	// Output:
	// 9.71s 20.29s <nil>
}
