package check

// Check is a named check of histories.
type Check struct {
	Name  string
	About string // in one line
	Run   func(History, Options) Report
}

// All returns the checks, the strongest first.
func All() []Check {
	return []Check{
		{"linearizable", "each operation took effect at one moment while it was under way (Herlihy & Wing 1990)", Linearizable},
	}
}

// Find returns the check of a name.
func Find(name string) (Check, bool) {
	for _, c := range All() {
		if c.Name == name {
			return c, true
		}
	}
	return Check{}, false
}
