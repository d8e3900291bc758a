package dist

// kind says how a parameter is written.
type kind uint8

const (
	inUnit kind = iota // in the unit of the law
	plain              // a number without unit
	whole              // a whole number
)

// param is one parameter of a simple law.
type param struct {
	name string
	kind kind
}

// form is a simple law: a name and parameters, given by position or by name.
type form struct {
	name   string
	params []param
	counts bool // its values are counts, without unit
	make   func(v []float64) (Dist, error)
}

func checked(d Dist) (Dist, error) { return d, d.Validate() }

// forms are the simple laws, by name.
var forms = []form{
	{"bernoulli", []param{{"p", plain}}, true, func(v []float64) (Dist, error) { return checked(Bernoulli{v[0]}) }},
	{"constant", []param{{"value", inUnit}}, false, func(v []float64) (Dist, error) { return checked(Constant{v[0]}) }},
	{"erlang", []param{{"mean", inUnit}, {"stages", whole}}, false, func(v []float64) (Dist, error) { return checked(Erlang{v[0], int(min(v[1], maxStages+1))}) }},
	{"exponential", []param{{"mean", inUnit}}, false, func(v []float64) (Dist, error) { return checked(Exponential{v[0]}) }},
	{"gamma", []param{{"mean", inUnit}, {"shape", plain}}, false, func(v []float64) (Dist, error) { return checked(Gamma{v[0], v[1]}) }},
	{"geometric", []param{{"p", plain}}, true, func(v []float64) (Dist, error) { return checked(Geometric{v[0]}) }},
	{"lognormal", []param{{"median", inUnit}, {"sigma", plain}}, false, func(v []float64) (Dist, error) { return checked(LogNormal{v[0], v[1]}) }},
	{"normal", []param{{"mean", inUnit}, {"sd", inUnit}}, false, func(v []float64) (Dist, error) { return checked(Normal{v[0], v[1]}) }},
	{"pareto", []param{{"min", inUnit}, {"alpha", plain}}, false, func(v []float64) (Dist, error) { return checked(Pareto{v[0], v[1]}) }},
	{"poisson", []param{{"mean", plain}}, true, func(v []float64) (Dist, error) { return checked(Poisson{v[0]}) }},
	{"uniform", []param{{"lo", inUnit}, {"hi", inUnit}}, false, func(v []float64) (Dist, error) { return checked(Uniform{v[0], v[1]}) }},
	{"weibull", []param{{"scale", inUnit}, {"shape", plain}}, false, func(v []float64) (Dist, error) { return checked(Weibull{v[0], v[1]}) }},
	{"zipf", []param{{"n", whole}, {"s", plain}}, true, func(v []float64) (Dist, error) { return NewZipf(int64(min(v[0], maxRanks+1)), v[1]) }},
}

// composites are the laws with a syntax of their own.
var composites = []string{"empirical", "mixture", "scaled", "shifted", "truncated"}

func formOf(name string) (form, bool) {
	for _, f := range forms {
		if f.name == name {
			return f, true
		}
	}
	return form{}, false
}

// Names returns the names of all laws that Parse knows, in alphabetical order within simple and composed ones.
func Names() []string {
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	return append(names, composites...)
}

// parameters returns the form of a simple law and the values of its parameters; ok is false for every other law.
func parameters(d Dist) (name string, values []float64, ok bool) {
	switch d := d.(type) {
	case Bernoulli:
		return "bernoulli", []float64{d.P}, true
	case Erlang:
		return "erlang", []float64{d.Mean, float64(d.Stages)}, true
	case Exponential:
		return "exponential", []float64{d.Mean}, true
	case Gamma:
		return "gamma", []float64{d.Mean, d.Shape}, true
	case Geometric:
		return "geometric", []float64{d.P}, true
	case LogNormal:
		return "lognormal", []float64{d.Median, d.Sigma}, true
	case Normal:
		return "normal", []float64{d.Mean, d.SD}, true
	case Pareto:
		return "pareto", []float64{d.Min, d.Alpha}, true
	case Poisson:
		return "poisson", []float64{d.Mean}, true
	case Uniform:
		return "uniform", []float64{d.Lo, d.Hi}, true
	case Weibull:
		return "weibull", []float64{d.Scale, d.Shape}, true
	case Zipf:
		return "zipf", []float64{d.n, d.s}, true
	}
	return "", nil, false
}

// isCount reports whether d is a simple law whose values are counts.
func isCount(d Dist) bool {
	name, _, ok := parameters(d)
	if !ok {
		return false
	}
	f, _ := formOf(name)
	return f.counts
}
