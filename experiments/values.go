package experiments

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// complaint is what is wrong with a scalar.
type complaint struct {
	offset int    // at which byte of it; -1: as a whole
	got    string // "": the value itself
	want   string
	next   *complaint // and what else
}

// wrong complains about a scalar as a whole.
func wrong(got, want string) *complaint { return &complaint{offset: -1, got: got, want: want} }

// scalar is implemented by the types that are written as one text or number of their own form.
type scalar interface {
	// set takes the value from a scalar. The returned complaint, if any, says what would have been right.
	set(v *value) *complaint
}

// Duration is a span of time, written with its unit: 150ms.
type Duration time.Duration

const wantDuration = "a duration with a unit (ns, us, ms, s, m or h), such as 150ms"

func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`, Description: "a duration with its unit: 150ms",
		Examples: []any{"150ms", "2s", "1m30s"}}
}

func (d *Duration) set(v *value) *complaint {
	got, c := parseDuration(v)
	*d = Duration(got)
	return c
}

func parseDuration(v *value) (time.Duration, *complaint) {
	if v.shape == number {
		return 0, wrong(v.String()+", a number without a unit", wantDuration)
	}
	if v.shape != text {
		return 0, wrong("", wantDuration)
	}
	d, err := time.ParseDuration(v.raw)
	switch {
	case err != nil && strings.Contains(err.Error(), "unknown unit"):
		unit := strings.TrimLeft(v.raw, "0123456789.+-")
		return 0, &complaint{offset: len(v.raw) - len(unit), want: wantDuration + nearestUnit(unit)}
	case err != nil:
		return 0, wrong("", wantDuration)
	case d < 0:
		return 0, wrong("", "a duration of at least 0s")
	}
	return d, nil
}

// unitNames maps what people write to the units that there are.
var unitNames = map[string]string{"sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
	"hour": "h", "hours": "h", "msec": "ms", "millis": "ms", "milliseconds": "ms", "usec": "us", "micros": "us", "nsec": "ns", "S": "s", "MS": "ms"}

func nearestUnit(unit string) string {
	if u := unitNames[strings.TrimSpace(unit)]; u != "" {
		return "; nearest is " + u
	}
	return ""
}

// SignedDuration is a Duration that may be negative: a step of a clock.
type SignedDuration time.Duration

func (SignedDuration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[+-]?([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`, Description: "a duration with its unit, negative for backwards: -2s",
		Examples: []any{"500ms", "-2s"}}
}

func (d *SignedDuration) set(v *value) *complaint {
	if bare, minus := strings.CutPrefix(v.raw, "-"); minus && v.shape == text {
		got, c := parseDuration(&value{shape: text, raw: bare})
		*d = SignedDuration(-got)
		return c
	}
	got, c := parseDuration(v)
	*d = SignedDuration(got)
	return c
}

// Probability is a number in [0, 1].
type Probability float64

func (Probability) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: "1", Description: "a probability in [0, 1]"}
}

func (p *Probability) set(v *value) *complaint {
	const want = "a probability from 0 to 1"
	if percent, ok := strings.CutSuffix(v.raw, "%"); ok && v.shape == text {
		if f, err := strconv.ParseFloat(percent, 64); err == nil && f >= 0 && f <= 100 {
			return wrong("", want+", without a percent sign: "+strconv.FormatFloat(f/100, 'g', 6, 64))
		}
	}
	if v.shape != number {
		return wrong("", want+", such as 0.05")
	}
	f := v.float()
	if !(f >= 0 && f <= 1) {
		return wrong("", want)
	}
	*p = Probability(f)
	return nil
}

// float is the number as a float64.
func (v *value) float() float64 {
	switch n := v.numeral().(type) {
	case int64:
		return float64(n)
	case uint64:
		return float64(n)
	case float64:
		return n
	}
	return 0
}

// Rate is a bandwidth in bits a second, written with its unit: 10Mbit/s.
type Rate float64

const wantRate = "a rate with a unit (bit/s, kbit/s, Mbit/s, Gbit/s, B/s, kB/s, MB/s or GB/s), such as 10Mbit/s"

