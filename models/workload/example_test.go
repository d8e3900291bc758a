package workload_test

import (
	"fmt"

	"lightcone/models/workload"
	"lightcone/sim"
)

// Ten operations a second, nine of ten of them reads, on a few popular keys.
func Example() {
	keys, err := workload.NewZipf(1000, 0.99)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := workload.Workload{
		Arrivals: workload.Poisson(10),
		Keys:     keys,
		Mix:      workload.Mix{Get: 0.9, Put: 0.1},
		Ops:      4,
	}
	r := sim.NewRand(1, sim.ForStudy, 1)
	for n := uint64(0); ; n++ {
		ask, ok := w.Next(n, &r)
		if !ok {
			break
		}
		fmt.Println(ask.Wait, ask.Kind, ask.Key)
	}
	// Output:
	// 14.836188ms get k13
	// 23.449056ms get k10
	// 23.67454ms get k603
	// 322.479608ms put k3
}
