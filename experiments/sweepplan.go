package experiments

import (
	"fmt"
	"sync"
)

// MaxPlanSize bounds the plan of a sweep, in bytes.
const MaxPlanSize = 4 * MaxSize

const planFormat = "lightcone plan 1"

// SweepPlan is a sweep in one file, from which each of many machines makes its part of the runs.
type SweepPlan struct {
	Format   string       `yaml:"format" json:"format" jsonschema:"required,enum=lightcone plan 1" jsonschema_description:"what the file is"`
	Version  string       `yaml:"version" json:"version" jsonschema:"required,maxLength=40" jsonschema_description:"the version of lightcone that made it"`
	Key      string       `yaml:"key" json:"key" jsonschema:"required,pattern=^[0-9a-f]+$" jsonschema_description:"what names the runs: of the version, the scenario with its files, and the overrides"`
	About    []string     `yaml:"about" json:"about" jsonschema:"required" jsonschema_description:"the same for people"`
	Scenario string       `yaml:"scenario" json:"scenario" jsonschema:"required,maxLength=60" jsonschema_description:"the scenario's name"`
	Study    string       `yaml:"study" json:"study" jsonschema_description:"the built-in study that it is; empty if it is none"`
	Source   string       `yaml:"source" json:"source" jsonschema:"required" jsonschema_description:"the scenario, in YAML"`
	Files    []Attachment `yaml:"files" json:"files,omitempty" jsonschema_description:"the files that the scenario reads"`
	Set      []string     `yaml:"set" json:"set" jsonschema:"required" jsonschema_description:"overrides of the scenario, key=value, among them what is varied and the seeds"`
}

// Plan returns the sweep as a file.
func (s *Sweep) Plan() *SweepPlan {
	p := &SweepPlan{Format: planFormat, Version: Version, Key: s.Key(), About: s.about(), Scenario: s.Scenario.Name, Source: s.Scenario.Source(),
		Files: s.Scenario.Files(), Set: append([]string{}, s.Scenario.Set()...)}
	if s.Study != nil {
		p.Study = s.Study.Name()
	}
	return p
}

// JSON returns the plan as a file.
func (p *SweepPlan) JSON() []byte { return indented(p) }

var planSchema = sync.OnceValue(func() *schema { return compile(reflector().Reflect(&SweepPlan{})) })

// ReadSweepPlan reads a plan strictly; name is what errors call it. A plan of another version, or one whose runs are no
// longer those that it was made for, is an error.
func ReadSweepPlan(name string, data []byte) (*Sweep, error) {
	root, problems := parseWithin(name, data, MaxPlanSize)
	if root == nil {
		return nil, problems.sorted()
	}
	if err := isPlan(name, root); err != nil {
		return nil, err
	}
	p, d := &SweepPlan{}, &decoder{}
	d.into(root, p, "$")
	problems = append(problems, merge(d.problems, planSchema().check(root))...)
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	s, err := p.sweep()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if key := s.Key(); key != p.Key {
		return nil, fmt.Errorf("experiments: %s has key %s, want %s: it was changed, or made by another program", name, p.Key, key)
	}
	return s, nil
}

// isPlan reports a file that is no plan, or one of another version, which may have other keys.
func isPlan(name string, root *value) error {
	is := func(key, want string) bool {
		v := root.get(key)
		return v != nil && v.shape == text && v.raw == want
	}
	switch {
	case !is("format", planFormat):
		return fmt.Errorf("experiments: %s is no plan of a sweep, want a file that lightcone plan has written", name)
	case !is("version", Version):
		return fmt.Errorf("experiments: %s is of version %s, want %s: another version may give a seed another run", name, root.get("version"), Version)
	}
	return nil
}

// sweep returns the sweep that the plan describes.
func (p *SweepPlan) sweep() (*Sweep, error) {
	var study Study
	for _, s := range Studies() {
		if s.Name() == p.Study {
			study = s
		}
	}
	if p.Study != "" && study == nil {
		return nil, fmt.Errorf("experiments: study is %q, want %s", p.Study, oneOf(p.Study, studyNames()))
	}
	s, err := read(attached(p.Files), p.Scenario+".yaml", []byte(p.Source), p.Set)
	if err != nil {
		return nil, err
	}
	s.Name = p.Scenario
	return newSweep(s, study)
}
