package experiments

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// sweepFormat is the first field of the manifest of a sweep.
const sweepFormat = "lightcone sweep 1"

// SweepManifest says what a directory with the results of a sweep holds.
type SweepManifest struct {
	Format   string         `json:"format"`
	Version  string         `json:"version"`
	Scenario string         `json:"scenario"`
	Set      []string       `json:"set"`
	Vary     []string       `json:"vary"` // each factor with its levels
	Seeds    string         `json:"seeds"`
	Key      string         `json:"key"`   // of Task
	About    []string       `json:"about"` // of Task
	Digest   string         `json:"digest"`
	Files    []ManifestFile `json:"files"`
}

// studyFile holds the declaration as it was read.
const studyFile = "study.yaml"

// ResultFiles returns the files of the sweep, the manifest last: runs.csv, summary.csv, summary.json, runs.parquet,
// report.html, report.md, the figures, the declaration, repros of failing runs. The same inputs, the same bytes.
func (w *Swept) ResultFiles() ([]File, error) {
	s := w.Sweep.Scenario
	files := []File{{studyFile, []byte(s.source)}}
	for _, a := range s.Files() {
		files = append(files, File{a.Name, []byte(a.Text)})
	}
	for _, t := range []struct {
		name  string
		write func(io.Writer) error
	}{{"runs.csv", w.Table.WriteCSV}, {"summary.csv", w.Table.WriteSummaryCSV}, {"runs.parquet", w.Table.WriteParquet}} {
		var b bytes.Buffer
		if err := t.write(&b); err != nil {
			return nil, fmt.Errorf("experiments: %s: %w", t.name, err)
		}
		files = append(files, File{t.name, b.Bytes()})
	}
	figures, undrawn := w.figures()
	document := w.document(figures, undrawn)
	files = append(files, File{"report.html", document.HTML()}, File{"report.md", document.Markdown()})
	for _, f := range figures {
		files = append(files, f.files...)
	}
	files = append(files, w.Repros...)
	files = append(files, File{"summary.json", nil})
	files[len(files)-1].Data = w.Summary(names(append(files, File{Name: manifestFile}))).JSON()
	return append(files, File{manifestFile, indented(w.manifest(files))}), unique(files)
}

func (w *Swept) manifest(files []File) SweepManifest {
	s := w.Sweep
	m := SweepManifest{Format: sweepFormat, Version: Version, Scenario: s.Scenario.Name, Set: append([]string{}, s.Scenario.set...), Vary: []string{},
		Seeds: s.seeds().String(), Key: s.Key(), About: s.about(), Digest: w.Digest()}
	for _, f := range s.Factors {
		text := f.Name + ":"
		for _, l := range f.Levels {
			text += " " + l.Label
		}
		m.Vary = append(m.Vary, text)
	}
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		m.Files = append(m.Files, ManifestFile{f.Name, len(f.Data), hex.EncodeToString(sum[:])})
	}
	return m
}
