package kv

import (
	"slices"
	"time"

	"lightcone/sim"
	"lightcone/sim/check"
)

// lane carries one operation at a time, in a session of its own: what keeps tokens simple although many operations of
// a client are under way at once.
type lane struct {
	number  int
	session uint64 // 0: none yet, or none any more
	serial  uint64 // of the last operation in it

	busy bool
	task task
	call call
}

// call is a request with all its attempts: for the operation of a lane, or for the session that it needs first.
type call struct {
	request Request
	waiting bool          // between two attempts
	target  sim.NodeID    // of the latest attempt
	attempt int           // from 1
	wait    time.Duration // before this attempt; 0 before the first
	hops    int           // referrals that this attempt followed
	sent    int           // messages sent
	refused int           // of which so many were certainly in vain
	timer   sim.Timer
	hedge   sim.Timer
}

// stop ends the timers of a lane.
func (l *lane) stop(env *sim.Env) {
	env.Cancel(l.call.timer)
	if l.call.hedge != 0 {
		env.Cancel(l.call.hedge)
	}
	l.call.timer, l.call.hedge = 0, 0
}

// freeLane returns a lane without an operation, nil if there may be no more of them.
func (c *Client) freeLane() *lane {
	for i := range c.lanes {
		if !c.lanes[i].busy {
			return &c.lanes[i]
		}
	}
	if c.cfg.Lanes > 0 && len(c.lanes) == c.cfg.Lanes {
		return nil
	}
	c.lanes = append(c.lanes, lane{number: len(c.lanes)})
	return &c.lanes[len(c.lanes)-1]
}

// begin puts an operation on its way, after the registration of a session if it needs one.
func (c *Client) begin(env *sim.Env, l *lane, t task) {
	l.busy, l.task = true, t
	if c.cfg.Tokens && l.session == 0 {
		c.Counts.Registrations++
		l.call = call{request: Request{ID: c.number(), Register: true}, attempt: 1}
	} else {
		c.address(l)
	}
	c.send(env, l, c.choose(env, sim.Nobody))
}

// address makes the call of a lane the one for its operation.
func (c *Client) address(l *lane) {
	q := Request{ID: l.task.id, Op: l.task.op}
	if c.cfg.Tokens {
		l.serial++
		q.Token = Token{l.session, l.serial}
	}
	l.call = call{request: q, attempt: 1}
}

// left returns how much of a lane's time remains, at most d.
func (c *Client) left(env *sim.Env, l *lane, d time.Duration) time.Duration {
	if c.cfg.Deadline == 0 {
		return d
	}
	return min(d, c.cfg.Deadline-env.Now().Sub(l.task.asked))
}

// send makes an attempt.
func (c *Client) send(env *sim.Env, l *lane, to sim.NodeID) {
	within := c.left(env, l, c.cfg.Timeout)
	if within <= 0 {
		c.giveUp(env, l)
		return
	}
	k := &l.call
	k.waiting, k.target = false, to
	if c.cfg.Propagate {
		k.request.Within = within
	}
	k.sent++
	c.Counts.Attempts++
	env.Send(to, k.request)
	k.timer = env.After(within, newAlarm(attemptOver, l.number))
	if c.cfg.Hedge > 0 && c.cfg.Hedge < within && len(c.contacts) > 1 && (k.request.Op.Kind == Get || c.cfg.Tokens) {
		k.hedge = env.After(c.cfg.Hedge, newAlarm(hedgeDue, l.number))
	}
}

// choose returns a server to ask, not the one that just did not help.
func (c *Client) choose(env *sim.Env, not sim.NodeID) sim.NodeID {
	if c.cfg.Sticky && c.favourite != sim.Nobody && c.favourite != not {
		return c.favourite
	}
	i := slices.Index(c.contacts, not)
	if i < 0 || len(c.contacts) == 1 {
		return c.contacts[env.Rand().IntN(len(c.contacts))]
	}
	j := env.Rand().IntN(len(c.contacts) - 1)
	if j >= i {
		j++
	}
	return c.contacts[j]
}

