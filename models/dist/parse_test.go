package dist

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"lightcone/sim"
)

const ms = 1e6

func TestParse(t *testing.T) {
	for _, c := range []struct {
		text string
		unit Unit
		want Dist
	}{
		{"10ms", Durations, Constant{10 * ms}},
		{"-5ms", Durations, Constant{-5 * ms}},
		{"0", Durations, Constant{0}},
		{"1.5us", Durations, Constant{1500}},
		{"1µs", Durations, Constant{1000}},
		{"1μs", Durations, Constant{1000}},
		{"2m", Durations, Constant{120e9}},
		{"1.5h", Durations, Constant{5400e9}},
		{"1e-3s", Durations, Constant{ms}},
		{"0.1ms", Durations, Constant{100000}},
		{"50ppm", PPM, Constant{50}},
		{"250 ppb", PPM, nil},
		{"250ppb", PPM, Constant{0.25}},
		{"0.5", Numbers, Constant{0.5}},
		{"constant(value=5ms)", Durations, Constant{5 * ms}},
		{"exponential(mean=10ms)", Durations, Exponential{10 * ms}},
		{"normal(mean=0ms, sd=2ms)", Durations, Normal{0, 2 * ms}},
		{"normal(sd=2ppm, mean=-1ppm)", PPM, Normal{-1, 2}},
		{"normal(0, sd=2ppm)", PPM, Normal{0, 2}},
		{"uniform(5ms, 15ms)", Durations, Uniform{5 * ms, 15 * ms}},
		{"lognormal(median=10ms, sigma=0.5)", Durations, LogNormal{10 * ms, 0.5}},
		{"weibull(scale=1s, shape=2)", Durations, Weibull{1e9, 2}},
		{"erlang(mean=10ms, stages=3)", Durations, Erlang{10 * ms, 3}},
		{"pareto(min=5ms, alpha=2)", Durations, Pareto{5 * ms, 2}},
		{"gamma(mean=10ms, shape=2) + 3ms", Durations, Shifted{Gamma{10 * ms, 2}, 3 * ms}},
		{"3ms + gamma(mean=10ms, shape=2)", Durations, Shifted{Gamma{10 * ms, 2}, 3 * ms}},
		{"gamma(mean=10ms, shape=2) - 3ms", Durations, Shifted{Gamma{10 * ms, 2}, -3 * ms}},
		{"shifted(3ms, gamma(10ms, 2))", Durations, Shifted{Gamma{10 * ms, 2}, 3 * ms}},
		{"2 * gamma(10ms, 2) + 3ms", Durations, Shifted{Scaled{2, Gamma{10 * ms, 2}}, 3 * ms}},
		{"2 * (gamma(10ms, 2) + 3ms)", Durations, Scaled{2, Shifted{Gamma{10 * ms, 2}, 3 * ms}}},
		{"scaled(2, gamma(10ms, 2) + 3ms)", Durations, Scaled{2, Shifted{Gamma{10 * ms, 2}, 3 * ms}}},
		{"1ms * poisson(mean=3)", Durations, Scaled{ms, Poisson{3}}},
		{"1ns * poisson(mean=3)", Durations, Poisson{3}},
		{"1ms * (poisson(3) + 1)", Durations, Scaled{ms, Shifted{Poisson{3}, 1}}},
		{"poisson(3)", Numbers, Poisson{3}},
		{"bernoulli(0.25)", Numbers, Bernoulli{0.25}},
		{"geometric(p=0.25)", Numbers, Geometric{0.25}},
		{"zipf(n=1e3, s=1.1)", Numbers, newZipf(1000, 1.1)},
		{"truncated(normal(5ms, 2ms), 0ms, 10ms)", Durations, Truncated{Normal{5 * ms, 2 * ms}, 0, 10 * ms}},
		{"truncated(normal(5ms, 2ms), hi=10ms, lo=0)", Durations, Truncated{Normal{5 * ms, 2 * ms}, 0, 10 * ms}},
		{"empirical(2ms, 1ms, 2ms)", Durations, newEmpirical(1*ms, 2*ms, 2*ms)},
		{
			"mixture(0.9: exponential(mean=1ms), 0.1: pareto(min=5ms, alpha=2))", Durations,
			Mixture{[]Part{{0.9, Exponential{1 * ms}}, {0.1, Pareto{5 * ms, 2}}}},
		},
		{"  exponential\n(\tmean = 10ms ) ", Durations, Exponential{10 * ms}},
	} {
		got, err := Parse(c.text, c.unit)
		if c.want == nil {
			if err == nil {
				t.Errorf("Parse(%q) is %v, want an error", c.text, got)
			}
			continue
		}
		if err != nil {
			t.Errorf("Parse(%q): %v", c.text, err)
			continue
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("Parse(%q) is %#v, want %#v", c.text, got, c.want)
		}
		checkRoundTrip(t, got, c.unit)
		checkRoundTrip(t, got, Numbers)
	}
}

