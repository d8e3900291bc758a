package experiments

import (
	"cmp"
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
	until := min(p.Config.Until, s.Budget.healed())
	servers, all := fault.Model{Until: until, Budget: s.Budget.bound()}, fault.Model{Until: until}
	for i := range s.Faults {
		switch f := &s.Faults[i]; {
		case f.At != nil:
			stated = append(stated, f.stated(i, s)...)
		case f.concerns(s.NodeCount()):
			all.Laws = append(all.Laws, f.law(s, "client-"+f.Kind))
		default:
			servers.Laws = append(servers.Laws, f.law(s, ""))
		}
	}
	if s.Domains != nil {
		servers.Laws = append(servers.Laws, s.Domains.tree(s.NodeCount()))
	}
	drawn, err1 := p.drawn(servers, s.NodeCount())
	more, err2 := p.drawn(all, s.Population())
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	p.Faults = fault.Merge(fault.Merge(stated), drawn, more).Within(s.NodeCount(), s.Budget.bound())
	if p.Config.Until > 0 { // what would be undone as the run ends stays as it is
		p.Faults = slices.DeleteFunc(p.Faults, func(e sim.At) bool { return e.Time >= p.Config.Until })
	}
	p.schedule()
	return p.Faults.Validate(s.Population())
}

// drawn draws the faults of a model for so many nodes. The servers' do not depend on how many clients there are.
func (p *Plan) drawn(m fault.Model, nodes int) (fault.Plan, error) {
	if len(m.Laws) == 0 {
		return nil, nil
	}
	return m.Draw(p.Seed, nodes)
}

// concerns reports whether the fault names a node from first on.
func (f *Fault) concerns(first int) bool {
	named := slices.Concat(f.Nodes, f.From, f.To, f.Peers)
	if f.Node != nil {
		named = append(named, *f.Node)
	}
	for _, v := range f.intervals {
		named = append(named, NodeRef(v.Node))
	}
	return slices.ContainsFunc(named, func(id NodeRef) bool { return int(id) >= first })
}

