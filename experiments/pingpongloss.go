package experiments

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"lightcone/protocols"
	"lightcone/sim"
	"lightcone/sim/trace"
)

//go:embed pingpong-loss/scenario.yaml
var pingPongLossScenario []byte

// pingPongLoss asks how many attempts an answer takes on a link that loses each message with probability p. An attempt
// succeeds if neither the question nor the answer is lost, so their number is geometric with mean 1/(1-p)^2.
type pingPongLoss struct{}

func (pingPongLoss) Name() string { return "pingpong-loss" }

func (pingPongLoss) About() string {
	return "attempts until an answer when each message is lost with probability p: 1/(1-p)^2"
}

func (pingPongLoss) Scenario() []byte { return pingPongLossScenario }

// The measure of the protocol that the study knows the closed form of.
const attemptsName = "pings per round"

// Analyse compares the attempts of the run with the closed form, and those of runs at other losses.
func (s pingPongLoss) Analyse(p *Plan) (*Analysis, error) {
	if p.Scenario.Protocol != "pingpong" {
		return nil, fmt.Errorf("protocol is %q, want pingpong, whose attempts the study counts", p.Scenario.Protocol)
	}
	return &Analysis{Finish: func(v sim.View, _ *Outcome) (*Report, error) { return s.report(p, v) }}, nil
}

func (s pingPongLoss) report(p *Plan, v sim.View) (*Report, error) {
	m, ok := attempts(p, p.Instance.Measures(v))
	if !ok {
		return &Report{}, nil
	}
	r := &Report{Measures: []Measure{m}, Picture: trace.Options{To: sim.Time(time.Second)}}
	if Agree(m) != Unknown {
		r.Verdicts = append(r.Verdicts, agreement("attempts agree with 1/(1-p)^2", m))
	}
	points, err := s.points(p)
	if err != nil {
		return nil, err
	}
	figure, err := lossFigure(points)
	if err != nil {
		return nil, err
	}
	r.Files = append([]File{{"attempts.csv", lossTable(points)}}, figure...)
	return r, nil
}

// agreement is the verdict that a measure agrees with what is expected.
func agreement(name string, m Measure) Verdict {
	v := Verdict{Name: name, Detail: fmt.Sprintf("%.4f in [%.4f, %.4f], expected %.4f", m.Value, m.Low, m.High, m.Expected)}
	if Agree(m) != Agrees {
		v.Verdict = sim.Violation
	}
	return v
}

// attempts finds the attempts per round among measures, and adds what is expected of them.
func attempts(p *Plan, measures []Measure) (Measure, bool) {
	i := slices.IndexFunc(measures, func(m protocols.Measure) bool { return m.Name == attemptsName })
	if i < 0 {
		return Measure{}, false
	}
	m := measures[i]
	loss := p.Scenario.loss()
	m.Expected = math.NaN()
	if p.independent() {
		answered := float64((1 - loss) * (1 - loss))
		m.Expected = 1 / answered
		// The interval is that of the closed form's standard deviation: with few rounds the sample's own can be 0.
		se := math.Sqrt(1-answered) / answered / math.Sqrt(float64(m.N))
		m.Low, m.High = m.Value-float64(4*se), m.Value+float64(4*se)
	}
	return m, true
}

// loss returns the probability of losing a message.
func (s *Scenario) loss() float64 {
	if s.Network.Loss == nil {
		return 0
	}
	return float64(*s.Network.Loss)
}

// independent reports whether the closed form applies: nothing but independent loss happens to messages, and a round
// trip is over before the question is asked again.
func (p *Plan) independent() bool {
	s, n := p.Scenario, &p.Scenario.Network
	plain := n.Timing == nil && n.Bursts == nil && n.Duplicate == nil && n.Reorder == nil && n.Corrupt == nil && n.Bandwidth == nil &&
		len(s.Faults) == 0 && s.Clocks.Drift == nil && s.Clocks.Walk == nil && s.Clocks.Sync == nil && n.Matrix == ""
	longest := float64(time.Millisecond)
	if n.Latency != nil {
		longest = n.Latency.Dist.Quantile(1)
	}
	retry := s.Params.(*protocols.PingPongParams).Retry
	return plain && s.loss() < 1 && 2*longest < float64(retry)
}

// lossPoint is what a run at one loss came to.
type lossPoint struct {
	loss     float64
	attempts Measure
}

// points runs the scenario at losses from 0 to 0.5, with the same seed: of two runs the one with more loss loses all
// that the other did.
func (pingPongLoss) points(p *Plan) ([]lossPoint, error) {
	var points []lossPoint
	for i := range 11 {
		loss := float64(i) / 20
		s, err := p.Scenario.With("network.loss=" + strconv.FormatFloat(loss, 'g', -1, 64))
		if err != nil {
			return nil, err
		}
		variant, err := s.Plan(p.Seed)
		if err != nil {
			return nil, err
		}
		w, err := sim.New(variant.Config)
		if err != nil {
			return nil, err
		}
		w.Run()
		if m, ok := attempts(variant, variant.Instance.Measures(w.View())); ok && !math.IsNaN(m.Value) {
			points = append(points, lossPoint{loss, m})
		}
	}
	return points, nil
}

// lossTable is the points as CSV.
func lossTable(points []lossPoint) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"loss", "rounds", "attempts", "low", "high", "expected", "agrees"})
	for _, p := range points {
		m := p.attempts
		w.Write([]string{decimals(p.loss), strconv.Itoa(m.N), decimals(m.Value), decimals(m.Low), decimals(m.High), decimals(m.Expected),
			strconv.FormatBool(Agree(m) == Agrees)})
	}
	w.Flush() // to memory, which does not fail
	return b.Bytes()
}

// decimals is a number to six significant digits: what differs beyond them is rounding. It is empty for NaN.
func decimals(f float64) string {
	if math.IsNaN(f) {
		return ""
	}
	return strconv.FormatFloat(f, 'g', 6, 64)
}
