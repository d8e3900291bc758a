package consensustest

import (
	"lightcone/protocols/kv"
	"lightcone/sim"
	"lightcone/sim/check"
)

// tester is the node through which a test talks to servers. What it asks and is told becomes part of the run's history.
// A refusal is left open, as if there had been no reply: it may overtake nothing, but that is for the protocol to say.
type tester struct {
	asked   uint64
	replies map[uint64]kv.Reply
	answers []sim.Message // what is not a kv.Reply
}

// ask is what the test tells the tester to send: a kv.Request, whose ID the tester fills in, or anything else.
type ask struct {
	To      sim.NodeID
	Message sim.Message
}

// Init has nothing to do.
func (t *tester) Init(*sim.Env) { t.replies = map[uint64]kv.Reply{} }

// Receive sends what the test wants sent, and keeps what comes back.
func (t *tester) Receive(env *sim.Env, from sim.NodeID, m sim.Message) {
	switch m := m.(type) {
	case ask:
		t.send(env, m)
	case kv.Reply:
		t.onReply(env, m)
	default:
		t.answers = append(t.answers, m)
	}
}

// Timeout is never called.
func (t *tester) Timeout(*sim.Env, any) {}

func (t *tester) send(env *sim.Env, a ask) {
	r, ok := a.Message.(kv.Request)
	if !ok {
		env.Send(a.To, a.Message)
		return
	}
	t.asked++
	r.ID = t.asked
	env.Note(kv.Invoked{ID: r.ID, Op: r.Op})
	env.Send(a.To, r)
}

func (t *tester) onReply(env *sim.Env, m kv.Reply) {
	if _, again := t.replies[m.ID]; again {
		return
	}
	t.replies[m.ID] = m
	if m.Status == kv.OK {
		env.Note(kv.Returned{ID: m.ID, Outcome: check.OK, Result: m.Result})
	}
}
