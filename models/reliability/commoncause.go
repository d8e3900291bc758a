package reliability

import (
	"errors"
	"fmt"
	"math"
)

// maxGroup bounds the parts of a group whose common causes hit some of them and not others: there are 2^n - 1.
const maxGroup = 10

// MultipleGreek returns the probabilities Q1 to Qm of the multiple Greek letter model (Fleming 1986; NUREG/CR-4780,
// section 3.5.2): Qk is that of one certain common cause which takes down k certain parts of m, each of which is down
// with probability q for all its causes together. Letters are beta, gamma, delta and so on; those not given are 1, so
// that beta alone is the beta factor: what hits two parts hits all.
func MultipleGreek(q float64, m int, letters ...float64) []float64 {
	shares := greekShares(m, letters)
	for k := range shares {
		shares[k] = float64(shares[k] * q)
	}
	return shares
}

// greekShares returns which share of the causes of a part each event of k = 1..m certain parts has.
func greekShares(m int, letters []float64) []float64 {
	shares := make([]float64, m)
	product := 1.
	for k := 1; k <= m; k++ {
		next := 0. // the share of what hits k parts that hits more
		if k < m {
			next = 1
			if k-1 < len(letters) {
				next = letters[k-1]
			}
		}
		shares[k-1] = product * (1 - next) / choose(m-1, k-1)
		product = float64(product * next)
	}
	return shares
}

// choose returns n over k.
func choose(n, k int) float64 {
	c := 1.
	for i := 1; i <= min(k, n-k); i++ {
		c = c * float64(n-i+1) / float64(i)
	}
	return math.Round(c)
}

// onlyBeta reports whether all common causes hit all parts.
func onlyBeta(letters []float64) bool {
	for _, l := range letters[1:] {
		if l != 1 {
			return false
		}
	}
	return true
}

// causes are what takes down the parts of a group.
type causes struct {
	alone  Part // what each part has for itself
	events []cause
}

// cause takes down several parts.
type cause struct {
	part    Part
	members []int
}

// commonCauses splits the causes of m parts like p. The shares are of the probability, or of the failure rate if that is
// known: repair is as of the part.
func commonCauses(p Part, m int, letters []float64) causes {
	split := func(share float64) Part {
		if p.MTTF > 0 && share > 0 {
			mttf := p.MTTF / share
			return Part{MTTF: mttf, MTTR: p.MTTR, Q: p.MTTR / (mttf + p.MTTR)}
		}
		return Part{Q: float64(p.Q * share)}
	}
	shares := greekShares(m, letters)
	c := causes{alone: split(shares[0])}
	add := func(k int, members []int) {
		if shares[k-1] > 0 {
			c.events = append(c.events, cause{split(shares[k-1]), members})
		}
	}
	if m <= maxGroup {
		for k := 2; k < m; k++ {
			subsets(m, k, func(members []int) { add(k, members) })
		}
	}
	all := make([]int, m)
	for i := range all {
		all[i] = i
	}
	add(m, all)
	return c
}

// subsets calls visit with every subset of k of 0..m-1, in lexicographic order.
func subsets(m, k int, visit func([]int)) {
	var pick func(from int, chosen []int)
	pick = func(from int, chosen []int) {
		if len(chosen) == k {
			visit(append([]int(nil), chosen...))
			return
		}
		for i := from; i < m; i++ {
			pick(i+1, append(chosen, i))
		}
	}
	pick(0, nil)
}

// CommonCause returns the diagrams of m parts like p with common causes, by the letters of MultipleGreek: each is the
// part's own failures in series with the events that hit it. The names of the events are that of p with the numbers of
// the parts they hit.
func CommonCause(m int, p Part, letters ...float64) ([]*Diagram, error) {
	if err := checkCommonCause(m, p, letters); err != nil {
		return nil, err
	}
	if p.MTTF > 0 {
		p.Q = p.MTTR / (p.MTTF + p.MTTR)
	}
	c := commonCauses(p, m, letters)
	kids := make([][]*Diagram, m)
	for i, d := range Copies(m, Part{p.Name, c.alone.Q, c.alone.MTTF, c.alone.MTTR}) {
		kids[i] = []*Diagram{d}
	}
	for _, e := range c.events {
		if p.Name != "" {
			e.part.Name = p.Name + ".common"
			for _, i := range e.members {
				e.part.Name += fmt.Sprint(".", i+1)
			}
		}
		event := Leaf(e.part)
		for _, i := range e.members {
			kids[i] = append(kids[i], event)
		}
	}
	list := make([]*Diagram, m)
	for i := range list {
		list[i] = Series(kids[i]...)
	}
	return list, nil
}

func checkCommonCause(m int, p Part, letters []float64) error {
	var errs []error
	if len(letters) == 0 || m < 2 || len(letters) >= m {
		errs = append(errs, fmt.Errorf("reliability: CommonCause: %d letters for %d parts, want at least 2 parts and 1 letter, and fewer letters than parts", len(letters), m))
	} else if m > maxGroup && !onlyBeta(letters) {
		errs = append(errs, fmt.Errorf("reliability: CommonCause: %d parts, want at most %d, or beta alone", m, maxGroup))
	}
	for i, l := range letters {
		if !(l >= 0 && l <= 1) {
			errs = append(errs, fmt.Errorf("reliability: CommonCause: letter %d is %v, want a share from 0 to 1", i+1, l))
		}
	}
	return errors.Join(append(errs, p.Validate())...)
}