func (Rate) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+(\.[0-9]+)?([kMG]?bit|[kMG]?B)/s$`, Description: "a bandwidth with its unit: 10Mbit/s",
		Examples: []any{"10Mbit/s", "1GB/s"}}
}

var rateUnits = []struct {
	name string
	bits float64
}{
	{"kbit/s", 1e3}, {"Mbit/s", 1e6}, {"Gbit/s", 1e9}, {"bit/s", 1},
	{"kB/s", 8e3}, {"MB/s", 8e6}, {"GB/s", 8e9}, {"B/s", 8},
}

func (r *Rate) set(v *value) *complaint {
	if v.shape == number {
		return wrong(v.String()+", a number without a unit", wantRate)
	}
	for _, u := range rateUnits {
		figure, ok := strings.CutSuffix(v.raw, u.name)
		if !ok || v.shape != text || strings.Trim(figure, "0123456789.") != "" {
			continue
		}
		f, err := strconv.ParseFloat(figure, 64)
		if err != nil {
			continue
		}
		if f = float64(f * u.bits); f < 1 || f > 1e15 {
			return wrong("", "a rate from 1bit/s to 1000000Gbit/s")
		}
		*r = Rate(f)
		return nil
	}
	return wrong("", wantRate)
}

// Frequency is how often something happens, written with its unit: 20/s.
type Frequency float64

const wantFrequency = "how often in a second, such as 20/s"

func (Frequency) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+(\.[0-9]+)?/s$`, Description: "how often in a second: 20/s", Examples: []any{"20/s", "0.5/s"}}
}

func (f *Frequency) set(v *value) *complaint {
	if v.shape == number {
		return wrong(v.String()+", a number without a unit", wantFrequency)
	}
	figure, ok := strings.CutSuffix(v.raw, "/s")
	n, err := strconv.ParseFloat(figure, 64)
	switch {
	case !ok || v.shape != text || err != nil || strings.Trim(figure, "0123456789.") != "":
		return wrong("", wantFrequency)
	case n < 1e-6 || n > 1e9:
		return wrong("", "from 0.000001/s to 1000000000/s")
	}
	*f = Frequency(n)
	return nil
}

// Size is a number of bytes, written with its unit: 64kB.
type Size int64

const wantSize = "a size with a unit (B, kB, MB or GB), such as 64kB"

func (Size) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+[kMG]?B$`, Description: "a size with its unit: 64kB", Examples: []any{"64kB", "1MB"}}
}

func (s *Size) set(v *value) *complaint {
	if v.shape == number {
		return wrong(v.String()+", a number without a unit", wantSize)
	}
	figure := strings.TrimRight(v.raw, "kMGB")
	bytes := map[string]int64{"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}[v.raw[len(figure):]]
	n, err := strconv.ParseUint(figure, 10, 32)
	switch {
	case v.shape != text || bytes == 0 || err != nil:
		return wrong("", wantSize)
	case n == 0:
		return wrong("", "a size of at least 1B")
	}
	*s = Size(int64(n) * bytes)
	return nil
}

// Drift is a rate error of a clock in ppm, at least 0.
type Drift float64

const wantDrift = "a rate error in ppm, such as 50ppm"

func (Drift) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+(\.[0-9]+)?ppm$`, Description: "a rate error in ppm: 50ppm", Examples: []any{"50ppm"}}
}

func (d *Drift) set(v *value) *complaint {
	if v.shape == number {
		return wrong(v.String()+", a number without a unit", wantDrift)
	}
	figure, ok := strings.CutSuffix(v.raw, "ppm")
	f, err := strconv.ParseFloat(strings.TrimSpace(figure), 64)
	switch {
	case !ok || v.shape != text || err != nil:
		return wrong("", wantDrift)
	case !(f >= 0 && f <= 1e5):
		return wrong("", "a rate error from 0ppm to 100000ppm")
	}
	*d = Drift(f)
	return nil
}

// NodeRef names a node of the scenario by its number.
type NodeRef int

func (NodeRef) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Minimum: "0", Description: "a node, from 0"}
}

func (n *NodeRef) set(v *value) *complaint {
	const want = "the number of a node, from 0"
	if v.shape == text && len(v.raw) > 1 && v.raw[0] == 'n' {
		if i, err := strconv.Atoi(v.raw[1:]); err == nil && i >= 0 {
			return wrong("", fmt.Sprintf("%s: %d", want, i))
		}
	}
	i, ok := v.numeral().(int64)
	if v.shape != number || !ok || i < 0 || i > 1<<30 {
		return wrong("", want)
	}
	*n = NodeRef(i)
	return nil
}
