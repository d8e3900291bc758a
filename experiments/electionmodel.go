package experiments

import (
	"math"

	"lightcone/sim"
)

// electionModel is the first election of a Raft cluster, by itself and as short as can be: what the protocols' elections
// are compared with. All servers have equal logs and start with fresh timers at time 0; timeouts are uniform in [Min, Max]
// and drawn anew at each reset; a message takes a time uniform in [Fast, Slow]. A server's timeouts run on its clock, whose
// rate is off by a share uniform in [-Drift, Drift]. It ends when a candidate has the votes of a majority (Ongaro,
// Consensus: Bridging Theory and Practice, 2014, section 3.4 and chapter 9). Times are in milliseconds.
type electionModel struct {
	Servers, Up int
	Min, Max    float64
	Fast, Slow  float64
	Tick        float64 // timeouts are Min and whole ticks more, less than Max; 0: any from Min to Max
	Drift       float64
}

// wonElection is how an election went.
type wonElection struct {
	at      float64 // when it was won
	term    int     // in which round, from 1
	fastest bool    // by the server with the fastest clock
}

// voter is a server of the model.
type voter struct {
	rate      float64 // of its clock
	term      int
	voted     bool // in its term
	candidate bool
	votes     int
	due       float64 // its election timeout
}

// ballot is a message under way: a request for a vote, or the answer to one.
type ballot struct {
	at       float64
	from, to int
	term     int
	answer   bool
	granted  bool
}

// run draws one election.
func (m electionModel) run(r *sim.Rand) wonElection {
	servers := make([]voter, m.Up)
	fastest := 0
	for i := range servers {
		s := &servers[i]
		s.rate = 1 + float64(m.Drift*(2*r.Float64()-1))
		s.due = m.timeout(s, r)
		if s.rate > servers[fastest].rate {
			fastest = i
		}
	}
	var mail []ballot
	for {
		next, k := 0, -1
		for i := range servers {
			if servers[i].due < servers[next].due {
				next = i
			}
		}
		at := servers[next].due
		for i := range mail {
			if mail[i].at < at {
				at, k = mail[i].at, i
			}
		}
		if k < 0 {
			mail = m.stand(servers, next, mail, r)
			continue
		}
		b := mail[k]
		mail[k] = mail[len(mail)-1]
		mail = mail[:len(mail)-1]
		if b.answer {
			if s := &servers[b.to]; s.count(b) && s.votes > m.Servers/2 {
				return wonElection{b.at, b.term, b.to == fastest}
			}
			continue
		}
		mail = append(mail, m.vote(&servers[b.to], b, r))
	}
}

// timeout draws how long a server waits.
func (m electionModel) timeout(s *voter, r *sim.Rand) float64 {
	more := float64(r.Float64() * (m.Max - m.Min))
	if m.Tick > 0 {
		more = float64(math.Floor(more/m.Tick) * m.Tick)
	}
	return (m.Min + more) / s.rate
}

func (m electionModel) delay(r *sim.Rand) float64 {
	return m.Fast + float64(r.Float64()*(m.Slow-m.Fast))
}

// stand makes a server a candidate.
func (m electionModel) stand(servers []voter, id int, mail []ballot, r *sim.Rand) []ballot {
	s := &servers[id]
	now := s.due
	*s = voter{rate: s.rate, term: s.term + 1, voted: true, candidate: true, votes: 1, due: now + m.timeout(s, r)}
	for to := range servers {
		if to != id {
			mail = append(mail, ballot{at: now + m.delay(r), from: id, to: to, term: s.term})
		}
	}
	return mail
}

// vote answers a request.
func (m electionModel) vote(s *voter, b ballot, r *sim.Rand) ballot {
	if b.term > s.term {
		*s = voter{rate: s.rate, term: b.term, due: s.due}
	}
	answer := ballot{at: b.at + m.delay(r), from: b.to, to: b.from, term: s.term, answer: true}
	if b.term == s.term && !s.voted {
		s.voted, answer.granted = true, true
		s.due = b.at + m.timeout(s, r)
	}
	return answer
}

// count takes an answer, and reports whether it is a vote for this candidacy.
func (s *voter) count(b ballot) bool {
	if b.term > s.term {
		*s = voter{rate: s.rate, term: b.term, due: s.due}
		return false
	}
	if !s.candidate || !b.granted || b.term != s.term {
		return false
	}
	s.votes++
	return true
}

// splitVote is the probability that the first round of an election elects nobody, of n servers of which s are up, when
// messages take a fixed share l of the range of timeouts: that c servers time out within l of the first, where with
// c = s - floor(n/2) + 1 candidates none gets a majority. The distance of the c-th of s uniform times from the first has
// the law Beta(c-1, s-c+2).
func splitVote(n, s int, l float64) float64 {
	l = math.Min(l, 1)
	p := 0.0
	for k := s - n/2; k <= s; k++ {
		p += float64(choose(s, k) * math.Pow(l, float64(k)) * math.Pow(1-l, float64(s-k)))
	}
	return p
}

// choose is the binomial coefficient.
func choose(n, k int) float64 {
	if k < 0 || k > n {
		return 0
	}
	c := 1.0
	for i := range k {
		c = float64(c*float64(n-i)) / float64(i+1)
	}
	return math.Round(c)
}
