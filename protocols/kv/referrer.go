package kv

import (
	"fmt"

	"lightcone/sim"
)

// Referrer is a process that refers clients to a server.
type Referrer struct{ To sim.NodeID }

// Init does nothing.
func (r Referrer) Init(*sim.Env) {}

// Timeout is never called.
func (r Referrer) Timeout(*sim.Env, any) {}

// Receive refuses a request.
func (r Referrer) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	q, ok := m.(Request)
	if !ok {
		panic(fmt.Sprintf("kv: referrer got a %T, want a Request", m))
	}
	env.Send(from, Reply{ID: q.ID, Status: NotLeader, Leader: r.To})
}

// Clone returns r, which has no state.
func (r Referrer) Clone() sim.Process { return r }

// Badge says whom it refers to.
func (r Referrer) Badge() (role, text string) { return "referrer", "to " + r.To.String() }
