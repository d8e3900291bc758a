package traffic

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Properties returns what must hold of traffic stamped with values of type S: that the stamps are ordered along
// happened-before (Process.Before), and that some message arrived, without which nothing was tested.
func Properties[S any]() []sim.Property {
	return []sim.Property{
		{Name: "stamps follow happened-before", Mode: sim.Always, Check: ordered[S]},
		{Name: "a message arrived", Mode: sim.Sometimes, Check: received[S]},
	}
}

func ordered[S any](v sim.View) error {
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*Process[S]); ok && p.broken != nil {
			return fmt.Errorf("%v: %w", id, p.broken)
		}
	}
	return nil
}

func received[S any](v sim.View) error {
	for id := range sim.NodeID(v.Nodes()) {
		if p, ok := v.Process(id).(*Process[S]); ok && p.Receives > 0 {
			return nil
		}
	}
	return errors.New("no process received a message")
}
