package quorum

import "lightcone/sim"

// hybrid is a hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva, Leone, OPODIS 2014): its stamps follow the wall
// clock, and are greater than all that the server has seen, even where the wall clock is behind. Stamping the receipt
// of a message is left out: nobody looks at such stamps.
type hybrid struct{ last Stamp }

// see takes note of a stamp.
func (h *hybrid) see(s Stamp) {
	if s.compare(h.last) > 0 {
		h.last = s
	}
}

// next returns a stamp that is greater than all so far, when the wall clock shows wall.
func (h *hybrid) next(wall sim.Local, writer sim.NodeID) Stamp {
	s := Stamp{Time: wall, Writer: writer}
	if wall <= h.last.Time {
		s = Stamp{Time: h.last.Time, Count: h.last.Count + 1, Writer: writer}
	}
	h.last = s
	return s
}
