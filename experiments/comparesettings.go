package experiments

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// SettingChange is a setting that two scenarios have otherwise; "" where one has none.
type SettingChange struct{ Path, First, Second string }

// compareSettings returns what differs in the scenarios, the overrides, the seeds and the version, in the order of the
// paths.
func compareSettings(first, second *Results) ([]SettingChange, error) {
	var changes []SettingChange
	add := func(path, a, b string) {
		if a != b {
			changes = append(changes, SettingChange{path, a, b})
		}
	}
	add("version of lightcone", first.Version, second.Version)
	add("scenario", first.Scenario, second.Scenario)
	a, err := first.settings()
	if err != nil {
		return nil, err
	}
	b, err := second.settings()
	if err != nil {
		return nil, err
	}
	var paths []string
	for p := range a {
		paths = append(paths, p)
	}
	for p := range b {
		if _, ok := a[p]; !ok {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	for _, p := range paths {
		add(p, a[p], b[p])
	}
	if a["seeds"] == b["seeds"] { // else it is said
		add("seeds", first.Seeds, second.Seeds)
	}
	return changes, nil
}

// settings returns the scenario's values by path, with the overrides.
func (r *Results) settings() (map[string]string, error) {
	values := map[string]string{}
	var tree yaml.MapSlice
	if err := yaml.Unmarshal([]byte(r.Source), &tree); err != nil {
		return nil, fmt.Errorf("experiments: the scenario in %s is no YAML: %w", r.Dir, err)
	}
	flatten(values, "", tree)
	for _, set := range r.Set {
		path, text, _ := strings.Cut(set, "=")
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value = text
		}
		for p := range values {
			if p == path || strings.HasPrefix(p, path+".") || strings.HasPrefix(p, path+"[") {
				delete(values, p)
			}
		}
		flatten(values, path, value)
	}
	return values, nil
}

// flatten puts the scalars below a value into a map by path. A list of scalars is one value.
func flatten(values map[string]string, path string, v any) {
	switch v := v.(type) {
	case yaml.MapSlice:
		for _, item := range v {
			flatten(values, join(path, fmt.Sprint(item.Key)), item.Value)
		}
	case map[string]any:
		for key, value := range v {
			flatten(values, join(path, key), value)
		}
	case []any:
		if text, ok := scalars(v); ok {
			values[path] = text
			return
		}
		for i, value := range v {
			flatten(values, fmt.Sprintf("%s[%d]", path, i), value)
		}
	case nil:
		values[path] = "null"
	default:
		values[path] = fmt.Sprint(v)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// scalars writes a list that holds nothing but scalars.
func scalars(list []any) (string, bool) {
	var parts []string
	for _, v := range list {
		switch v.(type) {
		case []any, map[string]any, yaml.MapSlice:
			return "", false
		}
		parts = append(parts, fmt.Sprint(v))
	}
	return "[" + strings.Join(parts, ", ") + "]", true
}