// checkRoundTrip prints a law and reads it back.
func checkRoundTrip(t *testing.T, d Dist, u Unit) {
	t.Helper()
	text := Format(d, u)
	back, err := Parse(text, u)
	if err != nil {
		t.Errorf("%#v prints as %q, which does not parse as %v: %v", d, text, u, err)
	} else if !reflect.DeepEqual(back, d) {
		t.Errorf("%#v prints as %q, which reads as %#v", d, text, back)
	}
}

// TestValuesSurviveFormat prints random numbers in every unit and reads the same bits back.
func TestValuesSurviveFormat(t *testing.T) {
	r := sim.NewRand(5)
	for range 20000 {
		x := (r.Float64() - 0.5) * math.Exp2(600*r.Float64()-300)
		for _, u := range []Unit{Numbers, Durations, PPM} {
			checkRoundTrip(t, Constant{x}, u)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		value float64
		unit  Unit
		want  string
	}{
		{10 * ms, Durations, "10ms"},
		{1234567, Durations, "1.234567ms"},
		{999, Durations, "999ns"},
		{0.5, Durations, "0.5ns"},
		{90e9, Durations, "90s"},
		{-2500, Durations, "-2.5us"},
		{0, Durations, "0ns"},
		{12.5, PPM, "12.5ppm"},
		{1e29, Durations, "100000000000000000000s"},
		{1e30, Durations, "1e21s"},
		{1e-9, Durations, "1e-9ns"},
		{0.25, Numbers, "0.25"},
	} {
		if got := Format(Constant{c.value}, c.unit); got != c.want {
			t.Errorf("%v in %v is %q, want %q", c.value, c.unit, got, c.want)
		}
	}
}

// TestParseErrors gives, for each text, the errors as "offset|got|want": want is a part of the whole.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{`0|the end|a law`}},
		{"10", []string{`0|"10"|a duration such as 10ms`}},
		{"10mz", []string{`0|"10mz"|the nearest is ms`}},
		{"gama(1ms, 2)", []string{`0|"gama"|the nearest is gamma`}},
		{"xyzzy(1ms, 2)", []string{`0|"xyzzy"|a law (bernoulli`}},
		{"gamma(mena=1ms, 2)", []string{`6|"mena"|the nearest is mean`}},
		{"gamma(mean=-1ms, shape=0)", []string{`11|"-1ms"|more than 0`, `23|"0"|0.01 to 1e+09`}},
		{"gamma(1ms)", []string{`9|")"|the parameter shape`}},
		{"gamma(1ms, 2", []string{`12|the end|"," or ")"`}},
		{"gamma(1ms, 2, 3)", []string{`14|"3"|only the parameters mean, shape`}},
		{"gamma(1ms, mean=2ms)", []string{`11|"mean"|each parameter once`}},
		{"gamma(shape=2, 1ms)", []string{`15|"1ms"|name=value`}},
		{"gamma(1ms, 2ms)", []string{`11|"2ms"|without a unit`}},
		{"gamma(1ms, 2))", []string{`13|")"|the end`}},
		{"gamma 1ms", []string{`6|"1ms"|"("`}},
		{"gamma(NaN, 1)", []string{`6|"NaN"|a parameter`}},
		{"-x", []string{`1|"x"|a number`}},
		{"normal(0, 0)", []string{`10|"0"|more than 0`}},
		{"uniform(lo=3ms, hi=1ms)", []string{`19|"1ms"|more than Lo`}},
		{"poisson(3)", []string{`0|"poisson"|1ns * poisson(...)`}},
		{"erlang(1ms, 2.5)", []string{`12|"2.5"|a whole number`}},
		{"erlang(1ms, 1e300)", []string{`12|"1e300"|a whole number`}},
		{"erlang(1ms, 1e10)", []string{`12|"1e10"|1 to 1e+09`}},
		{"1ns * zipf(1e15, 1)", []string{`11|"1e15"|1 to 1e+12`}},
		{"1e400ms", []string{`0|"1e400ms"|at most 1e100`}},
		{"1e200ms", []string{`0|"1e200ms"|-1e+100 to 1e+100`}},
		{"1e99999999999999999999ms", []string{`0|"1e99999999999999999999ms"|at most 1e100`}},
		{"exponential(1ms) + gamma(1ms, 2)", []string{`19|"gamma"|a constant`}},
		{"5ms - gamma(1ms, 2)", []string{`6|"gamma"|a constant`}},
		{"-2 * exponential(1ms)", []string{`0|"-2"|more than 0`}},
		{"mixture(0: 1ms, -1: exponential(-2ms))", []string{`8|"0"|more than 0`, `16|"-1"|more than 0`, `32|"-2ms"|more than 0`}},
		{"mixture(1ms)", []string{`8|"1ms"|without a unit`}},
		{"mixture(1, 1ms)", []string{`9|","|":"`}},
		{"truncated(normal(0, 1ms), 10ms, 11ms)", []string{`32|"11ms"|at least 1e-9`}},
		{"truncated(normal(0, 1ms), 2ms, 1ms)", []string{`31|"1ms"|at least Lo`}},
		{"truncated(normal(0, -1ms), 2ms, 3ms)", []string{`20|"-1ms"|more than 0`}},
		{"truncated(truncated(truncated(uniform(0, 1s), 0, 2s), 0, 2s), 0, 2s)", []string{`0|"truncated"|at most one truncation`}},
		{strings.Repeat("truncated(", 30) + "uniform(0, 1s)" + strings.Repeat(", 0, 2s)", 30), []string{`270|"truncated"|at most one truncation`}},
		{"empirical()", []string{`10|")"|a number`}},
		{"empirical(1ms; 2ms)", []string{`13|";"|"," or ")"`}},
		{"exponential(-1ms) €", []string{`12|"-1ms"|more than 0`, `18|"€"|the end`}},
		{strings.Repeat("(", 1000), []string{`128|"("|nested at most 32 deep`}},
		{strings.Repeat("2 * ", 40) + "1ms", []string{`28|"2"|nested at most 32 deep`}},
		{"1ms" + strings.Repeat("+1ms", 40), []string{`0|"1ms"|nested at most 32 deep`}},
		{"empirical(" + strings.Repeat("0,", 1<<15) + "0)", []string{`32776|"0"|at most 16384 laws and numbers`}},
		{strings.Repeat(" ", maxText+1), []string{`1048576|1048577 bytes|at most 1048576`}},
	} {
		d, err := Parse(c.text, Durations)
		if err == nil {
			t.Errorf("Parse(%.60q) is %v, want errors %q", c.text, d, c.want)
			continue
		}
		got := parseErrors(err)
		if len(got) != len(c.want) {
			t.Errorf("Parse(%.60q): %v\nwant %q", c.text, err, c.want)
			continue
		}
		for i, w := range c.want {
			parts := strings.SplitN(w, "|", 3)
			offset, quoted, want := parts[0], parts[1], parts[2]
			if g := got[i]; number(float64(g.Offset)) != number(atof(offset)) || g.Got != quoted || !strings.Contains(g.Want, want) {
				t.Errorf("Parse(%.60q): %v\nwant offset %s: got %s, want ...%s...", c.text, g, offset, quoted, want)
			}
		}
	}
}

