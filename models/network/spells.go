package network

import (
	"math"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// spells is the state of one link that turns good and bad in continuous time, with exponential stays in both states:
// the two-state Markov process. All its draws come from a stream of its own, named by seed, link and law, so that its
// timeline depends neither on when nor on how often the link is used.
type spells struct {
	r     sim.Rand
	bad   bool
	until sim.Time // when it changes next
}

// spellLaw is the law of the process: the share of time that is bad, and the mean length of a bad spell.
type spellLaw struct {
	share float64
	mean  time.Duration
}

// forSpells keeps the streams of links apart from all others.
const forSpells = sim.ForStudy + 1

// begin starts the process of p's link at time 0, in its stationary state.
func (s *spells) begin(law spellLaw, p *sim.Packet) {
	s.r = sim.NewRand(p.Seed, forSpells, uint64(p.From), uint64(p.To), math.Float64bits(law.share), uint64(law.mean))
	s.restart(0, law)
}

func (s *spells) restart(now sim.Time, law spellLaw) {
	s.bad = s.r.Bool(law.share)
	s.until = now.Add(s.stay(law))
}

// advance brings the process to time now. Across a gap of a million mean spells it starts afresh from the stationary
// state, whose law it then has to far below the last bit.
func (s *spells) advance(now sim.Time, law spellLaw) {
	const many = 20
	if s.until.Add(min(law.mean, century>>many)<<many) < now {
		s.restart(now, law)
	}
	for s.until <= now {
		s.flip(s.until, law)
	}
}

// flip changes the state at the given time.
func (s *spells) flip(at sim.Time, law spellLaw) {
	s.bad = !s.bad
	s.until = at.Add(s.stay(law))
}

// stay draws how long the present state lasts, at least 1 ns.
func (s *spells) stay(law spellLaw) time.Duration {
	if law.mean == 0 || law.share <= 0 || law.share >= 1 {
		return math.MaxInt64 // for ever
	}
	mean := float64(law.mean)
	if !s.bad {
		mean = min(mean*(1-law.share)/law.share, float64(century))
	}
	return max(1, dist.Duration(dist.Exponential{Mean: mean}, &s.r))
}
