package batch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// What a work directory holds.
const (
	journalFile = "journal"
	freshFile   = "journal.new" // a journal that is being written anew
	lockedFile  = "lock"
)

// holding is a work directory that no other process may write to.
type holding struct{ lock *os.File }

// hold takes a work directory, making it if it is not there. It is an error if another process has it, or if it holds
// anything else.
func hold(dir string) (*holding, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fileError(dir, "made", err)
	}
	if err := onlyOurs(dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, lockedFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fileError(dir, "written", err)
	}
	if err := lockFile(f); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 200))
		_ = f.Close()
		if errors.Is(err, errHeld) {
			return nil, fmt.Errorf("batch: %s is being worked on by another process (%s), want one at a time", dir, holder)
		}
		return nil, fileError(dir, "locked", err)
	}
	if !isAt(f, filepath.Join(dir, lockedFile)) { // the process that had it has removed the directory
		_ = f.Close()
		return hold(dir)
	}
	host, _ := os.Hostname()
	_ = f.Truncate(0) // who holds it is for the message alone: a full disk must not keep a finished batch from being read
	_, _ = fmt.Fprintf(f, "process %d on %s", os.Getpid(), host)
	return &holding{f}, nil
}

// isAt reports whether an open file is the one that has a name.
func isAt(f *os.File, name string) bool {
	there, err := os.Stat(name)
	if err != nil {
		return false
	}
	own, err := f.Stat()
	return err == nil && os.SameFile(own, there)
}

func (h *holding) release() { _ = h.lock.Close() }

// onlyOurs reports a file in a work directory that is not of this package.
func onlyOurs(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return fileError(dir, "read", err)
	}
	for _, f := range files {
		if !slices.Contains([]string{journalFile, freshFile, lockedFile}, f.Name()) || f.IsDir() {
			return fmt.Errorf("batch: %s holds something else (%s), want a directory that is not there, or one of an interrupted batch", dir, f.Name())
		}
	}
	return nil
}

// Remove removes a work directory, with the runs in it. It is an error if a process works on it, or if it holds anything
// else; none if it is not there.
func Remove(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	h, err := hold(dir)
	if err != nil {
		return err
	}
	defer h.release()
	for _, name := range []string{journalFile, freshFile, lockedFile} { // without the lock the directory may be another process's
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fileError(dir, "removed", err)
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
		return fileError(dir, "removed", err)
	}
	return nil
}
