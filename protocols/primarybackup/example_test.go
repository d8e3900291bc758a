package primarybackup_test

import (
	"fmt"
	"time"

	"lightcone/protocols/kv"
	"lightcone/protocols/primarybackup"
	"lightcone/sim"
)

// A view service (n0), a primary (n1) and a backup (n2). A client writes; the primary crashes after 100 ms, and the
// backup goes on with all that was acknowledged.
func Example() {
	cfg := primarybackup.Config{Servers: 3}
	client := kv.ClientConfig{
		Servers: 3, Workload: kv.Plain{Ops: 20, Keys: 1, Think: 50 * time.Millisecond, Puts: 1},
		Timeout: 50 * time.Millisecond, Retry: kv.Fixed{Wait: 20 * time.Millisecond}, Tokens: true, Sticky: true,
	}
	watch := primarybackup.NewWatch()
	w, err := sim.New(sim.Config{
		Seed:  1,
		Nodes: 4,
		New: func(id sim.NodeID) sim.Process {
			if int(id) < cfg.Servers {
				return primarybackup.New(cfg, id)
			}
			return kv.NewClient(client)
		},
		Network:    sim.ConstantDelay(time.Millisecond),
		Faults:     []sim.Fault{sim.Schedule{{Time: sim.Time(100 * time.Millisecond), Action: sim.Crash{Node: 1}}}},
		Until:      sim.Time(2 * time.Second),
		Properties: cfg.Properties(),
		Observers:  []sim.Observer{watch},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := w.Run()
	report := watch.Report(r.Now)
	_, expected, _ := cfg.Takeover(time.Millisecond, 0)
	fmt.Println(r.Verdict, "in view", w.View().Process(0).(*primarybackup.Service).View())
	fmt.Println(report.Acknowledged, "writes acknowledged,", report.Lost, "lost")
	fmt.Println("n2 serves after", report.Takeovers[0], "where", expected, "is the mean")
	// Output:
	// pass in view 2: n2 alone
	// 20 writes acknowledged, 0 lost
	// n2 serves after 156ms where 181ms is the mean
}
