package experiments

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Open returns a scenario by the name of a built-in study, which comes with it, or by the path of a file, which has
// none.
func Open(arg string, sets ...string) (*Scenario, Study, error) {
	for _, study := range Studies() {
		if study.Name() == arg {
			s, err := read(filesOf(study), arg+".yaml", study.Scenario(), sets)
			return s, study, err
		}
	}
	data, err := ReadFile(arg, MaxSize)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("experiments: scenario is %q, want a file or a built-in name: %s", shorten(arg, 80), oneOf(arg, studyNames()))
	}
	if err != nil {
		return nil, nil, err
	}
	s, err := ReadIn(os.DirFS(filepath.Dir(arg)), arg, data, sets...)
	return s, nil, err
}

// filesOf are the files that a study's scenario reads.
func filesOf(s Study) *attachments {
	if a, ok := s.(Attached); ok {
		return &attachments{dir: a.Files()}
	}
	return &attachments{}
}

func studyNames() []string {
	var names []string
	for _, s := range Studies() {
		names = append(names, s.Name())
	}
	return names
}

// ReadFile reads a file of at most so many bytes. A larger one is an error before more of it is read.
func ReadFile(name string, most int64) ([]byte, error) {
	if strings.ContainsRune(name, 0) {
		return nil, fmt.Errorf("experiments: file name is %q, want one without zero bytes", shorten(name, 80))
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("experiments: %s is a directory, want a file", name)
	case info.Size() > most:
		return nil, Problems{{File: name, Got: fmt.Sprintf("a file of %d bytes", info.Size()), Want: fmt.Sprintf("at most %d", most)}}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}
