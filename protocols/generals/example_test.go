package generals_test

import (
	"fmt"
	"time"

	"lightcone/protocols/generals"
	"lightcone/sim"
)

// Every behaviour of one liar, among three generals and among four.
func Example() {
	for _, n := range []int{3, 4} {
		c := generals.Config{Generals: n, M: 1, Round: 50 * time.Millisecond}
		runs, broken := 0, 0
		for _, liars := range c.Sets(1) {
			for _, c.Order = range []generals.Order{generals.Retreat, generals.Attack} {
				for b := range c.All(liars...) {
					o, err := b.Run()
					if err != nil {
						fmt.Println(err)
						return
					}
					runs++
					if o.Broken() {
						broken++
					}
				}
			}
		}
		fmt.Printf("%d generals: %d of %d behaviours break IC1 or IC2\n", n, broken, runs)
	}
	// Output:
	// 3 generals: 4 of 30 behaviours break IC1 or IC2
	// 4 generals: 0 of 108 behaviours break IC1 or IC2
}

// A lieutenant among four that says whatever it likes.
func ExampleConfig_Properties() {
	c := generals.Config{Generals: 4, M: 1, Order: generals.Attack, Start: time.Millisecond, Round: 50 * time.Millisecond}
	w, err := sim.New(sim.Config{
		Seed: 1, Nodes: 4, New: generals.New(c), Properties: c.Properties(),
		Liars:  map[string]sim.Liar{"contrary": contrary{}},
		Faults: []sim.Fault{sim.Schedule{{Action: sim.Lie{Name: "l", Node: 2, How: "contrary"}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := w.Run()
	fmt.Println(r.Verdict, r.Stats.Sent, "messages")
	for id := range sim.NodeID(4) {
		fmt.Println(id, w.View().Process(id).(*generals.Process).Obeys)
	}
	// Output:
	// pass 9 messages
	// n0 attack
	// n1 attack
	// n2 attack
	// n3 attack
}

// contrary says the contrary of everything.
type contrary struct{}

func (contrary) Tell(dst []sim.Told, p *sim.Packet, r *sim.Rand) []sim.Told {
	return append(dst, sim.Told{Message: p.Message.(generals.Oral).Falsify(p.To, r)})
}
