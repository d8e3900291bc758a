package consensus

// decided is the log as far as it is decided: the ghost variable of proofs. Forgetting nothing, it knows of a place what
// any server ever claimed of it, or a quorum ever held.
type decided struct {
	entries []decision // of places 1, 2, ...
}

// decision is an entry that was decided in the term by, or before. The zero Entry is of a place that was never seen,
// because it was in a snapshot when somebody first looked.
type decision struct {
	Entry
	by Term
}

func (d *decided) last() Index { return Index(len(d.entries)) }

func (d *decided) at(i Index) decision { return d.entries[i-1] }

// extend takes all up to a place as decided, as it stands in the log of n, and reports whether that was news.
func (d *decided) extend(n Node, to Index, by Term) bool {
	to = min(to, n.Last())
	if to <= d.last() {
		return false
	}
	for i := d.last() + 1; i <= to; i++ {
		e := decision{by: by}
		if i >= n.First() {
			e.Entry = n.Entry(i)
		}
		d.entries = append(d.entries, e)
	}
	return true
}

// held returns up to where the log of n says what is decided, but no further than a place up to, with known a place up
// to which it did when last looked at. Of what it has in a snapshot it holds everything.
func (d *decided) held(n Node, known, to Index) Index {
	to = min(to, d.last())
	i := min(known, to)
	for i >= n.First() && d.conflicts(n, i) {
		i--
	}
	for i < to && !d.conflicts(n, i+1) {
		i++
	}
	return i
}

// conflicts reports whether n has another entry at a place than the decided one.
func (d *decided) conflicts(n Node, i Index) bool {
	if i < n.First() {
		return false
	}
	e := d.at(i)
	return e.Term != 0 && e.Entry != n.Entry(i)
}
