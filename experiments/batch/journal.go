package batch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// journal is a file to which runs are appended as they end.
type journal struct {
	name string
	f    *os.File
	size int64 // bytes of whole lines
	buf  []byte

	unsaved atomic.Bool   // whether there is something that is not on the disk
	stop    chan struct{} // closed to end the goroutine that brings it there
	stopped sync.WaitGroup
	lost    chan error // why it could not
}

// openJournal opens the journal of a work directory, making it if there is none, and returns what it holds. A torn end is
// cut off, and if lines before it cannot be read it is written anew without them.
func openJournal(dir string, t Task, s Shard) (*journal, runs, error) {
	name := filepath.Join(dir, journalFile)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		if err := writeRuns(name, filepath.Join(dir, freshFile), t.header(s), nil, false); err != nil {
			return nil, runs{}, err
		}
	}
	kept, err := readRuns(name)
	if err != nil {
		return nil, runs{}, fmt.Errorf("batch: %s cannot be read: %w; remove %s to begin anew", name, err, dir)
	}
	if err := kept.header.check(name, t, s); err != nil {
		return nil, runs{}, err
	}
	if kept.unreadable > 0 {
		if kept, err = cleaned(name, filepath.Join(dir, freshFile), kept); err != nil {
			return nil, runs{}, err
		}
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err == nil && kept.torn {
		err = f.Truncate(kept.good)
	}
	if err == nil {
		_, err = f.Seek(kept.good, 0)
	}
	if err != nil {
		return nil, runs{}, fileError(name, "written", err)
	}
	j := &journal{name: name, f: f, size: kept.good, stop: make(chan struct{}), lost: make(chan error, 1)}
	j.stopped.Go(j.saveNowAndThen)
	return j, kept, nil
}

// cleaned writes a journal anew, without the lines that cannot be read.
func cleaned(name, fresh string, kept runs) (runs, error) {
	if err := writeRuns(name, fresh, kept.header, kept.entries, false); err != nil {
		return runs{}, err
	}
	again, err := readRuns(name)
	if err != nil {
		return runs{}, fileError(name, "read", err)
	}
	again.unreadable = kept.unreadable
	return again, nil
}

// append adds runs. After an error the file holds what it held before, and no more may be appended.
func (j *journal) append(list []entry) error {
	select {
	case err := <-j.lost:
		return fileError(j.name, "brought to the disk", err)
	default:
	}
	j.buf = j.buf[:0]
	for _, e := range list {
		j.buf = appendRun(j.buf, e)
	}
	if _, err := j.f.Write(j.buf); err != nil {
		_ = j.f.Truncate(j.size) // if this fails too, what is torn is cut off when the file is next opened
		return fileError(j.name, "written", err)
	}
	j.size += int64(len(j.buf))
	j.unsaved.Store(true)
	return nil
}

// saveEvery is how often what was appended is brought to the disk.
const saveEvery = time.Second

// saveNowAndThen brings what was appended to the disk, so that a loss of power takes little of it.
func (j *journal) saveNowAndThen() {
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for {
		select {
		case <-j.stop:
			return
		case <-tick.C:
		}
		if err := j.save(); err != nil {
			j.lost <- err
			return
		}
	}
}

// save brings to the disk what is not there.
func (j *journal) save() error {
	if !j.unsaved.Swap(false) {
		return nil
	}
	return j.f.Sync()
}

func (j *journal) close() error {
	close(j.stop)
	j.stopped.Wait()
	var lost error
	select {
	case lost = <-j.lost: // what could not be saved before is not, though the system may say so the next time
	default:
	}
	if err := errors.Join(lost, j.save(), j.f.Close()); err != nil {
		return fileError(j.name, "brought to the disk", err)
	}
	return nil
}

// writeRuns writes a journal or part, complete or not at all: it is written as temp, beside name, and takes its place.
func writeRuns(name, temp string, h header, entries []entry, ended bool) error {
	f, err := os.Create(temp)
	if err != nil {
		return fileError(name, "written", err)
	}
	err = writeLines(f, h, entries, ended)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		_ = os.Remove(temp)
		return fileError(name, "written", err)
	}
	syncDir(filepath.Dir(name))
	return nil
}

func writeLines(f *os.File, h header, entries []entry, ended bool) error {
	b := appendHeader(nil, h)
	for _, e := range entries {
		if b = appendRun(b, e); len(b) >= 1<<16 {
			if _, err := f.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	if ended {
		b = appendEnd(b, len(entries))
	}
	_, err := f.Write(b)
	return err
}

// syncDir makes a rename durable, on systems whose directories can be synced.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
