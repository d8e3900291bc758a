package experiments

import (
	_ "embed"
	"errors"
	"math"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/detector"
	"lightcone/sim"
)

//go:embed detector-rows/scenario.yaml
var detectorRowsScenario []byte

// detectorRows runs detectors whose quality of service has a closed form: NFD-S (Chen, Toueg and Aguilera 2002, theorem 5),
// a plain timeout on a link of constant delay, phi-accrual at a constant interval (Hayashibara et al. 2004), and the
// first of SWIM's members to notice a crash (Das, Gupta and Motivala 2002, section 3.1).
//
// Not modelled: what the detectors do on other links; detectors has that.
type detectorRows struct{}

func (detectorRows) Name() string { return "detector-rows" }
func (detectorRows) About() string {
	return "failure detectors whose quality has a closed form: NFD-S, a plain timeout, phi-accrual and SWIM"
}
func (detectorRows) Scenario() []byte { return detectorRowsScenario }

// The measures of the study.
const (
	mistakeRateName    = "mistake rate"
	firstDetectionName = "first detection"
	detectionName      = "detection time"
)

// Analyse is that of one run.
func (s detectorRows) Analyse(p *Plan) (*Analysis, error) { return s.Watch(p) }

// Watch measures how often a detector errs, whose inverse is the time from one mistake to the next without the bias of
// those that a run cuts off, and when the first member notices a crash.
func (detectorRows) Watch(p *Plan) (*Analysis, error) {
	params, ok := p.Scenario.Params.(*protocols.DetectorParams)
	if !ok || p.Scenario.Duration == 0 {
		return nil, errors.New("want protocol detector, and a duration")
	}
	c := detector.Config{Algorithm: detector.Algorithm(params.Algorithm), Pairs: detector.Pairs(params.Pairs)}
	w := detector.NewWatch(c, p.Scenario.NodeCount())
	first := &firstSuspicion{period: params.Interval, periods: math.NaN()}
	return &Analysis{
		Observers: []sim.Observer{w, first},
		Finish: func(v sim.View, _ *Outcome) (*Report, error) {
			rate := plainMeasure(mistakeRateName, "1/s", float64(w.Report().Mistakes)/time.Duration(p.Scenario.Duration).Seconds(), 1)
			return &Report{Measures: []Measure{rate, plainMeasure(firstDetectionName, "periods", first.periods, 1)}}, nil
		},
	}, nil
}

// firstSuspicion is an observer that counts the periods from the one after a crash until somebody is suspected.
type firstSuspicion struct {
	period  time.Duration
	crashed sim.Time
	periods float64 // NaN until then
}

// Wants says which events it needs.
func (f *firstSuspicion) Wants(k sim.Kind) bool { return k == sim.Crashed || k == sim.Note }

// Observe takes the first suspicion after the first crash.
func (f *firstSuspicion) Observe(e *sim.Event) {
	if e.Kind == sim.Crashed && f.crashed == 0 {
		f.crashed = e.Time
	}
	if _, ok := e.Value.(detector.Suspected); ok && e.Kind == sim.Note && f.crashed > 0 && math.IsNaN(f.periods) {
		p := sim.Time(f.period)
		f.periods = float64(e.Time/p - (f.crashed+p-1)/p)
	}
}

// Expect returns the closed form of a point's detector.
func (detectorRows) Expect(s *Sweep, p Point) ([]Expectation, error) {
	scenario, err := s.At(p)
	if err != nil {
		return nil, err
	}
	params, ok := scenario.Params.(*protocols.DetectorParams)
	if !ok {
		return nil, errors.New("want protocol detector")
	}
	switch detector.Algorithm(params.Algorithm) {
	case detector.NFDS:
		return freshnessForm(scenario, params)
	case detector.Timeout:
		return timeoutForm(scenario, params), nil
	case detector.Phi:
		return phiForm(scenario, params), nil
	}
	return []Expectation{{Measure: firstDetectionName, Expected: detector.FirstDetection(scenario.NodeCount()), Source: "1/(1-(1-1/m)^m) of m others"}}, nil
}

// freshnessForm is the closed form of NFD-S.
func freshnessForm(s *Scenario, p *protocols.DetectorParams) ([]Expectation, error) {
	b, err := fitsDetectors(s)
	if err != nil {
		return nil, err
	}
	q := b.link.NFDS(p.Interval, p.Delta)
	const source = "Chen, Toueg and Aguilera, theorem 5"
	return []Expectation{
		{Measure: mistakeRateName, Expected: 1 / q.Recurrence, Source: source},
		{Measure: "mistake duration", Expected: q.Mistake, Source: source},
		{Measure: "query accuracy", Expected: q.Accuracy, Source: source},
	}, nil
}

// timeoutForm is the mean detection time of a timeout where delays are constant and a crash comes at any moment between
// two heartbeats: the last one was sent half an interval ago, on average.
func timeoutForm(s *Scenario, p *protocols.DetectorParams) []Expectation {
	delay, ok := constantDelay(s)
	if !ok {
		return nil
	}
	return []Expectation{{Measure: detectionName, Expected: (p.Timeout + delay - p.Interval/2).Seconds(), Source: "timeout + delay - interval/2"}}
}

// phiForm is the detection time of phi-accrual where delays are constant and the crash comes when the last heartbeat
// arrives: intervals are then normal with the interval as their mean and the least standard deviation that is reckoned
// with. It is exact but for the nanosecond.
func phiForm(s *Scenario, p *protocols.DetectorParams) []Expectation {
	if _, ok := constantDelay(s); !ok {
		return nil
	}
	z := distuv.UnitNormal.Quantile(1 - math.Pow(10, -p.Threshold))
	at := p.Interval.Seconds() + p.MinSD.Seconds()*z
	return []Expectation{{Measure: detectionName, Expected: at, Within: 1e-6, Source: "mean + sd * z(1-10^-phi)"}}
}

func constantDelay(s *Scenario) (time.Duration, bool) {
	if s.Network.Latency == nil {
		return 0, false
	}
	d, ok := s.Network.Latency.Dist.(dist.Constant)
	return time.Duration(d.Value), ok
}

// Figures adds none to those that the scenario declares.
func (detectorRows) Figures(*Swept) ([]SweptFigure, error) { return nil, nil }
