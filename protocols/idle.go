package protocols

import (
	"lightcone/protocols/idle"
	"lightcone/sim"
)

// IdleParams are the parameters of "idle": there are none.
type IdleParams struct{}

func idleEntry() Entry {
	return Entry{
		Name:   "idle",
		About:  "Nodes that do nothing, and are merely up or down",
		Params: func() any { return &IdleParams{} },
		Build: func(params any, nodes int) (Instance, error) {
			if _, err := paramsOf[IdleParams]("idle", params); err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        idle.New,
				Properties: idle.Properties(nodes),
				Measures:   func(v sim.View) []Measure { return []Measure{count("nodes that were up", "nodes", started(v))} },
			}, atLeast("idle", 1, nodes)
		},
	}
}

// started counts the nodes that are up or were.
func started(v sim.View) int {
	n := 0
	for id := range sim.NodeID(v.Nodes()) {
		if v.Up(id) || v.Incarnation(id) > 0 {
			n++
		}
	}
	return n
}
