package experiments

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"lightcone/sim"
)

// MaxReproSize bounds a repro, which holds a scenario and a trail, in bytes.
const MaxReproSize = 2 * MaxSize

const reproFormat = "lightcone repro 1"

// Repro is a run in one small file: the scenario, the seed, edits, and what came of it.
type Repro struct {
	Format   string       `yaml:"format" json:"format" jsonschema:"required,enum=lightcone repro 1" jsonschema_description:"what the file is"`
	Version  string       `yaml:"version" json:"version" jsonschema:"required,maxLength=40" jsonschema_description:"the version of lightcone that made it"`
	Scenario string       `yaml:"scenario" json:"scenario" jsonschema:"required,maxLength=60" jsonschema_description:"the scenario's name"`
	Source   string       `yaml:"source" json:"source" jsonschema:"required" jsonschema_description:"the scenario, in YAML"`
	Files    []Attachment `yaml:"files" json:"files,omitempty" jsonschema_description:"the files that the scenario reads"`
	Set      []string     `yaml:"set" json:"set" jsonschema_description:"overrides of the scenario, key=value"`
	Seed     uint64       `yaml:"seed" json:"seed" jsonschema:"required,minimum=0" jsonschema_description:"the seed"`
	Drop     []string     `yaml:"drop" json:"drop" jsonschema_description:"messages that the network loses besides, such as n0->n1#3"`
	Without  []string     `yaml:"without" json:"without" jsonschema_description:"faults of the plan that do not happen, such as 1.5s crash n2"`
	Property string       `yaml:"property" json:"property" jsonschema_description:"the property that fell; empty if none did"`
	Digest   string       `yaml:"digest" json:"digest" jsonschema:"required,pattern=^[0-9a-f]{16}$" jsonschema_description:"the run's digest"`
	Records  uint64       `yaml:"records" json:"records" jsonschema:"required,minimum=0" jsonschema_description:"how many records the run has"`
	Every    uint64       `yaml:"every" json:"every" jsonschema:"required,minimum=1" jsonschema_description:"after how many records each there is a step in the trail; a power of two"`
	Trail    string       `yaml:"trail" json:"trail" jsonschema:"required" jsonschema_description:"16 bits of the digest at each step, in base64: where another run parts from this one"`
}

// Repro returns the file that repeats the run.
func (o *Outcome) Repro() *Repro {
	p := o.Plan
	r := &Repro{
		Format: reproFormat, Version: Version, Scenario: p.Scenario.Name, Source: p.Scenario.Source(), Files: p.Scenario.Files(), Set: append([]string{}, p.Scenario.Set()...),
		Seed: p.Seed, Drop: []string{}, Without: append([]string{}, p.without...), Digest: Hex(o.Result.Digest),
		Records: o.Trail.Records, Every: o.Trail.Every, Trail: o.Trail.text(),
	}
	for _, m := range p.Config.Drop {
		r.Drop = append(r.Drop, m.String())
	}
	for _, v := range o.Verdicts {
		if v.Verdict > sim.Unseen {
			r.Property = v.Name
			break
		}
	}
	return r
}

// JSON returns the repro as a file.
func (r *Repro) JSON() []byte { return indented(r) }

var reproSchema = sync.OnceValue(func() *schema { return compile(reflector().Reflect(&Repro{})) })

// ReadRepro reads a repro strictly; name is what errors call it.
func ReadRepro(name string, data []byte) (*Repro, error) {
	root, problems := parseWithin(name, data, MaxReproSize)
	if root == nil {
		return nil, problems.sorted()
	}
	r, d := &Repro{}, &decoder{}
	d.into(root, r, "$")
	problems = append(problems, merge(d.problems, reproSchema().check(root))...)
	if len(problems) == 0 {
		problems = r.check(root)
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return r, nil
}

// check reports what a schema cannot say.
func (r *Repro) check(root *value) (problems Problems) {
	for i, text := range r.Drop {
		if _, err := parseMessageName(text); err != nil {
			v := root.get("drop").items[i]
			problems = append(problems, v.problem(element("$.drop", i), v.String(), "a message, such as n0->n1#3"))
		}
	}
	if r.Every&(r.Every-1) != 0 {
		v := root.get("every")
		problems = append(problems, v.problem("$.every", v.String(), "a power of two"))
	}
	if steps, err := parseSteps(r.Trail); err != nil || len(steps) > trailSteps {
		v := root.get("trail")
		problems = append(problems, v.problem("$.trail", v.String(), fmt.Sprintf("base64 of at most %d steps of two bytes", trailSteps)))
	}
	return problems
}

// trail returns the trail of the run that was recorded.
func (r *Repro) trail() Trail {
	steps, _ := parseSteps(r.Trail) // check has read it
	return Trail{Every: r.Every, Records: r.Records, Steps: steps}
}

// Plan returns the run that the repro describes.
func (r *Repro) Plan() (*Plan, error) {
	s, err := read(attached(r.Files), r.Scenario+".yaml", []byte(r.Source), r.Set)
	if err != nil {
		return nil, err
	}
	s.Name = r.Scenario
	p, err := s.Plan(r.Seed)
	if err != nil {
		return nil, err
	}
	for _, text := range r.Drop {
		m, err := parseMessageName(text)
		if err != nil {
			return nil, err
		}
		p.Config.Drop = append(p.Config.Drop, m)
	}
	return p, p.Without(r.Without...)
}

// Study returns the study whose scenario, as it is built in, the repro's run is of; nil if there is none.
func (r *Repro) Study() Study {
	for _, s := range Studies() {
		if s.Name() == r.Scenario && string(s.Scenario()) == r.Source {
			return s
		}
	}
	return nil
}

// Divergence is how a replay differs from the run that was recorded.
type Divergence struct {
	Recorded, Got string // digests
	First, Last   uint64 // the first record that differs is among these; 0 if that is not known
}

// Compare returns how the outcome differs from what was recorded, nil if it does not.
func (r *Repro) Compare(o *Outcome) *Divergence {
	got := Hex(o.Result.Digest)
	if got == r.Digest {
		return nil
	}
	d := &Divergence{Recorded: r.Digest, Got: got}
	if first, last, ok := r.trail().part(o.Trail); ok {
		d.First, d.Last = first, last
	}
	return d
}

// Error says where the runs part.
func (d *Divergence) Error() string {
	where := "no event differs as far as was recorded"
	switch {
	case d.First > 0 && d.First == d.Last:
		where = fmt.Sprintf("the runs part at event %d", d.First)
	case d.First > 0:
		where = fmt.Sprintf("the runs part at one of the events %d to %d", d.First, d.Last)
	}
	return fmt.Sprintf("digest is %s, want %s: %s", d.Got, d.Recorded, where)
}

// parseMessageName reads what sim.MessageName prints: n0->n1#3.
func parseMessageName(s string) (sim.MessageName, error) {
	bad := fmt.Errorf("experiments: message is %q, want one such as n0->n1#3", shorten(s, 60))
	ends, k, ok1 := strings.Cut(s, "#")
	from, to, ok2 := strings.Cut(ends, "->")
	f, err1 := nodeNumber(from)
	t, err2 := nodeNumber(to)
	n, err3 := strconv.ParseUint(k, 10, 64)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || err3 != nil || n == 0 {
		return sim.MessageName{}, bad
	}
	return sim.MessageName{From: f, To: t, K: n}, nil
}

func nodeNumber(s string) (sim.NodeID, error) {
	digits, ok := strings.CutPrefix(s, "n")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil {
		return 0, fmt.Errorf("experiments: node is %q, want one such as n0", shorten(s, 60))
	}
	return sim.NodeID(n), nil
}
