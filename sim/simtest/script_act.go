package simtest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lightcone/sim"
)

// act interferes with the world from outside.
func (s *script) act(a sim.Action) error {
	if err := s.possible(a); err != nil {
		return err
	}
	if err := s.world.Act(a); err != nil {
		return err
	}
	return s.world.Err()
}

// possible refuses what the world would take in silence, or die of: a script that does nothing is a mistake.
func (s *script) possible(a sim.Action) error {
	v := s.world.View()
	up := func(id sim.NodeID) error {
		if err := s.exists(id); err != nil || v.Up(id) {
			return err
		}
		return fmt.Errorf("%v: it is not up", a)
	}
	switch a := a.(type) {
	case sim.Crash:
		return up(a.Node)
	case sim.CrashDuring:
		return up(a.Node)
	case sim.Pause:
		return up(a.Node)
	case sim.Resume:
		return up(a.Node)
	case sim.Recover:
		return s.exists(a.Node)
	case sim.StepWall:
		return s.exists(a.Node)
	case sim.Cut:
		return s.exist(append(slices.Clone(a.From), a.To...))
	}
	return nil
}

func (s *script) exists(id sim.NodeID) error {
	if n := s.world.View().Nodes(); int(id) >= n {
		return fmt.Errorf("node is %v, want n0 to n%d", id, n-1)
	}
	return nil
}

func (s *script) exist(ids []sim.NodeID) error {
	var errs []error
	for _, id := range ids {
		errs = append(errs, s.exists(id))
	}
	return errors.Join(errs...)
}

// drop has the network lose a message that is yet to be sent.
func (s *script) drop(args []string) error {
	for _, a := range args {
		name, err := messageName(a)
		if err != nil {
			return err
		}
		if slices.Contains(s.sent, name) {
			return fmt.Errorf("drop %v: it has been sent already", name)
		}
		s.lost.names = append(s.lost.names, name)
	}
	return nil
}

// lossOnDemand is a network that loses named messages, and is another one for all others.
type lossOnDemand struct {
	rest  sim.Network
	names []sim.MessageName
}

func newLossOnDemand(rest sim.Network) *lossOnDemand {
	if rest == nil {
		rest = sim.ConstantDelay(time.Millisecond)
	}
	if c, ok := rest.(sim.NetworkCloner); ok {
		rest = c.CloneNetwork()
	}
	return &lossOnDemand{rest: rest}
}

func (l *lossOnDemand) Route(dst []sim.Copy, p *sim.Packet, r *sim.Rand) []sim.Copy {
	if slices.Contains(l.names, p.Name()) {
		return append(dst, sim.Copy{Cause: sim.Edited})
	}
	return l.rest.Route(dst, p, r)
}
