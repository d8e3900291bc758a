package sim

import (
	"errors"
	"fmt"
	"time"
)

// Disturb troubles the network for a while: of the messages sent between the nodes of From and those of To, in both
// directions unless OneWay, a share Loss is lost, and the others take longer by Delay and, drawn for each, up to Jitter
// more. Which ones are lost is drawn from the message's name: other draws stay as they are. Of several at once each does
// its part.
type Disturb struct {
	Name     string
	From, To []NodeID // nil: all
	OneWay   bool
	Loss     float64       // in [0, 1]
	Delay    time.Duration // at least 0
	Jitter   time.Duration // at least 0
}

// Apply begins the disturbance.
func (a Disturb) Apply(c *Control) { c.begin(a) }

// Label returns its name.
func (a Disturb) Label() string   { return a.Name }
func (a Disturb) subject() NodeID { return Nobody }

func (a Disturb) String() string {
	where := "all"
	if a.From != nil || a.To != nil {
		arrow := "|"
		if a.OneWay {
			arrow = "-/>"
		}
		where = someNodes(a.From) + " " + arrow + " " + someNodes(a.To)
	}
	var loss, delay, jitter string
	if a.Loss > 0 {
		loss = fmt.Sprintf("losing %v", a.Loss)
	}
	if a.Delay > 0 {
		delay = fmt.Sprintf("delaying %v", a.Delay)
	}
	if a.Jitter > 0 {
		jitter = fmt.Sprintf("jitter %v", a.Jitter)
	}
	return words("disturb", where, loss, delay, jitter, as(a.Name))
}

func someNodes(ids []NodeID) string {
	if ids == nil {
		return "all"
	}
	return nodeList(ids)
}

// Validate reports all that is wrong with the action, in a world of that many nodes.
func (a Disturb) Validate(nodes int) error {
	p := wrongs{of: "Disturb"}
	p.nodes("From", a.From, nodes)
	p.nodes("To", a.To, nodes)
	if !(a.Loss >= 0 && a.Loss <= 1) {
		p.add("Loss is %v, want 0 to 1", a.Loss)
	}
	if a.Delay < 0 || a.Jitter < 0 {
		p.add("Delay is %v and Jitter %v, want 0 or more", a.Delay, a.Jitter)
	}
	if a.Loss == 0 && a.Delay == 0 && a.Jitter == 0 {
		p.errs = append(p.errs, errors.New("sim: Disturb does nothing, want a Loss, a Delay or a Jitter"))
	}
	if a.OneWay && a.From == nil && a.To == nil {
		p.add("OneWay is set and both sides are all nodes, want a side")
	}
	return p.err()
}

// reroute puts the disturbances in force between the world and its network, or takes the last away.
func (w *World) reroute() {
	w.network = w.calm
	for i := range w.conditions {
		if _, ok := w.conditions[i].is.(Disturb); ok {
			w.network = disturbed{w}
			return
		}
	}
}

// disturbed is the network of a world with all that disturbs it.
type disturbed struct{ w *World }

// Route lets the network decide, and then the disturbances.
func (n disturbed) Route(dst []Copy, p *Packet, r *Rand) []Copy {
	first := len(dst)
	dst = n.w.calm.Route(dst, p, r)
	for i := range n.w.conditions {
		x := &n.w.conditions[i]
		if a, ok := x.is.(Disturb); ok && x.between(p.From, p.To, a.OneWay) {
			for k := first; k < len(dst); k++ {
				a.disturb(&dst[k], NewRand(n.w.cfg.Seed, forCondition, x.key, disturbing, uint64(p.From), uint64(p.To), p.K<<8|uint64(k-first)&255))
			}
		}
	}
	return dst
}

func (x *condition) between(from, to NodeID, oneWay bool) bool {
	return x.from.in(from) && x.to.in(to) || !oneWay && x.from.in(to) && x.to.in(from)
}

// disturb decides about one copy.
func (a *Disturb) disturb(c *Copy, r Rand) {
	if r.Bool(a.Loss) && c.Cause == Delivered {
		c.Cause = Loss
	}
	c.Delay += a.Delay
	if a.Jitter > 0 {
		c.Delay += r.Duration(0, a.Jitter)
	}
}
