package dist

import "strconv"

// Format returns d in the text form that Parse reads, its values with the suffixes of u: Parse(Format(d, u), u) gives a
// law that samples the same. A law that is not of this package is written as its String.
func Format(d Dist, u Unit) string { return string(appendLaw(nil, d, u)) }

func appendLaw(b []byte, d Dist, u Unit) []byte {
	switch d := d.(type) {
	case nil:
		return append(b, "nil"...)
	case Constant:
		return appendValue(b, d.Value, u)
	case Shifted:
		return appendShift(appendLaw(b, d.Of, u), d.By, u)
	case Scaled:
		return appendScaled(b, d, u)
	case Truncated:
		b = appendLaw(append(b, "truncated("...), d.Of, u)
		b = appendValue(append(b, ", lo="...), d.Lo, u)
		b = appendValue(append(b, ", hi="...), d.Hi, u)
		return append(b, ')')
	case Mixture:
		b = append(b, "mixture("...)
		for i, p := range d.Parts {
			b = appendValue(separate(b, i), p.Weight, Numbers)
			b = appendLaw(append(b, ": "...), p.Of, u)
		}
		return append(b, ')')
	case Empirical:
		b = append(b, "empirical("...)
		for i, x := range d.values {
			b = appendValue(separate(b, i), x, u)
		}
		return append(b, ')')
	}
	if name, values, ok := parameters(d); ok {
		return appendSimple(b, name, values, u)
	}
	return append(b, d.String()...)
}

func separate(b []byte, i int) []byte {
	if i == 0 {
		return b
	}
	return append(b, ", "...)
}

// appendSimple writes a law of counts as a multiple of one base unit where values have units.
func appendSimple(b []byte, name string, values []float64, u Unit) []byte {
	f, _ := formOf(name)
	if f.counts && u != Numbers {
		b = append(appendValue(b, 1, u), " * "...)
		u = Numbers
	}
	b = append(append(b, name...), '(')
	for i, p := range f.params {
		b = append(append(separate(b, i), p.name...), '=')
		switch p.kind {
		case inUnit:
			b = appendValue(b, values[i], u)
		case plain:
			b = appendValue(b, values[i], Numbers)
		case whole:
			b = strconv.AppendFloat(b, values[i], 'f', -1, 64)
		}
	}
	return append(b, ')')
}

func appendShift(b []byte, by float64, u Unit) []byte {
	if by < 0 {
		return appendValue(append(b, " - "...), -by, u)
	}
	return appendValue(append(b, " + "...), by, u)
}

// appendScaled gives the unit to the factor of a law of counts, and to the law otherwise.
func appendScaled(b []byte, s Scaled, u Unit) []byte {
	if isCount(s.Of) {
		b = append(appendValue(b, s.By, u), " * "...)
		return appendLaw(b, s.Of, Numbers)
	}
	b = append(appendValue(b, s.By, Numbers), " * "...)
	if _, ok := s.Of.(Shifted); ok {
		return append(appendLaw(append(b, '('), s.Of, u), ')')
	}
	return appendLaw(b, s.Of, u)
}
