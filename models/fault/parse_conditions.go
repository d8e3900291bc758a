package fault

import (
	"math"
	"strconv"
	"strings"
	"time"

	"lightcone/sim"
)

// omit reads an omission, from its verb on.
func (p *parser) omit() sim.Action {
	p.expect("omit")
	receives := p.peek() == "receives"
	toward := "to"
	if receives {
		p.next()
		toward = "from"
	} else {
		p.expect("sends")
	}
	p.expect("of")
	a := sim.OmitSends{Node: p.node()}
	if p.clause(toward) {
		a.Peers = p.nodes()
	}
	a.P, a.Max = p.often()
	a.Name = p.label()
	if receives {
		return sim.OmitReceives(a)
	}
	return a
}

// often reads a probability and, if it is there, the most times.
func (p *parser) often() (chance float64, most int) {
	p.expect("with")
	chance = p.number()
	if p.clause("at", "most") {
		most = p.count()
	}
	return chance, most
}

// slow reads a node, or a disk, that is slow.
func (p *parser) slow() sim.Action {
	p.expect("slow")
	if p.clause("disk", "of") {
		a := sim.SlowDisk{Node: p.node()}
		p.expect("by")
		a.Factor, a.Name = p.number(), p.label()
		return a
	}
	a := sim.Slow{Node: p.node()}
	p.expect("by")
	a.Factor = p.number()
	if p.clause("with", "handlers", "of") {
		a.Work = p.span()
	}
	a.Name = p.label()
	return a
}

// drift reads whose clock runs how wrong.
func (p *parser) drift() sim.Action {
	p.expect("drift", "clock", "of")
	a := sim.Drift{Node: p.node()}
	p.expect("by")
	digits, ok := strings.CutSuffix(p.peek(), "ppm")
	n, err := strconv.ParseInt(digits, 10, 32)
	if !ok || err != nil {
		p.fail("parts per million, such as -200ppm")
		return a
	}
	p.next()
	a.PPM, a.Name = int(n), p.label()
	return a
}

// step reads a step of a clock.
func (p *parser) step() sim.Action {
	p.expect("step")
	wall := p.peek() == "wall"
	if wall {
		p.next()
	}
	p.expect("clock", "of")
	node := p.node()
	p.expect("by")
	if by := p.duration(); wall {
		return sim.StepWall{Node: node, By: by}
	} else {
		return sim.StepClock{Node: node, By: by}
	}
}

func (p *parser) fill() sim.Action {
	p.expect("fill", "disk", "of")
	return sim.FullDisk{Node: p.node(), Name: p.label()}
}

// writes reads what a disk makes of writes: it loses or tears them.
func (p *parser) writes() sim.Action {
	lose := p.next() == "lose"
	p.expect("writes", "of")
	a := sim.LoseWrites{Node: p.node()}
	a.P, a.Max = p.often()
	a.Name = p.label()
	if lose {
		return a
	}
	return sim.TearWrites(a)
}

// rot reads whose value is damaged, and which.
func (p *parser) rot() sim.Action {
	p.expect("rot")
	a := sim.Rot{Node: p.node()}
	if p.err == nil && strings.HasPrefix(p.peek(), `"`) {
		a.Key = p.quoted()
	}
	a.Undetected = p.clause("undetected")
	return a
}

// quoted reads a text in quotes, as Go writes it.
func (p *parser) quoted() string {
	p.peek()
	q, err := strconv.QuotedPrefix(p.rest)
	if err != nil {
		p.fail(`a text in quotes, such as "term"`)
		return ""
	}
	p.rest = p.rest[len(q):]
	p.read += len(q)
	s, _ := strconv.Unquote(q) // a quoted prefix is one
	return s
}

func (p *parser) backUp() sim.Action {
	p.expect("back", "up", "disk", "of")
	return sim.Backup{Node: p.node()}
}

// disturb reads which links are disturbed, and how.
func (p *parser) disturb() sim.Action {
	p.expect("disturb")
	a := sim.Disturb{From: p.side()}
	switch p.peek() {
	case "|", "-/>":
		a.OneWay = p.next() == "-/>"
		p.peek()
		at := *p
		if a.To = p.side(); a.OneWay && a.From == nil && a.To == nil {
			at.fail("a side, such as {n0}")
			p.err = at.err
		}
	default:
		if a.From != nil {
			p.fail(`"|" or "-/>"`)
		}
	}
	if p.clause("losing") {
		a.Loss = p.number()
	}
	if p.clause("delaying") {
		a.Delay = p.span()
	}
	if p.clause("jitter") {
		a.Jitter = p.span()
	}
	a.Name = p.label()
	return a
}

// side reads a set of nodes, nil for all.
func (p *parser) side() []sim.NodeID {
	if p.clause("all") {
		return nil
	}
	return p.nodes()
}

// clause reports whether the next word begins a clause, and reads the words that begin it.
func (p *parser) clause(words ...string) bool {
	if p.err != nil || p.peek() != words[0] {
		return false
	}
	p.expect(words...)
	return true
}

// label reads the name of what Heal ends, if it has one.
func (p *parser) label() string {
	if !p.clause("as") {
		return ""
	}
	return p.word("a name, without special characters")
}

// number reads a number that is not negative.
func (p *parser) number() float64 {
	x, err := strconv.ParseFloat(p.peek(), 64)
	if err != nil || !(x >= 0) || math.IsInf(x, 0) {
		p.fail("a number, such as 0.3")
		return 0
	}
	p.next()
	return x
}

// span reads a duration that is not negative.
func (p *parser) span() time.Duration {
	d, err := time.ParseDuration(p.peek())
	if err != nil || d < 0 {
		p.fail("a duration, such as 10ms")
		return 0
	}
	p.next()
	return d
}
