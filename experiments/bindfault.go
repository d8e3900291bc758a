package experiments

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"lightcone/models/dist"
	"lightcone/models/fault"
	"lightcone/sim"
)

// bindFaults draws all faults up front: those at stated times, and those of laws.
func (p *Plan) bindFaults() error {
	s := p.Scenario
	var stated fault.Plan
	model := fault.Model{Until: p.Config.Until}
	for i := range s.Faults {
		f := &s.Faults[i]
		if f.Up != nil {
			model.Laws = append(model.Laws, f.law(s.NodeCount()))
			continue
		}
		stated = append(stated, f.stated(i, s.NodeCount())...)
	}
	var drawn fault.Plan
	if len(model.Laws) > 0 {
		var err error
		if drawn, err = model.Draw(p.Seed, s.NodeCount()); err != nil {
			return err
		}
	}
	p.Faults = fault.Merge(fault.Merge(stated), drawn)
	if p.Config.Until > 0 { // what would be undone as the run ends stays as it is
		p.Faults = slices.DeleteFunc(p.Faults, func(e sim.At) bool { return e.Time >= p.Config.Until })
	}
	p.schedule()
	return p.Faults.Validate(s.NodeCount())
}

// schedule hands the plan's faults to the engine.
func (p *Plan) schedule() {
	p.Config.Faults = nil
	if len(p.Faults) > 0 {
		p.Config.Faults = []sim.Fault{p.Faults.Schedule()}
	}
}

// Without removes entries from the plan's faults, given as their lines ("1.5s crash n2"). It reports lines that are not
// there.
func (p *Plan) Without(lines ...string) error {
	var errs []error
	for _, line := range lines {
		i := slices.IndexFunc(p.Faults, func(e sim.At) bool { return fault.Line(e) == line })
		if i < 0 {
			errs = append(errs, fmt.Errorf("experiments: without is %q, want a fault of the plan", line))
			continue
		}
		p.Faults = slices.Delete(p.Faults, i, i+1)
		p.without = append(p.without, line)
	}
	p.schedule()
	return errors.Join(errs...)
}

// targets returns whom the fault happens to; nil if it does not say.
func (f *Fault) targets() []sim.NodeID {
	if f.Node != nil {
		return []sim.NodeID{sim.NodeID(*f.Node)}
	}
	return ids(f.Nodes)
}

func ids(refs []NodeRef) []sim.NodeID {
	var list []sim.NodeID
	for _, r := range refs {
		list = append(list, sim.NodeID(r))
	}
	return list
}

// stated returns the entries of a fault at a stated time, the i-th of the scenario.
func (f *Fault) stated(i, nodes int) fault.Plan {
	at := sim.Time(*f.At)
	var plan fault.Plan
	for _, act := range f.actions(i, nodes) {
		plan = append(plan, sim.At{Time: at, Action: act})
		if undo := fault.Undo(act); undo != nil && f.For != nil {
			plan = append(plan, sim.At{Time: at.Add(time.Duration(*f.For)), Action: undo})
		}
	}
	return plan
}

// actions returns what the fault does, one action a node unless it is about all.
func (f *Fault) actions(i, nodes int) []sim.Action {
	switch f.Kind {
	case "partition":
		return []sim.Action{f.cut(i, nodes)}
	case "heal":
		return []sim.Action{sim.Heal{Name: f.Name}}
	}
	var acts []sim.Action
	for _, id := range f.targets() {
		acts = append(acts, f.action(id))
	}
	return acts
}

func (f *Fault) action(id sim.NodeID) sim.Action {
	switch f.Kind {
	case "crash":
		if f.Effect != nil {
			return sim.CrashDuring{Node: id, After: *f.Effect}
		}
		return sim.Crash{Node: id}
	case "recover":
		return sim.Recover{Node: id}
	case "pause":
		return sim.Pause{Node: id}
	case "resume":
		return sim.Resume{Node: id}
	case "wall-step":
		return sim.StepWall{Node: id, By: f.By.duration()}
	}
	panic(fmt.Sprintf("experiments: unknown fault %q", f.Kind)) // the schema names them all
}

// cut is the partition that the fault makes.
func (f *Fault) cut(i, nodes int) sim.Cut {
	cut := sim.Cut{Name: f.Name, From: ids(f.From), To: ids(f.To), OneWay: f.OneWay}
	if cut.Name == "" {
		cut.Name = fmt.Sprintf("cut-%d", i+1)
	}
	if cut.From == nil {
		cut.From = f.targets()
		cut.To = rest(cut.From, nodes)
	}
	return cut
}

// rest returns the nodes that are not in some.
func rest(some []sim.NodeID, nodes int) []sim.NodeID {
	listed := make([]bool, nodes)
	for _, id := range some {
		listed[id] = true
	}
	var others []sim.NodeID
	for id := range sim.NodeID(nodes) {
		if !listed[id] {
			others = append(others, id)
		}
	}
	return others
}

// law returns the law by which the seed draws the fault's times.
func (f *Fault) law(nodes int) fault.Law {
	switch f.Kind {
	case "crash":
		if f.Effect != nil {
			return fault.Renewal{Kind: fault.Midway, Nodes: f.targets(), Up: f.Up.Dist, Down: f.Down.Dist, Effects: *f.Effect}
		}
		return fault.Renewal{Kind: fault.Crash, Nodes: f.targets(), Up: f.Up.Dist, Down: f.Down.Dist}
	case "pause":
		return fault.Renewal{Kind: fault.Pause, Nodes: f.targets(), Up: f.Up.Dist, Down: f.Down.Dist}
	case "wall-step":
		return fault.WallSteps{Nodes: f.targets(), Every: f.Up.Dist, By: f.By.Dist}
	case "partition":
		if f.targets() == nil && f.From == nil {
			return fault.Partitions{Name: f.Name, Shapes: f.shapes(), Up: f.Up.Dist, Down: f.Down.Dist}
		}
		cut := f.cut(0, nodes)
		return fault.Flapping{Name: f.Name, From: cut.From, To: cut.To, OneWay: f.OneWay, Up: f.Up.Dist, Down: f.Down.Dist}
	}
	panic(fmt.Sprintf("experiments: fault %q is not drawn", f.Kind)) // the checks forbid it
}

func (f *Fault) shapes() []fault.Shape {
	var shapes []fault.Shape
	for _, name := range f.Shapes {
		if s, ok := fault.ParseShape(name); ok {
			shapes = append(shapes, s)
		}
	}
	return shapes
}

// duration is the value of a law that is constant.
func (l *SignedLaw) duration() time.Duration {
	if c, ok := l.Dist.(dist.Constant); ok {
		return time.Duration(c.Value)
	}
	return 0
}

// constant reports whether the law is a single duration.
func (l *SignedLaw) constant() bool {
	_, ok := l.Dist.(dist.Constant)
	return ok
}
