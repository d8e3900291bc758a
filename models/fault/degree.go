package fault

import (
	"slices"
	"time"

	"lightcone/sim"
)

// Degree is how bad it is. Each kind takes some of it, and the rest is left zero; kinds that are not listed take none.
//
//	omit-send, omit-receive    P, Max, Peers
//	slow                       Factor, Work
//	drift                      PPM
//	disk-slow                  Factor
//	lose-writes, tear-writes   P, Max
//	lie                        How
type Degree struct {
	P      float64       // the probability for each message, or write, in (0, 1]
	Max    int           // at most so many; 0: any number
	Peers  []sim.NodeID  // messages to, or from, these; nil: all
	Factor float64       // how many times slower, 1 to 1e9
	Work   time.Duration // what a handler takes a node that is not slow; 0: nothing, and only the disk is slow
	PPM    int           // the error of the clock's rate, in parts per million; negative: too slow
	How    string        // the liar, by its name in sim.Config.Liars
}

// degreeField is one field of a Degree.
type degreeField struct {
	name  string
	kinds []Kind // which take it
	zero  func(Degree) bool
}

var degreeFields = []degreeField{
	{"P", []Kind{OmitSend, OmitReceive, LoseWrites, TearWrites}, func(d Degree) bool { return d.P == 0 }},
	{"Max", []Kind{OmitSend, OmitReceive, LoseWrites, TearWrites}, func(d Degree) bool { return d.Max == 0 }},
	{"Peers", []Kind{OmitSend, OmitReceive}, func(d Degree) bool { return d.Peers == nil }},
	{"Factor", []Kind{Slow, DiskSlow}, func(d Degree) bool { return d.Factor == 0 }},
	{"Work", []Kind{Slow}, func(d Degree) bool { return d.Work == 0 }},
	{"PPM", []Kind{Drift}, func(d Degree) bool { return d.PPM == 0 }},
	{"How", []Kind{Lie}, func(d Degree) bool { return d.How == "" }},
}

// degree reports a degree that is not one of the kind.
func (p *problems) degree(k Kind, d Degree, nodes int) {
	for _, f := range degreeFields {
		if !slices.Contains(f.kinds, k) && !f.zero(d) {
			p.add("Degree.%s is set, want it left zero with %v", f.name, k)
		}
	}
	takes := func(i int) bool { return slices.Contains(degreeFields[i].kinds, k) }
	if takes(0) && !(d.P > 0 && d.P <= 1) {
		p.add("Degree.P is %v, want more than 0, at most 1", d.P)
	}
	if takes(1) && d.Max < 0 {
		p.add("Degree.Max is %d, want at least 1, or 0 for no bound", d.Max)
	}
	if takes(2) && d.Peers != nil {
		if len(d.Peers) == 0 {
			p.add("Degree.Peers is empty, want at least 1 node, or nil for all")
		}
		p.nodes("Degree.Peers", d.Peers, nodes)
	}
	if takes(3) && !(d.Factor >= 1 && d.Factor <= maxFactor) {
		p.add("Degree.Factor is %v, want 1 to %g", d.Factor, maxFactor)
	}
	if takes(4) && d.Work < 0 {
		p.add("Degree.Work is %v, want 0 or more", d.Work)
	}
	if takes(5) && (d.PPM == 0 || d.PPM < -maxPPM || d.PPM > maxPPM) {
		p.add("Degree.PPM is %d, want %d to %d and not 0", d.PPM, -maxPPM, maxPPM)
	}
	if takes(6) {
		p.liar("Degree.How", d.How)
	}
}

// What package sim takes at most.
const (
	maxFactor = 1e9
	maxPPM    = 500_000
)
