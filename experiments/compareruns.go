package experiments

import (
	"errors"
	"math"
	"slices"

	"lightcone/experiments/table"
)

// shownErrors is by how many standard errors the interval of a run's measure extends either way.
const shownErrors = 4

// compareRuns compares the measures of two runs by the observations within each: with the standard errors that their
// intervals give, taken as independent. A count or an extreme has no interval, so that its difference is shown and not
// judged.
func compareRuns(first, second *Summary, measures []string) (*table.Comparison, error) {
	names, err := chosen(first, second, measures)
	if err != nil {
		return nil, err
	}
	c := &table.Comparison{}
	wanted := func(m SummaryMeasure) bool { return len(names) == 0 || slices.Contains(names, m.Name) }
	for _, m := range first.Measures {
		other := slices.IndexFunc(second.Measures, func(o SummaryMeasure) bool { return o.Name == m.Name && o.Unit == m.Unit })
		switch {
		case !wanted(m):
		case other < 0:
			c.MeasuresLeft[0] = append(c.MeasuresLeft[0], m.Name)
		default:
			c.Differences = append(c.Differences, table.Compared{Difference: table.Independent(runEstimate(m), runEstimate(second.Measures[other])),
				Measure: table.Measure{Name: m.Name, Unit: m.Unit}})
		}
	}
	for _, m := range second.Measures {
		if wanted(m) && !slices.ContainsFunc(first.Measures, func(o SummaryMeasure) bool { return o.Name == m.Name && o.Unit == m.Unit }) {
			c.MeasuresLeft[1] = append(c.MeasuresLeft[1], m.Name)
		}
	}
	c.Correct()
	return c, nil
}

// chosen returns the names of the measures that are wanted, none for all. It reports those that neither run has.
func chosen(first, second *Summary, measures []string) ([]string, error) {
	all := &table.Table{}
	for _, m := range slices.Concat(first.Measures, second.Measures) {
		if x := (table.Measure{Name: m.Name, Unit: m.Unit}); !slices.Contains(all.Measures, x) {
			all.Measures = append(all.Measures, x)
		}
	}
	var list []string
	var errs []error
	for _, name := range measures {
		m, err := all.Measure(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, all.Measures[m].Name)
	}
	return list, errors.Join(errs...)
}

// runEstimate is a measure of one run, with the standard error that its interval gives.
func runEstimate(m SummaryMeasure) table.Estimate {
	number := func(x *float64) float64 {
		if x == nil {
			return math.NaN()
		}
		return *x
	}
	e := table.Estimate{Value: number(m.Value), Low: number(m.Low), High: number(m.High), Level: table.FourErrors, N: m.N, Method: "within the run"}
	e.Error = (e.High - e.Low) / (2 * shownErrors)
	return e
}

// compareChecks returns the checks that came to another verdict.
func compareChecks(first, second *Summary) (changes []CheckChange) {
	verdict := func(s *Summary, name string) string {
		for _, v := range s.Verdicts {
			if v.Name == name {
				return v.Verdict
			}
		}
		return ""
	}
	for _, v := range first.Verdicts {
		if other := verdict(second, v.Name); other != v.Verdict {
			changes = append(changes, CheckChange{v.Name, v.Verdict, other})
		}
	}
	for _, v := range second.Verdicts {
		if verdict(first, v.Name) == "" {
			changes = append(changes, CheckChange{v.Name, "", v.Verdict})
		}
	}
	return changes
}
