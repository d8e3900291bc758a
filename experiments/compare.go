package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lightcone/experiments/table"
)

// Results are what a directory of results holds, of one run or of a sweep.
type Results struct {
	Dir      string
	Scenario string
	Version  string
	Seeds    string
	Digest   string
	Set      []string
	Source   string       // the scenario, in YAML
	Run      *Summary     // nil: it is a sweep
	Sweep    *table.Table // nil: it is one run
}

// resultsManifest has the fields of both kinds of manifest.
type resultsManifest struct {
	Format   string         `json:"format"`
	Version  string         `json:"version"`
	Scenario string         `json:"scenario"`
	Seed     uint64         `json:"seed"`
	Seeds    string         `json:"seeds"`
	Set      []string       `json:"set"`
	Digest   string         `json:"digest"`
	Files    []ManifestFile `json:"files"`
}

// ReadResults reads what run or sweep wrote to a directory. The error says if it is no such directory, and every file that
// is not what the manifest says.
func ReadResults(dir string) (*Results, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	if err := intact(dir, m.Files); err != nil {
		return nil, err
	}
	r := &Results{Dir: dir, Scenario: m.Scenario, Version: m.Version, Seeds: m.Seeds, Digest: m.Digest, Set: m.Set}
	source := studyFile
	if m.Format == manifestFormat {
		r.Seeds, source = fmt.Sprint(m.Seed), "scenario.yaml"
		data, err := os.ReadFile(filepath.Join(dir, "summary.json"))
		if err == nil {
			err = json.Unmarshal(data, &r.Run)
		}
		if err != nil {
			return nil, fmt.Errorf("experiments: %s is no run's summary, want one: %w", filepath.Join(dir, "summary.json"), err)
		}
	} else {
		name := filepath.Join(dir, "runs.csv")
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("experiments: the runs of a sweep cannot be read: %w", err)
		}
		if r.Sweep, err = table.ReadCSV(name, bytes.NewReader(data)); err != nil {
			return nil, err
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, source))
	if err != nil {
		return nil, fmt.Errorf("experiments: the scenario of results cannot be read: %w", err)
	}
	r.Source = string(data)
	return r, nil
}

func readManifest(dir string) (m resultsManifest, err error) {
	name := filepath.Join(dir, manifestFile)
	data, err := os.ReadFile(name)
	switch info, missing := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist), missing == nil && !info.IsDir():
		return m, noResults(dir)
	case err != nil:
		return m, fmt.Errorf("experiments: results %s cannot be read: %w", dir, err)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("experiments: %s is damaged: %w", name, err)
	}
	if m.Format != manifestFormat && m.Format != sweepFormat {
		return m, fmt.Errorf("experiments: %s has format %q, want %q or %q, which run and sweep write", name, m.Format, manifestFormat, sweepFormat)
	}
	return m, nil
}

// noResults says what is there in the place of results.
func noResults(dir string) error {
	const want = "want a directory of results, as run and sweep write it"
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("experiments: results %s are not there, %s", dir, want)
	case !info.IsDir():
		return fmt.Errorf("experiments: results %s are a file, %s", dir, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "journal")); err == nil {
		return fmt.Errorf("experiments: results %s are those of a sweep that is not finished, %s; the command that began it goes on with it", dir, want)
	}
	return fmt.Errorf("experiments: results %s have no %s, %s", dir, manifestFile, want)
}

// intact reports every file that is not as the manifest lists it.
func intact(dir string, files []ManifestFile) error {
	var errs []error
	for _, f := range files {
		if f.Name != filepath.Base(f.Name) {
			errs = append(errs, fmt.Errorf("experiments: %s lists %q, want a plain name", filepath.Join(dir, manifestFile), f.Name))
			continue
		}
		name := filepath.Join(dir, f.Name)
		size, sum, err := hashFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			errs = append(errs, fmt.Errorf("experiments: %s is missing, want the file that %s lists", name, manifestFile))
		case err != nil:
			errs = append(errs, fmt.Errorf("experiments: %s cannot be read: %w", name, err))
		case size != int64(f.Bytes):
			errs = append(errs, fmt.Errorf("experiments: %s is damaged: it has %d bytes, want %d, as %s says", name, size, f.Bytes, manifestFile))
		case sum != f.SHA256:
			errs = append(errs, fmt.Errorf("experiments: %s is damaged: its SHA-256 begins with %.12s, want %.12s, as %s says", name, sum, f.SHA256, manifestFile))
		}
	}
	return errors.Join(errs...)
}

func hashFile(name string) (size int64, sum string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// Compared is how two results differ.
type Compared struct {
	First, Second *Results
	Settings      []SettingChange
	// Table has the differences of measures: of runs those of one point, without a name.
	Table *table.Comparison
	// Checks are the checks of a run that came to another verdict.
	Checks []CheckChange
}

// CheckChange is a check that came to another verdict; "" where it was not made.
type CheckChange struct{ Name, First, Second string }

// CompareResults tells how the second results differ from the first, in some measures or, if none are named, in all.
// Both are of sweeps, or both of runs.
func CompareResults(first, second *Results, measures []string) (*Compared, error) {
	c := &Compared{First: first, Second: second}
	var err error
	if c.Settings, err = compareSettings(first, second); err != nil {
		return nil, err
	}
	switch {
	case (first.Sweep == nil) != (second.Sweep == nil):
		kinds := map[bool]string{true: "one run", false: "a sweep"}
		return nil, fmt.Errorf("experiments: %s is %s and %s is %s, want two of a kind", first.Dir, kinds[first.Sweep == nil], second.Dir, kinds[second.Sweep == nil])
	case first.Sweep != nil:
		c.Table, err = compareSweeps(first, second, measures)
	default:
		c.Checks = compareChecks(first.Run, second.Run)
		c.Table, err = compareRuns(first.Run, second.Run, measures)
	}
	if err != nil {
		return nil, err
	}
	if len(c.Table.Differences) == 0 {
		return nil, fmt.Errorf("experiments: %s and %s have no point and measure in common, want one at least", first.Dir, second.Dir)
	}
	return c, nil
}

// Differs reports whether anything differs beyond chance: a difference that holds, or a verdict.
func (c *Compared) Differs() bool { return c.Table.Differs() || len(c.Checks) > 0 }

func compareSweeps(first, second *Results, measures []string) (*table.Comparison, error) {
	if len(measures) == 0 {
		return table.Compare(first.Sweep, second.Sweep)
	}
	a, err := first.only(measures)
	b, err2 := second.only(measures)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	return table.Compare(a, b)
}

// only returns the table of a sweep with some of its measures.
func (r *Results) only(measures []string) (*table.Table, error) {
	var which []int
	var errs []error
	for _, name := range measures {
		m, err := r.Sweep.Measure(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", r.Dir, err))
			continue
		}
		if !slices.Contains(which, m) {
			which = append(which, m)
		}
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return r.Sweep.Only(which...), nil
}
