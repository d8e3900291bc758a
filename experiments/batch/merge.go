package batch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Merge reads the parts in dir. The error lists all that is wrong: parts that are missing, unfinished or damaged, parts of
// another key or of another division of the runs, runs that are in a part and not its own, or in none.
func Merge(dir string, t Task) (Records, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	list, err := parts(dir)
	if err == nil {
		err = oneDivision(dir, list)
	}
	if err != nil {
		return nil, err
	}
	m := merging{dir: dir, task: t, count: list[0].Count, have: map[int][]entry{}}
	m.read(list)
	m.missing(list)
	g := m.join()
	if err := errors.Join(m.errs...); err != nil {
		return nil, err
	}
	return g.all(), nil
}

// merging is a merge with what is wrong so far.
type merging struct {
	dir   string
	task  Task
	count int
	have  map[int][]entry // by part, those that can be read
	errs  []error
}

// read reads the parts.
func (m *merging) read(list []Shard) {
	for _, s := range list {
		part, err := readPart(filepath.Join(m.dir, s.file()), m.task, s)
		if err != nil {
			m.errs = append(m.errs, err)
			continue
		}
		m.have[s.Index] = part
	}
}

// missing reports the parts that are not there.
func (m *merging) missing(list []Shard) {
	var missing, begun []int
	for i := range m.count {
		s := Shard{i, m.count}
		if slices.Contains(list, s) {
			continue
		}
		missing = append(missing, i)
		if _, err := os.Stat(filepath.Join(m.dir, s.file()+workSuffix)); err == nil {
			begun = append(begun, i)
		}
	}
	if len(missing) == 0 {
		return
	}
	text := fmt.Sprintf("batch: %s lacks parts %s of %d", m.dir, ranges(missing), m.count)
	if len(begun) > 0 {
		text += fmt.Sprintf(" (begun and not finished: %s)", ranges(begun))
	}
	m.errs = append(m.errs, errors.New(text))
}

// join puts the runs together, and reports those that are in a part that they are not of, and those that a part lacks.
func (m *merging) join() *grid {
	whole := Shard{0, 1}
	empty := newGrid(m.task, whole, nil)
	var all []entry
	for i := range m.count {
		var foreign []Job
		for _, e := range m.have[i] {
			if e.Point < m.task.Points && empty.owner(e.Job, m.count) == i {
				all = append(all, e)
			} else {
				foreign = append(foreign, e.Job)
			}
		}
		if len(foreign) > 0 {
			m.errs = append(m.errs, fmt.Errorf("batch: %s has %d runs that are not its own, the first %v", m.part(i), len(foreign), foreign[0]))
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return a.compare(b.Job) })
	g := newGrid(m.task, whole, all)
	if err := g.unasked(); err != nil {
		m.errs = append(m.errs, fmt.Errorf("batch: %s: %w", m.dir, err))
	}
	lacks := map[int][]Job{}
	for i, p := range g.points {
		for r, record := range p.records {
			if j := (Job{i, r}); record == nil {
				lacks[g.owner(j, m.count)] = append(lacks[g.owner(j, m.count)], j)
			}
		}
	}
	for i := range m.count {
		if _, ok := m.have[i]; ok && len(lacks[i]) > 0 {
			m.errs = append(m.errs, fmt.Errorf("batch: %s lacks %d of its runs, the first %v", m.part(i), len(lacks[i]), lacks[i][0]))
		}
	}
	return g
}

func (m *merging) part(i int) string { return filepath.Join(m.dir, Shard{i, m.count}.file()) }

// oneDivision reports if there are no parts, or parts of several divisions, which have the same runs.
func oneDivision(dir string, list []Shard) error {
	by := map[int][]int{}
	var counts []int
	for _, s := range list {
		if by[s.Count] == nil {
			counts = append(counts, s.Count)
		}
		by[s.Count] = append(by[s.Count], s.Index)
	}
	switch len(counts) {
	case 0:
		return fmt.Errorf("batch: %s has no parts, want those of one division, such as part-0-of-2 and part-1-of-2", dir)
	case 1:
		return nil
	}
	slices.Sort(counts)
	var there []string
	for _, count := range counts {
		there = append(there, fmt.Sprintf("%s of %d", ranges(by[count]), count))
	}
	return fmt.Errorf("batch: %s has parts that overlap, %s; want those of one division, the others removed", dir, strings.Join(there, " and "))
}

// ranges writes numbers in order as 0-2, 5.
func ranges(list []int) string {
	var parts []string
	for i := 0; i < len(list); {
		last := i
		for last+1 < len(list) && list[last+1] == list[last]+1 {
			last++
		}
		text := strconv.Itoa(list[i])
		if last > i {
			text += "-" + strconv.Itoa(list[last])
		}
		parts = append(parts, text)
		i = last + 1
	}
	return strings.Join(parts, ", ")
}
