package primarybackup

import (
	"slices"

	"lightcone/sim"
)

// change is the way to a view with another primary: seal the old view, choose among those who answer, let the chosen one
// prepare, wait for the leases. Whatever fails on the way, the view service begins again with a higher number; the old
// view is in force until the new one is.
type change struct {
	number  Number
	written bool         // the number is durable
	asked   []sim.NodeID // the members of the old view
	answers []answer
	view    View // the new one, when the primary is chosen
	ticks   int  // since it was
	ready   bool // the primary has prepared
}

type answer struct {
	from        sim.NodeID
	incarnation int
	last        Position
}

// replace begins to make a view without a primary that failed.
func (s *Service) replace(env *sim.Env) {
	s.issued++
	s.change = change{number: s.issued, asked: append([]sim.NodeID{s.view.Primary}, s.view.Backups...)}
	if s.cfg.Bug == StalePromotion {
		s.change.asked = nil
		for id := sim.NodeID(s.cfg.first()); int(id) < s.cfg.Servers; id++ {
			s.change.asked = append(s.change.asked, id)
		}
	}
	s.write(env, s.view)
	env.After(s.cfg.Ping, again{s.change.number})
}

// ask seals the old view.
func (s *Service) ask(env *sim.Env) {
	for _, id := range s.change.asked {
		if s.change.written && s.change.answer(id) == nil {
			env.Send(id, Seal{s.change.number})
		}
	}
}

func (c *change) answer(id sim.NodeID) *answer {
	for i := range c.answers {
		if c.answers[i].from == id {
			return &c.answers[i]
		}
	}
	return nil
}

// onSealed chooses as soon as all but the primary, which is probably dead, have answered.
func (s *Service) onSealed(env *sim.Env, from sim.NodeID, m Sealed) {
	c := &s.change
	if m.Number != c.number || c.view.Number != 0 || c.answer(from) != nil {
		return
	}
	c.answers = append(c.answers, answer{from, m.Incarnation, m.Last})
	missing := len(c.asked) - len(c.answers)
	if missing == 0 || missing == 1 && c.answer(s.view.Primary) == nil || s.cfg.Bug == StalePromotion {
		s.choose(env)
	}
}

// enough reports whether one of those who answered has every write that was acknowledged: the primary has, and one of
// any decisive number of backups.
func (s *Service) enough() bool {
	c := &s.change
	if s.cfg.Bug == StalePromotion {
		return len(c.answers) > 0
	}
	return c.answer(s.view.Primary) != nil || len(s.view.Backups) > 0 && len(c.answers) >= s.cfg.decisive(len(s.view.Backups))
}

// choose makes the one with the longest log primary of those who answered.
func (s *Service) choose(env *sim.Env) {
	c := &s.change
	if !s.enough() {
		return
	}
	best := c.answers[0]
	for _, id := range c.asked {
		a := c.answer(id)
		if a != nil && s.cfg.Bug != StalePromotion && (best.last.less(a.last) || best.last == a.last && s.before(id, best.from)) {
			best = *a
		}
	}
	c.view = View{Number: c.number, Primary: best.from, Incarnation: best.incarnation}
	for _, id := range c.asked {
		if id != best.from && c.answer(id) != nil {
			c.view.Backups = append(c.view.Backups, id)
		}
	}
	env.Send(best.from, Lead{c.view})
}

// before reports whether a comes before b in the order of succession, in which the primary is the first.
func (s *Service) before(a, b sim.NodeID) bool {
	return slices.Index(s.change.asked, a) < slices.Index(s.change.asked, b)
}

// onReady puts the new view in force, when the leases of the old one are over.
func (s *Service) onReady(env *sim.Env, from sim.NodeID, m Ready) {
	c := &s.change
	if m.Number == c.view.Number && from == c.view.Primary && !c.ready {
		c.ready = true
		s.inForce(env)
	}
}

func (s *Service) inForce(env *sim.Env) {
	if !s.change.ready || s.next.Number != 0 {
		return
	}
	if wait := s.wait(env); wait > 0 {
		env.After(wait, lapse{})
		return
	}
	s.decide(env, s.change.view)
}

// onAgain drives a change on: it repeats what may be lost, and begins anew when the chosen primary does not get ready.
func (s *Service) onAgain(env *sim.Env, n Number) {
	c := &s.change
	if n != c.number || c.ready {
		return
	}
	env.After(s.cfg.Ping, again{n})
	if c.view.Number == 0 {
		s.ask(env)
		s.choose(env)
		return
	}
	c.ticks++
	if int64(c.ticks)*int64(s.cfg.Ping) > int64(s.cfg.Timeout) {
		s.replace(env)
		return
	}
	env.Send(c.view.Primary, Lead{c.view})
}
