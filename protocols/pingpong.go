package protocols

import (
	"errors"
	"fmt"
	"math"
	"time"

	"lightcone/protocols/pingpong"
	"lightcone/sim"
)

// PingPongParams are the parameters of "pingpong".
type PingPongParams struct {
	Rounds int           `yaml:"rounds" jsonschema:"minimum=1,description=how many rounds node 0 plays with node 1"`
	Retry  time.Duration `yaml:"retry" jsonschema:"description=how long node 0 waits for an answer before it asks again"`
}

func (p PingPongParams) validate() error {
	var errs []error
	if p.Rounds < 1 {
		errs = append(errs, fmt.Errorf("protocols: pingpong rounds is %d, want at least 1", p.Rounds))
	}
	if p.Retry <= 0 {
		errs = append(errs, fmt.Errorf("protocols: pingpong retry is %v, want more than 0", p.Retry))
	}
	return errors.Join(errs...)
}

func pingPong() Entry {
	return Entry{
		Name:   "pingpong",
		About:  "Node 0 asks, node 1 answers, what is lost is asked again",
		Params: func() any { return &PingPongParams{Rounds: 10, Retry: 100 * time.Millisecond} },
		Build: func(params any, nodes int) (Instance, error) {
			p, err := paramsOf[PingPongParams]("pingpong", params)
			if err != nil {
				return Instance{}, err
			}
			return Instance{
				New:        func(sim.NodeID) sim.Process { return &pingpong.Process{Rounds: p.Rounds, Retry: p.Retry} },
				Properties: pingpong.Properties(),
				Measures:   pingPongMeasures,
			}, errors.Join(p.validate(), atLeast("pingpong", 2, nodes))
		},
	}
}

// pingPongMeasures estimates the mean number of pings a round takes. Rounds are independent and geometric, so with mean
// m their standard deviation is sqrt(m(m-1)).
func pingPongMeasures(v sim.View) []Measure {
	pings := Measure{Name: "pings per round", Unit: "messages", Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Expected: math.NaN()}
	rounds := 0
	if p, ok := v.Process(0).(*pingpong.Process); ok {
		rounds = p.Round
		if rounds > 0 && rounds == p.Rounds { // the last round of others is cut short
			m := float64(p.Asked) / float64(rounds)
			se := math.Sqrt(m * (m - 1) / float64(rounds))
			pings.Value, pings.N, pings.Low, pings.High = m, rounds, m-float64(4*se), m+float64(4*se)
		}
	}
	return []Measure{count("rounds", "rounds", rounds), pings}
}
