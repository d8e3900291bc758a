package experiments

import (
	"bytes"
	"encoding/json"
	"math"
)

// Summary is the machine-readable account of a run: one JSON document with stable keys.
type Summary struct {
	Scenario    string           `json:"scenario"`
	Seed        uint64           `json:"seed"`
	Version     string           `json:"version"`
	Digest      string           `json:"digest"` // 16 hexadecimal digits
	Events      uint64           `json:"events"`
	VirtualTime float64          `json:"virtual_time"` // seconds
	Verdicts    []SummaryVerdict `json:"verdicts"`
	Measures    []SummaryMeasure `json:"measures"`
	Files       []string         `json:"files"`
}

// SummaryVerdict is one verdict of a Summary.
type SummaryVerdict struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"`
	Detail  string `json:"detail"`
}

// SummaryMeasure is one measure of a Summary. What is not known is null.
type SummaryMeasure struct {
	Name     string   `json:"name"`
	Unit     string   `json:"unit"`
	Value    *float64 `json:"value"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	N        int      `json:"n"`
	Expected *float64 `json:"expected"`
	Agrees   *bool    `json:"agrees"`
}

// Summary returns the account of the run; files are the names of its files.
func (o *Outcome) Summary(files []string) *Summary {
	s := &Summary{
		Scenario: o.Plan.Scenario.Name, Seed: o.Plan.Seed, Version: Version, Digest: Hex(o.Result.Digest), Events: o.Result.Events,
		VirtualTime: float64(o.Result.Now) / 1e9, Verdicts: []SummaryVerdict{}, Measures: []SummaryMeasure{}, Files: append([]string{}, files...),
	}
	for _, v := range o.Verdicts {
		s.Verdicts = append(s.Verdicts, SummaryVerdict{v.Name, v.Verdict.String(), v.Detail})
	}
	for _, m := range o.Measures {
		s.Measures = append(s.Measures, summaryMeasure(m))
	}
	return s
}

func summaryMeasure(m Measure) SummaryMeasure {
	s := SummaryMeasure{Name: m.Name, Unit: m.Unit, Value: known(m.Value), Low: known(m.Low), High: known(m.High), N: m.N, Expected: known(m.Expected)}
	if a := Agree(m); a != Unknown {
		agrees := a == Agrees
		s.Agrees = &agrees
	}
	return s
}

// known is a number that JSON can hold, or nil.
func known(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return &f
}

// JSON returns the summary as an indented document.
func (s *Summary) JSON() []byte { return indented(s) }

// indented is v as JSON for people and machines. v is one of this package's own structs, which marshal.
func indented(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("experiments: " + err.Error())
	}
	return b.Bytes()
}
