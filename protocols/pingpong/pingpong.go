package pingpong

import (
	"fmt"
	"time"

	"lightcone/sim"
)

type Ping struct{ Round int } // node 0 asks
type Pong struct{ Round int } // node 1 answers

type Process struct {
	Rounds, Round, Asked int           // how many to play, how many are over, how many Pings that took
	Retry                time.Duration // how long node 0 waits for a Pong before it asks again
	timer                sim.Timer
}

func (p *Process) Init(env *sim.Env) { p.Timeout(env, nil) }
func (p *Process) Timeout(env *sim.Env, _ any) {
	if env.ID() == 0 && p.Round < p.Rounds {
		p.Asked++
		env.Send(1, Ping{p.Round})
		p.timer = env.After(p.Retry, nil)
	}
}

func (p *Process) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case Ping:
		env.Send(from, Pong(m)) // the same round
	case Pong:
		if m.Round == p.Round && env.Cancel(p.timer) { // else it is a second answer to one question
			p.Round++
			p.Timeout(env, nil)
		}
	default:
		panic(fmt.Sprintf("pingpong: message is a %T, want a Ping or a Pong", m))
	}
}