// onReply handles a reply, unless it comes after its operation has ended.
func (c *Client) onReply(env *sim.Env, from sim.NodeID, m Reply) {
	i := slices.IndexFunc(c.lanes, func(l lane) bool { return l.busy && l.call.request.ID == m.ID })
	if i < 0 {
		c.Counts.Late++
		return
	}
	l := &c.lanes[i]
	switch m.Status {
	case OK:
		c.onOK(env, from, l, m)
	case NotLeader:
		l.call.refused++
		c.onRefusal(env, from, l, m.Leader)
	case Unavailable:
		l.call.refused++
		c.onRefusal(env, from, l, sim.Nobody)
	case Uncertain:
		c.onRefusal(env, from, l, sim.Nobody)
	case Expired:
		l.call.refused++
		l.session = 0
		c.Counts.Expired++
		c.giveUp(env, l)
	}
}

// onOK ends the operation, or begins it in the session that there is now.
func (c *Client) onOK(env *sim.Env, from sim.NodeID, l *lane, m Reply) {
	c.favourite = from
	c.tokens = c.cfg.Budget.success(c.tokens)
	if !l.call.request.Register {
		c.finish(env, l, check.OK, m.Result)
		return
	}
	l.stop(env)
	l.session, l.serial = m.Session, 0
	c.address(l)
	c.send(env, l, c.choose(env, sim.Nobody))
}

// onRefusal follows a referral to the leader, or waits before the next attempt. The answer of a server that is not the
// one asked last changes nothing.
func (c *Client) onRefusal(env *sim.Env, from sim.NodeID, l *lane, leader sim.NodeID) {
	k := &l.call
	if k.waiting || from != k.target {
		return
	}
	if leader >= 0 && int(leader) < c.cfg.Servers && leader != from && k.hops < c.cfg.Servers {
		l.stop(env)
		k.hops++
		c.Counts.Redirects++
		c.favourite = leader
		c.send(env, l, leader)
		return
	}
	c.retry(env, l)
}

// onAttemptOver gives an attempt up, or begins the next.
func (c *Client) onAttemptOver(env *sim.Env, l *lane) {
	l.call.timer = 0
	if l.call.waiting {
		c.send(env, l, c.choose(env, l.call.target))
		return
	}
	c.retry(env, l)
}

// retry waits before the next attempt, if there is to be one.
func (c *Client) retry(env *sim.Env, l *lane) {
	l.stop(env)
	if c.favourite == l.call.target {
		c.favourite = sim.Nobody
	}
	c.tokens = c.cfg.Budget.failure(c.tokens)
	k := &l.call
	k.attempt, k.hops = k.attempt+1, 0
	if c.cfg.Retry == nil || !c.repeatable(k) {
		c.giveUp(env, l)
		return
	}
	wait, ok := c.cfg.Retry.Next(k.attempt, k.wait, env.Rand())
	if ok && !c.cfg.Budget.allows(c.tokens) {
		c.Counts.Throttled++
		ok = false
	}
	if !ok {
		c.giveUp(env, l)
		return
	}
	k.wait, k.waiting = wait, true
	k.timer = env.After(c.left(env, l, wait), newAlarm(attemptOver, l.number))
}

// repeatable reports whether a second execution of a request does no harm, or cannot be.
func (c *Client) repeatable(k *call) bool {
	return c.cfg.Tokens || c.cfg.Repeat || k.request.Op.Kind == Get || k.refused == k.sent
}

// onHedgeDue asks a second server what the first has not answered.
func (c *Client) onHedgeDue(env *sim.Env, l *lane) {
	l.call.hedge = 0
	if !c.cfg.Budget.allows(c.tokens) {
		c.Counts.Throttled++
		return
	}
	l.call.sent++
	c.Counts.Attempts++
	c.Counts.Hedges++
	q := l.call.request
	if c.cfg.Propagate {
		q.Within -= c.cfg.Hedge
	}
	env.Send(c.choose(env, l.call.target), q)
}

// giveUp ends an operation without an answer. It failed if no message asked for it, or if each was refused for good.
func (c *Client) giveUp(env *sim.Env, l *lane) {
	k := &l.call
	outcome := check.Unknown
	if k.request.Register || k.sent == 0 || c.cfg.NoDuplicates && k.refused == k.sent {
		outcome = check.Failed
	}
	c.finish(env, l, outcome, Result{})
}
