package experiments

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"lightcone/experiments/table"
)

// Expectation is a statistic of a measure at a point, with what is expected of it.
type Expectation struct {
	Point     int
	Measure   string
	Statistic string         // mean, median, p99, ...
	Value     table.Estimate // with its 95 % interval
	Bound     Bound
	Expected  float64
	Error     float64 // standard error of Expected, if it is itself sampled
	Within    float64 // how far Value may be off, as a share of Expected, where that is more than 4 standard errors
	Agrees    Agreement
	Source    string // the formula, or the model
	Because   string // the named effect by which they differ, if it is declared that they do
}

// Bound says on which side of the expected value a statistic is to be.
type Bound uint8

// The bounds.
const (
	Exactly Bound = iota // it is the expected value
	AtMost
	AtLeast
)

func (b Bound) String() string { return [...]string{"", "at most ", "at least "}[b] }

// Finding says how an expectation came out.
type Finding uint8

// The findings. What agrees and what differs for a declared reason is as expected; the others are not.
const (
	Agreed      Finding = iota // the statistic agrees with what is expected
	Explained                  // it differs, as is declared, and Because says why
	Undecidable                // there are not enough runs to tell
	Unshown                    // it agrees, though it is declared to differ
	Contrary                   // it differs
)

func (f Finding) String() string {
	return [...]string{"agrees", "differs as explained", "cannot be told", "agrees, though declared to differ", "differs"}[f]
}

// AsExpected reports whether the finding is what was declared.
func (f Finding) AsExpected() bool { return f <= Explained }

// Finding says how the expectation came out.
func (e Expectation) Finding() Finding {
	switch {
	case e.Agrees == Unknown:
		return Undecidable
	case e.Because != "" && e.Agrees == Differs:
		return Explained
	case e.Because != "":
		return Unshown
	case e.Agrees == Differs:
		return Contrary
	}
	return Agreed
}

// judge collects what is expected, by the scenario and by the study, and compares it: by measure, statistic and point.
func (w *Swept) judge() error {
	s := w.Sweep
	for i := range w.Table.Points {
		p := s.Point(i)
		expected, err := s.expected(p)
		if err != nil {
			return err
		}
		for _, e := range expected {
			e.Point = i
			if err := w.compare(&e); err != nil {
				return err
			}
			w.Expectations = append(w.Expectations, e)
		}
	}
	slices.SortStableFunc(w.Expectations, func(a, b Expectation) int {
		return cmp.Or(strings.Compare(a.Measure, b.Measure), strings.Compare(a.Statistic, b.Statistic), cmp.Compare(a.Bound, b.Bound))
	})
	return nil
}

// expected returns what is expected at a point, of the measures that are kept.
func (s *Sweep) expected(p Point) (list []Expectation, err error) {
	at, err := s.Scenario.at(p)
	if err != nil {
		return nil, err
	}
	names := s.names(at, p)
	for i := range s.Scenario.Expect {
		e := &s.Scenario.Expect[i]
		if !e.applies(s, p) {
			continue
		}
		for bound, f := range []Formula{e.Value, e.AtMost, e.AtLeast} {
			if !f.is() {
				continue
			}
			value, err := f.evaluate(names)
			if err != nil {
				return nil, fmt.Errorf("experiments: expect %s = %s at %s: %w", e.Measure, f.Text, p.Label, err)
			}
			x := Expectation{Measure: e.Measure, Statistic: e.Statistic, Bound: Bound(bound), Expected: value, Source: f.Text, Because: e.Because}
			if e.Within != nil {
				x.Within = float64(*e.Within)
			}
			list = append(list, x)
		}
	}
	if study, ok := s.Study.(SweptStudy); ok {
		more, err := study.Expect(s, p)
		if err != nil {
			return nil, fmt.Errorf("experiments: study %s at %s: %w", study.Name(), p.Label, err)
		}
		wanted := s.wanted()
		for _, e := range more {
			if wanted == nil || slices.Contains(wanted, e.Measure) {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// compare estimates the statistic and compares it with what is expected: by 4 standard errors of both sides, or by the share
// of it by which it may be off.
func (w *Swept) compare(e *Expectation) error {
	if e.Statistic == "" {
		e.Statistic = table.Mean.String()
	}
	statistic, err := table.ParseStatistic(e.Statistic)
	if err != nil {
		return fmt.Errorf("experiments: expect %s: %w", e.Measure, err)
	}
	m, err := w.Table.Measure(e.Measure)
	if err != nil {
		return fmt.Errorf("experiments: expect: %w", err)
	}
	values := w.Table.Values(e.Point, m)
	e.Value = w.Table.Estimate(e.Point, m, statistic, table.Confidence)
	e.Agrees = agreementOf(w.Table.Suited(e.Point, m, statistic), values, *e)
	return nil
}

// fewEqual is how many runs it takes that are all the same to say that their mean is another than expected. A few say nothing
// of how far runs vary.
const fewEqual = 5

func agreementOf(s table.Statistic, values []float64, e Expectation) Agreement {
	v := e.Value.Value
	if math.IsNaN(v) || math.IsNaN(e.Expected) {
		return Unknown
	}
	within := math.Abs(v-e.Expected) <= e.Within*math.Abs(e.Expected)
	switch {
	case e.Bound == Exactly && within && e.Within > 0, v == e.Expected,
		e.Bound == AtMost && v <= e.Expected, e.Bound == AtLeast && v >= e.Expected:
		return Agrees
	}
	agrees, known := s.Agrees(values, e.Expected, e.Error)
	switch {
	case !agrees && s == table.Mean && e.Within == 0 && len(values) < fewEqual && slices.Min(values) == slices.Max(values):
		return Unknown
	case agrees && known && endless(s.Of(values, table.FourErrors)):
		return Unknown
	case agrees && known:
		return Agrees
	case known, s == table.Min, s == table.Max, e.Within > 0:
		return Differs
	}
	return Unknown
}

// endless reports whether an interval has an end that is infinite: too few runs say nothing on that side.
func endless(e table.Estimate) bool { return math.IsInf(e.Low, 0) || math.IsInf(e.High, 0) }