// schedule hands the plan's faults to the engine.
func (p *Plan) schedule() {
	p.Config.Faults, p.Config.Liars = nil, fault.Liars()
	if plan := p.Faults.Within(p.Scenario.NodeCount(), p.Scenario.Budget.bound()); len(plan) > 0 {
		p.Config.Faults = []sim.Fault{plan.Schedule()}
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
func (f *Fault) stated(i int, s *Scenario) fault.Plan {
	at := sim.Time(*f.At)
	var plan fault.Plan
	for _, act := range f.actions(i, s) {
		plan = append(plan, sim.At{Time: at, Action: act})
		end := s.Budget.healed()
		if f.For != nil {
			end = min(end, at.Add(time.Duration(*f.For)))
		}
		if undo := fault.Undo(act); undo != nil && end < sim.Never && f.Kind != "stop" {
			plan = append(plan, sim.At{Time: end, Action: undo})
		}
	}
	return plan
}

// actions returns what the fault does, one action a node unless it is about all.
func (f *Fault) actions(i int, s *Scenario) []sim.Action {
	switch f.Kind {
	case "partition":
		return []sim.Action{f.cut(i, s)}
	case "disturb":
		return []sim.Action{f.disturbance(cmp.Or(f.Name, fmt.Sprintf("disturb-%d", i+1)))}
	case "heal":
		return []sim.Action{sim.Heal{Name: f.Name}}
	}
	var acts []sim.Action
	for _, id := range f.targets() {
		acts = append(acts, f.action(i, id, s))
	}
	return acts
}

func (f *Fault) action(i int, id sim.NodeID, s *Scenario) sim.Action {
	switch f.Kind {
	case "recover":
		return sim.Recover{Node: id}
	case "resume":
		return sim.Resume{Node: id}
	case "wall-step":
		return sim.StepWall{Node: id, By: f.By.duration()}
	case "clock-step":
		return sim.StepClock{Node: id, By: f.By.duration()}
	case "backup":
		return sim.Backup{Node: id}
	case "rot":
		return sim.Rot{Node: id, Key: f.Key, Undetected: f.Undetected}
	}
	kind, ok := f.failure()
	if !ok {
		panic(fmt.Sprintf("experiments: unknown fault %q", f.Kind)) // the schema names them all
	}
	if kind == fault.Midway {
		return sim.CrashDuring{Node: id, After: *f.Effect}
	}
	among := s.NodeCount()
	if int(id) >= among {
		among = s.Population()
	}
	return kind.On(id, among, fmt.Sprintf("%s-%d.%v", f.Kind, i+1, id), f.degree())
}

// cut is the partition that the fault makes.
func (f *Fault) cut(i int, s *Scenario) sim.Cut {
	cut := sim.Cut{Name: f.Name, From: ids(f.From), To: ids(f.To), OneWay: f.OneWay}
	if cut.Name == "" {
		cut.Name = fmt.Sprintf("cut-%d", i+1)
	}
	if cut.From == nil {
		cut.From = f.targets()
		cut.To = s.rest(cut.From)
	}
	return cut
}

// rest returns the nodes on the other side of some: the servers that are not among them and, if clients are, the other
// clients too. Clients that are on no side reach both.
func (s *Scenario) rest(some []sim.NodeID) []sim.NodeID {
	listed := make([]bool, s.Population())
	nodes := s.NodeCount()
	for _, id := range some {
		listed[id] = true
		if int(id) >= nodes {
			nodes = s.Population()
		}
	}
	var others []sim.NodeID
	for id := range sim.NodeID(nodes) {
		if !listed[id] {
			others = append(others, id)
		}
	}
	return others
}

// law returns the law by which the seed draws the fault's times. Its draws are named after it; "" is by its kind.
func (f *Fault) law(s *Scenario, name string) fault.Law {
	if kind, ok := f.failure(); ok {
		return f.failures(kind, name)
	}
	switch f.Kind {
	case "wall-step":
		return fault.WallSteps{Name: name, Nodes: f.targets(), Every: f.Up.Dist, By: f.By.Dist}
	case "clock-step":
		return fault.ClockSteps{Name: name, Nodes: f.targets(), Every: f.Up.Dist, By: f.By.Dist}
	case "rot":
		return fault.Rots{Name: name, Nodes: f.targets(), Every: f.Up.Dist, Key: f.Key, Undetected: f.Undetected}
	case "disturb":
		d := f.disturbance("")
		return fault.Bursts{Name: f.Name, From: d.From, To: d.To, OneWay: d.OneWay, Up: f.Up.Dist, Down: f.Down.Dist, Loss: d.Loss, Delay: d.Delay, Jitter: d.Jitter}
	case "partition":
		if f.targets() == nil && f.From == nil {
			return fault.Partitions{Name: f.Name, Shapes: f.shapes(), Up: f.Up.Dist, Down: f.Down.Dist}
		}
		cut := f.cut(0, s)
		return fault.Flapping{Name: f.Name, From: cut.From, To: cut.To, OneWay: f.OneWay, Up: f.Up.Dist, Down: f.Down.Dist}
	}
	panic(fmt.Sprintf("experiments: fault %q is not drawn", f.Kind)) // the checks forbid it
}

// failures is the law of a failure of nodes: drawn, or replayed from a trace.
func (f *Fault) failures(kind fault.Kind, name string) fault.Law {
	if f.Up == nil {
		return fault.Trace{Name: name, Kind: kind, Degree: f.degree(), Intervals: f.intervals}
	}
	l := fault.Renewal{Name: name, Kind: kind, Degree: f.degree(), Nodes: f.targets(), Up: f.Up.Dist, Crews: f.Crews}
	if f.Down != nil {
		l.Down = f.Down.Dist
	}
	if f.Effect != nil {
		l.Effects = *f.Effect
	}
	return l
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