func atof(digits string) float64 { return suffix{factor: 1}.value(digits) }

// parseErrors takes an error of Parse apart.
func parseErrors(err error) []*ParseError {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*ParseError
		for _, e := range joined.Unwrap() {
			all = append(all, parseErrors(e)...)
		}
		return all
	}
	var one *ParseError
	errors.As(err, &one)
	return []*ParseError{one}
}

// FuzzParse: nothing panics, and what parses is valid, can be drawn from, prints, and reads back as the same law.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"10ms", "exponential(mean=10ms)", "normal(0, sd=2ms)", "gamma(mean=10ms, shape=2) + 3ms", "1us * zipf(100, 1.1)",
		"mixture(0.9: exponential(mean=1ms), 0.1: pareto(min=5ms, alpha=2))", "truncated(normal(5ms, 2ms), 0ms, 10ms)",
		"empirical(1ms, 2ms, 2ms)", "2 * (3 * erlang(1h, 3) - 1.25us)", "scaled(1, poisson(3))", "lognormal(50ppm, 1)",
		"weibull(1e-3s, 0.5)", "shifted(-3, uniform(0, 1))", "geometric(0.1)", "bernoulli(1)", "(1)", "--1", "1e", ".", "µ", "5..5",
	} {
		for u := range uint8(3) {
			f.Add(s, u)
		}
	}
	f.Fuzz(func(t *testing.T, text string, u uint8) {
		unit := Unit(u % 3)
		d, err := Parse(text, unit)
		if err != nil {
			for _, e := range parseErrors(err) {
				if e == nil || e.Offset < 0 || e.Offset > len(text) || e.Got == "" || e.Want == "" {
					t.Fatalf("Parse(%q): incomplete error %#v in %v", text, e, err)
				}
			}
			return
		}
		if err := d.Validate(); err != nil {
			t.Fatalf("Parse(%q) is %v, which is not valid: %v", text, d, err)
		}
		r := sim.NewRand(1)
		if x := d.Sample(&r); x != x {
			t.Fatalf("Parse(%q) is %v, which draws NaN", text, d)
		}
		checkRoundTrip(t, d, unit)
		checkRoundTrip(t, d, Numbers)
	})
}

