package network

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lightcone/models/dist"
	"lightcone/sim"
)

// Matrix holds measured round-trip times between regions. It is immutable. Figures are measured, never computed from
// distances: the Internet obeys no geometry.
type Matrix struct {
	regions []string
	rtt     []time.Duration // row by row
}

// longestRTT bounds a figure: what is longer is a mistake of units.
const longestRTT = time.Hour

// NewMatrix returns the matrix of round-trip times rtt[a][b] between the regions of those names, rtt[a][a] being that
// within a region. It reports all that is wrong: names that are empty or given twice, rows of the wrong length, times
// that are not positive or above an hour, and pairs whose time depends on the direction: a round trip is as long from
// either end. (Delays that do depend on it go into a LatencyMatrix.)
func NewMatrix(regions []string, rtt [][]time.Duration) (*Matrix, error) {
	p := problems{model: "Matrix"}
	n := len(regions)
	if n == 0 {
		p.add("regions", "empty", "at least one")
	}
	for i, name := range regions {
		if name == "" || name[0] == '#' || slices.Index(regions, name) < i {
			p.add(fmt.Sprintf("regions[%d]", i), fmt.Sprintf("%q", name), "a name of its own that does not begin with #")
		}
	}
	if len(rtt) != n {
		p.add("rtt", fmt.Sprintf("%d rows", len(rtt)), fmt.Sprintf("%d, one a region", n))
	}
	m := &Matrix{regions: slices.Clone(regions)}
	for a, row := range rtt {
		if len(row) != n {
			p.add(fmt.Sprintf("rtt[%d]", a), fmt.Sprintf("%d long", len(row)), fmt.Sprintf("%d, one a region", n))
		}
		for b, d := range row {
			if d <= 0 || d > longestRTT {
				p.add(fmt.Sprintf("rtt[%d][%d]", a, b), d, fmt.Sprintf("more than 0 and at most %v", longestRTT))
			}
			if b < a && a < len(rtt[b]) && rtt[b][a] != d {
				p.add(fmt.Sprintf("rtt[%d][%d]", a, b), d, fmt.Sprintf("%v as in the other direction", rtt[b][a]))
			}
		}
		m.rtt = append(m.rtt, row...)
	}
	if err := p.join(); err != nil {
		return nil, err
	}
	return m, nil
}

// Regions returns the names, in order.
func (m *Matrix) Regions() []string { return slices.Clone(m.regions) }

// RTT returns the round-trip time between two regions, or between two nodes of one region. An unknown region is an
// error, which suggests the nearest name.
func (m *Matrix) RTT(a, b string) (time.Duration, error) {
	i, errA := m.find(a)
	j, errB := m.find(b)
	if err := errors.Join(errA, errB); err != nil {
		return 0, err
	}
	return m.at(i, j), nil
}

func (m *Matrix) at(i, j int) time.Duration { return m.rtt[i*len(m.regions)+j] }

// find returns the row of a region.
func (m *Matrix) find(name string) (int, error) {
	if i := slices.Index(m.regions, name); i >= 0 {
		return i, nil
	}
	want := fmt.Sprintf("one of the %d of the matrix", len(m.regions))
	if near := dist.Nearest(name, m.regions); near != "" {
		want += "; the nearest is " + strconv.Quote(near)
	}
	return 0, fmt.Errorf("network: region is %q, want %s", clip(name), want)
}

// rows returns the rows of regions, which may repeat, and all errors.
func (m *Matrix) rows(names []string) ([]int, error) {
	var errs []error
	rows := make([]int, len(names))
	for i, name := range names {
		row, err := m.find(name)
		if err != nil {
			errs = append(errs, err)
		}
		rows[i] = row
	}
	if len(names) == 0 {
		errs = append(errs, errors.New("network: regions are empty, want at least one"))
	}
	return rows, errors.Join(errs...)
}

// Select returns the matrix of some of the regions, in the order given.
func (m *Matrix) Select(regions ...string) (*Matrix, error) {
	rows, err := m.rows(regions)
	if err != nil {
		return nil, err
	}
	rtt := make([][]time.Duration, len(rows))
	for a, i := range rows {
		for _, j := range rows {
			rtt[a] = append(rtt[a], m.at(i, j))
		}
	}
	return NewMatrix(regions, rtt)
}

// Network places node i in placement[i mod len(placement)] and delays messages by half the round-trip time between the
// places of sender and receiver, spread by the jitter. Regions may repeat: two nodes of one region are as far apart as
// the diagonal says.
//
// The figures of a matrix are means. Spread keeps them: a law for Jitter.Factor of mean 1.
func (m *Matrix) Network(placement []string, j Jitter) (sim.Network, error) {
	place, err := m.rows(placement)
	if err != nil {
		return nil, err
	}
	n := LatencyMatrix{Delay: make([][]time.Duration, len(m.regions)), Place: place, Jitter: j}
	for a := range n.Delay {
		for b := range m.regions {
			n.Delay[a] = append(n.Delay[a], m.at(a, b)/2)
		}
	}
	if err := n.Validate(); err != nil {
		return nil, err
	}
	return n, nil
}

// clip keeps an error message readable.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
