package experiments

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"

	"lightcone/models/reliability"
)

// AvailabilityQuery is what is asked of a block diagram.
type AvailabilityQuery struct {
	Cuts     int     // how many cut sets to list
	Mission  float64 // hours; 0: none
	Target   float64 // the unavailability that a month, or the mission, is to keep to; NaN: none
	Crews    int     // repair crews that all parts share; 0: one for each part
	Simulate bool
	Seed     uint64
}

// AvailabilityReport is what a block diagram comes to: one JSON document with stable keys. What is not known, or not
// finite, is null. Times are in hours, parts in the order of their Fussell-Vesely importance, what matters most first.
type AvailabilityReport struct {
	Format         string               `json:"format"`
	Version        string               `json:"version"`
	Name           string               `json:"name"`
	Seed           uint64               `json:"seed"`
	Digest         string               `json:"digest"` // of the diagram: 16 hexadecimal digits
	Diagram        string               `json:"diagram"`
	Unused         []string             `json:"unused"`
	Availability   float64              `json:"availability"`
	Unavailability float64              `json:"unavailability"`
	Nines          *float64             `json:"nines"`
	DowntimeYear   float64              `json:"downtime_hours_per_year"`  // of 365 days
	DowntimeMonth  float64              `json:"downtime_hours_per_month"` // of 30 days
	Frequency      *float64             `json:"failures_per_hour"`
	FailuresYear   *float64             `json:"failures_per_year"`
	MUT            *float64             `json:"mut_hours"`
	MDT            *float64             `json:"mdt_hours"`
	Parts          []AvailabilityPart   `json:"parts"`
	SinglePoints   []string             `json:"single_points"`
	CutSets        AvailabilitySets     `json:"cut_sets"`
	PathSets       *float64             `json:"path_sets"` // how many there are
	MinCutBound    *float64             `json:"min_cut_bound"`
	Crews          *AvailabilityCrews   `json:"crews"`
	Mission        *AvailabilityMission `json:"mission"`
	Target         *AvailabilityTarget  `json:"target"`
	Verdicts       []SummaryVerdict     `json:"verdicts"`
	Measures       []SummaryMeasure     `json:"measures"` // simulated, with the exact value as expected
	Files          []string             `json:"files"`

	simulation *availabilitySimulation
}

// AvailabilityPart is a part and how much it matters.
type AvailabilityPart struct {
	Name           string   `json:"name"`
	Unavailability float64  `json:"unavailability"`
	MTTF           *float64 `json:"mttf_hours"`
	MTTR           *float64 `json:"mttr_hours"`
	SinglePoint    bool     `json:"single_point"`
	Birnbaum       float64  `json:"birnbaum"`
	Criticality    *float64 `json:"criticality"`
	FussellVesely  *float64 `json:"fussell_vesely"`
	RAW            *float64 `json:"raw"`
	RRW            *float64 `json:"rrw"` // null if the system would never fail
}

// AvailabilitySets are the smallest minimal cut sets.
type AvailabilitySets struct {
	Count   float64           `json:"count"`
	ByOrder []float64         `json:"by_order"` // how many have 0, 1, 2 ... parts
	Sets    []AvailabilitySet `json:"sets"`
}

// AvailabilitySet is one minimal cut set.
type AvailabilitySet struct {
	Parts       []string `json:"parts"`
	Probability float64  `json:"probability"`
}

// AvailabilityMission is what the first hours come to, from all parts up.
type AvailabilityMission struct {
	Hours          float64 `json:"hours"`
	Unrepaired     float64 `json:"failed_without_repair"` // probability of being down at the end
	Failed         float64 `json:"failed"`                // probability of being down at least once
	Exact          bool    `json:"failed_exact"`
	FailedLow      float64 `json:"failed_low"`
	FailedHigh     float64 `json:"failed_high"`
	Unavailability float64 `json:"unavailability_at_end"`
	Downtime       float64 `json:"downtime_hours"`
	Failures       float64 `json:"failures"`
}

// AvailabilityTarget is the chance to keep to an unavailability over some hours, as if times up and down were
// exponential with the means of the system (Takacs 1957).
type AvailabilityTarget struct {
	Unavailability float64 `json:"unavailability"`
	Hours          float64 `json:"hours"`
	Met            float64 `json:"probability"`
	Missed         float64 `json:"missed"` // 1 - Met, to all digits
}

const availabilityFormat = "lightcone availability 1"

