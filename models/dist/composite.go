package dist

import "fmt"

// composite returns how to read, after its opening bracket, a law with a syntax of its own; nil if there is none of
// that name.
func (p *parser) composite(name string) func(name token, u Unit) (node, error) {
	switch name {
	case "empirical":
		return p.empirical
	case "mixture":
		return p.mixture
	case "scaled":
		return p.scaledCall
	case "shifted":
		return p.shiftedCall
	case "truncated":
		return p.truncated
	}
	return nil
}

// more reports whether another element of a list follows, and otherwise reads the closing bracket.
func (p *parser) more() (bool, error) {
	if p.is(",") {
		p.advance()
		return true, nil
	}
	if !p.is(")") {
		return false, p.unexpected(`"," or ")"`)
	}
	p.advance()
	return false, nil
}

func (p *parser) empirical(name token, u Unit) (node, error) {
	var values []float64
	for more := true; more; {
		a, err := p.value(param{name: fmt.Sprintf("values[%d]", len(values))}, u)
		if err != nil {
			return node{}, err
		}
		values = append(values, a.value)
		p.report(Constant{a.value}.Validate(), a.number, nil)
		if more, err = p.more(); err != nil {
			return node{}, err
		}
	}
	e, _ := NewEmpirical(values) // each value has been checked
	return node{law: e, token: name, depth: 1}, nil
}

func (p *parser) mixture(name token, u Unit) (node, error) {
	var m Mixture
	var weights []argument
	depth := 0
	for more := true; more; {
		w, err := p.value(param{fmt.Sprintf("Parts[%d].Weight", len(weights)), plain}, Numbers)
		if err != nil {
			return node{}, err
		}
		if err := p.expect(":"); err != nil {
			return node{}, err
		}
		n, err := p.law(u)
		if err != nil {
			return node{}, err
		}
		weights = append(weights, w)
		m.Parts = append(m.Parts, Part{w.value, n.law})
		depth = max(depth, n.depth)
		if more, err = p.more(); err != nil {
			return node{}, err
		}
	}
	p.report(m.check(), name, weights)
	return p.over(name, m, depth)
}

// shiftedCall reads shifted(by, law).
func (p *parser) shiftedCall(name token, u Unit) (node, error) {
	by, err := p.value(param{"by", inUnit}, u)
	if err != nil {
		return node{}, err
	}
	n, err := p.lastLaw(u)
	if err != nil {
		return node{}, err
	}
	s := Shifted{n.law, by.value}
	p.report(s.check(), name, []argument{by})
	return p.over(name, s, n.depth)
}

// scaledCall reads scaled(by, law), which is by * law.
func (p *parser) scaledCall(name token, u Unit) (node, error) {
	by, err := p.sign()
	if err != nil {
		return node{}, err
	}
	if err := p.expect(","); err != nil {
		return node{}, err
	}
	n, err := p.scaled(name, by, u, p.law)
	if err == nil {
		err = p.expect(")")
	}
	return n, err
}

// lastLaw reads a comma, a law and the closing bracket.
func (p *parser) lastLaw(u Unit) (node, error) {
	if err := p.expect(","); err != nil {
		return node{}, err
	}
	n, err := p.law(u)
	if err == nil {
		err = p.expect(")")
	}
	return n, err
}

func (p *parser) truncated(name token, u Unit) (node, error) {
	n, err := p.law(u)
	if err == nil {
		err = p.expect(",")
	}
	if err != nil {
		return node{}, err
	}
	ends, err := p.arguments([]param{{"lo", inUnit}, {"hi", inUnit}}, u)
	if err != nil {
		return node{}, err
	}
	t := Truncated{n.law, ends[0].value, ends[1].value}
	if len(p.problems) == 0 { // else the law inside may have no CDF
		p.report(t.check(), name, ends)
	}
	return p.over(name, t, n.depth)
}
