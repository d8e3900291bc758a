package experiments

import (
	"bytes"
	_ "embed"
	"fmt"

	"lightcone/protocols"
	"lightcone/protocols/generals"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed byzantine-thresholds/scenario.yaml
var byzantineThresholdsScenario []byte

// byzantineThresholds asks how many liars n generals stand: more than 3f generals f liars, with OM(f) and oral messages
// (Lamport, Shostak and Pease 1982, theorem 1); any number of generals, with SM(f) and signatures (theorem 2).
//
// For few generals it runs every behaviour of every set of liars under both orders, and knows beforehand how many that
// are. For more it draws behaviours, which seldom do harm, and adds the one that does where harm can be done: a loyal
// commander orders attack, and the liars say retreat.
//
// Not modelled: messages that are lost or late (rounds are synchronous), networks that are not complete, generals that
// crash, and signatures that can be forged.
type byzantineThresholds struct{}

func (byzantineThresholds) Name() string { return "byzantine-thresholds" }
func (byzantineThresholds) About() string {
	return "how many liars n generals stand: n > 3f with oral messages, any n with signatures; exhaustive for n = 3 and 4"
}
func (byzantineThresholds) Scenario() []byte { return byzantineThresholdsScenario }

func (s byzantineThresholds) Analyse(p *Plan) (*Analysis, error) {
	if _, ok := p.Scenario.Params.(*protocols.GeneralsParams); !ok {
		return nil, fmt.Errorf("protocol is %q, want generals, whose liars the study counts", p.Scenario.Protocol)
	}
	return &Analysis{Finish: func(sim.View, *Outcome) (*Report, error) { return s.report(p) }}, nil
}

// How far the study goes.
const (
	leastGenerals, mostGenerals = 3, 10
	mostLiars                   = 3
	exhaustedGenerals           = 4      // up to so many, all behaviours are run
	exhaustedBehaviours         = 15_000 // and of more generals if they are not more than this
	drawnBehaviours             = 200
	drawnMessages               = 200_000    // fewer behaviours if a run has many messages
	drawLiars                   = 0x6c696172 // "liar"
)

func (byzantineThresholds) report(p *Plan) (*Report, error) {
	var oral, signed []liarCell
	for liars := range mostLiars + 1 {
		for n := leastGenerals; n <= mostGenerals; n++ {
			for _, c := range []struct {
				signed bool
				to     *[]liarCell
			}{{false, &oral}, {true, &signed}} {
				cell, err := runLiars(p.Seed, n, liars, liars, c.signed)
				if err != nil {
					return nil, err
				}
				*c.to = append(*c.to, cell)
			}
		}
	}
	var short []liarCell // SM(f-1)
	for _, n := range []int{3, 4} {
		cell, err := runLiars(p.Seed, n, 1, 0, true)
		if err != nil {
			return nil, err
		}
		short = append(short, cell)
	}
	r := &Report{Measures: liarMeasures(oral, signed), Verdicts: liarVerdicts(oral, signed, short)}
	clusters, err := clusterTable()
	if err != nil {
		return nil, err
	}
	r.Files = []File{{"liars.csv", liarTable(append(append(oral, signed...), short...))}, {"clusters.csv", clusters}}
	for _, draw := range []func() ([]File, error){
		func() ([]File, error) { return liarFigure("oral", oral) },
		func() ([]File, error) { return liarFigure("signed", signed) },
		threeGenerals,
	} {
		files, err := draw()
		if err != nil {
			return nil, err
		}
		r.Files = append(r.Files, files...)
	}
	return r, nil
}

// threeGenerals draws what one liar does to two loyal generals, and what it cannot do if orders are signed.
func threeGenerals() ([]File, error) {
	var files []File
	for _, c := range []struct {
		name, title string
		signed      bool
	}{
		{"three", "Three generals, one of whom lies: n0 orders attack, n2 says it was retreat; n1 cannot tell who lies, and retreats", false},
		{"three-signed", "The same with signatures: n2 cannot sign for n0, and n1 attacks", true},
	} {
		g := generals.Config{Generals: 3, M: 1, Signed: c.signed, Order: generals.Attack}
		b := g.Behaviour(2)
		for i := range b.Says {
			b.Says[i] = generals.SayRetreat
		}
		rec := &trace.Recorder{Header: trace.Header{Title: c.title, Nodes: 3, Lanes: []string{"commands", "", "lies"}}}
		o, err := b.Run(rec)
		if err != nil {
			return nil, err
		}
		if o.Broken() == c.signed {
			return nil, fmt.Errorf("%s: %+v, want it broken without signatures and not with them", c.name, o)
		}
		var svg bytes.Buffer
		if err := trace.Write(&svg, rec.Trace(), "svg", trace.Options{}); err != nil {
			return nil, err
		}
		files = append(files, File{c.name + ".svg", svg.Bytes()})
	}
	return files, nil
}
