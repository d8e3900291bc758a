package experiments

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat"

	"lightcone/experiments/figure"
	"lightcone/models/dist"
	"lightcone/protocols"
	"lightcone/protocols/traffic"
	"lightcone/sim"
)

// invertedAt is the share of messages that wall clocks invert when their errors are independent and normal, as
// measured and by the closed form.
type invertedAt struct {
	sd       time.Duration // of the error of each clock
	share    float64       // mean over seeds
	err      float64       // its standard error
	expected float64
	runs     int
	messages int
}

// The figure's grid. Each seed draws five clock errors, so it takes many seeds, and short runs.
var (
	curveErrors = []time.Duration{2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond,
		50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond}
)

const (
	curveRuns     = 200
	curveDuration = 20 * time.Second
)

// invertedCurve runs the scenario again and again, without drift and synchronisation, for clock errors of each size.
// Runs of the same seed share all other draws.
func invertedCurve(p *Plan, form invertedForm) ([]invertedAt, error) {
	var curve []invertedAt
	runs := p.times(curveRuns)
	for _, sd := range curveErrors {
		at := invertedAt{sd: sd, expected: form.share(sd), runs: runs}
		var perRun []float64
		for k := range uint64(runs) {
			inverted, messages, err := countInverted(p.Scenario, p.Seed*uint64(runs)+k, sd)
			if err != nil {
				return nil, err
			}
			perRun = append(perRun, float64(inverted)/float64(messages))
			at.messages += messages
		}
		mean, dev := stat.MeanStdDev(perRun, nil)
		at.share, at.err = mean, dev/math.Sqrt(float64(runs))
		curve = append(curve, at)
	}
	return curve, nil
}

// countInverted runs one world with normal clock errors and counts, of the messages that had time to arrive, those
// that are inverted.
func countInverted(s *Scenario, seed uint64, sd time.Duration) (inverted, messages int, err error) {
	t := *s
	t.Duration = Duration(curveDuration + slowest)
	t.Clocks = Clocks{Offset: &SignedLaw{Dist: dist.Normal{SD: float64(sd)}}}
	t.Faults, t.Checks, t.Limits = nil, []string{}, Limits{}
	plan, err := t.Plan(seed)
	if err != nil {
		return 0, 0, err
	}
	early := map[uint64]bool{} // records of messages that have time to arrive
	plan.Config.Observers = []sim.Observer{sim.ObserverFunc(func(e *sim.Event) {
		m, ok := e.Value.(traffic.Message[protocols.Stamp])
		switch {
		case !ok:
		case e.Kind == sim.Send && e.Time <= sim.Time(curveDuration):
			early[e.ID] = true
		case e.Kind == sim.Deliver && early[e.Link]:
			messages++
			if e.Wall < m.Stamp.Wall {
				inverted++
			}
		}
	})}
	w, err := sim.New(plan.Config)
	if err != nil {
		return 0, 0, err
	}
	r := w.Run()
	if r.Err != nil {
		return 0, 0, r.Err
	}
	if messages == 0 {
		return 0, 0, fmt.Errorf("no message arrived in %v, want a shorter interval", curveDuration)
	}
	return inverted, messages, nil
}

// invertedForm is the closed form: a message is inverted if its delay is less than the difference of two errors,
// which is normal with variance 2 sd^2. It is averaged over the links, of which traffic uses each alike, and over the
// delays of each by their quantiles.
type invertedForm struct{ delays []float64 } // ns, equally likely

func newInvertedForm(nodes int, delay func(from, to sim.NodeID) linkDelay) invertedForm {
	const slices = 400
	spread := make([]float64, slices)
	if j := delay(0, 0).jitter; j != nil {
		for q := range spread {
			spread[q] = j.Quantile((float64(q) + 0.5) / slices)
		}
	}
	var f invertedForm
	for i := range sim.NodeID(nodes) {
		for j := range sim.NodeID(nodes) {
			if i != j {
				for _, s := range spread {
					f.delays = append(f.delays, float64(delay(i, j).base)+s)
				}
			}
		}
	}
	return f
}

// share returns the share of inverted messages when each clock's error has that standard deviation.
func (f invertedForm) share(sd time.Duration) float64 {
	var sum float64
	for _, d := range f.delays {
		sum += dist.Erfc(d / (2 * float64(sd))) // P(N(0, 2 sd^2) > d) = erfc(d / (2 sd)) / 2
	}
	return sum / 2 / float64(len(f.delays))
}

// agrees reports whether measured and expected are within four standard errors, or one message of all.
func (a *invertedAt) agrees() bool {
	return math.Abs(a.share-a.expected) <= math.Max(4*a.err, 1/float64(a.messages))
}

// clocksWANFigure draws the share of inverted messages against the clocks' error, and says whether the closed form
// agrees.
func clocksWANFigure(p *Plan) ([]File, Verdict, error) {
	delay, err := linkDelays(p.Scenario)
	if err != nil {
		return nil, Verdict{}, err
	}
	closed := newInvertedForm(p.Config.Nodes, delay)
	curve, err := invertedCurve(p, closed)
	if err != nil {
		return nil, Verdict{}, err
	}
	agreeing := 0
	for i := range curve {
		if curve[i].agrees() {
			agreeing++
		}
	}
	v := verdict("figure as expected", agreeing == len(curve),
		"%d of %d points agree with the closed form within 4 standard errors", agreeing, len(curve))
	files, err := drawInverted(p.Config.Nodes, curve, closed)
	return files, v, err
}

// drawInverted draws the measured shares and the closed form.
func drawInverted(nodes int, curve []invertedAt, closed invertedForm) ([]File, error) {
	var points []figure.Estimate
	for i := range curve {
		a, half := &curve[i], 1.96*curve[i].err
		points = append(points, figure.Estimate{X: milliseconds(a.sd), Y: a.share, Low: math.Max(0, a.share-half), High: a.share + half})
	}
	var form []figure.XY
	for x := math.Log(1.5); x <= math.Log(300); x += 0.05 {
		sd := time.Duration(math.Exp(x) * 1e6)
		form = append(form, figure.XY{X: milliseconds(sd), Y: closed.share(sd)})
	}
	return figureFiles(&figure.Figure{
		Title:   "Messages that wall clocks show as received before they were sent",
		Caption: fmt.Sprintf("%d nodes in AWS regions; independent normal clock errors; mean of %d runs and its 95 %% interval", nodes, curve[0].runs),
		X:       figure.Axis{Label: "standard deviation of each clock's error (ms)", Log: true},
		Y:       figure.Axis{Label: "share of messages inverted"},
		Layers: []figure.Layer{figure.Curve{Form: "closed form: mean over links of P(delay < difference of two errors)", Data: form},
			figure.Points{Name: "measured", Data: points}},
	}, "inverted")
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }
