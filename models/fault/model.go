package fault

import (
	"errors"
	"fmt"

	"lightcone/sim"
)

// Model is a set of laws under common bounds. Draw makes a Plan of it; in Config.Faults it draws its own when the run
// starts.
type Model struct {
	Laws []Law

	From sim.Time // nothing fails before

	// Until is when the trouble ends, later than From: nothing fails from then on, and all that is not well is
	// recovered, resumed and healed at that time, but for nodes that stopped for good and wall clocks that were
	// stepped.
	Until sim.Time

	// Budget bounds how many nodes are in trouble at once: an outage that would put one too many there does not take
	// place. It ties the nodes together: with it, another node more may change the faults of others. The zero Budget is
	// no bound.
	Budget Budget
}

// maxOutages bounds what one model draws, so that a law in the wrong unit is an error and not an endless run.
const maxOutages = 1 << 20

// The purpose of a drawn plan's streams, beside others outside the engine.
const forPlan = 0x6661756c74 // "fault"

// Validate reports all that is wrong with the model, for a world of that many nodes.
func (m Model) Validate(nodes int) error {
	var errs []error
	if nodes < 1 {
		return fmt.Errorf("fault: Model is for %d nodes, want at least 1", nodes)
	}
	if m.From < 0 {
		errs = append(errs, fmt.Errorf("fault: Model.From is %v, want 0 or later", m.From))
	}
	if m.Until <= m.From {
		errs = append(errs, fmt.Errorf("fault: Model.Until is %v, want later than From, %v", m.Until, m.From))
	}
	if err := m.Budget.Validate(); err != nil {
		errs = append(errs, err)
	}
	for i, l := range m.Laws {
		if l == nil {
			errs = append(errs, fmt.Errorf("fault: Model.Laws[%d] is nil, want a law", i))
		} else if err := l.Validate(nodes); err != nil {
			errs = append(errs, fmt.Errorf("fault: Model.Laws[%d]: %w", i, err))
		}
	}
	return errors.Join(errs...)
}

// Draw draws all faults up front. The plan depends on the seed and the model alone; each law has streams of its own,
// named after the law, so that taking one law away changes no fault of the others. Laws of the same name are numbered
// in their order.
func (m Model) Draw(seed uint64, nodes int) (Plan, error) {
	return m.draw(sim.NewRand(seed, sim.ForStudy, forPlan), nodes)
}

func (m Model) draw(r sim.Rand, nodes int) (Plan, error) {
	if err := m.Validate(nodes); err != nil {
		return nil, err
	}
	seed := r.Uint64()
	var drawn []Outage
	for i, l := range m.Laws {
		w := windowFor(l, m.nth(i), seed, Window{Nodes: nodes, From: m.From, Until: m.Until})
		for o := range l.Outages(w) {
			if len(drawn) == maxOutages {
				return nil, fmt.Errorf("fault: Model.Laws draw more than %d outages until %v, want fewer: Laws[%d] (%s) came last", maxOutages, m.Until, i, w.Label)
			}
			if err := m.checkOutage(o, nodes); err != nil {
				return nil, fmt.Errorf("fault: Model.Laws[%d] (%s): %w", i, w.Label, err)
			}
			if o.To != sim.Never {
				o.To = min(o.To, m.Until)
			}
			drawn = append(drawn, o)
		}
	}
	return lay(drawn, nodes, m.Budget), nil
}

// checkOutage guards against laws from outside this package.
func (m Model) checkOutage(o Outage, nodes int) error {
	p := problems{law: "Outage"}
	if o.From < m.From || o.From >= m.Until {
		p.add("From is %v, want %v or later, before %v", o.From, m.From, m.Until)
	}
	if o.To < o.From || o.To == o.From && o.Action != nil && Undo(o.Action) != nil {
		p.add("To is %v, want later than From, %v", o.To, o.From)
	}
	p.action("Action", o.Action, nodes)
	return p.err()
}

// nth counts the laws with the label of the i-th, up to it.
func (m Model) nth(i int) int {
	n := 0
	for _, l := range m.Laws[:i+1] {
		if labelOf(l) == labelOf(m.Laws[i]) {
			n++
		}
	}
	return n
}

// Next is never called: the world runs a Model through its clone, which has drawn a plan.
func (m Model) Next(sim.Time, sim.View, *sim.Rand) (sim.Time, sim.Action, bool) {
	panic("fault: Model used outside a world")
}

// CloneFault returns the model, to be drawn at the start of the run. A model that is not valid panics then: Validate
// beforehand.
func (m Model) CloneFault() sim.Fault { return &modelRun{model: m} }

// modelRun is a Model under way.
type modelRun struct {
	model Model
	plan  Plan
	drawn bool
	next  int
}

func (m *modelRun) Next(_ sim.Time, v sim.View, r *sim.Rand) (sim.Time, sim.Action, bool) {
	if !m.drawn {
		plan, err := m.model.draw(*r, v.Nodes())
		if err != nil {
			panic(err)
		}
		m.plan, m.drawn = plan, true
	}
	if m.next == len(m.plan) {
		return 0, nil, false
	}
	e := m.plan[m.next]
	m.next++
	return e.Time, e.Action, true
}

func (m *modelRun) CloneFault() sim.Fault { c := *m; return &c }
