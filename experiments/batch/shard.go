package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// Shard is a part of a batch: Index of Count, from 0. The whole is {0, 1}.
type Shard struct {
	Index int `json:"index"`
	Count int `json:"count"`
}

// MaxShards bounds Shard.Count.
const MaxShards = 100_000

func (s Shard) String() string { return fmt.Sprintf("%d of %d", s.Index, s.Count) }

func (s Shard) check() error {
	switch {
	case s.Count < 1 || s.Count > MaxShards:
		return fmt.Errorf("batch: Shard.Count is %d, want from 1 to %d", s.Count, MaxShards)
	case s.Index < 0 || s.Index >= s.Count:
		return fmt.Errorf("batch: Shard.Index is %d, want from 0 to %d", s.Index, s.Count-1)
	}
	return nil
}

// partName matches the files of parts.
var partName = regexp.MustCompile(`^part-(0|[1-9][0-9]*)-of-([1-9][0-9]*)$`)

// file is the name of the part's file; its work directory is beside it.
func (s Shard) file() string { return fmt.Sprintf("part-%d-of-%d", s.Index, s.Count) }

const workSuffix = ".partial"

// shardOf returns the part whose file has a name.
func shardOf(name string) (Shard, bool) {
	m := partName.FindStringSubmatch(name)
	if m == nil {
		return Shard{}, false
	}
	index, err1 := strconv.Atoi(m[1])
	count, err2 := strconv.Atoi(m[2])
	s := Shard{index, count}
	return s, err1 == nil && err2 == nil && s.check() == nil
}

// RunShard makes the runs of a part as Run does, and leaves one file in dir, complete or not at all, that Merge reads. A
// part that is complete already is left as it is.
func RunShard(ctx context.Context, dir string, t Task, s Shard, o Options) error {
	if err := errors.Join(t.check(), s.check()); err != nil {
		return err
	}
	name := filepath.Join(dir, s.file())
	work := name + workSuffix
	part, err := readPart(name, t, s)
	if err == nil {
		newWork(newGrid(t, s, part), nil, o, 0).begin()
		return Remove(work)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	g, err := run(ctx, work, t, s, o)
	if err != nil {
		return err
	}
	if err := writeRuns(name, name+".new", t.header(s), g.entries(), true); err != nil {
		return err
	}
	return Remove(work)
}

// readPart reads the file of a part, with its runs in order.
func readPart(name string, t Task, s Shard) ([]entry, error) {
	r, err := readRuns(name)
	if err != nil {
		return nil, fileError(name, "read", err)
	}
	if err := r.header.check(name, t, s); err != nil {
		return nil, err
	}
	if !r.ended || r.unreadable > 0 {
		return nil, fmt.Errorf("batch: %s is damaged: lines of it cannot be read; remove it, and make the part again", name)
	}
	return ordered(name, r.entries)
}

// parts lists the parts in a directory, in order.
func parts(dir string) ([]Shard, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fileError(dir, "read", err)
	}
	var list []Shard
	for _, f := range files {
		if s, ok := shardOf(f.Name()); ok {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b Shard) int { return cmp.Or(cmp.Compare(a.Count, b.Count), cmp.Compare(a.Index, b.Index)) })
	return list, nil
}
