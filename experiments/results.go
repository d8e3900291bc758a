package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lightcone/sim/trace"
)

// manifestFile marks a directory as results of this program, which it may replace.
const manifestFile = "manifest.json"

// manifestFormat is the first field of a manifest.
const manifestFormat = "lightcone results 1"

// Manifest says what a results directory holds.
type Manifest struct {
	Format   string         `json:"format"`
	Version  string         `json:"version"`
	Scenario string         `json:"scenario"`
	Seed     uint64         `json:"seed"`
	Set      []string       `json:"set"`
	Full     bool           `json:"full,omitempty"` // a study's own runs were those that a paper wants
	Digest   string         `json:"digest"`
	Files    []ManifestFile `json:"files"`
}

// ManifestFile is a file of a results directory.
type ManifestFile struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ResultFiles returns the files of the run in the order of the manifest, which comes last: the same inputs, the same
// bytes.
func (o *Outcome) ResultFiles() ([]File, error) {
	files := []File{{"scenario.yaml", []byte(o.Plan.Scenario.Source())}, {"repro.json", o.Repro().JSON()}}
	for _, a := range o.Plan.Scenario.Files() {
		files = append(files, File{a.Name, []byte(a.Text)})
	}
	if len(o.Plan.Faults) > 0 {
		files = append(files, File{"faults.txt", []byte(o.Plan.Faults.String())})
	}
	if o.Trace != nil {
		for _, f := range []struct{ name, format string }{{"trace.jsonl", "jsonl"}, {"trace.svg", "svg"}, {"trace.html", "html"}} {
			var b bytes.Buffer
			if err := trace.Write(&b, o.Trace, f.format, o.Picture); err != nil {
				return nil, fmt.Errorf("experiments: %s: %w", f.name, err)
			}
			files = append(files, File{f.name, b.Bytes()})
		}
	}
	history, err := o.historyFiles()
	if err != nil {
		return nil, fmt.Errorf("experiments: history: %w", err)
	}
	files = append(append(files, history...), o.Files...)
	d := o.document(files)
	files = append(files, File{"report.html", d.HTML()}, File{"report.md", d.Markdown()}, File{"summary.json", nil})
	files[len(files)-1].Data = o.Summary(names(append(files, File{Name: manifestFile}))).JSON()
	return append(files, File{manifestFile, indented(o.manifest(files))}), unique(files)
}

func names(files []File) []string {
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = f.Name
	}
	return list
}

// unique reports files that are no plain names, or that have one name.
func unique(files []File) error {
	seen := map[string]bool{manifestFile: true}
	for _, f := range files {
		if f.Name != filepath.Base(f.Name) || strings.ContainsAny(f.Name, `/\`) || seen[f.Name] {
			return fmt.Errorf("experiments: result file is %q, want a plain name of its own", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

func (o *Outcome) manifest(files []File) Manifest {
	m := Manifest{Format: manifestFormat, Version: Version, Scenario: o.Plan.Scenario.Name, Seed: o.Plan.Seed,
		Set: append([]string{}, o.Plan.Scenario.Set()...), Full: o.Plan.Full, Digest: Hex(o.Result.Digest)}
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		m.Files = append(m.Files, ManifestFile{f.Name, len(f.Data), hex.EncodeToString(sum[:])})
	}
	return m
}

// Save writes files into a new directory, complete or not at all: they are written beside it, and it takes its name
// when they are on disk. A directory that is there is replaced if it holds nothing but results of this program; else it
// is an error, and stays as it is.
func Save(dir string, files []File) (err error) {
	dir = filepath.Clean(dir)
	if err := CanSave(dir); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("experiments: output directory %s cannot be made: %w", dir, err)
	}
	temp, err := os.MkdirTemp(parent, ".lightcone-")
	if err != nil {
		return fmt.Errorf("experiments: output directory %s cannot be written: %w", dir, err)
	}
	defer func() {
		if e := os.RemoveAll(temp); err == nil {
			err = e
		}
	}()
	fresh := filepath.Join(temp, "new")
	if err := writeAll(fresh, files); err != nil {
		return fmt.Errorf("experiments: output directory %s cannot be written: %w", dir, err)
	}
	if err := replace(dir, fresh, filepath.Join(temp, "old")); err != nil {
		return fmt.Errorf("experiments: output directory %s cannot be replaced: %w", dir, err)
	}
	return syncDir(parent)
}

// CanSave reports whether Save may write to dir as far as one can tell beforehand: it is not there, or holds nothing
// but results of this program.
func CanSave(dir string) error {
	dir = filepath.Clean(dir)
	if name := filepath.Base(dir); name == "." || name == ".." || name == string(filepath.Separator) {
		return fmt.Errorf("experiments: output directory is %s, want one with a name, so that it can be replaced as a whole", dir)
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return canMake(dir)
	case err != nil:
		return fmt.Errorf("experiments: output directory %s cannot be looked at: %w", dir, err)
	case !info.IsDir():
		return fmt.Errorf("experiments: output directory %s is a file, want a directory or nothing", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("experiments: output directory %s cannot be read: %w", dir, err)
	}
	ours := writtenTo(dir)
	for _, e := range entries {
		if !ours[e.Name()] {
			return fmt.Errorf("experiments: output directory %s holds another file (%s), want none but those of earlier results, as their %s lists them",
				dir, e.Name(), manifestFile)
		}
	}
	return canMake(dir)
}

// canMake tries whether something new can be made where dir is to be: in the nearest directory above it that exists.
func canMake(dir string) error {
	parent := filepath.Dir(dir)
	for {
		_, err := os.Stat(parent)
		if up := filepath.Dir(parent); errors.Is(err, fs.ErrNotExist) && up != parent {
			parent = up
			continue
		}
		break
	}
	temp, err := os.MkdirTemp(parent, ".lightcone-")
	if err != nil {
		return fmt.Errorf("experiments: output directory %s cannot be written: %w", dir, err)
	}
	return os.Remove(temp)
}

// writtenTo returns the files that the manifest of a results directory lists, itself included; none if there is no
// manifest.
func writtenTo(dir string) map[string]bool {
	var m Manifest
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil || json.Unmarshal(data, &m) != nil || m.Format != manifestFormat && m.Format != sweepFormat {
		return nil
	}
	ours := map[string]bool{manifestFile: true}
	for _, f := range m.Files {
		ours[f.Name] = true
	}
	return ours
}

func writeAll(dir string, files []File) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(dir, f.Name), f.Data); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

func writeFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// SaveFile writes a file, complete or not at all.
func SaveFile(name string, data []byte) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("experiments: output %s is a directory, want a file or nothing", name)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".lightcone-")
	if err != nil {
		return fmt.Errorf("experiments: %s cannot be written: %w", name, err)
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("experiments: %s cannot be written: %w", name, errors.Join(err, os.Remove(temp.Name())))
	}
	return nil
}

// replace puts fresh in the place of dir, and what was there at old; if that fails it is put back.
func replace(dir, fresh, old string) error {
	err := os.Rename(dir, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	had := err == nil
	if err := os.Rename(fresh, dir); err != nil {
		if had {
			return errors.Join(err, os.Rename(old, dir))
		}
		return err
	}
	return nil
}

// syncDir makes the entries of a directory durable, on systems whose directories can be synced.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync() // not every file system can
	return d.Close()
}
