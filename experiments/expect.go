package experiments

// Expect is what a statistic of a measure is expected to be, at every point of a sweep or at some.
type Expect struct {
	Measure   string   `yaml:"measure" jsonschema:"required,minLength=1" jsonschema_description:"the measure"`
	Statistic string   `yaml:"statistic" jsonschema:"enum=mean,enum=median,enum=p10,enum=p75,enum=p90,enum=p95,enum=p99,enum=p99.9,enum=share,enum=sd,enum=min,enum=max" jsonschema_description:"of the measure over the seeds; share: of runs in which it is there and not 0; by default mean"`
	Value     Formula  `yaml:"value" jsonschema_description:"what it is, as a number or a formula over the factors, by the last word of each, in seconds, and the scenario's values by their paths: 1/(1-loss)^2"`
	AtMost    Formula  `yaml:"at-most" jsonschema_description:"what it is not above"`
	AtLeast   Formula  `yaml:"at-least" jsonschema_description:"what it is not below"`
	Within    *Percent `yaml:"within" jsonschema_description:"how far from value it may be, as a share of value, where that is more than 4 standard errors"`
	Where     LevelSet `yaml:"where" jsonschema_description:"at which points, as levels of factors: {policy: none}; by default at all"`
	Because   string   `yaml:"because" jsonschema:"minLength=1,maxLength=500" jsonschema_description:"the effect by which it does differ from the expected value: then a difference is explained, and none is not what was expected"`
}

// namedFormula is a formula with its key.
type namedFormula struct {
	key     string
	formula Formula
}

// formulas returns those that there are.
func (e *Expect) formulas() (list []namedFormula) {
	for _, f := range []namedFormula{{"value", e.Value}, {"at-most", e.AtMost}, {"at-least", e.AtLeast}} {
		if f.formula.is() {
			list = append(list, f)
		}
	}
	return list
}

// applies reports whether something is expected at a point.
func (e *Expect) applies(s *Sweep, p Point) bool {
	for _, l := range e.Where {
		for i, f := range s.Factors {
			if f.Name == l.Factor && f.Levels[p.Levels[i]].Label != l.Level {
				return false
			}
		}
	}
	return true
}
