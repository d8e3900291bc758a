package network_test

import (
	"fmt"
	"strings"
	"testing"

	"lightcone/models/network"
	"lightcone/sim"
)

// prober keeps the view of a world, to ask who can reach whom.
type prober struct{ view sim.View }

// reach says who can send to whom once the cuts are made: a row for each sender, "x" for those it reaches.
func reach(t *testing.T, nodes int, cuts ...sim.Cut) string {
	var p prober
	cfg := sim.Config{
		Nodes: nodes, New: func(sim.NodeID) sim.Process { return &chatter{} },
		Faults: []sim.Fault{network.During(1, 3, cuts...)}, Until: 2,
		Properties: []sim.Property{{Name: "look", Check: func(v sim.View) error { p.view = v; return nil }}},
	}
	w, err := sim.New(cfg)
	holds(t, err == nil, err)
	holds(t, w.RunUntil(2) == nil)
	var rows []string
	for from := range sim.NodeID(nodes) {
		row := ""
		for to := range sim.NodeID(nodes) {
			if p.view.Connected(from, to) {
				row += "x"
			} else {
				row += "."
			}
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, " ")
}

func TestPartitions(t *testing.T) {
	five := network.Nodes(5)
	for _, c := range []struct {
		name string
		cuts []sim.Cut
		want string
	}{
		{"halves", []sim.Cut{network.Halves("c", five)}, "xxx.. xxx.. xxx.. ...xx ...xx"},
		{"isolate", []sim.Cut{network.Isolate("c", 1, five)}, "x.xxx .x... x.xxx x.xxx x.xxx"},
		{"mute", []sim.Cut{network.Mute("c", 1, five)}, "xxxxx .x... xxxxx xxxxx xxxxx"},
		{"deafen", []sim.Cut{network.Deafen("c", 1, five)}, "x.xxx xxxxx x.xxx x.xxx x.xxx"},
		{"bridge", []sim.Cut{network.Bridge("c", 2, five)}, "xxx.. xxx.. xxxxx ..xxx ..xxx"},
		{"ring", network.MajorityRing("c", five), "xx..x xxx.. .xxx. ..xxx x..xx"},
	} {
		t.Run(c.name, func(t *testing.T) { equal(t, c.want, reach(t, 5, c.cuts...)) })
	}
}

func TestMajorityRingGivesEveryNodeAMajorityOfItsOwn(t *testing.T) {
	for n := 1; n <= 12; n++ {
		rows := strings.Fields(reach(t, n, network.MajorityRing("c", network.Nodes(n))...))
		for i, row := range rows {
			holds(t, 2*strings.Count(row, "x") > n, n, row)
			holds(t, n < 4 || row != rows[(i+1)%n], n, "neighbours see the same")
		}
	}
}

func text(s sim.Schedule) string {
	var b strings.Builder
	for _, a := range s {
		fmt.Fprintf(&b, "%v %v\n", a.Time, a.Action)
	}
	return b.String()
}

func TestSchedules(t *testing.T) {
	cut := network.Isolate("loner", 0, network.Nodes(2))
	equal(t, `1ms cut loner {n0} | {n1}
4ms heal loner
6ms cut loner {n0} | {n1}
9ms heal loner
11ms cut loner {n0} | {n1}
12ms heal loner
`, text(network.Flapping(cut, at(ms), at(12*ms), 3*ms, 2*ms)))
	equal(t, 0, len(network.Flapping(cut, 0, at(ms), 0, ms)))

	crash := sim.Schedule{{Time: 2, Action: sim.Crash{Node: 0}}, {Time: 3, Action: sim.Recover{Node: 0}}}
	equal(t, `1ns cut loner {n0} | {n1}
2ns heal loner
2ns crash n0
3ns recover n0
`, text(network.Merge(network.During(1, 2, cut), crash)))
}
