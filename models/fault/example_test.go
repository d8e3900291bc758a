package fault_test

import (
	"fmt"
	"time"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/sim"
)

// A model with nothing random in it prints the plan that one expects.
func ExampleModel_Draw() {
	model := fault.Model{
		Laws: []fault.Law{
			fault.Renewal{Nodes: []sim.NodeID{2}, Up: dist.Constant{Value: 2e9}, Down: dist.Constant{Value: 5e8}},
			fault.Once{At: sim.Time(3 * time.Second), For: time.Second, Action: sim.Cut{Name: "halves", From: []sim.NodeID{0, 1}, To: []sim.NodeID{2, 3, 4}}},
		},
		Until: sim.Time(5 * time.Second),
	}
	plan, err := model.Draw(1, 5)
	if err != nil {
		panic(err)
	}
	fmt.Print(plan)
	// Output:
	// 2s crash n2
	// 2.5s recover n2
	// 3s cut halves {n0 n1} | {n2 n3 n4}
	// 4s heal halves
	// 4.5s crash n2
	// 5s recover n2
}

// A plan is edited as text.
func ExampleParsePlan() {
	plan, err := fault.ParsePlan(`
		1.5s crash n2     # in the middle of the election
		2s   recover n2
		2s   step wall clock of n0 by -300ms
	`)
	if err != nil {
		panic(err)
	}
	fmt.Print(plan[1:])
	// Output:
	// 2s recover n2
	// 2s step wall clock of n0 by -300ms
}