func TestValidate(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		law  Dist
		want string
	}{
		{Exponential{-1}, "dist: Exponential.Mean is -1, want more than 0"},
		{Exponential{nan}, "dist: Exponential.Mean is NaN, want more than 0"},
		{Exponential{inf}, "dist: Exponential.Mean is +Inf, want 1e-100 to 1e+100"},
		{Constant{inf}, "dist: Constant.Value is +Inf, want -1e+100 to 1e+100"},
		{Uniform{2, 2}, "dist: Uniform.Hi is 2, want more than Lo"},
		{Uniform{nan, 2}, "dist: Uniform.Lo is NaN, want -1e+100 to 1e+100"},
		{Normal{nan, 0}, "dist: Normal.Mean is NaN, want -1e+100 to 1e+100\ndist: Normal.SD is 0, want more than 0"},
		{LogNormal{0, 11}, "dist: LogNormal.Median is 0, want more than 0\ndist: LogNormal.Sigma is 11, want 1e-09 to 10"},
		{Weibull{1, 0}, "dist: Weibull.Shape is 0, want 0.05 to 1000"},
		{Gamma{1, -1}, "dist: Gamma.Shape is -1, want 0.01 to 1e+09"},
		{Erlang{1, 0}, "dist: Erlang.Stages is 0, want a whole number from 1 to 1e+09"},
		{Pareto{1, 0}, "dist: Pareto.Alpha is 0, want 0.1 to 1e+06"},
		{Poisson{2e9}, "dist: Poisson.Mean is 2e+09, want 1e-100 to 1e+09"},
		{Bernoulli{1.5}, "dist: Bernoulli.P is 1.5, want 0 to 1"},
		{Geometric{0}, "dist: Geometric.P is 0, want 1e-12 to 1"},
		{Zipf{}, "dist: Zipf.N is 0, want a whole number from 1 to 1e+12"},
		{Empirical{}, "dist: Empirical has no values, want at least 1"},
		{Shifted{nil, nan}, "dist: Shifted.By is NaN, want -1e+100 to 1e+100\ndist: Shifted.Of is nil, want a law"},
		{Scaled{0, Exponential{0}}, "dist: Scaled.By is 0, want more than 0\ndist: Exponential.Mean is 0, want more than 0"},
		{Truncated{Normal{0, 1}, 3, 2}, "dist: Truncated.Hi is 2, want at least Lo"},
		{Truncated{nil, 3, 2}, "dist: Truncated.Of is nil, want a law\ndist: Truncated.Hi is 2, want at least Lo"},
		{Truncated{Exponential{1}, -2, -1}, "dist: Truncated.Hi is -1, want a range that keeps at least 1e-9 of the law, not 0"},
		{Mixture{}, "dist: Mixture.Parts is empty, want at least one part"},
		{Mixture{[]Part{{0, nil}}}, "dist: Mixture.Parts[0].Weight is 0, want more than 0\ndist: Mixture.Parts[0].Of is nil, want a law"},
	} {
		err := c.law.Validate()
		if err == nil || err.Error() != c.want {
			t.Errorf("%#v: error is %v, want %s", c.law, err, c.want)
		}
	}
	for _, c := range lawCases() {
		if err := c.law.Validate(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := NewZipf(0, -1); err == nil || !strings.Contains(err.Error(), "Zipf.S is -1") {
		t.Errorf("NewZipf(0, -1): error is %v", err)
	}
	if _, err := NewEmpirical([]float64{1, nan}); err == nil {
		t.Error("NewEmpirical accepts NaN")
	}
}

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		ns   float64
		want time.Duration
	}{
		{1.4, 1}, {1.5, 2}, {0.4, 0}, {-5, 0}, {math.NaN(), 0}, {math.Inf(1), math.MaxInt64}, {1e19, math.MaxInt64},
		{1 << 63, math.MaxInt64}, {1<<63 - 1024, 1<<63 - 1024}, {10 * ms, 10 * time.Millisecond},
	} {
		r := sim.NewRand(1)
		if got := Duration(Constant{c.ns}, &r); got != c.want {
			t.Errorf("a draw of %v ns is %d, want %d", c.ns, got, c.want)
		}
	}
}
