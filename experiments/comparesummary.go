package experiments

import "lightcone/experiments/table"

// ComparedSummary is the machine-readable account of how two results differ: one JSON document with stable keys. What is
// not known is null.
type ComparedSummary struct {
	First          ComparedResults      `json:"first"`
	Second         ComparedResults      `json:"second"`
	Settings       []ComparedSetting    `json:"settings"`
	Compared       int                  `json:"compared"`    // differences that have an interval
	Significant    int                  `json:"significant"` // of these, those whose interval leaves out 0
	ByChance       float64              `json:"by_chance"`   // how many would, if nothing differed
	Holding        int                  `json:"holding"`     // how many hold after Holm's correction
	SameSeeds      int                  `json:"same_seeds"`  // runs that both have, by point and seed
	Alone          int                  `json:"alone"`       // runs of either without a partner, at the points of both
	Differs        bool                 `json:"differs"`     // a difference holds, or a verdict changed
	Differences    []ComparedDifference `json:"differences"`
	Verdicts       []ComparedVerdict    `json:"verdicts"` // of runs with one seed
	Checks         []ComparedCheck      `json:"checks"`   // of one run each
	OnlyInFirst    ComparedRest         `json:"only_in_first"`
	OnlyInSecond   ComparedRest         `json:"only_in_second"`
	MedianPairGain *float64             `json:"median_pair_gain"` // how many times more runs would be needed without common seeds
}

// ComparedResults names one of two results.
type ComparedResults struct {
	Directory string `json:"directory"`
	Kind      string `json:"kind"` // run or sweep
	Scenario  string `json:"scenario"`
	Version   string `json:"version"`
	Seeds     string `json:"seeds"`
	Digest    string `json:"digest"`
}

// ComparedSetting is a setting that differs; "" where there is none.
type ComparedSetting struct {
	Path   string `json:"path"`
	First  string `json:"first"`
	Second string `json:"second"`
}

// ComparedDifference is by how much a measure's mean differs at a point: the second minus the first.
type ComparedDifference struct {
	Point       string                `json:"point"`
	Measure     string                `json:"measure"`
	Unit        string                `json:"unit"`
	First       table.SummaryEstimate `json:"first"`
	Second      table.SummaryEstimate `json:"second"`
	Difference  table.SummaryEstimate `json:"difference"`
	Paired      bool                  `json:"paired"`
	Left        int                   `json:"left"`    // runs without a partner
	Missing     int                   `json:"missing"` // runs without a value
	Gain        *float64              `json:"gain"`
	Ratio       table.SummaryEstimate `json:"ratio"`
	P           *float64              `json:"p"`
	Significant bool                  `json:"significant"`
	Holds       bool                  `json:"holds"`
}

// ComparedVerdict is a run that came to another verdict.
type ComparedVerdict struct {
	Point        string `json:"point"`
	Seed         uint64 `json:"seed"`
	First        string `json:"first"`
	Second       string `json:"second"`
	FirstFailed  string `json:"first_failed"`
	SecondFailed string `json:"second_failed"`
}

// ComparedCheck is a check of a run that came to another verdict; "" where it was not made.
type ComparedCheck struct {
	Name   string `json:"name"`
	First  string `json:"first"`
	Second string `json:"second"`
}

// ComparedRest is what only one of two results has.
type ComparedRest struct {
	Points   []string `json:"points"`
	Measures []string `json:"measures"`
}

// Summary returns the account of the comparison.
func (c *Compared) Summary() *ComparedSummary {
	s := &ComparedSummary{First: c.First.named(), Second: c.Second.named(), SameSeeds: c.Table.SameSeeds, Alone: c.Table.Alone, Differs: c.Differs(), Holding: c.Table.Holding(),
		Settings: []ComparedSetting{}, Differences: []ComparedDifference{}, Verdicts: []ComparedVerdict{}, Checks: []ComparedCheck{},
		OnlyInFirst: c.rest(0), OnlyInSecond: c.rest(1), MedianPairGain: known(c.Table.MedianGain())}
	s.Compared, s.Significant, s.ByChance = c.Table.Tested()
	for _, x := range c.Settings {
		s.Settings = append(s.Settings, ComparedSetting(x))
	}
	for _, d := range c.Table.Differences {
		s.Differences = append(s.Differences, ComparedDifference{d.Point, d.Measure.Name, d.Measure.Unit, d.First.JSON(), d.Second.JSON(), d.JSON(),
			d.Paired, d.Left, d.Missing, known(d.Gain), d.Ratio.JSON(), known(d.P), d.Significant(), d.Holds})
	}
	for _, v := range c.Table.Verdicts {
		s.Verdicts = append(s.Verdicts, ComparedVerdict{v.Point, v.Seed, v.Verdicts[0], v.Verdicts[1], v.Failed[0], v.Failed[1]})
	}
	for _, x := range c.Checks {
		s.Checks = append(s.Checks, ComparedCheck(x))
	}
	return s
}

func (r *Results) named() ComparedResults {
	kind := "sweep"
	if r.Run != nil {
		kind = "run"
	}
	return ComparedResults{r.Dir, kind, r.Scenario, r.Version, r.Seeds, r.Digest}
}

func (c *Compared) rest(i int) ComparedRest {
	return ComparedRest{append([]string{}, c.Table.PointsLeft[i]...), append([]string{}, c.Table.MeasuresLeft[i]...)}
}

// JSON returns the account as an indented document.
func (s *ComparedSummary) JSON() []byte { return indented(s) }
