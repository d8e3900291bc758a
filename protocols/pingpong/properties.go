package pingpong

import (
	"fmt"

	"lightcone/sim"
)

// Clone returns an independent copy.
func (p *Process) Clone() sim.Process {
	c := *p
	return &c
}

// Badge shows the round.
func (p *Process) Badge() (role, text string) {
	if p.Asked == 0 {
		return "", ""
	}
	return "asking", fmt.Sprintf("round %d of %d", p.Round, p.Rounds)
}

// Properties returns what must hold of a run: that no round ends without a question, and that in the end all rounds are
// over.
func Properties() []sim.Property {
	return []sim.Property{
		{Name: "every round was asked for", Mode: sim.Always, Check: asked},
		{Name: "all rounds are played", Mode: sim.Eventually, Check: finished},
	}
}

func asked(v sim.View) error {
	if p, ok := v.Process(0).(*Process); ok && p.Round > p.Asked {
		return fmt.Errorf("%d rounds are over after %d pings", p.Round, p.Asked)
	}
	return nil
}

func finished(v sim.View) error {
	p, ok := v.Process(0).(*Process)
	switch {
	case !ok:
		return fmt.Errorf("n0 is down")
	case p.Round < p.Rounds:
		return fmt.Errorf("%d of %d rounds are over", p.Round, p.Rounds)
	}
	return nil
}