// Evaluate answers a query on a diagram.
func (q AvailabilityQuery) Evaluate(name string, d *reliability.Diagram) (*AvailabilityReport, error) {
	exact, err := d.Evaluate()
	if err != nil {
		return nil, err
	}
	r := &AvailabilityReport{
		Format: availabilityFormat, Version: Version, Name: name, Seed: q.Seed, Diagram: d.String(), Unused: append([]string{}, d.Unused()...),
		Availability: exact.Availability, Unavailability: exact.Unavailability, Nines: known(reliability.Nines(exact.Unavailability)),
		DowntimeYear:  reliability.Downtime(exact.Unavailability, reliability.Year),
		DowntimeMonth: reliability.Downtime(exact.Unavailability, reliability.Month),
		Frequency:     known(exact.Frequency), FailuresYear: known(exact.Frequency * reliability.Year), MUT: known(exact.MUT), MDT: known(exact.MDT),
		SinglePoints: []string{}, Verdicts: []SummaryVerdict{}, Measures: []SummaryMeasure{}, Files: []string{},
	}
	h := fnv.New64a()
	h.Write([]byte(r.Diagram))
	r.Digest = Hex(h.Sum64())
	if err := r.addParts(d); err != nil {
		return nil, err
	}
	r.addSets(d, q.Cuts)
	if q.Crews > 0 {
		if r.Crews, err = sharedCrews(d, q.Crews); err != nil {
			return nil, err
		}
	}
	if q.Mission > 0 {
		m, err := d.Mission(q.Mission)
		if err != nil {
			return nil, fmt.Errorf("%w, for --mission", err)
		}
		r.Mission = (*AvailabilityMission)(&m)
	}
	if !math.IsNaN(q.Target) {
		if err := r.addTarget(q, exact); err != nil {
			return nil, err
		}
	}
	if q.Simulate {
		if r.simulation, err = simulateDiagram(d, exact, q.Seed); err != nil {
			return nil, err
		}
		r.addSimulation()
	}
	return r, nil
}

// addParts lists the parts, what matters most first.
func (r *AvailabilityReport) addParts(d *reliability.Diagram) error {
	list, err := d.Importance()
	if err != nil {
		return err
	}
	single := d.SinglePoints()
	for i, p := range d.Parts() {
		part := AvailabilityPart{
			Name: p.Name, Unavailability: p.Q, SinglePoint: slices.Contains(single, i), Birnbaum: list[i].Birnbaum,
			Criticality: known(list[i].Criticality), FussellVesely: known(list[i].FussellVesely), RAW: known(list[i].RAW), RRW: known(list[i].RRW),
		}
		if p.MTTF > 0 {
			part.MTTF, part.MTTR = known(p.MTTF), known(p.MTTR)
		}
		if part.SinglePoint {
			r.SinglePoints = append(r.SinglePoints, p.Name)
		}
		r.Parts = append(r.Parts, part)
	}
	slices.SortStableFunc(r.Parts, func(a, b AvailabilityPart) int {
		return cmp.Or(cmp.Compare(nineDigits(orZero(b.FussellVesely)), nineDigits(orZero(a.FussellVesely))), cmp.Compare(nineDigits(b.Birnbaum), nineDigits(a.Birnbaum)))
	})
	return nil
}

// orZero is a number, 0 if it is not known.
func orZero(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// nineDigits rounds a number to so many digits, so that what is equal but for rounding compares equal.
func nineDigits(f float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 9, 64), 64)
	return rounded
}

// addSets lists minimal cut sets. There may be none to list where there are too many to find.
func (r *AvailabilityReport) addSets(d *reliability.Diagram, limit int) {
	r.CutSets.Sets, r.CutSets.ByOrder = []AvailabilitySet{}, []float64{}
	cuts, err := d.CutSets(limit)
	if err != nil {
		return
	}
	parts := d.Parts()
	r.CutSets.Count, r.CutSets.ByOrder = cuts.Count, append(r.CutSets.ByOrder, cuts.Orders...)
	for _, s := range cuts.Sets {
		set := AvailabilitySet{Parts: []string{}, Probability: s.Probability}
		for _, i := range s.Parts {
			set.Parts = append(set.Parts, parts[i].Name)
		}
		r.CutSets.Sets = append(r.CutSets.Sets, set)
	}
	if cuts.Count <= reliability.MostCuts {
		if bound, err := d.MinCutBound(); err == nil {
			r.MinCutBound = known(bound)
		}
	}
	if paths, err := d.PathSets(0); err == nil {
		r.PathSets = known(paths.Count)
	}
}

// addTarget computes the chance to keep to the target.
func (r *AvailabilityReport) addTarget(q AvailabilityQuery, exact reliability.Result) error {
	hours := q.Mission
	if hours == 0 {
		hours = reliability.Month
	}
	const most = 1e7 // failures: the time to compute grows with their square root
	a := reliability.Alternating{MTTF: exact.MUT, MTTR: exact.MDT}
	switch {
	case exact.Unavailability == 0:
		r.Target = &AvailabilityTarget{q.Target, hours, 1, 0}
		return nil
	case a.Validate() != nil:
		return fmt.Errorf("experiments: --target needs mean times up and down of the system, got %v and %v hours: give its parts mttf= and mttr=", exact.MUT, exact.MDT)
	case hours/exact.MUT > most:
		return fmt.Errorf("experiments: --target: %s may see %.3g failures, want at most %.0g: a shorter --mission", Lasting(hours), hours/exact.MUT, most)
	}
	down := q.Target * hours
	r.Target = &AvailabilityTarget{q.Target, hours, a.DowntimeWithin(down, hours), a.DowntimeBeyond(down, hours)}
	return nil
}

// JSON returns the report as an indented document.
func (r *AvailabilityReport) JSON() []byte { return indented(r) }
