package experiments

import (
	"fmt"
	"time"

	"lightcone/models/dist"
	"lightcone/models/network"
	"lightcone/sim"
)

// The draws that a plan makes itself, beside the engine's.
const (
	drawDelta uint64 = 1 + iota
	drawGST
)

// network builds the scenario's network, layer upon layer: latency first, the timing model and FIFO last, so that they
// hold whatever the layers below propose. The claim is what the timing model promises; ok is false if there is none.
func (s *Scenario) network(seed uint64) (n sim.Network, claim network.Claim, ok bool, err error) {
	if n, err = s.latency(); err != nil {
		return nil, claim, false, err
	}
	n = s.Network.mishaps(n)
	if t := s.Network.Timing; t != nil {
		model := t.model(n, seed)
		n, claim, ok = model, model.Claim(), true
	}
	if s.Network.FIFO {
		n = &network.FIFO{Inner: n}
		claim.FIFO = true
	}
	return n, claim, ok, network.Validate(n)
}

// latency is the layer that delays messages.
func (s *Scenario) latency() (sim.Network, error) {
	n := &s.Network
	switch {
	case n.Matrix != "":
		var j network.Jitter
		if n.Jitter != nil {
			j.Extra = n.Jitter.Dist
		}
		return network.AWS().Network(s.places(), j)
	case n.Latency != nil:
		return network.Latency{Law: n.Latency.Dist}, nil
	}
	return sim.ConstantDelay(time.Millisecond), nil
}

// mishaps are the layers between latency and the timing model.
func (n *Network) mishaps(inner sim.Network) sim.Network {
	if n.Reorder != nil {
		inner = network.Reorder{Inner: inner, P: float64(n.Reorder.Share), Hold: n.Reorder.By.Dist}
	}
	if n.Duplicate != nil {
		inner = network.Duplicate{Inner: inner, P: float64(*n.Duplicate)}
	}
	if n.Loss != nil {
		inner = network.Loss{Inner: inner, P: float64(*n.Loss)}
	}
	if n.Bursts != nil {
		inner = &network.GilbertElliott{Inner: inner, Loss: float64(n.Bursts.Loss), Burst: n.Bursts.Length}
	}
	if n.Corrupt != nil {
		inner = network.Corrupt{Inner: inner, P: float64(n.Corrupt.Share), Undetected: float64(n.Corrupt.Undetected)}
	}
	if n.Bandwidth != nil {
		b := &network.Bandwidth{Inner: inner, Rate: int64(*n.Bandwidth)}
		if n.Queue != nil {
			b.Buffer = int64(*n.Queue)
		}
		inner = b
	}
	return inner
}

// model wraps inner in the timing model. Bounds that are laws are drawn by the seed.
func (t *Timing) model(inner sim.Network, seed uint64) network.TimingModel {
	switch t.Model {
	case "synchronous":
		return network.Synchronous{Inner: inner, Delta: drawn(t.Delta, seed, drawDelta)}
	case "partially-synchronous":
		n := network.PartiallySynchronous{Inner: inner, Delta: drawn(t.Delta, seed, drawDelta), EarlyLoss: t.EarlyLoss}
		if t.GST != nil {
			n.GST = sim.Time(drawn(t.GST, seed, drawGST))
		}
		return n
	case "asynchronous":
		n := &network.Asynchronous{Inner: inner, Held: float64(t.Held)}
		if t.Starved != nil {
			n.Starved, n.Starvation = float64(t.Starved.Share), time.Duration(t.Starved.For)
		}
		if t.Reversed != nil {
			n.Reversed, n.Window = float64(t.Reversed.Share), time.Duration(t.Reversed.For)
		}
		return n
	}
	panic(fmt.Sprintf("experiments: unknown timing model %q", t.Model)) // the schema names them all
}

// drawn draws from a law once for the run.
func drawn(l *Law, seed, purpose uint64) time.Duration {
	r := sim.NewRand(seed, sim.ForStudy, purpose)
	return max(1, dist.Duration(l.Dist, &r))
}
