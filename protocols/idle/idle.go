package idle

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Process does nothing.
type Process struct{}

// New makes a Process, for sim.Config.New.
func New(sim.NodeID) sim.Process { return Process{} }

// Init does nothing.
func (Process) Init(*sim.Env) {}

// Receive is never called: nobody sends anything.
func (Process) Receive(_ *sim.Env, from sim.NodeID, m sim.Message) {
	panic(fmt.Sprintf("idle: message %v (%T) from %v, want none", m, m, from))
}

// Timeout is never called: nobody sets a timer.
func (Process) Timeout(_ *sim.Env, tag any) {
	panic(fmt.Sprintf("idle: timer %v (%T), want none", tag, tag))
}

// Clone returns itself: there is nothing to share.
func (p Process) Clone() sim.Process { return p }

// Version is always the same.
func (Process) Version() uint64 { return 0 }

// Badge shows that it is up.
func (Process) Badge() (role, text string) { return "up", "" }

// Properties returns what a run should have shown: all nodes up at once.
func Properties(nodes int) []sim.Property {
	return []sim.Property{{Name: "all nodes are up", Mode: sim.Sometimes, Check: func(v sim.View) error {
		for id := range sim.NodeID(nodes) {
			if !v.Up(id) {
				return errors.New(id.String() + " is down")
			}
		}
		return nil
	}}}
}
