package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
)

// Journals and parts are text, a line each: eight hexadecimal digits of a checksum (CRC-32C of the rest), a blank, and one
// of
//
//	begin {"format": ..., "key": ...}   the first line
//	run POINT REPLICATION RECORD        one run
//	end N                               the last line of a part, which has N runs

const format = "lightcone runs 1"

// header is the first line.
type header struct {
	Format string   `json:"format"`
	Key    string   `json:"key"`
	About  []string `json:"about"`
	Shard  Shard    `json:"shard"`
}

func (t Task) header(s Shard) header { return header{format, t.Key, t.About, s} }

// check reports if the header is not that of a part of the task.
func (h header) check(name string, t Task, s Shard) error {
	if h.Key == t.Key && h.Shard == s {
		return nil
	}
	d := Differences(h.About, t.About)
	if h.Shard != s {
		d = append(d, Difference{"part " + h.Shard.String(), "part " + s.String()})
	}
	if len(d) == 0 {
		d = []Difference{{"key " + h.Key, "key " + t.Key}}
	}
	return &MismatchError{name, d}
}

// entry is one run.
type entry struct {
	Job
	record []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// room is what stands before a line's text until sealed puts its checksum there.
const room = "........ "

// sealed ends the line that begins at start.
func sealed(b []byte, start int) []byte {
	sum := checksum(b[start+len(room):])
	copy(b[start:], sum[:])
	return append(b, '\n')
}

func checksum(text []byte) (digits [8]byte) {
	sum := crc32.Checksum(text, castagnoli)
	for i := range digits {
		digits[i] = "0123456789abcdef"[sum>>(28-4*i)&15]
	}
	return digits
}

func appendRun(b []byte, e entry) []byte {
	start := len(b)
	b = append(b, room+"run "...)
	b = strconv.AppendInt(b, int64(e.Point), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(e.Replication), 10)
	b = append(b, ' ')
	b = append(b, e.record...)
	return sealed(b, start)
}

func appendHeader(b []byte, h header) []byte {
	start := len(b)
	data, err := json.Marshal(h)
	if err != nil {
		panic("batch: " + err.Error()) // texts and numbers alone
	}
	return sealed(append(append(b, room+"begin "...), data...), start)
}

func appendEnd(b []byte, n int) []byte {
	start := len(b)
	return sealed(strconv.AppendInt(append(b, room+"end "...), int64(n), 10), start)
}

// runs is what a journal or part holds.
type runs struct {
	header     header
	entries    []entry
	unreadable int   // lines, not counting the last ones
	good       int64 // bytes up to the end of the last line that could be read
	torn       bool  // there is something after that
	ended      bool  // the line "end" is there, is the last, and is right
}

var errNoHeader = errors.New("its first line cannot be read")

// readRuns reads a journal or part. An unreadable header is errNoHeader.
func readRuns(name string) (r runs, err error) {
	f, err := os.Open(name)
	if err != nil {
		return r, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	first, size, err := readLine(in)
	if err != nil {
		return r, err
	}
	if text, ok := bytes.CutPrefix(first, []byte("begin ")); !ok || json.Unmarshal(text, &r.header) != nil || r.header.Format != format {
		return r, errNoHeader
	}
	r.good = size
	bad := 0
	for at := size; ; {
		line, size, err := readLine(in)
		if err != nil {
			return r, err
		}
		if size == 0 {
			r.torn = bad > 0
			return r, nil
		}
		at += size
		if !r.add(line) {
			bad++
			r.ended = false
			continue
		}
		r.unreadable += bad
		r.good, bad = at, 0
	}
}

// add reads a line, and reports whether it could.
func (r *runs) add(line []byte) bool {
	if text, ok := bytes.CutPrefix(line, []byte("end ")); ok {
		n, err := strconv.Atoi(string(text))
		r.ended = n == len(r.entries)
		return err == nil
	}
	e, ok := parseRun(line)
	if ok {
		r.entries = append(r.entries, e)
		r.ended = false
	}
	return ok
}

func parseRun(line []byte) (entry, bool) {
	text, ok := bytes.CutPrefix(line, []byte("run "))
	if !ok {
		return entry{}, false
	}
	point, text, ok1 := bytes.Cut(text, []byte(" "))
	replication, record, ok2 := bytes.Cut(text, []byte(" "))
	p, err1 := strconv.Atoi(string(point))
	r, err2 := strconv.Atoi(string(replication))
	if !ok1 || !ok2 || err1 != nil || err2 != nil || p < 0 || r < 0 {
		return entry{}, false
	}
	return entry{Job{p, r}, record}, true
}

// readLine returns what a line says, nil if its checksum is wrong or its end is missing, and how many bytes it has; none
// at the end of the file.
func readLine(in *bufio.Reader) (text []byte, size int64, err error) {
	line, err := in.ReadBytes('\n')
	size = int64(len(line))
	switch {
	case err == io.EOF:
		return nil, size, nil
	case err != nil:
		return nil, 0, err
	case len(line) <= len(room) || line[len(room)-1] != ' ':
		return nil, size, nil
	}
	text = line[len(room) : len(line)-1]
	if checksum(text) != [8]byte(line) {
		return nil, size, nil
	}
	return text, size, nil
}

// ordered returns the entries by point and replication, each once. Two that differ are an error.
func ordered(name string, entries []entry) ([]entry, error) {
	slices.SortStableFunc(entries, func(a, b entry) int { return a.compare(b.Job) })
	for i := 1; i < len(entries); i++ {
		if a, b := entries[i-1], entries[i]; a.Job == b.Job && !bytes.Equal(a.record, b.record) {
			return nil, &ChangedError{Name: name, Job: a.Job, Recorded: string(a.record), Got: string(b.record)}
		}
	}
	return slices.CompactFunc(entries, func(a, b entry) bool { return a.Job == b.Job }), nil
}

// fileError says what could not be done with a file.
func fileError(name, what string, err error) error {
	var e *fs.PathError
	if errors.As(err, &e) {
		err = e.Err // the name stands before
	}
	return fmt.Errorf("batch: %s cannot be %s: %w", name, what, err)
}
