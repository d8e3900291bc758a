package experiments

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lightcone/experiments/batch"
	"lightcone/models/reliability"
)

// Task returns the runs of the sweep.
func (s *Sweep) Task() batch.Task {
	return batch.Task{Key: s.Key(), About: s.about(), Points: s.Scenario.Vary.size(), Need: s.need, Sequential: s.seeds().Count == 0, Run: s.run}
}

// Key names what is run: the declaration with its overrides and files, and the version of the program.
func (s *Sweep) Key() string {
	study := ""
	if s.Study != nil {
		study = s.Study.Name()
	}
	text, err := json.Marshal([]any{Version, study, s.Scenario.Name, s.Scenario.source, s.Scenario.set, s.Scenario.files.texts})
	if err != nil {
		panic("experiments: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// about says what Key names, for people.
func (s *Sweep) about() []string {
	sum := sha256.Sum256([]byte(s.Scenario.source))
	lines := []string{"version " + Version, "scenario " + s.Scenario.Name, "its text " + hex.EncodeToString(sum[:8])}
	var files, varied []string
	for _, a := range s.Scenario.Files() {
		sum := sha256.Sum256([]byte(a.Text))
		files = append(files, a.Name+" "+hex.EncodeToString(sum[:8]))
	}
	for _, f := range s.Factors {
		varied = append(varied, fmt.Sprintf("%s (%d)", f.Name, len(f.Levels)))
	}
	measures := "all"
	if list := s.wanted(); list != nil {
		measures = strings.Join(list, "; ")
	}
	return append(lines, "files "+orNone(strings.Join(files, ", ")), "settings "+orNone(strings.Join(s.Scenario.set, " ")), "varies "+orNone(strings.Join(varied, ", ")),
		"seeds "+s.seeds().String(), "measures "+shorten(measures, 500))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return shorten(s, 500)
}

// String says which seeds they are.
func (s *Seeds) String() string {
	if s.Count > 0 {
		return fmt.Sprintf("%d..%d", s.First, s.First+uint64(s.Count)-1)
	}
	return fmt.Sprintf("from %d on, %d to %d, until the mean of %s is known to %s", s.First, s.AtLeast, s.AtMost, s.Of, s.Precision)
}

// String is the share as it is written.
func (p Percent) String() string {
	return strconv.FormatFloat(rounded(100*float64(p), 6), 'f', -1, 64) + "%"
}

// need returns how many seeds a point is to have, given the records of the first ones.
//
// With a precision it is looked at after at-least seeds, then whenever there are half as many again, until half of
// Student's 95 % interval is at most that share of the mean (Chow and Robbins, Annals of Mathematical Statistics 36, 1965).
// Such a rule stops by preference where the variance has come out small: intervals cover a little less than 95 %, the less
// the fewer seeds it takes. Few looks, and at-least, keep that small: with 30 at least, 93 to 95 % for normal and
// exponential values, at precisions of 5 to 30 %. Runs without the measure count as seeds, but not for its mean.
func (s *Sweep) need(_ int, records [][]byte) int {
	seeds, n := s.seeds(), len(records)
	least, most := seeds.bounds()
	switch {
	case n < least:
		return least
	case n >= most || precise(seeds, records):
		return n
	}
	return min(most, n+(n+1)/2)
}

// precise reports whether the mean is known precisely enough.
func precise(seeds *Seeds, records [][]byte) bool {
	var t reliability.Tally
	for _, text := range records {
		r, err := parseRecord(text)
		if err != nil {
			return false
		}
		for _, v := range r.Values {
			if v.Name == seeds.Of && v.Value != nil {
				t.Add(*v.Value)
			}
		}
	}
	if t.N() < 2 {
		return false
	}
	if t.Variance() == 0 {
		return true
	}
	return reliability.RelativeStop{Width: float64(seeds.Precision), MinCycles: min(t.N(), seeds.AtLeast)}.Done(t.Student(0.95))
}

// record is what is kept of one run.
type record struct {
	Seed        uint64        `json:"seed"`
	Verdict     string        `json:"verdict"`
	Failed      string        `json:"failed,omitempty"` // the first check that failed
	Detail      string        `json:"detail,omitempty"` // what was wrong
	Digest      string        `json:"digest"`
	Events      uint64        `json:"events"`
	VirtualTime float64       `json:"virtual_time"` // seconds
	Values      []recordValue `json:"values"`
	Trail       *recordTrail  `json:"trail,omitempty"` // of a run that failed, for its repro
}

// recordValue is a measure, whose value is null if the run has none.
type recordValue struct {
	Name  string   `json:"name"`
	Unit  string   `json:"unit"`
	Value *float64 `json:"value"`
}

// recordTrail is a Trail, coarse.
type recordTrail struct {
	Records uint64 `json:"records"`
	Every   uint64 `json:"every"`
	Steps   string `json:"steps"`
}

// recordSteps bounds the steps of a trail in a record.
const recordSteps = 256

func parseRecord(text []byte) (r record, err error) {
	err = json.Unmarshal(text, &r)
	if err != nil {
		err = fmt.Errorf("experiments: the record of a run is %q, want one of this version: %w", shorten(string(text), 80), err)
	}
	return r, err
}

// Failed reports whether a record of Task is that of a run that failed.
func (s *Sweep) Failed(text []byte) bool {
	r, err := parseRecord(text)
	return err != nil || r.Failed != ""
}

// run makes a run. The first one of the first point comes first, by which the names of measures are checked.
func (s *Sweep) run(j batch.Job) ([]byte, error) {
	s.once.Do(func() { s.first, s.refused = s.firstRun() })
	switch {
	case s.refused != nil:
		return nil, s.refused
	case j == batch.Job{}:
		return s.first, nil
	}
	return s.runSeed(j.Point, s.seeds().First+uint64(j.Replication))
}

// firstRun is the run of the first point with the first seed.
func (s *Sweep) firstRun() ([]byte, error) {
	if _, err := s.expected(s.Point(0)); err != nil { // better now than when all runs are made
		return nil, err
	}
	o, err := s.outcome(0, s.seeds().First, true)
	if err != nil {
		return nil, err
	}
	if err := s.checkMeasures(o); err != nil {
		return nil, err
	}
	return s.record(0, o)
}

// checkMeasures reports the measures that the scenario names and the first run does not have. Where the protocol varies, or
// what ends the run, others may have them.
func (s *Sweep) checkMeasures(o *Outcome) error {
	for _, f := range s.Scenario.Vary {
		for _, o := range f.paths() {
			if slices.Contains([]string{"protocol", "until", "availability", "clients"}, o.steps[0].name) && len(o.steps) == 1 {
				return nil
			}
		}
	}
	var have []string
	for _, m := range o.Measures {
		have = append(have, m.Name)
	}
	return s.missing(have)
}

// missing reports the measures that the scenario names and that there are not, where they are named.
func (s *Sweep) missing(have []string) error {
	var problems Problems
	need := func(name string, v *value, path string) {
		if name != "" && !slices.Contains(have, name) && v != nil {
			problems = append(problems, v.problem(path, v.String()+", which no run measures", oneOf(name, have)))
		}
	}
	doc := s.Scenario.document
	for i, name := range s.Scenario.Measure {
		need(name, doc.get("measure").items[i], element("$.measure", i))
	}
	for i, e := range s.Scenario.Expect {
		need(e.Measure, doc.get("expect").items[i].get("measure"), element("$.expect", i)+".measure")
	}
	for i, p := range s.Scenario.Plot {
		need(p.Y, doc.get("plot").items[i].get("y"), element("$.plot", i)+".y")
	}
	if v := doc.get("seeds"); v != nil {
		need(s.seeds().Of, v.get("of"), "$.seeds.of")
	}
	return s.options.named(problems.sorted())
}

// runSeed runs a point with a seed, and returns its record.
func (s *Sweep) runSeed(point int, seed uint64) ([]byte, error) {
	o, err := s.outcome(point, seed, true)
	if err != nil {
		return nil, err
	}
	return s.record(point, o)
}

// record is what is kept of a run.
func (s *Sweep) record(point int, o *Outcome) ([]byte, error) {
	r := record{Seed: o.Plan.Seed, Verdict: o.inAll().String(), Digest: Hex(o.Result.Digest), Events: o.Result.Events,
		VirtualTime: float64(o.Result.Now) / 1e9, Values: []recordValue{}}
	wanted := s.wanted()
	for _, m := range o.Measures {
		if wanted == nil || slices.Contains(wanted, m.Name) {
			r.Values = append(r.Values, recordValue{m.Name, m.Unit, known(m.Value)})
		}
	}
	if i := slices.IndexFunc(o.Verdicts, func(v Verdict) bool { return failed(v.Verdict) }); i >= 0 {
		r.Failed, r.Detail = o.Verdicts[i].Name, o.Verdicts[i].Detail
		var err error
		if r.Trail, err = s.trail(point, r.Seed); err != nil {
			return nil, err
		}
	}
	return json.Marshal(r)
}

// trail runs a point with a seed once more, to follow its digest.
func (s *Sweep) trail(point int, seed uint64) (*recordTrail, error) {
	o, err := s.outcome(point, seed, false)
	if err != nil {
		return nil, err
	}
	t := o.Trail
	for len(t.Steps) > recordSteps {
		t = t.coarser()
	}
	return &recordTrail{t.Records, t.Every, t.text()}, nil
}

// outcome runs a point with a seed.
func (s *Sweep) outcome(point int, seed uint64, lean bool) (*Outcome, error) {
	at, err := s.cache.get(s, point)
	if err != nil {
		return nil, err
	}
	x := Execution{Lean: lean}
	if w, ok := s.Study.(WatchedStudy); ok {
		x.Study = watching{w}
	}
	p, err := at.Plan(seed)
	if err != nil {
		return nil, fmt.Errorf("experiments: %s, seed %d: %w", s.labelOf(point), seed, err)
	}
	o, err := p.Execute(x)
	if err != nil {
		return nil, fmt.Errorf("experiments: %s, seed %d: %w", s.labelOf(point), seed, err)
	}
	return o, nil
}

// watching is a study of which only what it measures in each run of a sweep is asked.
type watching struct{ WatchedStudy }

// Analyse is that of a run of a sweep.
func (w watching) Analyse(p *Plan) (*Analysis, error) { return w.Watch(p) }

// labelOf says which point it is.
func (s *Sweep) labelOf(point int) string {
	if label := s.Point(point).Label; label != "" {
		return label
	}
	return s.Scenario.Name
}

// cachedScenarios is how many points' scenarios are kept.
const cachedScenarios = 256

// scenarioCache keeps scenarios of points, of which the same few are run again and again.
type scenarioCache struct {
	lock  sync.Mutex
	kept  map[int]*Scenario
	order []int
}

func (c *scenarioCache) get(s *Sweep, point int) (*Scenario, error) {
	c.lock.Lock()
	at := c.kept[point]
	c.lock.Unlock()
	if at != nil {
		return at, nil
	}
	at, err := s.Scenario.at(s.Point(point))
	if err != nil {
		return nil, err
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.kept == nil {
		c.kept = map[int]*Scenario{}
	}
	if _, there := c.kept[point]; !there {
		c.order = append(c.order, point)
	}
	c.kept[point] = at
	if len(c.order) > cachedScenarios {
		delete(c.kept, c.order[0])
		c.order = c.order[1:]
	}
	return at, nil
}
