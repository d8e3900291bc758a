package overload

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Properties returns what must hold of a server: its queue keeps its bound, no worker idles while a request waits, and
// every request is served, refused, thrown away, or there. And that one waits, without which there is no queue.
func (c Config) Properties() []sim.Property {
	return []sim.Property{
		{Name: "the queue keeps its bound", Mode: sim.Always, Check: of(c.bounded)},
		{Name: "no worker idles while a request waits", Mode: sim.Always, Check: of(busy)},
		{Name: "every request is accounted for", Mode: sim.Always, Check: of(accounted)},
		{Name: "a request waits", Mode: sim.Sometimes, Check: of(waits)},
	}
}

// of makes a claim about the server while it is up.
func of(holds func(*Server) error) func(sim.View) error {
	return func(v sim.View) error {
		if s, ok := v.Process(0).(*Server); ok {
			return holds(s)
		}
		return nil
	}
}

func (c Config) bounded(s *Server) error {
	if n := s.Waiting(); c.Queue > 0 && n > c.Queue {
		return fmt.Errorf("%d requests wait, want at most %d", n, c.Queue)
	}
	return nil
}

func busy(s *Server) error {
	if n, k := s.Waiting(), s.Serving(); n > 0 && k < len(s.workers) {
		return fmt.Errorf("%d of %d workers serve while %d requests wait", k, len(s.workers), n)
	}
	return nil
}

func accounted(s *Server) error {
	n := s.Counts
	if sum := n.Served + n.Refused + n.Expired + s.Waiting() + s.Serving(); sum != n.Came {
		return fmt.Errorf("%d requests came; %d were served, %d refused, %d thrown away, %d wait, %d are being served: %d",
			n.Came, n.Served, n.Refused, n.Expired, s.Waiting(), s.Serving(), sum)
	}
	return nil
}

func waits(s *Server) error {
	if s.Waiting() > 0 {
		return nil
	}
	return errors.New("no request waits")
}
