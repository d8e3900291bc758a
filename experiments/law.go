package experiments

import (
	"errors"
	"slices"

	"github.com/invopop/jsonschema"

	"lightcone/models/dist"
)

// Law is a distribution of durations, as text: 25ms, exponential(mean=10ms), uniform(5ms, 15ms). What it draws below 0
// counts as 0.
type Law struct {
	Text string
	Dist dist.Dist // in ns
}

const wantLaw = "a duration or a law of durations, such as 25ms or exponential(mean=10ms)"

func (Law) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: "a law of durations: 25ms, exponential(mean=10ms), uniform(5ms, 15ms)",
		Examples: []any{"25ms", "exponential(mean=10ms)", "uniform(5ms, 15ms)"}}
}

func (l *Law) set(v *value) *complaint {
	d, c := parseLaw(v, dist.Durations, wantLaw)
	if c == nil {
		if mean, _ := d.Moments(); mean < 0 {
			return wrong("", "a law whose mean is at least 0s")
		}
		*l = Law{v.raw, d}
	}
	return c
}

// constant reports whether the law is a single duration.
func (l *Law) constant() bool {
	_, ok := l.Dist.(dist.Constant)
	return ok
}

// SignedLaw is a distribution of durations that may be negative: offsets of clocks.
type SignedLaw struct {
	Text string
	Dist dist.Dist // in ns
}

func (SignedLaw) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: "a law of durations, negative ones too: normal(mean=0ms, sd=5ms)",
		Examples: []any{"normal(mean=0ms, sd=5ms)", "uniform(-10ms, 10ms)"}}
}

func (l *SignedLaw) set(v *value) *complaint {
	d, c := parseLaw(v, dist.Durations, "a duration or a law of durations, such as -3ms or normal(mean=0ms, sd=5ms)")
	if c == nil {
		*l = SignedLaw{v.raw, d}
	}
	return c
}

// DriftLaw is a distribution of the rate errors of clocks, in ppm: 20ppm, uniform(-50ppm, 50ppm).
type DriftLaw struct {
	Text string
	Dist dist.Dist // in ppm
}

func (DriftLaw) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: "a law of rate errors in ppm: 20ppm, uniform(-50ppm, 50ppm)",
		Examples: []any{"20ppm", "uniform(-50ppm, 50ppm)"}}
}

func (l *DriftLaw) set(v *value) *complaint {
	d, c := parseLaw(v, dist.PPM, "a rate error or a law of them, in ppm, such as 20ppm or uniform(-50ppm, 50ppm)")
	if c == nil {
		*l = DriftLaw{v.raw, d}
	}
	return c
}

func parseLaw(v *value, unit dist.Unit, want string) (dist.Dist, *complaint) {
	if v.shape == number {
		return nil, wrong(v.String()+", a number without a unit", want)
	}
	if v.shape != text {
		return nil, wrong("", want)
	}
	d, err := dist.Parse(v.raw, unit)
	if err == nil {
		return d, nil
	}
	return nil, complaints(err, want)
}

// complaints turns what dist.Parse found wrong, one error or several joined, into a chain.
func complaints(err error, want string) *complaint {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var first *complaint
		for _, e := range slices.Backward(joined.Unwrap()) {
			c := complaints(e, want)
			c.next, first = first, c
		}
		return first
	}
	var e *dist.ParseError
	if errors.As(err, &e) {
		return &complaint{offset: e.Offset, got: e.Got, want: e.Want}
	}
	return &complaint{offset: -1, want: want + ": " + err.Error()}
}
